"""What messages cost, for people: a line a subject, bytes a message, and what the numbers rest on."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from schemagate.report.costs import BATCH, CODECS, Cost, total
from schemagate.report.layout import width as cells
from schemagate.report.page import BLANK, Page, canvas, painted
from schemagate.report.paint import Line, Span, Style
from schemagate.report.words import count

CLAIM = "40 to 60 %"
"""The share of JSON bytes that is often said to be field names."""
COLUMN = 8
NARROW_NAME = 24


class Row(msgspec.Struct, frozen=True):
    """One subject's cost, or ``why`` there is none."""

    subject: str
    path: str
    cost: Cost | None = None
    why: str = ""


class Sized(msgspec.Struct, frozen=True):
    """All that one run measured. ``left_out`` are codecs that could not run, ``undecided`` data that does not fit."""

    rows: tuple[Row, ...] = ()
    assumptions: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()

    @property
    def measured(self) -> tuple[Cost, ...]:
        return tuple(row.cost for row in self.rows if row.cost is not None and row.cost.messages)

    @property
    def exit_code(self) -> int:
        """0, or 3 where a subject or a line of data could not be measured."""
        return 3 if self.undecided or any(row.cost is None for row in self.rows) else 0


def render(sized: Sized, *, colour: bool, width: int, ascii: bool = False) -> str:  # noqa: A002
    """The table."""
    page = Page(canvas(width, ascii_only=ascii))
    return painted(_lines(sized, page), colour=colour)


def _lines(sized: Sized, page: Page) -> Iterator[Line]:
    measured = sized.measured
    codecs = [codec for codec in CODECS if codec != "plain" and all(codec in cost.batches for cost in measured)]
    # The subject stands on a line of its own where the columns leave it too little room.
    room = page.canvas.columns - COLUMN * (4 + 2 * len(codecs))
    if measured:
        yield from _head(codecs, room)
        for row in sized.rows:
            if row.cost is not None and row.cost.messages:
                yield from _row(row.subject, row.cost, codecs, room, page)
        if len(measured) > 1:
            yield from _row("all together", total(measured), codecs, room, page, Style.STRONG)
        yield BLANK
        yield from _claim(total(measured), page)
    for row in sized.rows:
        if row.cost is None or not row.cost.messages:
            yield from page.labelled(
                (Span("not measured: ", Style.UNDECIDED),), f"{row.subject}: {row.why or 'no data'}"
            )
    for why in sized.undecided:
        yield from page.labelled((Span("left out: ", Style.UNDECIDED),), why)
    for why in sized.left_out:
        yield from page.labelled((Span("left out: ", Style.DIM),), why, Style.DIM)
    for text in sized.assumptions:
        yield from page.prose(text, Style.DIM)


def _head(codecs: list[str], room: int) -> Iterator[Line]:
    name = max(room, 0)
    groups = f"{'one by one':>{name + 4 * COLUMN}}" + "".join(
        f"{f'{codec} x {BATCH}':>{2 * COLUMN}}" for codec in codecs
    )
    titles = ["JSON", "names", "Avro", "saved", *(word for _ in codecs for word in ("JSON", "Avro"))]
    yield (Span(groups, Style.DIM),)
    lead = f"{'bytes a message':<{name}}" if room >= NARROW_NAME else " " * name
    yield (Span(lead + "".join(f"{title:>{COLUMN}}" for title in titles), Style.DIM),)


def _row(name: str, cost: Cost, codecs: list[str], room: int, page: Page, style: Style = Style.PLAIN) -> Iterator[Line]:
    each = cost.messages
    words = [
        _bytes(cost.alone.json / each),
        _share(cost.names_share),
        _bytes(cost.alone.avro / each),
        _share(cost.alone.saved),
        *(_bytes(size / each) for codec in codecs for size in (cost.batches[codec].json, cost.batches[codec].avro)),
    ]
    numbers = "".join(f"{word:>{COLUMN}}" for word in words)
    shown = page.text(name)
    space = room - cells(shown)
    if room >= NARROW_NAME and space >= 0:
        yield (Span(shown, Style.STRONG if style is Style.STRONG else Style.PLAIN), Span(" " * space + numbers, style))
        return
    yield from page.prose(name, style)
    yield (Span(" " * max(room, 0) + numbers, style),)


def _claim(cost: Cost, page: Page) -> Iterator[Line]:
    """The claim that field names waste so much, beside what was measured."""
    share, saved = cost.names_share, cost.alone.saved
    if share is None or saved is None:
        return
    yield from page.prose(
        f"Field names are {_share(share)} of the JSON ({CLAIM} is often said); Avro takes {_share(saved)} less, "
        f"in {count(cost.messages, 'message')}.",
        Style.STRONG,
    )
    if cost.messages < BATCH:
        yield from page.prose(f"A batch holds what there is: fewer than {BATCH} messages.")


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share * 100:.0f} %"


def _bytes(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}"
