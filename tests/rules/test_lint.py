"""What the lint rules notice beyond the examples on their pages, and what they leave alone."""

from __future__ import annotations

import json

import pytest

from schemagate.finding import Severity
from schemagate.rules.catalog import DEFAULT_LINT_RULES
from schemagate.rules.lint_enums import enum_without_default
from schemagate.rules.lint_logical import unknown_logical_type
from schemagate.rules.lint_nullability import default_not_null_on_nullable
from schemagate.rules.run import lint_schema
from schemagate.schema.model import Factory
from schemagate.schema.names import schema_of

USER_CREATED = """
{
  "type": "record",
  "name": "UserCreated",
  "namespace": "com.ai_orchestration.events",
  "fields": [
    {"name": "event_id", "type": "string"},
    {"name": "timestamp", "type": "long"},
    {"name": "user_id", "type": "string"},
    {"name": "email", "type": "string"},
    // Nullable with a default: it may be missing in old data, and may go again.
    {"name": "referral_code", "type": ["null", "string"], "default": null}
  ]
}
"""


def grades(text, rules):
    """Rule id and severity, as the rule grades the case."""
    schema = schema_of(json.loads(text), Factory(), "")
    told = lint_schema(schema, name="", rules=rules)
    return [(rule.id, rule.severity if found.severity is None else found.severity) for rule, _, found in told]


def test_the_first_event_of_a_new_repository_gets_one_notice(linted):
    told = linted(USER_CREATED, "schemas/avro/user_created_v1.avsc", DEFAULT_LINT_RULES)

    assert told == [
        (
            "timestamp-without-logical-type",
            "$.timestamp",
            "`timestamp` looks like a moment in time but is a plain long",
        )
    ]


class TestNullability:
    def test_a_union_of_null_alone_is_not_nullable(self, fields):
        assert fields("nullable-without-default", [{"name": "a", "type": ["null"]}]) == []

    def test_null_last_without_default_is_one_finding(self, fields):
        field = {"name": "a", "type": ["string", "null"]}

        assert fields("nullable-without-default", [field]) == [("$.a", "field `a` may be null but has no default")]
        assert fields("null-not-first-with-null-default", [field]) == []

    def test_a_nullable_item_of_an_array_needs_no_default(self, fields):
        field = {"name": "a", "type": {"type": "array", "items": ["null", "string"]}}

        assert fields("nullable-without-default", [field]) == []

    def test_a_value_as_default_is_a_notice_where_its_branch_is_first(self):
        text = '{"type": "record", "name": "R", "fields": [{"name": "a", "type": %s, "default": "x"}]}'

        rules = (default_not_null_on_nullable,)
        assert grades(text % '["string", "null"]', rules) == [("default-not-null-on-nullable", Severity.NOTICE)]
        assert grades(text % '["null", "string"]', rules) == [("default-not-null-on-nullable", Severity.WARNING)]

    def test_a_value_as_default_of_two_types_without_null_is_fine(self, fields):
        assert fields("default-not-null-on-nullable", [{"name": "a", "type": ["string", "int"], "default": "x"}]) == []


