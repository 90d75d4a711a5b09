"""Whether a commit is what its approved branch holds now: only then may it be registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from schemagate.errors import GitError, UsageError

if TYPE_CHECKING:
    from schemagate.adapters.ci import CiContext
    from schemagate.adapters.git import GitRepo

SHORT = 7


class Approval(msgspec.Struct, frozen=True):
    """Where ``commit`` stands. ``superseded`` and ``elsewhere`` are sentences; where both are empty it is the tip."""

    commit: str
    branch: str
    superseded: str = ""
    """Why a later run registers what this one would."""
    elsewhere: str = ""
    """Why this commit is not approved, or not known to be."""
    hint: str = ""

    @property
    def is_tip(self) -> bool:
        return not self.superseded and not self.elsewhere


def approval(repo: GitRepo, context: CiContext, commit: str, configured: str) -> Approval:
    """How ``commit`` stands to the approved branch: ``configured`` (``baseline``), else the default branch.

    With a remote, what that says now decides, since other pipelines may have passed this one; without one, the local
    branch. Raises GitError where the remote cannot be asked, UsageError where no branch is known to be approved.
    """
    remote = repo.refs.remote()
    if not remote:
        return _local(repo, commit, configured)
    known = configured or context.default_branch or _default(repo, remote)
    tip = repo.remote_tip(known.removeprefix(f"{remote}/"))
    if tip.sha == commit:
        return Approval(commit, tip.branch)
    passed = f"{tip.branch} of {remote} is at {tip.sha[:SHORT]} by now, and this run is for {commit[:SHORT]}"
    if repo.refs.find(tip.sha) is not None:
        common = _common(repo, commit, tip.sha)
        if common == commit:
            return Approval(commit, tip.branch, superseded=passed)
        ahead = common == tip.sha
        why = (
            f"{commit[:SHORT]} is not pushed to {tip.branch} of {remote} yet, which is at {tip.sha[:SHORT]}"
            if ahead
            else f"{commit[:SHORT]} is not on {tip.branch} of {remote}, which is at {tip.sha[:SHORT]}"
        )
        return Approval(commit, tip.branch, elsewhere=why, hint=_hint(tip.branch))
    if _was_there(repo, context, commit, remote, tip.branch):
        return Approval(commit, tip.branch, superseded=passed)
    why = f"{commit[:SHORT]} is not known to be on {tip.branch} of {remote}, which is at {tip.sha[:SHORT]}"
    return Approval(
        commit, tip.branch, elsewhere=why, hint=f"run: git fetch {remote} {tip.branch}; {_hint(tip.branch)}"
    )


def _hint(branch: str) -> str:
    return (
        f"`register` writes what is merged: run it on the tip of {branch}. `--any-branch` registers from anywhere, "
        "for development"
    )


def _local(repo: GitRepo, commit: str, configured: str) -> Approval:
    published = repo.default_branch(configured)
    if published is None:
        raise UsageError(
            "which branch is approved is not known: there is no remote and no branch main or master",
            hint='set `baseline = "BRANCH"`, or use --any-branch for development',
        )
    branch, tip = published
    if tip == commit:
        return Approval(commit, branch)
    common = _common(repo, commit, tip)
    if common == commit:
        return Approval(
            commit, branch, superseded=f"{branch} is at {tip[:SHORT]}, and this run is for {commit[:SHORT]}"
        )
    why = f"{commit[:SHORT]} is not on {branch}, which is at {tip[:SHORT]}"
    return Approval(commit, branch, elsewhere=why, hint=_hint(branch))


def _default(repo: GitRepo, remote: str) -> str:
    """The remote's default branch as far as this clone knows it; empty lets the remote say."""
    found = repo.default_branch()
    return found.name if found is not None and found.name.startswith(f"{remote}/") else ""


def _common(repo: GitRepo, one: str, other: str) -> str | None:
    try:
        return repo.merge_base(one, other)
    except GitError:  # a shallow clone that does not reach far enough back
        return None


def _was_there(repo: GitRepo, context: CiContext, commit: str, remote: str, branch: str) -> bool:
    """Whether the commit was on the branch when this clone was made: then the branch has moved on since."""
    if context.kind == "push" and context.branch == branch:
        return True
    fetched = repo.refs.find(f"refs/remotes/{remote}/{branch}")
    return fetched is not None and (fetched == commit or _common(repo, commit, fetched) == commit)
