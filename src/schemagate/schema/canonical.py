"""A schema as text: the Parsing Canonical Form with its fingerprints, and the full text; and its content as a key."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Collection, Hashable
from typing import TypeAlias

import msgspec

from schemagate.finding import Json
from schemagate.schema.model import (
    NO_PROPS,
    Array,
    Decimal,
    Enum,
    Field,
    Fixed,
    Logical,
    Map,
    Named,
    Node,
    Primitive,
    Record,
    Ref,
    Schema,
    Union,
    namespace_of,
    short_name,
)


class _Raw(str):
    """Text that is written as it is."""

    __slots__ = ()


class _Typed(msgspec.Struct, frozen=True):
    """A type inside a JSON value, still to be written, in the namespace that encloses it there."""

    node: Node
    namespace: str


Shape: TypeAlias = Callable[[Node, str], Json]
"""The JSON value of a type, with :class:`_Typed` for the types inside it."""


def parsing_canonical_form(schema: Schema) -> str:
    """The text that fingerprints are made of: names, kinds and structure only.

    Source: the specification, "Parsing Canonical Form for Schemas", as Avro Java writes it.
    """
    return _write(schema, _canonical)


def to_json(schema: Schema, leave: Collection[str] = ()) -> str:
    """The whole schema as one JSON text without comments, in compact form.

    Doc, properties, defaults, order and aliases are kept; a type is defined where it is first used, types of other
    documents included, so the text needs no references, but for the types that ``leave`` lists by full name.
    KeyError if a name is undefined.
    """
    return _write(schema, _full, known=leave)


def part_to_json(schema: Schema, part: Node | Field, namespace: str = "", known: Collection[str] = frozenset()) -> str:
    """One type or field of a schema as JSON text, as it is written where ``namespace`` encloses it.

    Types whose full name is ``known`` there are written by name, all others are defined. KeyError as in `to_json`.
    """
    return _write(schema, _full, part, namespace, known)


def fingerprint_sha256(schema: Schema) -> bytes:
    """SHA-256 of the Parsing Canonical Form, 32 bytes."""
    return hashlib.sha256(parsing_canonical_form(schema).encode()).digest()


def content_key(schema: Schema) -> Hashable:
    """Equal for two schemas of one factory if and only if nothing but white space and comments differs.

    What other documents define belongs to the content. Compare only keys of schemas of one factory.
    """
    return (
        schema.root,
        frozenset(schema.types[name] for name in schema.origins),
        schema.undefined,
    )


def _write(
    schema: Schema,
    shape: Shape,
    part: Node | Field | None = None,
    namespace: str = "",
    known: Collection[str] = frozenset(),
) -> str:
    """Depth first with a stack of what is still to be written; the types that ``known`` names count as written.

    ``part`` is written as it stands where ``namespace`` encloses it; without one, the root.
    """
    out: list[str] = []
    written: set[str] = set(known)
    start = schema.root if part is None else part
    stack: list[Json] = [_field(start, namespace) if isinstance(start, Field) else _Typed(start, namespace)]
    while stack:
        piece = stack.pop()
        if isinstance(piece, _Raw):
            out.append(piece)
        elif isinstance(piece, _Typed):
            node = schema.resolve(piece.node)
            name = node.name if isinstance(node, Record | Enum | Fixed) else ""
            if name in written and not _captured(name, piece.namespace, schema):
                node = Ref(name, props=piece.node.props if isinstance(piece.node, Ref) else NO_PROPS)
            elif name:
                written.add(name)
            stack.append(shape(node, piece.namespace))
        elif isinstance(piece, dict):
            stack.append(_Raw("}"))
            for i, (key, value) in reversed(list(enumerate(piece.items()))):
                stack += (value, _Raw(f"{',' if i else '{'}{_text(key)}:"))
            if not piece:
                stack.append(_Raw("{"))
        elif isinstance(piece, list):
            stack.append(_Raw("]"))
            for i, value in reversed(list(enumerate(piece))):
                stack += (value, _Raw("," if i else "["))
            if not piece:
                stack.append(_Raw("["))
        else:
            out.append(_text(piece))
    return "".join(out)


def _captured(name: str, namespace: str, schema: Schema) -> bool:
    """Whether a name of the null namespace means another type here; its definition is then written once more."""
    return bool(namespace) and "." not in name and f"{namespace}.{name}" in schema.types


def _text(scalar: Json) -> str:
    """A JSON scalar; a lone surrogate stays escaped, since no encoding could carry it."""
    if isinstance(scalar, float) and math.isinf(scalar):
        return "1e999" if scalar > 0 else "-1e999"
    text = json.dumps(scalar, ensure_ascii=False)
    if text.isascii():
        return text
    return json.dumps(scalar) if any("\ud800" <= char <= "\udfff" for char in text) else text


def _canonical(node: Node, namespace: str) -> Json:
    if isinstance(node, Primitive):
        return node.kind
    if isinstance(node, Ref):
        return node.name
    if isinstance(node, Array):
        return {"type": "array", "items": _Typed(node.items, namespace)}
    if isinstance(node, Map):
        return {"type": "map", "values": _Typed(node.values, namespace)}
    if isinstance(node, Union):
        return [_Typed(branch, namespace) for branch in node.branches]
    heading = {"name": node.name, "type": node.kind}
    if isinstance(node, Enum):
        return heading | {"symbols": list(node.symbols)}
    if isinstance(node, Fixed):
        return heading | {"size": node.size}
    return heading | {"fields": [{"name": f.name, "type": _Typed(f.type, namespace)} for f in node.fields]}


def _full(node: Node, namespace: str) -> Json:
    if isinstance(node, Primitive):
        extra = _logical(node.logical) | dict(node.props)
        return {"type": node.kind} | extra if extra else node.kind
    if isinstance(node, Ref):
        return {"type": node.name, **node.props} if node.props else node.name
    if isinstance(node, Array):
        return {"type": "array", "items": _Typed(node.items, namespace), **node.props}
    if isinstance(node, Map):
        return {"type": "map", "values": _Typed(node.values, namespace), **node.props}
    if isinstance(node, Union):
        return [_Typed(branch, namespace) for branch in node.branches]
    return _named(node, namespace)


def _named(node: Named, enclosing: str) -> Json:
    """A definition. Its namespace is written where it is not the enclosing one."""
    own = namespace_of(node.name)
    value: dict[str, Json] = {"type": node.kind, "name": short_name(node.name)}
    if own != enclosing:
        value["namespace"] = own
    if node.doc is not None:
        value["doc"] = node.doc
    if node.aliases:
        value["aliases"] = [_alias(alias, own) for alias in node.aliases]
    if isinstance(node, Record):
        value["type"] = "error" if node.is_error else "record"
        value["fields"] = [_field(field, own) for field in node.fields]
    elif isinstance(node, Enum):
        value["symbols"] = list(node.symbols)
        if node.default is not None:
            value["default"] = node.default
    else:
        value["size"] = node.size
        value |= _logical(node.logical)
    return value | dict(node.props)


def _field(field: Field, namespace: str) -> Json:
    value: dict[str, Json] = {"name": field.name, "type": _Typed(field.type, namespace)}
    if field.has_default:
        value["default"] = field.default
    if field.doc is not None:
        value["doc"] = field.doc
    if field.order != "ascending":
        value["order"] = field.order
    if field.aliases:
        value["aliases"] = list(field.aliases)
    return value | dict(field.props)


def _alias(alias: str, namespace: str) -> str:
    """As it must be spelled in ``namespace`` to mean the full name ``alias``."""
    space = namespace_of(alias)
    if space == namespace:
        return short_name(alias)
    return alias if space else f".{alias}"


def _logical(logical: Logical | None) -> dict[str, Json]:
    if logical is None:
        return {}
    value: dict[str, Json] = {"logicalType": logical.name}
    if isinstance(logical, Decimal):
        value |= {"precision": logical.precision, "scale": logical.scale}
    return value
