"""The line hashes by which GitHub code scanning knows a finding again after lines have moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

BLOCK: Final = 100
"""Code units that one hash covers, from the line's first on, white space left out."""
END: Final = 0xFFFF
_BASE: Final = 37
_MASK: Final = (1 << 64) - 1
_LEFT_OUT: Final = {ord(" "): None, ord("\t"): None}


def line_hashes(text: str, lines: Iterable[int]) -> Mapping[int, str]:
    """``hash:occurrence`` for each of these 1-based lines; lines that the text does not have are left out.

    As ``github/codeql-action`` computes ``primaryLocationLineHash``: a polynomial of base 37 modulo 2^64 over UTF-16
    code units, blanks and tabs left out, CRLF as LF, one more unit for the end of the file and zeros after it.
    """
    wanted = set(lines)
    units = _units(text)
    seen: dict[bytes, int] = {}
    found = {}
    start, number, last = 0, 1, max(wanted, default=0)
    while number <= last:
        window = units[start : start + 2 * BLOCK]
        seen[window] = seen.get(window, 0) + 1
        if number in wanted:
            found[number] = f"{_hash(window):x}:{seen[window]}"
        start = _next_line(units, start)
        if start == -1:
            break
        number += 1
    return dict(sorted(found.items()))


def _units(text: str) -> bytes:
    """The text that is hashed, two bytes a code unit."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").translate(_LEFT_OUT)
    return lines.encode("utf-16-le", "surrogatepass") + END.to_bytes(2, "little")


def _next_line(units: bytes, start: int) -> int:
    """Where the line after the one at ``start`` begins, or -1; a line feed is found only between code units."""
    at = units.find(b"\n\x00", start)
    while at != -1 and at % 2:
        at = units.find(b"\n\x00", at + 1)
    return -1 if at == -1 else at + 2


def _hash(window: bytes) -> int:
    value = 0
    for at in range(0, 2 * BLOCK, 2):
        unit = window[at] | window[at + 1] << 8 if at < len(window) else 0
        value = (value * _BASE + unit) & _MASK
    return value
