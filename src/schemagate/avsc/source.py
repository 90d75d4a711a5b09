"""A text under scan: what is told about it, and the way over white space and comments."""

from __future__ import annotations

import re
from typing import Final

from schemagate.avsc import lexis
from schemagate.avsc.text import Lines
from schemagate.avsc.tree import Comment
from schemagate.finding import Json, Problem

MAX_PROBLEMS: Final = 25
"""How many problems of one rule are told; at so many syntax errors the scan ends.

It bounds the work, since one broken place may cost a look at the whole rest of the text.
"""

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_ODD_SPACE: Final = re.compile(r"[\x00-\x1f\x7f-\xa0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u3000\ufeff]")
_LINE: Final = re.compile(r"[^\r\n]*")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Source:
    """A text and what was noticed in it.

    ``certain`` goes when something had to be guessed, ``whole`` when reading on makes no sense.
    """

    __slots__ = ("_counts", "_lines", "certain", "comments", "problems", "text", "whole")

    def __init__(self, text: str) -> None:
        self.text = text
        self.certain = True
        self.whole = True
        self.problems: list[Problem] = []
        self.comments: list[Comment] = []
        self._counts: dict[str, int] = {}
        self._lines: Lines | None = None

    @property
    def lines(self) -> Lines:
        if self._lines is None:
            self._lines = Lines(self.text)
        return self._lines

    def blank(self, at: int) -> int:
        """Skip white space and comments, telling those that Java refuses; the next offset."""
        text = self.text
        while self.whole:
            at = _SPACE.match(text, at).end()  # type: ignore[union-attr]
            char = text[at : at + 1]
            if char == "/":
                at = self._comment(at)
            elif char == "#":
                self.tell("syntax-error", (at, at + 1), expected="a comment as `//` or `/* */`", found="`#`")
                at = _LINE.match(text, at).end()  # type: ignore[union-attr]
            elif char and _ODD_SPACE.match(char):
                self.tell("syntax-error", (at, at + 1), expected="plain white space", found=lexis.describe(char))
                at += 1
            else:
                break
        return at

    def _comment(self, start: int) -> int:
        """The offset after the comment at ``start``."""
        text = self.text
        kind = text[start : start + 2]
        if kind == "//":
            end = after = _LINE.match(text, start).end()  # type: ignore[union-attr]
        elif kind == "/*":
            end = text.find("*/", start + 2)
            after = end + 2
            if end < 0:
                self.truncated("/*", "`*/`", start)
                return len(text)
        else:
            self.guess("syntax-error", (start, start + 1), expected="`//` or `/*`", found="`/`")
            return start + 1
        self.comments.append(Comment(start, after, text[start + 2 : end]))
        bad = _CONTROL.search(text, start, after)
        if bad is not None:
            found = lexis.describe(bad[0])
            self.tell("syntax-error", bad.span(), expected="no control character in a comment", found=found)
        return after

    def dangling(self, at: int) -> None:
        """Tell what follows the value: Java refuses all but white space (to it: up to U+0020), comments too."""
        text = self.text
        while at < len(text) and text[at] <= " ":
            at += 1
        if at == len(text) or not self.whole:
            return
        beyond = Source(text)
        start = beyond.blank(at)
        self.comments += beyond.comments
        first = text[start : start + 1]
        if start > at and not first:
            found, span = "a comment", (at, len(text.rstrip()))
        elif first in ("{", "["):
            found, span = "a second document", (start, start + 1)
        elif first == '"':
            found, span = "a second document", (start, lexis.string(text, start).end)
        else:
            span = lexis.junk(text, start).bad
            found = lexis.describe(text[slice(*span)])
        self.tell("dangling-content", span, expected="the end of the file", found=found)

    def truncated(self, opened: str, expected: str, start: int) -> None:
        """The text ends before what was ``opened`` at ``start`` is closed."""
        end = len(self.text.rstrip())
        line, column = self.lines.position(start)
        found = "the end of the file"
        self.tell("truncated", (end, end), opened=opened, line=line, column=column, expected=expected, found=found)
        self.certain = self.whole = False

    def guess(self, rule: str, span: tuple[int, int], **args: Json) -> None:
        """Tell a problem after which the value is no longer certain."""
        self.certain = False
        self.tell(rule, span, **args)

    def tell(self, rule: str, span: tuple[int, int], *, refused: bool = True, **args: Json) -> None:
        """Tell a problem, unless enough of its kind are told."""
        count = self._counts[rule] = self._counts.get(rule, 0) + 1
        if count <= MAX_PROBLEMS:
            self.problems.append(Problem(rule, args, span=span, refused=refused))
        if count >= MAX_PROBLEMS and rule == "syntax-error":
            self.certain = self.whole = False

    def tells(self, rule: str) -> bool:
        """Whether another problem of this rule would be told."""
        return self._counts.get(rule, 0) < MAX_PROBLEMS
