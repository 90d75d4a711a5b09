"""Reads files of data that are no containers: JSON lines, and messages as they stand in a topic."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from typing import BinaryIO, Final, Literal, TypeAlias

from schemagate.errors import UndecidedError
from schemagate.finding import Json

Kind: TypeAlias = Literal["container", "json", "messages", "delimited"]

MOST_LINE: Final = 64 * 2**20
"""Bytes of one line or message."""
LENGTH_BYTES: Final = 4
HEX: Final = re.compile(rb"(?:[0-9a-fA-F]{2})+")
FRAME_HEX: Final = re.compile(rb"00(?:[0-9a-fA-F]{2}){4,}")
FRAME_BASE64: Final = re.compile(rb"AA[A-P][A-Za-z0-9+/_-]{4,}={0,2}|AA[A-Za-z0-9+/_-]{5,}={0,2}")


def kind_of(start: bytes) -> Kind:
    """What a file is by its first bytes; JSON lines where nothing else fits."""
    if start.startswith(b"Obj\x01"):
        return "container"
    if start.startswith(b"\x00"):
        return "delimited"
    line = start.lstrip().split(b"\n", 1)[0].strip()
    return "messages" if FRAME_HEX.fullmatch(line) or FRAME_BASE64.fullmatch(line) else "json"


def lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers from 1. UndecidedError for one that is too long."""
    number = 0
    while line := file.readline(MOST_LINE + 1):
        number += 1
        if len(line) > MOST_LINE:
            raise UndecidedError(
                f"line {number} is longer than {MOST_LINE:,} bytes", hint="one datum stands on one line"
            )
        if line.strip():
            yield number, line.strip()


def json_value(line: bytes, number: int) -> Json:
    """The value of one line; UndecidedError if it is no JSON."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        why = "it nests too deep" if isinstance(error, RecursionError) else str(error)
        raise UndecidedError(
            f"line {number} is no JSON: {why}",
            hint="JSON lines hold one value a line; framed messages stand there in hexadecimal or base64",
        ) from None


def line_message(line: bytes, number: int) -> bytes:
    """The message on one line, in hexadecimal or base64; UndecidedError if it is neither."""
    if FRAME_HEX.fullmatch(line) or (HEX.fullmatch(line) and line.startswith(b"0")):
        return bytes.fromhex(line.decode())
    try:
        return base64.b64decode(line.translate(bytes.maketrans(b"-_", b"+/")), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UndecidedError(f"line {number} is neither hexadecimal nor base64: {error}") from None


def delimited(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Messages that each stand behind their length, four bytes big-endian, with their numbers from 1.

    That is what ``kcat -C -f '%R%s'`` writes. UndecidedError where the file is cut off.
    """
    number = 0
    while head := file.read(LENGTH_BYTES):
        number += 1
        length = int.from_bytes(head, "big", signed=True)
        if length > MOST_LINE or len(head) < LENGTH_BYTES:
            raise UndecidedError(f"message {number} has no length that makes sense: {head.hex()}")
        body = file.read(max(length, 0))
        if len(body) < length:
            raise UndecidedError(f"message {number} ends too early: {len(body)} of {length} bytes")
        # A length of -1 is a message without a value: a tombstone.
        if length > 0:
            yield number, body
