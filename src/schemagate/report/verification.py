"""Whether data in hand can be read by everyone who may read it: one line a version, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from schemagate._version import __version__
from schemagate.finding import Json
from schemagate.report.layout import width as cells
from schemagate.report.page import BLANK, Page, canvas, painted
from schemagate.report.paint import Line, Span, Style
from schemagate.report.plain_json import text_of
from schemagate.report.published import View, schema_of
from schemagate.report.words import count

FORMAT: Literal[1] = 1

WIDEST: Final = 48
"""Cells of a consumer's name; a longer one gets lines of its own."""

NARROW: Final = 30
"""Cells of a remark's column; where there are fewer, it stands below."""


class Consumer(msgspec.Struct, frozen=True):
    """A version that a consumer may hold, and how it fared.

    ``first`` is the number, from 1, of the first record that it cannot read, ``why`` what it fails on there.
    Where nothing could be tried, ``records`` is 0 and ``why`` says so. ``promised`` tells whether Avro's checker says
    that it reads all data of these writers; None if undecided.
    """

    name: str
    published: str = ""
    records: int = 0
    failed: int = 0
    first: int | None = None
    why: str = ""
    promised: bool | None = True


class Verification(msgspec.Struct, frozen=True):
    """What one file of data showed. ``writers`` are the schemas that it was written with, each with its records."""

    data: str
    kind: str
    """``Avro container (deflate)``, ``JSON lines``, ``framed messages``."""
    library: str
    subject: str
    records: int = 0
    writers: tuple[tuple[str, int], ...] = ()
    consumers: tuple[Consumer, ...] = ()
    undecided: tuple[str, ...] = ()
    """What could not be looked at, each with what to do."""
    notes: tuple[str, ...] = ()

    @property
    def failing(self) -> tuple[Consumer, ...]:
        return tuple(one for one in self.consumers if one.failed)

    @property
    def exit_code(self) -> int:
        """0 if every version reads every record, 1 if not, 3 if something could not be looked at; 3 beats 1."""
        return 3 if self.undecided else int(bool(self.failing))


def render(found: Verification, *, colour: bool, width: int, ascii: bool = False) -> str:  # noqa: A002 - the option's name
    """The table and the verdict."""
    page = Page(canvas(width, ascii_only=ascii))
    return painted(_lines(found, page), colour=colour)


def _lines(found: Verification, page: Page) -> Iterator[Line]:
    yield from page.prose(found.data, Style.STRONG)
    written = ", ".join(f"{name} ({number:,})" if len(found.writers) > 1 else name for name, number in found.writers)
    with_ = f", written with {written}" if written else ""
    yield from page.prose(f"{count(found.records, 'record')}, {found.kind}{with_}", Style.DIM)
    yield from page.prose(f"read as consumers of {found.subject} would, with {found.library}", Style.DIM)
    yield BLANK
    yield from _table(found, page)
    yield from (BLANK,) if found.notes or found.undecided else ()
    for note in found.notes:
        yield from page.labelled((Span("note: ", Style.DIM),), note, Style.DIM)
    for question in found.undecided:
        yield from page.labelled((Span("undecided: ", Style.UNDECIDED),), question, Style.STRONG)
    yield BLANK
    yield from _verdict(found, page)


def _table(found: Verification, page: Page) -> Iterator[Line]:
    names = [page.text(_name(one)) for one in found.consumers]
    room = min(max(map(cells, names), default=8), WIDEST)
    yield (Span(f"{'consumer on':<{room}}  {'reads':>9}  {'fails':>9}  first at", Style.DIM),)
    for one, name in zip(found.consumers, names, strict=True):
        if cells(name) > room:
            yield (Span(name),)
        shown = name if cells(name) <= room else ""
        lead: Line = (
            Span(shown + " " * (room - cells(shown)), Style.STRONG),
            Span(f"  {one.records - one.failed:>9,}  "),
            Span(f"{one.failed:>9,}", Style.ERROR if one.failed else Style.PLAIN),
            Span(f"  {one.first if one.first is not None else '':>8}  "),
        )
        remark = _remark(one)
        if remark and page.canvas.columns - sum(cells(span.text) for span in lead) < NARROW:
            yield lead
            yield from page.prose(remark, indent=4)
        else:
            yield from page.labelled(lead, remark) if remark else iter((lead,))


def _name(one: Consumer) -> str:
    return f"{one.name} ({one.published})" if one.published else one.name


def _remark(one: Consumer) -> str:
    if one.why:
        return one.why
    if one.promised is False:
        return "reads these; Avro's checker says that it does not read all that may be written"
    return "" if one.promised else "undecided for other data"


def _verdict(found: Verification, page: Page) -> Iterator[Line]:
    failing = found.failing
    if found.undecided:
        yield from page.labelled((Span("undecided: ", Style.UNDECIDED),), "not everything could be looked at")
    if failing:
        versions = f"{len(failing)} of {count(len(found.consumers), 'version')}"
        worst = max(one.failed for one in failing)
        verb = "fails" if worst == 1 else "fail"
        said = f"{versions} cannot read all of it; up to {worst:,} of {count(found.records, 'record')} {verb}"
        yield from page.labelled((Span("failed: ", Style.ERROR),), said, Style.STRONG)
    elif not found.undecided:
        said = f"{count(len(found.consumers), 'version')} read all {count(found.records, 'record')}"
        yield from page.labelled((Span("ok: ", Style.GOOD),), said, Style.STRONG)


class VerificationHeader(View, frozen=True):
    """What this file is. `verification` is the version of the format, `version` that of the tool that wrote it."""

    verification: Literal[1]
    version: str


class WriterView(View, frozen=True):
    """A schema that records were written with."""

    name: str
    records: int


class ConsumerView(View, frozen=True):
    """A version and how it fared; `promised` is what Avro's checker says of all data, null if undecided."""

    name: str
    published: str
    records: int
    failed: int
    first: int | None
    why: str
    promised: bool | None


class VerificationView(View, frozen=True):
    """All that one run has to tell."""

    schemagate: VerificationHeader
    exit_code: Literal[0, 1, 3]
    data: str
    kind: str
    library: str
    subject: str
    records: int
    writers: tuple[WriterView, ...]
    consumers: tuple[ConsumerView, ...]
    undecided: tuple[str, ...]
    notes: tuple[str, ...]


def dump(found: Verification) -> str:
    """The same as JSON."""
    view = VerificationView(
        VerificationHeader(FORMAT, __version__),
        found.exit_code,  # type: ignore[arg-type]
        found.data,
        found.kind,
        found.library,
        found.subject,
        found.records,
        tuple(WriterView(*writer) for writer in found.writers),
        tuple(
            ConsumerView(c.name, c.published, c.records, c.failed, c.first, c.why, c.promised) for c in found.consumers
        ),
        found.undecided,
        found.notes,
    )
    return text_of(msgspec.to_builtins(view))


def json_schema() -> dict[str, Json]:
    """The published JSON Schema of what :func:`dump` writes."""
    return schema_of(VerificationView, "verification", FORMAT)
