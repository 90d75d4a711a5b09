"""Tells why a reader cannot read a writer: each cause once, in the branch that the author meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

import msgspec

from schemagate.compat.ambiguous import ambiguous_fields
from schemagate.compat.expand import missing_symbols, names_match, writer_fields
from schemagate.compat.meant import Meant
from schemagate.compat.solve import Solver
from schemagate.compat.trace import MOST_TOLD, MOST_VISITED, Side, Trace
from schemagate.finding import Json
from schemagate.schema.model import Array, Enum, Field, Fixed, Map, Named, Record, Schema, Union
from schemagate.schema.walk import Part, type_label

Kind: TypeAlias = Literal[
    "NAME_MISMATCH",
    "FIXED_SIZE_MISMATCH",
    "MISSING_ENUM_SYMBOLS",
    "READER_FIELD_MISSING_DEFAULT_VALUE",
    "TYPE_MISMATCH",
    "MISSING_UNION_BRANCH",
    "AMBIGUOUS_FIELD",
]
"""Avro Java's ``SchemaIncompatibilityType``, and the field that hits twice, for which Java's checker throws."""

FIELD_KINDS: Final = frozenset({"READER_FIELD_MISSING_DEFAULT_VALUE", "AMBIGUOUS_FIELD"})
"""Told of a reader's field against the writer's whole record."""
MOST_SITES: Final = 100
"""Other use sites of one shared type that are told."""


@dataclass(frozen=True, slots=True)
class Incompatibility:
    """One reason why data of the writer cannot be read.

    ``expected`` is what the reader asks for and ``found`` what the writer has, as short JSON values. A pointer is
    RFC 6901 into its document. ``also_at`` lists the reader's other paths to the same shared type. ``reader`` and
    ``writer`` are the parts that disagree, None where that side has none; the records enclose them (neither shows in
    ``repr`` nor counts for equality), and the fields are those on the way, empty at the root.
    """

    kind: Kind
    path: str
    writer_path: str
    reader_pointer: str
    writer_pointer: str
    reader_document: str
    writer_document: str
    expected: Json
    found: Json
    also_at: tuple[str, ...] = ()
    reader: Part | None = field(default=None, repr=False, compare=False)
    writer: Part | None = field(default=None, repr=False, compare=False)
    reader_record: Record | None = field(default=None, repr=False, compare=False)
    writer_record: Record | None = field(default=None, repr=False, compare=False)
    reader_field: str = ""
    writer_field: str = ""


def explain(reader: Schema, writer: Schema, solver: Solver) -> tuple[Incompatibility, ...]:
    """The causes, in the reader's document order; empty if the reader reads the writer.

    At most :data:`MOST_TOLD`, and at least one if it does not. ``solver`` is one over the same two schemas.
    """
    return Explainer(reader, writer, solver).run()


Task: TypeAlias = tuple[Side, Side, Union | None]
"""A pair to look into, with the writer's union whose branch the writer's side is."""


class _Visit(msgspec.Struct):
    """A pair of named types: where it was met first, and which incompatibilities were told inside."""

    path: str
    start: int
    end: int | None = None


class Explainer:
    """One walk down both schemas at once, into what is incompatible only; a pair of named types is entered once."""

    def __init__(self, reader: Schema, writer: Schema, solver: Solver) -> None:
        self.ours = Trace(reader)
        self.theirs = Trace(writer)
        self.solver = solver
        self.meant = Meant(solver)
        self.told: list[Incompatibility] = []
        self.sites: list[list[str]] = []
        self.visits: dict[tuple[Part, Part], _Visit] = {}
        self.stack: list[Task | _Visit] = []
        self.last: tuple[Side | None, list[Side]] = (None, [])

    def run(self) -> tuple[Incompatibility, ...]:
        self.stack.append((self.ours.root(), self.theirs.root(), None))
        steps = 0
        while self.stack and steps < MOST_VISITED and len(self.told) < MOST_TOLD:
            steps += 1
            task = self.stack.pop()
            if isinstance(task, _Visit):
                task.end = len(self.told)
            else:
                self.stack.extend(reversed(list(self.look(*task))))
        self.ambiguities()
        return tuple(
            replace(one, also_at=tuple(sites[1:])) if len(sites) > 1 else one
            for one, sites in zip(self.told, self.sites, strict=True)
        )

    def look(self, reader: Side, writer: Side, siblings: Union | None) -> Iterator[Task | _Visit]:
        """Tells what is wrong with this very pair and yields the pairs below to look into."""
        ours, theirs = reader.part, writer.part
        if isinstance(ours, Field):
            self.field_fault(ours, reader, writer)
        elif isinstance(theirs, Field) or self.solver.reads(ours, theirs):
            return
        elif isinstance(theirs, Union):
            yield from self.writer_union(reader, writer, theirs)
        elif isinstance(ours, Union):
            yield from self.into_branch(reader, writer, ours, siblings)
        elif ours.kind != theirs.kind:
            self.tell("TYPE_MISMATCH", reader, writer, plain(ours), plain(theirs))
        elif isinstance(ours, Array | Map):
            yield self.ours.entered(self.ours.below(reader)[0]), self.theirs.entered(self.theirs.below(writer)[0]), None
        elif isinstance(ours, Record | Enum | Fixed) and isinstance(theirs, Record | Enum | Fixed):
            if siblings is not None and not names_match(ours, theirs) and self.meant.has_partner(ours, siblings):
                self.tell("NAME_MISMATCH", reader, writer, ours.name, theirs.name)
            else:
                yield from self.named(reader, writer, (ours, theirs))

    def named(self, reader: Side, writer: Side, pair: tuple[Named, Named]) -> Iterator[Task | _Visit]:
        visit = self.visits.get(pair)
        if visit is not None:
            self.add_sites(visit, reader.path)
            return
        visit = self.visits[pair] = _Visit(reader.path, len(self.told))
        ours, theirs = pair
        if not names_match(ours, theirs):
            self.tell("NAME_MISMATCH", reader, writer, ours.name, theirs.name)
        if isinstance(ours, Fixed) and isinstance(theirs, Fixed) and ours.size != theirs.size:
            self.tell("FIXED_SIZE_MISMATCH", reader, writer, ours.size, theirs.size)
        elif isinstance(ours, Enum) and isinstance(theirs, Enum):
            missing = missing_symbols(ours, theirs)
            if missing:
                self.tell("MISSING_ENUM_SYMBOLS", reader, writer, list(ours.symbols), list(missing))
        elif isinstance(theirs, Record):
            yield from self.fields(reader, writer, theirs)
        yield visit

    def fields(self, reader: Side, writer: Side, record: Record) -> Iterator[Task]:
        """The pairs of field types to look into; a field without one partner goes with the writer's record."""
        names = {field.name: field for field in record.fields}
        places = {side.field: side for side in self.theirs.below(writer)}
        for side in self.ours.below(reader):
            if not isinstance(side.part, Field):
                continue
            hits = writer_fields(side.part, names)
            if len(hits) > 1 or (not hits and not side.part.has_default):
                yield side, writer, None
            elif hits and not self.solver.reads(side.part.type, hits[0].type):
                yield self.ours.type_of(side), self.theirs.type_of(places[hits[0]]), None

    def field_fault(self, field: Field, reader: Side, writer: Side) -> None:
        """A reader's field that no writer's field, or more than one, stands for."""
        record = writer.part
        names = {f.name: f for f in record.fields} if isinstance(record, Record) else {}
        hits = [hit.name for hit in writer_fields(field, names)]
        if hits:
            self.tell("AMBIGUOUS_FIELD", reader, writer, field.name, hits)
        else:
            self.tell("READER_FIELD_MISSING_DEFAULT_VALUE", reader, writer, field.name, None)

    def ambiguities(self) -> None:
        """The fields that make the checker throw where nothing above led to them."""
        known = {(one.reader, one.writer_record) for one in self.told if one.kind == "AMBIGUOUS_FIELD"}
        for reader, writer in ambiguous_fields(self.solver):
            if len(self.told) >= MOST_TOLD:
                return
            if isinstance(reader.part, Field) and (reader.part, writer.part) not in known:
                self.field_fault(reader.part, reader, writer)

    def writer_union(self, reader: Side, writer: Side, union: Union) -> Iterator[Task]:
        """Every branch that the writer may choose must be readable; those that are not are told one by one."""
        for side in self.theirs.below(writer):
            yield reader, self.theirs.entered(side), union

    def into_branch(self, reader: Side, writer: Side, union: Union, siblings: Union | None) -> Iterator[Task]:
        position = self.meant.branch(union, writer.part, siblings)  # type: ignore[arg-type]
        if position is None:
            branches = [plain(self.solver.reader_node(branch)) for branch in union.branches]
            self.tell("MISSING_UNION_BRANCH", reader, writer, branches, plain(writer.part))
        else:
            yield self.ours.entered(self.branches(reader)[position]), writer, None

    def branches(self, side: Side) -> list[Side]:
        """The sides below a reader's union, kept for its next branch."""
        if self.last[0] is not side:
            self.last = (side, self.ours.below(side))
        return self.last[1]

    def tell(self, kind: Kind, reader: Side, writer: Side, expected: Json, found: Json) -> None:
        gap = kind in FIELD_KINDS
        self.told.append(
            Incompatibility(
                kind,
                reader.path,
                writer.path,
                reader.pointer,
                writer.pointer,
                reader.document,
                writer.document,
                expected,
                found,
                (),
                reader.part,
                None if gap else writer.part,
                reader.record,
                writer.part if gap and isinstance(writer.part, Record) else writer.record,
                reader.field.name if reader.field else "",
                writer.field.name if writer.field and not gap else "",
            )
        )
        self.sites.append([reader.path])

    def add_sites(self, visit: _Visit, path: str) -> None:
        """A pair met again: what was told inside it holds here too, unless this is its own recursion."""
        if visit.end is None:
            return
        for sites in self.sites[visit.start : visit.end]:
            room = MOST_SITES + 1 - len(sites)
            inside = [path + site[len(visit.path) :] for site in sites if room and site.startswith(visit.path)]
            sites.extend([site for site in dict.fromkeys(inside) if site not in sites][:room])


def plain(part: Part) -> str:
    """A type in plain words: ``string``, ``record Address``, ``array of int``."""
    if isinstance(part, Record | Enum | Fixed):
        return f"{part.kind} {part.name}"
    if isinstance(part, Array):
        return f"array of {type_label(part.items)}"
    if isinstance(part, Map):
        return f"map of {type_label(part.values)}"
    return part.name if isinstance(part, Field) else part.kind
