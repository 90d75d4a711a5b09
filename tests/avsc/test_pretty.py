"""A JSON text laid out for people says what it said, however it was laid out before."""

from __future__ import annotations

import json

import pytest

from schemagate.avsc.pretty import pretty

RECORD = {"type": "record", "name": "User", "fields": [{"name": "id", "type": "string"}]}


def test_fields_stand_one_a_line_and_short_values_on_one():
    inner = {"name": "home", "type": {**RECORD, "name": "Home"}}
    text = json.dumps({**RECORD, "fields": [*RECORD["fields"], inner, {"name": "e", "type": {"fields": []}}]})

    assert pretty(text).splitlines() == [
        "{",
        '  "type": "record",',
        '  "name": "User",',
        '  "fields": [',
        '    {"name": "id", "type": "string"},',
        "    {",
        '      "name": "home",',
        '      "type": {',
        '        "type": "record",',
        '        "name": "Home",',
        '        "fields": [',
        '          {"name": "id", "type": "string"}',
        "        ]",
        "      }",
        "    },",
        '    {"name": "e", "type": {"fields": []}}',
        "  ]",
        "}",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"string"', '"string"\n'),
        (' [ "null" ,"string" ]', '[\n  "null",\n  "string"\n]\n'),
        ("{}", "{}\n"),
        (
            '{"a":1.50e3,"b":-0.0,"c":100000000000000000000}',
            '{\n  "a": 1.50e3,\n  "b": -0.0,\n  "c": 100000000000000000000\n}\n',
        ),
        ('{"a":"\\u0041 \\" , ] }"}', '{\n  "a": "\\u0041 \\" , ] }"\n}\n'),
    ],
)  # fmt: skip
def test_strings_and_numbers_stay_as_they_are_spelled(text, expected):
    assert pretty(text) == expected


def test_what_is_longer_than_a_line_is_broken():
    text = json.dumps({"symbols": ["S" * 40, "T" * 40, "U" * 40]})

    assert len(pretty(text).splitlines()) == 7
    assert json.loads(pretty(text)) == json.loads(text)


def test_any_depth_is_laid_out():
    deep = "[" * 5_000 + "]" * 5_000

    assert pretty(deep).replace("\n", "").replace(" ", "") == deep


def test_laying_out_twice_changes_nothing():
    once = pretty(json.dumps(RECORD))

    assert pretty(once) == once


@pytest.mark.parametrize("text", ["", "{", "]]", '{"a"', "nonsense here"])
def test_what_is_no_json_is_no_error(text):
    assert pretty(text).replace("\n", "").replace(" ", "") == text.replace(" ", "")
