"""The reason: which cause, where, once."""

from __future__ import annotations

import pytest

from schemagate.compat.explain import MOST_TOLD, explain
from schemagate.compat.solve import Solver
from schemagate.schema.model import Enum, Factory, Fixed, Record
from schemagate.schema.names import Definition, schema_of

from .schemas import enum, field, fixed, reasons, record, told

A = record("A", field("x", "int"))


@pytest.mark.parametrize(
    ("reader", "writer", "expected"),
    [
        ("string", "int", [("TYPE_MISMATCH", "$", "string", "int")]),
        (A, {**A, "name": "B"}, [("NAME_MISMATCH", "$", "A", "B")]),
        (fixed("F", 8), fixed("F", 4), [("FIXED_SIZE_MISMATCH", "$", 8, 4)]),
        (enum("E", "X"), enum("E", "Y", "X", "Z"), [("MISSING_ENUM_SYMBOLS", "$", ["X"], ["Y", "Z"])]),
        (record("R", field("a", "int")), record("R"), [("READER_FIELD_MISSING_DEFAULT_VALUE", "$.a", "a", None)]),
        (
            record("R", field("a", "int", aliases=["b", "c"])),
            record("R", field("c", "int"), field("a", "int")),
            [("AMBIGUOUS_FIELD", "$.a", "a", ["a", "c"])],
        ),
        (["null", "string"], ["null", "string", "int"], [("MISSING_UNION_BRANCH", "$", ["null", "string"], "int")]),
        (
            {"type": "array", "items": record("R", field("price", "int"))},
            {"type": "array", "items": record("R", field("price", "long"))},
            [("TYPE_MISMATCH", "$[].price", "int", "long")],
        ),
        (
            {"type": "map", "values": "int"},
            {"type": "map", "values": "long"},
            [("TYPE_MISMATCH", "${}", "int", "long")],
        ),
    ],
    ids=["primitive", "name", "size", "symbols", "default", "ambiguous", "branch", "items", "values"],
)
def test_each_kind_says_what_was_expected_and_found(reader, writer, expected) -> None:
    assert told(reader, writer) == expected


@pytest.mark.parametrize(
    ("reader", "writer", "expected"),
    [
        (
            ["null", record("R", field("a", "int"))],
            ["null", record("R")],
            [("READER_FIELD_MISSING_DEFAULT_VALUE", "$.a", "a", None)],
        ),
        (["null", "string"], ["null", "int"], [("TYPE_MISMATCH", "$", "string", "int")]),
        (["null", "boolean", "int"], ["null", "boolean", "long"], [("TYPE_MISMATCH", "$<int>", "int", "long")]),
        (
            ["null", record("New", field("a", "int"))],
            ["null", record("Old", field("a", "int"))],
            [("NAME_MISMATCH", "$", "New", "Old")],
        ),
        (
            [record("x.R", field("a", "int")), record("y.R", field("b", "int"))],
            record("y.R", field("a", "string")),
            [("READER_FIELD_MISSING_DEFAULT_VALUE", "$<R>.b", "b", None)],
        ),
        ([A], ["null", A], [("MISSING_UNION_BRANCH", "$", ["record A"], "null")]),
        (
            ["null", A],
            ["null", A, record("B", field("x", "int"))],
            [("MISSING_UNION_BRANCH", "$", ["null", "record A"], "record B")],
        ),
        ([], "int", [("MISSING_UNION_BRANCH", "$", [], "int")]),
        (A, [A, record("B", field("y", "int"))], [("NAME_MISMATCH", "$", "A", "B")]),
        (A, ["null", A], [("TYPE_MISMATCH", "$", "record A", "null")]),
    ],
    ids=[
        "same name", "only one", "same family", "renamed", "full name first", "null dropped", "branch added",
        "empty union", "union read by one record", "nullability removed",
    ],
)  # fmt: skip
def test_inside_a_union_the_cause_is_that_of_the_branch_that_was_meant(reader, writer, expected) -> None:
    assert told(reader, writer) == expected


