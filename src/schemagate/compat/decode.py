"""What decoders do where the checker is content: the branch of the writer's full name wins, even if it cannot read.

Avro Java's ``Resolver.ReaderUnion.firstMatchingBranch`` takes the reader's branch of the same full name and then
throws, although ``SchemaCompatibility`` called the pair compatible because another branch fits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from schemagate.compat.expand import may_read, writer_fields
from schemagate.compat.solve import Memo, Solver
from schemagate.compat.trace import MOST_TOLD, MOST_VISITED, Side, Trace
from schemagate.schema.model import Array, Enum, Field, Fixed, Map, Named, Node, Record, Ref, Schema, Union, short_name


@dataclass(frozen=True, slots=True)
class DecoderConflict:
    """A reader's union where decoders take ``picked``, which cannot read the writer's type, and leave ``fitting``.

    Both are full names of the union's branches, ``fitting`` in the union's order. Paths, pointers and documents are
    as in :class:`~schemagate.compat.explain.Incompatibility`; the reader's are those of the branch that is picked.
    """

    picked: str
    fitting: tuple[str, ...]
    path: str
    writer_path: str
    reader_pointer: str
    writer_pointer: str
    reader_document: str
    writer_document: str
    reader: Named = field(repr=False, compare=False)
    writer: Named = field(repr=False, compare=False)
    reader_record: Record | None = field(default=None, repr=False, compare=False)
    writer_record: Record | None = field(default=None, repr=False, compare=False)
    reader_field: str = ""
    writer_field: str = ""


def decoder_conflicts(reader: Schema, writer: Schema, solver: Solver | None = None) -> tuple[DecoderConflict, ...]:
    """Every place where a decoder throws although the checker finds a branch that fits, in the reader's order.

    ``solver`` is one over the same two schemas; with a shared memo the answer for ordinary schemas is immediate.
    """
    judge = solver if solver is not None else Solver(reader, writer)
    if not has_rivals(reader, judge.memo):
        return ()
    return tuple(_Walk(reader, writer, judge).run())


def has_rivals(schema: Schema, memo: Memo) -> bool:
    """Whether some union has two branches that may read one writer's type: by short name or by alias."""
    if not isinstance(schema.root, Record | Ref) and any(_rivals(u, schema) for u in _unions(schema.root)):
        return True
    for named in schema.types.values():
        if not isinstance(named, Record):
            continue
        for member in set(named.fields).difference(memo.calm):
            unions = list(_unions(member.type))
            if any(_rivals(union, schema) for union in unions):
                return True
            if not any(isinstance(branch, Ref) for union in unions for branch in union.branches):
                memo.calm.add(member)
    return False


def _unions(node: Node) -> Iterator[Union]:
    """The unions of a type, named types inside not entered."""
    stack = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, Union):
            yield part
            stack.extend(part.branches)
        elif isinstance(part, Array):
            stack.append(part.items)
        elif isinstance(part, Map):
            stack.append(part.values)


def _rivals(union: Union, schema: Schema) -> bool:
    named = [node for node in map(schema.resolve, union.branches) if isinstance(node, Record | Enum | Fixed)]
    if len(named) < 2:
        return False
    if len({(node.kind, short_name(node.name)) for node in named}) < len(named):
        return True
    full = {node.name: node for node in named}
    return any(full.get(alias, node) is not node for node in named for alias in node.aliases)


class _Walk:
    """Down both schemas along what a decoder does; a pair of nodes is entered once."""

    def __init__(self, reader: Schema, writer: Schema, solver: Solver) -> None:
        self.ours = Trace(reader)
        self.theirs = Trace(writer)
        self.solver = solver

    def run(self) -> Iterator[DecoderConflict]:
        stack = [(self.ours.root(), self.theirs.root())]
        seen: set[tuple[object, object]] = set()
        told = 0
        while stack and len(seen) < MOST_VISITED and told < MOST_TOLD:
            reader, writer = stack.pop()
            pair = (reader.part, writer.part)
            if pair in seen or self.solver.unchanged(*pair):  # type: ignore[arg-type]
                continue
            seen.add(pair)
            conflict = self.conflict(reader, writer)
            if conflict is not None:
                told += 1
                yield conflict
            else:
                stack.extend(reversed(list(self.below(reader, writer))))

    def conflict(self, reader: Side, writer: Side) -> DecoderConflict | None:
        union, theirs = reader.part, writer.part
        if not isinstance(union, Union) or not isinstance(theirs, Record | Enum | Fixed):
            return None
        side = self.branch(reader, theirs)
        if side is None or not isinstance(side.part, Record | Enum | Fixed) or self.solver.reads(side.part, theirs):
            return None
        fitting = [node for node in self.solver.branches(union).candidates(theirs) if self.solver.reads(node, theirs)]
        if side.part.name != theirs.name or not fitting:
            return None
        return DecoderConflict(
            side.part.name,
            tuple(node.name for node in fitting if isinstance(node, Record | Enum | Fixed)),
            side.path,
            writer.path,
            side.pointer,
            writer.pointer,
            side.document,
            writer.document,
            side.part,
            theirs,
            reader.record,
            writer.record,
            reader.field.name if reader.field else "",
            writer.field.name if writer.field else "",
        )

    def branch(self, reader: Side, theirs: Node) -> Side | None:
        """The branch that a decoder takes: of the same full name, else the first that reads."""
        sides = [self.ours.entered(side) for side in self.ours.below(reader)]
        if isinstance(theirs, Record | Enum | Fixed):
            for side in sides:
                part = side.part
                if isinstance(part, Record | Enum | Fixed) and (part.kind, part.name) == (theirs.kind, theirs.name):
                    return side
        fitting = (s for s in sides if may_read(s.part, theirs) and self.solver.reads(s.part, theirs))  # type: ignore[arg-type]
        return next(fitting, None)

    def below(self, reader: Side, writer: Side) -> Iterator[tuple[Side, Side]]:
        ours, theirs = reader.part, writer.part
        if isinstance(theirs, Union):
            yield from ((reader, self.theirs.entered(side)) for side in self.theirs.below(writer))
        elif isinstance(ours, Union):
            side = self.branch(reader, theirs)  # type: ignore[arg-type]
            if side is not None:
                yield side, writer
        elif isinstance(ours, Record) and isinstance(theirs, Record):
            yield from self.fields(reader, writer, ours, theirs)
        elif isinstance(ours, Array | Map) and ours.kind == theirs.kind:  # type: ignore[union-attr]
            yield self.ours.entered(self.ours.below(reader)[0]), self.theirs.entered(self.theirs.below(writer)[0])

    def fields(self, reader: Side, writer: Side, ours: Record, theirs: Record) -> Iterator[tuple[Side, Side]]:
        suspects = frozenset(self.solver.suspects(ours, theirs))
        names = {field.name: field for field in theirs.fields}
        places = {side.field: side for side in self.theirs.below(writer)}
        for side in self.ours.below(reader):
            if isinstance(side.part, Field) and side.part in suspects:
                hits = writer_fields(side.part, names)
                if len(hits) == 1:
                    yield self.ours.type_of(side), self.theirs.type_of(places[hits[0]])
