"""Canonical form, fingerprints, the full text, and content as a key."""

from __future__ import annotations

import json
from pathlib import Path

from schemagate.avsc.read import read_text
from schemagate.schema.canonical import (
    content_key,
    fingerprint_sha256,
    parsing_canonical_form,
    to_json,
)
from schemagate.schema.model import Factory
from schemagate.schema.names import Definition, schema_of

PAIRS = Path(__file__).parents[1] / "conformance" / "data" / "pairs_dev.jsonl"
FORWARD = {
    "type": "record",
    "name": "R",
    "namespace": "n",
    "doc": "d",
    "fields": [
        {"name": "a", "type": "E", "doc": "größe"},
        {"name": "b", "type": {"type": "enum", "name": "E", "symbols": ["A"], "default": "A"}, "order": "ignore"},
        {"name": "c", "type": ["null", "R"], "default": None, "aliases": ["x"], "unit": {"b": 1, "a": [1.0, "\ud800"]}},
        {"name": "d", "type": {"type": "fixed", "name": "F", "namespace": "", "size": 4, "aliases": ["G", "m.H"]}},
        {"name": "e", "type": {"type": "bytes", "logicalType": "decimal", "precision": 4}},
    ],
}


def schema(value, factory=None, index=None):
    return schema_of(value, factory or Factory(), "own", index)


def test_the_canonical_form_has_names_and_structure_only():
    assert parsing_canonical_form(schema(FORWARD)) == (
        '{"name":"n.R","type":"record","fields":['
        '{"name":"a","type":{"name":"n.E","type":"enum","symbols":["A"]}},'
        '{"name":"b","type":"n.E"},'
        '{"name":"c","type":["null","n.R"]},'
        '{"name":"d","type":{"name":"F","type":"fixed","size":4}},'
        '{"name":"e","type":"bytes"}]}'
    )


def test_the_full_text_defines_types_where_they_are_first_used():
    assert to_json(schema(FORWARD)) == (
        '{"type":"record","name":"R","namespace":"n","doc":"d","fields":['
        '{"name":"a","type":{"type":"enum","name":"E","symbols":["A"],"default":"A"},"doc":"größe"},'
        '{"name":"b","type":"n.E","order":"ignore"},'
        '{"name":"c","type":["null","n.R"],"default":null,"aliases":["x"],"unit":{"b":1,"a":[1.0,"\\ud800"]}},'
        '{"name":"d","type":{"type":"fixed","name":"F","namespace":"","aliases":["G","m.H"],"size":4}},'
        '{"name":"e","type":{"type":"bytes","logicalType":"decimal","precision":4,"scale":0}}]}'
    )


def test_the_full_text_takes_in_other_documents():
    factory = Factory()
    other = schema({"type": "fixed", "name": "n.F", "size": 1}, factory)
    own = schema(
        {"type": "record", "name": "R", "fields": [{"name": "a", "type": "n.F"}, {"name": "b", "type": "n.F"}]},
        factory,
        {"n.F": Definition(other.root, "f.avsc")},
    )

    assert json.loads(to_json(own))["fields"] == [
        {"name": "a", "type": {"type": "fixed", "name": "F", "namespace": "n", "size": 1}},
        {"name": "b", "type": "n.F"},
    ]


def test_the_full_text_means_the_same_schema():
    factory = Factory()
    for line in PAIRS.read_text("utf-8").splitlines()[:1000]:
        row = json.loads(line)
        if row["reader_error"] is None:
            first = schema(read_text(row["reader"]).value, factory)
            second = schema(json.loads(to_json(first)), factory)

            assert (to_json(second), parsing_canonical_form(second)) == (to_json(first), parsing_canonical_form(first))


def test_sha256_is_of_the_canonical_form():
    assert fingerprint_sha256(schema({"type": "int", "x": 1})) == fingerprint_sha256(schema("int"))


def test_content_is_equal_only_with_equal_definitions_behind_the_names():
    factory = Factory()

    def linked(size, document):
        node = schema({"type": "fixed", "name": "F", "size": size}, factory).root
        return schema({"type": "array", "items": "F"}, factory, {"F": Definition(node, document)})

    assert content_key(linked(1, "a")) == content_key(linked(1, "b"))
    assert content_key(linked(1, "a")) != content_key(linked(2, "a"))
