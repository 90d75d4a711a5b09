"""Where a registry and the repository have drifted apart, for people: subject by subject, then what no file claims."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from schemagate.engine.edits import Edit
from schemagate.report.difference import edit_lines
from schemagate.report.page import BLANK, Page, canvas, painted
from schemagate.report.paint import Line, Span, Style
from schemagate.report.words import count

LABEL: Final = 18
MOST_UNMANAGED: Final = 20
"""Unmanaged subjects that are listed where nobody asked for them."""


class Divergence(msgspec.Struct, frozen=True):
    """One way in which a subject differs.

    ``kind`` is ``unpublished``, ``edited by hand``, ``only there``, ``not latest``, ``weaker mode``, ``read-only``,
    ``soft-deleted``, ``other type``, ``unreadable``, ``left out`` or ``earlier``. What only explains counts as none.
    """

    kind: str
    text: str
    versions: tuple[int, ...] = ()
    """The registry's versions that it is about."""
    edits: tuple[Edit, ...] = ()
    """What was done between the repository's schema and the registry's latest."""
    counts: bool = True


class Strayed(msgspec.Struct, frozen=True):
    """One subject of this repository that differs."""

    subject: str
    path: str
    found: tuple[Divergence, ...]


class Unmanaged(msgspec.Struct, frozen=True):
    """A subject that no file of this repository defines. ``mine``: its name says that it belongs here."""

    subject: str
    mine: bool = False


class Drift(msgspec.Struct, frozen=True):
    """A registry against a repository."""

    registry: str
    url: str
    judged: str
    """Which state of the repository was compared."""
    subjects: int
    """How many subjects the repository has."""
    strayed: tuple[Strayed, ...] = ()
    unmanaged: tuple[Unmanaged, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many things have drifted."""
        return sum(d.counts for one in self.strayed for d in one.found) + sum(one.mine for one in self.unmanaged)

    @property
    def exit_code(self) -> int:
        """0 where nothing has drifted, else 1."""
        return int(self.count > 0)


def render(drift: Drift, *, colour: bool, width: int, ascii: bool = False) -> str:  # noqa: A002
    """The subjects that differ, what is unmanaged, and the sum."""
    page = Page(canvas(width, ascii_only=ascii))
    return painted(_lines(drift, page), colour=colour)


def _lines(drift: Drift, page: Page) -> Iterator[Line]:
    for one in drift.strayed:
        yield (Span(page.text(one.subject), Style.STRONG), Span(f"  {page.text(one.path)}", Style.DIM))
        for found in one.found:
            yield from _divergence(found, page)
        yield BLANK
    yield from _unmanaged(drift, page)
    for note in drift.notes:
        yield from page.labelled((Span("note: ", Style.DIM),), note, Style.DIM)
    style, label = (Style.ERROR, "drifted") if drift.exit_code else (Style.GOOD, "ok")
    what = count(drift.count, "difference") if drift.exit_code else "no drift"
    text = f"{what} between registry {drift.registry} ({drift.url}) and {drift.judged}"
    yield from page.labelled((Span(f"{label}: ", style),), f"{text}; {count(drift.subjects, 'subject')}", Style.STRONG)


def _divergence(found: Divergence, page: Page) -> Iterator[Line]:
    style = Style.WARNING if found.counts else Style.DIM
    yield from page.labelled((Span(f"  {found.kind:<{LABEL}}", style),), found.text)
    yield from edit_lines(found.edits, page, indent=LABEL + 2)


def _unmanaged(drift: Drift, page: Page) -> Iterator[Line]:
    mine = [one for one in drift.unmanaged if one.mine]
    others = [one for one in drift.unmanaged if not one.mine]
    for listed, told, style in (
        (mine, "in the registry, and no file here defines it", Style.WARNING),
        (others, "no file here defines it; another repository may", Style.DIM),
    ):
        limit = len(listed) if listed is mine else MOST_UNMANAGED
        for one in listed[:limit]:
            yield from page.labelled(
                (Span(f"{page.text(one.subject)}  ", Style.STRONG), Span("unmanaged  ", style)), told
            )
        if listed[limit:]:
            yield from page.prose(f"and {count(len(listed) - limit, 'more unmanaged subject')}", Style.DIM)
        if listed:
            yield BLANK
