"""The gate with a registry beside git: one lineage from both, the registry's own answer, what the two do not share."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from tests.app.holding import CONFIG, URL, Holding, connecting, refers
from tests.app.scene import OPTIONAL, ledger, record, run, told, wordy

from schemagate.app.atlas import AtlasRequest, atlas
from schemagate.app.diff import DiffRequest, diff
from schemagate.app.pull import PullRequest, pull
from schemagate.app.request import CheckRequest
from schemagate.errors import RegistryError, UsageError
from schemagate.wire.values import Payload, Verdict

NAMED = CONFIG + '[[subjects]]\nmatch = "user.avsc"\nname = "user-value"\n'
USER = record("User", id="string")
WIDER = record("User", id="string", nick=OPTIONAL)
BROKEN = record("User", id="string", age="int")
MAILED = record("User", id="string", mail={"type": "string", "default": ""})
NUMBERED = record("User", id="string", mail={"type": "int", "default": 0})


def stored(text: str) -> str:
    """As a registry writes a text back."""
    return json.dumps(json.loads(text), separators=(",", ":"))


@pytest.fixture
def registry(monkeypatch):
    holding = Holding()
    holding.lenient = True
    monkeypatch.setattr("schemagate.adapters.registry.connect", connecting(holding))
    return holding


@pytest.fixture
def user(repo):
    """A published subject, and a branch to change it on."""
    return repo.write("schemagate.toml", NAMED).write("user.avsc", USER).commit("1").branch("change")


def labels(report) -> list[str]:
    return [str(version) for compared in report.compared for version in compared.versions]


# One lineage from two pasts


def test_a_version_in_git_and_in_the_registry_is_one_version(user, registry):
    registry.put("user-value", stored(USER))
    sha = user.sha()[:7]

    report = run(user.write("user.avsc", WIDER))

    assert told(report) == []
    assert labels(report) == [f"v1 (main@{sha}, registry 1)"]
    assert report.notes[1:] == (
        f"registry prod ({URL}) holds 1 subject with 1 version; of 1 proposed schema it refuses none",
    )


def test_a_version_that_only_the_registry_has_is_judged_and_told(user, registry):
    registry.put("user-value", stored(USER), stored(MAILED))
    registry.answers["user-value"] = Verdict(compatible=False, messages=("TYPE_MISMATCH at /fields/1",))

    report = run(user.write("user.avsc", NUMBERED))

    assert told(report) == [
        "error field-type-changed user-value $.mail user.avsc:7:30 registry 2< registry 2>",
        "warning registry-version-not-in-git user-value user.avsc:3:11",
    ]
    assert labels(report)[1:] == ["registry 2"]


def test_a_text_in_other_words_is_the_same_version(repo, registry):
    address = {"type": "record", "name": "Address", "fields": [{"name": "zip", "type": "string"}]}
    here = {
        "type": "record",
        "name": "User",
        "namespace": "com.example",
        "fields": [{"name": "home", "type": address}, {"name": "work", "type": "com.example.Address"}],
    }
    there = {
        "fields": [
            {"type": {**address, "name": "com.example.Address"}, "name": "home"},
            {"name": "work", "type": "Address"},
        ],
        "name": "com.example.User",
        "type": "record",
    }
    registry.put("user-value", json.dumps(there))
    repo.write("schemagate.toml", NAMED).write("user.avsc", json.dumps(here)).commit("1")

    report = run(repo, everything=True)

    assert told(report) == []
    assert labels(report) == [f"v1 (main@{repo.sha()[:7]}, registry 1)"]


def test_a_new_doc_of_a_referenced_type_needs_no_new_version(repo, registry):
    """As the plan has it: only the text that is registered itself counts, and what its references mean."""
    address, home = record("Address", zip="string"), record("User", home="com.example.Address")
    config = NAMED + '[[subjects]]\nmatch = "address.avsc"\nname = "address"\n'
    repo.write("schemagate.toml", config).write("address.avsc", address).write("user.avsc", home).commit("1")
    registry.put("address", stored(address), stored(address.replace('"name"', '"doc": "!", "name"', 1)))
    registry.put("user-value", refers(stored(home), ("com.example.Address", "address", 1)))
    repo.write("address.avsc", address.replace('"name"', '"doc": "!", "name"', 1)).commit("2")

    report = run(repo, everything=True)

    assert [line for line in told(report) if "doc-only" not in line] == []
    assert "compatible user-value" not in registry.asked


def test_a_text_with_references_is_the_same_as_the_files_that_it_refers_to(repo, registry):
    address, home = record("Address", zip="string"), record("User", home="com.example.Address")
    config = NAMED + '[[subjects]]\nmatch = "address.avsc"\nname = "address"\n'
    repo.write("schemagate.toml", config).write("address.avsc", address).write("user.avsc", home).commit("1")
    registry.put("address", stored(address))
    registry.put("user-value", refers(stored(home), ("com.example.Address", "address", 1)))

    report = run(repo, everything=True)

    assert told(report) == []
    assert ledger(report) == ["address address.avsc unchanged: v1", "user-value user.avsc unchanged: v1"]
    assert [one.endswith("registry 1)") for one in labels(report)] == [True, True]


def test_a_file_that_the_registry_knew_before_git_is_judged_against_its_past(repo, registry):
    registry.put("user-value", stored(USER), stored(WIDER))
    repo.write("schemagate.toml", NAMED).commit("1").write("user.avsc", BROKEN)
    registry.answers["user-value"] = Verdict(compatible=False)

    report = run(repo)

    assert told(report) == [
        "error field-added-without-default user-value $.age user.avsc:7:5 registry 1< registry 2<",
        "warning registry-version-not-in-git user-value user.avsc:3:11",
    ]
    assert ledger(report) == ["user-value user.avsc changed: registry 1 registry 2"]


def test_versions_from_before_the_repository_took_over_are_judged_and_not_told(repo, registry):
    registry.put("user-value", stored(USER), stored(WIDER))
    repo.write("schemagate.toml", NAMED).commit("1").write("user.avsc", WIDER)

    report = run(repo)

    assert told(report) == []
    assert ledger(report) == ["user-value user.avsc unchanged: registry 1 registry 2"]


def test_each_of_several_subjects_has_a_past_of_its_own(repo, registry):
    config = CONFIG + '[[subjects]]\nmatch = "user.avsc"\nname = ["a-value", "b-value"]\n'
    repo.write("schemagate.toml", config).write("user.avsc", USER).commit("1").branch("change")
    registry.put("a-value", stored(USER)).put("b-value", stored(USER), stored(MAILED))
    registry.answers["b-value"] = Verdict(compatible=False)

    report = run(repo.write("user.avsc", NUMBERED))

    assert told(report) == [
        "error field-type-changed a-value, b-value $.mail user.avsc:7:30 registry 2 of b-value< registry 2 of b-value>",
        "warning registry-version-not-in-git b-value user.avsc:3:11",
    ]
    assert labels(report)[0] == f"v1 (main@{repo.sha()[:7]}, registry 1 of a-value, registry 1 of b-value)"


def test_a_retracted_registry_version_is_not_judged_here_but_the_registry_still_does(user, registry):
    registry.put("user-value", stored(USER), stored(BROKEN))
    retracted = '[[retracted]]\nsubject = "user-value"\nversion = "registry 2"\nreason = "never produced with"\n'
    user.checkout("main").write("schemagate.toml", NAMED + retracted).commit("2").branch("next")

    registry.answers["user-value"] = Verdict(compatible=False, versions=(2,))

    report = run(user.write("user.avsc", record("User", id="string", age={"type": "string", "default": ""})))

    assert told(report) == ["error registry-refuses user-value user.avsc:3:11"]
    assert [name.partition(" ")[0] for name in labels(report)] == ["v1"]


def test_softly_deleted_versions_are_judged_unless_they_are_ignored(user, registry):
    registry.put("user-value", stored(USER), stored(BROKEN), deleted=[2])
    user.write("user.avsc", record("User", id="string", age={"type": "string", "default": ""}))

    assert told(run(user)) == ["error field-type-changed user-value $.age user.avsc:7:29 registry 2< registry 2>"]
    assert told(run(user, ignore_deleted=True)) == []


def test_only_versions_of_the_latests_compatibility_group_are_judged(user, registry):
    old, new = ({"properties": {"major": number}} for number in ("1", "2"))
    other = record("User", id="int")
    registry.put("user-value", Payload(stored(USER), metadata=old), Payload(stored(other), metadata=new), group="major")
    user.checkout("main").write("user.avsc", other).commit("2").branch("next")

    report = run(user.write("user.avsc", record("User", id="int", nick=OPTIONAL)))

    assert told(report) == []
    assert [name.partition(" ")[0] for name in labels(report)] == ["v2"]


# The union of both modes, exactly


def test_the_registrys_mode_adds_its_questions_to_the_configured_ones(user, registry):
    user.checkout("main").write("schemagate.toml", 'mode = "BACKWARD"\n' + NAMED).commit("2").branch("next")
    registry.put("user-value", stored(USER), level="FORWARD_TRANSITIVE")
    registry.answers["user-value"] = Verdict(compatible=False)

    report = run(user.write("user.avsc", record("User", mail=OPTIONAL)))

    assert told(report) == [
        "error field-removed-without-default user-value $.id user.avsc:3:11 v1>",
        "warning registry-mode-weaker user-value user.avsc:3:11",
    ]


def test_the_registrys_mode_asks_only_of_its_own_versions(user, registry):
    """Git published two versions, the registry has the second: FORWARD there asks nothing of the first."""
    config = 'mode = "BACKWARD_TRANSITIVE"\n' + NAMED
    user.checkout("main").write("schemagate.toml", config).write("user.avsc", WIDER).commit("2").branch("next")
    registry.put("user-value", stored(WIDER), level="FULL")
    registry.answers["user-value"] = Verdict(compatible=False)

    report = run(user.write("user.avsc", record("User", nick=OPTIONAL)))

    assert told(report) == ["error field-removed-without-default user-value $.id user.avsc:3:11 v2>", *told(report)[1:]]


# The registry's own answer


def test_the_registry_is_asked_about_changed_subjects_only(user, registry):
    registry.put("user-value", stored(USER))

    run(user, everything=True)

    assert registry.asked == ["states user-value", "lookup user-value java", "closed"]


def test_a_new_subject_is_fine_and_costs_no_question(repo, registry):
    repo.write("schemagate.toml", NAMED).commit("1").write("user.avsc", USER)

    assert told(run(repo)) == []
    assert registry.asked == ["states user-value", "closed"]


def test_a_refusal_that_our_engine_does_not_share_is_told_with_both_reasons(user, registry):
    registry.put("user-value", stored(USER))
    registry.answers["user-value"] = Verdict(compatible=False, messages=("no thanks",), versions=(1,))

    report = run(user.write("user.avsc", WIDER))

    assert told(report) == ["error registry-disagrees user-value user.avsc:3:11"]
    assert wordy(report) == [
        "schemagate finds this schema compatible with what the registry holds as user-value; the registry refuses it"
    ]
    assert [related.message for related in report.findings[0].related] == [
        "schemagate: nothing that FULL_TRANSITIVE asks about breaks",
        "registry prod: no thanks",
        "registry prod: refused against version 1",
    ]


def test_a_break_that_the_registry_accepts_is_told_with_both_reasons(user, registry):
    registry.put("user-value", stored(USER))

    report = run(user.write("user.avsc", BROKEN))

    assert told(report) == [
        "error field-added-without-default user-value $.age user.avsc:7:5 v1<",
        "warning registry-disagrees user-value user.avsc:3:11",
    ]
    assert [related.message for related in report.findings[1].related] == [
        "schemagate: the proposed schema cannot read version 1"
    ]


def test_a_break_that_the_registrys_weaker_mode_does_not_ask_about_is_no_disagreement(user, registry):
    registry.put("user-value", stored(USER), level="FORWARD")

    report = run(user.write("user.avsc", BROKEN))

    assert [finding.rule for finding in report.findings] == ["field-added-without-default", "registry-mode-weaker"]


def test_a_waived_break_that_the_registry_refuses_is_blocked(user, registry):
    registry.put("user-value", stored(USER))
    registry.answers["user-value"] = Verdict(compatible=False, messages=("READER_FIELD_MISSING_DEFAULT_VALUE",))
    waiver = (
        '[[waivers]]\nrule = "field-added-without-default"\nsubject = "user-value"\npath = "$.age"\nreason = "ok"\n'
    )
    again = '[[waivers]]\nrule = "registry-refuses"\nsubject = "user-value"\npath = "$"\nreason = "ok"\n'
    user.checkout("main").write("schemagate.toml", NAMED + waiver + again).commit("2").branch("next")

    report = run(user.write("user.avsc", BROKEN))

    assert [line for line in told(report) if "waiver" not in line] == [
        "error registry-refuses user-value user.avsc:3:11"
    ]
    assert [one.finding.rule for one in report.suppressed] == ["field-added-without-default"]
    assert report.exit_code == 1


def test_a_subject_that_breaks_through_another_files_type_is_told_once(repo, registry):
    """The finding stands where the type is changed; that the registry refuses the subject too is no news."""
    config = NAMED + '[[subjects]]\nmatch = "address.avsc"\nshared = true\n'
    address, home = record("Address", zip="string"), record("User", home="com.example.Address")
    repo.write("schemagate.toml", config).write("address.avsc", address).write("user.avsc", home).commit("1")
    whole = json.loads(home)
    whole["fields"][0]["type"] = json.loads(address)
    registry.put("user-value", json.dumps(whole))
    registry.answers["user-value"] = Verdict(compatible=False, messages=("TYPE_MISMATCH",))

    report = run(repo.branch("change").write("address.avsc", record("Address", zip="int")))

    assert [line.split()[1] for line in told(report)] == ["field-type-changed"]


def test_a_break_that_is_only_a_warning_here_is_blocked_there(user, registry):
    registry.put("user-value", stored(USER))
    registry.answers["user-value"] = Verdict(compatible=False)
    lax = NAMED + '[rules]\nfield-added-without-default = "warning"\n'
    user.checkout("main").write("schemagate.toml", lax).commit("2").branch("next")

    assert told(run(user.write("user.avsc", BROKEN))) == [
        "error registry-refuses user-value user.avsc:3:11",
        "warning field-added-without-default user-value $.age user.avsc:7:5 v1<",
    ]


# Governance


@pytest.mark.parametrize(
    ("level", "source", "expected"),
    [
        ("BACKWARD", "global", "guards user-value with BACKWARD (set for the whole registry), below the configured"),
        ("NONE", "subject", "guards user-value with NONE (set for the subject), below the configured"),
        ("FULL", "default", "guards user-value with FULL (its default), below the configured"),
    ],
)
def test_a_weaker_mode_is_told_with_who_set_it(user, registry, level, source, expected):
    registry.put("user-value", stored(USER), level=level, source=source)

    assert wordy(run(user, everything=True)) == [f"the registry {expected} FULL_TRANSITIVE"]


def test_a_published_tip_that_was_never_registered_is_a_notice(user, registry):
    user.checkout("main").write("user.avsc", WIDER).commit("2")
    registry.put("user-value", stored(USER))

    assert told(run(user, everything=True)) == ["notice git-version-not-in-registry user-value user.avsc:3:11"]


def test_a_change_taken_back_is_not_the_latest(user, registry):
    user.checkout("main").write("user.avsc", WIDER).commit("2").branch("next")
    registry.put("user-value", stored(USER), stored(WIDER))

    report = run(user.write("user.avsc", USER))

    assert [line for line in told(report) if "latest" in line] == ["error latest-differs user-value user.avsc:3:11"]
    assert "compatible user-value" not in registry.asked


def test_a_read_only_subject_is_told(user, registry):
    registry.put("user-value", stored(USER), mode="READONLY")

    assert told(run(user.write("user.avsc", WIDER))) == ["warning registry-read-only user-value user.avsc:3:11"]


def test_a_softly_deleted_subject_is_told(user, registry):
    registry.put("user-value", stored(USER), deleted=[1])

    assert told(run(user, everything=True)) == ["warning subject-soft-deleted user-value user.avsc:3:11"]
    assert told(run(user, everything=True, ignore_deleted=True)) == []


def test_a_text_that_the_registry_does_not_find_is_told(repo, registry):
    """Stored in another spelling of names, which some registries take for another schema."""
    text = record("User", home={"type": "record", "name": "Home", "fields": []}, work="com.example.Home")
    short = text.replace("com.example.Home", "Home")
    repo.write("schemagate.toml", NAMED).write("user.avsc", short).commit("1")
    registry.put("user-value", stored(text))
    registry.literal = True

    assert told(run(repo, everything=True)) == ["warning lookup-would-fail user-value user.avsc:3:11"]


def test_a_lookup_sends_the_files_own_spelling(repo, registry):
    """On Karapace `{"type": "long"}` and `"long"` are two schemas."""
    spelled = record("User", id={"type": "long"}).replace('"id", "type": "long"', '"id", "type": {"type": "long"}')
    assert '{"type": "long"}' in spelled
    registry.literal = True
    registry.put("user-value", stored(spelled))
    repo.write("schemagate.toml", NAMED).write("user.avsc", f"// ours\n{spelled}").commit("1")

    assert told(run(repo, everything=True)) == []


def test_of_two_new_version_files_the_second_is_not_asked_about_as_if_it_came_first(repo, registry):
    """It is registered after the other: a mode that looks at the latest version only looks at that one then."""
    named = f'mode = "BACKWARD"\n{CONFIG}[[subjects]]\nmatch = "user_v*.avsc"\nname = "user-value"\n'
    registry.put("user-value", stored(USER), level="BACKWARD")
    repo.write("schemagate.toml", named).write("user_v1.avsc", USER).commit("1").branch("change")
    repo.write("user_v2.avsc", record("User", id="string", age={"type": "int", "default": 0}))
    repo.write("user_v3.avsc", BROKEN)

    assert told(run(repo)) == ["warning default-removed user-value $.age user_v3.avsc:7:5 v2<"]
    assert [asked for asked in registry.asked if asked.startswith("compatible")] == ["compatible user-value"]


def test_of_two_merged_version_files_that_wait_the_second_is_not_asked_about_either(repo, registry):
    """So it is in the pipeline after the merge: both are published, and neither is registered."""
    named = f'mode = "BACKWARD"\n{CONFIG}[[subjects]]\nmatch = "user_v*.avsc"\nname = "user-value"\n'
    registry.put("user-value", stored(USER), level="BACKWARD")
    registry.answers["user-value"] = Verdict(compatible=False)
    repo.write("schemagate.toml", named).write("user_v1.avsc", USER).commit("1")
    repo.write("user_v2.avsc", record("User", id="string", age={"type": "int", "default": 0}))
    repo.write("user_v3.avsc", BROKEN).commit("2")

    assert told(run(repo, everything=True)) == ["notice git-version-not-in-registry user-value user_v3.avsc:3:11"]
    assert [asked for asked in registry.asked if asked.startswith("compatible")] == []


def test_of_two_new_version_files_a_transitive_mode_is_asked_about_both(repo, registry):
    named = CONFIG + '[[subjects]]\nmatch = "user_v*.avsc"\nname = "user-value"\n'
    registry.put("user-value", stored(USER))
    repo.write("schemagate.toml", named).write("user_v1.avsc", USER).commit("1").branch("change")
    repo.write("user_v2.avsc", WIDER).write("user_v3.avsc", record("User", id="string", nick=OPTIONAL, age=OPTIONAL))

    assert told(run(repo)) == []
    assert registry.asked.count("compatible user-value") == 2


def test_what_java_sends_is_told_once_for_all_subjects(repo, registry):
    config = CONFIG + '[[subjects]]\nmatch = "*.avsc"\nname = "{stem}-value"\n'
    repo.write("schemagate.toml", config)
    for name in ("A", "B"):
        repo.write(f"{name}.avsc", record(name, id="string"))
        registry.put(f"{name}-value", stored(record(name, id="string")))
    repo.commit("1")
    registry.lenient = False

    report = run(repo, everything=True)

    assert told(report) == ["notice lookup-would-fail"]
    assert [one.message for one in report.findings[0].related] == ["so it is for A-value, B-value"]
    assert registry.asked == ["states A-value B-value", "lookup A-value java", "closed"]


def test_another_schema_type_is_told_and_nothing_crashes(user, registry):
    registry.put("user-value", stored(USER), Payload('{"type": "object"}', schema_type="JSON"))

    assert told(run(user, everything=True)) == [
        "error schema-type-other user-value user.avsc:3:11",
        "warning latest-differs user-value user.avsc:3:11",
    ]


def test_a_registry_is_not_asked_to_judge_avro_against_another_schema_type(user, registry):
    """Some cannot, and then answer that they failed."""
    registry.put("user-value", Payload('syntax = "proto3"; message User {}', schema_type="PROTOBUF"))

    run(user.write("user.avsc", WIDER))

    assert [asked for asked in registry.asked if asked.startswith(("compatible", "lookup"))] == []


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (Payload("{"), "it is not a JSON text that could be read"),
        (Payload('{"type": "record", "name": "X"}'), "the record has no array `fields`"),
        (
            refers('"X"', ("X", "gone", 4)),
            "it refers to version 4 of gone, which the registry lacks",
        ),
    ],
)
def test_a_version_that_cannot_be_read_is_left_out_and_told(user, registry, payload, why):
    registry.put("user-value", payload, stored(USER))

    assert wordy(run(user, everything=True)) == [f"version 1 of user-value in the registry cannot be read: {why}"]


def test_references_that_lead_in_a_circle_end(user, registry):
    registry.put("a", refers('{"type": "record", "name": "A", "fields": [{"name": "b", "type": "B"}]}', ("B", "b", 1)))
    registry.put("b", refers('{"type": "record", "name": "B", "fields": [{"name": "a", "type": "A"}]}', ("A", "a", 1)))
    round_ = refers('{"type": "record", "name": "U", "fields": [{"name": "a", "type": "A"}]}', ("A", "a", 1))
    registry.put("user-value", round_)

    report = run(user, everything=True)

    assert [finding.rule for finding in report.findings if finding.rule == "registry-version-not-in-git"] == [
        "registry-version-not-in-git"
    ]


def test_a_default_that_only_older_registries_take_is_judged_as_it_reads(user, registry):
    lax = json.dumps({**json.loads(USER), "fields": [{"name": "id", "type": "string", "default": 1}]})
    registry.put("user-value", lax, stored(USER))

    assert told(run(user, everything=True)) == ["inherited default-removed user-value $.id user.avsc:6:5 registry 1<"]


# Which registry, and none


def test_without_a_registry_nothing_is_asked(repo, registry):
    repo.write("user.avsc", USER).commit("1")

    assert told(run(repo, everything=True)) == []
    assert registry.asked == []


def test_offline_says_what_was_not_checked(user, registry):
    report = run(user.write("user.avsc", WIDER), offline=True)

    assert report.notes[1:] == (
        "--offline: registry prod was not asked; its versions, its modes and its own answer were not checked",
    )
    assert (report.exit_code, registry.asked) == (0, [])


def test_a_registry_that_cannot_be_reached_is_undecided_and_git_still_judges(user, registry):
    registry.down = True

    report = run(user.write("user.avsc", BROKEN))

    assert told(report) == ["error field-added-without-default user-value $.age user.avsc:7:5 v1<"]
    said = f"{URL} cannot be reached: connection refused; check the address and the network"
    assert report.undecided == (f"{said}; `--offline` judges git's versions alone, and says so",)
    assert report.exit_code == 3


def test_a_pull_request_cannot_send_credentials_to_an_address_of_its_own(user, registry):
    signed = NAMED.replace('.com"\n', '.com"\nauth = "basic"\n', 1)
    user.checkout("main").write("schemagate.toml", signed).commit("2").branch("next")
    user.write("schemagate.toml", signed.replace(URL, "https://elsewhere.example.com")).commit("move")
    env = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main"}

    report = run(user, env, against="main")

    assert (report.exit_code, registry.asked) == (3, [])
    assert report.undecided[0].startswith("registry prod was not asked: this change gives it another address")
    assert run(user, env, against="main", offline=True).exit_code == 0


@pytest.mark.parametrize("command", ["diff", "pull", "history"])
def test_no_command_sends_credentials_to_an_address_that_only_a_pull_request_names(user, registry, command):
    signed = NAMED.replace('.com"\n', '.com"\nauth = "basic"\n', 1)
    user.checkout("main").write("schemagate.toml", signed).commit("2").branch("next")
    user.git("update-ref", "refs/remotes/origin/main", "main")
    env = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main"}
    registry.put("user-value", stored(USER))
    here = str(user.path)
    wanted = {
        "diff": lambda: diff(DiffRequest(here, "main:user.avsc", "user-value", env=env)),
        "pull": lambda: pull(PullRequest(here, env)),
        "history": lambda: atlas(AtlasRequest(CheckRequest(here, dt.date(2026, 12, 1), env), sources="registry")),
    }
    user.write("other.avsc", WIDER).commit("3")
    wanted[command]()
    assert registry.asked
    registry.asked.clear()
    user.write("schemagate.toml", signed.replace(URL, "https://elsewhere.example.com")).commit("move")

    with pytest.raises(RegistryError, match="registry prod was not asked: this change gives it another address"):
        wanted[command]()

    assert registry.asked == []


@pytest.mark.usefixtures("registry")
def test_of_several_registries_one_is_named(user):
    user.checkout("main").write("schemagate.toml", NAMED + CONFIG.replace("prod", "dev")).commit("2").branch("next")
    user.write("user.avsc", WIDER)

    assert run(user, registry="dev").exit_code == 0
    with pytest.raises(UsageError) as none:
        run(user)
    assert (none.value.message, none.value.hint) == ("2 registries are configured", "--registry NAME: prod, dev")
    with pytest.raises(UsageError) as other:
        run(user, registry="test")
    assert other.value.message == "--registry test: there is no such registry in the configuration"
