"""The report as GitHub-flavoured Markdown: a step summary, or a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from schemagate.compat.modes import Mode
from schemagate.finding import Compared, Direction, Finding, Report, Severity
from schemagate.report import glance, words
from schemagate.report.layout import clip
from schemagate.report.markup import code, fenced, prose
from schemagate.rules.phrases import listed

SUMMARY_BYTES: Final = 900 * 1024
"""GitHub refuses a step summary above 1 MiB; several steps may share the file."""
COMMENT_CHARACTERS: Final = 60_000
"""GitHub refuses a comment above 65,536 characters."""
CLOSING: Final = 600
"""Kept free for the lines that say what was left out."""

PROSE_LIMIT: Final = 2_000
UNDER_OTHER: Final = "Other findings"
MARKS: Final = {Severity.OFF: "⚪", Severity.ERROR: "🔴", Severity.WARNING: "🟠", Severity.NOTICE: "🔵"}
CODE: Final = ("{", "[", "}", "]", '"', "//", "$ ")
WAYS: Final = {Direction.BACKWARD: "new consumers, old data", Direction.FORWARD: "old consumers, new data"}
MODES: Final = {mode.value: mode for mode in Mode}
MOST_ROWS: Final = 200


def render(report: Report, *, limit: int = SUMMARY_BYTES, marker: str = "") -> str:
    """The whole report, at most ``limit`` bytes of UTF-8; what does not fit is counted at its end.

    ``marker`` is put first, in a comment that nobody sees, for whoever must find this text again.
    """
    index = words.Index.of(report)
    by_owner: dict[str, list[Finding]] = {}
    for finding in words.ordered(report.counted):
        by_owner.setdefault(_owner(finding, index), []).append(finding)
    page = _Page(report, index, by_owner)
    head = [f"<!-- {marker} -->"] if marker else []
    return _within([*head, *page.head()], list(page.blocks()), limit)


def comment(report: Report, marker: str = "schemagate") -> str:
    """The report as a pull request's one comment, at most 60,000 characters (and bytes)."""
    return render(report, limit=COMMENT_CHARACTERS, marker=marker)


