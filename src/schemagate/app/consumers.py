"""The versions that consumers of a subject may hold, and how each of them fares with data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from schemagate.adapters.confirm import Workbench, why
from schemagate.adapters.decoding import DecodeError, Loaded, decode
from schemagate.app.records import Item
from schemagate.compat.explain import FIELD_KINDS, explain
from schemagate.compat.solve import Memo, Solver
from schemagate.engine.lineage import Lineage
from schemagate.errors import UndecidedError, UsageError
from schemagate.report.verification import Consumer
from schemagate.schema.canonical import content_key
from schemagate.schema.extent import ExtentError, end_of, recursive
from schemagate.schema.model import Enum, Fixed, Record, Schema, short_name

CANDIDATE: Final = "the candidate"
MOST_NAMED: Final = 8


class HeldBy(msgspec.Struct, frozen=True):
    """A schema that a consumer may read with."""

    name: str
    published: str
    schema: Schema


def held_by_consumers(lineage: Lineage) -> list[HeldBy]:
    """Every published version, retracted ones too, oldest first; then the candidate, where it is none of them."""
    held = [
        HeldBy(version.id.name, ", ".join(place.label for place in version.id.published), version.schema)
        for version in lineage.versions
    ]
    candidate = lineage.candidate
    if candidate is not None:
        key = content_key(candidate)
        same = next((i for i, one in enumerate(held) if content_key(one.schema) == key), None)
        if same is None:
            held.append(HeldBy(CANDIDATE, lineage.path, candidate))
    return held


def subject_of(lineages: Sequence[Lineage], subject: str, paths: Sequence[str], name: str) -> Lineage:
    """The subject that the data belongs to: the one asked for, else the one whose type has the writer's ``name``.

    UsageError where none or several fit.
    """
    found = list(lineages)
    if subject:
        found = [one for one in found if subject == one.subject or subject in one.names]
    if paths:
        found = [one for one in found if any(one.path == path or one.path.startswith(f"{path}/") for path in paths)]
    if len(_subjects(found)) > 1 and name:
        found = [one for one in found if name in _names(one)] or [
            one for one in found if short_name(name) in map(short_name, _names(one))
        ]
    if not found:
        asked = subject or ", ".join(paths) or f"a type {name}"
        raise UsageError(f"no subject fits {asked}", hint=f"name it with --subject: {_told(lineages)}")
    if len(_subjects(found)) > 1:
        raise UsageError(
            f"{len(_subjects(found))} subjects may be what the data belongs to",
            hint=f"name one with --subject, or its file: {_told(found)}",
        )
    # Of several files of one series the last has the others among its versions.
    return found[-1]


def _subjects(lineages: Iterable[Lineage]) -> list[str]:
    return list(dict.fromkeys(one.subject for one in lineages))


def _told(lineages: Sequence[Lineage]) -> str:
    subjects = _subjects(lineages)
    more = f" and {len(subjects) - MOST_NAMED} more" if len(subjects) > MOST_NAMED else ""
    return (", ".join(subjects[:MOST_NAMED]) or "there is none") + more


def _names(lineage: Lineage) -> set[str]:
    schemas = [version.schema for version in lineage.versions]
    schemas += [lineage.candidate] if lineage.candidate is not None else []
    return {schema.root.name for schema in schemas if isinstance(schema.root, Record | Enum | Fixed)}


class _Row:
    """How one consumer fared so far."""

    def __init__(self, held: HeldBy) -> None:
        self.held = held
        self.failed = 0
        self.first: int | None = None
        self.why = ""
        self.promised: bool | None = True


class Tally:
    """Reads each record with every consumer's schema. Memory does not grow with the data."""

    def __init__(self, held: Sequence[HeldBy]) -> None:
        self.records = 0
        self.writers: dict[str, int] = {}
        self.undecided: list[str] = []
        self._rows = [_Row(one) for one in held]
        self._bench = Workbench()
        self._memo = Memo()
        self._pairs: dict[int, tuple[Schema, list[tuple[_Row, Loaded, Loaded]], bool]] = {}

    def add(self, item: Item) -> str:
        """Counts one record. One that even its own schema cannot read is not counted: the answer then says why."""
        schema, rows, nests = self._written_with(item.writer.schema)
        fault = _too_deep(schema, item.data) if nests else ""
        tried = [
            (row, ("value", fault) if fault else _refusal(item.data, writer, reader)) for row, reader, writer in rows
        ]
        if not fault and any(refused for _, refused in tried):
            own = _refusal(item.data, rows[0][2])
            if own is not None:
                return f"it cannot be read with the schema that it names, {item.writer.name}: {own[1]}"
        self.records += 1
        self.writers[item.writer.name] = self.writers.get(item.writer.name, 0) + 1
        for row, refused in tried:
            if refused:
                row.failed += 1
                if row.first is None:
                    row.first = item.number
                    row.why = self._words(*refused, row.held.schema, schema)
        return ""

    def consumers(self) -> tuple[Consumer, ...]:
        return tuple(
            Consumer(row.held.name, row.held.published, self.records, row.failed, row.first, row.why, row.promised)
            for row in self._rows
        )

    def _written_with(self, schema: Schema) -> tuple[Schema, list[tuple[_Row, Loaded, Loaded]], bool]:
        known = self._pairs.get(id(schema))
        if known is None:
            rows = []
            for row in self._rows:
                pair = self._bench.pair(row.held.schema, schema)
                if pair is None:
                    row.why = "not tried: fastavro does not load its schema, or the writer's"
                    self.undecided.append(f"{row.held.name}: {row.why}")
                else:
                    rows.append((row, *pair))
                self._judge(row, schema)
            known = self._pairs[id(schema)] = (schema, rows, recursive(schema))
        return known

    def _words(self, kind: str, words: str, reader: Schema, writer: Schema) -> str:
        """Why, where the decoder itself says no more than that two types do not fit."""
        if kind != "mismatch":
            return words
        try:
            causes = explain(reader, writer, Solver(reader, writer, self._memo))
        except UndecidedError:
            return words
        fitting = [cause for cause in causes if cause.kind not in FIELD_KINDS]
        if not fitting:
            return words
        others = f" (or another of {len(fitting)} places)" if len(fitting) > 1 else ""
        return f"{fitting[0].path}: {why(fitting[0])}{others}"

    def _judge(self, row: _Row, writer: Schema) -> None:
        try:
            fine = Solver(row.held.schema, writer, self._memo).compatible()
        except UndecidedError:
            row.promised = None if row.promised else row.promised
            return
        if not fine:
            row.promised = False


def _refusal(data: bytes, writer: Loaded, reader: Loaded | None = None) -> tuple[str, str] | None:
    """Why it cannot be read, as a kind and in words; None if it can. Without a reader the writer's schema reads.

    Not the exception itself: it holds the frames of those who hold it, and nothing collects such circles in a command.
    """
    try:
        decode(data, writer, reader)
    except DecodeError as error:
        return error.kind, error.words
    return None


def _too_deep(schema: Schema, data: bytes) -> str:
    try:
        end_of(schema, data)
    except ExtentError as error:
        return str(error)
    return ""
