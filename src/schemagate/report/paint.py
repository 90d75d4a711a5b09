"""Lines of styled spans, and the few ANSI colours they are painted with."""

from __future__ import annotations

import enum
from typing import NamedTuple, TypeAlias

from schemagate.finding import Severity
from schemagate.report.escape import guard


class Style(enum.Enum):
    """What a span is, as the parameters of its SGR sequence; empty leaves the terminal's own colour."""

    PLAIN = ""
    STRONG = "1"
    DIM = "2"
    ERROR = "1;31"
    WARNING = "1;33"
    NOTICE = "1;36"
    FRAME = "1;34"
    GOOD = "1;32"
    UNDECIDED = "1;35"


SEVERITY = {
    Severity.OFF: Style.DIM,
    Severity.NOTICE: Style.NOTICE,
    Severity.WARNING: Style.WARNING,
    Severity.ERROR: Style.ERROR,
}


class Span(NamedTuple):
    """A piece of a line; its text is clean."""

    text: str
    style: Style = Style.PLAIN


Line: TypeAlias = tuple[Span, ...]


def paint(line: Line, *, colour: bool) -> str:
    """The line without trailing blanks; with ``colour`` the same text between escape sequences."""
    plain = "".join(span.text for span in line).rstrip(" ")
    guarded = guard(plain)
    if not colour or guarded != plain:
        return guarded
    pieces: list[str] = []
    left = len(plain)
    for text, style in line:
        pieces.append(_dressed(text[: max(left, 0)], style))
        left -= len(text)
    return "".join(pieces)


def _dressed(text: str, style: Style) -> str:
    """Blanks have no colour of their own, so leading ones stay outside."""
    bare = text.lstrip(" ")
    if not bare or style is Style.PLAIN:
        return text
    return f"{text[: len(text) - len(bare)]}\x1b[{style.value}m{bare}\x1b[0m"