class _Page(msgspec.Struct, frozen=True):
    report: Report
    index: words.Index
    by_owner: Mapping[str, list[Finding]]
    """Subject, or file of what has no subject → its findings, the worst first."""

    def head(self) -> Iterator[str]:
        """What is told whatever the length: the verdict, and what could not be decided."""
        good = not self.report.exit_code
        yield f"### {'✅' if good else '❌'} schemagate {prose(self.report.command)}: {words.verdict(self.report)}"
        yield prose(f"{words.summary(self.report)}.")
        for question in self.report.undecided[:20]:
            yield f"> ⚠️ **Undecided:** {prose(clip(question, PROSE_LIMIT))}"

    def blocks(self) -> Iterator[tuple[str, int]]:
        """Each block with the findings that are lost if it is left out."""
        if self.report.compared:
            yield self.table(), 0
        graph = glance.reached(self.by_owner, self.report.compared)
        if graph:
            yield f"Whom the changed files reach:\n\n{graph}", 0
        of_subject = {one.subject: one for one in self.report.compared}
        for owner, findings in self.by_owner.items():
            for number, finding in enumerate(findings):
                title = f"#### {code(owner) or UNDER_OTHER}\n\n" if number == 0 else ""
                if title and owner in of_subject:
                    table = glance.who_reads(of_subject[owner], findings, self.index)
                    title += f"{table}\n\n" if table else ""
                yield title + self.finding(finding), 1
        yield from self.rest()

    def table(self) -> str:
        rows = ["| subject | verdict | compared with | mode | who can read whom |", "| --- | --- | --- | --- | --- |"]
        shown = sorted(self.report.compared, key=lambda one: one.subject not in self.by_owner)[:MOST_ROWS]
        rows += [self.row(one) for one in shown]
        left = len(self.report.compared) - len(shown)
        return "\n".join(rows) + (f"\n\n{words.count(left, 'more subject')} not in this table." if left else "")

    def row(self, one: Compared) -> str:
        findings = self.by_owner.get(one.subject, [])
        found = listed(words.tally(findings)) or "clean"
        mark = MARKS[max(f.severity for f in findings)] if findings else "✅"
        against = prose(words.name_versions(one.versions)) if one.versions else "nothing published yet"
        if one.change == "linted":
            against = "linted only"
        name, told = code(one.subject or one.path), f"{mark} {found} ({prose(one.change)})"
        return f"| {name} | {told} | {against} | {code(one.mode)} | {self.ways(one, findings)} |"

    def ways(self, one: Compared, findings: Iterable[Finding]) -> str:
        """The directions that the mode asks about, in words, for people who mix up backward and forward."""
        if not one.versions or one.mode not in MODES:
            return ""
        broken = {a.direction for f in findings if self.index.is_break(f) for a in f.against}
        asked = MODES[one.mode].directions
        return "<br>".join(f"{'❌' if way in broken else '✅'} {WAYS[way]}" for way in asked) or "nobody is promised"

    def finding(self, finding: Finding) -> str:
        lead = f"{MARKS[finding.severity]} {finding.severity.label} {code(finding.rule)}"
        head = f"{lead} {prose(clip(finding.message, PROSE_LIMIT))}"
        rows = []
        if finding.location:
            at = finding.location
            rows.append(f"{code(f'{at.path}:{at.line}:{at.column}')} {code(finding.path)}".strip())
            line = self.report.excerpts.get(at.path, {}).get(at.line)
            if line is not None and line.strip():
                rows.append(fenced(clip(line.strip(), 300), "json"))
        rows += [f"- {prose(row)}" for row in self.index.evidence(finding)]
        rows += _help(finding.help)
        opened = " open" if finding.severity is Severity.ERROR else ""
        return "\n\n".join((f"<details{opened}><summary>{head}</summary>", *rows, "</details>"))

    def rest(self) -> Iterator[tuple[str, int]]:
        """What is no finding of this change: inherited, accepted, notes."""
        report = self.report
        inherited = [finding for finding in report.findings if finding.inherited]
        for title, lines in (
            ("inherited, not counted", [f"{code(f.rule)} {prose(f.message)}" for f in words.ordered(inherited)]),
            ("accepted", [f"{code(s.finding.rule)} {prose(s.reason)}" for s in report.suppressed]),
            ("note" if len(report.notes) == 1 else "notes", [prose(note) for note in report.notes]),
        ):
            if lines:
                body = "\n".join(f"- {line}" for line in lines[:200])
                yield f"<details><summary>{len(lines)} {title}</summary>\n\n{body}\n\n</details>", 0


def _help(text: str) -> Iterator[str]:
    """Advice as a paragraph, code that it offers as a block."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line.lstrip().startswith(CODE):
            yield fenced(line, "json")
        else:
            yield f"{'**Help:** ' if number == 0 else ''}{prose(line)}"


def _owner(finding: Finding, index: words.Index) -> str:
    """The subject that a finding is told under; the file's where it names none, or the file itself."""
    path = finding.location.path if finding.location else ""
    return finding.subject or min(index.owners.get(path, frozenset()), default=path)


def _within(head: list[str], blocks: list[tuple[str, int]], limit: int) -> str:
    """As many whole blocks as fit, in order, and how many findings are left out."""
    pieces = [piece for piece in head if piece]
    room = limit - CLOSING - sum(map(_size, pieces))
    for number, (block, _) in enumerate(blocks):
        room -= _size(block)
        if room < 0:
            left = sum(findings for _, findings in blocks[number:])
            what = words.count(left, "more finding") if left else "Notes"
            pieces.append(f"**{what} did not fit here.** The JSON report and the log of this step have everything.")
            break
        pieces.append(block)
    return "\n\n".join(pieces) + "\n"


def _size(block: str) -> int:
    return len(block.encode(errors="replace")) + 2
