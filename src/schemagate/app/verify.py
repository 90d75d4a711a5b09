"""Decodes real data with every version that a consumer may hold, and says which fail."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec
from msgspec.structs import replace

from schemagate.adapters.container import open_container
from schemagate.adapters.decoding import library
from schemagate.adapters.messages import Kind, kind_of
from schemagate.app.check import look
from schemagate.app.consult import Consulted, compare, connected
from schemagate.app.consumers import Tally, held_by_consumers, subject_of
from schemagate.app.gather import Gathered, gather
from schemagate.app.records import Item, Lost, Writer, container_records, framed_records, json_records
from schemagate.app.remote import RemoteReader, chosen
from schemagate.app.request import CheckRequest
from schemagate.app.scope import Scope
from schemagate.engine.lineage import Lineage
from schemagate.errors import RegistryError, UndecidedError, UsageError
from schemagate.report.verification import Verification
from schemagate.rules.catalog import BY_ID
from schemagate.schema.bulk import VersionReader
from schemagate.schema.model import Enum, Fixed, Record, Schema

if TYPE_CHECKING:
    from schemagate.adapters.registry.client import Registry

MOST_LOST: Final = 5
"""Records that could not be looked at and are told one by one."""
START: Final = 64 * 1024

KINDS: Final = {
    "container": "Avro container",
    "json": "JSON lines",
    "messages": "framed messages, one a line",
    "delimited": "framed messages, each behind its length",
}


class VerifyRequest(msgspec.Struct, frozen=True):
    """One run. ``check`` says where and with which configuration; its ``paths`` choose a subject, as ``subject`` does.

    ``kind`` empty looks at the data; ``written_with`` (a file or a version's name) is for JSON lines.
    """

    check: CheckRequest
    data: str
    subject: str = ""
    kind: str = ""
    written_with: str = ""


def verify(request: VerifyRequest) -> Verification:
    """What every version of the subject makes of the data.

    Raises ConfigError, UsageError, GitError; what could not be looked at is in ``Verification.undecided``.
    """
    if request.kind and request.kind not in KINDS:
        raise UsageError(f"--as {request.kind}: no such kind of data", hint=f"choose one of {', '.join(KINDS)}")
    scope = look(replace(request.check, everything=True, paths=()))
    with ExitStack() as stack:
        stack.enter_context(scope.repo)
        file = stack.enter_context(opened(os.path.join(request.check.directory, request.data), request.data))
        settings = None if request.check.offline else chosen(scope.settings, request.check.registry)
        registry = None
        if settings is not None:
            registry = stack.enter_context(connected(settings, scope, request.check))
        return _Run(request, scope, gather(scope), registry).verify(file)


def opened(path: str, told: str) -> BinaryIO:
    """The data file; UsageError if it cannot be opened."""
    try:
        return open(path, "rb")
    except OSError as error:
        raise UsageError(f"cannot read {told}: {error.strerror}", hint="name a file of data with --data") from error


class _Run:
    def __init__(self, request: VerifyRequest, scope: Scope, gathered: Gathered, registry: Registry | None) -> None:
        self.request = request
        self.scope = scope
        self.gathered = gathered
        self.registry = registry
        self.reader = gathered.reader or VersionReader(gathered.workspace.factory)
        self.undecided: list[str] = []
        self.notes: list[str] = []
        self._by_id: dict[int, Writer | str] = {}

    def verify(self, file: BinaryIO) -> Verification:
        self._compare()
        kind: Kind = self.request.kind or kind_of(file.read(START))  # type: ignore[assignment]
        file.seek(0)
        described, records, lineage = self._source(kind, file)
        tally = Tally(held_by_consumers(lineage))
        lost = 0
        try:
            for record in records:
                why = record.why if isinstance(record, Lost) else tally.add(record)
                if why:
                    lost += 1
                    if lost <= MOST_LOST:
                        self.undecided.append(f"record {record.number}: {why}")
        except UndecidedError as error:
            self.undecided.append(f"{error.message}; {error.hint}" if error.hint else error.message)
        if lost > MOST_LOST:
            self.undecided.append(f"{lost - MOST_LOST} more records could not be looked at")
        if not tally.records and not self.undecided:
            self.undecided.append("there is no record in the file")
        self.undecided += tally.undecided
        return Verification(
            self.request.data,
            described,
            library(),
            lineage.subject,
            tally.records,
            tuple(tally.writers.items()),
            tally.consumers(),
            tuple(self.undecided),
            tuple(self.notes),
        )

    def _compare(self) -> None:
        """Takes the registry's versions into the lineages, or says that they are missing."""
        if self.registry is None:
            if self.request.check.offline and self.scope.settings.registries:
                self.notes.append("--offline: versions that only a registry holds were not tried")
            return
        found = Consulted()
        try:
            compare(self.scope, self.request.check, self.gathered, self.registry, found)
        except RegistryError as error:
            hint = f"; {error.hint}" if error.hint else ""
            self.undecided.append(f"registry {self.registry.name}: {error.message}{hint}")

    def _source(self, kind: Kind, file: BinaryIO) -> tuple[str, Iterator[Item | Lost], Lineage]:
        if kind == "container":
            container = open_container(file)
            schema = self._read(container.schema, "the file's header")
            writer = Writer(_name(schema) or "its own schema", schema)
            described = KINDS[kind] + ("" if container.codec == "null" else f" ({container.codec})")
            return described, container_records(container, writer), self._lineage(_name(schema))
        if kind == "json":
            lineage = self._lineage("")
            return KINDS[kind], json_records(file, self._writers(lineage)), lineage
        if self.registry is None:
            raise UndecidedError(
                "framed messages name their schemas by ids, and no registry is asked",
                hint="configure [registry.NAME], and leave out --offline",
            )
        records = framed_records(file, kind, self._writer_of)
        first = next(records, None)
        name = _name(first.writer.schema) if isinstance(first, Item) else ""
        return KINDS[kind], _with_first(first, records), self._lineage(name)

    def _lineage(self, name: str) -> Lineage:
        return subject_of(self.gathered.lineages, self.request.subject, self._paths(), name)

    def _paths(self) -> tuple[str, ...]:
        prefix = self.scope.repo.prefix
        return tuple(f"{prefix}{path.removeprefix('./')}".rstrip("/") for path in self.request.check.paths)

    def _writers(self, lineage: Lineage) -> Sequence[Writer]:
        """What JSON lines may have been written with: what was said, else every version, the newest first."""
        held = [Writer(one.name, one.schema) for one in held_by_consumers(lineage)]
        wanted = self.request.written_with
        if not wanted:
            return held[::-1]
        found = [writer for writer in held if writer.name == wanted]
        if found:
            return found
        with opened(os.path.join(self.request.check.directory, wanted), wanted) as file:
            return [Writer(wanted, self._read(file.read(), wanted))]

    def _read(self, text: bytes, name: str) -> Schema:
        schema = self.reader.read(text, name, {})
        if schema is None:
            raise UndecidedError(f"{name} holds no schema that could be read")
        refused = next((problem for problem in schema.problems if problem.refused), None)
        if refused is not None:
            raise UndecidedError(f"the schema in {name} is refused: {BY_ID[refused.rule].words(refused.args)}")
        return schema

    def _writer_of(self, schema_id: int) -> Writer | str:
        """The schema with an id, asked for once."""
        if schema_id not in self._by_id:
            self._by_id[schema_id] = self._asked(schema_id)
        return self._by_id[schema_id]

    def _asked(self, schema_id: int) -> Writer | str:
        assert self.registry is not None
        try:
            payload = self.registry.by_id(schema_id)
        except RegistryError as error:
            return f"registry {self.registry.name}: {error.message}"
        if payload is None:
            return f"registry {self.registry.name} knows no schema with the id {schema_id}"
        schema = RemoteReader(self.registry, self.reader).schema(payload, f"registry id {schema_id}")
        if isinstance(schema, str):
            return f"the schema with the id {schema_id}: {schema}"
        return Writer(f"id {schema_id}", schema)


def _with_first(first: Item | Lost | None, rest: Iterator[Item | Lost]) -> Iterator[Item | Lost]:
    if first is not None:
        yield first
        yield from rest


def _name(schema: Schema) -> str:
    return schema.root.name if isinstance(schema.root, Record | Enum | Fixed) else ""
