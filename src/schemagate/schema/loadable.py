"""A schema as the JSON value that a decoding library loads: full names, nothing that decoding does not need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from schemagate.finding import Json
from schemagate.schema.model import (
    Array,
    Decimal,
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
    namespace_of,
)

NOWHERE: Final = "no_namespace"
"""Stands for the null namespace where a schema has others too: libraries cannot refer to it from inside one."""

MOST_LEVELS: Final = 500
"""How deep types may stand in each other: libraries that load a schema by recursion crash on many more."""


class NestsTooDeepError(ValueError):
    """The schema has more levels than a library survives."""


class Variant(msgspec.Struct, frozen=True):
    """A schema but for the fields of some records, the symbols of some enums, the names of some types.

    Each by the full name that the schema has.
    """

    schema: Schema
    fields: Mapping[str, Sequence[Field]] = msgspec.field(default_factory=dict)
    symbols: Mapping[str, Sequence[str]] = msgspec.field(default_factory=dict)
    names: Mapping[str, str] = msgspec.field(default_factory=dict)


def loadable(source: Schema | Variant, *, logical: bool = False, apart: bool = False) -> Json:
    """The schema with every type defined where it is first used, and referred to by its full name elsewhere.

    Docs and properties are left out, logical types unless asked for. ``apart`` gives the types of the null namespace
    one of their own: a reader and its writer must agree.

    Raises KeyError for an undefined name, :class:`NestsTooDeepError` beyond :data:`MOST_LEVELS`.
    """
    variant = source if isinstance(source, Variant) else Variant(source)
    return _Writer(variant, logical=logical, apart=apart).run()


def mixes_namespaces(source: Schema | Variant) -> bool:
    """Whether some types have a namespace and some none."""
    schema = source.schema if isinstance(source, Variant) else source
    names = source.names if isinstance(source, Variant) else {}
    return len({bool(namespace_of(names.get(name, name))) for name in schema.types}) > 1


class _Writer:
    def __init__(self, variant: Variant, *, logical: bool, apart: bool) -> None:
        self.schema = variant.schema
        self.variant = variant
        self.logical = logical
        self.apart = apart
        self.written: set[str] = set()
        self.stack: list[tuple[Node, Any, Any, int]] = []
        self.level = 0

    def run(self) -> Json:
        """Depth first in document order: the first use is where a name is defined."""
        result: list[Json] = [None]
        self.stack.append((self.schema.root, result, 0, 1))
        while self.stack:
            node, target, key, self.level = self.stack.pop()
            if self.level > MOST_LEVELS:
                raise NestsTooDeepError(f"its types nest more than {MOST_LEVELS} deep")
            target[key] = self.made(self.schema.resolve(node))
        return result[0]

    def made(self, node: Node) -> Json:
        if isinstance(node, Primitive):
            extra = self.meaning(node)
            return {"type": node.kind, **extra} if extra else node.kind
        if isinstance(node, Union):
            made: Json = [None] * len(node.branches)
            for index in range(len(node.branches) - 1, -1, -1):
                self.put(node.branches[index], made, index)
            return made
        if isinstance(node, Array | Map):
            inside, key = (node.items, "items") if isinstance(node, Array) else (node.values, "values")
            made = {"type": node.kind, key: None}
            self.put(inside, made, key)
            return made
        assert not isinstance(node, Ref)
        return self.named(node)

    def named(self, node: Record | Enum | Fixed) -> Json:
        name = self.name(self.variant.names.get(node.name, node.name))
        if name in self.written:
            return name
        self.written.add(name)
        made: dict[str, Json] = {"type": node.kind, "name": name}
        if not namespace_of(name):
            made["namespace"] = ""
        if node.aliases:
            made["aliases"] = [self.name(alias) for alias in node.aliases]
        if isinstance(node, Enum):
            made["symbols"] = list(self.variant.symbols.get(node.name, node.symbols))
            if node.default is not None:
                made["default"] = node.default
        elif isinstance(node, Fixed):
            made |= {"size": node.size, **self.meaning(node)}
        else:
            own = self.variant.fields.get(node.name, node.fields)
            made["fields"] = places = [self.field(field) for field in own]
            for field, place in zip(reversed(own), reversed(places), strict=True):
                self.put(field.type, place, "type")
        return made

    def put(self, node: Node, target: Any, key: Any) -> None:  # noqa: ANN401 - a list or an object, and a place in it
        """One level below, at once where that defines nothing: else when it is the node's turn."""
        if isinstance(node, Primitive) and self.level < MOST_LEVELS:
            target[key] = self.made(node)
        else:
            self.stack.append((node, target, key, self.level + 1))

    def field(self, field: Field) -> dict[str, Json]:
        made: dict[str, Json] = {"name": field.name, "type": None}
        if field.has_default:
            made["default"] = _number(field) if field.type.kind in ("float", "double") else field.default
        if field.aliases:
            made["aliases"] = list(field.aliases)
        return made

    def name(self, name: str) -> str:
        return f"{NOWHERE}.{name}" if self.apart and not namespace_of(name) else name

    def meaning(self, node: Primitive | Fixed) -> dict[str, Json]:
        if not self.logical or node.logical is None:
            return {}
        extra: dict[str, Json] = {"logicalType": node.logical.name}
        if isinstance(node.logical, Decimal):
            extra |= {"precision": node.logical.precision, "scale": node.logical.scale}
        return extra


def _number(field: Field) -> Json:
    """Java takes whole and quoted numbers (``"NaN"``) as the default of a float; other libraries want a float."""
    try:
        return float(field.default)
    except (TypeError, ValueError, OverflowError):
        return field.default
