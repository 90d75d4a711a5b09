"""What changed between what the registry holds and what is here, and between two versions of the registry."""

from __future__ import annotations

import json

import pytest
from tests.app.holding import CONFIG, Holding, connecting, refers
from tests.app.scene import OPTIONAL, record

from schemagate.app.diff import DiffRequest, diff
from schemagate.errors import UsageError
from schemagate.finding import Direction
from schemagate.wire.values import Payload

NAMED = CONFIG + '[[subjects]]\nmatch = "user.avsc"\nname = "user-value"\n'
USER = record("User", id="string")
WIDER = record("User", id="string", nick=OPTIONAL)


def stored(text):
    return json.dumps(json.loads(text), separators=(",", ":"))


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    holding = Holding().put("user-value", stored(USER), stored(WIDER))
    monkeypatch.setattr("schemagate.adapters.registry.connect", connecting(holding))
    return holding


@pytest.fixture
def user(repo):
    return repo.write("schemagate.toml", NAMED).write("user.avsc", USER).commit("1")


def told(repo, old, new="", **options):
    """Each pair as ``old label -> new label: what was edited``."""
    difference = diff(DiffRequest(str(repo.path), old, new, **options))
    return [
        f"{one.old.label if one.old else ''} -> {one.new.label if one.new else ''}: "
        + ", ".join(f"{edit.what} {edit.path or edit.old_path}" for edit in one.edits)
        for one in difference.comparisons
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("user-value:1", "user-value:2", "user-value:1 -> user-value:2: added $.nick"),
        ("user-value:1", "user-value", "user-value:1 -> user-value:2: added $.nick"),
        ("user-value:2", "user-value:1", "user-value:2 -> user-value:1: removed $.nick"),
        ("user-value:latest", "user.avsc", "user-value:2 -> user.avsc: removed $.nick"),
        ("user.avsc", "user-value:-1", "user.avsc -> user-value:2: added $.nick"),
        ("user-value", "", "user-value:2 -> user.avsc: removed $.nick"),
        ("main:user.avsc", "user-value", "main:user.avsc -> user-value:2: added $.nick"),
        ("user-value", "main", "user-value:2 -> main:user.avsc: removed $.nick"),
    ],
)
def test_a_side_can_come_from_the_registry(user, old, new, expected):
    assert told(user, old, new) == [expected]


def test_no_repository_is_needed(tmp_path):
    place = tmp_path / "plain"
    place.mkdir()
    (place / "schemagate.toml").write_text(NAMED)

    difference = diff(DiffRequest(str(place), "user-value:1", "user-value:2"))

    assert difference.comparisons[0].reads == {Direction.BACKWARD: True, Direction.FORWARD: True}
    assert difference.comparisons[0].subject == "user-value"


def test_the_types_that_a_version_refers_to_come_with_it(user, registry):
    registry.put("zip", stored(record("Zip", code="string"))).put(
        "address", refers(stored(record("Address", zip="com.example.Zip")), ("com.example.Zip", "zip", 1))
    )
    home = refers(stored(record("Home", at="com.example.Address")), ("com.example.Address", "address", 1))
    registry.put("home", home, record("Home", at="com.example.Address", nick=OPTIONAL))
    registry.put("home", home, refers(record("Home", at="com.example.Address", n=OPTIONAL), *_same(home)))

    assert told(user, "home:1", "home:2") == ["home:1 -> home:2: added $.n"]


def _same(payload):
    return [(one.name, one.subject, one.version) for one in payload.references]


def test_a_subject_whose_name_holds_colons_is_found(user, registry):
    registry.put(":.ctx:user:7", stored(USER), stored(WIDER))

    assert told(user, ":.ctx:user:7", "user-value:2") == [":.ctx:user:7:2 -> user-value:2: "]


def test_a_git_ref_wins_over_a_subject_of_the_same_name(user, registry):
    registry.put("main", stored(WIDER))

    assert told(user, "main", "user.avsc") == ["main:user.avsc -> user.avsc: "]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("user-value:9", "user.avsc", "user-value:9 is neither a file nor a git ref nor a subject of registry prod"),
        ("other-value", "", "no schema here is called other-value, so there is nothing to compare it with"),
        ("json-value", "user.avsc", "json-value is a JSON schema"),
    ],
)
def test_what_is_not_there_is_said(user, registry, old, new, message):
    registry.put("other-value", stored(USER)).put("json-value", Payload("{}", schema_type="JSON"))

    with pytest.raises(UsageError) as error:
        told(user, old, new)

    assert error.value.message == message


def test_offline_asks_no_registry(user, registry):
    with pytest.raises(UsageError) as error:
        told(user, "user-value:1", "user.avsc", offline=True)

    assert (error.value.message, registry.asked) == ("user-value:1 is neither a file nor a git ref", [])
