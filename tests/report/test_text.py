from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace
from tests.report.samples import CLEAN, INHERITED, NOTICE, RENAMED, RICH, RULES, USERS, version, waiver
from tests.report.strategies import reports

from schemagate.finding import Against, Compared, Direction, Finding, Region, Related, Report, RuleInfo, Severity
from schemagate.report.layout import width
from schemagate.report.text import render

SGR = re.compile(r"\x1b\[[0-9;]*m")


def plain(report: Report, *, columns: int = 80, verbose: bool = False) -> str:
    return render(report, colour=False, width=columns, verbose=verbose)


def told(finding: Finding, **more: object) -> list[str]:
    """The finding's block, without the summary."""
    return plain(Report(findings=(finding,), rules=RULES, **more)).split("\n\n")[0].splitlines()


def error(**more: object) -> Finding:
    return Finding("field-renamed", Severity.ERROR, "m", **more)


@given(reports, st.integers(0, 120), st.booleans(), st.booleans())
def test_nothing_in_a_report_reaches_the_terminal_or_the_pipeline_as_a_command(
    report: Report, columns: int, verbose: bool, ascii_only: bool
):
    text = render(report, colour=True, width=columns, ascii=ascii_only, verbose=verbose, waiver=lambda f: f.message)
    bare = SGR.sub("", text)

    assert re.findall(r"^\s*::|##[A-Za-z]*\[", bare, re.MULTILINE) == []
    assert re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]", bare) == []
    assert bare == render(
        report, colour=False, width=columns, ascii=ascii_only, verbose=verbose, waiver=lambda f: f.message
    )
    assert bare.isascii() or not ascii_only
    assert bare.endswith("\n")


@given(reports, st.integers(40, 120), st.booleans())
def test_prose_keeps_within_the_width(report: Report, columns: int, verbose: bool):
    # Places stay whole to be clicked on, code to be copied; a command broken up may take a column more.
    lines = plain(report, columns=columns, verbose=verbose).splitlines()
    code = re.compile(r'^ +(= (?:help|advice) +)? *[{\[}\]"/$]|\\')
    kept = [line for line in lines if "--> " not in line and not code.search(line)]

    assert [line for line in kept if width(line) > columns] == []


@given(reports)
def test_order_of_findings_does_not_matter(report: Report):
    keys = [(f.severity, f.rule, f.subject, f.path, f.location) for f in report.findings]
    if len(set(keys)) == len(keys):
        backwards = replace(report, findings=report.findings[::-1])

        assert plain(backwards) == plain(report)


def test_worst_first_then_by_place():
    heads = [line.split(":")[0] for line in plain(RICH).splitlines() if re.match(r"\w+\[", line)]

    assert heads == [
        "error[bad-name]",
        "error[field-type-changed]",
        "error[decimal-scale-changed]",
        "error[field-renamed]",
        "error[published-schema-deleted]",
        "warning[name-not-ascii]",
        "notice[timestamp-without-logical-type]",
    ]


def test_a_change_that_breaks_nothing_says_whom_it_affects():
    against = (
        Against(version(1), Direction.FORWARD, "1.2345 is read as 123.45"),
        Against(version(1), Direction.BACKWARD, "123.45 is read as 1.2345"),
    )

    assert told(Finding("decimal-scale-changed", Severity.ERROR, "m", against=against)) == [
        "error[decimal-scale-changed]: m",
        "   = affects  new consumers reading what was written as v1 (main@01f2c1a):",
        "                123.45 is read as 1.2345",
        "              consumers on v1 (main@01f2c1a) reading what is written from now",
        "                on: 1.2345 is read as 123.45",
    ]


@pytest.mark.parametrize(
    ("numbers", "named"),
    [
        ([3], "v3 (main@03f2c1a)"),
        ([2, 3], "v2 (main@02f2c1a) and v3 (main@03f2c1a)"),
        ([1, 2, 5], "v1, v2 and v5"),
        ([3, 2, 1], "v1 to v3 (3 versions)"),
        ([*range(1, 10), 12], "v1 to v9 (9 versions) and v12"),
        ([9, 10, 11], "v9 to v11 (3 versions)"),
    ],
)
def test_many_versions_are_folded(numbers: list[int], named: str):
    against = tuple(Against(version(number), Direction.BACKWARD, "r") for number in numbers)

    lines = told(error(against=against))

    assert " ".join(" ".join(lines[1:]).split()) == f"= breaks new consumers cannot read what was written as {named}: r"


def test_many_reasons_are_cut_short_unless_verbose():
    report = Report(
        findings=(error(against=tuple(Against(version(n), Direction.BACKWARD, f"r{n}") for n in range(1, 8))),),
        rules=RULES,
    )

    assert plain(report).count("new consumers") == 4
    assert "and 3 more reasons; --verbose lists all" in plain(report)
    assert plain(report, verbose=True).count("new consumers") == 7


