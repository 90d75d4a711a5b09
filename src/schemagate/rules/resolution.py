"""Which type a reader takes for a number or a text that was written as another type, as Avro Java picks it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from schemagate.finding import Direction
from schemagate.rules.kit import Change
from schemagate.schema.model import Node, Primitive, Union

PROMOTIONS: Final = {
    "int": ("long", "float", "double"),
    "long": ("float", "double"),
    "float": ("double",),
    "string": ("bytes",),
    "bytes": ("string",),
}
"""Writer's kind → the reader's kinds that it is promoted to, the most exact first."""

EXACT: Final = {"float": 2**24, "double": 2**53}
"""Up to which whole number a floating-point type holds every one: its significand has 24 or 53 bits (IEEE 754)."""


class Pick(NamedTuple):
    """A value written as ``writer`` that is read as the promoted ``reader``; ``passed`` is a more exact branch."""

    direction: Direction
    writer: Primitive
    reader: Primitive
    passed: Primitive | None = None

    @property
    def lossy(self) -> bool:
        """Whether a whole number may arrive as another one."""
        return rounded(self.writer.kind, self.reader.kind) is not None


def rounded(writer: str, reader: str) -> tuple[int, int] | None:
    """The first whole number of the writer's kind that the reader's kind cannot hold, and what it becomes."""
    exact = EXACT.get(reader)
    if exact is None or writer not in ("int", "long") or (writer == "int" and reader == "double"):
        return None
    return exact + 1, exact


def picks(change: Change[Node]) -> Iterator[Pick]:
    """Every promotion between the two sides of a whole type, in both directions; nothing for a branch of a union.

    Source: ``Resolver.ReaderUnion.firstMatchingBranch`` of Avro Java 1.12: the branch of the same kind, else the first
    one that the writer's kind can be promoted to.
    """
    old, new = change.old, change.new
    if old is None or new is None or change.how != "place":
        return
    for direction, writer, reader in ((Direction.BACKWARD, old, new), (Direction.FORWARD, new, old)):
        options = _primitives(reader)
        kinds = {option.kind for option in options}
        for branch in _primitives(writer):
            wider = PROMOTIONS.get(branch.kind, ())
            if branch.kind in kinds or not wider:
                continue
            fitting = [option for option in options if option.kind in wider]
            if fitting:
                best = min(fitting, key=lambda option: wider.index(option.kind))
                yield Pick(direction, branch, fitting[0], best if best is not fitting[0] else None)


def _primitives(node: Node) -> tuple[Primitive, ...]:
    branches = node.branches if isinstance(node, Union) else (node,)
    return tuple(branch for branch in branches if isinstance(branch, Primitive))
