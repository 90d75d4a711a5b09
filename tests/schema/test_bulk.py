"""The fast reader gives what the slow one gives: the same nodes, the same problems."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from schemagate.avsc.read import read
from schemagate.schema.bulk import VersionReader
from schemagate.schema.model import Factory
from schemagate.schema.names import Definition, schema_of

PAIRS = Path(__file__).parents[1] / "conformance" / "data" / "pairs_dev.jsonl"


def assert_same(data, reader, index):
    document = read(data, "own")
    fast = reader.read(data, "own", index)
    if not document.readable:
        assert fast is None
        return
    slow = schema_of(document.value, reader.factory, "own", index)
    refused = any(p.refused for p in (*document.problems, *slow.problems))

    assert fast is not None
    assert any(p.refused for p in fast.problems) == refused
    assert fast.root is slow.root
    if not refused:
        assert (fast.types, fast.origins, fast.undefined, fast.document) == (
            slow.types,
            slow.origins,
            slow.undefined,
            slow.document,
        )
        assert sorted(map(repr, fast.problems)) == sorted(map(repr, slow.problems))


def pretty(value, indent=2, *, jackson=False, newline="\n"):
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    if jackson:
        text = re.sub(r"\[\s+\{", "[ {", text)
        text = re.sub(r"\},\s+\{", "}, {", text)
        text = re.sub(r"\}\s+\]", "} ]", text)
    return text.replace("\n", newline).encode()


def test_same_as_slow_on_every_generated_schema():
    reader = VersionReader(Factory())
    for line in PAIRS.read_text("utf-8").splitlines():
        row = json.loads(line)
        for side in ("reader", "writer"):
            assert_same(row[side].encode(), reader, {})
            document = read(row[side].encode(), "own")
            if document.readable:
                assert_same(pretty(document.value), reader, {})


NAMES = st.sampled_from(["A", "B", "C", "n.A", "n.B", "Out"])
SIMPLE = st.one_of(st.sampled_from(["int", "string", "null"]), NAMES)
ENUMS = st.builds(
    lambda name, symbols: {"type": "enum", "name": name, "symbols": symbols},
    NAMES,
    st.lists(st.sampled_from("XYZ"), max_size=2),
)
TYPES = st.recursive(
    st.one_of(SIMPLE, ENUMS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.builds(lambda items: {"type": "array", "items": items}, inner),
        st.builds(
            lambda name, fields: {"type": "record", "name": name, "fields": fields},
            NAMES,
            st.lists(st.deferred(lambda: FIELDS), max_size=3),
        ),
    ),
    max_leaves=4,
)
FIELDS = st.builds(
    lambda name, type_, more: {"name": name, "type": type_} | more,
    st.sampled_from(["a", "b", "c", "ö"]),
    TYPES,
    st.sampled_from([{}, {"default": None}, {"default": {}}, {"default": "X"}, {"default": 1, "doc": 1}]),
)
RECORDS = st.builds(
    lambda name, fields, more: {"type": "record", "name": name, "fields": fields} | more,
    NAMES,
    st.lists(FIELDS, max_size=4),
    st.sampled_from([{}, {}, {"namespace": "n"}, {"x": 2**70}, {"aliases": ["q"]}, {"doc": 5}]),
)


SPELLINGS = st.sampled_from(
    [
        lambda value: json.dumps(value).encode(),
        lambda value: json.dumps(value, separators=(",", ":")).encode(),
        pretty,
        lambda value: pretty(value, 0),
        lambda value: pretty(value, "\t", newline="\r\n"),
        lambda value: pretty(value, jackson=True),
    ]
)
OUT = {"type": "enum", "name": "Out", "symbols": ["X"]}


@settings(max_examples=300, deadline=None)
@given(st.lists(RECORDS, min_size=1, max_size=4), SPELLINGS)
def test_same_as_slow_on_any_sequence_of_records(values, spelled):
    reader = VersionReader(Factory())
    index = {"Out": Definition(schema_of(OUT, reader.factory).root, "out.avsc")}
    for value in values:
        assert_same(spelled(value), reader, index)


@st.composite
def histories(draw):
    """Versions of one record, each with an edit or two of the one before, nested or not."""
    fields = draw(st.lists(FIELDS, min_size=1, max_size=5))
    for i, field in enumerate(fields):
        field["name"] = f"f{i}"
    versions = [fields]
    for number in range(draw(st.integers(1, 5))):
        fields = json.loads(json.dumps(versions[-1]))
        for edit in range(draw(st.integers(1, 2))):
            target = draw(st.sampled_from(list(lists_of_fields(fields))))
            at = draw(st.integers(0, len(target)))
            how = draw(st.sampled_from(["insert", "replace", "remove", "double"]))
            new = draw(FIELDS) | {"name": f"g{number}{edit}"}
            if how == "double" and target:
                new = target[0]
            target[at : at + (how in ("replace", "remove"))] = [] if how == "remove" else [new]
        versions.append(fields)
    return [
        {"type": "record", "name": "n.R", "fields": fields, "doc": draw(st.sampled_from("abb"))} for fields in versions
    ]


def lists_of_fields(fields):
    yield fields
    stack = list(fields)
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, dict):
            if "fields" in item:
                yield item["fields"]
                stack.extend(item["fields"])
            stack.extend(item[key] for key in ("type", "items") if key in item)


@settings(max_examples=150, deadline=None)
@given(histories(), SPELLINGS)
def test_same_as_slow_on_any_history_of_one_record(values, spelled):
    reader = VersionReader(Factory())
    index = {"Out": Definition(schema_of(OUT, reader.factory).root, "out.avsc")}
    for value in values + values[::-1]:
        assert_same(spelled(value), reader, index)


@settings(max_examples=100, deadline=None)
@given(histories(), st.data())
def test_same_as_slow_on_texts_that_are_cut_or_doubled_anywhere(values, data):
    reader = VersionReader(Factory())
    texts = [pretty(value) for value in values]
    for text in texts:
        assert_same(text, reader, {})
        lines = text.split(b"\n")
        start, stop = sorted((data.draw(st.integers(0, len(lines))), data.draw(st.integers(0, len(lines)))))
        twice = data.draw(st.sampled_from([b"", None]))
        broken = lines[:start] + ([] if twice is None else lines[start:stop] * 2) + lines[stop:]
        assert_same(b"\n".join(broken), reader, {})


FIELD = '{\n      "name": "a",\n      "type": "int"\n    }'
OTHER = FIELD.replace("int", "long")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (f'"fields": [\n    {FIELD}\n  ],\n  "fields": [\n    {FIELD}\n  ]', 0),
        (f'"x": [\n    {FIELD}\n  ],\n  "fields": [\n    {FIELD}\n  ]', 0),
        (f'"fields": [\n    {FIELD}\n  ],\n  "x": [\n    {FIELD}\n  ]', -1),
        (f'"x": {FIELD},\n  "fields": [\n    {FIELD}\n  ]', 0),
        (f'"x": {{\n  "fields": [\n    {FIELD}\n  ]\n  }},\n  "fields": ["\\u0000"]', 0),
        (
            (
                f'"fields": [{{"name": "b", "type": {{"type": "E", "": {{"type": "record",\n  '
                f'"fields": [\n    {FIELD}\n  ]}}}}}}]'
            ),
            0,
        ),
        (f'"x": ["\\u0000"],\n  "fields": [\n    {FIELD}\n  ]', 0),
        (f'"x": "\\u0000",\n  "fields": [\n    {FIELD},\n    {FIELD.replace("a", "b", 1)}\n  ]', -1),
    ],
)
def test_only_the_fields_themselves_are_taken_for_fields(first, second):
    reader = VersionReader(Factory())
    texts = [f'{{\n  "type": "record",\n  "name": "R",\n  {first}\n}}']
    head, _, tail = texts[0].partition(FIELD) if second == 0 else texts[0].rpartition(FIELD)
    texts += [head + OTHER + tail, texts[0]]

    for text in texts:
        assert_same(text.encode(), reader, {})


def test_a_nested_record_is_known_by_its_fields_with_problems_where_they_stand():
    reader = VersionReader(Factory())

    def version(kind):
        inner = [
            {"name": "e", "type": {"type": "enum", "name": "E", "symbols": ["A"]}, "default": "B", "doc": 1},
            {"name": "x", "type": kind},
        ]
        nested = {"name": "o", "type": ["null", {"type": "record", "name": "In", "fields": inner}]}
        return pretty({"type": "record", "name": "R", "fields": [{"name": "y", "type": "int"}, nested]})

    told = [[(p.rule, p.pointer) for p in reader.read(version(kind), "d").problems] for kind in ("int", "long")]

    at = "/fields/1/type/1/fields/0"
    assert told == [[("bad-doc", at), ("default-not-exact", at)]] * 2


def test_a_definition_in_two_fields_is_seen_though_each_field_is_known():
    reader = VersionReader(Factory())

    def version(*symbols):
        kinds = [{"type": "enum", "name": "E", "symbols": [symbol]} for symbol in symbols]
        fields = [{"name": f"f{i}", "type": kind} for i, kind in enumerate(kinds)]
        return json.dumps({"type": "record", "name": "R", "fields": fields}).encode()

    assert reader.read(version("A"), "d").problems == ()
    assert [p.rule for p in reader.read(version("A", "B"), "d").problems] == ["duplicate-type"]
    assert [p.rule for p in reader.read(version("A", "A"), "d").problems] == ["type-redefined"]


def test_a_field_means_what_its_namespace_makes_of_it():
    reader = VersionReader(Factory())

    def version(namespace):
        kind = {"type": "enum", "name": "E", "symbols": ["A"]}
        return json.dumps(
            {"type": "record", "name": "R", "namespace": namespace, "fields": [{"name": "a", "type": kind}]}
        ).encode()

    assert [sorted(reader.read(version(n), "d").types) for n in ("m", "n", "m")] == [
        ["m.E", "m.R"],
        ["n.E", "n.R"],
        ["m.E", "m.R"],
    ]


def test_text_that_holds_nothing_is_none():
    assert VersionReader(Factory()).read(b"", "d") is None
