"""Measures messages: the same data as JSON with its field names and as Avro behind the registry's header."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from schemagate.adapters.compress import Compress, compressions
from schemagate.adapters.decoding import LoadError, encode, load
from schemagate.finding import Json
from schemagate.report.costs import BATCH, Bytes, Cost
from schemagate.schema.datum import Datum, Smallest
from schemagate.schema.lifelike import Retelling
from schemagate.schema.model import Schema
from schemagate.schema.plain_values import name_bytes, spelled_out
from schemagate.schema.sample import Sampler, Seeded
from schemagate.wire import batch
from schemagate.wire.frame import pack

MOST_VALUES = 5_000
"""Values of one generated message; what comes after them is the smallest of its type."""
SCHEMA_ID = 100_001
"""Any id: each takes four bytes."""


@dataclass(slots=True)
class Scale:
    """Weighs messages. ``batches`` off leaves the compressed batches out."""

    seed: int = 0
    batches: bool = True
    codecs: Mapping[str, Compress] = field(default_factory=compressions)

    def generated(self, schema: Schema, count: int) -> Cost | str:
        """What ``count`` generated messages cost; why there are none, in words."""
        small = Smallest(schema)
        fault = small.fault()
        if fault:
            return fault
        chooser, sampled, retold = Seeded(self.seed), Sampler(small), Retelling(schema)
        data = (retold(sampled(chooser, MOST_VALUES), chooser) for _ in range(count))
        return self._weighed(schema, ((datum, *spelled_out(datum, schema)) for datum in data))

    def given(self, schema: Schema, data: Iterable[tuple[Datum, Json]]) -> Cost | str:
        """What these data cost, each with the JSON that says it; why they cannot be encoded, in words."""
        return self._weighed(schema, ((datum, value, name_bytes(value, datum, schema)) for datum, value in data))

    def _weighed(self, schema: Schema, data: Iterable[tuple[Datum, Json, int]]) -> Cost | str:
        """``data``: each datum with the JSON that says it, and the bytes that this spends on the names of fields."""
        texts: list[bytes] = []
        messages: list[bytes] = []
        names = 0
        try:
            loaded = load(schema)
            for datum, value, spent in data:
                messages.append(pack(SCHEMA_ID, encode(loaded, datum)))
                texts.append(_text(value))
                names += spent
        except LoadError as error:
            return str(error)
        alone = Bytes(sum(map(len, texts)), sum(map(len, messages)))
        return Cost(len(texts), alone, names, self._batches(texts, messages) if self.batches else {})

    def _batches(self, texts: Sequence[bytes], messages: Sequence[bytes]) -> dict[str, Bytes]:
        """Each codec's bytes, batch headers included; ``plain`` is not compressed."""
        framed = [_batched(rows) for rows in (texts, messages)]
        ways: dict[str, Compress] = {"plain": lambda data: data, **self.codecs}
        found = {}
        for name, squeeze in ways.items():
            json_bytes, avro_bytes = (sum(batch.HEADER + len(squeeze(one)) for one in side) for side in framed)
            found[name] = Bytes(json_bytes, avro_bytes)
        return found


def _batched(rows: Sequence[bytes]) -> list[bytes]:
    return [batch.records(rows[at : at + BATCH]) for at in range(0, len(rows), BATCH)]


def _text(value: Json) -> bytes:
    """JSON as services write it: compact, in UTF-8."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def assumptions(*, seed: int | None, data: str = "") -> tuple[str, ...]:
    """What the numbers rest on, in sentences: generated with a seed, or from a file."""
    source = f"The data is {data}."
    if not data:
        source = (
            f"The data is generated (seed {seed}): nullable fields are null half of the time, arrays and maps have "
            "0 to 3 items, and texts are guessed from the names of fields. Measure your own with --data."
        )
    return (
        source,
        "JSON is compact, in UTF-8, with every field written out; decimals are numbers, bytes are base64.",
        "Avro's bytes include the registry's 5-byte header of each message.",
        f"Batches are {BATCH} messages without keys, framed as Kafka's record batch; gzip at level 6, zstd at level 3.",
    )
