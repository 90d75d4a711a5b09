"""The two commands that fix, as runs that judge files some of which are replaced."""

from __future__ import annotations

import os
from collections.abc import Mapping

from msgspec.structs import replace

from schemagate.app.fixing import Fixing, fixing
from schemagate.app.lint import LintRequest, examine as lint_files
from schemagate.app.request import CheckRequest
from schemagate.app.trial import Ground
from schemagate.config import version_of
from schemagate.errors import GitError, UsageError


def fix_check(request: CheckRequest, *, unsafe: bool = False) -> Fixing:
    """What ``check`` finds and can repair. Raises as ``check``, and UsageError where the work tree is not judged."""
    from schemagate.app.check import examine, look
    from schemagate.app.repair import ground_of

    def run(overlay: Mapping[str, bytes]) -> Ground:
        asked = replace(request, overlay=overlay)
        scope = look(asked)
        with scope.repo:
            if scope.proposal.kind != "worktree":
                judged = {"index": "what is staged", "HEAD": "what is committed"}[scope.proposal.kind]
                hint = "fix the work tree with --candidate worktree, then stage or commit it"
                raise UsageError(f"--fix and --diff change files of the work tree, and {judged} is judged", hint=hint)
            examined = examine(scope, asked)
            return ground_of(scope, examined.report, examined.gathered, asked.severities, examined.verdicts)

    return fixing(run, unsafe=unsafe)


def fix_lint(request: LintRequest, env: Mapping[str, str], *, unsafe: bool = False) -> Fixing:
    """What ``lint`` finds and can repair. Git, where there is one, tells which version files are published."""
    kept: frozenset[str] | None = None

    def run(overlay: Mapping[str, bytes]) -> Ground:
        nonlocal kept
        ground = lint_files(replace(request, overlay=overlay))
        if kept is None:
            kept = _published(ground, request.directory, env)
        return replace(ground, fixed=frozenset(ground.fixed) | kept)

    return fixing(run, unsafe=unsafe)


def _published(ground: Ground, directory: str, env: Mapping[str, str]) -> frozenset[str]:
    """The ``_vN`` files that may be published: those of the baseline, and all where no git can tell."""
    numbered = frozenset(path for path in ground.workspace.documents if version_of(path)[1] is not None)
    if not numbered:
        return numbered
    try:
        return _in_baseline(ground, numbered, directory, env)
    except (GitError, UsageError):
        return numbered


def _in_baseline(ground: Ground, numbered: frozenset[str], directory: str, env: Mapping[str, str]) -> frozenset[str]:
    from schemagate.adapters.base import resolve_base
    from schemagate.adapters.ci import detect
    from schemagate.adapters.files import repo_path
    from schemagate.adapters.git import open_repo
    from schemagate.app.project import find_project

    repo = open_repo(ground.root if os.path.isdir(ground.root) else directory)
    with repo:
        settings = find_project(directory, none=False).settings
        base = resolve_base(repo, detect(env, None), "", settings.baseline)
        if base.tip is None:
            return frozenset()
        inside = {path: repo_path(repo.root, os.path.join(ground.root, path)) for path in numbered}
        known = repo.tree_files(base.tip, frozenset(inside.values()).__contains__)
        return frozenset(path for path, name in inside.items() if name in known)
