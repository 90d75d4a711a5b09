"""Fields without a record in them, from their text: each text of a type built once, each default judged once."""

from __future__ import annotations

from typing import Final

import msgspec

from schemagate.finding import Json
from schemagate.schema.build import Builder
from schemagate.schema.checks import obvious
from schemagate.schema.drive import drive
from schemagate.schema.leaves import Leaves
from schemagate.schema.model import MISSING, Factory, Field, Node
from schemagate.schema.naming import is_ascii_name

MAX_TEXT: Final = 1024
"""Longer texts of types and defaults, in bytes, are not kept."""

_FIELDS: Final = b'"fields"'


class _Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The members that nearly all fields make do with, the type and the default as they are written."""

    name: str
    type: msgspec.Raw
    default: msgspec.Raw = msgspec.Raw()
    doc: str | None = None


_DECODER: Final = msgspec.json.Decoder(_Text)


class Recordless:
    """Makes fields of which ``Builder`` has nothing to say and whose default fits at first sight; leaves all others.

    The same bytes in the same namespace are the same type, and the same bytes beside the same type the same default.
    """

    def __init__(self, factory: Factory, leaves: Leaves) -> None:
        self._factory = factory
        self._leaves = leaves
        self._types: dict[str, dict[bytes, Node | None]] = {}
        self._defaults: dict[tuple[Node, bytes], Json] = {}

    def field(self, inside: bytes, namespace: str) -> Field | None:
        """What is written as ``inside`` between braces, which must be UTF-8; None where it takes a closer look."""
        if _FIELDS in inside:
            return None
        try:
            text = _DECODER.decode(b"{%b}" % inside)
        except (msgspec.DecodeError, RecursionError):
            return None
        node = self._type(bytes(text.type), namespace)
        if node is None or not is_ascii_name(text.name):
            return None
        default = bytes(text.default)
        if not default:
            return self._factory.field(text.name, node, doc=text.doc)
        value = self._defaults.get((node, default), MISSING)
        if value is not MISSING:
            return self._factory.field(text.name, node, default=value, doc=text.doc)
        return self._defaulted(text, node, default)

    def _type(self, text: bytes, namespace: str) -> Node | None:
        known = self._types.setdefault(namespace, {})
        if text in known:
            return known[text]
        if len(text) > MAX_TEXT:
            return None
        known[text] = node = self._built(text, namespace)
        return node

    def _built(self, text: bytes, namespace: str) -> Node | None:
        try:
            value = msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError):
            return None
        builder = Builder(self._factory, self._leaves)
        node = drive(builder.any_type(value, namespace, None))
        return None if builder.members.problems else node

    def _defaulted(self, text: _Text, node: Node, default: bytes) -> Field | None:
        try:
            value = msgspec.json.decode(default)
        except (msgspec.DecodeError, RecursionError):
            return None
        field = self._factory.field(text.name, node, default=value, doc=text.doc)
        if not obvious(field):
            return None
        if len(default) <= MAX_TEXT:
            self._defaults[node, default] = value
        return field
