"""The text that a registry stores, against what ``Schema.toString`` of Avro Java 1.12.1 made of the same schemas."""

from __future__ import annotations

import json
from pathlib import Path

from schemagate.avsc.read import read_text
from schemagate.schema.java_text import java_text, spellings

ROWS = Path(__file__).parent / "data" / "java_text.jsonl"
"""``schema`` and its ``references``; ``text`` with the references' own types as names, ``resolved`` (where it is
another) with them written out."""


def texts(row: dict) -> tuple[str, str]:
    known, others = set(), {}
    for reference in row.get("references", ()):
        defined = spellings(read_text(reference).value)
        known.add(next(iter(defined)))
        others.update(defined)
    value = read_text(row["schema"]).value
    return java_text(value, known=known, others=others), java_text(value, others=others)


def test_texts_are_java_s_letter_by_letter():
    rows = [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines()]
    expected = [(row["text"], row.get("resolved", row["text"])) for row in rows]

    assert [texts(row) for row in rows] == expected
    assert len(rows) > 200


def test_a_text_written_again_stays_as_it_is():
    for line in ROWS.read_text(encoding="utf-8").splitlines():
        resolved = texts(json.loads(line))[1]

        assert java_text(read_text(resolved).value) == resolved


def test_comments_and_white_space_are_gone_doc_and_properties_stay():
    text = """// ours
    {"type": "record", "name": "x.R", "doc": "Kept.", "fields": [
        {"name": "a", "type": "int" /* not this */, "pii": true}
    ], "owner": {"team": "a"}}"""

    assert java_text(read_text(text).value) == (
        '{"type":"record","name":"R","namespace":"x","doc":"Kept.",'
        '"fields":[{"name":"a","type":"int","pii":true}],"owner":{"team":"a"}}'
    )


def test_normalized_properties_and_aliases_are_sorted_and_a_logical_type_comes_first():
    decimal = {"type": "bytes", "zz": 1, "scale": 0, "aa": {"y": 1, "x": 2}, "precision": 4, "logicalType": "decimal"}
    field = {"name": "a", "type": decimal, "aliases": ["z", "b"], "z": 1, "y": 2}
    record = {"type": "record", "name": "R", "doc": "", "aliases": ["Q", "P"], "fields": [field], "b": 1, "a": 2}

    assert java_text(record, normal=True) == (
        '{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"bytes","logicalType":"decimal",'
        '"precision":4,"aa":{"x":2,"y":1},"scale":0,"zz":1},"aliases":["b","z"],"y":2,"z":1}],'
        '"a":2,"b":1,"aliases":["P","Q"]}'
    )


def test_depth_needs_no_stack():
    value: object = "int"
    for _ in range(50_000):
        value = {"type": "array", "items": value}

    assert len(java_text(value)) == 50_000 * len('{"type":"array","items":}') + len('"int"')
