"""Data as JSON texts carry them between services: decimals as numbers, bytes in base64, no mark of a union's branch."""

from __future__ import annotations

import base64
import math
from typing import Any, Final

from schemagate.finding import Json
from schemagate.schema.datum import Chosen, Datum, label
from schemagate.schema.model import Array, Decimal, Field, Fixed, Map, Node, Primitive, Record, Schema, Union

AS_THEY_ARE: Final = frozenset({str, int, bool, type(None)})
"""Values that JSON holds as they are, whatever their type."""


def plain_value(datum: Datum, schema: Schema) -> Json:
    """The datum as a JSON value with every field written out. Iterative, for any depth."""
    return spelled_out(datum, schema)[0]


def spelled_out(datum: Datum, schema: Schema) -> tuple[Json, int]:
    """The datum as a JSON value with every field written out, and its :func:`name_bytes`."""
    result: list[Json] = [None]
    spelled: dict[str, int] = {}
    names = 0
    stack: list[tuple[Node, Datum, Any, Any]] = [(schema.root, datum, result, 0)]
    while stack:
        node, value, target, key = stack.pop()
        node = schema.resolve(node)
        if isinstance(node, Union):
            node, value = _branch(node, value, schema), value.value
        if isinstance(node, Record):
            known = spelled.get(node.name)
            if known is None:
                known = spelled[node.name] = sum(map(_quoted, node.fields))
            names += known
            made: Any = {}
            for field in node.fields:
                made[field.name] = item = value[field.name]
                bare = item.value if item.__class__ is Chosen else item
                if bare.__class__ in AS_THEY_ARE:
                    made[field.name] = bare
                else:
                    stack.append((field.type, item, made, field.name))
        elif isinstance(node, Array):
            made = [None] * len(value)
            stack += [(node.items, item, made, at) for at, item in enumerate(value)]
        elif isinstance(node, Map):
            made = dict.fromkeys(value)
            stack += [(node.values, item, made, name) for name, item in value.items()]
        else:
            made = _scalar(node, value)
        target[key] = made
    return result[0], names


def _quoted(field: Field) -> int:
    """The bytes of a field's name with its quotes and its colon."""
    return len(field.name.encode("utf-8", "surrogatepass")) + 3


def name_bytes(value: Json, datum: Datum, schema: Schema) -> int:
    """The bytes with which a JSON value spells the names of fields, each with its quotes and its colon.

    ``datum`` is what the value says; the names of map keys, and of union branches where JSON has them, are no fields'.
    """
    found = 0
    stack: list[tuple[Node, Datum, Json]] = [(schema.root, datum, value)]
    while stack:
        node, held, written = stack.pop()
        node = schema.resolve(node)
        if isinstance(node, Union):
            node, branch, held = _branch(node, held, schema), held.branch, held.value
            if (
                isinstance(written, dict)
                and list(written) == [branch]
                and not (isinstance(held, dict) and branch in held)
            ):
                written = written[branch]
        if isinstance(node, Record) and isinstance(written, dict):
            for field in node.fields:
                if field.name in written:
                    found += _quoted(field)
                    stack.append((field.type, held[field.name], written[field.name]))
        elif isinstance(node, Array) and isinstance(written, list):
            stack += [(node.items, *pair) for pair in zip(held, written, strict=False)]
        elif isinstance(node, Map) and isinstance(written, dict):
            stack += [(node.values, held[name], item) for name, item in written.items() if name in held]
    return found


def _branch(union: Union, chosen: Chosen, schema: Schema) -> Node:
    return next(branch for branch in map(schema.resolve, union.branches) if label(branch) == chosen.branch)


def _scalar(node: Node, value: Datum) -> Json:
    if isinstance(value, bytes):
        logical = node.logical if isinstance(node, Primitive | Fixed) else None
        if isinstance(logical, Decimal):
            return int.from_bytes(value, "big", signed=True) / 10**logical.scale
        return base64.b64encode(value).decode()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
