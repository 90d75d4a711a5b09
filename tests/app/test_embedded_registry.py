"""The gate, drift and pull against a registry that answers over HTTP: what is told is what it really says."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from tests.app.scene import OPTIONAL, ledger, record, run, told, wordy
from tests.devregistry.running import running

from schemagate.app.diff import DiffRequest, diff
from schemagate.app.drift import drift
from schemagate.app.pull import PullRequest, pull
from schemagate.app.request import CheckRequest

NAMED = '[[subjects]]\nmatch = "user.avsc"\nname = "user-value"\n'
USER = record("User", id="string")
WIDER = record("User", id="string", nick=OPTIONAL)
BROKEN = record("User", id="string", age="int")
QUIET = '[rules]\nlookup-would-fail = "off"\n'


@pytest.fixture
def registry():
    with running() as client:
        yield client


@pytest.fixture
def place(repo, registry):
    """A repository whose configuration names the registry."""
    config = f'cache = false\n\n[registry.dev]\nurl = "{registry.url}"\n\n{QUIET}\n'
    return repo.write("schemagate.toml", config).commit("0")


@pytest.fixture
def user(place):
    """A published subject, and a branch to change it on."""
    text = (place.path / "schemagate.toml").read_text() + NAMED
    return place.write("schemagate.toml", text).write("user.avsc", USER).commit("1").branch("change")


def drifted(repo):
    found = drift(CheckRequest(directory=str(repo.path), today=dt.date(2026, 12, 1), env={}))
    return [f"{one.subject} {d.kind}" for one in found.strayed for d in one.found if d.counts]


def test_both_judges_agree_on_a_break(user, registry):
    registry.register("user-value", USER)

    report = run(user.write("user.avsc", BROKEN))

    assert told(report) == ["error field-added-without-default user-value $.age user.avsc:7:5 v1<"]
    assert report.notes[1] == (
        f"registry dev ({registry.url}) holds 1 subject with 1 version; of 1 proposed schema it refuses user-value"
    )


def test_both_judges_agree_on_a_change_that_breaks_nothing(user, registry):
    registry.register("user-value", USER)

    assert told(run(user.write("user.avsc", WIDER))) == []


def test_a_break_of_an_older_version_only_is_found_by_both(user, registry):
    """A registry's check of the latest version alone would miss it."""
    registry.register("user-value", USER)
    registry.register("user-value", WIDER)
    typed = record("User", id="string", nick=OPTIONAL, age={"type": "int", "default": 0})
    registry.register("user-value", typed)
    registry.register("user-value", WIDER.replace("nick", "name"))

    report = run(user.write("user.avsc", record("User", id="string", age={"type": "string", "default": ""})))

    assert [line for line in told(report) if line.startswith("error")] == [
        "error field-type-changed user-value $.age user.avsc:7:29 registry 3< registry 3>"
    ]
    assert report.notes[1].endswith("it refuses user-value")


def test_a_waived_break_is_blocked_as_the_registry_refuses_it(user, registry):
    registry.register("user-value", USER)
    waiver = (
        '[[waivers]]\nrule = "field-added-without-default"\nsubject = "user-value"\npath = "$.age"\nreason = "ok"\n'
    )
    text = (user.path / "schemagate.toml").read_text()
    user.checkout("main").write("schemagate.toml", text + waiver).commit("2").branch("next")

    report = run(user.write("user.avsc", BROKEN))

    assert told(report) == ["error registry-refuses user-value user.avsc:3:11"]
    assert any("READER_FIELD_MISSING_DEFAULT_VALUE" in related.message for related in report.findings[0].related)


def test_the_mode_in_force_and_who_set_it(user, registry):
    registry.register("user-value", USER)
    registry.set_level("", "BACKWARD")

    told_of = "the registry guards user-value with BACKWARD (set for the whole registry)"
    assert wordy(run(user, everything=True)) == [f"{told_of}, below the configured FULL_TRANSITIVE"]


def test_softly_deleted_versions(user, registry):
    registry.register("user-value", USER)
    registry.register("user-value", record("User", id="string", age={"type": "int", "default": 0}))
    registry.ask("DELETE", "/subjects/user-value/versions/2")
    user.write("user.avsc", record("User", id="string", age={"type": "string", "default": ""}))

    assert told(run(user)) == ["error field-type-changed user-value $.age user.avsc:7:29 registry 2< registry 2>"]
    assert told(run(user, ignore_deleted=True)) == []


def test_a_subject_that_is_gone(user, registry):
    registry.register("user-value", USER)
    registry.ask("DELETE", "/subjects/user-value")

    assert told(run(user, everything=True)) == ["warning subject-soft-deleted user-value user.avsc:3:11"]


def test_a_read_only_registry(user, registry):
    registry.register("user-value", USER)
    registry.ask("PUT", "/mode", {"mode": "READONLY"})

    assert told(run(user.write("user.avsc", WIDER))) == ["warning registry-read-only user-value user.avsc:3:11"]


