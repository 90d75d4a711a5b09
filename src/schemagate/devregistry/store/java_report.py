"""The reasons of an incompatible pair as Avro Java's checker lists them: kind, location in the reader, message.

The verdict is not taken from here (``compat.solve`` gives it): this only words it as a registry's clients know it.
Source: ``SchemaCompatibility`` of Avro Java 1.12, with its habits: nothing is told from inside a union, and what was
found in a pair of named types is told again, with its first location, wherever the pair is met again.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Final, TypeAlias

import msgspec

from schemagate.compat.expand import READS, missing_symbols, names_match, writer_fields
from schemagate.schema.drive import drive
from schemagate.schema.model import Array, Enum, Fixed, Map, Named, Node, Record, Schema, Union

MOST_TOLD: Final = 200
"""Reasons of one pair; a memoised pair repeats its own, so that without a bound they could double at every level."""
MOST_VISITED: Final = 100_000
"""Pairs looked at for one answer; past it the list ends."""


class Reason(msgspec.Struct, frozen=True):
    kind: str
    location: str
    message: str


class AmbiguousFieldError(Exception):
    """A reader's field hits two of the writer's, for which Java's checker throws."""


Path: TypeAlias = tuple["Path", str] | None
Reasons: TypeAlias = list[Reason]
Steps: TypeAlias = Generator["Steps", Reasons, Reasons]


def reasons(reader: Schema, writer: Schema) -> Reasons:
    """In Java's order. Raises :class:`AmbiguousFieldError` where Java throws."""
    report = _Report(reader, writer)
    return drive(report.pair(reader.root, writer.root, None))


class _Report:
    def __init__(self, reader: Schema, writer: Schema) -> None:
        self.reader = reader
        self.writer = writer
        self.known: dict[tuple[Named, Named], Reasons] = {}
        self.left = MOST_VISITED

    def pair(self, reader: Node, writer: Node, path: Path) -> Steps:
        """``getCompatibility``: what was found in a pair of named types is kept, also while it is being looked at."""
        ours, theirs = self.reader.resolve(reader), self.writer.resolve(writer)
        self.left -= 1
        if self.left < 0:
            return []
        if not isinstance(ours, Record | Enum | Fixed) or not isinstance(theirs, Record | Enum | Fixed):
            return (yield from self.compare(ours, theirs, path))
        known = self.known.get((ours, theirs))
        if known is None:
            self.known[ours, theirs] = []
            known = self.known[ours, theirs] = yield self.compare(ours, theirs, path)
        return known

    def compare(self, ours: Node, theirs: Node, path: Path) -> Steps:
        if isinstance(theirs, Union):
            return (yield from self.writer_union(ours, theirs, path))
        if isinstance(ours, Union):
            return (yield from self.reader_union(ours, theirs, path))
        if ours.kind != theirs.kind:
            ok = theirs.kind in READS.get(ours.kind, ())
            text = f"reader type: {ours.kind.upper()} not compatible with writer type: {theirs.kind.upper()}"
            return [] if ok else [Reason("TYPE_MISMATCH", _location(path), text)]
        if isinstance(ours, Array) and isinstance(theirs, Array):
            return (yield self.pair(ours.items, theirs.items, (path, "items")))
        if isinstance(ours, Map) and isinstance(theirs, Map):
            return (yield self.pair(ours.values, theirs.values, (path, "values")))
        if isinstance(ours, Record | Enum | Fixed) and isinstance(theirs, Record | Enum | Fixed):
            return (yield from self.named(ours, theirs, path))
        return []

    def named(self, ours: Named, theirs: Named, path: Path) -> Steps:
        found: Reasons = []
        if not names_match(ours, theirs):
            found.append(Reason("NAME_MISMATCH", _location((path, "name")), f"expected: {theirs.name}"))
        if isinstance(ours, Fixed) and isinstance(theirs, Fixed) and ours.size != theirs.size:
            text = f"expected: {theirs.size}, found: {ours.size}"
            found.append(Reason("FIXED_SIZE_MISMATCH", _location((path, "size")), text))
        if isinstance(ours, Enum) and isinstance(theirs, Enum):
            missing = sorted(missing_symbols(ours, theirs))
            if missing:
                text = f"[{', '.join(missing)}]"
                found.append(Reason("MISSING_ENUM_SYMBOLS", _location((path, "symbols")), text))
        if isinstance(ours, Record) and isinstance(theirs, Record):
            found.extend((yield self.fields(ours, theirs, (path, "fields"))))
        return found[:MOST_TOLD]

    def fields(self, ours: Record, theirs: Record, path: Path) -> Steps:
        found: Reasons = []
        names = {field.name: field for field in theirs.fields}
        for index, field in enumerate(ours.fields):
            at = (path, str(index))
            hits = writer_fields(field, names)
            if len(hits) > 1:
                raise AmbiguousFieldError(
                    f"Reader record field {field.name} matches multiple fields in writer record schema {theirs.name}"
                )
            type_ = self.reader.resolve(field.type)
            if hits:
                found.extend((yield self.pair(field.type, hits[0].type, (at, "type"))))
            elif not field.has_default and isinstance(type_, Enum) and type_.default is not None:
                found.extend((yield self.pair(field.type, theirs, (at, "type"))))
            elif not field.has_default:
                found.append(Reason("READER_FIELD_MISSING_DEFAULT_VALUE", _location(at), field.name))
            if len(found) >= MOST_TOLD:
                break
        return found[:MOST_TOLD]

    def writer_union(self, ours: Node, theirs: Union, path: Path) -> Steps:
        found: Reasons = []
        for index, branch in enumerate(theirs.branches):
            at = (path, str(index))
            if not isinstance(ours, Union):
                found.extend((yield self.pair(ours, branch, at)))
            elif (yield self.pair(ours, branch, None)):
                found.append(_lacking(self.writer.resolve(branch), at))
        return found[:MOST_TOLD]

    def reader_union(self, ours: Union, theirs: Node, path: Path) -> Steps:
        for branch in ours.branches:
            if not (yield self.pair(branch, theirs, None)):
                return []
        return [_lacking(theirs, path)]


def _lacking(writer: Node, path: Path) -> Reason:
    text = f"reader union lacking writer type: {writer.kind.upper()}"
    return Reason("MISSING_UNION_BRANCH", _location(path), text)


def _location(path: Path) -> str:
    steps: list[str] = []
    while path is not None:
        path, step = path
        steps.append(step)
    return "/" + "/".join(reversed(steps))
