"""What a document defines and uses, seen at a glance: for files of which nothing else is wanted."""

from __future__ import annotations

import re
from typing import Final, TypeAlias, Union

import msgspec

from schemagate.avsc.read import MAX_BYTES
from schemagate.schema.model import PRIMITIVES
from schemagate.schema.naming import full_name

NAMED: Final = frozenset({"record", "error", "enum", "fixed"})
HOLDERS: Final = ("array", "map")
_PLAIN: Final = PRIMITIVES | {""}
_COMMENT: Final = re.compile(rb'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)


class Glance(msgspec.Struct, frozen=True):
    """The names of one document. It may seem to use more than it does, and to define more, never less."""

    name: str
    """The full name of its own type; empty where that has none."""
    defines: frozenset[str]
    uses: frozenset[str]
    """Full names that it does not define: of a short one both what it means in its namespace and in none."""


_Type: TypeAlias = Union[str, list[Union[str, "_Node"]], "_Node"]


class _Node(msgspec.Struct, gc=False):
    """An object of a schema, be it a type or a field."""

    type: _Type = ""
    name: str = ""
    namespace: str | None = None
    fields: list[_Node] = []
    items: _Type = ""
    values: _Type = ""


_DECODER: Final = msgspec.json.Decoder(_Node)


def glance(data: bytes) -> Glance | None:
    """The document's names; None where it must be read whole to know them."""
    if len(data) > MAX_BYTES:
        return None
    root = _decoded(data)
    if root is None and (b"//" in data or b"/*" in data):
        root = _decoded(_COMMENT.sub(lambda found: found[1] or b" ", data))
    return None if root is None else _names(root)


def _decoded(data: bytes) -> _Type | None:
    try:
        return _DECODER.decode(b'{"type":' + data + b"}").type
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None


def _names(root: _Type) -> Glance:
    defines: set[str] = set()
    uses: set[str] = set()
    stack: list[tuple[_Type, str]] = [(root, "")]
    while stack:
        part, space = stack.pop()
        if isinstance(part, str):
            if part not in _PLAIN:
                uses.add(full_name(part, space))
                uses.add(part)
        elif isinstance(part, list):
            stack.extend((branch, space) for branch in part)
        else:
            if part.type.__class__ is str and part.type in NAMED:
                name = full_name(part.name, space if part.namespace is None else part.namespace)
                defines.add(name)
                space = name.rpartition(".")[0]
            elif part.type not in HOLDERS:
                stack.append((part.type, space))
            inner = (*(field.type for field in part.fields), part.items, part.values)
            stack.extend((each, space) for each in inner if each.__class__ is not str or each not in _PLAIN)
    own = ""
    if isinstance(root, _Node) and root.type.__class__ is str and root.type in NAMED:
        own = full_name(root.name, root.namespace or "")
    return Glance(own, frozenset(defines), frozenset(uses - defines))
