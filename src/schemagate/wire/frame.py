"""What stands before a message's bytes and says which schema wrote them."""

from __future__ import annotations

import struct
from typing import Final

MAGIC: Final = 0x00
"""The first byte of a framed message; the schema's id follows as a big-endian 32-bit integer."""
PREFIX_BYTES: Final = 5
MAX_ID: Final = 2**31 - 1

_PREFIX: Final = struct.Struct(">bi")


class FrameError(ValueError):
    """Bytes that no serializer of the registry's clients writes."""


def pack(schema_id: int, data: bytes) -> bytes:
    """A message: magic byte, id, Avro's binary. Raises :class:`FrameError` for an id outside 0 … 2³¹-1."""
    if not 0 <= schema_id <= MAX_ID:
        raise FrameError(f"a schema id is a number from 0 to {MAX_ID}, found {schema_id}")
    return _PREFIX.pack(MAGIC, schema_id) + data


def unpack(message: bytes) -> tuple[int, bytes]:
    """The id and the Avro binary of a message. Raises :class:`FrameError` with what was found instead."""
    if len(message) < PREFIX_BYTES:
        raise FrameError(f"a framed message has at least {PREFIX_BYTES} bytes, found {len(message)}")
    magic, schema_id = _PREFIX.unpack_from(message)
    if magic != MAGIC:
        raise FrameError(f"a framed message begins with 0x00, found 0x{message[0]:02x}")
    if schema_id < 0:
        raise FrameError(f"a schema id is not negative, found {schema_id}")
    return schema_id, message[PREFIX_BYTES:]
