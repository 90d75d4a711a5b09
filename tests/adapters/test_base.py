"""What is compared with what, on every CI system, in hooks and at a terminal."""

from __future__ import annotations

import json

import pytest
from tests.adapters.repos import Repo

from schemagate.adapters.base import Base, hidden_history, resolve_base
from schemagate.adapters.ci import detect, read_event
from schemagate.adapters.git import open_repo
from schemagate.errors import GitError, UndecidedError

GITHUB = {"GITHUB_ACTIONS": "true", "GITHUB_REF_TYPE": "branch"}


@pytest.fixture
def origin(tmp_path):
    """`main` moved on after `topic` left it; `merged` is what a CI system makes of both."""
    repo = Repo(tmp_path / "origin").write("a.avsc", "1").commit("m1").write("a.avsc", "2").commit("m2")
    repo.branch("topic").write("b.avsc", "1").commit("t1").checkout("main").write("a.avsc", "3").commit("m3")
    return repo.branch("merged").merge("topic").checkout("main")


@pytest.fixture
def copy(origin, tmp_path):
    return origin.clone(tmp_path / "copy")


def base_of(repo, env, event=None, **options):
    with open_repo(str(repo.path)) as opened:
        return resolve_base(opened, detect(env, event), **options)


def brief(base):
    return base.diff_base, base.tip, base.candidate, base.commit


def pull_request_event(origin):
    return {
        "pull_request": {
            "base": {"sha": origin.sha("main~1"), "ref": "main"},
            "head": {"sha": origin.sha("topic"), "ref": "topic"},
        },
        "repository": {"default_branch": "main"},
    }


def test_github_pull_request_at_its_merge_commit(origin, copy):
    copy.checkout(origin.sha("merged"))

    base = base_of(copy, {**GITHUB, "GITHUB_EVENT_NAME": "pull_request"}, pull_request_event(origin))

    main = origin.sha("main")
    why = "the first parent of the merge commit that the system made (GitHub's pull_request event)"
    assert base == Base(main, main, "HEAD", why, origin.sha("merged"))


def test_github_pull_request_at_its_head(origin, copy):
    copy.checkout("topic")

    base = base_of(copy, {**GITHUB, "GITHUB_EVENT_NAME": "pull_request"}, pull_request_event(origin))

    assert brief(base) == (origin.sha("main~1"), origin.sha("main"), "HEAD", origin.sha("topic"))


def test_github_pull_request_whose_head_is_a_merge_of_its_own(origin, tmp_path):
    origin.checkout("topic").merge("main", "take main in")
    copy = origin.clone(tmp_path / "again").checkout("topic")

    base = base_of(copy, {**GITHUB, "GITHUB_EVENT_NAME": "pull_request"}, pull_request_event(origin))

    assert brief(base) == (origin.sha("main"), origin.sha("main"), "HEAD", origin.sha("topic"))


@pytest.mark.parametrize("depth", [1, 2])
def test_github_shallow_checkout(origin, tmp_path, depth):
    origin.checkout("merged")
    copy = origin.clone(tmp_path / "shallow", f"--depth={depth}")
    context = detect({**GITHUB, "GITHUB_EVENT_NAME": "pull_request"}, pull_request_event(origin))
    main = origin.sha("main")
    advice = "set `fetch-depth: 0` in actions/checkout (with `filter: blob:none` it stays small), or run: git fetch"

    with open_repo(str(copy.path)) as opened:
        if depth == 1:
            with pytest.raises(GitError) as caught:
                resolve_base(opened, context)
            assert caught.value.hint == f"{advice} --no-tags origin {main}"
        else:
            assert resolve_base(opened, context).tip == main
            history = opened.history(main, ["*.avsc"])
            assert history.truncated == main
            error = hidden_history(opened, context, main)
            assert error.message == f"this clone is shallow: versions published before {main[:12]} are not in it"
            assert error.hint == f"{advice} --unshallow origin"


