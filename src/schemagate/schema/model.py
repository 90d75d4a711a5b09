"""What a schema means: hash-consed nodes without places, so that equal content is one object.

A :class:`Factory` makes every node. Two nodes of one factory with the same content (types, defaults, docs, order,
extra properties: everything but white space and comments) are the same object, so ``a is b`` answers "unchanged"
and nodes are dictionary keys by identity. Nodes hold no place, since one node serves many documents and versions;
``schema.walk`` derives paths and pointers on the way down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import msgspec

from schemagate.finding import Json, Problem

PRIMITIVES: Final = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})


class _Missing:
    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING: Final = _Missing()
"""The default of a field that has none (``None`` is the default ``null``)."""

Props: TypeAlias = Mapping[str, Json]
NO_PROPS: Props = MappingProxyType({})
NO_NAMES: frozenset[str] = frozenset()


def no_props() -> Props:
    """The shared empty mapping, as a dataclass default."""
    return NO_PROPS


class Logical(msgspec.Struct, frozen=True):
    """A logical type that is valid where it stands; an ignored one stays in the node's ``props``."""

    name: str


class Decimal(Logical, frozen=True):
    precision: int = 0
    scale: int = 0


class Primitive(msgspec.Struct, frozen=True, eq=False):
    kind: str
    logical: Logical | None = None
    props: Props = msgspec.field(default_factory=no_props)
    free: frozenset[str] = NO_NAMES
    defines: tuple[Named, ...] = ()


class Ref(msgspec.Struct, frozen=True, eq=False):
    """A use of a named type by name: ``name`` in the enclosing namespace, else ``fallback`` in the null one."""

    name: str
    fallback: str = ""
    props: Props = msgspec.field(default_factory=no_props)
    free: frozenset[str] = NO_NAMES
    defines: tuple[Named, ...] = ()
    kind: str = "ref"


class Fixed(msgspec.Struct, frozen=True, eq=False):
    name: str
    """The full name."""
    size: int
    aliases: tuple[str, ...] = ()
    """Full names."""
    logical: Logical | None = None
    doc: Json = None
    props: Props = msgspec.field(default_factory=no_props)
    free: frozenset[str] = NO_NAMES
    defines: tuple[Named, ...] = ()
    kind: str = "fixed"


class Enum(msgspec.Struct, frozen=True, eq=False):
    name: str
    symbols: tuple[str, ...]
    default: str | None = None
    aliases: tuple[str, ...] = ()
    doc: Json = None
    props: Props = msgspec.field(default_factory=no_props)
    free: frozenset[str] = NO_NAMES
    defines: tuple[Named, ...] = ()
    kind: str = "enum"


class Field(msgspec.Struct, frozen=True, eq=False):
    name: str
    type: Node
    default: Json = MISSING
    aliases: tuple[str, ...] = ()
    order: str = "ascending"
    doc: Json = None
    props: Props = msgspec.field(default_factory=no_props)
    free: frozenset[str] = NO_NAMES
    defines: tuple[Named, ...] = ()

    @property
    def has_default(self) -> bool:
        return self.default is not MISSING


class Record(msgspec.Struct, frozen=True, eq=False):
    name: str
    fields: tuple[Field, ...]
    aliases: tuple[str, ...] = ()
    doc: Json = None
    props: Props = msgspec.field(default_factory=no_props)
    is_error: bool = False
    free: frozenset[str] = NO_NAMES
    defines: tuple[Named, ...] = ()
    kind: str = "record"


class Array(msgspec.Struct, frozen=True, eq=False):
    items: Node
    props: Props = msgspec.field(default_factory=no_props)
    free: frozenset[str] = NO_NAMES
    defines: tuple[Named, ...] = ()
    kind: str = "array"


class Map(msgspec.Struct, frozen=True, eq=False):
    values: Node
    props: Props = msgspec.field(default_factory=no_props)
    free: frozenset[str] = NO_NAMES
    defines: tuple[Named, ...] = ()
    kind: str = "map"


class Union(msgspec.Struct, frozen=True, eq=False):
    branches: tuple[Node, ...]
    free: frozenset[str] = NO_NAMES
    defines: tuple[Named, ...] = ()
    kind: str = "union"


Named: TypeAlias = Record | Enum | Fixed
Node: TypeAlias = Primitive | Ref | Record | Enum | Fixed | Array | Map | Union


def short_name(full_name: str) -> str:
    """The name without its namespace."""
    return full_name.rpartition(".")[2]


def namespace_of(full_name: str) -> str:
    """The namespace, empty for the null namespace."""
    return full_name.rpartition(".")[0]


class Schema(msgspec.Struct, frozen=True, eq=False):
    """A root node with every named type that it can reach.

    ``types`` maps full names to definitions, those from other documents included; ``origins`` maps the full names
    that another document defines to that document, ``pointers`` to where they stand in it. ``undefined`` lists names
    that nothing defines.
    """

    root: Node
    types: Mapping[str, Named]
    document: str = ""
    origins: Mapping[str, str] = msgspec.field(default_factory=dict)
    undefined: frozenset[str] = NO_NAMES
    problems: tuple[Problem, ...] = ()
    pointers: Mapping[str, str] = msgspec.field(default_factory=dict)

    def resolve(self, node: Node) -> Node:
        """The definition that a :class:`Ref` names; any other node is itself. KeyError if undefined."""
        if not isinstance(node, Ref):
            return node
        found = self.types.get(node.name)
        if found is None:
            found = self.types[node.fallback] if node.fallback else self.types[node.name]
        return found


