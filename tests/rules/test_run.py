"""One linter for many schemas tells of each what every rule, asked of every part, tells of it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings, strategies as st

from schemagate.finding import Severity
from schemagate.rules.catalog import DEFAULT_LINT_RULES, lint_rules
from schemagate.rules.kit import FileVisit, found, lint
from schemagate.rules.run import Linter
from schemagate.schema.model import Factory, Field, Schema
from schemagate.schema.names import schema_of
from schemagate.schema.walk import walk

NAMES = (
    "id",
    "userId",
    "user_id",
    "class",
    "created_at",
    "createdAt",
    "eventTime",
    "PRICE",
    "Total",
    "at",
    "ts",
    "of1",
)
PLAIN = ("string", "long", "bytes", "null", "int")


def _named(kind, **members):
    return st.fixed_dictionaries({"type": st.just(kind), "name": st.sampled_from(("Kind", "snake_kind")), **members})


LEAVES = st.one_of(
    st.sampled_from(PLAIN),
    st.sampled_from(
        (
            {"type": "long", "logicalType": "timestamp-millis"},
            {"type": "int", "logicalType": "timestamp-milis"},
            {"type": "bytes", "logicalType": "decimal", "precision": 4, "scale": 6},
            {"type": "bytes", "logicalType": "decimal"},
        )
    ),
    _named("enum", symbols=st.sampled_from((["FREE", "PAID"], ["FREE", "onHold", "PAID"], ["class"]))),
)
UNIONS = st.sampled_from((["null", "string"], ["string", "null"], ["null", "int", "long"], ["null"]))


def _fields(types):
    field = st.fixed_dictionaries(
        {"name": st.sampled_from(NAMES), "type": types},
        optional={
            "default": st.sampled_from((None, "x", 0)),
            "aliases": st.sampled_from((["id"], ["uuid"])),
            "logicalType": st.just("date"),
        },
    )
    return st.lists(field, max_size=6, unique_by=lambda one: one["name"])


def _wider(types):
    return st.one_of(
        _named("record", fields=_fields(types)),
        st.fixed_dictionaries({"type": st.just("array"), "items": types}),
        st.fixed_dictionaries({"type": st.just("map"), "values": types}),
        types.map(lambda one: ["null", one]),
    )


TYPES = st.recursive(LEAVES | UNIONS, _wider, max_leaves=8)
ROOTS = st.one_of(_named("record", fields=_fields(TYPES)), TYPES)


def _asked(schema: Schema, name: str, rules: tuple) -> list[tuple]:
    """Every rule asked of every part, nothing remembered and nothing left out."""
    visits = [FileVisit(name, schema), *walk(schema)]
    return [
        (rule.id, visit.path, visit.pointer, one)
        for visit in visits
        for rule in rules
        if visit.__class__ in rule.on or (not isinstance(visit, FileVisit) and visit.node.__class__ in rule.on)
        for one in rule.run(visit)
    ]


@settings(max_examples=150, deadline=None)
@given(st.lists(ROOTS, min_size=1, max_size=4), st.booleans())
def test_a_linter_tells_what_asking_every_rule_of_every_part_tells(roots, every):
    rules = lint_rules() if every else DEFAULT_LINT_RULES
    factory, linter = Factory(), Linter(rules)
    for number, root in enumerate([*roots, *roots]):
        schema = schema_of(root, factory, f"{number}.avsc")

        told = [
            (rule.id, visit.path, visit.pointer, one) for rule, visit, one in linter.lint(schema, name="order.avsc")
        ]

        assert told == _asked(schema, "order.avsc", rules)


@pytest.fixture
def factory():
    return Factory()


def test_a_type_that_was_met_before_is_told_where_it_stands_now(factory):
    plan = {"type": "record", "name": "Plan", "fields": [{"name": "tier", "type": ["int", "null"], "default": None}]}
    first = {"type": "record", "name": "a.A", "fields": [{"name": "plan", "type": plan}]}
    second = {"type": "record", "name": "a.B", "fields": [{"name": "n", "type": "int"}, {"name": "old", "type": plan}]}
    linter = Linter(DEFAULT_LINT_RULES)
    list(linter.lint(schema_of(first, factory, "A.avsc"), name="A.avsc"))

    (told,) = linter.lint(schema_of(second, factory, "B.avsc"), name="B.avsc")

    rule, visit, _ = told
    assert (rule.id, visit.path, visit.pointer) == (
        "null-not-first-with-null-default",
        "$.old.tier",
        "/fields/1/type/fields/0",
    )
    assert (visit.schema.document, visit.record.name, visit.field) == ("B.avsc", "a.Plan", None)


def test_a_rule_that_is_not_known_to_be_silent_is_asked_of_every_field(factory):
    @lint("short-name", on=Field, severity=Severity.NOTICE, message="`{name}`")
    def short_name(visit):
        """Short names say little."""
        if len(visit.node.name) < 3:
            yield found("name", name=visit.node.name)

    record = {"type": "record", "name": "a.A", "fields": [{"name": name, "type": "int"} for name in ("a", "abc", "b")]}
    schema = schema_of(json.loads(json.dumps(record)), factory, "A.avsc")

    told = [visit.path for _, visit, _ in Linter((*DEFAULT_LINT_RULES, short_name)).lint(schema, name="A.avsc")]

    assert told == ["$.a", "$.b"]
