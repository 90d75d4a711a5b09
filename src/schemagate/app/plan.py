"""What ``register`` would do: reads the repository and the registry, writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from schemagate.app.approval import Approval, approval
from schemagate.app.check import examine, look
from schemagate.app.consult import connected
from schemagate.app.desires import desires, require_names
from schemagate.app.precheck import planned
from schemagate.app.remote import chosen
from schemagate.app.request import CheckRequest
from schemagate.app.scope import Scope
from schemagate.app.settings import CONFIG_FILES
from schemagate.config import RegistrySettings
from schemagate.errors import GitError, UsageError
from schemagate.plan.outlook import Outlook
from schemagate.rules.phrases import listed

if TYPE_CHECKING:
    from schemagate.adapters.ci import CiContext
    from schemagate.adapters.registry.client import Registry

MOST_NAMED = 3


class PlanRequest(msgspec.Struct, frozen=True):
    """One plan. ``check`` is the run of the gate that it rests on; its candidate is chosen here.

    ``allow_dirty`` takes the work tree in place of the commit, ``any_branch`` a commit that nobody approved.
    """

    check: CheckRequest
    allow_dirty: bool = False
    any_branch: bool = False


def plan(request: PlanRequest) -> Outlook:
    """The plan for the commit that is checked out, whatever its branch; its notes say where it stands.

    Raises ConfigError, UsageError, GitError, RegistryError.
    """
    scope = look(gate_request(request))
    with scope.repo, connected(configured(scope, request), scope, request.check) as registry:
        try:
            stands = standing(scope, request)
        except GitError as error:
            stands = Approval(scope.proposal.commit, scope.branch, elsewhere=f"not looked up: {error.message}")
        return outlook(scope, request, registry, stands)


def gate_request(request: PlanRequest) -> CheckRequest:
    """The run of the gate: all subjects, as they are committed."""
    candidate = "worktree" if request.allow_dirty else "HEAD"
    return replace(request.check, candidate=candidate, everything=True, offline=False, clients=False)


def configured(scope: Scope, request: PlanRequest) -> RegistrySettings:
    """The registry to plan for. Raises UsageError without one."""
    with _as_committed(scope, request):
        found = chosen(scope.settings, request.check.registry)
        if found is None:
            place = scope.settings.path or CONFIG_FILES[0]
            hint = f'add to {place}:\n[registry.prod]\nurl = "https://registry.example.com"'
            raise UsageError("no registry is configured", hint=hint)
    return found


@contextmanager
def _as_committed(scope: Scope, request: PlanRequest) -> Iterator[None]:
    """Where what the configuration lacks may be in the work tree, a UsageError says that this was not read."""
    try:
        yield
    except UsageError as error:
        path = scope.settings.path or CONFIG_FILES[0]
        if request.allow_dirty or path not in _changed(scope):
            raise
        hint = (
            f"{path} has changes that are not committed, which were not read: commit them, or --allow-dirty reads them"
        )
        raise UsageError(error.message, hint=f"{hint}.\nIf they do not say it either, {error.hint}") from None


def standing(scope: Scope, request: PlanRequest) -> Approval:
    """Where the commit stands to the approved branch. Raises GitError, UsageError."""
    commit = commit_of(scope)
    if request.any_branch:
        return Approval(commit, scope.branch)
    return approval(scope.repo, detected(request.check), commit, scope.settings.baseline)


def detected(request: CheckRequest) -> CiContext:
    from schemagate.adapters.ci import detect

    return detect(request.env, request.event)


def commit_of(scope: Scope) -> str:
    return scope.proposal.commit or scope.repo.head() or ""


def outlook(scope: Scope, request: PlanRequest, registry: Registry, stands: Approval) -> Outlook:
    """Judges, then plans. Raises as :func:`plan`."""
    found = Outlook(
        registry.name,
        registry.url,
        commit_of(scope),
        "" if stands.elsewhere or request.any_branch else stands.branch,
        dirty=request.allow_dirty and bool(uncommitted(scope)),
        superseded=stands.superseded,
        notes=tuple(_notes(scope, request, stands)),
    )
    if stands.superseded:
        return found
    with _as_committed(scope, request):
        require_names(scope.settings, scope.schema_paths())
    asked = gate_request(request)
    examined = examine(scope, asked, registry)
    found = replace(found, report=examined.report)
    if examined.report.undecided:
        return found
    wishes = desires(scope, examined.gathered, examined.report, normalize=registry.normalize)
    return replace(found, plan=planned(scope, asked, examined, wishes, registry))


def uncommitted(scope: Scope) -> list[str]:
    """Schema files, and the configuration, that differ from the commit. Empty in a bare repository."""
    mine = scope.settings
    return sorted(path for path in _changed(scope) if mine.is_schema_path(path) or path == mine.path)


def _changed(scope: Scope) -> set[str]:
    """All that differs from the commit and that the configuration may cover."""
    repo = scope.repo
    if repo.is_bare:
        return set()
    changes = repo.diff(repo.head(), "worktree", scope.specs)
    return {path for change in changes for path in (change.path, change.old_path) if path}


def _notes(scope: Scope, request: PlanRequest, stands: Approval) -> Iterator[str]:
    if stands.elsewhere:
        yield f"{stands.elsewhere}: `register` does this only once it is the tip of {stands.branch}"
    changed = uncommitted(scope)
    if not changed:
        return
    shown = listed([*changed[:MOST_NAMED], *([f"{len(changed) - MOST_NAMED} more"] if changed[MOST_NAMED:] else [])])
    if request.allow_dirty:
        yield f"made of the work tree: {shown} {'is' if len(changed) == 1 else 'are'} not committed"
    else:
        what = "an uncommitted change is" if len(changed) == 1 else "uncommitted changes are"
        yield f"{what} left out: {shown}; `--allow-dirty` takes the work tree as it is"
