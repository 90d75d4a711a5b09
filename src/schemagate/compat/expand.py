"""One step of the question "can this reader read that writer": an answer, or the pairs it hangs on.

The rules are those of Avro Java 1.12.1's ``SchemaCompatibility``: names match by their short form or by a reader's
alias, logical types do not count, string and bytes read each other, an enum default forgives missing symbols.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Protocol, TypeAlias

from schemagate.schema.model import (
    PRIMITIVES,
    Array,
    Enum,
    Field,
    Fixed,
    Map,
    Named,
    Node,
    Record,
    Union,
    short_name,
)

Pair: TypeAlias = tuple[Node, Node]
"""A reader's node and a writer's node, neither a Ref."""
Clause: TypeAlias = Iterable[Pair]
"""Pairs of which one must hold."""

READS: Final[Mapping[str, frozenset[str]]] = {
    **{kind: frozenset({kind}) for kind in PRIMITIVES},
    "long": frozenset({"long", "int"}),
    "float": frozenset({"float", "int", "long"}),
    "double": frozenset({"double", "int", "long", "float"}),
    "bytes": frozenset({"bytes", "string"}),
    "string": frozenset({"string", "bytes"}),
}
"""Reader's primitive kind → the writer's kinds that it reads."""

SCANNED: Final = 8
"""Unions of up to this many branches are scanned; an index costs more than it saves."""


class Context(Protocol):
    """What one step needs to know of the two schemas."""

    def reader_node(self, node: Node) -> Node:
        """The reader's definition behind a Ref; any other node is itself."""

    def writer_node(self, node: Node) -> Node:
        """The writer's definition behind a Ref; any other node is itself."""

    def suspects(self, reader: Record, writer: Record) -> Iterable[Field]:
        """The reader's fields that are not readable for being the same plain field on both sides."""

    def branches(self, union: Union) -> Branches:
        """The reader's union, resolved."""


class Branches:
    """A reader's union with its branches resolved and, if there are many, found by kind and name."""

    __slots__ = ("_index", "nodes")

    def __init__(self, nodes: tuple[Node, ...]) -> None:
        self.nodes = nodes
        self._index: dict[tuple[str, str], list[int]] | None = None
        if len(nodes) > SCANNED:
            self._index = {}
            for position, node in enumerate(nodes):
                for key in _keys(node):
                    self._index.setdefault(key, []).append(position)

    def candidates(self, writer: Node) -> Iterator[Node]:
        """The branches that may read ``writer``, in the union's order."""
        index = self._index
        if index is None:
            yield from (node for node in self.nodes if may_read(node, writer))
            return
        if isinstance(writer, Record | Enum | Fixed):
            keys = [(writer.kind, short_name(writer.name)), (writer.kind, f"={writer.name}")]
        elif writer.kind in READS:
            keys = [(kind, "") for kind in READS if writer.kind in READS[kind]]
        else:
            keys = [(writer.kind, "")]
        found = {position for key in keys for position in index.get(key, ())}
        yield from (self.nodes[position] for position in sorted(found))


def _keys(node: Node) -> Iterator[tuple[str, str]]:
    if not isinstance(node, Record | Enum | Fixed):
        yield node.kind, ""
        return
    yield node.kind, short_name(node.name)
    for alias in node.aliases:
        yield node.kind, f"={alias}"


def may_read(reader: Node, writer: Node) -> bool:
    """Whether kinds and names alone allow it; neither is a union."""
    if reader.kind != writer.kind:
        return writer.kind in READS.get(reader.kind, ())
    if isinstance(reader, Record | Enum | Fixed):
        return names_match(reader, writer)  # type: ignore[arg-type]
    return True


def names_match(reader: Named, writer: Named) -> bool:
    """Short names are equal, or a reader's alias is the writer's full name."""
    return short_name(reader.name) == short_name(writer.name) or writer.name in reader.aliases


def writer_fields(field: Field, writer: Mapping[str, Field]) -> list[Field]:
    """The writer's fields that a reader's field hits by name or by alias: none, one, or an ambiguity."""
    direct = writer.get(field.name)
    if not field.aliases:
        return [] if direct is None else [direct]
    hits = [direct] if direct is not None else []
    hits.extend(writer[alias] for alias in dict.fromkeys(field.aliases) if alias in writer)
    return hits


def missing_symbols(reader: Enum, writer: Enum) -> tuple[str, ...]:
    """The writer's symbols that the reader neither has nor forgives by its default."""
    if reader.symbols == writer.symbols or (reader.default is not None and reader.default in reader.symbols):
        return ()
    known = frozenset(reader.symbols)
    return tuple(symbol for symbol in writer.symbols if symbol not in known)


def step(reader: Node, writer: Node, context: Context) -> bool | Iterator[Clause]:
    """The answer for a pair, or what it hangs on: of every clause one pair must hold."""
    if isinstance(writer, Union):
        return _writer_union(reader, writer, context)
    if isinstance(reader, Union):
        return iter((_alternatives(reader, writer, context),))
    if reader.kind != writer.kind:
        return writer.kind in READS.get(reader.kind, ())
    if isinstance(reader, Record) and isinstance(writer, Record):
        return names_match(reader, writer) and _fields(reader, writer, context)
    if isinstance(reader, Enum) and isinstance(writer, Enum):
        return names_match(reader, writer) and not missing_symbols(reader, writer)
    if isinstance(reader, Fixed) and isinstance(writer, Fixed):
        return names_match(reader, writer) and reader.size == writer.size
    if isinstance(reader, Array) and isinstance(writer, Array):
        return iter((((context.reader_node(reader.items), context.writer_node(writer.items)),),))
    if isinstance(reader, Map) and isinstance(writer, Map):
        return iter((((context.reader_node(reader.values), context.writer_node(writer.values)),),))
    return True


def _writer_union(reader: Node, writer: Union, context: Context) -> Iterator[Clause]:
    for branch in writer.branches:
        node = context.writer_node(branch)
        yield _alternatives(reader, node, context) if isinstance(reader, Union) else ((reader, node),)


def _alternatives(reader: Union, writer: Node, context: Context) -> Iterator[Pair]:
    for branch in context.branches(reader).candidates(writer):
        yield branch, writer


def _fields(reader: Record, writer: Record, context: Context) -> bool | Iterator[Clause]:
    suspects = context.suspects(reader, writer)
    if not suspects:
        return True
    names = {field.name: field for field in writer.fields}
    pairs: list[Pair] = []
    for field in suspects:
        hits = writer_fields(field, names)
        if len(hits) > 1 or (not hits and not field.has_default):
            return False
        if hits:
            pairs.append((context.reader_node(field.type), context.writer_node(hits[0].type)))
    return ((pair,) for pair in pairs)
