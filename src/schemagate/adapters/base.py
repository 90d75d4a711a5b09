"""Choose the commits that a change is compared with: its diff base and the tip of the baseline branch."""

from __future__ import annotations

import msgspec

from schemagate.adapters.ci import Candidate, CiContext
from schemagate.adapters.git import GitRepo
from schemagate.adapters.git_process import printable
from schemagate.errors import GitError

_CHECKOUT = {
    "github": "set `fetch-depth: 0` in actions/checkout (with `filter: blob:none` it stays small)",
    "gitlab": 'set the variable `GIT_DEPTH: "0"` for this job',
    "azure": "set `fetchDepth: 0` on the checkout step",
    "jenkins": "switch off the shallow clone in the job's git settings, and let it fetch the target branch",
    "buildkite": "remove `--depth` from BUILDKITE_GIT_CLONE_FLAGS",
}


class Base(msgspec.Struct, frozen=True):
    """What is compared, ``why`` in words.

    ``diff_base`` selects the subjects that the change touches (None: all are new), ``tip`` is the newest commit
    whose first-parent history is published (None: nothing is). Where ``candidate`` is HEAD, ``commit`` is the one to
    read: a pre-push hook may push another branch than the one checked out.
    """

    diff_base: str | None
    tip: str | None
    candidate: Candidate
    why: str
    commit: str | None = None


def resolve_base(repo: GitRepo, ctx: CiContext, against: str = "", configured_default: str = "") -> Base:
    """The base of the change that ``ctx`` describes; ``against`` (a ref of the user's) overrides it.

    Raises GitError with the command or checkout setting that helps, where the clone lacks what is needed.
    """
    try:
        return _resolve(repo, ctx, against, configured_default)
    except GitError as problem:
        if "git fetch" not in problem.hint:
            raise
        raise GitError(problem.message, hint=_with_checkout(ctx, problem.hint)) from problem


def hidden_history(repo: GitRepo, ctx: CiContext, commit: str) -> GitError:
    """The error for a history that is truncated at ``commit``, because the clone is shallow."""
    return GitError(
        f"this clone is shallow: versions published before {commit[:12]} are not in it",
        hint=_with_checkout(ctx, repo.refs.deepen_hint()),
    )


def _with_checkout(ctx: CiContext, hint: str) -> str:
    advice = _CHECKOUT.get(ctx.system, "")
    return f"{advice}, or {hint}" if advice else hint


def _resolve(repo: GitRepo, ctx: CiContext, against: str, configured: str) -> Base:
    candidate: Candidate = "HEAD" if repo.is_bare else ctx.candidate
    head = repo.head()
    if candidate == "HEAD" and ctx.kind == "pre-push":
        head = repo.resolve(ctx.head_sha)
    commit = head if candidate == "HEAD" else None
    if candidate == "HEAD" and head is None:
        raise GitError("there is no commit yet, so nothing to judge", hint="commit first")
    diff_base: str | None
    tip: str | None
    if against:
        diff_base, tip, why = _against(repo, head, against)
    elif head is None:
        published = repo.default_branch(configured)
        diff_base, tip = None, published.sha if published else None
        why = "there is no commit yet: everything is new"
    elif ctx.kind == "pull_request":
        diff_base, tip, why = _pull_request(repo, ctx, head)
    elif ctx.kind == "merge_group":
        tip = diff_base = _named_base(repo, ctx)
        why = "the merge queue's base"
    elif ctx.kind == "pre-push":
        diff_base, tip, why = _pre_push(repo, ctx, head, configured)
    elif ctx.kind in {"push", "tag"}:
        diff_base, tip, why = _push(repo, ctx, head, configured or ctx.default_branch)
    else:
        diff_base, tip, why = _local(repo, ctx, head, configured)
        if ctx.kind == "other" and diff_base == head:
            diff_base, tip, why = _before(repo, head)
    return Base(diff_base, tip, candidate, f"{why} ({ctx.explain})", commit)


def _against(repo: GitRepo, head: str | None, against: str) -> tuple[str | None, str, str]:
    tip = repo.resolve(against)
    name = printable(against)
    if head is None:
        return None, tip, f"--against {name}; there is no commit yet"
    try:
        common = repo.merge_base(tip, head)
    except GitError:
        # The diff base only selects: compared with the tip itself, a change touches more subjects, never fewer.
        common = None
    if common is None:
        return tip, tip, f"--against {name}"
    return common, tip, f"where this branch left {name}, which --against names"


