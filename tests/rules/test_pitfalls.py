"""Changes that a compatibility check lets through, and what catches each of them here."""

from __future__ import annotations

import json

import pytest
from tests.rules.lineages import decimal, enum, field, logical, reasons, record, sides, told, unique

from schemagate.compat.modes import Mode

NULLABLE = ["null", "string"]
A, B = enum("A", "B", default="A"), enum("A", "C", default="A")
E = enum("A", "B")


def nested(*fields):
    return ["null", {"type": "record", "name": "Inner", "fields": [field("int", "a"), *fields]}]


@pytest.mark.parametrize(
    ("old", "new"), [(decimal(9, 2), decimal(9, 4)), (["null", decimal(9, 2)], ["null", decimal(9, 4)])]
)
def test_a_decimals_scale(old, new):
    assert told(*sides(old, new)) == [("decimal-scale-changed", "$.f", "error")]
    assert reasons("decimal-scale-changed", *sides(old, new)) == [
        ("v1", "backward", "123.45 is read as 1.2345"),
        ("v1", "forward", "1.2345 is read as 123.45"),
    ]


@pytest.mark.parametrize(
    ("base", "old", "new", "reason"),
    [
        ("long", "timestamp-millis", "timestamp-micros", "2024-01-01 is read as 1970-01-20 17:21:07.200"),
        ("long", "time-micros", "timestamp-micros", "12:00:00 is read as 1970-01-01 12:00:00"),
        ("int", "date", "time-millis", "2024-01-01 is read as 00:00:19.723"),
    ],
)
def test_a_timestamps_unit(base, old, new, reason):
    pair = sides(logical(base, old), logical(base, new))

    assert told(*pair) == [("timestamp-unit-changed", "$.f", "error")]
    assert reasons("timestamp-unit-changed", *pair)[0] == ("v1", "backward", reason)


def test_a_decimal_to_a_string():
    assert told(*sides(decimal(9, 2), "string")) == [("logical-type-changed", "$.f", "error")]


@pytest.mark.parametrize(("old", "new"), [("bytes", "string"), ("string", "bytes")])
def test_bytes_and_string(old, new):
    assert told(*sides(old, new)) == [("string-bytes-promotion", "$.f", "warning")]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("int", "float", "16777217 is read as 16777216"),
        ("long", "double", "9007199254740993 is read as 9007199254740992"),
    ],
)
def test_whole_numbers_as_floating_point(old, new, reason):
    pair = sides(old, new)

    assert told(*pair, mode=Mode.BACKWARD) == [("lossy-promotion", "$.f", "warning")]
    assert reasons("lossy-promotion", *pair, mode=Mode.BACKWARD) == [("v1", "backward", reason)]


def test_an_int_read_by_a_union_with_float_before_long():
    pair = sides("int", ["null", "string", "float", "long"])

    assert told(*pair, mode=Mode.BACKWARD) == [("union-promotion-surprise", "$.f", "warning")]


def test_a_defaults_value():
    assert told(record(field("int", default=0)), record(field("int", default=100))) == [
        ("default-changed", "$.f", "warning")
    ]


@pytest.mark.parametrize("new", [enum("A", "B", default="B"), enum("A", "B")], ids=["changed", "removed"])
def test_an_enums_default(new):
    assert told(*sides(A, new)) == [("enum-default-changed", "$.f", "warning")]


def test_an_enum_symbol_replaced_with_a_default_on_both_sides():
    assert told(*sides(A, B)) == [("enum-symbol-swallowed", "$.f", "warning")]
    assert reasons("enum-symbol-swallowed", *sides(A, B)) == [
        ("v1", "backward", "`B` is read as `A`"),
        ("v1", "forward", "`C` is read as `A`"),
    ]


def test_an_enum_symbol_added():
    without, late = sides(E, enum("A", "B", "C")), sides(E, enum("A", "B", "C", default="A"))

    assert told(*without) == [("enum-symbol-added", "$.f", "error")]
    assert told(*late) == [("enum-symbol-added", "$.f", "error")]
    assert told(*sides(A, enum("A", "B", "C", default="A"))) == [("enum-symbol-swallowed", "$.f", "notice")]


def test_enum_symbols_reordered():
    assert told(*sides(E, enum("B", "A"))) == [("sort-order-changed", "$.f", "notice")]


