"""What messages cost on the wire, as values: bytes of the same data as JSON and as Avro, alone and in batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

HEADER: Final = 5
"""Bytes before a message's data: a zero and the schema's id (Confluent's wire format)."""
BATCH: Final = 100
"""Messages that are compressed together."""
CODECS: Final = ("plain", "gzip", "zstd")


class Bytes(msgspec.Struct, frozen=True):
    """The same messages in both formats, in bytes."""

    json: int
    avro: int

    def __add__(self, other: Bytes) -> Bytes:
        return Bytes(self.json + other.json, self.avro + other.avro)

    @property
    def saved(self) -> float | None:
        """The share of the JSON bytes that Avro does without, below 0 if it takes more; None where there are none."""
        return 1 - self.avro / self.json if self.json else None


class Cost(msgspec.Struct, frozen=True):
    """Some messages of one schema. Avro's bytes count the header of each message.

    ``names`` are the bytes of the JSON texts that spell the names of fields: quotes and colon included, map keys not.
    ``batches`` are the same messages, compressed in batches of :data:`BATCH`; a codec that could not run is missing.
    """

    messages: int
    alone: Bytes
    names: int
    batches: Mapping[str, Bytes] = msgspec.field(default_factory=dict)

    @property
    def names_share(self) -> float | None:
        """The share of the JSON bytes that spells field names; None without any message."""
        return self.names / self.alone.json if self.alone.json else None


def total(costs: Iterable[Cost]) -> Cost:
    """All of them together; of the codecs, those that ran for every one."""
    rows = list(costs)
    codecs = [codec for codec in CODECS if rows and all(codec in row.batches for row in rows)]
    return Cost(
        sum(row.messages for row in rows),
        sum((row.alone for row in rows), Bytes(0, 0)),
        sum(row.names for row in rows),
        {codec: sum((row.batches[codec] for row in rows), Bytes(0, 0)) for codec in codecs},
    )
