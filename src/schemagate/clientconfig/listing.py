"""A client file's text as it may be shown: the right lines and columns, and no secret in any of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from schemagate.avsc.text import Lines
from schemagate.avsc.tree import Comment, Span
from schemagate.finding import Region

MASK: Final = "********"
_NOTHING_MORE: Final = re.compile(r"""[\s"',;}\])]*(?:#.*)?\Z""")
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class Listing:
    """What findings, excerpts and line hashes see of a client file. Offsets are those of the file itself.

    ``text`` has as many lines as the file; where a secret is the last thing on its line, its length is hidden too.
    """

    __slots__ = ("_lines", "comments", "lines", "name", "text")

    def __init__(
        self, name: str, text: str, hidden: Iterable[Span] = (), comments: Iterable[tuple[Span, str]] = ()
    ) -> None:
        self.name = name
        self.lines = Lines(text)
        self.text = _masked(text, hidden)
        self._lines = Lines(self.text)
        self.comments = tuple(Comment(start, end, said) for (start, end), said in comments)

    def line_text(self, line: int) -> str:
        """The text of a 1-based line without its end, its secrets masked; empty for a line that does not exist."""
        return self._lines.line_text(line)

    def region(self, span: Span) -> Region:
        """Lines and columns of offsets into the file."""
        return Region(self.name, *self.lines.position(span[0]), *self.lines.position(span[1]))


def _masked(text: str, hidden: Iterable[Span]) -> str:
    marks = bytearray(len(text))
    for start, end in hidden:
        marks[start:end] = b"\x01" * len(marks[start:end])
    if not any(marks):
        return text
    lines = []
    at = 0
    for line in _LINE.findall(text):
        lines.append(_line(line, marks[at : at + len(line)]))
        at += len(line)
    return "".join(lines)


def _line(line: str, marks: bytearray) -> str:
    last = marks.rfind(b"\x01")
    if last < 0:
        return line
    body = "".join("*" if mark and char not in "\r\n" else char for char, mark in zip(line, marks, strict=True))
    first = marks.rfind(b"\x00", 0, last) + 1
    if _NOTHING_MORE.match(body, last + 1):
        kept = body[last + 1 :] if line[last] not in "\r\n" else line[len(line.rstrip("\r\n")) :]
        return body[:first] + MASK + kept
    return body
