"""Which part of an old schema is paired with which part of a new one, and where both stand."""

from __future__ import annotations

import json

import pytest
from tests.rules.lineages import enum, field, record, schemas

from schemagate.config import version_of
from schemagate.schema.align import Rename, align, align_from, start_of
from schemagate.schema.model import Factory, Schema
from schemagate.schema.sites import Walk
from schemagate.workspace import Source, load


def aligned(old, new, renames=None):
    """Old and new path, pointers and pairing of every pair that differs, as far as it is no plain type."""
    before, after = schemas(old, new)
    return list(align(before, after, renames))


def paths(old, new):
    return [(c.old_path, c.path, c.how, c.old is not None, c.new is not None) for c in aligned(old, new)]


def pairs(old, new):
    """(old name, new name, how) of the fields of two records."""
    return [
        (getattr(c.old, "name", None), getattr(c.new, "name", None), c.how)
        for c in aligned(old, new)
        if c.path.count(".") == 1 and c.fields is None
    ]


def test_what_is_the_same_is_not_paired():
    assert aligned(record(field("int")), record(field("int"))) == []


def test_fields_are_paired_by_name_and_told_in_the_new_order_the_removed_ones_last():
    old = record(field("int", "gone"), field("int", "kept"), field("int", "same"))
    new = record(field("boolean", "added"), field("long", "kept"), field("int", "same"))

    assert pairs(old, new) == [(None, "added", "name"), ("kept", "kept", "name"), ("gone", None, "name")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (field("int", "a"), field("int", "zzz", aliases=["a"])),
        (field("int", "a", aliases=["zzz"]), field("int", "zzz")),
    ],
)
def test_fields_are_paired_by_an_alias_of_either_side(old, new):
    assert pairs(record(old), record(new)) == [("a", "zzz", "alias")]


def test_a_name_wins_over_an_alias():
    old = record(field("int", "a"), field("int", "b"))
    new = record(field("long", "a", aliases=["b"]))

    assert pairs(old, new) == [("a", "a", "name"), ("b", None, "name")]


def test_likely_renames_are_paired_unless_a_set_says_which_to_believe():
    old, new = record(field("string", "user_id")), record(field("string", "uuid"))

    assert pairs(old, new) == [("user_id", "uuid", "likeness")]
    assert [c.how for c in aligned(old, new, frozenset({Rename("com.example.R", "user_id", "uuid")}))] == [
        "place",
        "likeness",
    ]
    assert {c.how for c in aligned(old, new, frozenset())} == {"place", "name"}


def test_a_type_that_changed_altogether_is_no_likely_rename():
    old, new = record(field("string", "user_id")), record(field("boolean", "flag"))

    assert pairs(old, new) == [(None, "flag", "name"), ("user_id", None, "name")]


def test_collections_of_other_types_are_no_likely_rename():
    old = record(field({"type": "array", "items": "int"}, "int_list"))
    new = record(field(["null", {"type": "array", "items": "string"}], "string_list"))

    assert pairs(old, new) == [(None, "string_list", "name"), ("int_list", None, "name")]


def test_the_same_name_in_another_spelling_is_likelier_than_the_same_place():
    old = record(field("long", "kept"), field("string", "prv_sources"), field("string", "l2_sources"))
    new = record(field("long", "kept"), field("string", "all_sources"), field("string", "prvSources"))

    assert ("prv_sources", "prvSources", "likeness") in pairs(old, new)


def test_the_closest_of_several_names_is_no_rename_unless_it_is_close():
    old = record(field("string", "filter_name"), field("string", "spo2"))
    new = record(field("long", "kept"), field("string", "image_file_name"), field("string", "spo2_value"))

    assert pairs(old, new) == [
        (None, "kept", "name"),
        (None, "image_file_name", "name"),
        ("spo2", "spo2_value", "likeness"),
        ("filter_name", None, "name"),
    ]


