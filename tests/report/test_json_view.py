from __future__ import annotations

import json
import re

import jsonschema
import pytest
from hypothesis import given
from msgspec.structs import replace
from tests.report.samples import RICH
from tests.report.strategies import reports

from schemagate.errors import UsageError
from schemagate.finding import Finding, Report, Severity
from schemagate.report.json_view import dump, json_schema, load
from schemagate.report.text import render


def test_gives_back_the_same_report():
    assert load(dump(RICH)) == RICH


@given(reports)
def test_loses_nothing_of_any_report(report: Report):
    again = load(dump(report))

    assert again == report
    assert dump(again) == dump(report)
    assert render(again, colour=True, width=80) == render(report, colour=True, width=80)


@given(reports)
def test_every_report_validates_against_the_published_schema(report: Report):
    jsonschema.Draft202012Validator(json_schema()).validate(json.loads(dump(report)))


@given(reports)
def test_is_plain_ascii_without_commands(report: Report):
    text = dump(report)

    assert re.findall(r"[^\n -~]|##|^\s*::", text, re.MULTILINE) == []


def test_published_schema_closes_every_object_and_requires_every_field():
    objects = [one for one in json_schema()["$defs"].values() if one["type"] == "object"]

    assert [one["title"] for one in objects if one["additionalProperties"] is not False] == []
    assert [one["title"] for one in objects if set(one["required"]) != set(one["properties"])] == []


def test_summary_and_exit_code_are_there_for_scripts():
    found = json.loads(dump(RICH))

    assert found["schemagate"] == {"report": 1, "version": "0.1.0"}
    assert found["exit_code"] == 3
    assert found["summary"] == {"errors": 5, "warnings": 1, "notices": 1, "inherited": 1, "suppressed": 1}


def test_arguments_that_json_cannot_hold_are_told_in_words():
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    finding = Finding("r", Severity.ERROR, "m", args={"inf": [float("inf"), -float("inf"), float("nan")], "deep": deep})

    args = load(dump(Report(findings=(finding,)))).findings[0].args

    assert args["inf"] == ["Infinity", "-Infinity", "NaN"]
    assert json.dumps(args["deep"]) == "[" * 32 + '"..."' + "]" * 32


def test_newer_format_says_what_to_do():
    text = dump(replace(RICH, version="9.0")).replace('"report": 1', '"report": 2')

    with pytest.raises(UsageError) as caught:
        load(text)

    assert caught.value.message == "the report has format 2, this schemagate reads formats up to 1"
    assert caught.value.hint == "read it with schemagate 9.0 or newer"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not a schemagate report: not JSON (Expecting value: line 1 column 1 (char 0))"),
        ("NaN", "not a schemagate report: not JSON (NaN is not JSON)"),
        ("[]", "not a schemagate report: expected a JSON object with schemagate.report, the format's version"),
        (
            '{"schemagate": {"report": true}}',
            "not a schemagate report: expected a JSON object with schemagate.report, the format's version",
        ),
        (
            '{"schemagate": {"report": 1, "version": ""}}',
            "not a schemagate report of format 1: Object missing required field `command`",
        ),
        (
            dump(RICH).replace('"line": 9,', '"line": 0,'),
            "not a schemagate report of format 1: Expected `int` >= 1 - at `$.findings[2].location.line`",
        ),
        (
            dump(RICH).replace('"notes"', '"remarks"'),
            "not a schemagate report of format 1: Object contains unknown field `remarks`",
        ),
        (
            dump(RICH).replace('"notes"', '"extra": 1, "notes"'),
            "not a schemagate report of format 1: Object contains unknown field `extra`",
        ),
    ],
)
def test_other_text_is_refused_with_the_reason(text: str, message: str):
    with pytest.raises(UsageError) as caught:
        load(text)

    assert caught.value.message == message


def test_deeply_nested_text_is_refused():
    with pytest.raises(UsageError, match="not a schemagate report: not JSON"):
        load("[" * 100_000)
