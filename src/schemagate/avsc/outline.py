"""A record's text cut at the borders of its fields without a parser: by line breaks, or by the version before."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import msgspec

CUT: Final = "\0"
"""Stands in an outline where the fields stood."""

_SPELLED: Final = b"\\u0000"
"""The only way to write ``CUT`` in a JSON text."""

_FIELDS: Final = b'"fields"'
_OPENING: Final = re.compile(rb'"fields"\s*:\s*\[(\s*)\{')


_ITEMS: Final = msgspec.json.Decoder(list[msgspec.Raw])


@dataclass(frozen=True, slots=True)
class Outline:
    """A text with ``["\\0"]`` for the items of an array ``fields``, and what stood between the items' braces.

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


class Version:
    """A sure outline, for the next version of the same text: mostly, only a field or two of it are others."""

    __slots__ = ("_glue", "_starts", "_stop", "_text")

    def __init__(self, text: bytes, cut: Outline) -> None:
        self._text = text
        self._glue = cut.glue
        self._starts = list(_starts(cut.insides, cut.start, len(cut.glue)))
        self._stop = self._starts.pop() - len(cut.glue)

    def change(self, text: bytes) -> tuple[int, int, list[bytes]] | None:
        """Takes in the next version, and tells which fields stay: the first n, the last m, and what is between.

        None, and no change, where more than fields may have changed. That ``text`` is JSON is as sure as that its
        new fields are. What is told may hold fields that did not change.
        """
        old, starts = self._text, self._starts
        grown = len(text) - len(old)
        first = bisect_left(range(1, len(starts)), True, key=lambda i: not text.startswith(old[: starts[i]]))
        last = bisect_left(range(len(starts) - 1), True, key=lambda i: text.endswith(old[self._end(i) :]))
        while starts[first] > self._end(last) + grown:
            if last < len(starts) - 1:
                last += 1
            elif first:
                first -= 1
            else:
                return None
        if not (text.startswith(old[: starts[first]]) and text.endswith(old[self._end(last) :])):
            return None
        middle = text[starts[first] : self._end(last) + grown]
        try:
            if not middle.isascii():
                middle.decode()
            insides = [bytes(item)[1:-1] for item in _ITEMS.decode(b"[{%b}]" % middle)]
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        if self._glue.join(insides) != middle:
            return None
        self._text = text
        kept = len(starts) - 1 - last
        between = list(_starts(insides, starts[first], len(self._glue)))
        starts[first:] = between[:-1] + [start + grown for start in starts[last + 1 :]]
        self._stop += grown
        return first, kept, insides

    def _end(self, i: int) -> int:
        return self._starts[i + 1] - len(self._glue) if i + 1 < len(self._starts) else self._stop


def _starts(insides: list[bytes], start: int, glue: int) -> Iterator[int]:
    """Where each begins, and where one more would."""
    return accumulate((len(inside) + glue for inside in insides), initial=start)
