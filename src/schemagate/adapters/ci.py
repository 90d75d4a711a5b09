"""Tell from the environment what is being judged: whose change, against which base, on which CI system."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from schemagate.errors import UndecidedError

Kind = Literal["pull_request", "merge_group", "push", "tag", "hook", "pre-push", "terminal", "other"]
Candidate = Literal["worktree", "index", "HEAD"]
System = Literal["github", "gitlab", "azure", "jenkins", "buildkite", "pre-commit", "git-hook", "none"]

_MOST_EVENT_BYTES = 16 * 1024 * 1024
"""GitHub cuts webhook payloads at 25 MB; those of a pull request have some 30 kB."""


class CiContext(msgspec.Struct, frozen=True):
    """What the environment says. Empty strings where it says nothing.

    ``base_sha`` is the commit that the system names as the change's base, ``base_branch`` the branch that the
    change is meant for, ``head_sha`` the change's own last commit, ``branch`` the branch built, ``default_branch``
    the repository's. ``merged`` holds where HEAD may be a merge of the change into its base, made by the system.
    """

    system: System
    kind: Kind
    candidate: Candidate
    explain: str
    base_sha: str = ""
    base_branch: str = ""
    head_sha: str = ""
    branch: str = ""
    default_branch: str = ""
    merged: bool = False
    event: str = ""


def detect(env: Mapping[str, str], event: Mapping[str, Any] | None = None) -> CiContext:
    """The context that ``env`` describes; ``event`` is GitHub's payload, see ``read_event``.

    pre-commit's range comes first, being the most exact; then the CI system, also below pre-commit, which in CI
    runs on a clean index; then a hook; then a person at a terminal.
    """
    if env.get("PRE_COMMIT_FROM_REF") and env.get("PRE_COMMIT_TO_REF"):
        return CiContext(
            "pre-commit",
            "pre-push",
            "HEAD",
            "pre-commit names the range in PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF",
            base_sha=env["PRE_COMMIT_FROM_REF"],
            head_sha=env["PRE_COMMIT_TO_REF"],
        )
    if env.get("GITHUB_ACTIONS") == "true":
        return _github(env, event or {})
    if env.get("GITLAB_CI") == "true":
        return _gitlab(env)
    if env.get("TF_BUILD", "").lower() == "true":
        return _azure(env)
    if env.get("BUILDKITE") == "true":
        return _buildkite(env)
    if env.get("JENKINS_URL"):
        return _jenkins(env)
    if env.get("PRE_COMMIT") == "1":
        return CiContext("pre-commit", "hook", "index", "pre-commit runs it on what is staged")
    if env.get("GIT_INDEX_FILE"):
        return CiContext("git-hook", "hook", "index", "a git hook runs it on what is staged")
    if env.get("CI", "").lower() in {"true", "1"}:
        return CiContext("none", "other", "HEAD", "a CI system that names no base")
    return CiContext("none", "terminal", "worktree", "a terminal: the work tree with its untracked files")


def read_event(env: Mapping[str, str]) -> Mapping[str, Any] | None:
    """GitHub's event payload, None outside GitHub; UndecidedError where it is named and cannot be read."""
    path = env.get("GITHUB_EVENT_PATH", "") if env.get("GITHUB_ACTIONS") == "true" else ""
    if not path:
        return None
    hint = "run it in a step of the job itself, where the file that GITHUB_EVENT_PATH names exists"
    try:
        with open(path, "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise UndecidedError("GITHUB_EVENT_PATH names something that is not a file", hint=hint)
            content = stream.read(_MOST_EVENT_BYTES + 1)
        if len(content) > _MOST_EVENT_BYTES:
            raise UndecidedError("the file that GITHUB_EVENT_PATH names is larger than any event", hint=hint)
        event = json.loads(content)
    except (OSError, ValueError, RecursionError) as problem:
        raise UndecidedError(f"GitHub's event cannot be read: {problem}", hint=hint) from problem
    if not isinstance(event, dict):
        raise UndecidedError("GitHub's event is not a JSON object", hint=hint)
    return event


def _github(env: Mapping[str, str], event: Mapping[str, Any]) -> CiContext:
    name = env.get("GITHUB_EVENT_NAME", "")
    default = _text(event, "repository", "default_branch")
    branch = env.get("GITHUB_REF_NAME", "") if env.get("GITHUB_REF_TYPE") == "branch" else ""
    if name in {"pull_request", "pull_request_target", "pull_request_review"}:
        return CiContext(
            "github",
            "pull_request",
            "HEAD",
            f"GitHub's {name} event",
            base_sha=_text(event, "pull_request", "base", "sha"),
            base_branch=env.get("GITHUB_BASE_REF", "") or _text(event, "pull_request", "base", "ref"),
            head_sha=_text(event, "pull_request", "head", "sha"),
            default_branch=default,
            merged=True,
            event=name,
        )
    if name == "merge_group":
        return CiContext(
            "github",
            "merge_group",
            "HEAD",
            "GitHub's merge queue",
            base_sha=_text(event, "merge_group", "base_sha"),
            base_branch=_text(event, "merge_group", "base_ref").removeprefix("refs/heads/"),
            head_sha=_text(event, "merge_group", "head_sha"),
            default_branch=default,
            event=name,
        )
    if name == "push" and env.get("GITHUB_REF_TYPE") == "tag":
        return CiContext("github", "tag", "HEAD", "a tag pushed to GitHub", default_branch=default, event=name)
    if name == "push":
        before = _named(_text(event, "before"))
        explain = "a push to GitHub"
        return CiContext(
            "github", "push", "HEAD", explain, base_sha=before, branch=branch, default_branch=default, event=name
        )
    explain = f"GitHub's {name or 'unnamed'} event, which has no base"
    return CiContext("github", "other", "HEAD", explain, branch=branch, default_branch=default, event=name)


def _gitlab(env: Mapping[str, str]) -> CiContext:
    default = env.get("CI_DEFAULT_BRANCH", "")
    if env.get("CI_MERGE_REQUEST_IID"):
        merged = env.get("CI_MERGE_REQUEST_EVENT_TYPE", "") in {"merged_result", "merge_train"}
        return CiContext(
            "gitlab",
            "pull_request",
            "HEAD",
            "a GitLab merge request" + (", merged with its target" if merged else ""),
            base_sha=_named(env.get("CI_MERGE_REQUEST_DIFF_BASE_SHA", "")),
            base_branch=env.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", ""),
            head_sha=_named(env.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "")),
            default_branch=default,
            merged=merged,
            event=env.get("CI_MERGE_REQUEST_EVENT_TYPE", ""),
        )
    if env.get("CI_COMMIT_TAG"):
        return CiContext("gitlab", "tag", "HEAD", "a tag on GitLab", default_branch=default)
    return CiContext(
        "gitlab",
        "push" if env.get("CI_PIPELINE_SOURCE", "push") == "push" else "other",
        "HEAD",
        "a GitLab branch pipeline",
        base_sha=_named(env.get("CI_COMMIT_BEFORE_SHA", "")),
        branch=env.get("CI_COMMIT_BRANCH", ""),
        default_branch=default,
    )


