"""A subject's past for people: each version with when, where, what changed, and who could read what; and the list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from schemagate.engine.edits import Edit
from schemagate.finding import Direction, Provenance
from schemagate.report.difference import arrow_of, edit_lines
from schemagate.report.layout import width as cells
from schemagate.report.page import BLANK, Page, canvas, painted
from schemagate.report.paint import Line, Span, Style
from schemagate.report.words import count

PLACES_SHOWN = 3
DAY = len("2026-01-05")


class Publication(msgspec.Struct, frozen=True):
    """Where a version was published, with the commit's author and the first line of its message where known."""

    place: Provenance
    author: str = ""
    title: str = ""


class Step(msgspec.Struct, frozen=True):
    """One version. ``edits`` and ``reads`` compare it with the version before; both are empty for the first.

    ``reads`` is Avro's verdict by direction, without an entry where it could not be decided; ``mark`` says what sets
    the version apart (``proposed``, ``retracted: ...``), ``renamed_from`` the file that the version before stood in.
    """

    name: str
    published: tuple[Publication, ...] = ()
    edits: tuple[Edit, ...] = ()
    reads: Mapping[Direction, bool] = msgspec.field(default_factory=dict)
    first: bool = False
    mark: str = ""
    renamed_from: str = ""
    undecided: str = ""


class Timeline(msgspec.Struct, frozen=True):
    """One subject's versions, newest first. ``left_out`` are published texts that are no versions, and why."""

    subject: str
    path: str
    mode: str
    branch: str
    steps: tuple[Step, ...] = ()
    total: int = 0
    """Versions that there are; ``steps`` may be fewer."""
    left_out: tuple[str, ...] = ()


class Entry(msgspec.Struct, frozen=True):
    """A subject in the list. ``last`` is the ISO date on which its newest version was first published."""

    subject: str
    path: str
    mode: str
    versions: int
    last: str
    state: str = ""
    """How the candidate stands: ``proposed``, ``changed``, ``deleted``, ``not a schema``; empty if all is published."""


def render_list(
    entries: Sequence[Entry],
    branch: str,
    *,
    colour: bool,
    width: int,
    ascii: bool = False,  # noqa: A002 - what the option is called; the built-in is not needed here
) -> str:
    """One line a subject, by name."""
    page = Page(canvas(width, ascii_only=ascii))
    return painted(_list(sorted(entries, key=lambda one: (one.subject, one.path)), branch, page), colour=colour)


def _list(entries: Sequence[Entry], branch: str, page: Page) -> Iterator[Line]:
    modes = {one.mode for one in entries}
    if entries:
        head = f"{'versions':>8}  {'last change':<11}  subject, file"
        yield (Span(head, Style.DIM),)
    for one in entries:
        mode = f" {one.mode}" if len(modes) > 1 else ""
        state = f" ({one.state})" if one.state else ""
        lead = (Span(f"{one.versions:>8}  {one.last[:DAY] or '-':<11}  "),)
        subject = page.text(one.subject) + mode + state
        path = page.text(one.path)
        room = page.canvas.columns - sum(cells(span.text) for span in lead)
        if cells(subject) + cells(path) + 2 <= room:
            yield (*lead, Span(subject, Style.STRONG), Span(f"  {path}", Style.DIM))
        else:
            yield from page.labelled(lead, subject, Style.STRONG)
            yield from page.prose(path, Style.DIM, indent=cells(lead[0].text))
    under = f", all {modes.pop()}" if len(modes) == 1 else ""
    if entries:
        yield BLANK
    yield from page.prose(f"{count(len(entries), 'subject')} on {branch}{under}", Style.STRONG)


def render(timeline: Timeline, *, colour: bool, width: int, ascii: bool = False) -> str:  # noqa: A002
    """The versions, newest first, each with what it changed."""
    page = Page(canvas(width, ascii_only=ascii))
    return painted(_timeline(timeline, page), colour=colour)


def _timeline(timeline: Timeline, page: Page) -> Iterator[Line]:
    yield from page.prose(timeline.subject, Style.STRONG)
    versions = count(timeline.total, "published version")
    yield from page.prose(f"{timeline.path}, {timeline.mode}, {versions} on {timeline.branch}", Style.DIM)
    for step in timeline.steps:
        yield BLANK
        yield from _step(step, page)
    hidden = timeline.total - len([step for step in timeline.steps if step.published])
    if hidden > 0:
        yield BLANK
        yield from page.prose(f"and {count(hidden, 'older version')}; --limit 0 shows all", Style.DIM)
    if timeline.left_out:
        yield BLANK
    for why in timeline.left_out:
        yield from page.labelled((Span("left out: ", Style.DIM),), why, Style.DIM)


def _step(step: Step, page: Page) -> Iterator[Line]:
    mark = f" ({step.mark})" if step.mark else ""
    yield from page.prose(step.name + mark, Style.FRAME)
    for one in step.published[:PLACES_SHOWN]:
        lead = (Span(f"  {one.place.date[:DAY]:<{DAY}}  "), Span(page.text(one.place.label), Style.NOTICE), Span("  "))
        said = f"{one.title} ({one.author})" if one.author else one.title
        yield from page.labelled(lead, said)
    if len(step.published) > PLACES_SHOWN:
        more = count(len(step.published) - PLACES_SHOWN, "more time")
        yield from page.prose(f"published {more}", Style.DIM, indent=DAY + 4)
    if step.renamed_from:
        now = step.published[0].place.path if step.published else ""
        yield from page.prose(f"file {step.renamed_from} {arrow_of(page)} {now}", indent=2)
    if step.first:
        yield from page.prose("the first version", Style.DIM, indent=2)
        return
    if not step.edits and not step.undecided:
        yield from page.prose("the same in meaning", Style.DIM, indent=2)
    yield from edit_lines(step.edits, page, indent=2)
    yield from _verdict(step, page)


def _verdict(step: Step, page: Page) -> Iterator[Line]:
    if step.undecided:
        yield from page.labelled((Span("  undecided: ", Style.UNDECIDED),), step.undecided)
    spans: list[Span] = [Span("  ")]
    for direction, fine in step.reads.items():
        spans += [
            Span(f"{direction.value} "),
            Span("ok" if fine else "broken", Style.GOOD if fine else Style.ERROR),
            Span("  "),
        ]
    if step.reads:
        yield tuple(spans)
