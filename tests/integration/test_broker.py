"""Apache Kafka in the middle: old producer and new consumer, and the reverse, for every kind of change the gate allows.

And the accident: the gate stops it; let past the gate, it crashes the consumer of the team that was not asked.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from tests.integration.chosen import need
from tests.integration.programs import CLIENTS
from tests.integration.publishing import Publisher, Ran
from tests.integration.schemas import ID, RENAMED, USER, USER_ID, WIDER, field, record, text
from tests.integration.servers import SERVERS, embedded, kafka

STATE = {"type": "enum", "name": "State", "symbols": ["UNKNOWN", "NEW"], "default": "UNKNOWN"}
MORE_STATES = {**STATE, "symbols": ["UNKNOWN", "NEW", "SENT"]}
NAME = record("Name", field("first", "string"))
LONGER_NAME = record("Name", field("first", "string"), field("last", "string", default=""))


class Change(NamedTuple):
    """An allowed change: ``wrote_old`` is read by ``new`` as ``reads_new``, ``wrote_new`` by ``old`` as ``reads_old``.

    A direction that the mode does not promise is None.
    """

    old: dict
    new: dict
    wrote_old: dict
    reads_new: dict | None
    wrote_new: dict
    reads_old: dict | None
    mode: str = "FULL_TRANSITIVE"


A = {"id": "a", "user_id": "ada"}

CHANGES = {
    "optional field added": Change(USER, WIDER, A, {**A, "age": None}, {**A, "age": 36}, A),
    "optional field removed": Change(WIDER, USER, {**A, "age": 36}, A, A, {**A, "age": None}),
    "field with a default added": Change(
        record("User", ID),
        record("User", ID, field("logins", "int", default=0), field("plan", "string", default="free")),
        {"id": "a"},
        {"id": "a", "logins": 0, "plan": "free"},
        {"id": "a", "logins": 3, "plan": "paid"},
        {"id": "a"},
    ),
    "field with a default removed": Change(
        record("User", ID, field("logins", "int", default=0)),
        record("User", ID),
        {"id": "a", "logins": 3},
        {"id": "a"},
        {"id": "b"},
        {"id": "b", "logins": 0},
    ),
    "fields reordered": Change(USER, record("User", USER_ID, ID), A, A, A, A),
    "doc and properties changed": Change(USER, {**USER, "doc": "Who signs in.", "owner": "accounts"}, A, A, A, A),
    "enum symbol added, with a default": Change(
        record("Event", ID, field("state", STATE)),
        record("Event", ID, field("state", MORE_STATES)),
        {"id": "a", "state": "NEW"},
        {"id": "a", "state": "NEW"},
        {"id": "b", "state": "SENT"},
        {"id": "b", "state": "UNKNOWN"},
    ),
    "field with a default added to a nested record": Change(
        record("User", ID, field("name", NAME)),
        record("User", ID, field("name", LONGER_NAME)),
        {"id": "a", "name": {"first": "Ada"}},
        {"id": "a", "name": {"first": "Ada", "last": ""}},
        {"id": "b", "name": {"first": "Grace", "last": "Hopper"}},
        {"id": "b", "name": {"first": "Grace"}},
    ),
    "map and array added, with defaults": Change(
        record("User", ID),
        record(
            "User",
            ID,
            field("tags", {"type": "array", "items": "string"}, default=[]),
            field("counts", {"type": "map", "values": "long"}, default={}),
        ),
        {"id": "a"},
        {"id": "a", "tags": [], "counts": {}},
        {"id": "b", "tags": ["x"], "counts": {"y": 1}},
        {"id": "b"},
    ),
    "alias added to a field": Change(USER, record("User", ID, field("user_id", "string", aliases=["uid"])), A, A, A, A),
    "field renamed with an alias, consumers first": Change(
        USER,
        record("User", ID, field("login", "string", aliases=["user_id"])),
        A,
        {"id": "a", "login": "ada"},
        {"id": "b", "login": "grace"},
        None,
        "BACKWARD_TRANSITIVE",
    ),
    "number promoted, consumers first": Change(
        record("Count", field("n", "int"), field("x", "float")),
        record("Count", field("n", "long"), field("x", "double")),
        {"n": 7, "x": 0.5},
        {"n": 7, "x": 0.5},
        {"n": 1 << 40, "x": 0.25},
        None,
        "BACKWARD_TRANSITIVE",
    ),
    "union branch added, consumers first": Change(
        record("Note", field("body", ["null", "string"], default=None)),
        record("Note", field("body", ["null", "string", "long"], default=None)),
        {"body": "x"},
        {"body": "x"},
        {"body": 9},
        None,
        "BACKWARD_TRANSITIVE",
    ),
    "required field removed, consumers first": Change(
        USER, record("User", ID), A, {"id": "a"}, {"id": "b"}, None, "BACKWARD_TRANSITIVE"
    ),
    "required field added, producers first": Change(
        record("User", ID), USER, {"id": "a"}, None, A, {"id": "a"}, "FORWARD_TRANSITIVE"
    ),
    "number narrowed, producers first": Change(
        record("Count", field("n", "long")),
        record("Count", field("n", "int")),
        {"n": 1},
        None,
        {"n": 2},
        {"n": 2},
        "FORWARD_TRANSITIVE",
    ),
}


@pytest.fixture(scope="session")
def broker(tmp_path_factory) -> Iterator[str]:
    need("kafka", "python")
    with kafka(tmp_path_factory.mktemp("kafka")) as address:
        yield address


def through(broker: str, served, topic: str, *steps: dict) -> list[dict]:
    """The results of the steps, each by a producer or a consumer of its own."""
    command = [*CLIENTS["confluent-kafka"].command()[:-1], str(_PROGRAM)]
    task = {"url": served.url, "broker": broker, "topic": topic, "steps": steps}
    ran = subprocess.run(command, input=json.dumps(task), capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


_PROGRAM = CLIENTS["confluent-kafka"].command()[-1].replace("serde.py", "broker.py")


def produce(schema: dict, *values: dict) -> dict:
    return {"do": "produce", "schema": text(schema), "values": values}


def consume(reader: dict, count: int) -> dict:
    return {"do": "consume", "reader": text(reader), "count": count}


def topic_of(name: str) -> str:
    return name.replace(",", "").replace(" ", "-")


def evolve(publisher: Publisher, topic: str, change: Change) -> None:
    """The old schema is registered; the new one passes the gate in a pull request, is merged, and registered."""
    publisher.write(topic, change.old).register("First version")
    publisher.repo.branch("proposal")
    publisher.write(topic, change.new).commit("Second version")
    checked = publisher.run("check")
    assert checked.code == 0, checked.out + checked.err
    publisher.repo.checkout("main").merge("proposal")
    publisher.register()


def tell(broker: str, served, topic: str, change: Change) -> tuple[list[dict], list[dict]]:
    """What the consumers get, and what the mode promises that they get.

    A producer and a consumer that know both versions work beside those that know one of them.
    """
    steps = [produce(change.old, change.wrote_old), produce(change.new, change.wrote_new)]
    promised = []
    if change.reads_new is not None:
        steps.append(consume(change.new, 2))
        promised.append({"values": [change.reads_new, change.wrote_new]})
    if change.reads_old is not None:
        steps.append(consume(change.old, 2))
        promised.append({"values": [change.wrote_old, change.reads_old]})
    results = through(broker, served, topic, *steps)
    assert results[:2] == [{"unsent": 0}, {"unsent": 0}]
    return results[2:], promised


@pytest.mark.parametrize("name", CHANGES)
def test_an_allowed_change_is_read_by_everybody_that_its_mode_promises(tmp_path, broker, name):
    change, topic = CHANGES[name], topic_of(name)
    with embedded(tmp_path, level=change.mode) as served:
        evolve(Publisher(tmp_path / "repo", served, mode=change.mode), topic, change)
        assert served.versions(f"{topic}-value") == [1, 2]

        got, promised = tell(broker, served, topic, change)

    assert got == promised


@pytest.mark.parametrize("key", [key for key in SERVERS if key != "embedded"])
def test_a_real_registry_and_a_real_broker_tell_the_same_story(running, tmp_path, broker, key):
    need(*SERVERS[key].needs)
    served, topic = running[key], f"users-{key}"
    served.wipe()
    change = CHANGES["optional field added"]

    evolve(Publisher(tmp_path / "repo", served), topic, change)
    got, promised = tell(broker, served, topic, change)

    assert served.versions(f"{topic}-value") == [1, 2]
    assert got == promised


def errors(ran: Ran) -> list[str]:
    return [finding["rule"] for finding in ran.json["findings"] if finding["severity"] == "error"]


def test_the_gate_stops_the_rename_and_past_the_gate_it_crashes_both_sides(tmp_path, broker):
    renamed = {"id": "b", "uuid": "grace"}
    with embedded(tmp_path) as served:
        publisher = Publisher(tmp_path / "repo", served).write("users", USER).register()
        publisher.repo.branch("proposal")
        publisher.write("users", RENAMED).commit("Tidy up names")

        checked = publisher.run("check", "--format", "json")
        assert checked.code == 1
        assert errors(checked) == ["field-renamed"]

        publisher.repo.checkout("main").merge("proposal")
        assert publisher.run("register").code == 1
        assert served.versions("users-value") == [1]

        # Somebody with rights to the registry lowers the mode and registers by hand.
        assert served.call("PUT", "/config/users-value", {"compatibility": "NONE"}).status == 200
        served.text("users-value", RENAMED)
        *sent, old_team, new_team = through(
            broker, served, "users", produce(USER, A), produce(RENAMED, renamed), consume(USER, 2), consume(RENAMED, 2)
        )

    assert sent == [{"unsent": 0}, {"unsent": 0}]
    assert old_team == {"values": [A], "error": "SchemaResolutionError", "message": OLD_CRASH, "offset": 1}
    assert new_team == {"values": [], "error": "SchemaResolutionError", "message": NEW_CRASH, "offset": 0}


OLD_CRASH = "No default value for field user_id in com.example.User"
NEW_CRASH = "No default value for field uuid in com.example.User"
