"""What ``init`` would write, for people: each new file in full, what is left as it is, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from schemagate.report.escape import clean
from schemagate.report.page import BLANK, Page, canvas, painted
from schemagate.report.paint import Line, Span, Style
from schemagate.report.words import count


class NewFile(msgspec.Struct, frozen=True):
    """A file that is not there yet. ``generated`` ones are not shown line by line."""

    path: str
    text: str
    generated: bool = False


class Setup(msgspec.Struct, frozen=True):
    """All that one run proposes. ``kept`` are files that are there already, each with what it lacks."""

    files: tuple[NewFile, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


def render(setup: Setup, *, colour: bool = False, width: int = 80, ascii: bool = False) -> str:  # noqa: A002
    """The proposal as a diff, then what it leaves out."""
    page = Page(canvas(width, ascii_only=ascii))
    return painted(_lines(setup, page, ascii_only=ascii), colour=colour)


def _lines(setup: Setup, page: Page, *, ascii_only: bool) -> Iterator[Line]:
    for file in setup.files:
        rows = file.text.splitlines()
        yield (Span("--- /dev/null", Style.STRONG),)
        yield (Span(f"+++ b/{page.text(file.path)}", Style.STRONG),)
        yield (Span(f"@@ -0,0 +1,{len(rows)} @@", Style.DIM),)
        if file.generated:
            yield from page.prose(f"+ {count(len(rows), 'line')}, generated", Style.DIM)
        else:
            for row in rows:
                yield (Span(f"+{clean(row, ascii_only=ascii_only)}", Style.GOOD),)
        yield BLANK
    for path, lacks in setup.kept:
        head, _, code = lacks.partition("\n")
        yield from page.labelled((Span("kept: ", Style.NOTICE),), f"{path} {head}".strip())
        yield from page.code(code, indent=6)
    for note in setup.notes:
        yield from page.labelled((Span("note: ", Style.NOTICE),), note)
    if setup.kept or setup.notes:
        yield BLANK


def render_end(setup: Setup, *, written: bool, colour: bool = False, width: int = 80) -> str:
    """One line on what became of it."""
    page = Page(canvas(width, ascii_only=False))
    return painted(_end(setup, page, written=written), colour=colour)


def _end(setup: Setup, page: Page, *, written: bool) -> Iterator[Line]:
    many = count(len(setup.files), "file")
    if not setup.files:
        yield from page.labelled((Span("nothing to do: ", Style.GOOD),), "every file is there already", Style.STRONG)
    elif written:
        text = f"{many}; next: `schemagate check --all`, then commit"
        yield from page.labelled((Span("written: ", Style.GOOD),), text, Style.STRONG)
    else:
        text = f"{many} would be new; `schemagate init --yes` writes"
        yield from page.labelled((Span("nothing was written: ", Style.NOTICE),), text, Style.STRONG)
