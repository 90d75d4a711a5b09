"""Every part of one schema with its path (``$.items[].price``) and JSON pointer, in document order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from types import MappingProxyType
from typing import Generic, TypeVar

from schemagate.schema.model import (
    Array,
    Enum,
    Field,
    Fixed,
    Map,
    Node,
    Primitive,
    Record,
    Ref,
    Schema,
    Union,
    short_name,
)

T = TypeVar("T", bound=Node | Field, covariant=True)
Part = Node | Field


class Visit(Generic[T]):
    """One node or field where it stands in ``schema``.

    ``path`` reads like ``$.items[].price``; ``pointer`` is RFC 6901 into the document that holds it. ``field`` is
    the field whose type (possibly inside a union) this node is, ``record`` the record that encloses it. The two are
    made when asked for: of most nodes there is nothing to tell.
    """

    __slots__ = ("_place", "field", "index", "node", "record", "schema", "up")

    def __init__(
        self,
        node: T,
        schema: Schema,
        field: Field | None = None,
        record: Record | None = None,
        up: Visit[Part] | None = None,
        index: int = 0,
    ) -> None:
        """``up`` is the visit of the part above, of whose parts this is the one at ``index``."""
        self.node = node
        self.schema = schema
        self.field = field
        self.record = record
        self.up = up
        self.index = index
        self._place: tuple[str, str] | None = None

    @property
    def path(self) -> str:
        return self._where()[0]

    @property
    def pointer(self) -> str:
        return self._where()[1]

    def _where(self) -> tuple[str, str]:
        if self._place is None:
            path, pointer = [], []
            part: Part = self.node
            index, up = self.index, self.up
            while up is not None:
                path_step, pointer_step = _steps(up.node, part, index)
                path.append(path_step)
                pointer.append(pointer_step)
                part, index, up = up.node, up.index, up.up
            self._place = "$" + "".join(reversed(path)), "".join(reversed(pointer))
        return self._place


def branch_step(branch: Node, branches: tuple[Node, ...]) -> str:
    """The path's step into a union's branch: nothing for the only one beside null, else ``<Name>``."""
    others = list(islice((b for b in branches if b.kind != "null"), 2))
    if branch.kind == "null" or (len(others) == 1 and len(branches) > 1):
        return ""
    return f"<{type_label(branch)}>"


def type_label(node: Node) -> str:
    """A type as people name it: ``string``, ``Address``, ``array``."""
    if isinstance(node, Record | Enum | Fixed | Ref):
        return short_name(node.name)
    return node.kind


def parts(node: Part) -> tuple[Part, ...]:
    """The parts directly below. A :class:`Ref` has none."""
    if isinstance(node, Field):
        return (node.type,)
    if isinstance(node, Record):
        return node.fields
    if isinstance(node, Union):
        return node.branches
    if isinstance(node, Array):
        return (node.items,)
    if isinstance(node, Map):
        return (node.values,)
    return ()


def _steps(node: Part, part: Part, index: int) -> tuple[str, str]:
    """What leads from a node to one of its parts: in a path, and in a pointer."""
    if isinstance(part, Field):
        return f".{part.name}", f"/fields/{index}"
    if isinstance(node, Field):
        return "", "/type"
    if isinstance(node, Union):
        return branch_step(part, node.branches), f"/{index}"
    return ("[]", "/items") if isinstance(node, Array) else ("{}", "/values")


def children(node: Part, path: str, pointer: str) -> list[tuple[Part, str, str]]:
    """The parts directly below, each with its path and pointer."""
    below = []
    for index, part in enumerate(parts(node)):
        path_step, pointer_step = _steps(node, part, index)
        below.append((part, path + path_step, pointer + pointer_step))
    return below


def walk(schema: Schema) -> Iterator[Visit[Part]]:
    """Every node and field of the root's own document, definitions of other documents not entered."""
    stack: list[Visit[Part]] = [Visit(schema.root, schema)]
    while stack:
        visit = stack.pop()
        yield visit
        stack += below(visit)


def below(visit: Visit[Part]) -> list[Visit[Part]]:
    """The visits of the parts directly below, the last first."""
    node = visit.node
    found = parts(node)
    if not found:
        return []
    field = node if isinstance(node, Field) else visit.field if isinstance(node, Union) else None
    record = node if isinstance(node, Record) else visit.record
    return [Visit(found[i], visit.schema, field, record, visit, i) for i in range(len(found) - 1, -1, -1)]


@lru_cache(maxsize=16)
def definition_pointers(root: Node) -> Mapping[str, tuple[str, str]]:
    """Full name → (pointer, path) of each definition inside one document's root.

    The last few answers are kept: a root is mostly asked about several times in a row.
    """
    found: dict[str, tuple[str, str]] = {}
    stack: list[tuple[Part, str, str]] = [(root, "$", "")]
    while stack:
        node, path, pointer = stack.pop()
        if isinstance(node, Record | Enum | Fixed):
            found.setdefault(node.name, (pointer, path))
        if node.defines:
            inner = parts(node)
            for index in range(len(inner) - 1, -1, -1):
                part = inner[index]
                if part.defines or isinstance(part, Enum | Fixed | Record):
                    path_step, pointer_step = _steps(node, part, index)
                    stack.append((part, path + path_step, pointer + pointer_step))
    return MappingProxyType(found)


__all__ = [
    "Part",
    "Primitive",
    "Visit",
    "below",
    "branch_step",
    "children",
    "definition_pointers",
    "type_label",
    "walk",
]