def test_paths_and_pointers_lead_through_arrays_maps_and_unions():
    def deep(inner):
        return record(field("int", "x"), field(["null", {"type": "array", "items": {"type": "map", "values": inner}}]))

    last = aligned(deep("int"), deep("long"))[-1]

    assert (last.path, last.old_path) == ("$.f[]{}", "$.f[]{}")
    assert (last.pointer, last.old_pointer) == ("/fields/1/type/1/items/values", "/fields/1/type/1/items/values")


def test_a_type_that_becomes_nullable_is_paired_with_its_branch():
    old, new = record(field(enum("A"))), record(field(["null", enum("A", "B")]))

    assert [(c.path, c.how, getattr(c.old, "kind", None), getattr(c.new, "kind", None)) for c in aligned(old, new)] == [
        ("$", "place", "record", "record"),
        ("$.f", "name", None, None),
        ("$.f", "place", "enum", "union"),
        ("$.f", "name", None, "null"),
        ("$.f", "name", "enum", "enum"),
    ]


def test_branches_are_paired_by_full_name_then_by_short_name_then_as_what_is_left():
    def union(*types):
        return record(field(["null", *types]))

    def inner(name, *fields):
        return {"type": "record", "name": name, "fields": list(fields)}

    def branches(old, new):
        return [
            (getattr(c.old, "name", None) or c.old.kind, getattr(c.new, "name", None) or c.new.kind, c.how)
            for c in aligned(old, new)
            if c.fields is not None and c.old is not None and c.new is not None and c.path != "$" and c.how != "place"
        ]

    assert branches(union(inner("a.X")), union(inner("b.X"), inner("a.X", field("int")))) == [("a.X", "a.X", "name")]
    assert branches(union(inner("a.X")), union(inner("b.X"))) == [("a.X", "b.X", "name")]
    assert branches(union("int", "string"), union("long", "string")) == [("int", "long", "likeness")]


SHARED = {"type": "record", "name": "A", "fields": [field("int", "n")]}
WIDER = {"type": "record", "name": "A", "fields": [field("long", "n")]}


def test_a_shared_type_is_entered_once_and_the_walk_knows_its_other_uses():
    old, new = schemas(record(field(SHARED, "a"), field("A", "b")), record(field(WIDER, "a"), field("A", "b")))
    walk = Walk(old, new)

    told = [change.path for change in align_from(start_of(old, new), None, walk)]

    assert told.count("$.a.n") == 2
    assert not any(path.startswith("$.b.") for path in told)
    assert walk.also_at("$.a.n") == ("$.b.n",)
    assert walk.also_at("$.an") == ()


def test_a_use_before_its_definition_points_to_the_definition():
    old, new = record(field("A", "b"), field(SHARED, "a")), record(field("A", "b"), field(WIDER, "a"))

    change = next(c for c in aligned(old, new) if c.path == "$.b.n")

    assert (change.pointer, change.old_pointer) == ("/fields/1/type/fields/0", "/fields/1/type/fields/0")


def test_a_recursive_type_ends():
    def tree(kind):
        return record(field({"type": "array", "items": "R"}, "children"), field(kind, "n"))

    assert [c.path for c in aligned(tree("int"), tree("long"))] == ["$", "$.n", "$.n"]


def test_a_type_of_another_file_is_placed_in_that_file():
    def workspace(shared, factory):
        outer = {"type": "record", "name": "Outer", "fields": [field(shared, "inside")]}
        files = {"outer.avsc": outer, "use.avsc": record(field(["null", "A"]), namespace="")}
        return load([Source(path, json.dumps(text).encode()) for path, text in files.items()], factory, version_of)

    factory = Factory()
    old, new = (workspace(shared, factory).schemas["use.avsc"] for shared in (SHARED, WIDER))

    (change,) = [c for c in align(old, new) if c.path == "$.f.n" and c.fields is None]

    assert (change.document, change.old_document) == ("outer.avsc", "outer.avsc")


def test_three_thousand_levels_are_aligned_without_recursion():
    factory = Factory()
    old, new = factory.primitive("int"), factory.primitive("long")
    for _ in range(3_000):
        old, new = factory.array(old), factory.array(new)

    assert sum(1 for _ in align(Schema(old, {}), Schema(new, {}))) == 3_001
