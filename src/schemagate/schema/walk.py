"""Every part of one schema with its path (``$.items[].price``) and JSON pointer, in document order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
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


@dataclass(frozen=True, slots=True)
class Visit(Generic[T]):
    """One node or field where it stands in ``schema``.

    ``path`` reads like ``$.items[].price``; ``pointer`` is RFC 6901 into the document that holds it. ``field`` is
    the field whose type (possibly inside a union) this node is, ``record`` the record that encloses it, ``depth``
    how many steps below the root it stands.
    """

    node: T
    path: str
    pointer: str
    schema: Schema
    field: Field | None = None
    record: Record | None = None


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


def children(node: Part, path: str, pointer: str) -> list[tuple[Part, str, str]]:
    """The parts directly below, each with its path and pointer. A :class:`Ref` has none."""
    if isinstance(node, Field):
        return [(node.type, path, f"{pointer}/type")]
    if isinstance(node, Record):
        return [(f, f"{path}.{f.name}", f"{pointer}/fields/{i}") for i, f in enumerate(node.fields)]
    if isinstance(node, Array):
        return [(node.items, f"{path}[]", f"{pointer}/items")]
    if isinstance(node, Map):
        return [(node.values, f"{path}{{}}", f"{pointer}/values")]
    if isinstance(node, Union):
        return [(b, path + branch_step(b, node.branches), f"{pointer}/{i}") for i, b in enumerate(node.branches)]
    return []


def walk(schema: Schema) -> Iterator[Visit[Part]]:
    """Every node and field of the root's own document, definitions of other documents not entered."""
    stack: list[Visit[Part]] = [Visit(schema.root, "$", "", schema)]
    while stack:
        visit = stack.pop()
        yield visit
        node = visit.node
        field = node if isinstance(node, Field) else visit.field if isinstance(node, Union) else None
        record = node if isinstance(node, Record) else visit.record
        stack.extend(
            Visit(child, path, pointer, schema, field, record)
            for child, path, pointer in reversed(children(node, visit.path, visit.pointer))
        )


def definition_pointers(root: Node) -> dict[str, tuple[str, str]]:
    """Full name → (pointer, path) of each definition inside one document's root."""
    found: dict[str, tuple[str, str]] = {}
    stack: list[tuple[Part, str, str]] = [(root, "$", "")]
    while stack:
        node, path, pointer = stack.pop()
        if isinstance(node, Record | Enum | Fixed):
            found.setdefault(node.name, (pointer, path))
        if node.defines or isinstance(node, Record):
            stack.extend(reversed(children(node, path, pointer)))
    return found


__all__ = ["Part", "Primitive", "Visit", "branch_step", "children", "definition_pointers", "type_label", "walk"]
