"""What a written value means, and what Avro Java's reader makes of it: worked out, never run."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from decimal import Decimal as Number
from typing import Final

from schemagate.finding import Json
from schemagate.rules.moments import CLOCKS, NEW_YEAR, NOON, shown
from schemagate.rules.resolution import rounded
from schemagate.schema.datum import Datum, least
from schemagate.schema.model import Decimal, Fixed, Primitive

EXACT_DIGITS: Final = 15
"""Digits that a JSON number keeps everywhere."""
LIMITS: Final = {"int": 2**31, "long": 2**63}
UUID_BYTES: Final = 16


def meaning(node: Primitive | Fixed, raw: Datum) -> Json:
    """The value as people write it: a decimal with its point, a timestamp as a date, bytes as digits."""
    logical = node.logical
    if isinstance(logical, Decimal) and isinstance(raw, bytes):
        return number(Number(int.from_bytes(raw, "big", signed=True)).scaleb(-logical.scale))
    if logical is not None and logical.name in CLOCKS and isinstance(raw, int):
        clock = CLOCKS[logical.name]
        return shown(clock.tells, raw * clock.unit)
    if isinstance(raw, bytes) and logical is not None and logical.name == "uuid":
        return f"{raw[:4].hex()}-{raw[4:6].hex()}-{raw[6:8].hex()}-{raw[8:10].hex()}-{raw[10:].hex()}"
    return hexadecimal(raw) if isinstance(raw, bytes) else raw


def hexadecimal(raw: bytes) -> str:
    """Bytes as people write them: ``0xc3a9``."""
    return f"0x{raw.hex()}"


def number(value: Number) -> Json:
    """A decimal as a JSON number where that is exact, else as text."""
    if len(value.as_tuple().digits) > EXACT_DIGITS or abs(value.adjusted()) > EXACT_DIGITS:
        return f"{value:f}"
    return int(value) if value.as_tuple().exponent == 0 else float(value)


def promoted(writer: Primitive | Fixed, reader: Primitive | Fixed, raw: Datum) -> Datum:
    """What Avro Java's decoder hands on, logical types aside. Source: ``ResolvingDecoder`` of Avro Java 1.12."""
    if writer.kind == "bytes" and reader.kind == "string":
        return raw.decode("utf-8", "replace")
    if writer.kind == "string" and reader.kind == "bytes":
        return raw.encode()
    if reader.kind == "float" and writer.kind in LIMITS:
        return struct.unpack("<f", struct.pack("<f", float(raw)))[0]
    return float(raw) if reader.kind == "double" and writer.kind in LIMITS else raw


class NoValueError(Exception):
    """Avro Java refuses the value; the words complete "Avro Java fails: "."""


def java_value(writer: Primitive | Fixed, reader: Primitive | Fixed, raw: Datum) -> Json:
    """What a Java consumer gets that uses the reader's logical types; NoValueError where it gets none."""
    held = promoted(writer, reader, raw)
    if reader.logical is not None and reader.logical.name == "uuid" and isinstance(held, str) and not _is_uuid(held):
        raise NoValueError("it is no UUID")
    if isinstance(reader.logical, Decimal) and held == b"":
        raise NoValueError("a number has at least one byte")
    return meaning(reader, held)


def _is_uuid(text: str) -> bool:
    parts = text.split("-")
    digits = "".join(parts)
    return [len(part) for part in parts] == [8, 4, 4, 4, 12] and all(c in "0123456789abcdefABCDEF" for c in digits)


def telling(writer: Primitive | Fixed, reader: Primitive | Fixed) -> Iterator[Datum]:
    """Values of the writer's type that may show what the reader makes of them, the most telling first."""
    if isinstance(writer.logical, Decimal):
        yield from _decimals(writer, writer.logical)
    if writer.kind in LIMITS:
        yield from (whole for whole in _wholes(writer, reader) if -LIMITS[writer.kind] <= whole < LIMITS[writer.kind])
    elif writer.kind == "bytes":
        if writer.logical is None:
            yield b"09" if isinstance(reader.logical, Decimal) else b"\xff"
    elif writer.kind == "string" and writer.logical is None:
        yield "x" if reader.logical is not None and reader.logical.name == "uuid" else "é"
    elif isinstance(writer, Fixed) and writer.logical is None:
        yield b"\x01".rjust(writer.size, b"\x00")
    found = least(writer)
    if found is not None:
        yield found[0]


def _decimals(writer: Primitive | Fixed, decimal: Decimal) -> Iterator[Datum]:
    """123.45 with the writer's scale where it has the digits, else as many nines as it has."""
    for digits in (12_345 * 10 ** max(decimal.scale - 4, 0), 10**decimal.precision - 1):
        size = writer.size if isinstance(writer, Fixed) else digits.bit_length() // 8 + 1
        if digits < 10**decimal.precision and digits.bit_length() < 8 * size:
            yield digits.to_bytes(size, "big", signed=True)


def _wholes(writer: Primitive | Fixed, reader: Primitive | Fixed) -> Iterator[int]:
    example = rounded(writer.kind, reader.kind)
    if example is not None:
        yield example[0]
    for node in (writer, reader):
        clock = CLOCKS.get(node.logical.name) if node.logical is not None else None
        if clock is not None:
            yield (NOON if clock.tells == "time" else NEW_YEAR) // clock.unit
    yield 1


__all__ = ["NoValueError", "hexadecimal", "java_value", "meaning", "number", "promoted", "telling"]
