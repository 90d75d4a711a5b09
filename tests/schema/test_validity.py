"""Each validity rule that needs no second definition: exactly what is told, where, and whether Java refuses it."""

from __future__ import annotations

import pytest

from schemagate.schema.model import Factory
from schemagate.schema.names import schema_of


def told(value, index=None):
    """(rule, pointer, part, args, refused) of each problem."""
    problems = schema_of(value, Factory(), "own.avsc", index).problems
    return [(p.rule, p.pointer, p.part, dict(p.args), p.refused) for p in problems]


def record(*fields, **more):
    return {"type": "record", "name": "R", "fields": list(fields)} | more


def field(type_="int", **more):
    return {"name": "a", "type": type_} | more


def enum(*symbols, **more):
    return {"type": "enum", "name": "E", "symbols": list(symbols)} | more


def fixed(size=2, **more):
    return {"type": "fixed", "name": "X", "size": size} | more


STARTS = "it starts with `{}`; a name starts with a letter or `_`"
CONTAINS = "it contains `{}`; a name has only letters, digits and `_`"

CASES = {
    "null is no schema": (None, ("unsupported-schema", "", "", {"found": None}, True)),
    "true is no schema": (True, ("unsupported-schema", "", "", {"found": True}, True)),
    "a type inside type": (
        {"type": ["null", "int"]},
        ("unsupported-schema", "", "type", {"found": ["null", "int"]}, True),
    ),
    "no type": ({"name": "R"}, ("missing-type", "", "", {}, True)),
    "no field type": (record({"name": "a"}), ("missing-type", "/fields/0", "", {}, True)),
    "no record name": ({"type": "record", "fields": []}, ("missing-name", "", "", {"kind": "record"}, True)),
    "no field name": (record({"type": "int"}), ("missing-name", "/fields/0", "", {"kind": "field"}, True)),
    "name starts with a digit": (
        record(name="1R"),
        ("bad-name", "", "name", {"name": "1R", "what": STARTS.format("1"), "kind": "record"}, True),
    ),
    "name with a dash": (
        record(field(name="a-b")),
        ("bad-name", "/fields/0", "name", {"name": "a-b", "what": CONTAINS.format("-"), "kind": "field"}, True),
    ),
    "empty name": (
        record(name="n."),
        ("bad-name", "", "name", {"name": "", "what": "it is empty", "kind": "record"}, True),
    ),
    "letters beyond ASCII": (
        record(field(name="größe")),
        ("name-not-ascii", "/fields/0", "name", {"name": "größe"}, False),
    ),
    "a letter beyond U+FFFF": (
        record(name="R\U0001d49c"),
        (
            "bad-name",
            "",
            "name",
            {"name": "R\U0001d49c", "what": CONTAINS.format("\U0001d49c"), "kind": "record"},
            True,
        ),
    ),
    "namespace with an empty part": (
        record(namespace="a..b"),
        ("bad-namespace", "", "namespace", {"namespace": "a..b"}, True),
    ),
    "namespace in the name": (record(name="a-b.R"), ("bad-namespace", "", "name", {"namespace": "a-b"}, True)),
    "namespace beyond ASCII": (
        record(namespace="größe"),
        ("name-not-ascii", "", "namespace", {"name": "größe"}, False),
    ),
    "namespace is a number": (
        record(namespace=5),
        ("bad-namespace-type", "", "namespace", {"found": 5, "namespace": ""}, False),
    ),
    "null does not leave the enclosing namespace": (
        record(field(fixed(namespace=None)), namespace="n"),
        ("bad-namespace-type", "/fields/0/type", "namespace", {"found": None, "namespace": "n"}, False),
    ),
    "named as a primitive": (record(name="string"), ("name-is-primitive", "", "name", {"name": "string"}, True)),
    "aliases no array": (record(aliases="A"), ("bad-aliases", "", "aliases", {"found": "A"}, True)),
    "alias no string": (record(field(aliases=[1])), ("bad-aliases", "/fields/0/aliases/0", "", {"found": 1}, True)),
    "type alias no name": (record(aliases=["A", "1-2"]), ("bad-alias", "/aliases/1", "", {"alias": "1-2"}, True)),
    "type alias in no namespace": (
        record(aliases=["1-2.A"]),
        ("bad-alias", "/aliases/0", "", {"alias": "1-2.A"}, False),
    ),
    "field alias no name": (
        record(field(aliases=["x-y"])),
        ("bad-field-alias", "/fields/0/aliases/0", "", {"alias": "x-y"}, False),
    ),
    "field alias twice": (
        record(field(aliases=["x", "y", "x"])),
        ("duplicate-alias", "/fields/0/aliases/2", "", {"alias": "x"}, False),
    ),
    "type alias twice": (
        {"type": "fixed", "name": "n.F", "size": 1, "aliases": ["G", "n.G"]},
        ("duplicate-alias", "/aliases/1", "", {"alias": "n.G"}, False),
    ),
    "no fields": ({"type": "record", "name": "R"}, ("missing-fields", "", "", {}, True)),
    "field no object": (record("a"), ("bad-field", "/fields/0", "", {"found": "a"}, True)),
    "field twice": (
        record(field(), field("string")),
        ("duplicate-field", "/fields/1", "name", {"name": "a"}, True),
    ),
    "no symbols": ({"type": "enum", "name": "E"}, ("missing-symbols", "", "", {}, True)),
    "symbol no name": (enum("A", "a-b"), ("bad-symbol", "/symbols/1", "", {"symbol": "a-b"}, True)),
    "symbol no string": (enum(1), ("bad-symbol", "/symbols/0", "", {"symbol": 1}, True)),
    "symbol twice": (enum("A", "B", "A"), ("duplicate-symbol", "/symbols/2", "", {"symbol": "A"}, True)),
    "enum default no symbol": (
        enum("A", default="Z"),
        ("bad-enum-default", "", "default", {"default": "Z"}, True),
    ),
    "enum default no string": (enum("A", default=1), ("bad-enum-default", "", "default", {"default": 1}, False)),
    "no size": ({"type": "fixed", "name": "X"}, ("bad-size", "", "", {"found": None}, True)),
    "negative size": (fixed(-1), ("bad-size", "", "size", {"found": -1}, True)),
    "size too large for Java": (fixed(2**31 - 8), ("bad-size", "", "size", {"found": 2**31 - 8}, True)),
    "array of nothing": ({"type": "array"}, ("missing-items", "", "", {}, True)),
    "map of nothing": ({"type": "map"}, ("missing-values", "", "", {}, True)),
    "union in a union": (["int", ["string"]], ("nested-union", "/1", "", {}, True)),
    "branch twice": (["int", {"type": "int"}], ("duplicate-branch", "/1", "", {"branch": "int"}, True)),
    "two arrays": (
        [{"type": "array", "items": "int"}, {"type": "array", "items": "long"}],
        ("duplicate-branch", "/1", "", {"branch": "array"}, True),
    ),
    "order unknown": (
        record(field(order="sideways")),
        ("bad-order", "/fields/0", "order", {"order": "sideways"}, True),
    ),
    "doc no string": (record(field(doc=5)), ("bad-doc", "/fields/0", "doc", {"found": 5}, False)),
    "integer property that Java cannot copy": (
        record(x=[2**63]),
        ("number-too-large", "", "x", {"key": "x", "number": 2**63}, True),
    ),
}


