"""Measures and breaks text for a terminal, in cells: wide characters take two, combining ones none."""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import category, east_asian_width

ZERO_WIDTH = frozenset({"Mn", "Me", "Cf"})

# A long word is best broken behind one of these: paths, names and JSON stay readable.
JOINTS = frozenset("/.,:;-_@[]{}()")


def width(text: str) -> int:
    """The cells that ``text`` takes on a terminal; for text without control characters."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def wrap(text: str, first: int, rest: int) -> Iterator[str]:
    """Lines of ``text``, the first of at most ``first`` cells, the others of at most ``rest``; breaks at spaces.

    A word longer than a whole line is cut, behind a joint such as ``/`` or ``.`` when one is near the end.
    """
    if text and len(text) <= first and text[0] != " " and text.isascii():
        yield text  # It fits, as most do.
        return
    room = max(first, 1)
    line = ""
    used = 0
    for position, word in enumerate(text.split(" ")):
        left, gap = word, " " if position and line else ""
        if line and used + width(gap + left) > room:
            yield line
            room, line, used, gap = max(rest, 1), "", 0, ""
        while used + width(gap + left) > room:
            piece = _cut(left, room - used - len(gap))
            yield line + gap + piece
            room, line, used, gap = max(rest, 1), "", 0, ""
            left = left[len(piece) :]
        line += gap + left
        used += width(gap + left)
    if line or not text:
        yield line


def clip(text: str, limit: int, mark: str = "…") -> str:
    """``text``, or its first ``limit`` characters and how many were left out: one name must not flood a log."""
    return text if len(text) <= limit else f"{text[:limit]}{mark} ({len(text) - limit} more characters)"


def _cut(word: str, room: int) -> str:
    """The longest start of ``word`` within ``room`` cells, at least one character, ending at a late joint if any."""
    used = end = 0
    for char in word:
        used += _cells(char)
        if used > room and end:
            break
        end += 1
    for joint in range(end, end - end // 2, -1):
        if word[joint - 1] in JOINTS:
            return word[:joint]
    return word[:end]


def _cells(char: str) -> int:
    if char.isascii():
        return 1
    if category(char) in ZERO_WIDTH or "\u1160" <= char <= "\u11ff":
        return 0
    return 2 if east_asian_width(char) in "WF" else 1
