"""From findings to the report: suppressed, filtered, sorted, with the lines that renderers show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from schemagate._version import __version__
from schemagate.avsc.read import Document
from schemagate.config import Waiver
from schemagate.engine.linehash import line_hashes
from schemagate.engine.tell import Teller
from schemagate.finding import Compared, Finding, Region, Report, RuleInfo, Severity
from schemagate.suppress import Allow, Applied, Remark, Scope, apply, inline_allows

NEVER_ACCEPTED = frozenset({"gate-weakened", "registry-refuses"})
"""What no waiver and no inline allow accepts: they are what it tells of, or change nothing where it matters."""


class Parts(msgspec.Struct, frozen=True):
    """What a report is made of. ``paths`` (files or directories) filter the findings; empty tells all.

    ``judged`` are the subjects and ``files`` the documents that this run looked at: an acceptance that could only
    have met a finding elsewhere is not called unused. None means everything.
    """

    findings: Sequence[Finding]
    teller: Teller
    today: dt.date
    compared: Sequence[Compared] = ()
    undecided: Sequence[str] = ()
    notes: Sequence[str] = ()
    waivers: Sequence[Waiver] = ()
    config_path: str = ""
    paths: Sequence[str] = ()
    fail_on: Severity = Severity.ERROR
    untrusted: Mapping[str, Sequence[Allow]] = msgspec.field(default_factory=dict)
    """Inline allows by file that accept nothing, since the change itself brings them."""
    command: str = "check"
    judged: Collection[str] | None = None
    files: Collection[str] | None = None
    ran: Collection[str] | None = None
    """The rules that could have found something; None means all that are not off."""


def assemble(parts: Parts) -> Report:
    """The report of one run: accepted findings apart, the worst first, with every line that a region names."""
    applied = _accepted(parts)
    remarks = (_remark(parts.teller, remark) for remark in applied.remarks)
    told = [*applied.kept, *(finding for finding in remarks if finding is not None)]
    findings = tuple(sorted((f for f in told if _within(f, parts.paths)), key=_order))
    suppressed = tuple(s for s in applied.suppressed if _within(s.finding, parts.paths))
    named = {f.rule for f in findings} | {s.finding.rule for s in suppressed}
    return Report(
        findings=findings,
        suppressed=suppressed,
        rules=tuple(_info(parts.teller, rule) for rule in sorted(named)),
        compared=tuple(sorted(parts.compared, key=lambda c: (c.path, c.subject))),
        undecided=tuple(parts.undecided),
        notes=tuple(note for note in parts.notes if note),
        excerpts=_excerpts(parts.teller, [*findings, *(s.finding for s in suppressed)]),
        line_hashes=_line_hashes(parts.teller, [*findings, *(s.finding for s in suppressed)]),
        fail_on=parts.fail_on,
        command=parts.command,
        version=__version__,
    )


def allows_of(document: Document) -> list[Allow]:
    """The allow comments of one document."""
    if "schemagate" not in document.text:
        return []
    rows = []
    for comment in document.comments:
        line, column = document.lines.position(comment.start)
        end_line, end_column = document.lines.position(comment.end)
        before = document.line_text(line)[: column - 1]
        after = document.line_text(end_line)[end_column - 1 :]
        rows.append((line, comment.text, not before.strip() and not after.strip()))
    return inline_allows(rows)


def _accepted(parts: Parts) -> Applied:
    documents = parts.teller.workspace.documents
    looked = documents if parts.files is None else [path for path in documents if path in parts.files]
    allows: Mapping[str, list[Allow]] = {
        path: [allow for allow in found if allow not in parts.untrusted.get(path, ())]
        for path in looked
        if (found := allows_of(documents[path]))
    }
    off = frozenset(r.id for r in parts.teller.rules.values() if parts.teller.grades.of(r) is Severity.OFF)
    ran = parts.teller.rules.keys() if parts.ran is None else frozenset(parts.ran)
    scope = Scope(ran - off, parts.judged, parts.teller.rules.keys())
    applied = apply(
        [finding for finding in parts.findings if finding.rule not in NEVER_ACCEPTED],
        allows,
        parts.waivers,
        parts.today,
        scope=scope,
        config_path=parts.config_path or "schemagate.toml",
    )
    plain = (finding for finding in parts.findings if finding.rule in NEVER_ACCEPTED)
    return applied._replace(kept=(*applied.kept, *plain))


def _remark(teller: Teller, remark: Remark) -> Finding | None:
    line = max(remark.line, 1)
    region = Region(remark.path, line, 1, line, 1)
    return teller.told(remark.rule, remark.path, remark.args, region=region)


def _within(finding: Finding, paths: Sequence[str]) -> bool:
    """Whether a filter of files and directories lets the finding through; one without a place always passes."""
    if not paths or finding.location is None:
        return True
    path = finding.location.path
    return any(wanted in ("", ".") or path == wanted or path.startswith(f"{wanted.rstrip('/')}/") for wanted in paths)


def _order(finding: Finding) -> tuple[object, ...]:
    place = finding.location
    where = (place.path, place.line, place.column) if place is not None else ("", 0, 0)
    return (finding.inherited, -finding.severity, *where, finding.rule, finding.path, finding.fingerprint)


def _info(teller: Teller, rule_id: str) -> RuleInfo:
    rule = teller.rules[rule_id]
    return RuleInfo(rule.id, rule.summary, rule.severity, rule.page, rule.kind)


def _regions(findings: Iterable[Finding]) -> Iterator[Region]:
    for finding in findings:
        if finding.location is not None:
            yield finding.location
        yield from (related.region for related in finding.related if related.region is not None)


MOST_LINES = 12
"""Lines of one region that the report carries: renderers show the first and the last of a long one."""


def _excerpts(teller: Teller, findings: Iterable[Finding]) -> dict[str, dict[int, str]]:
    excerpts: dict[str, dict[int, str]] = {}
    for region in _regions(findings):
        document = teller.workspace.documents.get(region.path)
        if document is None:
            continue
        lines = excerpts.setdefault(region.path, {})
        last = min(region.end_line, region.line + MOST_LINES - 1)
        for line in (*range(region.line, last + 1), region.end_line):
            if line not in lines:
                lines[line] = document.line_text(line)
    return {path: dict(sorted(lines.items())) for path, lines in sorted(excerpts.items())}


def _line_hashes(teller: Teller, findings: Iterable[Finding]) -> dict[str, Mapping[int, str]]:
    lines: dict[str, set[int]] = {}
    for finding in findings:
        if finding.location is not None:
            lines.setdefault(finding.location.path, set()).add(finding.location.line)
    documents = teller.workspace.documents
    return {path: line_hashes(documents[path].text, lines[path]) for path in sorted(lines) if path in documents}
