"""Effects that no published version shows: without a field, under another name, with a newer symbol."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from schemagate.compat.chain import around, presentable
from schemagate.engine.effect import JAVA, SAME, Effect, Reader, Sides, way_to
from schemagate.finding import Finding, Json, Reading
from schemagate.schema.datum import Chosen, Datum, plain
from schemagate.schema.loadable import Variant
from schemagate.schema.model import Enum, Field, Fixed, Record


def absent(sides: Sides, _: Finding) -> Iterator[Effect]:
    """A message without the field, as both sides read it."""
    schema, path, field = sides.writer
    name = sides.reader[2].name if isinstance(sides.reader[2], Field) else ""
    records = sides.change.records
    if not isinstance(field, Field) or records is None:
        return
    chain, theirs, small = way_to(schema, path, field), way_to(*sides.reader), sides.smallest(schema)
    if not chain or not theirs or small.size(field.type) is None or not presentable(small, chain, 1):
        return
    record = chain[-2]
    assert isinstance(record, Record)
    rest = {f.name: small.of(f.type) for f in record.fields if f is not field}
    datum = around(small, chain[:-1], rest)
    writer = Variant(schema, fields={record.name: tuple(f for f in record.fields if f is not field)})
    readers = (Reader(schema, chain, old=True), sides.reading(theirs))
    supposed = f"a schema without `{name}`"
    yield Effect(writer, datum, datum, None, path, readers, sides.direction, SAME, supposed)


def renamed_back(sides: Sides, finding: Finding) -> Iterator[Effect]:
    """A message that has the field under the alias, as both sides read it."""
    schema, path, field = sides.writer
    alias = finding.args.get("alias")
    if not isinstance(field, Field) or not isinstance(alias, str):
        yield from _type_renamed_back(sides, alias)
        return
    chain, theirs, small = way_to(schema, path, field), way_to(*sides.reader), sides.smallest(schema)
    if not chain or not theirs or small.size(field.type) is None or not presentable(small, chain, 1):
        return
    record, value = chain[-2], small.of(field.type)
    assert isinstance(record, Record)
    if any(f.name == alias for f in record.fields):
        return
    former = tuple(replace(f, name=alias, aliases=()) if f is field else f for f in record.fields)
    inside = {f.name: value if f.name == alias else small.of(f.type) for f in former}
    datum = around(small, chain[:-1], inside)
    readers = (Reader(schema, chain, old=True), sides.reading(theirs))
    supposed = f"a schema that called it `{alias}`"
    writer = Variant(schema, fields={record.name: former})
    yield Effect(writer, datum, datum, None, path, readers, sides.direction, SAME, supposed)


def _type_renamed_back(sides: Sides, alias: Json) -> Iterator[Effect]:
    """A message whose type has the alias as its name, as both sides read it.

    Source: Avro Java 1.12.1, run: its decoder asks for the names of enums and fixed, its checker for all.
    """
    schema, path, named = sides.writer
    chain, theirs, small = way_to(schema, path, named), way_to(*sides.reader), sides.smallest(schema)
    own = small.size(named) if isinstance(named, Record | Enum | Fixed) else None
    if not chain or not theirs or not isinstance(alias, str) or alias in schema.types or own is None:
        return
    if not presentable(small, chain, own):
        return
    value = small.of(named)
    datum = _labelled(around(small, chain, value), named.name, alias)
    java = Reading("", JAVA, ran=False, error=f"Found {alias}, expecting {named.name}", how="throws")
    if isinstance(named, Record):
        java = Reading("", JAVA, ran=False, how="goes by the fields and reads it, but its checker refuses the pair")
    readers = (Reader(schema, chain, old=True), sides.reading(theirs))
    writer = Variant(schema, names={named.name: alias})
    supposed = f"a schema that called it `{alias}`"
    yield Effect(writer, datum, datum, plain(value), path, readers, sides.direction, (java,), supposed)


def _labelled(datum: Datum, name: str, alias: str) -> Datum:
    """The datum with another name on the branches that had this one. Iterative, for any depth."""
    result: list[Datum] = [None]
    stack: list[tuple[Datum, Any, Any]] = [(datum, result, 0)]
    while stack:
        value, target, key = stack.pop()
        made: Any = value
        if isinstance(value, Chosen):
            made = Chosen(alias if value.branch == name else value.branch, None)
            stack.append((value.value, made, None))
        elif isinstance(value, dict):
            made = dict.fromkeys(value)
            stack.extend((item, made, inner) for inner, item in value.items())
        elif isinstance(value, list):
            made = [None] * len(value)
            stack.extend((item, made, position) for position, item in enumerate(value))
        if isinstance(target, Chosen):
            target.value = made
        else:
            target[key] = made
    return result[0]


def unknown(sides: Sides, _: Finding) -> Iterator[Effect]:
    """A symbol that neither side has, as both read it."""
    schema, path, enum = sides.writer
    if not isinstance(enum, Enum):
        return
    symbol = "NEWER"
    while symbol in enum.symbols or symbol in sides.reader[2].symbols:
        symbol += "_STILL"
    chain, theirs, small = way_to(schema, path, enum), way_to(*sides.reader), sides.smallest(schema)
    if chain and theirs and presentable(small, chain, 1):
        datum = around(small, chain, symbol)
        readers = (Reader(schema, chain, old=True), sides.reading(theirs))
        writer = Variant(schema, symbols={enum.name: (*enum.symbols, symbol)})
        supposed = f"a schema that has the symbol `{symbol}`"
        yield Effect(writer, datum, datum, symbol, path, readers, sides.direction, SAME, supposed)
