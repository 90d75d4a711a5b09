"""The gate: lint and compatibility of what is proposed against everything that was published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemagate.app.gather import Gathered, Scope, gather
from schemagate.app.linting import document_findings
from schemagate.app.proposal import propose
from schemagate.app.request import CheckRequest
from schemagate.app.settings import CONFIG_FILES, candidate_settings, former_settings
from schemagate.app.weakened import weakened
from schemagate.compat.solve import Memo
from schemagate.config import check_rules
from schemagate.engine.assemble import Parts, assemble
from schemagate.engine.judge import Judge, covered
from schemagate.engine.lineage import Lineage
from schemagate.engine.tell import Grades, Teller
from schemagate.errors import ConfigError, UndecidedError
from schemagate.finding import Compared, Finding, Region, Report
from schemagate.rules.catalog import BY_ID, CHANGE
from schemagate.rules.presets import PRESETS

if TYPE_CHECKING:
    from schemagate.adapters.ci import CiContext
    from schemagate.adapters.git import GitRepo

PATHSPECS = ("*.avsc", *CONFIG_FILES)


def check(request: CheckRequest) -> Report:
    """Judges the candidate of the repository around ``request.directory``.

    Raises ConfigError, UsageError, GitError; what cannot be decided about one subject is in ``Report.undecided``.
    """
    scope = look(request)
    return _Run(request, scope, gather(scope)).report()


def look(request: CheckRequest) -> Scope:
    """Finds the repository, the candidate, its configuration and its base."""
    from schemagate.adapters.base import resolve_base
    from schemagate.adapters.ci import detect
    from schemagate.adapters.git import open_repo

    repo = open_repo(request.directory)
    context = detect(request.env, request.event)
    kind = request.candidate or context.candidate
    overlay = {request.stdin_path: request.stdin} if request.stdin is not None else {}
    proposal = propose(repo, kind, PATHSPECS, overlay, context.head_sha if context.kind == "pre-push" else "")
    settings = candidate_settings(proposal, request.config, request.no_config)
    issues = check_rules(settings, BY_ID, PRESETS)
    if issues:
        first = issues[0]
        raise ConfigError(first.message, path=first.path, line=first.line, column=first.column, hint=first.hint)
    base = resolve_base(repo, context, request.against, settings.baseline)
    target = proposal.commit if kind == "HEAD" else kind
    changes = tuple(repo.diff(base.diff_base, target, PATHSPECS))
    former = former_settings(repo, settings, changes)
    branch = baseline_name(repo, context, request.against or settings.baseline)
    return Scope(repo, proposal, settings, former, base, context, branch, changes, request.everything)


def baseline_name(repo: GitRepo, context: CiContext, told: str) -> str:
    """What versions of the baseline are labelled with: a branch's name without its remote."""
    name = told or context.base_branch or context.default_branch
    if not name:
        default = repo.default_branch()
        name = default.name if default is not None else repo.branch() or "HEAD"
    remote = repo.refs.remote()
    return name.removeprefix(f"{remote}/") if remote else name


class _Run:
    """One run's judging, once everything is read."""

    def __init__(self, request: CheckRequest, scope: Scope, gathered: Gathered) -> None:
        self._request = request
        self._scope = scope
        self._gathered = gathered
        self._teller = Teller(gathered.workspace, Grades(scope.settings, request.severities), BY_ID)
        self._undecided: list[str] = []

    def report(self) -> Report:
        scope, request = self._scope, self._request
        findings = [
            *document_findings(self._teller, self._gathered.selected, scope.proposal.problems),
            *self._history(),
            *self._lineages(),
            *weakened(scope, self._gathered, self._teller),
        ]
        settings = scope.settings
        trusted = scope.former if scope.former.waivers_from_base else settings
        parts = Parts(
            findings=findings,
            compared=[_compared(lineage) for lineage in self._gathered.lineages],
            undecided=self._undecided,
            notes=[scope.base.why],
            teller=self._teller,
            waivers=trusted.waivers,
            config_path=settings.path,
            paths=request.paths,
            today=request.today,
            fail_on=settings.fail_on if request.fail_on is None else request.fail_on,
            inline=not scope.former.waivers_from_base,
            judged=None if scope.everything else {line.subject for line in self._gathered.lineages},
            files=self._gathered.selected,
        )
        return assemble(parts)

    def _lineages(self) -> Iterator[Finding]:
        judge = Judge(CHANGE, Memo())
        for lineage in self._gathered.lineages:
            try:
                judged = judge.judge(lineage)
            except UndecidedError as error:
                self._undecided.append(f"{lineage.subject}: {error.message}; {error.hint}")
                continue
            for one in judged:
                finding = self._teller.judged(one, lineage)
                if finding is not None:
                    yield finding
            if lineage.former_names:
                yield from self._renamed(lineage)

    def _renamed(self, lineage: Lineage) -> Iterator[Finding]:
        args = {"old": ", ".join(lineage.former_names), "new": lineage.subject}
        region = _whole(self._gathered, lineage.path)
        finding = self._teller.told(
            "subject-renamed", lineage.path, args, subject=lineage.subject, at="$", region=region
        )
        if finding is not None:
            yield finding

    def _history(self) -> Iterator[Finding]:
        """What became of published files, and texts of the past that nobody could read."""
        for gone in self._gathered.gone:
            args = {"file": gone.path, "version": f"v{gone.number}" if gone.number is not None else ""}
            finding = self._teller.told(gone.rule, gone.path, args, region=_whole(self._gathered, gone.path))
            if finding is not None:
                yield finding
        for subject, path, commit, why in sorted(set(self._gathered.unreadable)):
            args = {"file": path, "commit": commit[:7], "why": why}
            finding = self._teller.told("version-unreadable", path, args, subject=subject)
            if finding is not None:
                yield finding
        for path in self._gathered.unnamed:
            root = self._gathered.workspace.schemas[path].root
            finding = self._teller.told(
                "subject-name-needed", path, {"kind": root.kind}, region=_whole(self._gathered, path)
            )
            if finding is not None:
                yield finding


def _whole(gathered: Gathered, path: str) -> Region:
    """The start of a file, also of one that is gone."""
    document = gathered.workspace.documents.get(path)
    return document.region("", "name") if document is not None else Region(path, 1, 1, 1, 1)


def _compared(lineage: Lineage) -> Compared:
    versions = tuple(version.id for version in covered(lineage))
    return Compared(lineage.subject, lineage.path, lineage.mode.value, lineage.change, versions)
