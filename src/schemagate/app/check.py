"""The gate: lint and compatibility of what is proposed against everything that was published."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from schemagate.adapters.files import repo_path
from schemagate.app.gather import Gathered, gather
from schemagate.app.project import usable
from schemagate.app.proposal import Proposal, propose
from schemagate.app.request import CheckRequest
from schemagate.app.scope import Scope
from schemagate.app.settings import CONFIG_FILES, candidate_settings, former_settings
from schemagate.app.weakened import added_allows, weakened
from schemagate.compat.solve import Memo
from schemagate.config import Settings
from schemagate.engine.assemble import Parts, assemble
from schemagate.engine.documents import document_findings
from schemagate.engine.judge import Judge, Judged, covered
from schemagate.engine.lineage import Lineage
from schemagate.engine.tell import Grades, Teller
from schemagate.errors import UndecidedError, UsageError
from schemagate.finding import Compared, Finding, Region, Report, Severity
from schemagate.rules.catalog import BY_ID, CHANGE

if TYPE_CHECKING:
    from schemagate.adapters.ci import Candidate, CiContext
    from schemagate.adapters.git import FileChange, GitRepo

PATHSPECS = ("*.avsc", *CONFIG_FILES)

_WHERE_A_PERSON_CHOOSES = ("terminal", "hook", "other")
_JUDGED = {"HEAD": "HEAD as it is committed", "index": "what is staged", "worktree": "the work tree"}
# A full or shortened id, or an expression such as `main~3`: nothing to label versions with.
_NO_NAME = re.compile(r"[0-9a-f]{7,64}|HEAD|@|.*(?:[\^~:]|@\{).*")


def check(request: CheckRequest) -> Report:
    """Judges the candidate of the repository around ``request.directory``.

    Raises ConfigError, UsageError, GitError; what cannot be decided about one subject is in ``Report.undecided``.
    """
    scope = look(request)
    with scope.repo:
        return _Run(scope, gather(scope), request.severities).report(request)


def look(request: CheckRequest) -> Scope:
    """Finds the repository, the candidate, its configuration and its base. The caller closes ``Scope.repo``."""
    from schemagate.adapters.git import open_repo

    repo = open_repo(request.directory)
    try:
        return _look(repo, request)
    except BaseException:
        repo.close()
        raise


def _look(repo: GitRepo, request: CheckRequest) -> Scope:
    from schemagate.adapters.base import resolve_base
    from schemagate.adapters.ci import detect

    found = detect(request.env, request.event)
    kind = request.candidate or ("HEAD" if repo.is_bare else found.candidate)
    context = replace(found, candidate=cast("Candidate", kind))
    if kind != found.candidate and found.kind in _WHERE_A_PERSON_CHOOSES:
        context = replace(context, explain=_JUDGED[kind])
    proposal, settings, specs = _configured(repo, request, context)
    base = resolve_base(repo, context, request.against, settings.baseline)
    target = proposal.commit if kind == "HEAD" else kind
    changes = tuple(_with_buffers(repo.diff(base.diff_base, target, specs), proposal, base.diff_base))
    former = settings if request.no_config else former_settings(repo, settings, base.diff_base, changes)
    branch = baseline_name(repo, context, request.against or settings.baseline)
    scope = Scope(repo, proposal, settings, former, base, context, branch, changes, request.everything)
    return replace(scope, specs=specs, only=tuple(_wanted(scope, path, request.directory) for path in request.paths))


def _with_buffers(changes: Sequence[FileChange], proposal: Proposal, base: str | None) -> Iterator[FileChange]:
    """What git sees changed, and the files that only an editor's unsaved buffer changes."""
    from schemagate.adapters.git import FileChange

    yield from changes
    for path in proposal.overlay.keys() - {change.path for change in changes}:
        entries = proposal.repo.tree_files(base, lambda name, path=path: name == path) if base else {}  # type: ignore[misc]
        blob = entries[path].blob if path in entries else None
        yield FileChange("A" if blob is None else "M", path, None, path, blob, "100644", "100644")


