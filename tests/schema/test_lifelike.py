"""Generated data that looks like what its fields' names promise, and data as JSON texts carry it."""

from __future__ import annotations

import re

from tests.rules.lineages import decimal, field, record, schemas

from schemagate.schema.datum import Chosen, Smallest
from schemagate.schema.lifelike import lifelike
from schemagate.schema.plain_values import name_bytes, plain_value
from schemagate.schema.sample import Seeded, sample


def made(*fields: dict, seed: int = 0) -> dict:
    (schema,) = schemas(record(*fields))
    chooser = Seeded(seed)
    return plain_value(lifelike(sample(Smallest(schema), chooser), schema, chooser), schema)


def test_texts_are_what_their_fields_are_called():
    found = made(*(field("string", name) for name in ("userId", "email", "city", "comment", "order_code", "x")))

    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", found["userId"])
    assert found["email"].endswith("@example.com")
    assert len(found["comment"].split()) >= 4
    assert re.fullmatch(r"[A-H]\d{6}", found["order_code"])


def test_a_logical_type_says_more_than_a_name():
    found = made(field({"type": "long", "logicalType": "timestamp-micros"}, "comment"), field("long", "created_at"))

    assert found["comment"] > 10**15
    assert 1.7e12 < found["created_at"] < 1.8e12


def test_the_same_seed_gives_the_same_data():
    fields = [field("string", "name"), field({"type": "array", "items": "string"}, "emails")]

    assert made(*fields, seed=3) == made(*fields, seed=3) != made(*fields, seed=4)


def test_texts_in_unions_arrays_and_maps_are_replaced_where_they_are():
    node = ["null", {"type": "map", "values": {"type": "array", "items": "string"}}]
    (schema,) = schemas(record(field(node, "emails")))
    datum = {"emails": Chosen("map", {"a": ["x", "y"]})}

    found = plain_value(lifelike(datum, schema, Seeded(0)), schema)

    assert [text.endswith("@example.com") for text in found["emails"]["a"]] == [True, True]
    assert datum == {"emails": Chosen("map", {"a": ["x", "y"]})}


def test_decimals_are_numbers_bytes_are_base64_and_unions_leave_no_mark():
    (schema,) = schemas(record(field(decimal(9, 2), "d"), field("bytes", "b"), field(["null", "double"], "u")))
    datum = {"d": (-12345).to_bytes(2, "big", signed=True), "b": b"\xff", "u": Chosen("double", float("nan"))}

    assert plain_value(datum, schema) == {"d": -123.45, "b": "/w==", "u": None}


def test_the_bytes_of_names_are_those_of_fields_and_not_of_map_keys_or_branches():
    inner = record(field("int", "ä"), name="In")
    (schema,) = schemas(record(field({"type": "map", "values": inner}, "m"), field(["null", "int"], "u")))
    datum = {"m": {"key": {"ä": 1}}, "u": Chosen("int", 2)}

    # "m": "ä": "u":
    assert name_bytes({"m": {"key": {"ä": 1}}, "u": {"int": 2}}, datum, schema) == 4 + 5 + 4
    assert name_bytes({"u": 2}, datum, schema) == 4