def test_a_break_through_a_shared_file_names_the_subject_and_its_file():
    finding = error(subject="orders", location=Region("address.avsc", 4, 1, 4, 2))
    ledger = (Compared("orders", "orders.avsc", "FULL", "changed", (version(1),)),)

    assert told(finding, compared=ledger) == [
        "error[field-renamed]: m",
        "  --> address.avsc:4:1",
        "   = subject  orders (orders.avsc)",
    ]


def test_a_place_without_its_source_still_tells_the_path():
    assert told(error(path="$.a", location=Region("a.avsc", 4, 1, 4, 2))) == [
        "error[field-renamed]: m",
        "  --> a.avsc:4:1",
        "   = at       $.a",
    ]


def test_related_places_are_shown_in_one_gutter():
    finding = error(
        path="$",
        location=Region("a", 9, 1, 9, 3),
        related=(Related("first defined here", Region("b", 120, 2, 120, 4)), Related("no place")),
    )

    assert told(finding, excerpts={"a": {9: "{}"}, "b": {120: " {}"}}) == [
        "error[field-renamed]: m",
        "    --> a:9:1",
        "     |",
        "   9 | {}",
        "     | ^^",
        "    --> b:120:2",
        "     |",
        " 120 |  {}",
        "     |  -- first defined here",
        "     = note     no place",
    ]


def test_code_in_help_stays_in_one_piece_to_be_copied():
    code = '{"name": "a", "type": ["null", "string"], "default": null, "doc": "' + "long " * 10 + '"}'

    assert told(error(help=f"add this:\n{code}"))[1:] == ["   = advice   add this:", "              " + code]


def test_inherited_findings_are_one_line_a_subject():
    report = Report(findings=(INHERITED, replace(INHERITED, path="$.other")), rules=RULES, compared=CLEAN.compared)

    assert plain(report) == (
        "inherited: user-created-value: 2 findings that the published v1 (main@01f2c1a,\n"
        "           registry 1) already has (enum-symbol-removed)\n"
        "\n"
        "ok: no findings (2 inherited); 2 subjects judged FULL_TRANSITIVE against 12\n"
        "    published versions\n"
    )


def test_waiver_is_offered_for_the_first_failure_that_can_be_answered_for():
    report = Report(findings=(NOTICE, replace(RENAMED, rule="bad-name"), RENAMED), rules=RULES, compared=CLEAN.compared)

    text = render(report, colour=False, width=80, waiver=waiver)

    assert text.count("accept knowingly") == 1
    assert '    [[waivers]]\n    fingerprint = "3f9c1a22b7d0"\n    rule = "field-renamed"\n' in text


def test_no_waiver_is_offered_when_nothing_fails():
    assert "[[waivers]]" not in render(Report(findings=(NOTICE,)), colour=False, width=80, waiver=waiver)


@pytest.mark.parametrize(
    ("report", "last"),
    [
        (Report(), "ok: no findings; no schema was looked at"),
        (CLEAN, "ok: no findings; 2 subjects judged FULL_TRANSITIVE against 12 published versions"),
        (
            Report(compared=(Compared("a", "a.avsc", "", "linted"),), command="lint"),
            "ok: no findings; 1 schema linted",
        ),
        (
            Report(compared=(Compared("a", "a.avsc", "FULL", "new"),)),
            "ok: no findings; 1 subject judged FULL without any published version",
        ),
        (
            Report(compared=(Compared("a", "a", "FULL", "changed", (version(1),)), Compared("b", "b", "NONE", "new"))),
            "ok: no findings; 2 subjects judged under 2 modes against 1 published version",
        ),
        (
            Report(findings=(NOTICE,), compared=CLEAN.compared[:1]),
            "ok: 1 notice; 1 subject judged FULL_TRANSITIVE against 1 published version",
        ),
        (
            Report(findings=(NOTICE,), fail_on=Severity.NOTICE),
            "failed: 1 notice; no schema was looked at",
        ),
        (
            Report(undecided=("q",)),
            "failed: no findings, and 1 question undecided; no schema was looked at",
        ),
    ],
)
def test_last_line_says_what_silence_rests_on(report: Report, last: str):
    assert plain(report).splitlines()[-1] == last


def test_undecided_questions_stand_right_above_the_sum():
    lines = plain(Report(undecided=("history is cut off\nrun: git fetch --unshallow",), notes=("n",))).splitlines()

    assert lines[:4] == ["note: n", "", "undecided: history is cut off", "           run: git fetch --unshallow"]


def test_one_name_cannot_flood_the_log():
    assert plain(Report(findings=(replace(RENAMED, message="x" * 1_000_000),))).count("x") < 2_100


def test_ten_thousand_findings_of_ten_thousand_subjects_take_seconds_at_most():
    findings = tuple(
        replace(RENAMED, subject=f"s{n}", location=Region(USERS, n + 1, 5, n + 1, 9)) for n in range(10_000)
    )
    compared = tuple(Compared(f"s{n}", f"{n}.avsc", "FULL", "changed", (version(1),)) for n in range(10_000))
    rules = (*RULES, *(RuleInfo(f"r{n}", "", Severity.ERROR, "") for n in range(100)))
    start = time.process_time()

    plain(Report(findings=findings, compared=compared, rules=rules))

    assert time.process_time() - start < 20