class TestNameStyle:
    def test_most_fields_decide(self, fields):
        names = ["userId", "orderId", "created_by"]

        told = fields("name-style", [{"name": name, "type": "string"} for name in names])

        assert told == [("$.created_by", "field `created_by` is not camelCase, as the others are")]

    def test_many_fields_in_another_style_are_one_finding_of_their_record(self, fields):
        names = [*(f"camelCase{n}" for n in range(9)), *(f"{band}_psfFlux" for band in "grizy")]

        told = fields("name-style", [{"name": name, "type": "string"} for name in names])

        message = "field `g_psfFlux` is not camelCase, as most others are, nor are 4 more of its record"
        assert told == [("$.g_psfFlux", message)]

    def test_the_first_field_decides_a_tie(self, fields):
        told = fields("name-style", [{"name": name, "type": "string"} for name in ("user_id", "orderId")])

        assert told == [("$.orderId", "field `orderId` is not snake_case, as the others are")]

    def test_the_one_notice_names_a_field_of_the_unusual_style(self, fields):
        told = fields("name-style", [{"name": name, "type": "string"} for name in ("name", "USER_ID", "ORDER_ID")])

        assert told == [
            ("$", "field `USER_ID` is not snake_case or camelCase"),
            ("$.name", "field `name` is not UPPER_CASE, as the others are"),
        ]

    def test_nested_records_count_as_the_same_schema(self, fields):
        inner = {"type": "record", "name": "Inner", "fields": [{"name": "zipCode", "type": "string"}]}
        outer = [{"name": "user_id", "type": "string"}, {"name": "order_id", "type": "string"}]

        told = fields("name-style", [*outer, {"name": "inner", "type": inner}])

        assert told == [("$.inner.zipCode", "field `zipCode` is not snake_case, as the others are")]

    def test_a_schema_that_is_consistent_in_another_style_gets_one_notice(self, fields):
        told = fields("name-style", [{"name": name, "type": "string"} for name in ("UserId", "OrderId", "Email")])

        assert told == [("$", "field `UserId` is not snake_case or camelCase")]

    @pytest.mark.parametrize("name", ["email", "_id", "x2", "address_line_2", "ipv4Address"])
    def test_names_of_one_style_or_both_pass(self, fields, name):
        assert fields("name-style", [{"name": name, "type": "string"}]) == []

    @pytest.mark.parametrize("symbols", [["A", "B_C"], ["http", "kafka"], ["OnHold", "Paid"], ["A"], []])
    def test_symbols_may_have_any_one_style(self, linted, symbols):
        enum = {"type": "enum", "name": "com.example.Plan", "symbols": symbols}

        assert [told for told in linted(json.dumps(enum)) if told[0] == "name-style"] == []


class TestFileName:
    RECORD = '{"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": []}'

    @pytest.mark.parametrize(
        "name",
        [
            "UserCreated.avsc",
            "user_created.avsc",
            "user-created-v12.avsc",
            "a/b/USER_CREATED_V1.avsc",
            "user-created-value.avsc",
            "user_created-value_v2.avsc",
            "com.example.UserCreated.avsc",
            "com_example_user_created.avsc",
            "events.UserCreated.v2.avsc",
            "accounts_user_created-value.avsc",
            "UserCreated.event.avsc",
            "",
            "-",
        ],
    )
    def test_fits(self, linted, name):
        assert [told for told in linted(self.RECORD, name) if told[0] == "file-name-mismatch"] == []

    @pytest.mark.parametrize("name", ["UserDeleted.avsc", "example.avsc", "com.example.avsc", "schema.avsc"])
    def test_does_not_fit(self, linted, name):
        told = [told for told in linted(self.RECORD, name) if told[0] == "file-name-mismatch"]

        assert told == [("file-name-mismatch", "$", f"file `{name}` defines `UserCreated`")]

    def test_a_union_at_the_top_has_no_name_to_compare(self, linted):
        assert [told for told in linted(f"[{self.RECORD}]", "x.avsc") if told[0] == "file-name-mismatch"] == []

    def test_a_versioned_type_fits_a_versioned_file(self, linted):
        record = '{"type": "record", "name": "UserCreatedV2", "namespace": "com.example", "fields": []}'

        assert [told for told in linted(record, "user_created_v2.avsc") if told[0] == "file-name-mismatch"] == []


class TestNamespace:
    def test_one_cause_for_nested_types(self, linted):
        text = (
            '{"type": "record", "name": "R", "fields": ['
            '{"name": "a", "type": {"type": "fixed", "name": "F", "size": 1}}]}'
        )

        assert [told for told in linted(text) if told[0] == "missing-namespace"] == [
            ("missing-namespace", "$", "record `R` has no namespace")
        ]

    def test_every_top_level_branch(self, linted):
        text = (
            '[{"type": "record", "name": "A", "fields": []}, {"type": "enum", "name": "B", "symbols": [], '
            '"namespace": "x"}, {"type": "record", "name": "C", "fields": []}]'
        )

        assert [path for rule, path, _ in linted(text) if rule == "missing-namespace"] == ["$<A>", "$<C>"]


