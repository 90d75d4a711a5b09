"""What the nodes of a document hold, and how large a document may be."""

from __future__ import annotations

import time

from schemagate.schema.build import build
from schemagate.schema.logical import why_ignored
from schemagate.schema.model import MISSING, Array, Decimal, Factory, Logical, Primitive, Ref
from schemagate.schema.names import schema_of


def root_of(value, factory=None):
    return schema_of(value, factory or Factory()).root


def record(*fields, **more):
    return {"type": "record", "name": "R", "fields": list(fields)} | more


def test_equal_content_is_one_object_whatever_the_order_of_keys():
    factory = Factory()
    one = root_of({"type": "record", "name": "R", "fields": [{"name": "a", "type": "int", "default": 1}]}, factory)
    two = root_of({"fields": [{"default": 1, "type": "int", "name": "a"}], "name": "R", "type": "record"}, factory)

    assert one is two


def test_a_default_of_another_number_type_is_other_content():
    factory = Factory()
    roots = {root_of(record({"name": "a", "type": "double", "default": d}), factory) for d in (1, 1.0, 0.0, -0.0)}

    assert len(roots) == 4


def test_namespaces_are_inherited_overridden_and_left():
    value = record(
        {"name": "a", "type": {"type": "fixed", "name": "In", "size": 1}},
        {"name": "b", "type": {"type": "fixed", "name": "Other", "namespace": "m", "size": 1}},
        {"name": "c", "type": {"type": "fixed", "name": "Null", "namespace": "", "size": 1}},
        {"name": "d", "type": {"type": "fixed", "name": "x.Dotted", "namespace": "zzz", "size": 1}},
        namespace="n",
    )

    assert sorted(schema_of(value, Factory()).types) == ["Null", "m.Other", "n.In", "n.R", "x.Dotted"]


def test_a_short_name_falls_back_to_the_null_namespace_and_a_dotted_one_does_not():
    root = build(record({"name": "a", "type": ["A", "m.B"]}, namespace="n"), Factory()).root
    branches = root.fields[0].type.branches

    assert [(ref.name, ref.fallback) for ref in branches] == [("n.A", "A"), ("m.B", "")]


def test_everything_that_is_no_keyword_is_kept():
    root = root_of(record({"name": "a", "type": "long", "logicalType": "date", "unit": "m"}, doc="d", owner=["x"]))

    assert (root.doc, root.props, root.fields[0].props) == (
        "d",
        {"owner": ["x"]},
        {"logicalType": "date", "unit": "m"},
    )
    assert root.fields[0].default is MISSING


def test_a_recognised_logical_type_is_no_property_and_an_ignored_one_is():
    good = root_of({"type": "bytes", "logicalType": "decimal", "precision": 4, "x": 1})
    bad = root_of({"type": "bytes", "logicalType": "decimal", "precision": 4, "scale": 5})

    assert (good.logical, good.props) == (Decimal("decimal", 4, 0), {"x": 1})
    assert (bad.logical, bad.props) == (None, {"logicalType": "decimal", "precision": 4, "scale": 5})


def test_aliases_are_full_names():
    root = root_of(record(namespace="n", aliases=["A", "m.B", ".C", "A"]))

    assert root.aliases == ("n.A", "m.B", "C")


def test_logical_types_stand_on_their_bases_only():
    kinds = ["bytes", "int", "long", "string"]
    names = ["date", "time-millis", "time-micros", "timestamp-nanos", "local-timestamp-micros", "uuid", "big-decimal"]
    found = {
        name: [k for k in kinds if root_of({"type": k, "logicalType": name}).logical == Logical(name)] for name in names
    }

    assert found == {
        "date": ["int"],
        "time-millis": ["int"],
        "time-micros": ["long"],
        "timestamp-nanos": ["long"],
        "local-timestamp-micros": ["long"],
        "uuid": ["string"],
        "big-decimal": ["bytes"],
    }


def test_says_why_a_logical_type_is_ignored():
    decimal = {"logicalType": "decimal"}
    cases = [
        ("int", None, {}),
        ("int", None, {"logicalType": "nope"}),
        ("int", None, {"logicalType": 5}),
        ("string", None, {"logicalType": "date"}),
        ("fixed", 11, {"logicalType": "duration"}),
        ("fixed", 16, {"logicalType": "uuid"}),
        ("bytes", None, decimal),
        ("bytes", None, decimal | {"precision": 4.0}),
        ("bytes", None, decimal | {"precision": 0}),
        ("bytes", None, decimal | {"precision": 4, "scale": -1}),
        ("bytes", None, decimal | {"precision": 4, "scale": 5}),
        ("fixed", 1, decimal | {"precision": 3}),
        ("fixed", 1, decimal | {"precision": 2}),
    ]

    assert [why_ignored(*case) for case in cases] == [
        None,
        None,
        "its name is not a string",
        "`date` belongs on int, not on string",
        "`duration` needs a fixed of 12 bytes, not 11",
        None,
        "`decimal` needs a precision",
        "its precision is not an integer",
        "its precision is 0; it must be positive",
        "its scale is -1; it must not be negative",
        "its scale 5 is greater than its precision 4",
        "a fixed of 1 bytes holds 2 digits, not 3",
        None,
    ]


def test_two_thousand_literal_levels():
    value = "int"
    for i in range(2000):
        value = {"type": "record", "name": f"R{i}", "fields": [{"name": "a", "type": value}]}
    schema = schema_of(value, Factory())

    assert (len(schema.types), schema.problems) == (2000, ())


def test_a_hundred_thousand_arrays():
    value = "int"
    for _ in range(100_000):
        value = {"type": "array", "items": value}
    node, depth = root_of(value), 0
    while isinstance(node, Array):
        node, depth = node.items, depth + 1

    assert (depth, isinstance(node, Primitive)) == (100_000, True)


def test_ten_thousand_types_by_name_whose_defaults_rest_on_each_other():
    def part(i):
        fields = [{"name": "n", "type": f"T{i + 1}", "default": {}}] if i < 9_999 else []
        return {"name": f"f{i}", "type": {"type": "record", "name": f"T{i}", "fields": fields}}

    started = time.process_time()
    schema = schema_of(record(*map(part, range(10_000))), Factory())

    assert (len(schema.types), schema.problems) == (10_001, ())
    assert time.process_time() - started < 20


def test_twenty_thousand_fields():
    schema = schema_of(
        record(*({"name": f"f{i}", "type": ["null", "int"], "default": None} for i in range(20_000))), Factory()
    )

    assert (len(schema.root.fields), schema.problems) == (20_000, ())


def test_a_use_of_a_name_is_a_ref_and_keeps_its_properties():
    root = root_of(record({"name": "a", "type": ["null", {"type": "R", "x": 1}]}))
    ref = root.fields[0].type.branches[1]

    assert (isinstance(ref, Ref), ref.props) == (True, {"x": 1})
