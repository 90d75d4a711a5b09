"""The reasons of incompatible pairs, against those that Avro Java 1.12.1 lists, in its order and with its locations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.devregistry.running import running

from schemagate.avsc.read import read_text
from schemagate.devregistry.store.java_report import AmbiguousFieldError, reasons
from schemagate.schema.model import Factory, Schema
from schemagate.schema.names import schema_of

ROWS = Path(__file__).parents[1] / "conformance" / "data" / "pairs_dev.jsonl"


def schemas(row: dict) -> tuple[Schema, Schema]:
    factory = Factory()
    return tuple(schema_of(read_text(row[side]).value, factory, side) for side in ("reader", "writer"))


def rows() -> Iterator[dict]:
    for line in ROWS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if not row.get("reader_error") and not row.get("writer_error"):
            yield row


def test_kinds_and_locations_are_java_s():
    different, throwing, total = [], [], 0
    for row in rows():
        total += 1
        try:
            found = [(reason.kind, reason.location) for reason in reasons(*schemas(row))]
        except AmbiguousFieldError:
            throwing.append(row)
            continue
        if found != [(each["type"], each["location"]) for each in row["incompatibilities"]]:
            different.append(row["id"])

    assert different == []
    assert all(row.get("check_error") for row in throwing)
    assert total > 2_500


TREE = '{"type":"record","name":"T","fields":[{"name":"v","type":"%s"},{"name":"l","type":["null","T"]}]}'


def test_a_recursive_type_ends_and_is_told_once():
    reader, writer = schemas({"reader": TREE % "int", "writer": TREE % "string"})

    assert [reason.location for reason in reasons(reader, writer)] == ["/fields/0/type"]


def test_a_type_that_doubles_at_every_level_is_told_in_bounded_time():
    def deep(leaf: str) -> str:
        text = f'"{leaf}"'
        for level in range(60):
            uses = (
                f'{{"name":"a","type":{text}}},{{"name":"b","type":"R{level - 1}"}}'
                if level
                else f'{{"name":"a","type":{text}}}'
            )
            text = f'{{"type":"record","name":"R{level}","fields":[{uses}]}}'
        return text

    assert len(reasons(*schemas({"reader": deep("int"), "writer": deep("string")}))) == 200


ORDER_DEPENDENT = {
    "d01152": "Java keeps results reached while a recursive pair was open",
    "d02374": "the same",
}


@pytest.mark.parametrize("name", ORDER_DEPENDENT)
def test_what_java_wrongly_allows_is_refused_with_a_reason_of_ours(name):
    row = next(row for row in rows() if row["id"] == name)
    assert row["compatible"] is True
    with running("BACKWARD") as registry:
        registry.register("s", row["writer"])
        refused = registry.register("s", row["reader"])

    assert (refused.status, "errorType:" in refused.body["message"]) == (409, True)


def test_a_field_that_hits_twice_is_refused_as_java_s_exception():
    old = {"type": "record", "name": "R", "fields": [{"name": n, "type": "int", "default": 0} for n in "ab"]}
    new = {"type": "record", "name": "R", "fields": [{"name": "a", "type": "int", "default": 0, "aliases": ["b"]}]}
    with running("BACKWARD") as registry:
        registry.register("s", old)
        refused = registry.register("s", new)

    assert refused.status == 409
    assert (
        "Unexpected exception during compatibility check: Reader record field a matches mult" in refused.body["message"]
    )
