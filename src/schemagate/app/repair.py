"""Finds for each finding a change that repairs it: tried in memory, judged again, and told only where that is clean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec.structs import replace

from schemagate.app.trial import Ground, Trials, same_values
from schemagate.avsc.read import Document
from schemagate.config import version_of
from schemagate.engine.judge import likely
from schemagate.engine.lineage import Lineage
from schemagate.engine.tell import Grades, Teller
from schemagate.finding import Finding, Fix, Region, Replacement, Report, Severity
from schemagate.fix.case import Case
from schemagate.fix.layout import Layout
from schemagate.fix.offers import COMPARING, REPAIRABLE, offers
from schemagate.fix.values import Offer
from schemagate.fix.write import applied, splices
from schemagate.rules.catalog import BY_ID
from schemagate.schema.align import align
from schemagate.schema.model import Enum, Fixed, Record, namespace_of
from schemagate.shard import MOST_FILES_READ, MOST_TRIED, Tried

if TYPE_CHECKING:
    from schemagate.app.gather import Gathered
    from schemagate.app.scope import Scope
    from schemagate.app.verdicts import Verdicts

MOST_OFFERS: Final = 4
MOST_VERSIONS: Final = 2
LONGEST: Final = 512 * 1024
"""Bytes of a file beyond which nothing is tried."""


class Repaired(msgspec.Struct, frozen=True):
    """A change that works, and the findings that it takes away."""

    offer: Offer
    path: str
    data: bytes
    fix: Fix


def repair(ground: Ground) -> Report:
    """The report with a judged fix in each finding that has one. The gravest come first where there are too many."""
    bench, report = Bench(ground), ground.report
    found: dict[int, Finding] = {}
    tried: list[Tried] = []
    for number in _wanted(bench, report):
        if bench.trials.files_read > MOST_FILES_READ:
            break
        finding = report.findings[number]
        with bench.counting(finding, number, tried):
            repaired = bench.repaired(finding)
        if repaired is not None:
            text = help_text(repaired, sure=bench.may_write(repaired.path))
            found[number] = replace(finding, fix=repaired.fix, help=text)
    if report.shard is not None:
        report = replace(report, shard=replace(report.shard, tried=tuple(tried)))
    return replace(report, findings=tuple(found.get(n, one) for n, one in enumerate(report.findings)))


def places(ground: Ground) -> list[str]:
    """The files of the findings that :func:`repair` may get to."""
    found = [ground.report.findings[number].location for number in _wanted(Bench(ground), ground.report)]
    return [place.path for place in found if place is not None]


def _wanted(bench: Bench, report: Report) -> list[int]:
    """The places of the findings for which a change may be tried, the gravest first, as many as are tried."""
    wanted = [number for number, finding in enumerate(report.findings) if bench.takes(finding)]
    return sorted(wanted, key=lambda number: -report.findings[number].severity)[:MOST_TRIED]


def help_text(repaired: Repaired, *, sure: bool) -> str:
    """The change in words: what is done, the piece of JSON, and what to know; ``sure`` that ``--fix`` may write it."""
    offer = repaired.offer
    title = f"{offer.title}; `--fix` does it" if offer.safe and sure else offer.title
    return "\n".join(part for part in (title, offer.shown, offer.note) if part)


class Bench:
    """Where the findings of one report are repaired, each document scanned once."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.trials = Trials(ground)
        self._layouts: dict[str, Layout] = {}
        self._namespaces: dict[str, str] = {}

    def takes(self, finding: Finding) -> bool:
        """Whether anything can be tried: a known repair, in a file that may change and is not too large."""
        place = finding.location
        if finding.inherited or finding.rule not in REPAIRABLE or place is None or place.path in self._ground.fixed:
            return False
        document = self._ground.workspace.documents.get(place.path)
        return document is not None and len(document.data) <= LONGEST

    def may_write(self, path: str) -> bool:
        """Whether the file is surely not a published version: of a ``_vN`` file only its lineage can tell."""
        return bool(self._ground.lineages) or version_of(path)[1] is None

    @contextmanager
    def counting(self, finding: Finding, number: int, tried: list[Tried]) -> Iterator[None]:
        """Adds to ``tried`` what is spent on a finding meanwhile, and what would be if it was the first of its file."""
        assert finding.location is not None
        path, read = finding.location.path, self.trials.files_read
        known = path in self.trials.first_reads
        yield
        spent, first = self.trials.files_read - read, self.trials.first_reads.get(path, 0)
        if known:
            tried.append(Tried(number, finding.help, spent + first if spent else 0, spent))
        else:
            tried.append(Tried(number, finding.help, spent, spent - first))

    def layout(self, path: str) -> Layout:
        known = self._layouts.get(path)
        if known is None:
            document = self._ground.workspace.documents[path]
            known = self._layouts[path] = Layout(document.text, plain=document.plain)
        return known

    def offered(self, finding: Finding) -> Iterator[Offer]:
        """What may repair the finding, each change that can be written, none judged."""
        assert finding.location is not None
        path = finding.location.path
        document, layout = self._ground.workspace.documents[path], self.layout(path)
        span = _span(document, finding.location)
        tried = 0
        for case in self._cases(finding, document, layout, span):
            for offer in offers(case, span):
                if tried == MOST_OFFERS:
                    return
                if layout.certain or offer.textual:
                    tried += 1
                    yield offer

    def repaired(self, finding: Finding, *, safe: bool = False) -> Repaired | None:
        """The first change that is clean; with ``safe`` only one that picks no meaning for the author."""
        for offer in self.offered(finding):
            if offer.safe or not safe:
                found = self.tried([finding], offer)
                if found is not None:
                    return found
        return None

    def tried(self, findings: list[Finding], offer: Offer) -> Repaired | None:
        """The change as a fix if it takes all these findings of one file away, and brings none."""
        assert findings[0].location is not None
        path = findings[0].location.path
        document = self._ground.workspace.documents[path]
        data = applied(document.data, offer, self.layout(path))
        if data is None or data == document.data:
            return None
        if offer.textual:
            rules = Counter(finding.rule for finding in findings)
            clean = all(same_values(document.data, data, rule) for rule in rules)
        else:
            clean = self.trials.clean(findings, path, data)
        return Repaired(offer, path, data, self._fix(document, offer)) if clean else None

    def _fix(self, document: Document, offer: Offer) -> Fix:
        found = splices(self.layout(document.name), offer.ops) or ()
        rows = (Replacement(document.region(span=(one.start, one.end)), one.text) for one in found)
        return Fix(offer.title, offer.safe, document.name, tuple(rows))

    def _cases(self, finding: Finding, document: Document, layout: Layout, span: tuple[int, int]) -> Iterator[Case]:
        pointer = layout.pointer_of(*span)
        case = Case(finding.rule, layout, pointer or "", finding.path, finding.args, document.name)
        case = replace(case, new=self._ground.workspace.schemas.get(document.name))
        if finding.rule not in COMPARING:
            if finding.rule == "missing-namespace":
                case = replace(case, namespace=self._namespace(document.name))
            yield case
            return
        lineage = next((one for one in self._ground.lineages if _judged(one, finding)), None)
        if lineage is not None and pointer is not None:
            yield from compared(case, lineage, finding)

    def _namespace(self, path: str) -> str:
        """What most of the schemas in a file's directory use, if more than one file says so or none says otherwise."""
        directory = path.rpartition("/")[0]
        if directory not in self._namespaces:
            whole = self._ground.workspace
            roots = {path: schema.root for path, schema in whole.schemas.items()}
            names = {path: name for path, name in self._ground.names.items() if path not in whole.documents}
            names |= {path: root.name for path, root in roots.items() if isinstance(root, Record | Enum | Fixed)}
            near = (name for path, name in names.items() if path.rpartition("/")[0] == directory)
            spaces = Counter(space for name in near if (space := namespace_of(name)))
            common = spaces.most_common(1)
            self._namespaces[directory] = common[0][0] if common and common[0][1] * 2 > spaces.total() else ""
        return self._namespaces[directory]


