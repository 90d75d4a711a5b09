"""What stands before a message's bytes, or beside them in a record header, and says which schema wrote them."""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import Final

MAGIC: Final = 0x00
"""The first byte of a framed message; the schema's id follows as a big-endian 32-bit integer."""
GUID_MAGIC: Final = 0x01
"""The first byte of a record header's value; the schema's 16-byte GUID follows."""
PREFIX_BYTES: Final = 5
MAX_ID: Final = 2**31 - 1
VALUE_HEADER: Final = "__value_schema_id"
KEY_HEADER: Final = "__key_schema_id"

_PREFIX: Final = struct.Struct(">bi")
_GUID_BYTES: Final = 16
_DASHES: Final = (8, 12, 16, 20)


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


def pack_guid(guid: str) -> bytes:
    """The value of the header :data:`VALUE_HEADER` or :data:`KEY_HEADER`: the message itself is then bare Avro.

    ``guid`` is 32 hexadecimal digits, with or without dashes. Raises :class:`FrameError` for anything else.
    """
    digits = guid.replace("-", "")
    try:
        raw = bytes.fromhex(digits)
    except ValueError:
        raw = b""
    if len(raw) != _GUID_BYTES or len(digits) != 2 * _GUID_BYTES:
        raise FrameError("a GUID is 32 hexadecimal digits")
    return bytes([GUID_MAGIC]) + raw


def unpack_guid(header: bytes) -> str:
    """The GUID in a record header, in lower case with dashes. Raises :class:`FrameError`."""
    if len(header) != 1 + _GUID_BYTES:
        raise FrameError(f"a schema's header has {1 + _GUID_BYTES} bytes, found {len(header)}")
    if header[0] != GUID_MAGIC:
        raise FrameError(f"a schema's header begins with 0x01, found 0x{header[0]:02x}")
    digits = header[1:].hex()
    cuts = (0, *_DASHES, len(digits))
    return "-".join(digits[start:end] for start, end in pairwise(cuts))
