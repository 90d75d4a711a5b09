"""Bytes to text, and offsets in a text to lines and columns."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from typing import Final

import msgspec

from schemagate.finding import Problem

BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xff\xfe", "utf-16-le"),
)
"""UTF-32 before UTF-16: the little-endian marks begin alike."""

_ZEROS: Final = (
    (re.compile(rb"\x00\x00\x00[^\x00]", re.DOTALL), "utf-32-be"),
    (re.compile(rb"[^\x00]\x00\x00\x00", re.DOTALL), "utf-32-le"),
    (re.compile(rb"\x00[^\x00]", re.DOTALL), "utf-16-be"),
    (re.compile(rb"[^\x00]\x00", re.DOTALL), "utf-16-le"),
)
"""Where a JSON text without a byte order mark has its zero bytes (RFC 4627, section 3; Jackson does the same)."""

_NEWLINE: Final = re.compile(r"\r\n?|\n")
_LINE_FEED: Final = re.compile(r"\n")


class Text(msgspec.Struct, frozen=True):
    """Decoded bytes. ``text`` never begins with the byte order mark that ``bom`` tells of.

    Offsets, lines and columns count code points of ``text``, so a mark takes up no column.
    """

    text: str
    bom: bool
    encoding: str
    """A Python codec name. With a refused ``wrong-encoding``, what was tried."""
    problems: tuple[Problem, ...] = ()


def decode(data: bytes) -> Text:
    """The text of a file as Avro Java reads it: UTF-8, or UTF-16 and UTF-32 recognised as Jackson recognises them.

    Never raises: what cannot be decoded becomes U+FFFD and one refused ``wrong-encoding`` at the first bad byte.
    """
    encoding, mark = _encoding(data)
    body = data[mark:]
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        offset = len(body[: error.start].decode(encoding, "replace"))
        found = f"the byte 0x{body[error.start]:02X}" + (f" in {encoding.upper()}" if encoding != "utf-8" else "")
        problem = Problem("wrong-encoding", {"expected": "UTF-8", "found": found}, span=(offset, offset + 1))
        return Text(body.decode(encoding, "replace"), mark > 0, encoding, (problem,))
    start = (0, min(1, len(text)))
    if encoding != "utf-8":
        args = {"expected": "UTF-8", "found": encoding.upper()}
        return Text(text, mark > 0, encoding, (Problem("wrong-encoding", args, span=start, refused=False),))
    if mark:
        return Text(text, mark > 0, encoding, (Problem("byte-order-mark", span=start, refused=False),))
    return Text(text, mark > 0, encoding)


def _encoding(data: bytes) -> tuple[str, int]:
    """The codec, and how many bytes of mark come before the text."""
    for mark, codec in BOMS:
        if data.startswith(mark):
            return codec, len(mark)
    if b"\x00" in data[:4]:
        for pattern, codec in _ZEROS:
            if pattern.match(data):
                return codec, 0
    return "utf-8", 0


class Lines:
    """Where the lines of a text begin; LF, CRLF and CR each end one line."""

    __slots__ = ("_starts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = array("L", (0,))
        ends = _NEWLINE if "\r" in text else _LINE_FEED
        self._starts.extend([match.end() for match in ends.finditer(text)])

    def position(self, offset: int) -> tuple[int, int]:
        """1-based line and column of a code-point offset; offsets outside the text count as its nearest end."""
        offset = max(0, min(offset, len(self._text)))
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The code-point offset of a 1-based line and column; outside the text its nearest end."""
        if not 1 <= line <= len(self._starts):
            return 0 if line < 1 else len(self._text)
        return min(self._starts[line - 1] + column - 1, len(self._text))

    def line_text(self, line: int) -> str:
        """The text of a 1-based line without its end; empty for a line that does not exist."""
        if not 1 <= line <= len(self._starts):
            return ""
        end = self._starts[line] if line < len(self._starts) else len(self._text)
        return self._text[self._starts[line - 1] : end].rstrip("\r\n")
