"""The formats that other systems read: limits, escaping, and what each system's own schema says of them."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import jsonschema
import pytest
import xmlschema
from hypothesis import given, settings
from msgspec.structs import replace
from tests.report.samples import CLEAN, HOSTILE_NAME, NOTICE, RENAMED, RICH, SCALE
from tests.report.strategies import reports

from schemagate.engine.linehash import line_hashes
from schemagate.finding import Finding, Region, Report, Severity
from schemagate.report import github, gitlab, junit, markdown, sarif

DATA = Path(__file__).parent / "data"
GOLDEN = Path(__file__).parent / "golden"
GITLAB = jsonschema.Draft202012Validator(
    json.loads((DATA / "gitlab-code-quality.schema.json").read_text(encoding="utf-8"))
)
COMMAND = re.compile(r"::(error|warning|notice)( [^:]*)?::[^\r\n]*")


def many(count: int, severity: Severity = Severity.ERROR) -> tuple[Finding, ...]:
    return tuple(
        replace(RENAMED, severity=severity, path=f"$.f{n}", fingerprint=f"{n:012x}", location=None)
        for n in range(count)
    )


def commands(report: Report) -> list[str]:
    return [line for line in github.render(report).splitlines() if line.startswith("::")]


@given(reports)
def test_no_schema_text_becomes_a_command(report):
    *found, total = github.render(report).splitlines()

    assert [line for line in found if not COMMAND.fullmatch(line)] == []
    assert total.startswith("schemagate: ")
    assert [line for line in found if re.search(r"##\[|##[a-zA-Z]+\[", line)] == []


def test_the_worst_comes_first_and_inherited_is_not_annotated():
    kinds = [line.split(" ", 1)[0] for line in commands(RICH)]

    assert kinds == ["::error"] * 6 + ["::warning", "::notice"]
    assert not [line for line in commands(RICH) if "enum-symbol-removed" in line]


@pytest.mark.parametrize(("found", "shown", "last"), [(10, 10, "field-renamed"), (11, 10, "2 more errors")])
def test_ten_of_a_type_are_shown_and_the_last_says_how_many_more(found, shown, last):
    lines = commands(Report(findings=many(found)))

    assert (len(lines), last in lines[-1]) == (shown, True)


def test_a_column_is_given_only_within_one_line():
    one = commands(Report(findings=(RENAMED,)))[0]
    several = commands(Report(findings=(replace(RENAMED, location=Region("a,b:c.avsc", 3, 5, 7, 9)),)))[0]

    assert one.startswith("::error file=schemas/avro/user_created.avsc,line=9,col=5,endColumn=38,title=")
    assert several.startswith("::error file=a%2Cb%3Ac.avsc,line=3,endLine=7,title=")


def test_junit_is_what_jenkins_reads():
    schema = xmlschema.XMLSchema(DATA / "junit-10.xsd")

    assert [schema.is_valid(io.StringIO(junit.render(report))) for report in (RICH, CLEAN, Report())] == [True] * 3


@settings(max_examples=25)
@given(reports)
def test_junit_is_xml_whatever_the_schemas_say(report):
    schema = xmlschema.XMLSchema(DATA / "junit-10.xsd")

    assert [error.reason for error in schema.iter_errors(io.StringIO(junit.render(report)))] == []


def test_junit_shows_what_xml_forbids():
    text = junit.render(Report(findings=(replace(RENAMED, message="a\ufffe\uffffb\x00c"),)))

    assert r"a\u{fffe}\u{ffff}b\u{0}c" in text


def test_junit_has_one_failure_a_case_and_a_passing_case_for_what_is_clean():
    text = junit.render(replace(RICH, findings=(RENAMED, replace(RENAMED, path="$.other"))))

    assert text.count("<failure") == 1
    assert "and 1 more" in text
    assert 'testcase time="0" classname="refund-value" name="breaking"' in text


@pytest.mark.parametrize("name", ["rich", "clean"])
def test_the_golden_reports_are_what_gitlab_reads(name):
    issues = json.loads((GOLDEN / f"{name}.gitlab.json").read_text(encoding="utf-8"))

    assert list(GITLAB.iter_errors(issues)) == []
    assert list(GITLAB.iter_errors([{"description": "no place, no fingerprint"}])) != []


@pytest.mark.parametrize("name", ["rich", "clean"])
def test_the_golden_reports_are_what_jenkins_reads(name):
    xmlschema.XMLSchema(DATA / "junit-10.xsd").validate(GOLDEN / f"{name}.junit.xml")


@given(reports)
def test_gitlab_issues_are_complete_and_their_fingerprints_differ(report):
    issues = json.loads(gitlab.render(report))

    assert len(issues) == len(report.counted) + len(report.undecided)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert {issue["severity"] for issue in issues} <= {"info", "minor", "major", "blocker"}


@given(reports)
def test_sarif_regions_are_one_line_each_and_rules_are_found_by_their_index(report):
    run = json.loads(sarif.render(report))["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]

    for result in run["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region["startLine"] == region["endLine"]
        assert region["startColumn"] < region["endColumn"]
        assert "ruleIndex" not in result or rules[result["ruleIndex"]] == result["ruleId"]
    assert run["invocations"][0]["executionSuccessful"] is not bool(report.undecided)


def test_sarif_tells_accepted_findings_as_suppressed_results():
    run = json.loads(sarif.render(RICH))["runs"][0]

    assert [result["suppressions"] for result in run["results"] if "suppressions" in result] == [
        [
            {
                "kind": "external",
                "status": "accepted",
                "justification": "the topic was drained on 2026-11-01 (owner payments, until 2026-12-31)",
            }
        ]
    ]


def test_sarif_has_the_hash_that_code_scanning_computes():
    report = replace(CLEAN, findings=(NOTICE,), line_hashes={NOTICE.location.path: {6: "271789c17abda88f:1"}})
    (result,) = json.loads(sarif.render(report))["runs"][0]["results"]

    assert result["partialFingerprints"] == {
        "schemagate/v1": NOTICE.fingerprint,
        "primaryLocationLineHash": "271789c17abda88f:1",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" a\nb\n  \t\tc\n d", ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]),
        ("x\r\n" * 2 + "x", line_hashes("x\n" * 2 + "x", (1, 2, 3)).values()),
    ],
    ids=["as GitHub's own tests expect", "CRLF is LF"],
)
def test_line_hashes(text, expected):
    assert list(line_hashes(text, range(1, 9)).values()) == list(expected)


def test_equal_lines_are_told_apart_by_their_occurrence():
    text = ("a" * 200 + "\n") * 3

    assert [one.partition(":")[2] for one in line_hashes(text, (1, 2, 3)).values()] == ["1", "2", "3"]


@pytest.mark.parametrize(("make", "limit"), [(markdown.render, 900 * 1024), (markdown.comment, 60_000)])
def test_markdown_keeps_within_its_limit_and_says_what_it_left_out(make, limit):
    text = make(replace(RICH, findings=many(5_000)))
    left = re.search(r"\*\*([\d,]+) more findings did not fit here", text)

    assert len(text.encode()) <= limit
    assert text.count("<details open>") + int(left[1].replace(",", "")) == 5_000


@given(reports)
def test_markdown_lets_no_text_become_markup(report):
    text = markdown.render(report)
    outside = re.sub(r"^(`{3,})json\n.*?\n\1$", "", text, flags=re.DOTALL | re.MULTILINE)

    tags = set(re.findall(r"<(/?[A-Za-z!][^\s>]*)", outside))
    assert tags <= {"details", "/details", "summary", "/summary", "code", "/code", "br", "!--"}
    assert re.search(r"(?<!\w)@\w", re.sub(r"<code>[^<]*</code>", "", outside)) is None


def test_markdown_says_what_was_compared_when_all_is_well():
    text = markdown.render(CLEAN)

    assert text.startswith("### ✅ schemagate check: ok")
    assert "| <code>user-created-value</code> | ✅ clean (changed) | v1 (main@01f2c1a, registry 1) |" in text


def test_a_comment_is_found_again_by_its_marker():
    assert markdown.comment(CLEAN, "schemagate:check").startswith("<!-- schemagate:check -->\n")


def test_hostile_names_stay_text_in_every_format():
    report = replace(RICH, findings=(HOSTILE_NAME, SCALE))

    for make in (github.render, gitlab.render, junit.render, markdown.render, sarif.render):
        assert "\x1b" not in make(report)
