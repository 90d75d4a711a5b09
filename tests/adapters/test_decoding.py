"""What the decoder says of data that it cannot read."""

from __future__ import annotations

import pytest

import schemagate
from schemagate.adapters.decoding import DecodeError, decode, encode, load
from schemagate.schema.datum import Chosen


def refusal(reader: dict, writer: dict, datum: object) -> tuple[str, str]:
    ours, theirs = load(schemagate.parse(reader)), load(schemagate.parse(writer))
    with pytest.raises(DecodeError) as raised:
        decode(encode(theirs, datum), theirs, ours)
    return raised.value.kind, raised.value.words


def holder(*branches: object) -> dict:
    return {"type": "record", "name": "R", "fields": [{"name": "f", "type": list(branches)}]}


def test_types_of_two_kinds_with_one_short_name_are_said_to_confuse_the_library():
    enum = {"type": "enum", "name": "a.S", "symbols": ["X"]}
    empty = {"type": "record", "name": "b.S", "fields": []}

    assert refusal(holder(enum, empty), holder(empty), {"f": Chosen("b.S", {})}) == (
        "confused",
        "fastavro goes by the short name `S`, which types of two kinds have, and takes one for the other",
    )


@pytest.mark.parametrize("name", ["id", "fields"])
def test_a_field_that_two_written_ones_fit_is_named_whatever_its_name(name):
    reader = {"type": "record", "name": "R", "fields": [{"name": name, "type": "int", "aliases": ["old"]}]}
    writer = {"type": "record", "name": "R", "fields": [{"name": n, "type": "int"} for n in (name, "old")]}

    words = f"two of the written fields fit its field `{name}`"
    assert refusal(reader, writer, {"old": 1, name: 2}) == ("twice", words)