class TestLogicalTypes:
    @pytest.mark.parametrize(
        ("type_", "why"),
        [
            ({"type": "string", "logicalType": "date"}, "`date` belongs on int, not on string"),
            ({"type": "array", "items": "int", "logicalType": "date"}, "`date` belongs on int, not on array"),
            (
                {"type": "fixed", "name": "D", "size": 11, "logicalType": "duration"},
                "`duration` needs a fixed of 12 bytes, not 11",
            ),
            (
                {"type": "string", "logicalType": "decimal", "precision": 4},
                "`decimal` belongs on bytes or fixed, not on string",
            ),
        ],
    )
    def test_ignored(self, linted, type_, why):
        told = [told for told in linted(json.dumps(type_)) if "logical" in told[0] or "precision" in told[0]]

        assert told == [("logical-type-ignored", "$", f"logical type `{type_['logicalType']}` is ignored: {why}")]

    def test_a_name_that_is_no_string(self, linted):
        told = [told for told in linted('{"type": "string", "logicalType": 5}') if "logical" in told[0]]

        assert told == [("logical-type-ignored", "$", "logical type `5` is ignored: its name is not a string")]

    def test_beside_the_type_and_inside_it_is_only_superfluous(self, fields):
        inner = {"type": "int", "logicalType": "date"}

        assert fields("logical-type-ignored", [{"name": "a", "type": inner, "logicalType": "date"}]) == []

    def test_where_a_type_is_used(self, fields):
        told = fields(
            "logical-type-ignored",
            [
                {"name": "a", "type": {"type": "fixed", "name": "F", "size": 4}},
                {"name": "b", "type": {"type": "F", "logicalType": "decimal", "precision": 3}},
            ],
        )

        why = "it belongs where `com.example.F` is defined, not where it is used"
        assert told == [("$.b", f"logical type `decimal` is ignored: {why}")]

    @pytest.mark.parametrize("precision", ["", ', "precision": 0', ', "precision": "9"', ', "precision": 9.0'])
    def test_a_precision_that_is_none_is_one_finding(self, linted, precision):
        text = f'{{"type": "bytes", "logicalType": "decimal"{precision}}}'

        assert linted(text) == [("decimal-without-precision", "$", "decimal has no valid precision")]

    def test_a_misspelled_name_is_a_warning_and_ones_own_a_notice(self):
        rules = (unknown_logical_type,)

        assert grades('{"type": "long", "logicalType": "timestamp_millis"}', rules) == [
            ("unknown-logical-type", Severity.WARNING)
        ]
        assert grades('{"type": "string", "logicalType": "iban"}', rules) == [("unknown-logical-type", Severity.NOTICE)]

    @pytest.mark.parametrize(
        "name", ["timestamp", "ts", "createdAt", "updated_at", "event_time", "lastModified", "timestamp_ms", "time"]
    )
    def test_names_of_moments(self, fields, name):
        assert len(fields("timestamp-without-logical-type", [{"name": name, "type": "long"}])) == 1

    @pytest.mark.parametrize(
        "name",
        ["format", "seat", "at", "runtime", "uptime", "response_time", "processingTimeMs", "created_by", "time_zone"],
    )
    def test_names_that_are_no_moments(self, fields, name):
        assert fields("timestamp-without-logical-type", [{"name": name, "type": "long"}]) == []

    @pytest.mark.parametrize(
        "type_", ["int", "double", {"type": "long", "connect.name": "x.Timestamp"}, ["string", "long"], "boolean"]
    )
    def test_types_that_are_no_plain_timestamps(self, fields, type_):
        assert fields("timestamp-without-logical-type", [{"name": "created_at", "type": type_}]) == []

    def test_an_ignored_logical_type_is_told_once(self, fields):
        field = {"name": "created_at", "type": "long", "logicalType": "timestamp-millis"}

        assert fields("timestamp-without-logical-type", [field]) == []
        assert len(fields("logical-type-ignored", [field])) == 1


