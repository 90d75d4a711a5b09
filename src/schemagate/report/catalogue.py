"""The rules for people: the list of all, and the page of one as a terminal shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec

from schemagate.finding import Severity
from schemagate.report.page import BLANK, Page, canvas, painted
from schemagate.report.paint import SEVERITY, Line, Span, Style
from schemagate.rules.kit import FENCE, Rule, example_parts

KINDS = {
    "validity": "is it an Avro schema",
    "lint": "is one schema wise",
    "breaking": "who cannot read what",
    "change": "compatible is not safe",
    "history": "what was published stays",
    "registry": "the registry beside the repository",
    "client": "how producers and consumers are configured",
    "config": "the gate itself",
}
"""Each family in the order and the words in which people read about it."""

ALLOWABLE = frozenset({"lint", "breaking", "change", "client"})
"""The families that a comment in the file can make an exception from."""

LEVEL = 9
"""Columns of a severity with the gap after it."""
TABLE = 112
"""From so many columns on a rule and its summary stand beside each other."""
MOST_COLUMNS = 100
"""Prose wider than this is hard to read."""

PARAGRAPHS = re.compile(r"\n[ \t]*\n")


class Listed(msgspec.Struct, frozen=True):
    """A rule with the severity that it has here."""

    rule: Rule
    severity: Severity


def ordered(rules: Sequence[Listed]) -> list[Listed]:
    """By family, then by id."""
    return sorted(rules, key=lambda one: (list(KINDS).index(one.rule.kind), one.rule.id))


def render_list(rules: Sequence[Listed], *, colour: bool, width: int, ascii: bool = False) -> str:  # noqa: A002
    """Every rule with its severity and what it says, by family."""
    page = Page(canvas(width, ascii_only=ascii))
    return painted(_list(ordered(rules), page), colour=colour)


def _list(rules: Sequence[Listed], page: Page) -> Iterator[Line]:
    beside = max((len(one.rule.id) for one in rules), default=0) if page.canvas.columns >= TABLE else 0
    for kind, group in groupby(rules, key=lambda one: one.rule.kind):
        yield (Span(kind, Style.FRAME), Span(f": {KINDS[kind]}"))
        for one in group:
            level = Span(f"  {one.severity.label:<{LEVEL}}", SEVERITY[one.severity])
            changed = one.severity is not one.rule.severity
            summary = one.rule.summary + (f" (default: {one.rule.severity.label})" if changed else "")
            if beside:
                yield from page.labelled((level, Span(f"{one.rule.id:<{beside}}  ", Style.STRONG)), summary)
            else:
                yield (level, Span(one.rule.id, Style.STRONG))
                yield from page.prose(summary, indent=LEVEL + 2)
        yield BLANK
    number = "1 rule" if len(rules) == 1 else f"{len(rules)} rules"
    yield from page.prose(f"{number}; `schemagate explain ID` says why, and what to do", Style.DIM)


def render_page(one: Listed, *, colour: bool, width: int, ascii: bool = False) -> str:  # noqa: A002
    """One rule's page: what happens, why, what to do, and its examples."""
    page = Page(canvas(min(width, MOST_COLUMNS), ascii_only=ascii))
    return painted(_page(one, page), colour=colour)


def _page(one: Listed, page: Page) -> Iterator[Line]:
    rule = one.rule
    yield (Span(f"{one.severity.label}[{rule.id}]", SEVERITY[one.severity]),)
    default = "" if one.severity is rule.severity else f", {rule.severity.label} by default"
    yield from page.prose(f"{rule.kind} ({KINDS[rule.kind]}){default}, since {rule.since}", Style.DIM)
    end = 0
    first = True
    for fence in FENCE.finditer(rule.page):
        yield from _prose(rule.page[end : fence.start()], page, first=first)
        first = first and not rule.page[end : fence.start()].strip()
        yield from _example(fence[1], example_parts(fence), page, versions=rule.kind in ALLOWABLE - {"lint", "client"})
        end = fence.end()
    yield from _prose(rule.page[end:], page, first=first)
    if rule.kind in ALLOWABLE:
        yield BLANK
        yield from page.prose("Where it does not apply, say why, on the line or above it:")
        mark = "#" if rule.kind == "client" else "//"
        yield from page.code(f"{mark} schemagate: allow[{rule.id}] reason", indent=4)


def _prose(text: str, page: Page, *, first: bool) -> Iterator[Line]:
    for number, paragraph in enumerate(PARAGRAPHS.split(text.strip("\n"))):
        if paragraph.strip():
            yield BLANK
            yield from _paragraph(paragraph, page, Style.STRONG if first and number == 0 else Style.PLAIN)


def _paragraph(paragraph: str, page: Page, style: Style) -> Iterator[Line]:
    lines = paragraph.split("\n")
    if all(line.startswith(("    ", "\t")) for line in lines):
        yield from page.code("\n".join(line.strip("\t").removeprefix("    ") for line in lines), indent=4)
    elif lines[0].startswith("#"):
        yield from page.prose(paragraph.lstrip("# "), Style.STRONG)
    else:
        for item in _items(lines):
            yield from page.prose(item, style, hang=2 if item.startswith("- ") else 0)


def _items(lines: Sequence[str]) -> Iterator[str]:
    """A paragraph as one line, a list as one line an item."""
    item = ""
    for line in lines:
        if line.startswith("- ") and item:
            yield item
            item = ""
        item = f"{item} {line.strip()}" if item else line.strip()
    yield item


def _example(verdict: str, documents: Sequence[str], page: Page, *, versions: bool) -> Iterator[Line]:
    """``versions``: a second document is a later version of the first, not another file."""
    word = "reported" if verdict == "fires" else "fine"
    rest = len(documents) - 1
    titles = ["before:"] + [f"after ({word}):"] * rest if versions and rest else [f"{word}:"] + ["with:"] * rest
    style = Style.ERROR if verdict == "fires" else Style.GOOD
    yield BLANK
    for title, document in zip(titles, documents, strict=True):
        yield (Span("  "), Span(title, style if word in title else Style.STRONG))
        yield from page.code(document, indent=4)


def markdown(rule: Rule) -> str:
    """The page as Markdown, as it is written in the rule."""
    return f"# {rule.id}\n\n{rule.kind}, {rule.severity.label} by default, since {rule.since}\n\n{rule.page}\n"
