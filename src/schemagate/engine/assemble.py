"""From findings to the report: suppressed, filtered, sorted, with the lines that renderers show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from schemagate._version import __version__
from schemagate.avsc.read import Document
from schemagate.clientconfig.listing import Listing
from schemagate.config import Waiver
from schemagate.engine.linehash import LineHashes
from schemagate.engine.tell import Teller
from schemagate.finding import Compared, Finding, Region, Report, RuleInfo, Severity, Suppressed
from schemagate.shard import Shard
from schemagate.suppress import Allow, Applied, Remark, Scope, apply, inline_allows

BAD_ALLOW = "bad-allow"
OF_ALLOWS = (BAD_ALLOW, "unused-allow")
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
    shard: Shard | None = None
    """Where the findings are those of one shard: what only the whole can know is then pending."""
    owns: Callable[[str], bool] | None = None
    """Whether a file is the shard's own."""
    listings: Mapping[str, Listing] = msgspec.field(default_factory=dict)
    """The texts of the files that are no schemas: of clients' configuration, without secrets."""

    @property
    def texts(self) -> Mapping[str, Document | Listing]:
        """Every text that the report may show a line of."""
        documents = self.teller.workspace.documents
        return {**documents, **self.listings} if self.listings else documents


def assemble(parts: Parts) -> Report:
    """The report of one run: accepted findings apart, the worst first, with every line that a region names."""
    applied = _accepted(parts)
    certain, open_ = _remarks(parts, applied)
    told = [*applied.kept, *certain]
    findings = tuple(sorted((f for f in told if _within(f, parts.paths)), key=order))
    suppressed = sorted((s for s in applied.suppressed if _within(s.finding, parts.paths)), key=accepted_order)
    pending = [(key, f) for key, f in open_ if _within(f, parts.paths)]
    all_told = [*findings, *(s.finding for s in suppressed), *(finding for _, finding in pending)]
    shard = parts.shard
    if shard is not None:
        shard = replace(shard, pending=tuple(key for key, _ in pending), met=applied.met)
    return Report(
        findings=findings,
        suppressed=tuple(suppressed),
        rules=tuple(_info(parts.teller, rule) for rule in sorted({finding.rule for finding in all_told})),
        compared=tuple(sorted(parts.compared, key=lambda c: (c.path, c.subject))),
        undecided=tuple(parts.undecided),
        notes=tuple(note for note in parts.notes if note),
        excerpts=_excerpts(parts.texts, all_told),
        line_hashes=_line_hashes(parts.texts, all_told),
        fail_on=parts.fail_on,
        command=parts.command,
        version=__version__,
        shard=shard,
        pending=tuple(finding for _, finding in pending),
    )


def _remarks(parts: Parts, applied: Applied) -> tuple[list[Finding], list[tuple[str, Finding]]]:
    """What is told of the acceptances, and of a shard what the others decide too, each by what it is about."""
    certain: list[Finding] = []
    pending: list[tuple[str, Finding]] = []
    for remark in applied.remarks:
        if parts.owns is not None and remark.rule in OF_ALLOWS and not parts.owns(remark.path):
            continue
        finding = _remark(parts.teller, remark)
        if finding is None:
            continue
        if parts.shard is None or remark.rule == BAD_ALLOW:
            certain.append(finding)
        else:
            pending.append((remark.key, finding))
    return certain, pending


def allows_of(document: Document | Listing) -> list[Allow]:
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
    documents = parts.texts
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


def order(finding: Finding) -> tuple[object, ...]:
    """The order of a report's findings: the gravest first, then by place."""
    place = finding.location
    where = (place.path, place.line, place.column) if place is not None else ("", 0, 0)
    return (finding.inherited, -finding.severity, *where, finding.rule, finding.path, finding.fingerprint)


def accepted_order(one: Suppressed) -> tuple[object, ...]:
    """The same for what was accepted."""
    return order(one.finding)


def _info(teller: Teller, rule_id: str) -> RuleInfo:
    rule = teller.rules[rule_id]
    return RuleInfo(rule.id, rule.summary, rule.severity, rule.page, rule.kind)


def shown_lines(findings: Iterable[Finding]) -> dict[str, set[int]]:
    """The lines of which a report carries an excerpt, by file: those of its regions."""
    found: dict[str, set[int]] = {}
    for region in _regions(findings):
        last = min(region.end_line, region.line + MOST_LINES - 1)
        found.setdefault(region.path, set()).update((*range(region.line, last + 1), region.end_line))
    return found


def hashed_lines(findings: Iterable[Finding]) -> dict[str, set[int]]:
    """The lines of which a report carries the hash, by file: those where a finding begins."""
    found: dict[str, set[int]] = {}
    for finding in findings:
        if finding.location is not None:
            found.setdefault(finding.location.path, set()).add(finding.location.line)
    return found


def _regions(findings: Iterable[Finding]) -> Iterator[Region]:
    for finding in findings:
        if finding.location is not None:
            yield finding.location
        yield from (related.region for related in finding.related if related.region is not None)


MOST_LINES = 12
"""Lines of one region that the report carries: renderers show the first and the last of a long one."""


def _excerpts(documents: Mapping[str, Document | Listing], findings: Iterable[Finding]) -> dict[str, dict[int, str]]:
    lines = shown_lines(findings)
    held = (path for path in sorted(lines) if path in documents)
    return {path: {line: documents[path].line_text(line) for line in sorted(lines[path])} for path in held}


def _line_hashes(documents: Mapping[str, Document | Listing], findings: Iterable[Finding]) -> LineHashes:
    lines = hashed_lines(findings)
    held = {path: lines[path] for path in sorted(lines) if path in documents}
    return LineHashes(held, lambda path: documents[path].text)