def test_the_fetch_that_the_hint_names_helps(origin, tmp_path):
    origin.checkout("merged")
    copy = origin.clone(tmp_path / "shallow", "--depth=1")
    copy.git("fetch", "--quiet", "--no-tags", "origin", origin.sha("main"))

    base = base_of(copy, {**GITHUB, "GITHUB_EVENT_NAME": "pull_request"}, pull_request_event(origin))
    with open_repo(str(copy.path)) as opened:
        history = opened.history(base.tip, ["*.avsc"])

    assert (history.truncated, len(history.commits)) == (None, 3)


def test_github_pull_request_target_has_nothing_to_judge(origin, copy):
    copy.checkout("main")

    with pytest.raises(GitError) as caught:
        base_of(copy, {**GITHUB, "GITHUB_EVENT_NAME": "pull_request_target"}, pull_request_event(origin))

    assert caught.value.hint == "run schemagate on the pull_request event; it needs no secrets"


def test_github_merge_group(origin, copy):
    event = {"merge_group": {"base_sha": origin.sha("main"), "base_ref": "refs/heads/main", "head_sha": "x"}}
    copy.checkout(origin.sha("merged"))

    base = base_of(copy, {**GITHUB, "GITHUB_EVENT_NAME": "merge_group"}, event)

    assert brief(base) == (origin.sha("main"), origin.sha("main"), "HEAD", origin.sha("merged"))


def push_event(before):
    return {"before": before, "repository": {"default_branch": "main"}}


@pytest.mark.parametrize(
    ("branch", "before", "diff_base", "tip"),
    [
        ("main", "main~2", "main~2", "main~2"),
        ("main", None, "main~1", "main~1"),
        ("topic", "main~1", "main~1", "main"),
        ("topic", None, "main~1", "main"),
    ],
)
def test_github_push(origin, copy, branch, before, diff_base, tip):
    copy.checkout(branch)
    env = {**GITHUB, "GITHUB_EVENT_NAME": "push", "GITHUB_REF_NAME": branch}

    base = base_of(copy, env, push_event(origin.sha(before) if before else "0" * 40))

    assert brief(base) == (origin.sha(diff_base), origin.sha(tip), "HEAD", origin.sha(branch))


def test_github_push_after_which_the_old_commit_is_gone(copy):
    env = {**GITHUB, "GITHUB_EVENT_NAME": "push", "GITHUB_REF_NAME": "main"}

    with pytest.raises(GitError) as caught:
        base_of(copy, env, push_event("1" * 40))

    assert caught.value.hint.endswith(f"run: git fetch --no-tags origin {'1' * 40}")


def test_the_first_push_of_all_has_an_empty_baseline(tmp_path):
    repo = Repo(tmp_path / "new").write("a.avsc", "1").commit("one")
    env = {**GITHUB, "GITHUB_EVENT_NAME": "push", "GITHUB_REF_NAME": "main"}

    assert brief(base_of(repo, env, push_event("0" * 40))) == (None, None, "HEAD", repo.sha())


def test_github_tag_and_schedule_look_at_what_came_before(origin, copy):
    for env in (
        {**GITHUB, "GITHUB_EVENT_NAME": "push", "GITHUB_REF_TYPE": "tag"},
        {**GITHUB, "GITHUB_EVENT_NAME": "schedule", "GITHUB_REF_NAME": "main"},
    ):
        assert brief(base_of(copy, env, push_event("0" * 40)))[:2] == (origin.sha("main~1"), origin.sha("main~1"))


def test_gitlab_merge_request(origin, copy):
    copy.checkout(origin.sha("topic"))
    env = {
        "GITLAB_CI": "true",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_EVENT_TYPE": "detached",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": origin.sha("main~1"),
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
    }

    assert brief(base_of(copy, env))[:2] == (origin.sha("main~1"), origin.sha("main"))

    copy.git("update-ref", "-d", "refs/remotes/origin/main")
    with pytest.raises(GitError) as caught:
        base_of(copy, env)

    assert caught.value.hint == (
        'set the variable `GIT_DEPTH: "0"` for this job, or check its spelling, or run:'
        " git fetch origin +refs/heads/main:refs/remotes/origin/main"
    )


