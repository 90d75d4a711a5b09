"""What ``check --write-waivers`` did, for people: what is accepted now, and what no waiver can accept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from schemagate.finding import Finding
from schemagate.report.page import BLANK, Page, canvas, painted
from schemagate.report.paint import SEVERITY, Line, Span, Style
from schemagate.report.words import count


class Adoption(msgspec.Struct, frozen=True):
    """``accepted`` have a waiver in ``path`` now, from ``line`` on; ``remaining`` still fail; ``notes`` say more."""

    path: str
    line: int
    accepted: tuple[Finding, ...]
    remaining: tuple[Finding, ...] = ()
    undecided: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def render(adoption: Adoption, *, colour: bool = False, width: int = 80, ascii: bool = False) -> str:  # noqa: A002
    """What was written, what remains, and what to do next."""
    page = Page(canvas(width, ascii_only=ascii))
    return painted(_lines(adoption, page), colour=colour)


def _lines(adoption: Adoption, page: Page) -> Iterator[Line]:
    if adoption.accepted:
        waivers = count(len({one.fingerprint for one in adoption.accepted}), "waiver")
        yield from page.prose(f"{waivers} written to {adoption.path}, from line {adoption.line} on", Style.STRONG)
        for rule, number in sorted(Counter(one.rule for one in adoption.accepted).items()):
            yield (Span(f"  {number:>5}  "), Span(page.text(rule)))
    else:
        yield from page.prose("nothing fails that a waiver could accept; no file was written", Style.STRONG)
    if adoption.remaining:
        yield BLANK
        many = count(len(adoption.remaining), "finding")
        yield from page.prose(f"{many} to be repaired, since no waiver can answer for it:", Style.STRONG)
    yield from _remaining(adoption.remaining, page)
    for question in adoption.undecided:
        yield from page.labelled((Span("undecided: ", Style.UNDECIDED),), question)
    yield from _next(adoption, page)


def _remaining(findings: Sequence[Finding], page: Page) -> Iterator[Line]:
    for one in findings:
        at = one.location
        place = f"{at.path}:{at.line}:{at.column}: " if at is not None else ""
        yield from page.prose(f"{place}{one.severity.label}[{one.rule}]", SEVERITY[one.severity], indent=2)
        yield from page.prose(one.message, indent=4)


def _next(adoption: Adoption, page: Page) -> Iterator[Line]:
    if adoption.accepted or adoption.notes:
        yield BLANK
    for note in adoption.notes:
        yield from page.labelled((Span("note: ", Style.DIM),), note, Style.DIM)
    if adoption.accepted:
        text = f"review {adoption.path} and commit it: each waiver covers only the versions that are published today"
        yield from page.prose(text, Style.DIM)
