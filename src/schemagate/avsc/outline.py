"""A record's text cut at the borders of its fields without a parser: by line breaks, or by the version before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

import msgspec

CUT: Final = "\0"
"""Stands in an outline where the fields stood."""

_SPELLED: Final = b"\\u0000"
"""The only way to write ``CUT`` in a JSON text."""

_FIELDS: Final = b'"fields"'
_OPENING: Final = re.compile(rb'"fields"\s*:\s*\[(\s*)\{')


class Outline(msgspec.Struct, frozen=True):
    """A text with ``[CUT]`` for the items of an array ``fields``, and what stood between the items' braces.

    It is a guess, and sure once it is seen that the rest is JSON in which a record's fields are ``[CUT]``, and that
    each of ``insides``, in braces, is JSON: then the text is JSON too, and the record has just these fields.
    The first of ``insides`` begins at ``start``, in bytes; ``glue`` stands between any two.
    """

    rest: bytes
    insides: list[bytes]
    start: int
    glue: bytes


def outline(text: bytes) -> Outline | None:
    """Cuts a text whose fields are objects with line breaks between them; None for others. Never raises."""
    at = text.find(_FIELDS)
    line = text.rfind(b"\n", 0, at) if at > 0 else -1
    if line < 0:
        return None
    if text[line - 1 : line] == b"\r":
        line -= 1
    margin = text[line:at]
    opening = _OPENING.match(text, at)
    if opening is None or not margin.isspace():
        return None
    space = opening[1]
    inner, outer = (b"", margin) if b"\n" in space else (margin, space)
    start, stop = opening.end(), text.rfind(inner + b"}" + outer + b"]")
    if stop < start:
        return None
    glue = inner + b"}," + space + b"{"
    return _cut(text, opening.start(1), stop + len(inner) + 1, text[start:stop].split(glue), start, glue)


def outline_of(text: bytes, insides: list[bytes]) -> Outline | None:
    """As ``outline``, of a text whose fields are known already; None if not the same stands between any two."""
    first = text.find(b"{" + insides[0] + b"}") if insides else -1
    end = first + len(insides[0]) + 2 if insides else 0
    second = text.find(b"{" + insides[1] + b"}", end) if len(insides) > 1 else -1
    glue = b"}" + text[end : second + 1] if second >= 0 else b"},{"
    body = glue.join(insides)
    if first < 0 or text[first + 1 : first + 1 + len(body)] != body:
        return None
    return _cut(text, first, first + len(body) + 2, insides, first + 1, glue)


def _cut(text: bytes, start: int, stop: int, insides: list[bytes], first: int, glue: bytes) -> Outline | None:
    rest = text[:start] + b'"\\u0000"' + text[stop:]
    return None if rest.count(_SPELLED) > 1 else Outline(rest, insides, first, glue)


class Change(msgspec.Struct, frozen=True):
    """The ``first`` n fields and the ``last`` m ones stay; ``new`` are now what is between, ``old`` what was."""

    first: int
    last: int
    new: list[bytes]
    old: list[bytes]


class Version:
    """A sure outline, for the next version of the same text: mostly, only a field or two of it are others."""

    __slots__ = ("_glue", "_starts", "_stop", "_text")

    def __init__(self, text: bytes, cut: Outline) -> None:
        self._text = text
        self._glue = cut.glue
        self._starts = list(_starts(cut.insides, cut.start, len(cut.glue)))
        self._stop = self._starts.pop() - len(cut.glue)

    def change(self, text: bytes) -> Change | None:
        """Takes in the next version; None, and no change, where more than fields may have changed.

        Where the new fields are cut is a guess, and sure once it is seen that each of them, in braces, is JSON: then
        ``text`` is JSON of a record with the same header. Among them may be some that have not changed.
        """
        starts = self._starts
        grown = len(text) - len(self._text)
        if not text.startswith(self._text[: starts[0]]) or not text.endswith(self._text[self._stop :]):
            return None
        first, last = self._same_before(text), self._same_after(text, grown)
        while starts[first] > self._end(last) + grown:
            if last < len(starts) - 1:
                last += 1
            elif first:
                first -= 1
            else:
                return None
        new = text[starts[first] : self._end(last) + grown].split(self._glue)
        old = [self._text[starts[i] : self._end(i)] for i in range(first, last + 1)] if len(new) > 1 else []
        change = Change(first, len(starts) - 1 - last, new, old)
        kept = [start + grown for start in starts[last + 1 :]]
        starts[first:] = [*_starts(new, starts[first], len(self._glue))][:-1] + kept
        self._stop += grown
        self._text = text
        return change

    def _same_before(self, text: bytes) -> int:
        """The last field up to whose beginning both texts are the same."""
        old, starts = self._text, self._starts
        low, high = 0, len(starts) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if text.startswith(old[starts[low] : starts[middle]], starts[low]):
                low = middle
            else:
                high = middle - 1
        return low

    def _same_after(self, text: bytes, grown: int) -> int:
        """The first field from whose end on both texts are the same."""
        old = self._text
        low, high = 0, len(self._starts) - 1
        while low < high:
            middle = (low + high) // 2
            begin, end = self._end(middle), self._end(high)
            if begin + grown >= 0 and text.startswith(old[begin:end], begin + grown):
                high = middle
            else:
                low = middle + 1
        return high

    def _end(self, i: int) -> int:
        return self._starts[i + 1] - len(self._glue) if i + 1 < len(self._starts) else self._stop


def _starts(insides: list[bytes], start: int, glue: int) -> Iterator[int]:
    """Where each begins, and where one more would."""
    return accumulate((len(inside) + glue for inside in insides), initial=start)