def freeze(value: Json) -> object:
    """A hashable stand-in for a JSON value that keeps 1, 1.0, true, 0.0 and -0.0 apart; iterative, for any depth."""
    if value is None or value.__class__ is str:
        return value
    if not isinstance(value, list | dict):
        return _scalar(value)
    out: list[object] = []
    stack: list[Json] = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            out.append(("{", len(item)))
            for key in sorted(item, reverse=True):
                stack.append(item[key])
                stack.append(key)
        elif isinstance(item, list):
            out.append(("[", len(item)))
            stack.extend(reversed(item))
        else:
            out.append(_scalar(item))
    return tuple(out)


def _scalar(value: Json) -> object:
    """A float by its digits: 0.0 and -0.0 are equal numbers and different content."""
    return (float, repr(value)) if value.__class__ is float else (value.__class__, value)


class Factory:
    """Makes nodes, each content once. One factory per run; nodes of different factories are never identical."""

    def __init__(self) -> None:
        self._nodes: dict[object, object] = {}
        self._fields: dict[tuple[str, Node, object, str | None], Field] = {}
        self._bare = {kind: Primitive(kind) for kind in sorted(PRIMITIVES)}

    def primitive(self, kind: str, logical: Logical | None = None, props: Props = NO_PROPS) -> Primitive:
        if logical is None and not props:
            return self._bare[kind]
        key = ("p", kind, logical, freeze(dict(props)) if props else None)
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = Primitive(kind, logical, props)
        return node  # type: ignore[return-value]

    def ref(self, name: str, fallback: str = "", props: Props = NO_PROPS) -> Ref:
        key = ("r", name, fallback, freeze(dict(props)) if props else None)
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = Ref(name, fallback, props, free=frozenset({name}))
        return node  # type: ignore[return-value]

    def fixed(
        self,
        name: str,
        size: int,
        *,
        aliases: tuple[str, ...] = (),
        logical: Logical | None = None,
        doc: Json = None,
        props: Props = NO_PROPS,
    ) -> Fixed:
        key = ("f", name, size, aliases, logical, freeze(doc), freeze(dict(props)) if props else None)
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = Fixed(name, size, aliases, logical, doc, props)
        return node  # type: ignore[return-value]

    def enum(
        self,
        name: str,
        symbols: tuple[str, ...],
        *,
        default: str | None = None,
        aliases: tuple[str, ...] = (),
        doc: Json = None,
        props: Props = NO_PROPS,
    ) -> Enum:
        key = ("e", name, symbols, default, aliases, freeze(doc), freeze(dict(props)) if props else None)
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = Enum(name, symbols, default, aliases, doc, props)
        return node  # type: ignore[return-value]

    def field(
        self,
        name: str,
        type_: Node,
        *,
        default: Json = MISSING,
        aliases: tuple[str, ...] = (),
        order: str = "ascending",
        doc: Json = None,
        props: Props = NO_PROPS,
    ) -> Field:
        frozen = default if default is MISSING or default is None or default.__class__ is str else freeze(default)
        nodes: dict[Any, Any] = self._nodes
        if aliases or props or order != "ascending" or not (doc is None or doc.__class__ is str):
            key: Any = ("d", name, type_, frozen, aliases, order, freeze(doc), freeze(dict(props)) if props else None)
        else:
            nodes, key = self._fields, (name, type_, frozen, doc)
        node = nodes.get(key)
        if node is None:
            node = nodes[key] = Field(name, type_, default, aliases, order, doc, props, type_.free, _named(type_))
        return node

    def record(
        self,
        name: str,
        fields: tuple[Field, ...],
        *,
        aliases: tuple[str, ...] = (),
        doc: Json = None,
        props: Props = NO_PROPS,
        is_error: bool = False,
    ) -> Record:
        key = ("R", name, fields, aliases, freeze(doc), freeze(dict(props)) if props else None, is_error)
        node = self._nodes.get(key)
        if node is None:
            defines = _merge([f.defines for f in fields])
            free = _free([f.free for f in fields], defines, name)
            node = self._nodes[key] = Record(name, fields, aliases, doc, props, is_error, free, defines)
        return node  # type: ignore[return-value]

    def array(self, items: Node, props: Props = NO_PROPS) -> Array:
        key = ("a", items, freeze(dict(props)) if props else None)
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = Array(items, props, items.free, _named(items))
        return node  # type: ignore[return-value]

    def map(self, values: Node, props: Props = NO_PROPS) -> Map:
        key = ("m", values, freeze(dict(props)) if props else None)
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = Map(values, props, values.free, _named(values))
        return node  # type: ignore[return-value]

    def union(self, branches: tuple[Node, ...]) -> Union:
        key = ("u", branches)
        node = self._nodes.get(key)
        if node is None:
            defines = _merge([_named(b) for b in branches])
            node = self._nodes[key] = Union(branches, _free([b.free for b in branches], defines), defines)
        return node  # type: ignore[return-value]


def _named(node: Node) -> tuple[Named, ...]:
    """What a node defines, itself included: outermost first."""
    if isinstance(node, Record | Enum | Fixed):
        return (node, *node.defines)
    return node.defines


def _merge(groups: Iterable[tuple[Named, ...]]) -> tuple[Named, ...]:
    return tuple(chain.from_iterable(groups))


def _free(groups: Iterable[frozenset[str]], defines: tuple[Named, ...], name: str = "") -> frozenset[str]:
    """The names used inside and defined outside."""
    used = frozenset(chain.from_iterable(groups))
    if not used:
        return NO_NAMES
    return used - {named.name for named in defines} - ({name} if name else NO_NAMES)
