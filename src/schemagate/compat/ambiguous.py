"""Finds the fields for which Avro Java's checker throws: by name and by alias they hit two fields of a writer.

The reference, and every registry built on it, then refuses the pair as a whole, also where another branch of a union
would have read it. So it matters which pairs the checker looks at: it tries a union's branches in order, up to the
first that fits, and looks at the fields of records even if their names differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemagate.compat.expand import writer_fields
from schemagate.compat.trace import Side, Trace
from schemagate.schema.model import Array, Field, Map, Record, Union

if TYPE_CHECKING:
    from schemagate.compat.solve import Solver


def ambiguous_fields(solver: Solver) -> Iterator[tuple[Side, Side]]:
    """Each such field of the reader with the writer's record that it hits, in the order the checker meets them."""
    if not _may_hit_twice(solver):
        return
    ours, theirs = Trace(solver.reader), Trace(solver.writer)
    stack = [(ours.root(), theirs.root())]
    seen: set[tuple[object, object]] = set()
    while stack:
        reader, writer = stack.pop()
        if isinstance(reader.part, Field):
            yield reader, writer
            continue
        pair = (reader.part, writer.part)
        if pair in seen or solver.memo.alias_free(reader.part):
            continue
        seen.add(pair)
        solver.spend()
        stack.extend(reversed(list(_below(reader, writer, solver, (ours, theirs)))))


def _may_hit_twice(solver: Solver) -> bool:
    """Whether some record of the writer has both a reader's field's name and one of its aliases, or two aliases."""
    memo = solver.memo
    aliased = [
        frozenset((field.name, *field.aliases))
        for named in solver.reader.types.values()
        if memo.aliased(named) and isinstance(named, Record)
        for field in named.fields
        if field.aliases
    ]
    if not aliased:
        return False
    records = [named for named in solver.writer.types.values() if isinstance(named, Record)]
    return any(
        len(names.intersection(field.name for field in record.fields)) > 1 for names in aliased for record in records
    )


def _below(reader: Side, writer: Side, solver: Solver, traces: tuple[Trace, Trace]) -> Iterator[tuple[Side, Side]]:
    ours, theirs = traces
    if isinstance(writer.part, Union):
        yield from ((reader, theirs.entered(side)) for side in theirs.below(writer))
    elif isinstance(reader.part, Union):
        for side in map(ours.entered, ours.below(reader)):
            yield side, writer
            if solver.reads(side.part, writer.part):  # type: ignore[arg-type]
                return
    elif isinstance(reader.part, Record) and isinstance(writer.part, Record):
        yield from _fields(reader, writer, traces)
    elif (isinstance(reader.part, Array) and isinstance(writer.part, Array)) or (
        isinstance(reader.part, Map) and isinstance(writer.part, Map)
    ):
        yield ours.entered(ours.below(reader)[0]), theirs.entered(theirs.below(writer)[0])


def _fields(reader: Side, writer: Side, traces: tuple[Trace, Trace]) -> Iterator[tuple[Side, Side]]:
    ours, theirs = traces
    places = {side.field: side for side in theirs.below(writer)}
    names = {field.name: field for field in places if field is not None}
    for side in ours.below(reader):
        if isinstance(side.part, Field):
            hits = writer_fields(side.part, names)
            if len(hits) > 1:
                yield side, writer
            elif hits:
                yield ours.type_of(side), theirs.type_of(places[hits[0]])