def test_gitlab_merged_results(origin, copy):
    copy.checkout(origin.sha("merged"))
    env = {
        "GITLAB_CI": "true",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_EVENT_TYPE": "merged_result",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": origin.sha("main~1"),
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": origin.sha("topic"),
    }

    assert brief(base_of(copy, env))[:2] == (origin.sha("main"), origin.sha("main"))


@pytest.mark.parametrize(
    "env",
    [
        {
            "GITLAB_CI": "true",
            "CI_COMMIT_BRANCH": "main",
            "CI_DEFAULT_BRANCH": "main",
            "CI_COMMIT_BEFORE_SHA": "BEFORE",
        },
        {"JENKINS_URL": "x", "BRANCH_NAME": "main", "GIT_PREVIOUS_SUCCESSFUL_COMMIT": "BEFORE"},
    ],
    ids=["gitlab", "jenkins"],
)
def test_pushes_elsewhere_that_name_the_commit_before(origin, copy, env):
    before = origin.sha("main~2")

    base = base_of(copy, {name: before if value == "BEFORE" else value for name, value in env.items()})

    assert brief(base) == (before, before, "HEAD", origin.sha("main"))


@pytest.mark.parametrize(
    "env",
    [
        {"TF_BUILD": "True", "BUILD_SOURCEBRANCH": "refs/heads/main"},
        {"BUILDKITE": "true", "BUILDKITE_BRANCH": "main", "BUILDKITE_PULL_REQUEST": "false"},
    ],
    ids=["azure", "buildkite"],
)
def test_pushes_that_name_no_commit_before(origin, copy, env):
    assert brief(base_of(copy, env))[:2] == (origin.sha("main~1"), origin.sha("main~1"))


