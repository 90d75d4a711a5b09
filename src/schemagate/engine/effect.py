"""A change seen in one direction, and what to encode and decode to show what it does to a value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec

from schemagate.compat.chain import Chain, chain_to
from schemagate.finding import Direction, Json, Reading
from schemagate.schema.align import Change
from schemagate.schema.datum import Datum, Smallest
from schemagate.schema.loadable import Variant
from schemagate.schema.model import Fixed, Primitive, Schema
from schemagate.schema.walk import Part

BACKWARD, FORWARD = Direction.BACKWARD, Direction.FORWARD
JAVA: Final = "Avro Java"
PYTHON: Final = "Avro's own Python library"
SCRIPT: Final = "avsc for JavaScript"
SAME: Final = (Reading("", JAVA, ran=False, how="does the same"),)
OLD, NEW, WRITTEN_ON = "the older schema", "the newer schema", "and written on"
"""Stand for a reader that is named later: a side, or who reads a value and writes it again with the same schema."""


class Reader(msgspec.Struct, frozen=True):
    """A schema to read with: ``old`` or the new one; ``chain`` leads to the value that is looked at."""

    schema: Schema
    chain: Chain
    old: bool = False


class Effect(msgspec.Struct, frozen=True):
    """What to encode and to decode, and with which schemas; ``known`` is what is known of Avro Java's reader.

    ``supposed`` names a writer that is no published version: ``a schema without `discount```.
    """

    writer: Schema | Variant
    datum: Datum
    shown: Datum
    """The same with the value as people write it."""
    before: Json
    """What is written at ``path``; None with ``supposed``, which writes nothing there."""
    path: str
    readers: tuple[Reader, ...]
    direction: Direction
    known: tuple[Reading, ...] = ()
    """Each for the reader before it, or for :data:`OLD`, :data:`NEW` or :data:`WRITTEN_ON`."""
    supposed: str = ""
    again: Primitive | Fixed | None = None
    """The reader's type, to write with it what was read there."""


class Sides(msgspec.Struct, frozen=True):
    """A change seen in one direction: who writes and who reads which part."""

    change: Change[Any]
    direction: Direction
    smallest: Callable[[Schema], Smallest]

    @property
    def writer(self) -> tuple[Schema, str, Any]:
        """Schema, path and part."""
        change = self.change
        if self.direction is BACKWARD:
            return change.old_schema, change.old_path, change.old
        return change.new_schema, change.path, change.new

    @property
    def reader(self) -> tuple[Schema, str, Any]:
        change = self.change
        if self.direction is FORWARD:
            return change.old_schema, change.old_path, change.old
        return change.new_schema, change.path, change.new

    def reading(self, chain: Chain) -> Reader:
        return Reader(self.reader[0], chain, old=self.direction is FORWARD)


def way_to(schema: Schema, path: str, part: Part) -> Chain:
    return chain_to(schema, path, lambda found: found is part) or ()
