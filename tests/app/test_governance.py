"""What the configuration governs: modes, beginnings, exceptions, and that it cannot be weakened unseen."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.app.scene import OPTIONAL, ledger, line_of, record, run, told

from schemagate.errors import ConfigError
from schemagate.finding import Severity

USER = record("User", id="string", email="string")
WIDER = record("User", id="string", email="string", nick=OPTIONAL)
SHORT = record("User", id="string")
ADDED = record("User", id="string", email="string", age="int")
BREAK = "error field-added-without-default com.example.User $.age user.avsc:8:5 v1< v2<"


@pytest.fixture
def two(repo):
    """Two published versions, a day apart from 2026-01-05 on, and a branch to change them on."""
    return repo.write("user.avsc", USER).commit("1").write("user.avsc", WIDER).commit("2").branch("change")


def config(repo, text):
    """A configuration that the base has too."""
    repo.git("checkout", "--quiet", "--force", "main")
    repo.write("schemagate.toml", text).commit("config").git("branch", "-f", "change", "main")
    repo.checkout("change")
    return repo


# Modes


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("FULL_TRANSITIVE", "v1< v1> v2< v2>"),
        ("FULL", "v2< v2>"),
        ("BACKWARD_TRANSITIVE", "v1< v2<"),
        ("BACKWARD", "v2<"),
        ("FORWARD_TRANSITIVE", "v1> v2>"),
        ("FORWARD", "v2>"),
    ],
)
def test_a_mode_says_which_versions_and_directions_count(two, mode, expected):
    config(two, f'mode = "{mode}"\n').write("user.avsc", record("User", id="long", email="string", nick=OPTIONAL))

    assert told(run(two)) == [f"error field-type-changed com.example.User $.id user.avsc:6:28 {expected}"]


def test_mode_none_judges_nothing(two):
    config(two, 'mode = "NONE"\n').write("user.avsc", record("User", id="long"))

    report = run(two)

    assert told(report) == []
    assert ledger(report) == ["com.example.User user.avsc changed:"]


def test_a_subject_has_a_mode_of_its_own(two):
    text = 'mode = "FULL_TRANSITIVE"\n[[subjects]]\nmatch = "user.avsc"\nmode = "BACKWARD"\n'
    config(two, text).write("user.avsc", record("User", id="long", email="string", nick=OPTIONAL))

    assert told(run(two)) == ["error field-type-changed com.example.User $.id user.avsc:6:28 v2<"]


# Where governance begins, and what was retracted


def test_versions_before_history_from_do_not_count_but_the_one_in_force_then_does(repo):
    repo.write("user.avsc", SHORT).commit("01-05").write("user.avsc", USER).commit("01-06")
    repo.write("user.avsc", WIDER).commit("01-07").branch("change")
    config(repo, '[[subjects]]\nmatch = "user.avsc"\nhistory-from = 2026-01-07\n')
    repo.write("user.avsc", record("User", id="string", email="string", nick=OPTIONAL, age="int"))

    report = run(repo)

    assert ledger(report) == ["com.example.User user.avsc changed: v2 v3"]
    assert told(report) == ["error field-added-without-default com.example.User $.age user.avsc:9:5 v2< v3<"]


def test_a_version_that_was_in_force_again_when_governance_began_counts(repo):
    repo.write("user.avsc", SHORT).commit("01-05").write("user.avsc", USER).commit("01-06")
    repo.write("user.avsc", SHORT).commit("01-07: reverted").branch("change")
    config(repo, '[[subjects]]\nmatch = "user.avsc"\nhistory-from = 2026-02-01\n')
    repo.write("user.avsc", record("User", id="string", age="int"))

    assert told(run(repo)) == ["error field-added-without-default com.example.User $.age user.avsc:7:5 v1<"]


@pytest.mark.parametrize("digits", [7, 12, 40])
def test_a_retracted_version_is_not_judged_against(two, digits):
    sha = two.sha("main~1")
    text = f'[[retracted]]\nsubject = "com.example.User"\nversion = "main@{sha[:digits]}"\nreason = "by mistake"\n'
    config(two, text).write("user.avsc", ADDED)

    report = run(two)

    assert ledger(report) == ["com.example.User user.avsc changed: v2"]
    assert told(report) == ["error field-added-without-default com.example.User $.age user.avsc:8:5 v2<"]


def test_when_the_newest_version_is_retracted_the_one_before_is_in_force(two):
    text = f'[[retracted]]\nsubject = "com.example.User"\nversion = "main@{two.sha("main")[:7]}"\nreason = "x"\n'
    config(two, 'mode = "FULL"\n' + text).write("user.avsc", ADDED)

    assert told(run(two)) == ["error field-added-without-default com.example.User $.age user.avsc:8:5 v1<"]


# Waivers


def waiver(fingerprint, extra=""):
    return f'[[waivers]]\nfingerprint = "{fingerprint}"\nreason = "agreed with billing"\n{extra}'


def test_a_waiver_accepts_the_finding_of_its_fingerprint(two):
    two.write("user.avsc", ADDED)
    found = run(two).findings[0]
    config(two, waiver(found.fingerprint)).write("user.avsc", ADDED)

    report = run(two)

    assert told(report) == []
    assert [(s.by, s.reason, line_of(s.finding)) for s in report.suppressed] == [
        ("waiver", "agreed with billing", BREAK)
    ]
    assert report.exit_code == 0


def test_a_waiver_does_not_cover_a_version_that_was_published_after_it_was_signed(two):
    two.write("user.avsc", ADDED)
    found = run(two).findings[0]
    config(two, waiver(found.fingerprint, "signed = 2026-01-05\n")).write("user.avsc", ADDED)

    report = run(two)

    assert told(report) == ["error field-added-without-default com.example.User $.age user.avsc:8:5 v2<"]
    assert [line_of(s.finding) for s in report.suppressed] == [
        "error field-added-without-default com.example.User $.age user.avsc:8:5 v1<"
    ]


def test_an_expired_waiver_accepts_nothing_and_is_told(two):
    two.write("user.avsc", ADDED)
    found = run(two).findings[0]
    config(two, waiver(found.fingerprint, "expires = 2026-11-30\n")).write("user.avsc", ADDED)

    assert told(run(two)) == ["error expired-waiver schemagate.toml:1:1", BREAK]
    assert told(run(two, today=dt.date(2026, 11, 30))) == []


def test_an_unused_waiver_is_told_by_a_run_over_everything(two):
    config(two, waiver("0123456789ab"))

    assert told(run(two, everything=True)) == ["warning unused-waiver schemagate.toml:1:1"]
    assert told(run(two)) == []


def test_waivers_and_inline_allows_come_from_the_base_where_the_configuration_says_so(two):
    config(two, "waivers-from-base = true\n").write("user.avsc", ADDED)
    found = run(two).findings[0]
    two.write("schemagate.toml", "waivers-from-base = true\n" + waiver(found.fingerprint))

    report = run(two)

    assert told(report) == [BREAK, "notice gate-weakened waivers schemagate.toml:2:1"]
    two.write(
        "user.avsc",
        ADDED.replace(
            '    {"name": "age"', '    // schemagate: allow[field-added-without-default] no\n    {"name": "age"'
        ),
    )
    assert [line.split()[:2] for line in told(run(two))] == [
        ["error", "field-added-without-default"],
        ["notice", "gate-weakened"],
        ["notice", "gate-weakened"],
    ]


def test_an_inline_allow_of_the_base_still_counts_where_waivers_come_from_the_base(repo):
    text = SHORT.replace('    {"name": "id"', '    // schemagate: allow[field-type-changed] agreed\n    {"name": "id"')
    repo.write("schemagate.toml", "waivers-from-base = true\n").write("user.avsc", text).commit("1").branch("change")
    repo.write("user.avsc", text.replace('"string"', '"long"'))

    report = run(repo)

    assert told(report) == []
    assert [s.by for s in report.suppressed] == ["inline"]


def test_a_configuration_cannot_switch_on_the_bases_waivers_only_for_itself(two):
    two.write("user.avsc", ADDED)
    found = run(two).findings[0]
    two.write("schemagate.toml", "waivers-from-base = true\n" + waiver(found.fingerprint))

    assert BREAK in told(run(two))


# Inline allows


@pytest.mark.parametrize(
    "text",
    [
        ADDED.replace(
            '    {"name": "age"', '    // schemagate: allow[field-added-without-default] agreed\n    {"name": "age"'
        ),
        ADDED.replace('"type": "int"}', '"type": "int"} // schemagate: allow[field-added-without-default] agreed'),
    ],
    ids=["above the line", "on the line"],
)
def test_an_inline_allow_accepts_what_is_found_at_its_line(two, text):
    two.write("user.avsc", text)

    report = run(two)

    assert [line.split()[:2] for line in told(report)] == [["notice", "gate-weakened"]]
    assert [(s.by, s.reason, s.finding.rule) for s in report.suppressed] == [
        ("inline", "agreed", "field-added-without-default")
    ]
    assert report.exit_code == 0


def test_an_inline_allow_without_a_reason_accepts_nothing(two):
    two.write("user.avsc", ADDED.replace('"int"}', '"int"} // schemagate: allow[field-added-without-default]'))

    assert told(run(two)) == ["error bad-allow user.avsc:8:1", BREAK]


def test_an_inline_allow_that_nothing_needs_is_told(two):
    two.write(
        "user.avsc",
        WIDER.replace('"email", "type": "string"}', '"email", "type": "string"} // x')
        .replace("// x\n", "// x\n")
        .replace("}, // x", "}, // schemagate: allow[missing-doc] x"),
    )
    text = WIDER.replace('    {"name": "email"', '    // schemagate: allow[field-renamed] old\n    {"name": "email"')
    two.write("user.avsc", text)

    assert told(run(two)) == [
        "warning unused-allow user.avsc:7:1",
        "notice gate-weakened allow user.avsc:7:1",
    ]


# The gate itself


@pytest.mark.parametrize(
    ("before", "after", "what", "line"),
    [
        ("", 'mode = "BACKWARD"\n', "mode", 1),
        ("", '[rules]\nfield-renamed = "warning"\n', "rules", 2),
        ("", 'exclude = ["*.avsc"]\n', "exclude", 1),
        ("", '[[subjects]]\nmatch = "*.avsc"\nhistory-from = 2026-11-01\n', "subjects.history-from", 1),
        ("", '[[retracted]]\nsubject = "a"\nversion = "main@1234567"\nreason = "x"\n', "retracted", 1),
        ("", '[[waivers]]\nfingerprint = "0123456789ab"\nreason = "x"\n', "waivers", 1),
        ('fail-on = "warning"\n', "", "fail-on", 1),
        ('mode = "FULL"\n', 'mode = "BROKEN"\n', None, None),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_change_that_weakens_its_own_gate_is_told(repo, before, after, what, line):
    repo.write("user.avsc", USER)
    if before:
        repo.write("schemagate.toml", before)
    repo.commit("1").branch("change").write("schemagate.toml", after)

    if what is None:
        with pytest.raises(ConfigError) as caught:
            run(repo)
        assert (caught.value.path, caught.value.line) == ("schemagate.toml", 1)
        return

    assert f"notice gate-weakened {what} schemagate.toml:{line}:1" in told(run(repo))


def test_naming_a_rule_at_its_own_severity_weakens_nothing(repo):
    repo.write("user.avsc", USER).commit("1").branch("change")
    repo.write("schemagate.toml", '[rules]\nmissing-doc = "off"\nversion-gap = "notice"\n')

    assert told(run(repo)) == []


def test_what_weakens_the_gate_cannot_be_silenced_by_the_same_change(repo):
    repo.write("user.avsc", USER).commit("1").branch("change")
    repo.write("schemagate.toml", '[rules]\ngate-weakened = "off"\n')

    assert told(run(repo)) == ["notice gate-weakened rules schemagate.toml:2:1"]


def test_what_weakens_the_gate_cannot_be_waived(repo):
    repo.write("schemagate.toml", '[rules]\ngate-weakened = "error"\n').write("user.avsc", USER).commit("1").branch("c")
    text = '[rules]\ngate-weakened = "error"\nfield-renamed = "off"\n'
    repo.write("schemagate.toml", text)
    found = run(repo).findings[0]
    repo.write("schemagate.toml", text + waiver(found.fingerprint))

    report = run(repo, everything=True)

    assert [line_of(f) for f in report.findings if f.severity is Severity.ERROR] == [
        "error gate-weakened rules schemagate.toml:3:1",
        "error gate-weakened waivers schemagate.toml:4:1",
    ]
    assert report.suppressed == ()


def test_an_allow_that_means_nothing_weakens_nothing(repo):
    repo.write("user.avsc", USER).commit("1").branch("change")
    repo.write("user.avsc", "// schemagate: allow[field-renamed]\n" + USER)

    assert told(run(repo)) == ["error bad-allow user.avsc:1:1"]


def test_a_configuration_that_was_broken_at_the_base_may_be_repaired(repo):
    repo.write("schemagate.toml", "mode = [\n").write("user.avsc", USER).commit("1").branch("change")
    repo.write("schemagate.toml", 'mode = "FULL_TRANSITIVE"\n')

    assert told(run(repo)) == []


def test_a_rule_that_does_not_exist_is_a_configuration_error_with_its_line(repo):
    repo.write("schemagate.toml", 'mode = "FULL"\n[rules]\nfield-renamd = "off"\n').write("user.avsc", USER)

    with pytest.raises(ConfigError) as caught:
        run(repo)

    assert (caught.value.path, caught.value.line, caught.value.column) == ("schemagate.toml", 3, 1)
    assert caught.value.exit_code == 2


def test_a_configuration_moved_out_of_the_pyproject_is_compared_with_what_it_said_there(repo):
    repo.write("pyproject.toml", '[tool.schemagate]\nfail-on = "notice"\n').write("user.avsc", USER).commit("1")
    repo.branch("change").write("schemagate.toml", "").write("pyproject.toml", "")

    assert "notice gate-weakened fail-on schemagate.toml:1:1" in told(run(repo))


def test_a_named_configuration_is_used_and_compared_with_its_own_past(repo):
    repo.write("ci/gate.toml", 'mode = "FULL"\n').write("user.avsc", USER).commit("1").branch("change")
    repo.write("ci/gate.toml", 'mode = "NONE"\n').write("user.avsc", SHORT)

    assert told(run(repo, config="ci/gate.toml")) == ["notice gate-weakened mode ci/gate.toml:1:1"]
    assert [line.split()[1] for line in told(run(repo))] == ["field-removed-without-default"]


def test_files_of_another_suffix_are_judged_where_the_configuration_names_them(repo):
    repo.write("schemagate.toml", 'paths = ["legacy/*.json"]\n').write("legacy/user.json", USER)
    repo.write("package.json", "{}").commit("1").branch("change").write("legacy/user.json", SHORT)

    for candidate in ("worktree", "HEAD"):
        report = run(repo.commit("2"), candidate=candidate)
        assert told(report) == [
            "error field-removed-without-default com.example.User $.email legacy/user.json:3:11 v1>"
        ]


def test_severities_come_from_the_command_line_the_subject_and_the_configuration_in_this_order(two):
    text = '[rules]\nfield-added-without-default = "warning"\n[[subjects]]\nmatch = "user.avsc"\n'
    text += 'rules = { field-added-without-default = "notice" }\n'
    config(two, text).write("user.avsc", ADDED)

    assert run(two).findings[0].severity is Severity.NOTICE
    flagged = run(two, severities={"field-added-without-default": Severity.ERROR})
    assert flagged.findings[0].severity is Severity.ERROR


def test_a_file_that_cannot_be_judged_is_undecided_where_its_errors_are_switched_off(repo):
    repo.write("schemagate.toml", '[rules]\nundefined-type = "off"\n')
    repo.write("user.avsc", record("User", a="com.example.Nothing"))

    report = run(repo.commit("1"), everything=True)

    assert told(report) == ["notice version-unreadable user"]
    assert report.exit_code == 3
    assert report.undecided == ("user: user.avsc cannot be read as a schema; repair it, or `exclude` it",)


def test_paths_filter_what_is_told_and_not_what_is_read(repo):
    repo.write("a/address.avsc", record("Address", city="string"))
    repo.write("b/order.avsc", record("Order", home="com.example.Address")).commit("1").branch("change")
    repo.write("a/address.avsc", record("Address", city="long"))

    assert [f.subject for f in run(repo, paths=("b",)).findings] == []
    assert [f.subject for f in run(repo, paths=("a",)).findings] == ["com.example.Address", "com.example.Order"]
    assert len(run(repo, paths=("b",)).compared) == 2