def compared(case: Case, lineage: Lineage, finding: Finding) -> Iterator[Case]:
    """The case against the versions that the finding breaks, the newest first."""
    candidate = lineage.candidate
    if candidate is None:
        return
    named = {one.version for one in finding.against}
    versions = [version for version in reversed(lineage.versions) if version.id in named]
    renames = likely(lineage.newest.schema, candidate) if lineage.newest is not None else frozenset()
    for version in versions[:MOST_VERSIONS]:
        changes = tuple(align(version.schema, candidate, renames))
        yield replace(case, old=version.schema, new=candidate, changes=changes)


def _judged(lineage: Lineage, finding: Finding) -> bool:
    return lineage.subject == finding.subject and lineage.candidate is not None


def _span(document: Document, region: Region) -> tuple[int, int]:
    lines = document.lines
    return lines.offset(region.line, region.column), lines.offset(region.end_line, region.end_column)


def ground_of(
    scope: Scope,
    report: Report,
    gathered: Gathered,
    severities: Mapping[str, Severity],
    verdicts: Verdicts | None = None,
) -> Ground:
    """What a report of the gate was made of. Published version files, also those of release tags, may not change.

    ``verdicts`` are those that it tells of.
    """
    workspace = gathered.workspace
    numbered = [path for path in workspace.documents if version_of(path)[1] is not None]
    published = {p.path for one in gathered.lineages for v in one.versions for p in v.id.published if p.source == "git"}
    published |= {one.path for one in gathered.gone} | gathered.settled | workspace.superseded
    if numbered and scope.base.tip is not None:
        published |= scope.repo.tree_files(scope.base.tip, frozenset(numbered).__contains__).keys()
    teller = Teller(workspace, Grades(scope.settings, severities), BY_ID)
    fixed = frozenset(path for path in numbered if path in published)
    return Ground(report, teller, tuple(gathered.lineages), scope.repo.root, fixed, gathered.reader, verdicts)
