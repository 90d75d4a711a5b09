"""One source line in a gutter with its region underlined; a line too long is cut around the region."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from schemagate.finding import Region
from schemagate.report.escape import clean, visible
from schemagate.report.layout import width, wrap
from schemagate.report.paint import Line, Span, Style

TAB = 4


class Canvas(msgspec.Struct, frozen=True):
    """Where text goes: ``columns`` cells a line, in ASCII only or not."""

    columns: int
    ascii_only: bool = False

    @property
    def ellipsis(self) -> str:
        return "..." if self.ascii_only else "…"


class Underline(msgspec.Struct, frozen=True):
    """How a region is marked: ``mark`` repeated under it, then ``label``."""

    mark: str
    style: Style
    label: str = ""


def excerpt(source: str, region: Region, under: Underline, gutter: int, canvas: Canvas) -> Iterator[Line]:
    """The region's first line and its underline; ``gutter`` is the cells of the widest line number shown with it."""
    number = Span(f" {region.line:>{gutter}} | ", Style.FRAME)
    empty = Span(f" {'':>{gutter}} | ", Style.FRAME)
    room = canvas.columns - gutter - 4
    text, start, size = _view(source.rstrip("\r\n"), region, room, canvas)
    marks = under.mark * size
    if region.end_line > region.line:
        marks = (marks + canvas.ellipsis)[: room - start]
    yield (empty,)
    yield (number, Span(text))
    yield from _underlined(Span(marks, under.style), start, under, empty, room)


def _underlined(marks: Span, start: int, under: Underline, empty: Span, room: int) -> Iterator[Line]:
    pad = Span(" " * start)
    needed = width(under.label)
    if needed and start + width(marks.text) + 1 + needed <= room:
        yield (empty, pad, marks, Span(" " + under.label, under.style))
        return
    yield (empty, pad, marks)
    if not needed:
        return
    indent = " " * min(start, max(room - needed, 0))
    for line in wrap(under.label, room, room):
        yield (empty, Span(indent), Span(line, under.style))


def _view(source: str, region: Region, room: int, canvas: Canvas) -> tuple[str, int, int]:
    """The text to show, and the cell and size of the region in it."""
    begin = min(region.column - 1, len(source))
    end = min(region.end_column - 1, len(source)) if region.end_line == region.line else len(source.rstrip())
    if len(source) < room and clean(source, ascii_only=True) is source:
        return source, begin, max(end - begin, 1)  # Nothing to replace, and each character is one cell.
    # A minified file is one line of megabytes: what cannot be on the screen is never measured.
    base = max(begin - 4 * room, 0)
    tail = min(begin + 4 * room, len(source))
    cells = _cells(source[base:tail], canvas)
    begin, end = begin - base, max(min(end, tail) - base, begin - base)
    while 0 < begin < len(cells) and not width(cells[begin]):  # a combining mark is pointed at through its letter
        begin -= 1
    caret_behind = begin == len(cells)
    if base == 0 and tail == len(source) and _size(cells) + caret_behind <= room:
        return "".join(cells), _size(cells[:begin]), max(_size(cells[begin:end]), 1)
    low, high = _window(cells, begin, end, room - 2 * width(canvas.ellipsis), whole_start=base == 0)
    before = canvas.ellipsis if low or base else ""
    after = canvas.ellipsis if high < len(cells) or tail < len(source) else ""
    start = width(before) + _size(cells[low:begin])
    return before + "".join(cells[low:high]) + after, start, max(_size(cells[begin : min(end, high)]), 1)


def _window(cells: list[str], begin: int, end: int, room: int, *, whole_start: bool) -> tuple[int, int]:
    """The part of ``cells`` that fits: the line's start if the region is near it, else the region in its context."""
    low = 0
    if not whole_start or _size(cells[:end]) > room:
        context = max(min(room - _size(cells[begin:end]), room // 3), 0)
        low = begin
        while low and (context := context - width(cells[low - 1])) >= 0:
            low -= 1
        while low < begin and not width(cells[low]):
            low += 1
    high = low
    while high < len(cells) and (room := room - width(cells[high])) >= 0:
        high += 1
    return low, high


def _cells(text: str, canvas: Canvas) -> list[str]:
    """What each code point shows as, tabs as the blanks to the next stop."""
    column = 0
    cells = visible(text, ascii_only=canvas.ascii_only)
    for index, char in enumerate(text):
        if char == "\t":
            cells[index] = " " * (TAB - column % TAB)
        column += width(cells[index])
    return cells


def _size(cells: list[str]) -> int:
    return sum(map(width, cells))
