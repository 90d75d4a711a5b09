"""Which branch of the reader's union the author meant for a writer's branch that no branch can read."""

from __future__ import annotations

from typing import Final

from schemagate.compat.expand import may_read
from schemagate.compat.solve import Solver
from schemagate.schema.model import Enum, Fixed, Named, Node, Record, Union, short_name

FAMILIES: Final = (frozenset({"int", "long", "float", "double"}), frozenset({"string", "bytes"}))
"""Kinds that authors change into each other."""
MOST_COMPARED: Final = 64
"""Past this many free branches none is picked by likeness: the work stays bounded."""


class Meant:
    """Finds partners; keeps what it learnt of each union for the next branch."""

    __slots__ = ("_claims", "_index", "_solver")

    def __init__(self, solver: Solver) -> None:
        self._solver = solver
        self._index: dict[Union, dict[tuple[str, str], int]] = {}
        self._claims: dict[tuple[Union, Union | None], frozenset[int]] = {}

    def branch(self, reader: Union, writer: Node, siblings: Union | None) -> int | None:
        """The position of the reader's branch meant for ``writer``, which may be a branch of ``siblings``.

        By the same full name, else the same short name or an alias, else the same kind, else likeness; a branch that
        is another sibling's by name or kind is not free.
        """
        partner = self._partner(reader, writer)
        if partner is not None or writer.kind == "null":
            return partner
        key = (reader, siblings)
        claimed = self._claims.get(key)
        if claimed is None:
            nodes = siblings.branches if siblings is not None else ()
            partners = (self._partner(reader, self._solver.writer_node(node)) for node in nodes)
            claimed = self._claims[key] = frozenset(p for p in partners if p is not None)
        nodes = self._solver.branches(reader).nodes
        free = [i for i, node in enumerate(nodes) if i not in claimed and node.kind != "null"]
        if len(free) > MOST_COMPARED:
            return None
        same_kind = [i for i in free if nodes[i].kind == writer.kind]
        if same_kind:
            best = max(same_kind, key=lambda i: (likeness(nodes[i], writer), -i))
            return best if likeness(nodes[best], writer) > 0 else None
        family = [i for i in free if any({nodes[i].kind, writer.kind} <= kinds for kinds in FAMILIES)]
        return family[0] if family else free[0] if len(free) == 1 else None

    def has_partner(self, reader: Named, siblings: Union) -> bool:
        """Whether a branch of the writer's union has the reader's kind and name."""
        return any(may_read(reader, self._solver.writer_node(branch)) for branch in siblings.branches)

    def _partner(self, reader: Union, writer: Node) -> int | None:
        """The branch of the same name, or of the same kind where the kind has no name."""
        index = self._index.get(reader)
        if index is None:
            index = self._index[reader] = _by_name(self._solver.branches(reader).nodes)
        if not isinstance(writer, Record | Enum | Fixed):
            return index.get(("kind", writer.kind))
        keys = (("full", writer.name), ("alias", writer.name), ("short", short_name(writer.name)))
        return next((index[key] for key in keys if key in index), None)


def _by_name(nodes: tuple[Node, ...]) -> dict[tuple[str, str], int]:
    index: dict[tuple[str, str], int] = {}
    for position, node in enumerate(nodes):
        if isinstance(node, Record | Enum | Fixed):
            index.setdefault(("full", node.name), position)
            index.setdefault(("short", short_name(node.name)), position)
            for alias in node.aliases:
                index.setdefault(("alias", alias), position)
        else:
            index.setdefault(("kind", node.kind), position)
    return index


def likeness(reader: Node, writer: Node) -> float:
    """0 to 1: how much of two types of one kind is the same, by field names or symbols."""
    if isinstance(reader, Record) and isinstance(writer, Record):
        return _overlap({f.name for f in reader.fields}, {f.name for f in writer.fields})
    if isinstance(reader, Enum) and isinstance(writer, Enum):
        return _overlap(set(reader.symbols), set(writer.symbols))
    return 1.0


def _overlap(ours: set[str], theirs: set[str]) -> float:
    if not ours and not theirs:
        return 1.0
    return len(ours & theirs) / len(ours | theirs)