def test_an_added_enum_field_with_an_enum_default_lacks_a_field_default() -> None:
    reader = record("R", field("e", enum("E", "X", default="X")))

    assert told(reader, record("R")) == [("READER_FIELD_MISSING_DEFAULT_VALUE", "$.e", "e", None)]


def test_a_shared_type_that_broke_once_is_told_once_with_all_its_uses() -> None:
    def schema(kind: str) -> dict:
        address = record("Address", field("zip", kind))
        person = record("Person", field("home", address), field("work", "Address"))
        return record("Order", field("buyer", person), field("payer", ["null", "Person"]))

    (one,) = reasons(schema("string"), schema("int"))

    assert (one.path, one.also_at) == ("$.buyer.home.zip", ("$.buyer.work.zip", "$.payer.home.zip", "$.payer.work.zip"))


def test_a_recursive_type_is_no_other_use_of_itself() -> None:
    def schema(kind: str) -> dict:
        return record("Node", field("next", ["null", "Node"]), field("value", kind))

    (one,) = reasons(schema("string"), schema("int"))

    assert (one.path, one.also_at) == ("$.value", ())


def test_causes_come_in_the_readers_document_order() -> None:
    reader = record("R", field("z", "int"), field("a", A), field("m", "string"))
    writer = record("R", field("m", "int"), field("a", record("A", field("x", "string"))))

    assert [path for _, path, _, _ in told(reader, writer)] == ["$.z", "$.a.x", "$.m"]


def test_both_sides_are_placed_and_the_nodes_handed_on() -> None:
    reader = record("R", field("pad", "int", 0), field("a", {"type": "array", "items": ["null", fixed("F", 8)]}))
    writer = record("R", field("a", {"type": "array", "items": [fixed("F", 4), "null"]}))
    (one,) = reasons(reader, writer)

    assert (one.path, one.writer_path) == ("$.a[]", "$.a[]")
    assert (one.reader_pointer, one.writer_pointer) == ("/fields/1/type/items/1", "/fields/0/type/items/0")
    assert (one.reader_field, one.writer_field) == ("a", "a")
    assert isinstance(one.reader, Fixed)
    assert isinstance(one.reader_record, Record)
    assert (one.reader.size, one.reader_record.name) == (8, "R")


def test_a_pointer_leads_to_the_definition_also_in_another_document() -> None:
    factory = Factory()
    texts = {kind: record("Address", field("kind", enum("Kind", *kind))) for kind in ("AB", "ABC")}
    built = {kind: schema_of(text, factory, "address.avsc") for kind, text in texts.items()}
    sides = []
    for kind in ("AB", "ABC"):
        index = {name: Definition(node, "address.avsc") for name, node in built[kind].types.items()}
        sides.append(schema_of(record("R", field("a", "Address")), factory, "order.avsc", index))
    (one,) = explain(*sides, Solver(*sides))

    assert isinstance(one.reader, Enum)
    assert (one.path, one.reader_document, one.reader_pointer) == ("$.a.kind", "address.avsc", "/fields/0/type")


def test_what_makes_the_checker_throw_is_told_even_in_a_branch_that_need_not_be_read() -> None:
    reader = [record("x.R", field("b", "int", aliases=["a"])), record("y.R", field("a", "int"))]
    writer = record("n.R", field("a", "int"), field("b", "int"))

    assert told(reader, writer) == [("AMBIGUOUS_FIELD", "$<R>.b", "b", ["b", "a"])]


def test_an_explanation_is_bounded() -> None:
    reader = record("R", *(field(f"f{i}", "string") for i in range(MOST_TOLD * 2)))
    writer = record("R", *(field(f"f{i}", "int") for i in range(MOST_TOLD * 2)))

    assert len(reasons(reader, writer)) == MOST_TOLD


def test_what_is_compatible_has_no_reasons() -> None:
    assert reasons("long", "int") == ()
