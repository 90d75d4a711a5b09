"""Where the values of a plain JSON text stand, found on the way to what is asked for, without reading the rest."""

from __future__ import annotations

import re
from json import JSONDecoder
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Final

from schemagate.avsc.scan import scan
from schemagate.avsc.tree import NO_VALUE, Span, Tree, array_index, steps

MAX_PASSES: Final = 16
"""How many times the length of the text is skipped before a tree of all of it is made, which costs about as much."""

_skip: Final = JSONDecoder(parse_int=str, parse_float=str).scan_once  # type: ignore[attr-defined]
"""Skips a value in C: the value and its end. Numbers stay text, since only their length matters."""
_BETWEEN: Final = re.compile(r"[ \t\r\n,]*").match
_BEFORE_VALUE: Final = re.compile(r"[ \t\r\n:]*").match
_OPENERS: Final = ("{", "[")
_CLOSERS: Final = ("}", "]")


class _Value:
    """A value that was met. ``end`` is -1 as long as nobody asked.

    Of a container, ``last`` is the last of its ``members`` that was met, and ``whole`` tells that there are no more.
    """

    __slots__ = ("end", "key", "key_end", "last", "members", "start", "whole")

    def __init__(self, key: int, key_end: int, start: int) -> None:
        self.key = key
        self.key_end = key_end
        self.start = start
        self.end = -1
        self.members: dict[str | int, _Value] | None = None
        self.last: _Value | None = None
        self.whole = False


class _TooMuchError(Exception):
    """The questions so far cost more than a tree."""


class Locator:
    """Answers as the :class:`Tree` of the same text; that text must be one that ``strict`` takes.

    A container's members are met at most once, in their order and only up to the one that is asked for. Where that
    adds up to too much, as for many questions to one deep document, a tree takes over.
    """

    __slots__ = ("_left", "_root", "_text", "_tree")

    def __init__(self, text: str) -> None:
        self._text = text
        self._root = _Value(-1, -1, _BETWEEN(text, 0).end())  # type: ignore[union-attr]
        self._left = MAX_PASSES * len(text)
        self._tree: Tree | None = None

    def span(self, pointer: str, part: str = "") -> Span:
        """See :meth:`Tree.span`."""
        return self._spans(pointer, part)[0]

    def key_span(self, pointer: str, part: str = "") -> Span:
        """See :meth:`Tree.key_span`."""
        return self._spans(pointer, part)[1]

    def entry_span(self, pointer: str, part: str = "") -> Span:
        """See :meth:`Tree.entry_span`."""
        return self._spans(pointer, part)[2]

    def _spans(self, pointer: str, part: str) -> tuple[Span, Span, Span]:
        """Of the value, of its key, of both."""
        if self._tree is None:
            try:
                value, exact = self._find(pointer, part)
                span = (value.start, self._end(value))
            except (_TooMuchError, RecursionError):
                self._tree = scan(self._text)
                self._tree.value = NO_VALUE
            else:
                if not exact or value.key < 0:
                    return span, span, span
                return span, (value.key, value.key_end), (value.key, span[1])
        tree = self._tree
        return tree.span(pointer, part), tree.key_span(pointer, part), tree.entry_span(pointer, part)

    def _find(self, pointer: str, part: str) -> tuple[_Value, bool]:
        """The value or its nearest ancestor, and whether it is the value itself."""
        value = self._root
        for step in steps(pointer, part):
            opener = self._text[value.start]
            name = step if opener == "{" else array_index(step) if opener == "[" else None
            child = None if name is None else self._member(value, name, named=opener == "{")
            if child is None:
                return value, False
            value = child
        return value, True

    def _member(self, holder: _Value, name: str | int, *, named: bool) -> _Value | None:
        """The member of that name or index; the others are met up to it."""
        if holder.members is None:
            holder.members = {}
        members, text = holder.members, self._text
        found = members.get(name)
        if found is not None or holder.whole:
            return found
        last = holder.last
        at = holder.start + 1 if last is None else self._end(last)
        while True:
            at = _BETWEEN(text, at).end()  # type: ignore[union-attr]
            if text[at] in _CLOSERS:
                holder.end, holder.whole = at + 1, True
                return None
            if named:
                met, key_end = scanstring(text, at + 1)
                child = _Value(at, key_end, _BEFORE_VALUE(text, key_end).end())  # type: ignore[union-attr]
            else:
                met, child = len(members), _Value(-1, -1, at)
            members[met] = holder.last = child
            if met == name:
                return child
            at = self._end(child)

    def _end(self, value: _Value) -> int:
        if value.end < 0:
            if self._left < 0:
                raise _TooMuchError
            value.end = _skip(self._text, value.start)[1]
            self._left -= value.end - value.start
        return value.end


def inside(text: str, start: int) -> list[tuple[str | None, int, int, int, int]]:
    """What stands directly in the value at ``start`` of a text that ``strict`` takes; nothing in one that holds none.

    Of each: the member's name (None in an array), where its key starts and ends (-1: none), and where its value does.
    """
    found: list[tuple[str | None, int, int, int, int]] = []
    opener = text[start]
    if opener not in _OPENERS:
        return found
    at = _BETWEEN(text, start + 1).end()  # type: ignore[union-attr]
    while text[at] not in _CLOSERS:
        name, key, key_end = None, -1, -1
        if opener == "{":
            key = at
            name, key_end = scanstring(text, at + 1)
            at = _BEFORE_VALUE(text, key_end).end()  # type: ignore[union-attr]
        end = _skip(text, at)[1]
        found.append((name, key, key_end, at, end))
        at = _BETWEEN(text, end).end()  # type: ignore[union-attr]
    return found
