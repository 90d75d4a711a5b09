"""From decoded JSON to nodes: every check that needs no other definition, all problems in one pass.

Names are not resolved here, so that a text means the same wherever it stands in a namespace; ``names.link``
resolves them. The walk is a stack of generators: nesting costs memory, never the interpreter's stack.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Final, TypeAlias

import msgspec

from schemagate.finding import Json, Problem
from schemagate.schema.drive import drive
from schemagate.schema.leaves import TYPE_KEYS, Leaves, split_logical
from schemagate.schema.members import At, Members, extra
from schemagate.schema.model import (
    MISSING,
    NO_NAMES,
    Enum,
    Factory,
    Field,
    Fixed,
    Node,
    Record,
    Ref,
)

RECORD_KEYS: Final = frozenset({"type", "name", "namespace", "doc", "aliases", "fields"})
ENUM_KEYS: Final = frozenset({"type", "name", "namespace", "doc", "aliases", "symbols", "default"})
FIXED_KEYS: Final = frozenset({"type", "name", "namespace", "doc", "aliases", "size"})
FIELD_KEYS: Final = frozenset({"name", "type", "doc", "default", "order", "aliases"})
ARRAY_KEYS: Final = frozenset({"type", "items"})
MAP_KEYS: Final = frozenset({"type", "values"})

Steps: TypeAlias = Generator["Steps", Node, Node]
"""Makes a node; yields the making of each node inside it and gets it back."""


class Built(msgspec.Struct, frozen=True):
    """One document's nodes. ``root`` is None where no type could be made of the document's value.

    ``names`` are the full names that the text defines, those in parts that had to be given up included.
    """

    root: Node | None
    problems: tuple[Problem, ...]
    document: str = ""
    names: frozenset[str] = NO_NAMES


def build(value: Json, factory: Factory, *, document: str = "") -> Built:
    """The nodes of one document, and all that is wrong with it as far as one can tell without other documents.

    Never raises for what ``value`` holds. Source of what is refused: ``Schema.parse`` of Avro Java 1.12.
    """
    builder = Builder(factory)
    root = drive(builder.any_type(value, "", None))
    names = frozenset(builder.names)
    return Built(None if root is builder.hole else root, tuple(builder.members.problems), document, names)


class Builder:
    """The state of one run over one document."""

    def __init__(self, factory: Factory, leaves: Leaves | None = None) -> None:
        self.factory = factory
        self.members = Members()
        self.names: set[str] = set()
        self.leaves = leaves or Leaves(factory)
        self.hole = self.leaves.hole

    def any_type(self, value: Json, namespace: str, at: At) -> Steps:
        """A type as any text may spell it."""
        node = self.leaves.leaf(value, namespace)
        return node if node is not None else (yield from self.deep(value, namespace, at))

    def deep(self, value: Json, namespace: str, at: At) -> Steps:
        """A type that is no leaf."""
        if isinstance(value, list):
            return (yield from self.union(value, namespace, at))
        if not isinstance(value, dict):
            self.members.note("unsupported-schema", at, found=value)
            return self.hole
        kind = value.get("type", MISSING)
        if kind is MISSING:
            self.members.note("missing-type", at)
            return self.hole
        if not isinstance(kind, str):
            self.members.note("unsupported-schema", at, "type", found=kind)
            return self.hole
        if kind in ("record", "error"):
            return (yield from self.record(value, namespace, at))
        if kind in ("array", "map"):
            return (yield from self.collection(value, kind, namespace, at))
        return self.other(value, kind, namespace, at)

    def other(self, value: dict[str, Json], kind: str, namespace: str, at: At) -> Node:
        if kind == "enum":
            return self.enum(value, namespace, at)
        if kind == "fixed":
            return self.fixed(value, namespace, at)
        return self.leaves.use(kind, namespace, extra(value, TYPE_KEYS))

    def fixed(self, value: dict[str, Json], namespace: str, at: At) -> Fixed:
        members = self.members
        name, space = members.type_name(value, "fixed", namespace, at)
        size = members.size(value, at)
        aliases = members.type_aliases(value, space, at)
        props, logical = split_logical("fixed", size, extra(value, FIXED_KEYS))
        self.names.add(name)
        return self.factory.fixed(name, size, aliases=aliases, logical=logical, doc=members.doc(value, at), props=props)

    def enum(self, value: dict[str, Json], namespace: str, at: At) -> Enum:
        members = self.members
        name, space = members.type_name(value, "enum", namespace, at)
        symbols = members.symbols(value, at)
        default = members.enum_default(value, symbols, at)
        aliases = members.type_aliases(value, space, at)
        self.names.add(name)
        return self.factory.enum(
            name,
            symbols,
            default=default,
            aliases=aliases,
            doc=members.doc(value, at),
            props=extra(value, ENUM_KEYS),
        )

    def collection(self, value: dict[str, Json], kind: str, namespace: str, at: At) -> Steps:
        """An array or a map."""
        inside = "items" if kind == "array" else "values"
        if inside not in value:
            self.members.note(f"missing-{inside}", at)
            return self.hole
        node = yield self.any_type(value[inside], namespace, (at, inside))
        if kind == "array":
            return self.factory.array(node, self.members.properties(value, ARRAY_KEYS, at))
        return self.factory.map(node, self.members.properties(value, MAP_KEYS, at))

    def union(self, value: list[Json], namespace: str, at: At) -> Steps:
        """A union. Whether a name and its definition meet in it only shows when names are resolved."""
        branches: list[Node] = []
        seen: set[str] = set()
        for i, given in enumerate(value):
            node = self.leaves.plain(given, namespace)
            if node is None:
                node = yield self.any_type(given, namespace, (at, i))
            if node.kind == "union":
                self.members.note("nested-union", (at, i))
                node = self.hole
            elif node is not self.hole and not isinstance(node, Ref):
                key = branch_key(node)
                if key in seen:
                    self.members.note("duplicate-branch", (at, i), branch=key)
                seen.add(key)
            branches.append(node)
        return self.factory.union(tuple(branches))

    def record(self, value: dict[str, Json], namespace: str, at: At) -> Steps:
        """A record. For its fields ``value``, which then is no JSON, may hold a function that makes them."""
        members = self.members
        name, space = members.type_name(value, "record", namespace, at)
        given = value.get("fields")
        fields: list[Field] = []
        if isinstance(given, list):
            seen: set[str] = set()
            fields_at = (at, "fields")
            for i, item in enumerate(given):
                place = (fields_at, i)
                field = self.leaf_field(item, space, seen, place)
                fields.append(field if field is not None else (yield from self.field(item, space, seen, place)))
        elif callable(given):
            fields = yield from given(space, (at, "fields"), members)
        else:
            members.note("missing-fields", at)
        aliases = members.type_aliases(value, space, at)
        self.names.add(name)
        return self.factory.record(
            name,
            tuple(fields),
            aliases=aliases,
            doc=members.doc(value, at),
            props=members.properties(value, RECORD_KEYS, at),
            is_error=value["type"] == "error",
        )

    def leaf_field(self, value: Json, namespace: str, seen: set[str], at: At) -> Field | None:
        """The common field, whose type needs no further step; None for any other."""
        if value.__class__ is not dict or "type" not in value:
            return None
        node = self.leaves.leaf(value["type"], namespace)
        return None if node is None else self.finished_field(value, node, seen, at)

    def field(self, value: Json, namespace: str, seen: set[str], at: At) -> Generator[Steps, Node, Field]:
        """Any field; a stand-in where the text is none."""
        if not isinstance(value, dict):
            self.members.note("bad-field", at, found=value)
            return self.factory.field("", self.hole)
        node: Node = self.hole
        if "type" in value:
            node = yield self.deep(value["type"], namespace, (at, "type"))
        else:
            self.members.note("missing-type", at)
        return self.finished_field(value, node, seen, at)

    def finished_field(self, value: dict[str, Json], node: Node, seen: set[str], at: At) -> Field:
        members = self.members
        name = members.field_name(value, seen, at)
        default = value.get("default", MISSING)
        doc = members.doc(value, at) if "doc" in value else None
        if len(value) == 2 + (default is not MISSING) + ("doc" in value):
            return self.factory.field(name, node, default=default, doc=doc)
        return self.factory.field(
            name,
            node,
            default=default,
            aliases=members.field_aliases(value, at),
            order=members.order(value, at),
            doc=doc,
            props=extra(value, FIELD_KEYS),
        )


def branch_key(node: Node) -> str:
    """What no two branches of a union may share: the kind, for a named type the full name."""
    return node.name if isinstance(node, Record | Enum | Fixed) else node.kind
