"""Effects that no published version shows: without a field, under another name, with a newer symbol."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from schemagate.compat.chain import around, presentable
from schemagate.engine.effect import SAME, Effect, Reader, Sides, way_to
from schemagate.finding import Finding
from schemagate.schema.loadable import Variant
from schemagate.schema.model import Enum, Field, Record


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
