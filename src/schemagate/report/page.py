"""Lines on a terminal's page: prose wrapped behind an indent or a label, cleaned of what a terminal acts on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from schemagate.report.escape import clean
from schemagate.report.excerpt import Canvas
from schemagate.report.layout import clip, width, wrap
from schemagate.report.paint import Line, Span, Style, paint

NARROWEST = 40
PROSE_LIMIT = 2_000
BLANK: Line = ()


class Page(msgspec.Struct, frozen=True):
    """Makes lines for one canvas; every text that it is given is cleaned here."""

    canvas: Canvas

    def text(self, text: str) -> str:
        """One printable line of bounded length."""
        return clean(clip(text, PROSE_LIMIT, self.canvas.ellipsis), ascii_only=self.canvas.ascii_only)

    def prose(self, text: str, style: Style = Style.PLAIN, *, indent: int = 0, hang: int = 0) -> Iterator[Line]:
        """``text`` wrapped behind ``indent`` blanks, its later lines ``hang`` further in."""
        room = max(self.canvas.columns - indent, NARROWEST // 2)
        for number, line in enumerate(wrap(self.text(text), room, room - hang)):
            yield (Span(" " * (indent + (hang if number else 0))), Span(line, style))

    def labelled(self, lead: Line, text: str, style: Style = Style.PLAIN) -> Iterator[Line]:
        """``text`` wrapped behind the spans of ``lead``, which stand before its first line only."""
        indent = sum(width(span.text) for span in lead)
        room = max(self.canvas.columns - indent, NARROWEST // 2)
        for number, line in enumerate(wrap(self.text(text), room, room)):
            yield ((*lead,) if number == 0 else (Span(" " * indent),)) + (Span(line, style),)

    def code(self, text: str, *, indent: int) -> Iterator[Line]:
        """Lines to copy: never wrapped."""
        for line in text.splitlines():
            yield (Span(" " * indent), Span(self.text(line), Style.DIM))


def canvas(columns: int, *, ascii_only: bool) -> Canvas:
    """A canvas that is not too narrow to be written on."""
    return Canvas(max(columns, NARROWEST), ascii_only)


def painted(lines: Iterable[Line], *, colour: bool) -> str:
    """The lines as text, each with its line end."""
    return "".join(paint(line, colour=colour) + "\n" for line in lines)
