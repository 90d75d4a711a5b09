"""The plainest value of a type."""

from __future__ import annotations

import json

import pytest

from schemagate.avsc.tree import NO_VALUE
from schemagate.fix.filler import filler, neutral
from schemagate.schema.model import Factory
from schemagate.schema.names import schema_of


def filled(type_: object) -> object:
    schema = schema_of(type_, Factory(), "a.avsc")
    return filler(schema, schema.root)


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("string", ""),
        ("long", 0),
        ("boolean", False),
        ({"type": "array", "items": "int"}, []),
        ({"type": "map", "values": "int"}, {}),
        (["null", "int"], None),
        (["int", "null"], 0),
        ({"type": "string", "logicalType": "uuid"}, "00000000-0000-0000-0000-000000000000"),
        ({"type": "bytes", "logicalType": "decimal", "precision": 4, "scale": 2}, "\x00"),
        ({"type": "fixed", "name": "F", "size": 2}, "\x00\x00"),
        ({"type": "enum", "name": "E", "symbols": ["A", "NOT_KNOWN", "UNKNOWN"]}, "UNKNOWN"),
        ({"type": "enum", "name": "E", "symbols": ["A", "UNKNOWN"], "default": "A"}, "A"),
        (
            {
                "type": "record",
                "name": "R",
                "fields": [{"name": "a", "type": "int"}, {"name": "b", "type": "int", "default": 1}],
            },
            {"a": 0},
        ),
    ],
    ids=json.dumps,
)
def test_a_type_has_a_plain_value(type_, expected):
    assert filled(type_) == expected


def test_a_record_that_holds_itself_and_a_huge_fixed_have_none():
    assert filled({"type": "record", "name": "R", "fields": [{"name": "r", "type": "R"}]}) is NO_VALUE
    assert filled({"type": "fixed", "name": "F", "size": 100_000}) is NO_VALUE


def test_a_neutral_symbol_is_known_by_its_words():
    assert neutral(("NEW", "STATUS_UNSPECIFIED")) == "STATUS_UNSPECIFIED"
    assert neutral(("NEW", "ONENESS")) == "NEW"
