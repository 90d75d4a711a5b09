"""The report for people: each finding with its source line, who is hurt, and what to do; then the sum."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from schemagate.engine.assemble import NEVER_ACCEPTED
from schemagate.finding import Finding, Region, Related, Report, Suppressed
from schemagate.report import words
from schemagate.report.escape import clean
from schemagate.report.excerpt import Canvas, Underline, excerpt
from schemagate.report.layout import clip, width, wrap
from schemagate.report.paint import SEVERITY, Line, Span, Style, paint
from schemagate.report.proof import proof, standing
from schemagate.rules.phrases import listed

NARROWEST = 40
LABEL = 8
ROOTS = ("$", "#")
"""Paths of a whole schema and of a whole document: the place says as much."""
UNANSWERABLE = ("validity", "config")
"""Kinds that nobody can accept: what is no schema, and what is said of acceptances themselves."""
HANG = "  "
PROSE_LIMIT = 2_000
HARMS_SHOWN = 4

# A help line that starts so is code to copy: it stays whole, however long.
CODE = ("{", "[", "}", "]", '"', "//", "$ ")

WAYS = {"inline": "inline comment"}


def render(
    report: Report,
    *,
    colour: bool,
    width: int,
    ascii: bool = False,  # noqa: A002 - what the option is called; the built-in is not needed here
    verbose: bool = False,
    waiver: Callable[[Finding], str] | None = None,
) -> str:
    """The report as text of at most ``width`` columns (not below 40), ending in a newline.

    ``colour`` adds ANSI colours and nothing else. ``ascii`` is for streams that cannot encode the rest. ``verbose``
    shows inherited and accepted findings in full, and what was compared. ``waiver`` gives the configuration block
    that accepts a finding; it is printed for the first finding that fails the run.
    """
    page = _Page(report, words.Index.of(report), Canvas(max(width, NARROWEST), ascii), verbose)
    blocks = [tuple(block) for block in page.blocks(waiver)]
    return "\n".join("".join(paint(line, colour=colour) + "\n" for line in block) for block in blocks if block)


class _Page(msgspec.Struct, frozen=True):
    report: Report
    index: words.Index
    canvas: Canvas
    verbose: bool
    said: dict[tuple[str, int, str], tuple[Line, ...]] = msgspec.field(default_factory=dict)
    """Help and advice as it is told, which many findings share."""

    def blocks(self, waiver: Callable[[Finding], str] | None) -> Iterator[Iterator[Line]]:
        """What a blank line separates."""
        shown = self.report.findings if self.verbose else self.report.counted
        for finding in words.ordered(shown):
            yield self.finding(finding)
        if waiver and (failing := self.acceptable()):
            yield self.accept(failing, waiver(failing))
        yield self.aside()
        yield self.end()

    def finding(self, finding: Finding) -> Iterator[Line]:
        style = SEVERITY[finding.severity]
        gutter = self.gutter(finding)
        yield from self.head(f"{finding.severity.label}[{finding.rule}]", style, finding.message)
        yield from self.source(finding, gutter, style)
        for related in finding.related:
            yield from self.related(related, gutter)
        if self.index.needs_subject(finding):
            yield from self.item("subject", self.prose(self.index.home(finding.subject)), gutter)
        yield from self.harm(finding, gutter)
        if finding.witness is not None:
            told = proof(finding.witness, self.canvas.ellipsis, about=finding.path)
            yield from self.item(standing(finding.witness), self.prose(told), gutter)
        yield from self.help(finding, gutter)
        if finding.inherited:
            newest = self.prose(self.index.newest(finding.subject))
            yield from self.item("note", f"inherited: {newest} already has it; not counted", gutter)

    def head(self, label: str, style: Style, message: str) -> Iterator[Line]:
        label, message = self.clean(label), self.prose(message)
        rest = self.canvas.columns - 4
        for number, line in enumerate(wrap(message, self.canvas.columns - width(label) - 2, rest)):
            text = Span(line, Style.STRONG)
            yield (Span("    "), text) if number else (Span(label, style), Span(": ", Style.STRONG), text)

    def source(self, finding: Finding, gutter: int, style: Style) -> Iterator[Line]:
        path = "" if finding.path in ROOTS else self.prose(finding.path)
        if finding.location is None:
            yield from self.item("at", path, gutter) if path else ()
            return
        source = self.line_of(finding.location)
        yield self.arrow(finding.location, gutter)
        if source is not None:
            yield from excerpt(source, finding.location, Underline("^", style, path), gutter, self.canvas)
        elif path:
            yield from self.item("at", path, gutter)

    def related(self, related: Related, gutter: int) -> Iterator[Line]:
        message = self.prose(related.message)
        source = self.line_of(related.region) if related.region else None
        if related.region:
            yield self.arrow(related.region, gutter)
        if related.region and source is not None:
            yield from excerpt(source, related.region, Underline("-", Style.FRAME, message), gutter, self.canvas)
        else:
            yield from self.item("note", message, gutter)

    def harm(self, finding: Finding, gutter: int) -> Iterator[Line]:
        breaks = self.index.is_break(finding)
        harms = words.harms(finding.against)
        label = "breaks" if breaks else "affects"
        limit = len(harms) if self.verbose else HARMS_SHOWN
        for harm in harms[:limit]:
            yield from self.item(label, self.prose(harm.sentence(breaks=breaks)), gutter)
            label = ""
        if harms[limit:]:
            more = words.count(len(harms) - limit, "more reason")
            yield from self.item("", f"and {more}; --verbose lists all", gutter)

    def help(self, finding: Finding, gutter: int) -> tuple[Line, ...]:
        """``help`` is a change that was judged; what nobody tried is ``advice``."""
        key = (finding.help, gutter, "help" if finding.fix is not None else "advice")
        known = self.said.get(key)
        if known is None:
            known = self.said[key] = tuple(self.way_out(*key))
        return known

    def way_out(self, text: str, gutter: int, label: str) -> Iterator[Line]:
        for line in text.splitlines():
            yield from self.item(label, self.prose(line), gutter, whole=line.lstrip().startswith(CODE))
            label = ""

    def item(self, label: str, text: str, gutter: int, *, whole: bool = False) -> Iterator[Line]:
        """``   = label    text``, wrapped behind the label; ``whole`` keeps the text in one line."""
        mark = f" {'':>{gutter}} {'=' if label else ' '} "
        room = self.canvas.columns - gutter - LABEL - 5
        for number, line in enumerate([text] if whole else wrap(text, room, room - len(HANG))):
            first = number == 0 and label
            yield (
                Span(mark if first else " " * len(mark), Style.FRAME),
                Span(f"{label if first else '':<{LABEL}} ", Style.GOOD if label == "help" else Style.STRONG),
                Span(HANG + line if number else line),
            )

    def arrow(self, region: Region, gutter: int) -> Line:
        place = f"{self.clean(region.path)}:{region.line}:{region.column}"
        return (Span(f"{'':>{gutter}} --> ", Style.FRAME), Span(place))

    def acceptable(self) -> Finding | None:
        """The first finding that fails the run and that somebody can answer for: not a schema that nobody can load."""
        for finding in words.ordered(self.report.counted):
            answerable = self.index.kind(finding) not in UNANSWERABLE and finding.rule not in NEVER_ACCEPTED
            if finding.severity >= self.report.fail_on and answerable:
                return finding
        return None

    def accept(self, finding: Finding, block: str) -> Iterator[Line]:
        where = f" in {finding.subject}" if finding.subject else ""
        text = f"if {finding.rule}{where} is meant, complete this and add it to the configuration"
        yield from self.labelled("accept knowingly", Style.STRONG, text, Style.PLAIN)
        for line in block.splitlines():
            yield (Span("    "), Span(self.clean(line), Style.DIM))

    def aside(self) -> Iterator[Line]:
        if self.verbose:
            yield from self.ledger()
        else:
            yield from self.inherited()
        yield from self.accepted()
        for note in self.report.notes:
            yield from self.labelled("note", Style.DIM, note, Style.DIM)

    def inherited(self) -> Iterator[Line]:
        """One line a subject: what is there already must not drown what this change does."""
        groups: dict[str, list[Finding]] = {}
        for finding in words.ordered(self.report.findings):
            if finding.inherited:
                groups.setdefault(finding.subject, []).append(finding)
        for subject, findings in groups.items():
            rules = ", ".join(dict.fromkeys(finding.rule for finding in findings))
            found = words.count(len(findings), "finding")
            text = f"{subject}: {found} that {self.index.newest(subject)} already has ({rules})"
            yield from self.labelled("inherited", Style.DIM, text, Style.DIM)

    def accepted(self) -> Iterator[Line]:
        suppressed = self.report.suppressed
        if not suppressed:
            return
        ways = sorted({one.by for one in suppressed})
        by = listed([f"{sum(one.by == way for one in suppressed)} by {WAYS.get(way, way)}" for way in ways])
        yield from self.labelled("accepted", Style.DIM, by, Style.DIM)
        for one in suppressed if self.verbose else ():
            yield from self.bullet(self.waived(one))

    def waived(self, one: Suppressed) -> str:
        at = one.finding.location
        place = f" at {at.path}:{at.line}:{at.column}" if at else ""
        terms = [f"owner {one.owner}"] if one.owner else []
        terms += [f"until {one.expires}"] if one.expires else []
        return f"{one.finding.rule}{place}: {one.reason}" + (f" ({', '.join(terms)})" if terms else "")

    def ledger(self) -> Iterator[Line]:
        for one in self.report.compared:
            versions = words.name_versions(one.versions) or "no published version"
            judged = "" if one.change == "linted" else f": {one.mode} against {versions}"
            text = f"{one.subject or one.path} ({one.change}){judged}"
            yield from self.labelled("compared", Style.DIM, text, Style.DIM)

    def end(self) -> Iterator[Line]:
        for question in self.report.undecided:
            yield from self.labelled("undecided", Style.UNDECIDED, question, Style.STRONG)
        verdict = words.verdict(self.report)
        style = Style.GOOD if verdict == "ok" else Style.ERROR
        yield from self.labelled(verdict, style, words.summary(self.report), Style.STRONG)

    def labelled(self, label: str, style: Style, text: str, body: Style) -> Iterator[Line]:
        for part, paragraph in enumerate(text.splitlines() or [""]):
            indent = width(label) + 2
            room = self.canvas.columns - indent
            for number, line in enumerate(wrap(self.prose(paragraph), room, room)):
                first = part == number == 0
                lead = Span(f"{label}: " if first else " " * indent, style if first else Style.PLAIN)
                yield (lead, Span(line, body))

    def bullet(self, text: str) -> Iterator[Line]:
        room = self.canvas.columns - 4
        for number, line in enumerate(wrap(self.prose(text), room, room)):
            yield (Span(("    " if number else "  - ") + line, Style.DIM),)

    def gutter(self, finding: Finding) -> int:
        regions = [finding.location, *(related.region for related in finding.related)]
        return max((len(str(region.line)) for region in regions if region), default=1)

    def line_of(self, region: Region) -> str | None:
        return self.report.excerpts.get(region.path, {}).get(region.line)

    def prose(self, text: str) -> str:
        return self.clean(clip(text, PROSE_LIMIT, self.canvas.ellipsis))

    def clean(self, text: str) -> str:
        return clean(text, ascii_only=self.canvas.ascii_only)
