"""What a document defines and uses, seen at a glance: for files of which nothing else is wanted."""

from __future__ import annotations

import re
from typing import Final, TypeAlias, Union

import msgspec

from schemagate.avsc.read import MAX_BYTES
from schemagate.schema.model import PRIMITIVES, short_name
from schemagate.schema.naming import full_name

NAMED: Final = frozenset({"record", "error", "enum", "fixed"})
HOLDERS: Final = ("array", "map")
PLAIN: Final = PRIMITIVES | {""}
_COMMENT: Final = re.compile(rb'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)


class Glance(msgspec.Struct, frozen=True):
    """The names of one document. It may seem to use more than it does, and to define more, never less."""

    name: str
    """The full name of its own type; empty where that has none."""
    defines: frozenset[str]
    uses: frozenset[str]
    """Full names that it does not define: of each both what it means where it stands and in no namespace."""


_Type: TypeAlias = Union[str, list[Union[str, "_Node"]], "_Node"]


class _Node(msgspec.Struct, gc=False):
    """An object of a schema, be it a type or a field."""

    type: _Type = ""
    name: str | None = None
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
            uses.add(full_name(part, space))
            uses.add(short_name(part))
            continue
        inner: list[_Type]
        if isinstance(part, list):
            inner = [*part]
        elif part.type.__class__ is str and part.type in NAMED:
            name = _full_name(part, space)
            defines.add(name)
            space = name.rpartition(".")[0]
            inner = [field.type for field in part.fields]
        else:
            inner = [part.items, part.values] if part.type in HOLDERS else [part.type]
        stack += [(each, space) for each in inner if each.__class__ is not str or each not in PLAIN]
    own = ""
    if isinstance(root, _Node) and root.type.__class__ is str and root.type in NAMED:
        own = _full_name(root, "")
    return Glance(own, frozenset(defines), frozenset(uses - defines))


def _full_name(node: _Node, space: str) -> str:
    return "" if node.name is None else full_name(node.name, space if node.namespace is None else node.namespace)
