"""What ``pull`` did, for people and programs: what was written, what was left, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from schemagate._version import __version__
from schemagate.engine.edits import Edit
from schemagate.report.difference import edit_lines
from schemagate.report.page import BLANK, Page, canvas, painted
from schemagate.report.paint import Line, Span, Style
from schemagate.report.plain_json import text_of
from schemagate.report.words import count

WRITTEN: Final = "written"
UNCHANGED: Final = "unchanged"
KEPT: Final = "kept"
SKIPPED: Final = "skipped"

_STYLES: Final = {WRITTEN: Style.GOOD, UNCHANGED: Style.DIM, KEPT: Style.WARNING, SKIPPED: Style.WARNING}
_WIDTH: Final = 10


class PulledFile(msgspec.Struct, frozen=True):
    """One version of a subject and what became of its file.

    ``result`` is ``written``, ``unchanged``, ``kept`` (the file here says something else) or ``skipped`` (the subject
    cannot be pulled; ``why`` says so).
    """

    subject: str
    result: str
    path: str = ""
    version: int = 0
    why: str = ""
    edits: tuple[Edit, ...] = ()
    """What the registry's version does to the file that was kept."""


class Pulled(msgspec.Struct, frozen=True):
    """All that one run did. ``entries`` were added to ``config``."""

    registry: str
    url: str
    files: tuple[PulledFile, ...] = ()
    config: str = ""
    entries: int = 0
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """1 where something of the registry is not in the files now, else 0."""
        return int(any(one.result in (KEPT, SKIPPED) for one in self.files))


def render(pulled: Pulled, *, colour: bool, width: int, ascii: bool = False) -> str:  # noqa: A002
    """One line a file that was written or that needs a look, then the sum."""
    page = Page(canvas(width, ascii_only=ascii))
    return painted(_lines(pulled, page), colour=colour)


def _lines(pulled: Pulled, page: Page) -> Iterator[Line]:
    told = [one for one in pulled.files if one.result != UNCHANGED]
    for one in told:
        lead = (Span(f"{one.result:<{_WIDTH}}", _STYLES[one.result]),)
        version = f" version {one.version}" if one.version else ""
        why = f": {one.why}" if one.why else ""
        yield from page.labelled(lead, f"{one.path}  {one.subject}{version}{why}".strip())
        yield from edit_lines(one.edits, page, indent=_WIDTH)
    if pulled.entries:
        added = f"{pulled.config}  {count(pulled.entries, 'subject')} added"
        yield from page.labelled((Span(f"{WRITTEN:<{_WIDTH}}", Style.GOOD),), added)
    if told or pulled.entries:
        yield BLANK
    for note in pulled.notes:
        yield from page.labelled((Span("note: ", Style.DIM),), note, Style.DIM)
    tally = {result: sum(one.result == result for one in pulled.files) for result in _STYLES}
    parts = [f"{count(number, 'file')} {result}" for result, number in tally.items() if number and result != SKIPPED]
    if tally[SKIPPED]:
        parts.append(f"{count(tally[SKIPPED], 'subject')} skipped")
    label, style = ("failed", Style.ERROR) if pulled.exit_code else ("ok", Style.GOOD)
    text = f"{', '.join(parts) or 'nothing to pull'}; registry {pulled.registry} ({pulled.url})"
    yield from page.labelled((Span(f"{label}: ", style),), text, Style.STRONG)


def dump(pulled: Pulled) -> str:
    """The same as JSON: format 1 of ``pull``."""
    return text_of(
        {
            "schemagate": {"pull": 1, "version": __version__},
            "registry": {"name": pulled.registry, "url": pulled.url},
            "exit_code": pulled.exit_code,
            "config": {"path": pulled.config, "entries": pulled.entries},
            "files": [
                {
                    "subject": one.subject,
                    "version": one.version or None,
                    "path": one.path or None,
                    "result": one.result,
                    "why": one.why,
                }
                for one in pulled.files
            ],
            "notes": list(pulled.notes),
        }
    )
