"""check, drift, pull and diff at the command line, with a registry that answers from memory."""

from __future__ import annotations

import json

import pytest
from tests.app.holding import CONFIG, URL, Holding, connecting
from tests.cli.cases import RENAMED, USER, WIDER

from schemagate.wire.values import Verdict

NAMED = CONFIG + '[[subjects]]\nmatch = "schemas/user.avsc"\nname = "user-value"\n'


def stored(text):
    return json.dumps(json.loads(text), separators=(",", ":"))


@pytest.fixture
def registry(monkeypatch):
    holding = Holding().put("user-value", stored(USER))
    holding.lenient = True
    monkeypatch.setattr("schemagate.adapters.registry.connect", connecting(holding))
    return holding


@pytest.fixture
def configured(repo, clone, registry):  # noqa: ARG001 - what the configuration names has to be there
    repo.write("schemagate.toml", NAMED).commit("Registry").branch("change")
    return clone


def test_check_tells_what_was_asked(configured):
    ran = configured.run("check", "--all")

    assert (ran.code, ran.lines[2:]) == (
        0,
        [
            f"note: registry prod ({URL}) holds 1 subject with 1",
            "      version",
            "",
            "ok: no findings; 1 subject judged FULL_TRANSITIVE against 1 published version",
        ],
    )


def test_check_offline_says_what_was_not_asked(configured, registry):
    ran = configured.run("check", "--all", "--offline")

    assert ran.code == 0
    assert "note: --offline: registry prod was not asked; its versions, its modes and its" in ran.lines
    assert registry.asked == []


def test_check_with_a_registry_that_is_down_prints_gits_findings_and_exits_3(configured, registry):
    registry.down = True

    ran = configured.write("schemas/user.avsc", RENAMED).run("check")

    assert ran.code == 3
    assert ran.lines[0].startswith("error[field-renamed]")
    assert "cannot be reached" in ran.out


def test_what_is_blocked_is_not_offered_to_be_accepted(configured, registry):
    waiver = '[[waivers]]\nrule = "field-renamed"\nsubject = "user-value"\npath = "$.uuid"\nreason = "ok"\n'
    registry.answers["user-value"] = Verdict(compatible=False, messages=("no",))
    configured.write("schemagate.toml", NAMED + waiver).write("schemas/user.avsc", RENAMED)

    ran = configured.run("check")
    adopted = configured.run("check", "--write-waivers", "--reason", "before the gate")

    assert (ran.code, adopted.code) == (1, 1)
    assert "error[registry-refuses]" in ran.out
    assert "accept knowingly" not in ran.out
    assert "no waiver can answer for it" in adopted.out


def test_drift_and_its_exit_codes(configured, registry):
    assert configured.run("drift").code == 0

    registry.put("user-value", stored(USER), stored(WIDER))

    assert configured.run("drift").code == 1
    assert configured.run("drift", "--format", "json").json["exit_code"] == 1
    assert configured.run("drift", "--output", "json=drift.json").code == 1
    assert json.loads(configured.read("drift.json"))["exit_code"] == 1
    assert configured.run("drift", "--exit-zero").code == 0
    assert configured.run("drift", "--format", "sarif").code == 2
    registry.down = True
    assert configured.run("drift").code == 3


def test_pull_and_its_exit_codes(configured, registry):
    registry.put("order-value", stored(WIDER))

    ran = configured.run("pull", "--into", "here")

    assert (ran.code, ran.lines) == (
        0,
        [
            "written   here/order-value.avsc  order-value version 1",
            "written   schemagate.toml  1 subject added",
            "",
            "ok: 1 file written, 1 file unchanged; registry prod",
            f"    ({URL})",
        ],
    )
    configured.write("here/order-value.avsc", USER)
    assert configured.run("pull").code == 1
    assert configured.run("pull", "--format", "json").json["files"][0]["result"] == "kept"
    assert configured.run("pull", "nothing").code == 2
    registry.down = True
    assert configured.run("pull").code == 3


def test_diff_with_a_subject(configured, registry):
    registry.put("user-value", stored(USER), stored(WIDER))

    ran = configured.run("diff", "user-value:1", "user-value:2")

    assert (ran.code, ran.lines[0]) == (0, "user-value:1 → user-value:2")


@pytest.mark.parametrize("command", ["drift", "pull"])
def test_without_a_registry_is_a_usage_error(clone, command):
    ran = clone.run(command)

    assert ran.code == 2
    assert ran.err.startswith("schemagate: no registry is configured")