def test_a_fields_order():
    assert told(record(field("int")), record(field("int", order="ignore"))) == [("sort-order-changed", "$.f", "notice")]


OLD_NAME, NEW_NAME = field(NULLABLE, "user_name", default=None), field(NULLABLE, "username", default=None)


def test_a_field_renamed_with_defaults_on_both_sides_and_no_alias():
    pair = record(OLD_NAME), record(NEW_NAME)

    assert told(*pair) == [("field-renamed-value-lost", "$.username", "warning")]
    assert [direction for _, direction, _ in reasons("field-renamed-value-lost", *pair)] == ["backward", "forward"]


def test_a_field_renamed_with_an_alias():
    pair = record(OLD_NAME), record({**NEW_NAME, "aliases": ["user_name"]})

    assert told(*pair) == [("field-renamed-value-lost", "$.username", "warning")]
    assert [direction for _, direction, _ in reasons("field-renamed-value-lost", *pair)] == ["forward"]


def test_a_record_renamed_with_an_alias():
    pair = record(field("int")), {**record(field("int")), "name": "S", "aliases": ["R"]}

    assert told(*pair) == [("type-renamed", "$", "error")]
    assert [direction for _, direction, _ in reasons("type-renamed", *pair)] == ["forward"]


def test_a_namespace_changed_at_the_top():
    pair = record(field(nested())), {**record(field(nested())), "namespace": "com.other"}

    assert told(*pair) == [("namespace-changed", "$", "warning")]


def test_a_namespace_changed_inside():
    inner = {"type": "record", "name": "Inner", "fields": []}
    pair = sides({**inner, "namespace": "a"}, {**inner, "namespace": "b"})

    assert told(*pair) == [("namespace-changed", "$.f", "warning")]


def test_null_moved_behind():
    assert told(*sides(["null", "string"], ["string", "null"])) == [("union-reordered", "$.f", "notice")]
    assert told(*sides(["string", "null"], ["null", "string"])) == []


def test_a_unions_default_on_a_branch_that_is_not_the_first(fields):
    assert len(fields("null-not-first-with-null-default", [field(["string", "null"], default=None)])) == 1


def test_a_default_removed_after_the_version_that_added_it():
    versions = record(), record(field("int", default=0)), record(field("int"))

    assert told(*versions[1:]) == [("default-removed", "$.f", "warning")]
    assert told(*versions) == [("field-added-without-default", "$.f", "error"), ("default-removed", "$.f", "warning")]


def test_an_enum_field_with_an_enum_default_but_no_field_default():
    assert told(record(), record(field(A))) == [("field-added-without-default", "$.f", "error")]


def test_a_mandatory_field_inside_a_nullable_record():
    assert told(*sides(nested(), nested(field("int", "b")))) == [("field-added-without-default", "$.f.b", "error")]


def test_a_logical_type_beside_the_type(fields):
    beside = field("long", "at", logicalType="timestamp-millis")

    assert len(fields("logical-type-ignored", [beside])) == 1


@pytest.mark.parametrize("type_", [logical("string", "decimal", precision=4), logical("int", "timestamp-millis")])
def test_a_logical_type_on_the_wrong_base(fields, type_):
    assert len(fields("logical-type-ignored", [field(type_)])) == 1


def test_nullable_without_a_default(fields):
    assert len(fields("nullable-without-default", [field(NULLABLE)])) == 1


def test_no_default_is_not_the_default_null():
    pair = record(field(NULLABLE, default=None)), record(field(NULLABLE))

    assert told(*pair) == [("default-removed", "$.f", "warning")]
    assert told(*reversed(pair)) == []


@pytest.mark.parametrize("edit", [{"doc": "x"}, {"aliases": ["Old"]}, {"owner": "team"}], ids=str)
def test_documentation_aliases_or_properties_only(edit):
    assert told(record(field("int")), record(field("int"), **edit)) == [("doc-only-version", "$", "notice")]


def test_every_published_version_counts_also_one_that_a_registry_has_forgotten():
    versions = record(field("int", "a")), record(field("int", "a", default=0)), record()

    assert told(*versions) == [("field-removed-without-default", "$.a", "error")]
    assert reasons("field-removed-without-default", *versions) == [("v1", "forward", "no `a`, no default")]


def test_comments(linted):
    text = "// why\n" + json.dumps(record(field("int")))

    assert "comments-not-portable" in unique(linted(text))
