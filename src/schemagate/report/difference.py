"""What changed between schemas and what it means, for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import msgspec

from schemagate.compat.modes import Mode
from schemagate.engine.edits import Edit
from schemagate.finding import Direction, Finding, Json, Report, Severity
from schemagate.report.layout import clip
from schemagate.report.page import BLANK, Page, canvas, painted
from schemagate.report.paint import SEVERITY, Line, Span, Style
from schemagate.report.words import count
from schemagate.rules.catalog import BY_ID
from schemagate.rules.phrases import listed

LONGEST_VALUE = 120
MOST_EDITS = 200
LABEL = 11
VERDICT = 10

READS = {
    (Direction.BACKWARD, True): "new consumers read what was written with the old schema",
    (Direction.BACKWARD, False): "new consumers cannot read what was written with the old schema",
    (Direction.FORWARD, True): "consumers on the old schema read what is written from now on",
    (Direction.FORWARD, False): "consumers on the old schema cannot read what is written from now on",
}
DECODERS = "Avro's checker accepts it, and decoders fail on some of the data"


class Side(msgspec.Struct, frozen=True):
    """One schema: as it was named (``main:a/b.avsc``), its path, and the commit it comes from (empty: a file)."""

    label: str
    path: str
    commit: str = ""


class Comparison(msgspec.Struct, frozen=True):
    """An old and a new schema. One side is None for what was added or removed.

    ``reads`` holds the verdict of Avro's own checker by direction; it is empty where none can be given, and then
    ``undecided`` may say why. ``findings`` are what breaks and what is not safe; ``refused`` tells that a side is not
    a schema that Avro accepts.
    """

    old: Side | None
    new: Side | None
    subject: str = ""
    edits: tuple[Edit, ...] = ()
    reads: Mapping[Direction, bool] = msgspec.field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    undecided: str = ""
    refused: bool = False

    def breaks(self, mode: str) -> bool:
        """Whether a direction that the mode asks about is broken, or holds a finding that is an error."""
        asked = Mode(mode).directions
        wrong = any(not self.reads.get(direction, True) for direction in asked)
        return wrong or any(
            finding.severity is Severity.ERROR and any(a.direction in asked for a in finding.against)
            for finding in self.findings
        )


class Difference(msgspec.Struct, frozen=True):
    """All that one ``diff`` has to tell. ``problems`` are those of sides that Avro refuses, told as findings."""

    old: str
    new: str
    comparisons: tuple[Comparison, ...] = ()
    mode: str = ""
    problems: Report | None = None

    @property
    def exit_code(self) -> int:
        """0; 1 where ``mode`` is broken or a side is refused, 3 where a verdict could not be reached."""
        if any(one.undecided for one in self.comparisons):
            return 3
        if any(one.refused for one in self.comparisons):
            return 1
        return int(bool(self.mode) and any(one.breaks(self.mode) for one in self.comparisons))


def render(difference: Difference, *, colour: bool, width: int, ascii: bool = False) -> str:  # noqa: A002
    """Each comparison: what changed, by place, and who can read what."""
    page = Page(canvas(width, ascii_only=ascii))
    told = _Told(page)
    return painted(told.all(difference), colour=colour)


class _Told(msgspec.Struct, frozen=True):
    page: Page

    def all(self, difference: Difference) -> Iterator[Line]:
        for one in difference.comparisons:
            yield from self.one(one)
            yield BLANK
        yield from self.sum(difference)

    def one(self, one: Comparison) -> Iterator[Line]:
        arrow = arrow_of(self.page)
        sides = [side.label for side in (one.old, one.new) if side is not None]
        state = "added: " if one.old is None else "removed: " if one.new is None else ""
        yield from self.page.prose(state + f" {arrow} ".join(sides), Style.FRAME, hang=2)
        if one.subject:
            yield from self.page.prose(one.subject, Style.STRONG)
        if one.refused:
            yield from self.page.prose("not compared: Avro refuses a side, see below", Style.ERROR, indent=2)
            return
        if one.old is None or one.new is None:
            return
        if one.edits:
            yield BLANK
        yield from edit_lines(one.edits, self.page, indent=2)
        yield BLANK
        if not one.edits:
            yield from self.page.prose("the two say the same: at most layout and comments differ", indent=2)
        for direction in one.reads:
            yield from self.verdict(one, direction)
        yield from self.unsafe(one)
        if one.undecided:
            yield from self.page.labelled((Span("  undecided: ", Style.UNDECIDED),), one.undecided)

    def verdict(self, one: Comparison, direction: Direction) -> Iterator[Line]:
        breaks = [f for f in one.findings if is_break(f) and any(a.direction is direction for a in f.against)]
        fine = one.reads[direction]
        style = Style.ERROR if breaks or not fine else Style.GOOD
        text = DECODERS if fine and breaks else READS[direction, fine]
        lead = (
            Span(f"  {direction.value:<{VERDICT}}"),
            Span(f"{'broken' if style is Style.ERROR else 'ok':<8}", style),
        )
        yield from self.page.labelled(lead, text)
        for finding in breaks:
            reasons = [a.reason for a in finding.against if a.direction is direction and a.reason]
            yield from self.finding(finding, "; ".join(reasons) or finding.message)

    def unsafe(self, one: Comparison) -> Iterator[Line]:
        """What every reader can decode, and some read as something else."""
        unsafe = [finding for finding in one.findings if not is_break(finding)]
        grave = any(finding.severity > Severity.NOTICE for finding in unsafe)
        if grave:
            lead = (Span(f"  {'but':<{VERDICT}}"), Span(f"{'unsafe':<8}", Style.WARNING))
            yield from self.page.labelled(lead, "who reads may read something else than was written")
        elif unsafe:
            yield from self.page.prose("to know", indent=2)
        for finding in unsafe:
            yield from self.finding(finding, finding.message)

    def finding(self, finding: Finding, text: str) -> Iterator[Line]:
        place = f"{finding.path}: " if finding.path and finding.path != "$" else ""
        lead = (Span(" " * (VERDICT + 2)), Span(finding.severity.label, SEVERITY[finding.severity]), Span("  "))
        yield from self.page.labelled(lead, f"{place}{text} [{finding.rule}]")

    def sum(self, difference: Difference) -> Iterator[Line]:
        told = difference.comparisons
        if not told:
            yield from self.page.prose(f"no schema differs between {difference.old} and {difference.new}", Style.STRONG)
            return
        if difference.mode:
            broken = [one for one in told if not one.refused and one.breaks(difference.mode)]
            style, label = (Style.ERROR, "failed") if difference.exit_code else (Style.GOOD, "ok")
            text = f"{count(len(broken), 'change') if broken else 'nothing'} breaks {difference.mode}"
            yield from self.page.labelled(
                (Span(f"{label}: ", style),), text.replace("s breaks", "s break"), Style.STRONG
            )
        elif len(told) > 1:
            yield from self.page.prose(_tally(told), Style.STRONG)


def _tally(told: Sequence[Comparison]) -> str:
    both = [one for one in told if one.old is not None and one.new is not None]
    broken = [one for one in both if False in one.reads.values()]
    numbers = (
        (len(broken), "broken"),
        (len([one for one in both if one.reads and one not in broken]), "compatible both ways"),
        (len([one for one in told if one.old is None and not one.refused]), "added"),
        (len([one for one in told if one.new is None and not one.refused]), "removed"),
        (len([one for one in told if one.refused]), "refused by Avro"),
        (len([one for one in told if one.undecided]), "undecided"),
    )
    words = [f"{number} {word}" for number, word in numbers if number]
    return f"{count(len(told), 'schema')} changed: {listed(words)}"


def is_break(finding: Finding) -> bool:
    """Whether a reader fails, rather than reads something else than was written."""
    rule = BY_ID.get(finding.rule)
    return rule is not None and rule.kind == "breaking"


def arrow_of(page: Page) -> str:
    """An arrow that the stream can encode."""
    return "->" if page.canvas.ascii_only else "→"


def edit_lines(edits: Sequence[Edit], page: Page, *, indent: int) -> Iterator[Line]:
    """The edits by place: what happened, old before new."""
    arrow = arrow_of(page)
    for path, group in groupby(edits[:MOST_EDITS], key=lambda edit: edit.path):
        yield from page.prose(path, Style.STRONG, indent=indent)
        for edit in group:
            label, text = told_of(edit, arrow)
            style = {"added": Style.GOOD, "removed": Style.ERROR}.get(edit.what, Style.NOTICE)
            yield from page.labelled((Span(f"{'':{indent + 2}}{label:<{LABEL}}", style),), text)
    if len(edits) > MOST_EDITS:
        yield from page.prose(f"and {count(len(edits) - MOST_EDITS, 'more edit')}", Style.DIM, indent=indent)


WORDS = {"symbols-added": "symbols", "symbols-removed": "symbols", "reordered": "reordered", "logical-type": "logical"}


def told_of(edit: Edit, arrow: str) -> tuple[str, str]:
    """One edit as a short label and what it did."""
    match edit.what:
        case "added" | "removed":
            return edit.what, _part(edit)
        case "renamed":
            doubt = {"likeness": " (no alias says so; they look alike)", "alias": " (by alias)"}.get(edit.how, "")
            return "renamed", f"{edit.old} {arrow} {edit.new}{doubt}"
        case "moved":
            return "namespace", f"{edit.old or 'none'} {arrow} {edit.new or 'none'}"
        case "symbols-added" | "symbols-removed":
            sign, symbols = ("added", edit.new) if edit.what == "symbols-added" else ("removed", edit.old)
            return "symbols", f"{sign} {_names(symbols)}"
        case "reordered":
            parts = {"record": "fields", "enum": "symbols", "union": "branches"}[edit.subject]
            return "reordered", f"{parts}: {_names(edit.old)} {arrow} {_names(edit.new)}"
        case "type" | "order" | "size":
            return edit.what, f"{edit.old} {arrow} {edit.new}"
        case "property":
            return "property", f"{clip(edit.name, LONGEST_VALUE)}: {_change(edit, arrow)}"
    return WORDS.get(edit.what, edit.what), _change(edit, arrow)


def _part(edit: Edit) -> str:
    value = edit.new if edit.what == "added" else edit.old
    if not isinstance(value, dict):
        return f"branch {value}"
    default = f", default {_json(value['default'])}" if "default" in value else ", no default"
    return f"{value['type']}{default}"


def _change(edit: Edit, arrow: str) -> str:
    sides = ((edit.old, edit.has_old), (edit.new, edit.has_new))
    plain = edit.what in ("logical-type", "aliases")
    shown = [
        (_names(v) if isinstance(v, list) else str(v)) if plain and has else _json(v) if has else "none"
        for v, has in sides
    ]
    return f"{shown[0]} {arrow} {shown[1]}"


def _names(names: Iterable[Json]) -> str:
    return clip(", ".join(map(str, names)), LONGEST_VALUE)


def _json(value: Json) -> str:
    """A value on one line, cut if long."""
    try:
        return clip(json.dumps(value, ensure_ascii=False), LONGEST_VALUE)
    except RecursionError:
        return "a value that nests too deep to show"
