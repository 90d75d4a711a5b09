"""The fast reader gives what the slow one gives: the same nodes, the same problems."""

from __future__ import annotations

import json
from pathlib import Path

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


def test_same_as_slow_on_every_generated_schema():
    reader = VersionReader(Factory())
    for line in PAIRS.read_text("utf-8").splitlines():
        row = json.loads(line)
        for side in ("reader", "writer"):
            assert_same(row[side].encode(), reader, {})


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
    st.sampled_from([{}, {"namespace": "n"}, {"x": 2**70}, {"aliases": ["q"]}, {"doc": 5}]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(RECORDS, min_size=1, max_size=4))
def test_same_as_slow_on_any_sequence_of_records(values):
    reader = VersionReader(Factory())
    out = schema_of({"type": "enum", "name": "Out", "symbols": ["X"]}, reader.factory).root
    index = {"Out": Definition(out, "out.avsc")}
    for value in values:
        assert_same(json.dumps(value).encode(), reader, index)


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