@pytest.mark.parametrize(("value", "problem"), CASES.values(), ids=CASES)
def test_tells_what_is_wrong_and_where(value, problem):
    assert told(value) == [problem]


FINE = {
    "object-wrapped name": record(field(fixed()), {"name": "b", "type": {"type": "X"}}),
    "an error": {"type": "error", "name": "E", "fields": []},
    "no fields at all": record(),
    "an empty union": [],
    "size 0": fixed(0),
    "order in capitals": record(field(order="IGNORE")),
    "null namespace at the top": record(namespace=None),
    "a type named record": record(name="record"),
    "a type named like a primitive, in a namespace": record(name="string", namespace="a"),
    "integer property on a fixed": fixed(x=2**63),
    "unknown logical type": {"type": "int", "logicalType": "nope"},
}


@pytest.mark.parametrize("value", FINE.values(), ids=FINE)
def test_finds_nothing_in_what_java_and_the_specification_accept(value):
    assert told(value) == []


def test_goes_on_after_each_problem_and_keeps_places():
    value = record("no field", field(order=1), field(["int", True, "Nope"], name="b"), {"name": "c/~", "type": "E"})

    assert [(p[0], p[1]) for p in told(value)] == [
        ("bad-field", "/fields/0"),
        ("bad-order", "/fields/1"),
        ("unsupported-schema", "/fields/2/type/1"),
        ("bad-name", "/fields/3"),
        ("undefined-type", "/fields/2/type/2"),
        ("undefined-type", "/fields/3/type"),
    ]


def test_a_name_defined_in_a_refused_part_is_not_undefined_too():
    value = record(field(["int", [fixed()]]), {"name": "b", "type": "X"})

    assert [p[0] for p in told(value)] == ["nested-union"]


def test_nothing_but_a_stand_in_comes_of_no_schema():
    factory = Factory()

    assert schema_of(5, factory).root is factory.primitive("null")