def test_what_java_sends_is_not_found(user, registry):
    registry.register("user-value", USER)
    text = (user.path / "schemagate.toml").read_text().replace(QUIET, "")
    user.write("schemagate.toml", text)

    assert told(run(user, everything=True))[-1:] == ["notice lookup-would-fail"]


def test_a_key_that_is_a_bare_string_works_like_any_other(place, registry):
    config = (place.path / "schemagate.toml").read_text() + '[[subjects]]\nmatch = "key.avsc"\nname = "user-key"\n'
    registry.register("user-key", '"string"')
    place.write("schemagate.toml", config).write("key.avsc", '"string"\n').commit("1")

    assert told(run(place, everything=True)) == []
    assert told(run(place.write("key.avsc", '"int"\n'))) == ["error field-type-changed user-key $ key.avsc:1:1 v1< v1>"]


@pytest.mark.parametrize("every", [False, True])
def test_what_is_pulled_is_clean(place, registry, every):
    registry.register("address", record("Address", zip="string"))
    reference = {"name": "com.example.Address", "subject": "address", "version": 1}
    home = record("Home", at="com.example.Address")
    registry.register("home-value", home, references=[reference])
    registry.register("home-value", record("Home", at="com.example.Address", n=OPTIONAL), references=[reference])
    registry.register("user-key", '"string"')
    registry.set_level("back-value", "BACKWARD")
    registry.register("back-value", record("Back", a="int", b="int"))
    registry.register("back-value", record("Back", a="int"))

    done = pull(PullRequest(str(place.path), {}, all_versions=every))
    before = {path: path.read_bytes() for path in place.path.rglob("*.*") if path.is_file()}
    again = pull(PullRequest(str(place.path), {}, all_versions=every))

    assert {one.result for one in done.files} == {"written"}
    assert {one.result for one in again.files} == {"unchanged"}
    assert {path: path.read_bytes() for path in place.path.rglob("*.*") if path.is_file()} == before
    # The configuration lowers a mode to what the registry has, which whoever reviews it should see.
    assert told(run(place, everything=True)) == ["notice gate-weakened subjects.mode schemagate.toml:10:1"]
    assert told(run(place.commit("pulled"), everything=True)) == []
    assert drifted(place) == []


def test_version_files_whose_references_moved_on_are_no_proposals(place, registry):
    """The files hold the newest of each type; what v1 referred to is only in the registry."""
    registry.set_level("home", "BACKWARD")
    registry.set_level("address", "BACKWARD")
    for number, address in enumerate((record("Address", a="int", b="int"), record("Address", a="int")), 1):
        registry.register("address", address)
        reference = {"name": "com.example.Address", "subject": "address", "version": number}
        extra = {"n": OPTIONAL} if number == 2 else {}
        registry.register("home", record("Home", at="com.example.Address", **extra), references=[reference])

    pull(PullRequest(str(place.path), {}, all_versions=True))
    report = run(place.commit("pulled"), everything=True)

    assert told(report) == []
    assert ledger(report) == [
        "address schemas/address_v2.avsc unchanged: v2",
        "home schemas/home_v2.avsc unchanged: v2",
    ]


def test_what_was_registered_by_hand_drifts(user, registry):
    registry.register("user-value", USER)
    registry.register("user-value", WIDER)

    assert drifted(user) == ["user-value not latest", "user-value edited by hand"]
    assert told(run(user, everything=True)) == [
        "warning latest-differs user-value user.avsc:3:11",
        "warning registry-version-not-in-git user-value user.avsc:3:11",
    ]


def test_a_difference_between_a_version_and_a_file(user, registry):
    registry.register("user-value", WIDER)

    difference = diff(DiffRequest(str(user.path), "user-value:1", "user.avsc"))

    assert [(edit.what, edit.old_path) for edit in difference.comparisons[0].edits] == [("removed", "$.nick")]


def test_a_registry_that_is_gone_is_undecided_and_its_secrets_stay_untold(place):
    with running() as gone:
        pass
    config = f'cache = false\n[registry.dev]\nurl = "{gone.url}"\nauth = "basic"\ntimeout = 1\n'
    place.write("schemagate.toml", config + NAMED).write("user.avsc", USER).commit("1")
    env = {"SCHEMAGATE_REGISTRY_DEV_USERNAME": "canary-name", "SCHEMAGATE_REGISTRY_DEV_PASSWORD": "canary-word"}

    report = run(place.write("user.avsc", BROKEN), env)

    assert (told(report), report.exit_code) == (
        ["error field-added-without-default user-value $.age user.avsc:7:5 v1<"],
        3,
    )
    assert ledger(report) == ["user-value user.avsc changed: v1"]
    assert "cannot be reached" in report.undecided[0]
    assert "canary" not in json.dumps([report.undecided, report.notes, wordy(report)])
