from __future__ import annotations

import json

import pytest

from schemagate.plan.kept import left_out

DECIMAL = {"type": "bytes", "logicalType": "decimal", "precision": 4, "scale": 2}


def user(*, amount: object = DECIMAL, number: dict | None = None, **more: object) -> str:
    fields = [
        {"name": "n", "type": "int", **({"default": 1} if number is None else number)},
        {"name": "a", "type": amount},
    ]
    return json.dumps({"type": "record", "name": "User", "namespace": "com.acme", **more, "fields": fields})


@pytest.mark.parametrize(
    ("sent", "kinds"),
    [
        (user(), ()),
        (user(doc="Who."), ("docs",)),
        (user(number={"default": 1, "doc": "How many."}), ("docs",)),
        (user(aliases=["Person"]), ("aliases",)),
        (user(number={"default": 1, "aliases": ["m"], "order": "ignore"}), ("aliases", "sort orders")),
        (user(owner="accounts"), ("custom properties",)),
        (user(number={"default": 1, "pii": True}), ("custom properties",)),
        (user(amount={**DECIMAL, "unit": "EUR"}), ("custom properties",)),
        (user(number={"default": 2}, doc="Who."), ("docs", "default values")),
        (user(number={}), ("default values",)),
        (user(amount={**DECIMAL, "scale": 3}), ("logical types",)),
        (user(amount="bytes"), ("logical types",)),
    ],
)
def test_what_a_registry_left_out_is_named_by_kind(sent, kinds):
    assert left_out(sent, user()) == kinds
    assert left_out(user(), sent) == kinds


@pytest.mark.parametrize(
    "stored",
    [
        user(amount={"type": "bytes"}).replace('"com.acme"', '"com.acme.other"'),
        user(amount={"type": "array", "items": "bytes"}),
        user(amount=["null", "bytes"]),
        '"string"',
        "no schema",
        "",
    ],
)
def test_texts_that_are_built_differently_are_not_compared(stored):
    assert left_out(user(amount="bytes"), stored) == ()


def test_how_names_and_primitives_are_spelled_is_no_difference():
    sent = '{"type": "record", "name": "com.acme.A", "fields": [{"name": "x", "type": {"type": "string"}}]}'
    stored = '{"type":"record","name":"A","namespace":"com.acme","fields":[{"name":"x","type":"string"}]}'

    assert left_out(sent, stored) == ()


def test_types_that_are_only_referred_to_stay_names():
    order = {"type": "record", "name": "Order", "fields": [{"name": "to", "type": "com.acme.Address"}]}

    assert left_out(json.dumps({**order, "doc": "An order."}), json.dumps(order)) == ("docs",)


def test_what_java_drops_is_nothing_that_the_registry_left_out():
    assert left_out(user(doc=["no", "string"]), user()) == ()
