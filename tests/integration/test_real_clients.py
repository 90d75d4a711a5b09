"""Real clients, automatic registration off, produce and consume what `schemagate register` registered."""

from __future__ import annotations

from itertools import product

import pytest
from tests.integration.programs import CLIENTS, client
from tests.integration.publishing import Publisher
from tests.integration.schemas import ADDRESS, AGE, ID, ORDER, RENAMED, USER, USER_ID, WIDER, field, record, text
from tests.integration.servers import embedded

VALUE = {"id": "7", "user_id": "ada"}


def latest_id(served, subject: str) -> int:
    return served.call("GET", f"/subjects/{subject}/versions/latest").body["id"]


@pytest.fixture(autouse=True)
def _clients_are_there(request):
    """Before anything is started: the clients that the test names, else confluent-kafka."""
    callspec = getattr(request.node, "callspec", None)
    named = {value for value in callspec.params.values() if value in CLIENTS} if callspec else set()
    for key in sorted(named or {"confluent-kafka"}):
        client(key)


@pytest.fixture
def users(tmp_path, registry):
    """A registry in which the subject ``users-value`` has one version."""
    Publisher(tmp_path / "repo", registry).write("users", USER).register()
    return registry


@pytest.mark.parametrize(("writes", "reads"), list(product(CLIENTS, CLIENTS)))
def test_every_client_reads_what_every_client_writes(users, writes, reads):
    writer, reader = client(writes), client(reads)

    frame = writer(do="write", url=users.url, topic="users", schema=text(USER), value=VALUE)["frame"]

    assert frame[:10] == f"00{latest_id(users, 'users-value'):08x}"
    assert reader(do="read", url=users.url, topic="users", frame=frame) == {"value": VALUE}
    assert users.versions("users-value") == [1]


@pytest.mark.parametrize(
    ("name", "how"),
    [
        *(("confluent-kafka", how) for how in ("lookup", "latest", "associated")),
        *(("java", how) for how in ("lookup", "latest", "normalize")),
    ],
)
def test_a_client_finds_the_schema_in_each_of_its_ways(users, name, how):
    program = client(name)

    frame = program(do="write", how=how, url=users.url, topic="users", schema=text(USER), value=VALUE)["frame"]

    assert frame[:10] == f"00{latest_id(users, 'users-value'):08x}"
    assert program(do="read", how=how, url=users.url, topic="users", frame=frame) == {"value": VALUE}


def test_java_is_refused_a_schema_that_nobody_registered(users):
    refused = client("java")(
        do="write", url=users.url, topic="users", schema=text(RENAMED), value={"id": "7", "uuid": "ada"}
    )

    assert refused == {"error": "SerializationException", "status": 404, "code": 40403}
    assert users.versions("users-value") == [1]


def test_a_schema_that_nobody_registered_is_refused_and_stays_unregistered(users):
    refused = client("confluent-kafka")(
        do="write", url=users.url, topic="users", schema=text(WIDER), value={**VALUE, "age": 36}
    )

    assert refused == {"error": "SchemaRegistryError", "status": 404, "code": 40403}
    assert users.versions("users-value") == [1]


@pytest.mark.parametrize("key", ["confluent-kafka", "kafkajs", "confluentinc"])
def test_a_schema_with_a_reference_to_a_shared_type_is_written_and_read(tmp_path, registry, key):
    program = client(key)
    Publisher(tmp_path / "repo", registry).write("shared/address", ADDRESS).write("orders", ORDER).register()
    references = [{"name": "com.example.Address", "subject": "com.example.Address", "version": 1}]
    value = {"id": "7", "to": {"city": "London"}}

    frame = program(
        do="write", url=registry.url, topic="orders", schema=text(ORDER), references=references, value=value
    )["frame"]

    assert frame[:10] == f"00{latest_id(registry, 'orders-value'):08x}"
    assert program(do="read", url=registry.url, topic="orders", frame=frame) == {"value": value}


def test_every_feature_of_a_record_survives_the_way_through_the_registry(tmp_path, registry):
    """Enums, maps, arrays, unions and recursion: what was registered decodes what was encoded."""
    program = client("confluent-kafka")
    schema = record(
        "Everything",
        ID,
        field("state", {"type": "enum", "name": "State", "symbols": ["UNKNOWN", "NEW"], "default": "UNKNOWN"}),
        field("tags", {"type": "array", "items": "string"}, default=[]),
        field("counts", {"type": "map", "values": ["null", "long"]}, default={}),
        field(
            "parent",
            ["null", record("Parent", field("deep", ["null", "com.example.Parent"], default=None))],
            default=None,
        ),
        doc="One of each.",
    )
    Publisher(tmp_path / "repo", registry).write("everything", schema).register()
    value = {
        "id": "é",
        "state": "NEW",
        "tags": ["a"],
        "counts": {"x": None, "y": 2},
        "parent": {"deep": {"deep": None}},
    }

    frame = program(do="write", url=registry.url, topic="everything", schema=text(schema), value=value)["frame"]

    assert program(do="read", url=registry.url, topic="everything", frame=frame) == {"value": value}


def test_a_client_that_cannot_be_told_not_to_register_is_stopped_by_a_read_only_credential(tmp_path):
    program = client("psrc")
    users = "gate:secret-of-the-gate:write,app:secret-of-the-app:read"
    reader = {"user": "app", "password": "secret-of-the-app"}
    pipeline = {
        "SCHEMAGATE_REGISTRY_IT_USERNAME": "gate",
        "SCHEMAGATE_REGISTRY_IT_PASSWORD": "secret-of-the-gate",
    }
    with embedded(tmp_path, env={"SCHEMAGATE_DEV_REGISTRY_USERS": users}) as served:
        Publisher(tmp_path / "repo", served, more='auth = "basic"\n', env=pipeline).write("users", USER).register()

        known = program(do="write", url=served.url, topic="users", schema=text(USER), value=VALUE, **reader)
        unknown = program(
            do="write", url=served.url, topic="users", schema=text(WIDER), value={**VALUE, "age": 36}, **reader
        )
        back = program(do="read", url=served.url, topic="users", frame=known["frame"], **reader)

    assert back == {"value": VALUE}
    assert unknown["error"] == "ClientError"
    assert unknown["status"] == 403


def test_the_same_client_registers_what_it_likes_where_it_may_write(tmp_path):
    """Why the credential matters."""
    program = client("psrc")
    with embedded(tmp_path) as served:
        program(
            do="write",
            url=served.url,
            topic="users",
            schema=text(record("User", ID, USER_ID, AGE)),
            value={**VALUE, "age": 1},
        )

        assert served.versions("users-value") == [1]
