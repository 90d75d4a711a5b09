"""Where a pair of parts stands in its two schemas: paths, pointers and documents on the way down."""

from __future__ import annotations

from typing import Final

import msgspec

from schemagate.schema.model import Enum, Field, Fixed, Record, Ref, Schema
from schemagate.schema.walk import Part, children
from schemagate.schema.whereabouts import Whereabouts

MOST_TOLD: Final = 1_000
MOST_VISITED: Final = 100_000
"""Bounds of one explanation: what it tells, and pairs walked."""


class Side(msgspec.Struct, frozen=True):
    """One schema's half of a pair.

    ``path`` follows the use (``$.home.zip``), ``pointer`` is RFC 6901 into ``document``, where the part stands.
    ``record`` encloses the part, ``field`` is the field of it on the way to the part.
    """

    part: Part
    path: str
    pointer: str
    document: str
    record: Record | None = None
    field: Field | None = None


class Trace:
    """Walks down one schema, jumping to where a name is defined, also in another document."""

    __slots__ = ("_places", "schema")

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._places = Whereabouts(schema)

    def root(self) -> Side:
        return self.entered(Side(self.schema.root, "$", "", self.schema.document))

    def entered(self, side: Side) -> Side:
        """The side with a Ref replaced by the definition that it names; the path stays that of the use."""
        if not isinstance(side.part, Ref):
            return side
        named = self.schema.resolve(side.part)
        if not isinstance(named, Record | Enum | Fixed):
            return side
        document, pointer = self._places.of(named)
        return Side(named, side.path, pointer, document, side.record, side.field)

    def below(self, side: Side) -> list[Side]:
        """The sides directly below, in document order; a field is followed by its type with :meth:`type_of`."""
        part = side.part
        record = part if isinstance(part, Record) else side.record
        return [
            Side(child, path, pointer, side.document, record, child if isinstance(child, Field) else side.field)
            for child, path, pointer in children(part, side.path, side.pointer)
        ]

    def type_of(self, side: Side) -> Side:
        """The type of a field, entered."""
        return self.entered(self.below(side)[0])
