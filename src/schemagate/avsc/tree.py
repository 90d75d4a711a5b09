"""A scanned text: its value, and where each part of it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, TypeAlias

import msgspec

from schemagate.finding import Json, Problem


class _NoValue:
    __slots__ = ()

    def __repr__(self) -> str:
        return "NO_VALUE"

    def __bool__(self) -> bool:
        return False


NO_VALUE: Final = _NoValue()
"""The value of a text that holds none (``None`` is JSON's ``null``)."""

Span: TypeAlias = tuple[int, int]
"""Code-point offsets, the end exclusive."""

Row: TypeAlias = tuple[int, str | None, int, int, int, int]
"""One value: parent row (-1: none), member name, key start and end (-1: no key), value start and end.

Rows stand in document order, a container before what it holds. A container's end is kept apart, since it is known
only later."""

_ROOT_PARENT: Final = -1
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,8}")


class Comment(msgspec.Struct, frozen=True):
    """A comment; ``start`` and ``end`` enclose its marks, ``text`` is what stands between them."""

    start: int
    end: int
    text: str


def steps(pointer: str, part: str) -> list[str]:
    """The member names and indexes on the way to the member ``part`` (empty: none) at an RFC 6901 pointer."""
    way = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    if part:
        way.append(part)
    return way


def array_index(step: str) -> int | None:
    """The index that a step of a pointer stands for in an array; None if it is none."""
    return int(step) if _INDEX.fullmatch(step) else None


class Tree:
    """What a text holds, read tolerantly.

    ``value`` is ordinary Python (of equal keys the last wins, as in Java), or ``NO_VALUE``. ``certain`` is false
    where reading on took a guess: the value then shows what was understood, not what the author meant. Places are
    indexed on the first question.
    """

    __slots__ = ("_children", "_ends", "_rows", "certain", "comments", "problems", "value")

    def __init__(
        self,
        value: Json,
        problems: Sequence[Problem],
        comments: Sequence[Comment],
        rows: list[Row],
        ends: dict[int, int],
        *,
        certain: bool,
    ) -> None:
        self.value = value
        self.problems = tuple(problems)
        self.comments = tuple(comments)
        self.certain = certain
        self._rows = rows
        self._ends = ends
        self._children: dict[int, dict[str | int, int]] | None = None

    def span(self, pointer: str, part: str = "") -> Span:
        """The value at an RFC 6901 pointer, or of the member ``part`` of the object there.

        A missing member gives its object, a missing pointer its nearest ancestor, a text without a value ``(0, 0)``.
        """
        row, _ = self._find(pointer, part)
        return (self._rows[row][4], self._end(row)) if row >= 0 else (0, 0)

    def key_span(self, pointer: str, part: str = "") -> Span:
        """The key, quotes included, of what :meth:`span` gives; its value where it has no key or is missing."""
        row, exact = self._find(pointer, part)
        if exact and self._rows[row][2] >= 0:
            return self._rows[row][2], self._rows[row][3]
        return self.span(pointer, part)

    def entry_span(self, pointer: str, part: str = "") -> Span:
        """From the key's start to the value's end; the value alone where it has no key or is missing."""
        row, exact = self._find(pointer, part)
        if exact and self._rows[row][2] >= 0:
            return self._rows[row][2], self._end(row)
        return self.span(pointer, part)

    def rows(self) -> list[Row]:
        """Every value in document order, the end of a container filled in."""
        return [(*row[:5], self._end(number)) for number, row in enumerate(self._rows)]

    def _end(self, row: int) -> int:
        return self._ends.get(row, self._rows[row][5])

    def _find(self, pointer: str, part: str) -> tuple[int, bool]:
        """The row of the place or of its nearest ancestor, and whether it is the place itself."""
        if not self._rows:
            return -1, False
        index = self._index()
        row = 0
        for step in steps(pointer, part):
            children = index.get(row, {})
            child = children.get(step)
            if child is None and (number := array_index(step)) is not None:
                child = children.get(number)
            if child is None:
                return row, False
            row = child
        return row, True

    def _index(self) -> dict[int, dict[str | int, int]]:
        """Row → member name or array index → row."""
        if self._children is None:
            self._children = {}
            for number, (parent, name, *_) in enumerate(self._rows):
                if parent == _ROOT_PARENT:
                    continue
                siblings = self._children.setdefault(parent, {})
                siblings[len(siblings) if name is None else name] = number
        return self._children
