"""Kafka's record batch: what a producer compresses, and what it sends around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

HEADER: Final = 61
"""Bytes of a batch before its records; they are never compressed."""
SPACING: Final = 10
"""Milliseconds between two records."""


def records(values: Sequence[bytes]) -> bytes:
    """The records of one batch, without keys and headers: this is what is compressed.

    Source: Apache Kafka, "Record Batch" and "Record", magic 2: length, attributes, timestamp delta, offset delta, key,
    value and headers, all numbers as zigzag varints.
    """
    out = bytearray()
    for offset, value in enumerate(values):
        body = bytearray(1)
        body += varint(offset * SPACING) + varint(offset) + varint(-1) + varint(len(value)) + value + varint(0)
        out += varint(len(body)) + body
    return bytes(out)


def varint(number: int) -> bytes:
    """A number of at most 64 bits, zigzag and then seven bits a byte, the lowest first."""
    rest = (number << 1) ^ (number >> 63)
    out = bytearray()
    while rest > 0x7F:
        out.append(rest & 0x7F | 0x80)
        rest >>= 7
    out.append(rest)
    return bytes(out)
