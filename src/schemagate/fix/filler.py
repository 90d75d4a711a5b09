"""What a field holds for readers of data that has none: the plainest value of its type."""

from __future__ import annotations

from typing import Any, Final

from schemagate.avsc.tree import NO_VALUE
from schemagate.finding import Json
from schemagate.rules.spelling import words_of
from schemagate.schema.model import Array, Enum, Fixed, Map, Node, Primitive, Record, Schema, Union

MOST_PARTS: Final = 200
"""Fields of a record's value; a record with more gets none."""
MOST_BYTES: Final = 256

_PLAIN: Final[dict[str, Json]] = {
    "null": None,
    "boolean": False,
    "int": 0,
    "long": 0,
    "float": 0.0,
    "double": 0.0,
    "bytes": "",
    "string": "",
}
_NEUTRAL: Final = frozenset({"unknown", "unspecified", "undefined", "none", "other", "unset", "default"})


def filler(schema: Schema, node: Node) -> Json:
    """A default that the type can hold: ``""``, 0, false, an empty array; ``NO_VALUE`` where there is none.

    Of a union it is of the first branch, which alone readers on Avro 1.11 or older allow.
    """
    box: dict[str, Any] = {}
    stack: list[tuple[Node, dict[str, Any], str, frozenset[str]]] = [(node, box, "", frozenset())]
    parts = 0
    while stack:
        given, holder, key, around = stack.pop()
        parts += 1
        node = schema.resolve(given)
        if isinstance(node, Union) and node.branches:
            node = schema.resolve(node.branches[0])
        if isinstance(node, Record):
            if node.name in around or parts > MOST_PARTS:
                return NO_VALUE
            inner: dict[str, Any] = {}
            holder[key] = inner
            inside = around | {node.name}
            stack += [(field.type, inner, field.name, inside) for field in node.fields if not field.has_default]
            continue
        value = _leaf(node)
        if value is NO_VALUE:
            return NO_VALUE
        holder[key] = value
    return box[""]


def _leaf(node: Node) -> Json:
    if isinstance(node, Array):
        return []
    if isinstance(node, Map):
        return {}
    if isinstance(node, Enum) and node.symbols:
        return node.default if node.default is not None else neutral(node.symbols)
    if isinstance(node, Fixed) and node.size <= MOST_BYTES:
        return "\x00" * node.size
    if isinstance(node, Primitive) and node.kind in _PLAIN:
        logical = node.logical.name if node.logical is not None else ""
        if logical == "uuid":
            return "00000000-0000-0000-0000-000000000000"
        return "\x00" if logical == "decimal" and node.kind == "bytes" else _PLAIN[node.kind]
    return NO_VALUE


def neutral(symbols: tuple[str, ...]) -> str:
    """The symbol that stands for none of the others, else the first."""
    return next((symbol for symbol in symbols if _NEUTRAL & set(words_of(symbol))), symbols[0])
