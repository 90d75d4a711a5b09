"""The fields of a subject over its versions: where each begins and ends, and what becomes of it."""

from __future__ import annotations

from itertools import pairwise

from tests.rules.lineages import enum, field, record, schemas

from schemagate.engine.edits import edits
from schemagate.engine.lifelines import lifelines


def drawn(*texts):
    versions = schemas(*texts)
    steps = [[], *(edits(old, new) for old, new in pairwise(versions))]
    return lifelines(versions, steps)


def told(*texts) -> list[tuple[str, str, list[tuple[int, str, str]]]]:
    """Each line's path, spans and events, the births of the first version left out."""
    return [
        (
            line.path,
            " ".join(f"{first}-{past}" for first, past in line.spans),
            [(e.version, e.what, e.text) for e in line.events if (e.version, e.what) != (0, "born")],
        )
        for line in drawn(*texts)
    ]


NULLABLE = ["null", "string"]


def test_a_field_begins_where_it_is_added_beside_its_neighbours():
    assert told(
        record(field("int", "a"), field("int", "c")), record(field("int", "a"), field("int", "b"), field("int", "c"))
    ) == [
        ("$.a", "0-2", []),
        ("$.b", "1-2", [(1, "born", "int, no default")]),
        ("$.c", "0-2", []),
    ]


def test_a_field_ends_where_it_is_removed_and_its_line_goes_on_where_it_comes_back():
    with_b, without = record(field("int", "a"), field("int", "b", default=1)), record(field("int", "a"))

    assert told(with_b, without, without, with_b) == [
        ("$.a", "0-4", []),
        ("$.b", "0-1 3-4", [(1, "retired", ""), (3, "back", "int, default 1")]),
    ]


def test_a_renamed_field_is_one_line_with_what_is_below_it():
    inner = record(field("int", "zip"), name="Place")
    old, new = record(field(inner, "home")), record(field(inner, "address", aliases=["home"]))

    assert told(old, new) == [
        (
            "$.address",
            "0-2",
            [(1, "renamed", "home → address (by alias)"), (1, "reworded", "doc, aliases, order or a property")],
        ),
        ("$.address.zip", "0-2", []),
    ]


def test_a_rename_inside_a_shared_type_is_told_at_each_of_its_uses():
    def uses(name: str, **more: object):
        place = record(field("int", name, **more), name="Place")
        return record(field(place, "home"), field("Place", "work"))

    lines = told(uses("zip"), uses("code", aliases=["zip"]))

    assert [(path, span) for path, span, _ in lines] == [
        ("$.home", "0-2"),
        ("$.home.code", "0-2"),
        ("$.work", "0-2"),
        ("$.work.code", "0-2"),
    ]
    assert lines[1][2][0] == lines[3][2][0] == (1, "renamed", "zip → code (by alias)")


def test_types_defaults_symbols_and_words():
    first = record(field("int", "n"), field(enum("A", "B"), "e"), field("string", "s", default="x"), field("int", "d"))
    second = record(
        field("long", "n", default=1), field(enum("A", "C"), "e"), field("string", "s"), field("int", "d", doc="Days.")
    )

    assert [events for _, _, events in told(first, second)] == [
        [(1, "retyped", "int → long"), (1, "defaulted", "default 1")],
        [(1, "symbols", "+ C, - B")],
        [(1, "undefaulted", 'was default "x"')],
        [(1, "reworded", "doc, aliases, order or a property")],
    ]


def test_a_type_in_a_word():
    lines = drawn(
        record(
            field(NULLABLE, "a"),
            field({"type": "array", "items": NULLABLE}, "b"),
            field(["null", {"type": "map", "values": "int"}], "c"),
            field({"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}, "d"),
            field(["int", "string"], "e"),
            field({"type": "array", "items": ["int", "string"]}, "f"),
        )
    )

    assert [line.type for line in lines] == [
        "string?",
        "string?[]",
        "int{}?",
        "decimal(9, 2)",
        "int | string",
        "(int | string)[]",
    ]


def test_a_recursive_type_is_entered_once_and_a_type_without_fields_has_no_line():
    tree = record(field("int", "value"), field(["null", "Tree"], "left"), name="Tree")

    assert [path for path, _, _ in told(tree)] == ["$.value", "$.left"]
    assert told(enum("A")) == []