def _azure(env: Mapping[str, str]) -> CiContext:
    target = env.get("SYSTEM_PULLREQUEST_TARGETBRANCH", "")
    source = env.get("BUILD_SOURCEBRANCH", "")
    if target:
        return CiContext(
            "azure",
            "pull_request",
            "HEAD",
            "an Azure Pipelines pull request",
            base_branch=target.removeprefix("refs/heads/"),
            head_sha=_named(env.get("SYSTEM_PULLREQUEST_SOURCECOMMITID", "")),
            merged=True,
        )
    if source.startswith("refs/tags/"):
        return CiContext("azure", "tag", "HEAD", "a tag on Azure Pipelines")
    branch = source.removeprefix("refs/heads/")
    return CiContext("azure", "push", "HEAD", "an Azure Pipelines branch build", branch=branch)


def _buildkite(env: Mapping[str, str]) -> CiContext:
    default = env.get("BUILDKITE_PIPELINE_DEFAULT_BRANCH", "")
    if env.get("BUILDKITE_PULL_REQUEST", "false") != "false":
        return CiContext(
            "buildkite",
            "pull_request",
            "HEAD",
            "a Buildkite pull request build",
            base_branch=env.get("BUILDKITE_PULL_REQUEST_BASE_BRANCH", ""),
            default_branch=default,
        )
    if env.get("BUILDKITE_TAG"):
        return CiContext("buildkite", "tag", "HEAD", "a tag on Buildkite", default_branch=default)
    explain, branch = "a Buildkite branch build", env.get("BUILDKITE_BRANCH", "")
    return CiContext("buildkite", "push", "HEAD", explain, branch=branch, default_branch=default)


def _jenkins(env: Mapping[str, str]) -> CiContext:
    if env.get("CHANGE_TARGET"):
        return CiContext(
            "jenkins", "pull_request", "HEAD", "a Jenkins change request", base_branch=env["CHANGE_TARGET"]
        )
    if env.get("TAG_NAME"):
        return CiContext("jenkins", "tag", "HEAD", "a tag on Jenkins")
    branch = env.get("BRANCH_NAME") or env.get("GIT_BRANCH", "").removeprefix("origin/")
    before = _named(env.get("GIT_PREVIOUS_SUCCESSFUL_COMMIT", ""))
    return CiContext("jenkins", "push", "HEAD", "a Jenkins branch build", base_sha=before, branch=branch)


def _named(sha: str) -> str:
    """A commit id, empty where a system writes zeros for "none"."""
    return sha if sha.strip("0") else ""


def _text(event: Mapping[str, Any], *keys: str) -> str:
    value: Any = event
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else ""
