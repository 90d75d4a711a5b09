"""Lays a JSON text out for people to read and edit; every string and number stays as it is spelled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

WIDTH: Final = 100
"""Columns within which an object or a list may stand on one line."""

_PIECE: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_CLOSES: Final = {"{": "}", "[": "]"}
_BROKEN: Final = '"fields"'
"""The list of fields is always one a line."""


def pretty(text: str) -> str:
    """The same JSON value, two blanks a level, short objects and lists on one line, a line end at the end.

    ``text`` is a JSON text without comments; another one comes back with its parts in order.
    """
    pieces = _PIECE.findall(text)
    spans = _spans(pieces)
    out: list[str] = []
    column = 0
    inline_until = -1
    depth = 0
    for place, piece in enumerate(pieces):
        inline = place <= inline_until
        if piece in _CLOSES and not inline:
            end, length = spans[place]
            if length >= 0 and column + length < WIDTH:
                inline, inline_until = True, end
        if piece in ("}", "]") and not inline:
            depth -= 1
            column = _line(out, depth)
        out.append(piece)
        column += len(piece)
        if piece == ":" or (piece == "," and inline):
            out.append(" ")
            column += 1
        elif (piece == "," or piece in _CLOSES) and not inline:
            depth += piece in _CLOSES
            column = _line(out, depth)
    return "".join(out) + "\n"


def _line(out: list[str], depth: int) -> int:
    indent = "  " * max(depth, 0)
    out.append("\n" + indent)
    return len(indent)


def _spans(pieces: Sequence[str]) -> dict[int, tuple[int, int]]:
    """Where each bracket's group ends and its length on one line; -1 for the root and for what must be broken."""
    spans: dict[int, tuple[int, int]] = {}
    stack: list[tuple[int, int, bool]] = []
    written = 0
    for place, piece in enumerate(pieces):
        if piece in _CLOSES:
            listed = place >= 2 and pieces[place - 1] == ":" and pieces[place - 2] == _BROKEN
            stack.append((place, written, listed and place + 1 < len(pieces) and pieces[place + 1] != "]"))
        written += len(piece) + (piece in (",", ":"))
        if piece in ("}", "]") and stack:
            start, before, broken = stack.pop()
            spans[start] = (place, -1 if broken or (not stack and place > start + 1) else written - before)
            if broken and stack:
                stack[-1] = (*stack[-1][:2], True)
    return {**{start: (len(pieces), -1) for start, _, _ in stack}, **spans}
