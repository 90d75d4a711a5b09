"""What the change rules notice beyond the examples on their pages, and what they leave alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.rules.lineages import (
    changes,
    decimal,
    enum,
    field,
    grade,
    judged,
    logical,
    reasons,
    record,
    schemas,
    sides,
    told,
)

from schemagate.compat.modes import Mode
from schemagate.rules.moments import day, mistaken
from schemagate.rules.resolution import rounded

PAIRS = Path(__file__).parent.parent / "conformance" / "data" / "pairs_dev.jsonl"


def rows():
    return [row for line in PAIRS.read_text("utf-8").splitlines() for row in [json.loads(line)]]


def named(old, new):
    return [(cause.rule, cause.path, grade(cause).label) for cause in changes(old, new)]


def backwards(value):
    if isinstance(value, dict):
        return {key: backwards(member) for key, member in reversed(value.items())}
    return [backwards(member) for member in value] if isinstance(value, list) else value


class TestSilence:
    def test_the_order_of_keys_white_space_and_comments_change_nothing(self):
        for row in rows():
            for side in ("reader", "writer"):
                if row[f"{side}_error"] is None and "//" not in row[side] and "/*" not in row[side]:
                    text = "/* x */" + json.dumps(backwards(json.loads(row[side])), indent=3)

                    assert changes(row[side], text) == [], row["id"]

    def test_a_schema_that_says_the_same_in_other_words_is_no_new_version(self):
        old = '{"type": "record", "namespace": "a", "name": "R", "fields": [{"name": "f", "type": {"type": "int"}}]}'
        new = '{"type": "record", "name": "a.R", "fields": [{"name": "f", "type": "int", "order": "ascending"}]}'

        assert named(old, new) == []

    def test_a_definition_that_moved_to_another_use_is_only_spelling(self):
        inner = {"type": "fixed", "name": "F", "size": 2}
        old, new = record(field(inner, "a"), field("F", "b")), record(field("F", "a"), field(inner, "b"))

        assert told(old, new) == [("doc-only-version", "$", "notice")]
        assert [cause.args["what"] for cause in changes(old, new)] == ["the spelling"]


class TestLogicalTypes:
    @pytest.mark.parametrize(
        ("old", "new", "severity"),
        [
            (decimal(9, 2), "bytes", "warning"),
            (logical("string", "uuid"), "string", "warning"),
            (decimal(9, 2), logical("bytes", "big-decimal"), "error"),
            (logical("long", "timestamp-millis"), logical("long", "local-timestamp-millis"), "warning"),
            (logical("string", "com.example.iban"), "string", "notice"),
            (logical("fixed", "duration", name="F", size=12), {"type": "fixed", "name": "F", "size": 12}, "warning"),
            ({"type": "array", "items": logical("int", "date")}, {"type": "array", "items": "int"}, "warning"),
        ],
    )
    def test_how_much_a_logical_type_weighs(self, old, new, severity):
        path = "$.f[]" if "items" in old else "$.f"

        assert told(*sides(old, new)) == [("logical-type-changed", path, severity)]

    def test_a_logical_type_that_readers_ignore_may_go(self):
        assert told(*sides(logical("string", "decimal", precision=4), "string")) == []

    def test_a_decimal_and_a_string_in_unions_of_several(self):
        pair = sides(["null", decimal(9, 2), "int"], ["null", "string", "long"])

        assert ("logical-type-changed", "$.f", "error") in told(*pair, mode=Mode.BACKWARD)

    def test_scale_and_precision_together_are_one_finding(self):
        assert told(*sides(decimal(9, 2), decimal(12, 4))) == [("decimal-scale-changed", "$.f", "error")]

    @pytest.mark.parametrize(("old", "new", "direction"), [(12, 9, "backward"), (9, 12, "forward")])
    def test_precision_concerns_whoever_has_fewer_digits(self, old, new, direction):
        assert reasons("decimal-precision-reduced", *sides(decimal(old), decimal(new))) == [
            ("v1", direction, "a number may have 12 digits, their type holds 9")
        ]

    @pytest.mark.parametrize(
        ("writer", "reader", "said"),
        [
            ("timestamp-micros", "timestamp-nanos", "2024-01-01 is read as 1970-01-20 17:21:07.200"),
            ("timestamp-micros", "timestamp-millis", "2024-01-01 is read as the year 55,969"),
            ("time-millis", "date", "12:00:00 is read as the year 120,247"),
            ("timestamp-millis", "time-millis", "2024-01-01 is read as no time of day at all"),
            ("time-millis", "time-micros", "12:00:00 is read as 00:00:43.200"),
            ("date", "timestamp-millis", "2024-01-01 is read as 1970-01-01 00:00:19.723"),
        ],
    )
    def test_what_becomes_of_a_moment(self, writer, reader, said):
        assert mistaken(writer, reader) == said

    def test_days_are_those_of_the_calendar(self):
        assert [day(n) for n in (0, 59, 60, 789, 790, 19_723, 2_932_896)] == [
            "1970-01-01",
            "1970-03-01",
            "1970-03-02",
            "1972-02-29",
            "1972-03-01",
            "2024-01-01",
            "9999-12-31",
        ]


class TestPromotions:
    @pytest.mark.parametrize(("writer", "reader"), [("int", "float"), ("long", "float"), ("long", "double")])
    def test_the_number_shown_is_the_first_that_is_rounded(self, writer, reader):
        import struct

        example, read_as = rounded(writer, reader)
        form = "<f" if reader == "float" else "<d"

        assert struct.unpack(form, struct.pack(form, example))[0] == read_as
        assert struct.unpack(form, struct.pack(form, example - 1))[0] == example - 1

    def test_int_to_double_and_float_to_double_keep_every_value(self):
        assert told(*sides("int", "double"), mode=Mode.BACKWARD) == []
        assert told(*sides("float", "double"), mode=Mode.BACKWARD) == []

    def test_consumers_on_an_older_version_round_too(self):
        assert reasons("lossy-promotion", *sides("float", "int"), mode=Mode.FORWARD) == [
            ("v1", "forward", "16777217 is read as 16777216")
        ]

    def test_a_branch_of_its_own_kind_is_taken_wherever_it_stands(self):
        assert changes(*sides(["int", "string"], ["float", "int", "string"])) == []

    def test_text_and_bytes_inside_an_array(self):
        pair = sides({"type": "array", "items": "bytes"}, {"type": "array", "items": "string"})

        assert told(*pair) == [("string-bytes-promotion", "$.f[]", "warning")]


class TestDefaults:
    def test_a_number_is_the_same_however_it_is_written(self):
        assert told(record(field("double", default=0)), record(field("double", default=0.0))) == SPELLING

    def test_nested_defaults_are_compared_by_value(self):
        type_ = {"type": "array", "items": {"type": "map", "values": "double"}}
        old, new = [{"a": 1, "b": 2.0}], [{"b": 2, "a": 1.0}]

        assert told(record(field(type_, default=old)), record(field(type_, default=new))) == SPELLING
        assert told(record(field(type_, default=old)), record(field(type_, default=[]))) == [
            ("default-changed", "$.f", "warning")
        ]

    def test_a_default_that_is_added_is_fine(self):
        assert told(record(field("int")), record(field("int", default=0))) == []


SPELLING = [("doc-only-version", "$", "notice")]


class TestEnums:
    def test_one_new_symbol_is_one_finding_however_many_versions_lack_it(self):
        texts = [enum(*symbols, default="A") for symbols in ("A", "AB", "ABC", "ABCD")]

        found = [one for one in judged(*texts) if not one.inherited]

        assert [(one.cause.rule, [a.reason for a in one.against]) for one in found] == [
            ("enum-symbol-swallowed", ["`D` is read as `A`"])
        ]

    def test_many_symbols_are_counted(self):
        old = enum("A", default="A")
        new = enum("A", *(f"S{n}" for n in range(7)), default="A")

        assert reasons("enum-symbol-swallowed", old, new) == [
            ("v1", "forward", "`S0`, `S1`, `S2`, `S3`, `S4` and 2 more are read as `A`")
        ]

    def test_a_symbol_added_between_others_reorders_nothing(self):
        assert told(enum("A", "C", default="A"), enum("A", "B", "C", default="A")) == [
            ("enum-symbol-swallowed", "$", "notice")
        ]


class TestNames:
    def test_an_enum_in_a_union_that_differs_in_something_else_is_lost_to_java(self):
        old = ["null", enum("A", "B", default="A")]
        new = ["null", {**enum("A", "B", "C", default="A"), "namespace": "com.other"}]

        assert ("namespace-changed", "$.f", "error") in told(*sides(old, new))
        assert reasons("namespace-changed", *sides(old, new))[0] == (
            "v1",
            "backward",
            "Java finds no branch com.example.E in the union",
        )

    def test_an_enum_in_a_union_that_is_otherwise_the_same_is_not(self):
        old = ["null", enum("A", "B")]
        new = ["null", {**enum("A", "B"), "namespace": "com.other"}]

        assert told(*sides(old, new)) == [("namespace-changed", "$.f", "warning")]

    def test_an_alias_that_is_the_name_again_is_not_missed(self):
        old = record(field("int", "uuid", aliases=["id"]))
        new = record(field("int", "id", aliases=["uuid"]))

        assert "alias-removed" not in [rule for rule, _, _ in named(old, new)]

    def test_a_types_alias(self):
        old, new = record(field("int"), aliases=["Old"]), record(field("int"))

        assert told(old, new) == [("alias-removed", "$", "warning")]
        assert reasons("alias-removed", old, new) == [
            ("v1", "backward", "what was written as `com.example.Old` is not found")
        ]


class TestOrder:
    @pytest.mark.parametrize(
        ("old", "new", "reordered"),
        [
            (["null", "int", "string"], ["null", "string", "int"], True),
            (["int", "string", "null"], ["null", "int", "string"], False),
            (["int", "string", "null"], ["null", "string", "int"], True),
            (["null", "int"], ["null", "int", "string"], False),
            (["null", "int", "string"], ["int", "null", "string"], True),
        ],
    )
    def test_only_branches_that_both_have_count_and_null_may_come_first(self, old, new, reordered):
        assert ("union-reordered" in [rule for rule, _, _ in named(*sides(old, new))]) == reordered


class TestVersions:
    def test_documentation_is_no_news_against_an_older_version(self):
        versions = (
            record(field("int")),
            record(field("int"), field("int", "g", default=0)),
            record(field("int"), doc="x"),
        )

        assert told(*versions) == []

    def test_back_with_another_scale_is_told_against_the_version_that_had_it(self):
        versions = (
            record(field(decimal(9, 2), default="")),
            record(),
            record(field(decimal(9, 4), default="")),
        )

        assert [(v, way) for v, way, _ in reasons("decimal-scale-changed", *versions)] == [
            ("v1", "backward"),
            ("v1", "forward"),
        ]

    def test_what_the_newest_version_has_already_is_inherited(self):
        scaled = [record(field(decimal(9, scale))) for scale in (2, 4)]

        found = judged(*scaled, {**scaled[1], "doc": "x"})

        assert [(one.cause.rule, one.inherited) for one in found] == [
            ("doc-only-version", False),
            ("decimal-scale-changed", True),
        ]

    def test_a_break_claims_what_else_is_said_of_its_place(self):
        pair = record(field("int", default=0)), record(field("string", default="x"))

        assert told(*pair) == [("field-type-changed", "$.f", "error")]


class TestSharedTypes:
    def money(self, scale):
        inner = {"type": "record", "name": "Money", "fields": [field(decimal(9, scale), "amount")]}
        return record(field(inner, "net"), field("Money", "gross"))

    def test_one_finding_names_every_use(self):
        found = [one.cause for one in judged(self.money(2), self.money(4))]

        assert [(c.rule, c.path, c.pointer, c.also_at) for c in found] == [
            ("decimal-scale-changed", "$.net.amount", "/fields/0/type/fields/0/type", ("$.gross.amount",))
        ]

    def test_a_field_that_only_names_the_type_is_compared_with_every_version_anew(self):
        found = judged(self.money(2), self.money(3), self.money(4))

        assert [(o.cause.args["old"], [a.version.name for a in o.against], o.inherited) for o in found] == [
            (2, ["v1", "v1"], False),
            (3, ["v2", "v2"], False),
        ]

    def test_a_recursive_type_is_told_once(self):
        def tree(scale):
            return record(field(decimal(9, scale), "n"), field({"type": "array", "items": "R"}, "children"))

        found = [one.cause for one in judged(tree(2), tree(4))]

        assert [(c.rule, c.path, c.also_at) for c in found] == [("decimal-scale-changed", "$.n", ())]


def test_no_pair_of_the_conformance_data_stops_a_rule():
    for row in rows():
        if row["reader_error"] is None and row["writer_error"] is None:
            old, new = schemas(row["writer"], row["reader"])

            assert all(cause.path.startswith("$") for cause in changes(row["writer"], row["reader"])), (old, new)