def _pull_request(repo: GitRepo, ctx: CiContext, head: str) -> tuple[str, str, str]:
    if ctx.event == "pull_request_target" and head != ctx.head_sha and not _merges(repo, ctx, head):
        raise GitError(
            "pull_request_target checks out the base branch: the pull request's own schemas are not here",
            hint="run schemagate on the pull_request event; it needs no secrets",
        )
    if ctx.merged and _merges(repo, ctx, head):
        parent = repo.resolve(repo.parents(head)[0])
        return parent, parent, "the first parent of the merge commit that the system made"
    remote = repo.refs.remote() or "origin"
    name = f"{remote}/{ctx.base_branch}"
    tip = repo.refs.find(f"refs/remotes/{name}") if ctx.base_branch else None
    if tip is None and ctx.system == "github" and ctx.base_sha:
        tip, name = repo.resolve(ctx.base_sha), "the pull request's base commit"
    if tip is None:
        tip = repo.resolve(f"refs/remotes/{name}") if ctx.base_branch else _named_base(repo, ctx)
    named = repo.refs.find(ctx.base_sha) if ctx.base_sha and ctx.system == "gitlab" else None
    return named or _common(repo, tip, head, name), tip, f"where the change left {printable(name)}"


def _merges(repo: GitRepo, ctx: CiContext, head: str) -> bool:
    """Whether HEAD is the system's merge of the change into its base, and not a merge that the change itself made."""
    parents = repo.parents(head)
    return len(parents) == 2 and ctx.head_sha == parents[1]


def _push(repo: GitRepo, ctx: CiContext, head: str, default: str) -> tuple[str | None, str | None, str]:
    """What a push publishes, on the default branch; elsewhere it publishes nothing, and the default branch counts."""
    main = default or _name_of(repo)
    if ctx.kind == "push" and main and ctx.branch and ctx.branch != main:
        return _local(repo, ctx, head, default)
    if ctx.base_sha:
        before = repo.resolve(ctx.base_sha)
        return before, before, "the commit that the branch pointed at before"
    return _before(repo, head)


def _before(repo: GitRepo, head: str) -> tuple[str | None, str | None, str]:
    parent = repo.first_parent(head)
    if parent is None:
        return None, None, "the first commit: nothing was published before"
    parent = repo.resolve(parent)
    return parent, parent, "the first parent of HEAD"


def _pre_push(repo: GitRepo, ctx: CiContext, head: str, configured: str) -> tuple[str | None, str | None, str]:
    published = repo.default_branch(configured)
    known = repo.refs.find(ctx.base_sha)
    if known is None:
        return _local(repo, ctx, head, configured)
    return known, published.sha if published else known, "the start of the range that is pushed"


def _local(repo: GitRepo, ctx: CiContext, head: str, configured: str) -> tuple[str | None, str | None, str]:
    published = repo.default_branch(configured)
    branch = ctx.branch or repo.branch()
    if published is not None and branch == published.name and repo.head() == published.sha:
        upstream = repo.refs.upstream(branch)
        published = upstream or published
    if published is None:
        return head, head, "HEAD: no default branch is known here"
    name = printable(published.name)
    if ctx.kind == "hook":
        return head, published.sha, f"HEAD, with what {name} published"
    return _common(repo, published.sha, head, name), published.sha, f"where this branch left {name}"


def _name_of(repo: GitRepo) -> str:
    published = repo.default_branch()
    if published is None:
        return ""
    remote = repo.refs.remote()
    return published.name.removeprefix(f"{remote}/") if remote else published.name


def _common(repo: GitRepo, tip: str, head: str, name: str) -> str:
    common = repo.merge_base(tip, head)
    if common is None:
        raise GitError(
            f"this branch shares no history with {printable(name)}",
            hint="name the commit to compare with: --against REF",
        )
    return common


def _named_base(repo: GitRepo, ctx: CiContext) -> str:
    if not ctx.base_sha:
        raise GitError(f"{ctx.explain} names no base commit", hint="name the commit to compare with: --against REF")
    return repo.resolve(ctx.base_sha)