@pytest.mark.parametrize(
    "env",
    [
        {"TF_BUILD": "True", "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"},
        {"JENKINS_URL": "x", "CHANGE_ID": "1", "CHANGE_TARGET": "main"},
        {"BUILDKITE": "true", "BUILDKITE_PULL_REQUEST": "1", "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "main"},
    ],
    ids=["azure", "jenkins", "buildkite"],
)
def test_pull_requests_elsewhere(origin, copy, env):
    copy.checkout("topic")

    assert brief(base_of(copy, env)) == (origin.sha("main~1"), origin.sha("main"), "HEAD", origin.sha("topic"))


def test_azure_merge_commit(origin, copy):
    copy.checkout(origin.sha("merged"))
    env = {
        "TF_BUILD": "True",
        "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
        "SYSTEM_PULLREQUEST_SOURCECOMMITID": origin.sha("topic"),
    }

    assert brief(base_of(copy, env))[:2] == (origin.sha("main"), origin.sha("main"))


def test_a_terminal_on_a_branch_compares_with_the_remotes_default_branch(origin, copy):
    copy.checkout("topic")

    base = base_of(copy, {})

    assert brief(base) == (origin.sha("main~1"), origin.sha("main"), "worktree", None)
    assert base.why == "where this branch left origin/main (a terminal: the work tree with its untracked files)"


def test_a_terminal_on_the_default_branch_compares_with_what_was_pushed(origin, copy):
    copy.write("a.avsc", "4").commit("not pushed")

    assert brief(base_of(copy, {}))[:2] == (origin.sha("main"), origin.sha("main"))


def test_a_terminal_without_a_remote_compares_with_the_last_commit(origin):
    assert brief(base_of(origin, {})) == (origin.sha("main"), origin.sha("main"), "worktree", None)


def test_a_terminal_without_any_default_branch_compares_with_the_last_commit(tmp_path):
    repo = Repo(tmp_path / "r").commit("one").branch("other").commit("two")
    repo.git("branch", "--delete", "--force", "main")

    assert brief(base_of(repo, {}))[:2] == (repo.sha(), repo.sha())
    with pytest.raises(GitError):
        base_of(repo, {}, configured_default="trunk")


def test_a_detached_head_is_compared_like_a_branch(origin, copy):
    copy.checkout(origin.sha("topic"))

    assert brief(base_of(copy, {}))[:2] == (origin.sha("main~1"), origin.sha("main"))


def test_an_unborn_branch_has_an_empty_baseline(tmp_path):
    repo = Repo(tmp_path / "new").write("a.avsc", "1")

    assert brief(base_of(repo, {})) == (None, None, "worktree", None)


def test_branches_without_common_history_need_to_be_told(origin, copy):
    copy.git("checkout", "--quiet", "--orphan", "alone")
    copy.commit("alone")

    with pytest.raises(GitError) as caught:
        base_of(copy, {})

    assert caught.value.message == "this branch shares no history with origin/main"
    assert brief(base_of(copy, {}, against="origin/main"))[:2] == (origin.sha("main"), origin.sha("main"))


def test_against_overrides_every_system(origin, copy):
    copy.checkout("topic")
    env = {**GITHUB, "GITHUB_EVENT_NAME": "push", "GITHUB_REF_NAME": "main"}

    base = base_of(copy, env, push_event("1" * 40), against="origin/main")

    assert brief(base) == (origin.sha("main~1"), origin.sha("main"), "HEAD", origin.sha("topic"))
    with pytest.raises(GitError):
        base_of(copy, {}, against="--all")


@pytest.mark.parametrize("env", [{"PRE_COMMIT": "1"}, {"GIT_INDEX_FILE": ".git/index"}], ids=["pre-commit", "hook"])
def test_a_hook_compares_what_is_staged_with_head(origin, copy, env):
    copy.checkout("topic")

    assert brief(base_of(copy, env)) == (origin.sha("topic"), origin.sha("main"), "index", None)


def test_pre_commit_in_ci_is_the_ci_system(origin, copy):
    copy.checkout(origin.sha("merged"))
    env = {**GITHUB, "GITHUB_EVENT_NAME": "pull_request", "PRE_COMMIT": "1"}

    assert brief(base_of(copy, env, pull_request_event(origin)))[:3] == (origin.sha("main"), origin.sha("main"), "HEAD")


def test_pre_push_compares_the_range_and_judges_what_is_pushed(origin, copy):
    env = {"PRE_COMMIT": "1", "PRE_COMMIT_FROM_REF": origin.sha("main~1"), "PRE_COMMIT_TO_REF": "origin/topic"}

    assert brief(base_of(copy, env)) == (origin.sha("main~1"), origin.sha("main"), "HEAD", origin.sha("topic"))


def test_an_unknown_ci_system_judges_head(origin, copy):
    copy.checkout("topic")

    assert brief(base_of(copy, {"CI": "true"})) == (
        origin.sha("main~1"), origin.sha("main"), "HEAD", origin.sha("topic"),
    )  # fmt: skip


def test_the_event_is_read_only_where_it_is_named(tmp_path):
    path = tmp_path / "event.json"
    env = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": str(path)}
    path.write_text(json.dumps({"before": "x"}))

    assert read_event({}) is None
    assert read_event(env) == {"before": "x"}
    for text in ("[]", "{", "[" * 100_000):
        path.write_text(text)
        with pytest.raises(UndecidedError):
            read_event(env)
    path.unlink()
    with pytest.raises(UndecidedError):
        read_event(env)


def test_an_event_of_the_wrong_shape_says_nothing():
    context = detect({**GITHUB, "GITHUB_EVENT_NAME": "pull_request"}, {"pull_request": ["no"], "repository": 7})

    assert (context.base_sha, context.head_sha, context.default_branch) == ("", "", "")
