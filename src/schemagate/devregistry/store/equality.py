"""When two schemas are the same to a registry, whatever their texts: ``AvroSchema.equivalent`` of Confluent's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from schemagate.devregistry.store.payloads import Wanted, version_of, with_version
from schemagate.devregistry.store.reading import Parsed
from schemagate.finding import Json
from schemagate.schema.model import (
    MISSING,
    Array,
    Enum,
    Field,
    Fixed,
    Map,
    Node,
    Primitive,
    Record,
    Schema,
    Union,
    freeze,
)

Pair: TypeAlias = tuple[Node, Node]


def found_by(sent: Parsed, stored: Parsed, version: int) -> bool:
    """Whether what is sent finds a stored version.

    Its references must be the same, or none, with all types inlined. A version number in the metadata of only one
    of them does not count, as long as it tells the truth.
    """
    ours, theirs = sent.wanted, stored.wanted
    if ours.references and ours.references != theirs.references:
        return False
    return _same_extras(ours, theirs, version) and equivalent(sent.schema, stored.schema)


def _same_extras(ours: Wanted, theirs: Wanted, version: int) -> bool:
    """Metadata and rules are equal."""
    if ours.rule_set != theirs.rule_set:
        return False
    own, other = version_of(ours.metadata), version_of(theirs.metadata)
    if (own is None) == (other is None):
        return ours.metadata == theirs.metadata
    if own is not None and own != str(version):
        return False
    return _unversioned(ours.metadata) == _unversioned(theirs.metadata)


def _unversioned(metadata: Mapping[str, Json] | None) -> Mapping[str, Json]:
    return with_version(metadata, None)


def equivalent(first: Schema, second: Schema) -> bool:
    """Equal types, names, defaults, orders, docs, aliases and properties, names resolved; both of one reader."""
    seen: set[Pair] = set()
    stack: list[Pair] = [(first.root, second.root)]
    while stack:
        ours, theirs = stack.pop()
        pair = (first.resolve(ours), second.resolve(theirs))
        if pair in seen or (pair[0] is pair[1] and not pair[0].free):
            continue
        seen.add(pair)
        if _heading(pair[0]) != _heading(pair[1]):
            return False
        below = (_below(pair[0]), _below(pair[1]))
        if len(below[0]) != len(below[1]):
            return False
        for own, other in zip(*below, strict=True):
            if own is other and not own.free:
                continue
            if isinstance(own, Field) and isinstance(other, Field):
                if own is not other and _member(own) != _member(other):
                    return False
                stack.append((own.type, other.type))
            else:
                stack.append((own, other))  # type: ignore[arg-type]
    return True


def _below(node: Node) -> tuple[Node | Field, ...]:
    if isinstance(node, Record):
        return node.fields
    if isinstance(node, Union):
        return node.branches
    if isinstance(node, Array):
        return (node.items,)
    return (node.values,) if isinstance(node, Map) else ()


def _heading(node: Node) -> object:
    """All of a type but what is inside it."""
    if isinstance(node, Union):
        return "union"
    props = freeze(dict(node.props)) if node.props else None
    if isinstance(node, Record):
        return "record", node.name, frozenset(node.aliases), node.doc, props, node.is_error
    if isinstance(node, Enum):
        return "enum", node.name, frozenset(node.aliases), node.doc, props, node.symbols, node.default
    if isinstance(node, Fixed):
        return "fixed", node.name, frozenset(node.aliases), node.doc, props, node.size, node.logical
    if isinstance(node, Primitive):
        return node.kind, node.logical, props
    return node.kind, props


def _member(field: Field) -> object:
    """All of a field but its type."""
    default = MISSING if field.default is MISSING else freeze(field.default)
    props = freeze(dict(field.props)) if field.props else None
    return field.name, default, field.order, field.doc, frozenset(field.aliases), props
