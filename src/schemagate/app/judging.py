"""Judges what a run has read, and makes the report of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from schemagate.app.clients import ClientsRead, of_change
from schemagate.app.gather import Gathered
from schemagate.app.request import CheckRequest
from schemagate.app.scope import Scope
from schemagate.app.shards import identity
from schemagate.app.verdicts import Verdicts
from schemagate.app.weakened import added_allows, weakened
from schemagate.compat.solve import Memo
from schemagate.engine.assemble import Parts, assemble
from schemagate.engine.documents import document_findings
from schemagate.engine.judge import Judge, Judged, covered
from schemagate.engine.lineage import Lineage
from schemagate.engine.tell import Grades, Teller
from schemagate.errors import UndecidedError
from schemagate.finding import Compared, Finding, Region, Report, Severity
from schemagate.report.asked import shard_note
from schemagate.rules.catalog import BY_ID, CHANGE
from schemagate.shard import Asked, Shard

if TYPE_CHECKING:
    from schemagate.app.combine import Standing
    from schemagate.app.governance import Governance
    from schemagate.app.remote import Remote


class Judging:
    """One run's judging, once everything is read."""

    def __init__(
        self,
        scope: Scope,
        gathered: Gathered,
        request: CheckRequest,
        remote: Remote | None = None,
        standings: Sequence[Standing] = (),
    ) -> None:
        self._scope = scope
        self._gathered = gathered
        self._request = request
        self._teller = Teller(gathered.workspace, Grades(scope.settings, request.severities), BY_ID)
        self._undecided: list[str] = []
        self._memo = Memo()
        self.verdicts = Verdicts(Judge(CHANGE, self._memo, keep=True))
        self._governance: Governance | None = None
        if remote is not None:
            from schemagate.app.governance import Governance

            place = partial(_whole, gathered)
            self._governance = Governance(
                self._teller, remote, standings, place, scope.branch, self._memo, request.ignore_deleted
            )

    def report(self, notes: Sequence[str] = (), undecided: Sequence[str] = (), asked: Asked | None = None) -> Report:
        """The report; ``undecided`` are questions that could not even be asked, ``asked`` what a registry was."""
        scope, gathered, request = self._scope, self._gathered, self._request
        told = list(self._told())
        settings = scope.settings
        from_base = settings.waivers_from_base or scope.former.waivers_from_base
        new_allows = added_allows(scope, gathered)
        clients = of_change(scope, self._teller, gathered.owns) if request.clients else ClientsRead()
        told += clients.findings
        new_allows.update(clients.allows)
        weaker = weakened(scope, new_allows, self._teller, request.severities)
        findings = [*told, *(f for f in weaker if f.location is None or gathered.owns(f.location.path))]
        shard = None if scope.shard is None else self._shard(scope.shard, asked)
        parts = Parts(
            findings=findings,
            compared=[_compared(lineage) for lineage in gathered.lineages],
            undecided=[*self._undecided, *undecided],
            notes=[*self._notes(clients), *notes, *_notes(shard)],
            teller=self._teller,
            waivers=(scope.former if from_base else settings).waivers,
            config_path=settings.path,
            paths=scope.only,
            today=request.today,
            fail_on=settings.fail_on if request.fail_on is None else request.fail_on,
            untrusted=new_allows if from_base else {},
            judged=None if scope.everything else {line.subject for line in gathered.lineages},
            files={*gathered.selected, *clients.listings},
            listings=clients.listings,
            ran=None if self._governance else [rule.id for rule in BY_ID.values() if rule.kind != "registry"],
            shard=shard,
            owns=gathered.owns if shard is not None else None,
        )
        report = assemble(parts)
        refused = list(self._governance.refusals(report)) if self._governance else []
        if refused:
            report = assemble(replace(parts, findings=[*findings, *refused]))
        return replace(report, undecided=tuple(sorted({*report.undecided, *self._unjudged(told, report)})))

    def _shard(self, place: tuple[int, int], asked: Asked | None) -> Shard:
        """What the report of a shard carries, as far as it is known before anything is accepted."""
        if asked is not None and self._governance is not None:
            asked = replace(asked, lost_at=self._governance.lost_at())
        return Shard(*place, run=identity(self._scope, self._request), asked=asked)

    def _notes(self, clients: ClientsRead) -> Iterator[str]:
        yield f"base: {self._scope.base.why}"
        yield from clients.notes or self._untouched()
        yield from self._gathered.notes

    def _untouched(self) -> Iterator[str]:
        if not self._scope.everything and not self._gathered.lineages and not self._gathered.selected:
            yield "the change touches no schema; `schemagate check --all` judges every subject"

    def _told(self) -> Iterator[Finding]:
        gathered, proposal = self._gathered, self._scope.proposal
        selected = frozenset(filter(gathered.owns, gathered.selected)) - gathered.settled
        linted = selected if self._scope.everything else selected - gathered.via.keys()
        touched = self._scope.touched()
        yield from document_findings(
            self._teller, selected, proposal.problems, about=touched, linted=linted, owns=gathered.owns
        )
        yield from self._history()
        yield from self._lineages()
        if self._governance is not None:
            yield from self._governance.findings()

    def _unjudged(self, told: Sequence[Finding], report: Report) -> Iterator[str]:
        """Subjects whose file says nothing that can be judged, though no finding fails the run for it."""
        accepted = {suppressed.finding.fingerprint for suppressed in report.suppressed}
        failing = {
            f.location.path
            for f in told
            if f.location is not None and f.severity is Severity.ERROR and f.fingerprint not in accepted
        }
        for lineage in self._gathered.lineages:
            if lineage.candidate is None and lineage.path not in failing:
                yield f"{lineage.subject}: {lineage.path} cannot be read as a schema; repair it, or `exclude` it"

    def _lineages(self) -> Iterator[Finding]:
        for lineage in self._gathered.lineages:
            try:
                judged = self.verdicts.keep(lineage)
            except UndecidedError as error:
                self._undecided.append(f"{lineage.subject}: {error.message}; {error.hint}")
                continue
            renamed = None
            if lineage.former_names:
                renamed = self._renamed(lineage, [one for one in judged if _is_new_name(one)])
            if renamed is not None:
                yield renamed
            for one in judged:
                finding = None if renamed is not None and _is_new_name(one) else self._teller.judged(one, lineage)
                if finding is not None:
                    yield finding

    def _renamed(self, lineage: Lineage, causes: Sequence[Judged]) -> Finding | None:
        """The subject's new name; where it follows from the type's, it stands for what that one breaks."""
        args = {"old": ", ".join(lineage.former_names), "new": lineage.subject}
        region = _whole(self._gathered, lineage.path)
        against = tuple(dict.fromkeys(one for judged in causes for one in judged.against))
        return self._teller.told(
            "subject-renamed", lineage.path, args, subject=lineage.subject, at="$", region=region, against=against
        )

    def _history(self) -> Iterator[Finding]:
        """What became of published files, and texts of the past that nobody could read."""
        gathered = self._gathered
        for gone in gathered.gone:
            args = {"file": gone.path, "version": f"v{gone.number}" if gone.number is not None else ""}
            yield from self._whole_file(gone.rule, gone.path, args)
        for gap in gathered.gaps:
            args = {"file": gap.path, "version": f"v{gap.number}", "missing": f"v{gap.number - 1}"}
            yield from self._whole_file("version-gap", gap.path, args)
        unreadable: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for subject, path, commit, why in dict.fromkeys(gathered.unreadable):
            unreadable.setdefault((subject, path), []).append((commit[:7], why))
        for (subject, path), ((_, why), *_) in sorted(unreadable.items()):
            commits = [commit for commit, _ in unreadable[subject, path]]
            told = ", ".join(commits[:5]) + (f" and {len(commits) - 5} more commits" if len(commits) > 5 else "")
            args = {"file": path, "commit": told, "why": why}
            finding = self._teller.told("version-unreadable", path, args, subject=subject)
            if finding is not None:
                yield finding
        for path in gathered.unnamed:
            kind = gathered.workspace.schemas[path].root.kind
            yield from self._whole_file("subject-name-needed", path, {"kind": kind})

    def _whole_file(self, rule: str, path: str, args: Mapping[str, str]) -> Iterator[Finding]:
        finding = self._teller.told(rule, path, args, region=_whole(self._gathered, path))
        if finding is not None:
            yield finding


def _is_new_name(judged: Judged) -> bool:
    """Whether this is the name of the schema's own type, which its subject may be called after."""
    return judged.cause.path == "$" and judged.cause.rule in ("type-renamed", "namespace-changed")


def _whole(gathered: Gathered, path: str) -> Region:
    """The start of a file, also of one that is gone."""
    document = gathered.workspace.documents.get(path)
    return document.region("", "name") if document is not None else Region(path, 1, 1, 1, 1)


def _notes(shard: Shard | None) -> Iterator[str]:
    if shard is not None:
        yield shard_note(shard.index, shard.count)


def _compared(lineage: Lineage) -> Compared:
    versions = tuple(version.id for version in covered(lineage))
    return Compared(lineage.subject, lineage.path, lineage.mode.value, lineage.change, versions)
