"""Properties over generated pairs: compatible means that data decodes, incompatible that some datum does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import assume, given, strategies as st

import schemagate
from schemagate.adapters.decoding import DecodeError, decode, encode, load
from schemagate.compat.decode import has_rivals
from schemagate.compat.explain import explain
from schemagate.compat.solve import Solver
from schemagate.compat.witness import trials
from schemagate.schema.datum import Smallest, plain
from schemagate.schema.extent import end_of
from schemagate.schema.from_json import datum_of
from schemagate.schema.sample import Seeded, sample

from .schemas import pair
from .test_properties import edits, schemas


def by_kind(schemas: tuple[Any, Any]) -> list[Any]:
    """The schemas with enums and fixed under short names of their own: fastavro takes types of one short name for each
    other, an enum for a record too."""
    kinds = {name: kind for schema in schemas for name, kind in named(schema) if kind != "record"}
    return [renamed(schema, {name: f"{name}_{kind}" for name, kind in kinds.items()}) for schema in schemas]


def named(part: Any) -> Iterator[tuple[str, str]]:
    """Every type that is defined, with its kind."""
    if isinstance(part, list):
        for item in part:
            yield from named(item)
    elif isinstance(part, dict):
        if part.get("type") in ("record", "enum", "fixed"):
            yield part["name"], part["type"]
        for key in ("type", "items", "values", "fields"):
            yield from named(part.get(key))


def renamed(part: Any, names: dict[str, str]) -> Any:
    if isinstance(part, list):
        return [renamed(item, names) for item in part]
    if isinstance(part, dict):
        return {key: renamed(item, names) if key != "default" else item for key, item in part.items()}
    return names.get(part, part) if isinstance(part, str) else part


class Drawn:
    """Choices that hypothesis makes, and shrinks."""

    def __init__(self, data: st.DataObject) -> None:
        self._data = data

    def below(self, bound: int) -> int:
        return self._data.draw(st.integers(0, bound - 1))


@given(edits(aliases=False).map(by_kind), st.data())
def test_what_is_compatible_decodes_whatever_is_written(whole_and_less, data) -> None:
    ways = [pair(*order) for order in (whole_and_less, whole_and_less[::-1])]
    reader, writer = next(((r, w) for r, w in ways if Solver(r, w).compatible()), ways[0])
    solver = Solver(reader, writer)
    small = Smallest(writer)
    # Of branches that share a short name fastavro takes the first, Java that of the full name.
    assume(solver.compatible() and not small.fault() and not has_rivals(reader, solver.memo))
    ours, theirs = load(reader), load(writer)
    encoded = encode(theirs, sample(small, Drawn(data), 20))
    try:
        decode(encoded, theirs, ours)
    except DecodeError as error:
        assert error.kind == "text"  # noqa: PT017 - bytes that are no UTF-8, read as a string: the one class there is


@given(edits(aliases=False).map(by_kind))
def test_what_is_incompatible_has_a_witness_if_any_datum_goes_there(readers_and_writers) -> None:
    reader, writer = pair(*readers_and_writers)
    solver = Solver(reader, writer)
    assume(not solver.compatible() and not has_rivals(reader, solver.memo))
    reachable = trials(writer, explain(reader, writer, solver))

    assert (schemagate.find_witness(reader, writer) is not None) is bool(reachable)


@given(schemas(aliases=False), st.integers(0, 2**32))
def test_a_generated_datum_is_encoded_measured_and_read_back(schema, seed) -> None:
    same, _ = pair(schema, schema)
    small = Smallest(same)
    assume(not small.fault())
    loaded = load(same)
    encoded = encode(loaded, sample(small, Seeded(seed)))

    assert end_of(same, encoded + b"\x00") == len(encoded)
    # Plain JSON does not say which branch of a union it is: `{}` is a map's value and a record's.
    assert plain(datum_of(same, plain(small.of(same.root)))) == plain(small.of(same.root))
    decode(encoded, loaded, None)
