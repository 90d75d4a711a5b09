"""Witnesses: the smallest datum that goes the refuted way, confirmed by decoding, or a reason why there is none."""

from __future__ import annotations

import json

import pytest

import schemagate
from schemagate.compat.chain import around, chain_to, presentable
from schemagate.compat.explain import explain
from schemagate.compat.solve import Solver
from schemagate.compat.witness import fault, trials
from schemagate.schema.datum import Smallest, plain
from schemagate.schema.model import Primitive


def record(name: str, *fields: object) -> dict:
    return {"type": "record", "name": name, "fields": list(fields)}


def field(name: str, type_: object, **more: object) -> dict:
    return {"name": name, "type": type_, **more}


def array(items: object) -> dict:
    return {"type": "array", "items": items}


def map_of(values: object) -> dict:
    return {"type": "map", "values": values}


def proof(reader: object, writer: object) -> tuple[object, str] | None:
    """The datum, and what the reader says."""
    witness = schemagate.find_witness(json.dumps(reader), json.dumps(writer))
    return None if witness is None else (witness.datum, witness.readings[0].error)


CASES = [
    (
        "a field without a default",
        record("R", field("b", "int")),
        record("R", field("a", "int")),
        ({"a": 0}, "no default value for field b"),
    ),
    (
        "another type",
        record("R", field("a", "int")),
        record("R", field("a", "string")),
        ({"a": ""}, "string is written, int expected"),
    ),
    (
        "an unknown symbol",
        {"type": "enum", "name": "E", "symbols": ["A"]},
        {"type": "enum", "name": "E", "symbols": ["A", "B"]},
        ("B", "E has no symbol B"),
    ),
    (
        "another size",
        {"type": "fixed", "name": "F", "size": 2},
        {"type": "fixed", "name": "F", "size": 1},
        ("\0", "1 bytes are written, 2 expected"),
    ),
    ("null where none may be", "string", ["null", "string"], (None, "null is written, string expected")),
    ("a branch that is gone", ["null", "int"], ["null", "int", "string"], ("", "no branch of its union fits string")),
    ("an item of an array", array("int"), array("string"), ([""], "string is written, int expected")),
    ("a value of a map", map_of("int"), map_of("string"), ({"": ""}, "string is written, int expected")),
    ("another name", record("S", field("a", "int")), record("R", field("a", "int")), ({"a": 0}, "R is not S")),
    (
        "two fields for one",
        record("R", field("a", "int", aliases=["b"])),
        record("R", field("a", "int"), field("b", "int")),
        ({"a": 0, "b": 0}, "two of the written fields fit its field `a`"),
    ),
]


