"""Defaults: what Java refuses, what only the specification does, and what both accept."""

from __future__ import annotations

import pytest

from schemagate.schema.model import Factory
from schemagate.schema.names import schema_of


def told(*fields):
    value = {"type": "record", "name": "R", "fields": [{"name": f"f{i}"} | f for i, f in enumerate(fields)]}
    return [(p.rule, p.pointer, p.part, dict(p.args), p.refused) for p in schema_of(value, Factory()).problems]


E = {"type": "enum", "name": "E", "symbols": ["A"]}
X = {"type": "fixed", "name": "X", "size": 2}
S = {"type": "record", "name": "S", "fields": [{"name": "x", "type": "int"}]}
D = {"type": "record", "name": "D", "fields": [{"name": "x", "type": "int", "default": 1}]}
INTEGER = "an integer from -2147483648 to 2147483647"

BAD = {
    "int": ("int", "x", "x", INTEGER),
    "int as float": ("int", 1.0, 1.0, INTEGER),
    "int too large": ("int", 2**31, 2**31, INTEGER),
    "int as truth": ("int", True, True, INTEGER),
    "long": ("long", 2**63, 2**63, "an integer from -9223372036854775808 to 9223372036854775807"),
    "double": ("double", "x", "x", "a number"),
    "double with Python's underscore": ("double", "1_0", "1_0", "a number"),
    "null": ("int", None, None, INTEGER),
    "boolean": ("boolean", 0, 0, "true or false"),
    "string": ("string", 1, 1, "a string"),
    "array item": ({"type": "array", "items": "int"}, [1, "x"], "x", INTEGER),
    "map": ({"type": "map", "values": "int"}, [], [], "an object"),
    "union": (["null", "string"], 1, 1, "a value of null or string"),
    "quoted number in a union": (["null", "double"], "1.5", "1.5", "a value of null or double"),
    "record without a field": (S, {}, {}, "an object that has `x`, which has no default"),
    "field of a record": (S, {"x": "y"}, "y", INTEGER),
    "array for a record": (S, [], [], "an object with the fields of `S`"),
}


@pytest.mark.parametrize(("type_", "default", "found", "expected"), BAD.values(), ids=BAD)
def test_java_refuses(type_, default, found, expected):
    problem = ("bad-default", "/fields/0", "default", {"default": found, "expected": expected}, True)

    assert told({"type": type_, "default": default}) == [problem]


INEXACT = {
    "enum": (E, "Z", "Z", "a symbol of `E`"),
    "fixed length": (X, "abc", "abc", "a string of 2 characters up to U+00FF, one a byte"),
    "fixed range": (X, "a€", "a€", "a string of 2 characters up to U+00FF, one a byte"),
    "bytes range": ("bytes", "€", "€", "a string of characters up to U+00FF, one a byte"),
    "record with more": (D, {"q": 1}, {"q": 1}, "an object with only the fields of `D`"),
    "quoted number": ("double", "1.5", "1.5", "a number"),
    "quoted number as Java writes it": ("float", " 0x1p3f ", " 0x1p3f ", "a number"),
    "in an array": ({"type": "array", "items": E}, ["A", "Z"], "Z", "a symbol of `E`"),
}


@pytest.mark.parametrize(("type_", "default", "found", "expected"), INEXACT.values(), ids=INEXACT)
def test_only_the_specification_refuses(type_, default, found, expected):
    problem = ("default-not-exact", "/fields/0", "default", {"default": found, "expected": expected}, False)

    assert told({"type": type_, "default": default}) == [problem]


FINE = [
    ("float", 1),
    ("double", 10**400),
    (["string", "null"], None),
    (["null", "string"], "x"),
    (["null", E], "A"),
    ({"type": "array", "items": "int"}, []),
    ({"type": "map", "values": ["null", "int"]}, {"a": 1, "b": None}),
    (S, {"x": 1}),
    (D, {}),
    (X, "ÿ\u0000"),
    (["null", "R"], None),
    ({"type": "array", "items": "R"}, []),
]


@pytest.mark.parametrize(("type_", "default"), FINE)
def test_all_accept(type_, default):
    assert told({"type": type_, "default": default}) == []


@pytest.mark.parametrize(
    ("type_", "default"), [("R", {}), (["R", "null"], {}), (["null", "R"], {"f0": None}), (["null", "R"], {})]
)
def test_a_default_cannot_need_the_record_it_is_in(type_, default):
    problem = ("recursive-default", "/fields/0", "default", {"name": "R"}, True)

    assert told({"type": type_, "default": default}) == [problem]


def test_before_its_definition_a_name_takes_objects_only():
    expected = {"default": "A", "expected": "an object, as `E` is defined later"}

    assert told({"type": "E", "default": "A"}, {"type": E}) == [("bad-default", "/fields/0", "default", expected, True)]
    assert told({"type": E}, {"type": "E", "default": "A"}) == []
    assert told({"type": "D", "default": {}}, {"type": D}) == []
