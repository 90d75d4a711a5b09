"""The gate: lint and compatibility of what is proposed against everything that was published."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, cast

import msgspec
from msgspec.structs import replace

from schemagate.adapters.cache import folder
from schemagate.adapters.files import repo_path
from schemagate.app.gather import Gathered, gather
from schemagate.app.judging import Judging
from schemagate.app.project import usable
from schemagate.app.proposal import Proposal, propose, starting
from schemagate.app.prove import prove
from schemagate.app.repair import ground_of, repair
from schemagate.app.request import CheckRequest
from schemagate.app.scope import Scope
from schemagate.app.settings import CONFIG_FILES, candidate_settings, former_settings
from schemagate.config import Settings
from schemagate.errors import UsageError
from schemagate.finding import Report

if TYPE_CHECKING:
    from schemagate.adapters.ci import Candidate, CiContext
    from schemagate.adapters.git import FileChange, GitRepo
    from schemagate.adapters.registry.client import Registry
    from schemagate.app.combine import Standing
    from schemagate.app.remote import Remote
    from schemagate.app.verdicts import Verdicts

PATHSPECS = ("*.avsc", *CONFIG_FILES)

_WHERE_A_PERSON_CHOOSES = ("terminal", "hook", "other")
_JUDGED = {"HEAD": "HEAD as it is committed", "index": "what is staged", "worktree": "the work tree"}
# A full or shortened id, or an expression such as `main~3`: nothing to label versions with.
_NO_NAME = re.compile(r"[0-9a-f]{7,64}|HEAD|@|.*(?:[\^~:]|@\{).*")


class Examined(msgspec.Struct, frozen=True):
    """A run of the gate with all that it was judged by. ``remote`` is None where no registry was asked."""

    report: Report
    gathered: Gathered
    remote: Remote | None = None
    standings: tuple[Standing, ...] = ()
    """How each subject of each lineage stands in the registry."""
    verdicts: Verdicts | None = None
    """What was found of each lineage, with all that the judge remembers."""


def check(request: CheckRequest) -> Report:
    """Judges the candidate of the repository around ``request.directory``.

    Raises ConfigError, UsageError, GitError; what cannot be decided about one subject, and a registry that cannot be
    asked, is in ``Report.undecided``.
    """
    scope = look(request)
    with scope.repo:
        examined = examine(scope, request)
        proven = prove(examined.report, examined.gathered.lineages)
        ground = ground_of(scope, proven, examined.gathered, request.severities, examined.verdicts)
        if scope.shard is None:
            return repair(ground)
        from schemagate.app.neighbours import shard_ground

        return repair(shard_ground(scope, request, examined, ground))


def examine(scope: Scope, request: CheckRequest, registry: Registry | None = None) -> Examined:
    """Judges what ``scope`` holds, with the registry's versions where one is configured.

    ``registry`` is one that is already connected to; it stays open. Raises as :func:`check`.
    """
    gathered = gather(scope)
    if scope.everything:
        # What git keeps of a whole history is a third of all memory that a run takes, and hardly needed again.
        scope.repo.close()
    if not scope.settings.registries and registry is None and not request.registry:
        judging = Judging(scope, gathered, request)
        return Examined(judging.report(), gathered, verdicts=judging.verdicts)
    from schemagate.app.consult import consult

    found = consult(scope, request, gathered, registry)
    judging = Judging(scope, gathered, request, found.remote, found.standings)
    report = judging.report(found.notes, found.undecided, found.asked)
    return Examined(report, gathered, found.remote, tuple(found.standings), judging.verdicts)


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
    differing = repo.diff(base.diff_base, target, specs, proposal.pending)
    changes = tuple(_with_buffers(differing, proposal, base.diff_base))
    former = settings if request.no_config else former_settings(repo, settings, base.diff_base, changes)
    branch = baseline_name(repo, context, request.against or settings.baseline)
    scope = Scope(repo, proposal, settings, former, base, context, branch, changes, request.everything)
    scope = replace(scope, specs=specs, shard=request.shard, cache=folder(request.env) if settings.cache else "")
    return replace(scope, only=tuple(_wanted(scope, path, request.directory) for path in request.paths))


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
    overlay = dict(request.overlay)
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
    files, touched = scope.proposal.files, scope.touched()
    if not path or path in files or path in touched:
        return path
    below = f"{path}/"
    if any(file.startswith(below) for file in touched) or next(starting(files, below), None) is not None:
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
