"""Where a registry and the repository have drifted apart."""

from __future__ import annotations

import datetime as dt
import json

import jsonschema
import pytest
from tests.app.holding import CONFIG, Holding, connecting
from tests.app.scene import OPTIONAL, record

from schemagate.app.drift import drift
from schemagate.app.request import CheckRequest
from schemagate.errors import RegistryError, UsageError
from schemagate.report.drift import render
from schemagate.report.drift_json import dump, json_schema
from schemagate.wire.values import Payload

NAMED = CONFIG + '[[subjects]]\nmatch = "*.avsc"\nname = "{stem}-value"\n'
USER = record("User", id="string")
WIDER = record("User", id="string", nick=OPTIONAL)
WIDEST = record("User", id="string", nick=OPTIONAL, mail=OPTIONAL)
PAST = ", the latest, was registered past the repository: git never published it"


def stored(text):
    return json.dumps(json.loads(text), separators=(",", ":"))


@pytest.fixture
def registry(monkeypatch):
    holding = Holding()
    monkeypatch.setattr("schemagate.adapters.registry.connect", connecting(holding))
    return holding


@pytest.fixture
def user(repo):
    return repo.write("schemagate.toml", NAMED).write("user.avsc", USER).commit("1")


def drifted(repo, *prefixes, **options):
    request = CheckRequest(directory=str(repo.path), today=dt.date(2026, 12, 1), env={}, **options)
    return drift(request, prefixes)


def told(repo, *prefixes, **options):
    found = drifted(repo, *prefixes, **options)
    rows = [
        f"{one.subject} {d.kind}{'' if d.counts else ' (only told)'}: {d.text}"
        for one in found.strayed
        for d in one.found
    ]
    return rows + [f"{one.subject} unmanaged{'' if one.mine else ' (only told)'}" for one in found.unmanaged]


def test_what_both_have_has_not_drifted(user, registry):
    registry.put("user-value", stored(USER))

    found = drifted(user)

    assert (found.strayed, found.unmanaged, found.exit_code) == ((), (), 0)
    assert registry.asked == ["states user-value", "subjects", "closed"]


@pytest.mark.parametrize(
    ("versions", "options", "expected"),
    [
        ([], {}, ["user-value unpublished: the registry has no such subject"]),
        ([WIDER], {}, [
            "user-value unpublished: the schema here is none of its 1 version",
            f"user-value edited by hand: version 1{PAST}",
        ]),
        ([USER, WIDER, WIDEST], {}, [
            "user-value not latest: the schema here is version 1, and version 3 is the latest",
            f"user-value edited by hand: version 3{PAST}",
            "user-value only there: version 2: git never published what they hold",
        ]),
        ([WIDER, USER], {}, ["user-value earlier (only told): version 1: from before the repository took over"]),
        ([USER], {"level": "BACKWARD", "source": "global"}, [
            "user-value weaker mode: BACKWARD (set for the whole registry), configured is FULL_TRANSITIVE"
        ]),
        ([USER], {"mode": "READONLY"}, [
            "user-value read-only (only told): its mode is READONLY: nothing can be registered"
        ]),
        ([USER], {"deleted": [1]}, ["user-value soft-deleted: version 1: deleted softly, and the file is still here"]),
        ([USER, Payload("{}", schema_type="JSON")], {}, [
            "user-value not latest: the schema here is version 1, and version 2 is the latest",
            "user-value other type: version 2 is JSON, not Avro",
        ]),
    ],
)  # fmt: skip
def test_each_way_of_drifting_is_told(user, registry, versions, options, expected):
    texts = [one if isinstance(one, Payload) else stored(one) for one in versions]
    registry.put("user-value", *texts, **options)

    assert told(user) == expected


def test_what_was_edited_by_hand_is_shown(user, registry):
    registry.put("user-value", stored(USER), stored(WIDER))

    found = drifted(user)

    assert [(e.what, e.path) for e in found.strayed[0].found[1].edits] == [("added", "$.nick")]


def test_unmanaged_subjects_count_where_a_prefix_says_that_they_belong_here(user, registry):
    registry.put("user-value", stored(USER)).put("orders-value", stored(USER)).put("other-value", stored(USER))

    assert (told(user), drifted(user).exit_code) == (
        ["orders-value unmanaged (only told)", "other-value unmanaged (only told)"],
        0,
    )
    assert (told(user, "orders-"), drifted(user, "orders-").exit_code) == (
        ["orders-value unmanaged", "other-value unmanaged (only told)"],
        1,
    )
    assert told(user, "") == ["orders-value unmanaged", "other-value unmanaged"]


def test_a_registry_that_cannot_be_reached_is_no_answer(user, registry):
    registry.down = True

    with pytest.raises(RegistryError):
        drifted(user)


def test_without_a_registry_there_is_nothing_to_compare_with(repo):
    repo.write("user.avsc", USER).commit("1")

    with pytest.raises(UsageError) as error:
        drifted(repo)

    assert error.value.message == "no registry is configured, so there is nothing to compare with"


def test_people_read_it_subject_by_subject(user, registry):
    registry.put("user-value", stored(USER), stored(WIDER), level="NONE").put("orders-value", stored(USER))

    text = render(drifted(user, "orders"), colour=False, width=80)

    assert text.splitlines() == [
        "user-value  user.avsc",
        "  not latest        the schema here is version 1, and version 2 is the latest",
        "  edited by hand    version 2, the latest, was registered past the repository:",
        "                    git never published it",
        "                    $.nick",
        "                      added      union of null and string, default null",
        "  weaker mode       NONE (set for the subject), configured is FULL_TRANSITIVE",
        "",
        "orders-value  unmanaged  in the registry, and no file here defines it",
        "",
        "drifted: 4 differences between registry prod (https://registry.example.com) and",
        "         the work tree with main's history; 1 subject",
    ]


def test_programs_read_the_same(user, registry):
    registry.put("user-value", stored(USER), stored(WIDER))

    view = json.loads(dump(drifted(user)))

    jsonschema.validate(view, json_schema())
    assert view["exit_code"] == 1
    assert view["strayed"][0]["found"][0] == {
        "kind": "not latest",
        "counts": True,
        "message": "the schema here is version 1, and version 2 is the latest",
        "versions": [1, 2],
        "edits": [],
    }
    assert view["registry"] == {"name": "prod", "url": "https://registry.example.com"}