@pytest.mark.parametrize(("reader", "writer", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_break_is_proved_by_the_smallest_datum_that_shows_it(reader, writer, expected):
    assert proof(reader, writer) == expected


def test_what_the_reader_reads_has_no_witness():
    assert proof("long", "int") is None


def test_a_datum_goes_down_to_the_place_and_is_small_beside_it():
    item = record("Item", field("sku", "string"), field("tags", {"type": "array", "items": "string"}))
    writer = record("Order", field("note", ["null", "string"]), field("items", {"type": "map", "values": item}))
    reader = json.loads(json.dumps(writer).replace('"name": "sku", "type": "string"', '"name": "sku", "type": "long"'))

    assert proof(reader, writer) == (
        {"note": None, "items": {"": {"sku": "", "tags": []}}},
        "string is written, long expected",
    )


def test_of_several_causes_the_one_of_the_smallest_datum_is_shown_for_its_field_alone():
    writer = record("R", field("list", {"type": "array", "items": "int"}), field("a", ["null", "string"]))
    reader = record("R", field("list", {"type": "array", "items": "string"}), field("a", "string"))
    witness = schemagate.find_witness(reader, writer)

    assert (witness.datum, witness.readings[0].reader, witness.readings[0].error) == (
        {"list": [], "a": None},
        "reader for `a` alone",
        "null is written, string expected",
    )


def test_a_recursive_type_gives_the_smallest_finite_datum():
    tree = record(
        "Tree",
        field("value", "int"),
        field("left", ["null", "Tree"]),
        field("kids", {"type": "array", "items": "Tree"}),
    )
    changed = json.loads(json.dumps(tree).replace('"value", "type": "int"', '"value", "type": "boolean"'))

    assert proof(changed, tree) == ({"value": 0, "left": None, "kids": []}, "int is written, boolean expected")


def test_a_type_without_a_finite_value_is_named():
    endless = schemagate.parse(record("R", field("r", "R"), field("a", "int")))

    assert fault(endless) == "its type has no finite value"
    assert schemagate.find_witness(record("R", field("r", "R"), field("b", "int")), endless) is None


def test_a_break_inside_a_type_that_no_value_can_reach_has_no_witness():
    inner = record("Never", field("n", "Never"), field("e", {"type": "enum", "name": "E", "symbols": ["A", "B"]}))
    writer = record("R", field("list", {"type": "array", "items": inner}))
    reader = json.loads(json.dumps(writer).replace('["A", "B"]', '["A"]'))

    assert not schemagate.can_read(reader, writer)
    assert proof(reader, writer) is None


def test_a_datum_that_doubles_at_each_level_is_not_built():
    definitions = [record(f"L{n}", field("a", f"L{n + 1}"), field("b", f"L{n + 1}")) for n in range(60)]
    text: object = record("L60", field("x", "int"))
    for definition in reversed(definitions):
        definition["fields"][0]["type"] = text
        text = definition

    assert fault(schemagate.parse(text)) == "its smallest value takes more than 20,000 bytes"


def test_a_schema_that_nests_deeper_than_decoders_survive_has_no_witness():
    deep: object = "int"
    for _ in range(60_000):
        deep = {"type": "array", "items": deep}

    assert schemagate.find_witness(record("R", field("b", "int")), record("R", field("a", deep))) is None


def test_where_the_decoder_takes_a_branch_that_does_not_fit_the_checker_s_yes_is_refuted():
    z = {**record("R", field("z", "int")), "namespace": "x"}
    a = {**record("R", field("a", "int")), "namespace": "y"}
    writer = [{**record("R", field("a", "int", default=0)), "namespace": "x"}]

    assert schemagate.can_read([z, a], writer)
    assert proof([z, a], writer) == ({"a": 0}, "no default value for field z")


def test_what_fastavro_reads_though_the_checker_refuses_it_is_not_claimed():
    reader = {"type": "fixed", "name": "HashZ", "aliases": ["Hash"], "size": 4}
    writer = {"type": "fixed", "name": "Hash", "namespace": "org.demo", "size": 4}

    assert not schemagate.can_read(reader, writer)
    assert proof(reader, writer) is None


def test_where_fastavro_prefers_a_name_to_an_alias_it_reads_what_java_refuses():
    reader = record("R", field("a", "int", aliases=["b"]), field("b", "int"))
    writer = record("R", field("a", "int"), field("b", "int"))

    assert not schemagate.can_read(reader, writer)
    assert proof(reader, writer) is None


def test_a_type_of_the_null_namespace_used_inside_another_is_decoded_too():
    writer = [
        record("Plain", field("p", "int")),
        {**record("R", field("p", "Plain"), field("a", "int")), "namespace": "n"},
    ]
    reader = [
        record("Plain", field("p", "int")),
        {**record("R", field("p", "Plain"), field("b", "int")), "namespace": "n"},
    ]

    assert proof(reader, writer) == ({"p": {"p": 0}, "a": 0}, "no default value for field b")


def test_each_missing_symbol_has_a_trial_and_the_smallest_come_first():
    writer = schemagate.parse({"type": "enum", "name": "E", "symbols": ["A", "B", "C"]})
    reader = schemagate.parse({"type": "enum", "name": "E", "symbols": ["A"]})
    found = trials(writer, explain(reader, writer, Solver(reader, writer)))

    assert [trial.datum for trial in found] == ["B", "C"]


def test_a_chain_leads_to_the_part_and_a_value_can_be_put_there():
    schema = schemagate.parse(
        record("R", field("ab", "int"), field("a", {"type": "array", "items": ["null", "string"]}))
    )
    chain = chain_to(schema, "$.a[]", lambda part: isinstance(part, Primitive) and part.kind == "string")
    small = Smallest(schema)

    assert chain is not None
    assert presentable(small, chain, 2)
    assert plain(around(small, chain, "here")) == {"ab": 0, "a": ["here"]}