def _configured(repo: GitRepo, request: CheckRequest, context: CiContext) -> tuple[Proposal, Settings, tuple[str, ...]]:
    """The candidate, its configuration, and the pathspecs of all that the configuration may cover."""
    from schemagate.adapters.git import literal

    named = repo_path(repo.root, request.config, request.directory) if request.config else None
    overlay = {}
    if request.stdin is not None:
        overlay[repo_path(repo.root, request.stdin_path, request.directory)] = request.stdin
    commit = context.head_sha if context.kind == "pre-push" else ""
    specs = (*PATHSPECS, literal(named)) if named else PATHSPECS
    proposal = propose(repo, context.candidate, specs, overlay, commit)
    settings = usable(candidate_settings(proposal, named, none=request.no_config))
    others = tuple(dict.fromkeys(f"*.{glob.rpartition('.')[2]}" for glob in settings.paths if _other_suffix(glob)))
    if others:
        specs = (*specs, *others)
        proposal = propose(repo, context.candidate, specs, overlay, commit)
    return proposal, settings, specs


def _other_suffix(glob: str) -> bool:
    """Whether a glob names files by a suffix of their own: ``legacy/*.json``."""
    suffix = glob.rpartition("/")[2].rpartition(".")[2]
    return "." in glob.rpartition("/")[2] and suffix.isalnum() and suffix != "avsc"


def _wanted(scope: Scope, typed: str, directory: str) -> str:
    """A path that was typed, from the repository's root; UsageError if there is nothing by that name."""
    path = repo_path(scope.repo.root, typed, directory)
    known = {*scope.proposal.files, *scope.touched()}
    if not path or path in known or any(file.startswith(f"{path}/") for file in known):
        return path
    if os.path.lexists(os.path.join(scope.repo.root, path)):
        return path
    raise UsageError(f"there is no file or directory {typed}", hint="name files and directories of the repository")


def baseline_name(repo: GitRepo, context: CiContext, told: str) -> str:
    """What versions of the baseline are labelled with: a branch's name without its remote."""
    name = "" if _NO_NAME.fullmatch(told) else told
    name = name or context.base_branch or context.default_branch
    if not name:
        default = repo.default_branch()
        name = default.name if default is not None else repo.branch() or "HEAD"
    remote = repo.refs.remote()
    return name.removeprefix(f"{remote}/") if remote else name


class _Run:
    """One run's judging, once everything is read."""

    def __init__(self, scope: Scope, gathered: Gathered, severities: Mapping[str, Severity]) -> None:
        self._scope = scope
        self._gathered = gathered
        self._teller = Teller(gathered.workspace, Grades(scope.settings, severities), BY_ID)
        self._undecided: list[str] = []

    def report(self, request: CheckRequest) -> Report:
        scope, gathered = self._scope, self._gathered
        told = list(self._told())
        settings = scope.settings
        from_base = settings.waivers_from_base or scope.former.waivers_from_base
        new_allows = added_allows(scope, gathered)
        findings = [*told, *weakened(scope, new_allows, self._teller, request.severities)]
        parts = Parts(
            findings=findings,
            compared=[_compared(lineage) for lineage in gathered.lineages],
            undecided=self._undecided,
            notes=[f"base: {scope.base.why}", *self._untouched(), *gathered.notes],
            teller=self._teller,
            waivers=(scope.former if from_base else settings).waivers,
            config_path=settings.path,
            paths=scope.only,
            today=request.today,
            fail_on=settings.fail_on if request.fail_on is None else request.fail_on,
            untrusted=new_allows if from_base else {},
            judged=None if scope.everything else {line.subject for line in gathered.lineages},
            files=gathered.selected,
        )
        report = assemble(parts)
        return replace(report, undecided=(*report.undecided, *self._unjudged(told, report)))

    def _untouched(self) -> Iterator[str]:
        if not self._scope.everything and not self._gathered.lineages and not self._gathered.selected:
            yield "the change touches no schema; `schemagate check --all` judges every subject"

    def _told(self) -> Iterator[Finding]:
        gathered, proposal = self._gathered, self._scope.proposal
        selected = gathered.selected - gathered.settled
        linted = selected if self._scope.everything else selected - gathered.via.keys()
        touched = self._scope.touched()
        yield from document_findings(self._teller, selected, proposal.problems, about=touched, linted=linted)
        yield from self._history()
        yield from self._lineages()

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
        judge = Judge(CHANGE, Memo())
        for lineage in self._gathered.lineages:
            try:
                judged = judge.judge(lineage)
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


def _compared(lineage: Lineage) -> Compared:
    versions = tuple(version.id for version in covered(lineage))
    return Compared(lineage.subject, lineage.path, lineage.mode.value, lineage.change, versions)