class TestEnums:
    @pytest.mark.parametrize(("symbols", "severity"), [('["A", "B"]', Severity.WARNING), ('["A"]', Severity.NOTICE)])
    def test_an_enum_of_one_symbol_is_a_constant_and_weighs_less(self, symbols, severity):
        text = f'{{"type": "enum", "name": "com.example.E", "symbols": {symbols}}}'

        assert grades(text, (enum_without_default,)) == [("enum-without-default", severity)]


class TestUnions:
    def ambiguous(self, linted, *branches):
        told = linted(json.dumps(branches))
        return [message for rule, _, message in told if rule == "ambiguous-union"]

    def test_two_records_with_fields_of_their_own(self, linted):
        a = {"type": "record", "name": "n.A", "fields": [{"name": "a", "type": "int"}]}
        b = {"type": "record", "name": "n.B", "fields": [{"name": "b", "type": "int"}]}

        assert self.ambiguous(linted, a, b) == []

    def test_two_records_with_the_same_fields(self, linted):
        a = {"type": "record", "name": "n.A", "fields": [{"name": "a", "type": "int"}]}
        b = {"type": "record", "name": "n.B", "fields": [{"name": "a", "type": "int", "doc": "Another one."}]}

        why = "their fields are the same, and a plain dict may be any of them"
        assert self.ambiguous(linted, a, b) == [f"union branches `A`, `B` cannot be told apart: {why}"]

    def test_two_records_with_fields_of_other_types(self, linted):
        a = {"type": "record", "name": "n.A", "fields": [{"name": "a", "type": "int"}]}
        b = {"type": "record", "name": "n.B", "fields": [{"name": "a", "type": "string"}]}

        assert self.ambiguous(linted, a, b) == []

    def test_bytes_and_fixed(self, linted):
        fixed = {"type": "fixed", "name": "n.F", "size": 4}

        assert self.ambiguous(linted, "bytes", fixed) == [
            "union branches `bytes`, `F` cannot be told apart: plain bytes may be any of them"
        ]

    def test_branches_by_name_are_looked_up(self, linted):
        record = {
            "type": "record",
            "name": "n.R",
            "fields": [
                {"name": "e", "type": {"type": "enum", "name": "E", "symbols": ["A"], "default": "A"}},
                {"name": "u", "type": ["string", "E"]},
            ],
        }

        told = [(path, message) for rule, path, message in linted(json.dumps(record)) if rule == "ambiguous-union"]
        assert told == [("$.u", "union branches `string`, `E` cannot be told apart: a plain string may be any of them")]

    @pytest.mark.parametrize(
        "branches", [[], ["int"], ["null", "long"], ["null", "int", "string"], ["bytes", "string"], ["boolean", "int"]]
    )
    def test_branches_that_anybody_can_tell_apart(self, linted, branches):
        assert self.ambiguous(linted, *branches) == []


class TestReservedWords:
    def test_says_in_which_languages(self, fields):
        told = fields(
            "reserved-word", [{"name": name, "type": "string"} for name in ("class", "from", "event", "type")]
        )

        assert told == [
            ("$.class", "field `class` is a reserved word in Java, Python and C#"),
            ("$.from", "field `from` is a reserved word in Python"),
            ("$.event", "field `event` is a reserved word in C#"),
        ]

    def test_symbols_and_namespaces(self, linted):
        enum = {"type": "enum", "name": "com.example.default.Plan", "symbols": ["new", "NEW"]}

        told = [message for rule, _, message in linted(json.dumps(enum)) if rule == "reserved-word"]
        assert told == [
            "symbol `new` is a reserved word in Java and C#",
            "namespace part `default` is a reserved word in Java",
        ]


class TestDocuments:
    def test_comments_are_one_finding_at_the_first(self, linted):
        told = [told for told in linted('// a\n/* b */ "string"') if told[0] == "comments-not-portable"]

        assert told == [("comments-not-portable", "$", "comments (2) are not JSON; only Java's parsers accept them")]

    def test_an_empty_doc_is_none(self, fields):
        told = fields("missing-doc", [{"name": "a", "type": "int", "doc": " "}], doc="An example.")

        assert told == [("$.a", "field `a` has no doc")]
