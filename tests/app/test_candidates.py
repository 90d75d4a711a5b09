"""What is judged, and against what: terminals, hooks, CI systems, and repositories of every shape."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.adapters.repos import Repo
from tests.app.scene import OPTIONAL, ledger, record, run, told

import schemagate
from schemagate.cli.main import main
from schemagate.errors import GitError, UsageError

USER = record("User", id="string", email="string")
WIDER = record("User", id="string", email="string", nick=OPTIONAL)
LONG = record("User", id="long", email="string")
BREAK = "error field-type-changed com.example.User $.id user.avsc:6:28 v1< v1>"
HOOK = {"PRE_COMMIT": "1"}
ACTIONS = {"GITHUB_ACTIONS": "true"}


@pytest.fixture
def published(repo):
    return repo.write("user.avsc", USER).commit("1").branch("change")


# The candidate


def test_at_a_terminal_the_work_tree_is_judged_with_its_untracked_files(published):
    published.write("user.avsc", LONG).write("new.avsc", record("New", id="string"))

    assert told(run(published)) == [BREAK]
    assert ledger(run(published)) == ["com.example.New new.avsc new:", "com.example.User user.avsc changed: v1"]


def test_ignored_files_are_not_judged(published):
    published.write(".gitignore", "build/\n").write("build/user.avsc", LONG)

    assert ledger(run(published)) == []


def test_in_a_hook_what_is_staged_is_judged_and_not_the_work_tree(published):
    published.write("user.avsc", LONG).stage().write("user.avsc", USER)

    assert told(run(published, HOOK)) == [BREAK]
    assert told(run(published)) == []
    published.write("user.avsc", USER).stage().write("user.avsc", LONG)
    assert told(run(published, HOOK)) == []


def test_in_ci_the_commit_is_judged_and_not_the_work_tree(published):
    published.write("user.avsc", LONG).commit("2").write("user.avsc", USER)

    assert told(run(published, {"CI": "true"})) == [BREAK]


def test_an_editors_buffer_is_judged_in_place_of_its_file(published):
    assert told(run(published, stdin=LONG.encode(), stdin_path="user.avsc")) == [BREAK]


def test_an_editors_buffer_is_named_from_the_directory_where_it_is_checked(repo):
    repo.write("a/user.avsc", USER).commit("1").branch("change")

    report = run(repo, directory=str(repo.path / "a"), stdin=LONG.encode(), stdin_path="user.avsc")

    assert told(report) == ["error field-type-changed com.example.User $.id a/user.avsc:6:28 v1< v1>"]


def test_the_range_that_pre_commit_names_is_judged(published):
    published.write("user.avsc", LONG).commit("2")
    env = {
        "PRE_COMMIT": "1",
        "PRE_COMMIT_FROM_REF": published.sha("main"),
        "PRE_COMMIT_TO_REF": published.sha("change"),
    }
    published.checkout("main")

    assert told(run(published, env)) == [BREAK]


# The base


def test_the_diff_base_selects_and_the_tip_of_the_baseline_judges(repo):
    repo.write("user.avsc", USER).write("order.avsc", record("Order", id="string")).commit("1").branch("change")
    repo.checkout("main").write("user.avsc", WIDER).write("order.avsc", record("Order", id="string", n=OPTIONAL))
    repo.write("added.avsc", record("Added", id="string")).commit("2").checkout("change")
    repo.write("user.avsc", record("User", id="string", email="string", nick={"type": "string", "default": ""}))

    report = run(repo)

    assert ledger(report) == ["com.example.User user.avsc changed: v1 v2"]
    assert [line.split()[1:] for line in told(report) if line.startswith("error")] == [
        ["nullability-removed", "com.example.User", "$.nick", "user.avsc:8:30", "v2<"]
    ]


def test_all_judges_every_subject_of_the_candidate_and_calls_nothing_deleted_that_only_the_baseline_has(repo):
    repo.write("user.avsc", USER).commit("1").branch("change")
    repo.checkout("main").write("added.avsc", record("Added", id="string")).commit("2").checkout("change")

    report = run(repo, everything=True)

    assert told(report) == []
    assert ledger(report) == ["com.example.User user.avsc unchanged: v1"]


def test_against_names_another_base(repo):
    repo.write("user.avsc", USER).commit("1").git("tag", "released")
    repo.write("user.avsc", LONG).commit("2: on main")

    assert told(run(repo)) == []
    assert told(run(repo, against="released")) == [BREAK]


@pytest.mark.parametrize("spelling", ["main", "main~0", "HEAD", "", "@"])
def test_versions_are_labelled_with_a_branch_however_the_commit_is_spelled(repo, spelling):
    repo.write("user.avsc", USER).commit("1").write("user.avsc", LONG)
    sha = repo.sha("main")

    report = run(repo, against=spelling or sha)

    assert [v.published[0].label for line in report.compared for v in line.versions] == [f"main@{sha[:7]}"]


def test_the_note_names_the_candidate_that_was_asked_for(repo):
    repo.write("user.avsc", USER).commit("1")

    assert run(repo, against="main", candidate="HEAD").notes == (
        "base: where this branch left main, which --against names (HEAD as it is committed)",
        "the change touches no schema; `schemagate check --all` judges every subject",
    )


def test_only_the_first_parents_of_the_baseline_are_published(repo):
    repo.write("user.avsc", USER).commit("1").branch("feature")
    repo.write("user.avsc", LONG).commit("tried").write("user.avsc", WIDER).commit("better")
    repo.checkout("main").merge("feature").branch("change").write("user.avsc", record("User", id="string", email="int"))

    assert ledger(run(repo)) == ["com.example.User user.avsc changed: v1 v2"]


def event(base, head):
    return {
        "pull_request": {"base": {"sha": base, "ref": "main"}, "head": {"sha": head}},
        "repository": {"default_branch": "main"},
    }


@pytest.fixture
def clone(published, tmp_path):
    """What a CI system checks out: a detached clone of the change, with the branches of its remote."""
    published.write("user.avsc", LONG).commit("2")
    copy = published.clone(tmp_path / "ci")
    copy.git("checkout", "--quiet", "--detach", "origin/change")
    return copy


def test_a_pull_request_on_github_is_judged_against_its_base_branch(clone):
    env = {**ACTIONS, "GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main"}

    assert told(run(clone, env, event=event(clone.sha("origin/main"), clone.sha()))) == [BREAK]


def test_a_pull_request_on_github_checked_out_as_a_merge_is_judged_against_the_first_parent(clone):
    head = clone.sha()
    clone.git("checkout", "--quiet", "--detach", "origin/main")
    clone.merge(head)
    env = {**ACTIONS, "GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main"}

    assert told(run(clone, env, event=event(clone.sha("HEAD~1"), head))) == [BREAK]


def test_githubs_merge_queue_names_its_base(clone):
    env = {**ACTIONS, "GITHUB_EVENT_NAME": "merge_group"}
    group = {"merge_group": {"base_sha": clone.sha("HEAD~1"), "base_ref": "refs/heads/main", "head_sha": clone.sha()}}

    assert told(run(clone, env, event=group)) == [BREAK]


def test_a_push_to_github_is_judged_against_what_the_branch_held_before(repo):
    repo.write("user.avsc", USER).commit("1").write("user.avsc", LONG).commit("2")
    env = {**ACTIONS, "GITHUB_EVENT_NAME": "push", "GITHUB_REF_TYPE": "branch", "GITHUB_REF_NAME": "main"}

    pushed = {"before": repo.sha("HEAD~1"), "repository": {"default_branch": "main"}}

    assert told(run(repo, env, event=pushed)) == [BREAK]


@pytest.mark.parametrize(
    "env",
    [
        {
            "GITLAB_CI": "true",
            "CI_MERGE_REQUEST_IID": "1",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
            "CI_DEFAULT_BRANCH": "main",
        },
        {"TF_BUILD": "True", "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"},
        {"BUILDKITE": "true", "BUILDKITE_PULL_REQUEST": "7", "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "main"},
        {"JENKINS_URL": "https://ci", "CHANGE_TARGET": "main"},
    ],
    ids=["gitlab", "azure", "buildkite", "jenkins"],
)
def test_a_pull_request_elsewhere_is_judged_against_its_target_branch(clone, env):
    assert told(run(clone, env)) == [BREAK]


# Repositories of every shape


def test_a_detached_head_is_judged_against_the_default_branch(published):
    published.write("user.avsc", LONG).commit("2").checkout(published.sha("HEAD"))

    assert told(run(published)) == [BREAK]


def test_a_linked_worktree_is_judged_by_its_own_files(published, tmp_path):
    published.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"), "main")
    side = Repo(tmp_path / "side", init=False).write("user.avsc", LONG)

    assert told(run(side)) == [BREAK]


def test_a_submodule_is_judged_as_a_repository_of_its_own(published, tmp_path):
    published.checkout("main")
    outer = Repo(tmp_path / "outer").write("outer.avsc", record("Outer", id="string"))
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(published.path), "inner")
    outer.commit("1").write("inner/user.avsc", LONG)

    assert told(run(outer)) == []
    assert told(run(Repo(tmp_path / "outer/inner", init=False))) == [BREAK]


def test_a_subdirectory_judges_the_whole_repository_and_paths_are_its_own(repo):
    repo.write("a/user.avsc", USER).write("b/other.avsc", record("Other", id="string")).commit("1").branch("change")
    repo.write("a/user.avsc", LONG).write("b/other.avsc", record("Other", id="long"))
    inside = str(repo.path / "a")

    assert [f.location.path for f in run(repo, directory=inside).findings] == ["a/user.avsc", "b/other.avsc"]
    assert [f.location.path for f in run(repo, directory=inside, paths=(".",)).findings] == ["a/user.avsc"]
    assert [f.location.path for f in run(repo, directory=inside, paths=("user.avsc",)).findings] == ["a/user.avsc"]
    assert [f.location.path for f in run(repo, directory=inside, paths=("../b",)).findings] == ["b/other.avsc"]


def test_a_path_that_does_not_exist_is_a_mistake_and_not_a_clean_run(published):
    with pytest.raises(UsageError, match=r"there is no file or directory usr\.avsc"):
        run(published, paths=("usr.avsc",))


def test_a_deleted_file_can_be_named(published):
    published.delete("user.avsc")

    assert told(run(published, paths=("user.avsc",))) == ["error published-schema-deleted user.avsc:1:1"]


def test_a_shallow_clone_is_undecided_and_says_what_to_fetch(published, tmp_path):
    published.write("user.avsc", LONG).commit("2").checkout("main").write("user.avsc", WIDER).commit("3")
    shallow = published.clone(tmp_path / "shallow", "--depth=1", "--no-single-branch")
    shallow.git("checkout", "--quiet", "--detach", "origin/change")

    with pytest.raises(GitError) as caught:
        run(shallow, {"CI": "true"})

    assert caught.value.exit_code == 3
    assert caught.value.hint == "run: git fetch --unshallow origin"


def test_no_repository_is_exit_3(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    assert main(["check"]) == 3
    assert "git" in capsys.readouterr().err


def test_exit_codes_of_the_command_line(published, monkeypatch, capsys):
    monkeypatch.chdir(published.path)

    assert main(["check"]) == 0
    published.write("user.avsc", LONG)
    assert main(["check"]) == 1
    assert main(["check", "--exit-zero"]) == 0
    published.write("schemagate.toml", '[rules]\nnonsense = "off"\n')
    assert main(["check"]) == 2
    assert "schemagate.toml:2:1: " in capsys.readouterr().err


def test_a_run_ends_without_a_complaint_of_the_interpreter(published):
    published.write("user.avsc", LONG)
    program = [sys.executable, "-X", "dev", "-W", "error", "-m", "schemagate", "check"]

    env = {**os.environ, "PYTHONPATH": source()}
    ended = subprocess.run(program, cwd=published.path, capture_output=True, text=True, check=False, env=env)

    assert (ended.returncode, ended.stderr) == (1, "")


def test_nothing_is_written_into_the_repository(published):
    published.write("user.avsc", LONG).write("new.avsc", USER)
    before = published.fingerprint()

    run(published)
    run(published, HOOK)
    run(published, everything=True)

    assert published.fingerprint() == before


def test_one_process_streams_the_contents_and_one_the_history(repo):
    repo.write("address.avsc", record("Address", city="string"))
    repo.write("order.avsc", record("Order", home="com.example.Address")).commit("1")
    for number in range(5):
        repo.write("address.avsc", record("Address", city="string", **{f"f{number}": OPTIONAL})).commit(str(number))
    repo.branch("change").write("address.avsc", record("Address", city="long"))
    from tests.app.scene import TODAY

    from schemagate.app import check as app
    from schemagate.app.gather import gather
    from schemagate.app.request import CheckRequest

    scope = app.look(CheckRequest(str(repo.path), TODAY, {}))
    with scope.repo:
        gather(scope)
        counts = scope.repo.counters

    assert {name: counts[name] for name in counts if "cat-file" in name or "log" in name} == {"cat-file": 1, "log": 1}


# What files are called and hold


@pytest.mark.parametrize(
    "name",
    ["with space/user.avsc", 'quo"te/user.avsc', "new\nline/user.avsc", "ünïcode/user.avsc", b"\xff\xfe/user.avsc"],
)
def test_any_file_name_is_judged(repo, name):
    path = os.fsdecode(name)
    repo.write(path, USER).commit("1").branch("change").write(path, LONG)

    report = run(repo)

    assert [(f.rule, f.location.path, f.location.line) for f in report.findings] == [("field-type-changed", path, 6)]


@pytest.mark.parametrize("name", ["new\nline/user.avsc", b"\xff\xfe/user.avsc"])
def test_any_file_name_can_be_printed(repo, name, monkeypatch, capsys):
    path = os.fsdecode(name)
    repo.write(path, USER).commit("1").branch("change").write(path, LONG)
    monkeypatch.chdir(repo.path)

    assert main(["check"]) == 1
    assert main(["check", "--format", "json"]) == 1
    assert capsys.readouterr().err == ""


def test_line_ends_make_no_difference(repo):
    repo.write("user_v1.avsc", USER).commit("1").branch("change")
    repo.write("user_v1.avsc", USER.replace("\n", "\r\n"))
    assert told(run(repo)) == []

    repo.write("user_v2.avsc", LONG.replace("\n", "\r\n"))
    assert told(run(repo)) == [BREAK.replace("user.avsc", "user_v2.avsc")]


def test_a_byte_order_mark_is_a_finding_and_the_schema_is_judged(published):
    published.write("user.avsc", b"\xef\xbb\xbf" + LONG.encode())

    found = told(run(published))

    assert [line.split()[1] for line in found] == ["field-type-changed", "byte-order-mark"]


def test_an_lfs_pointer_as_the_candidate_is_a_finding_and_no_deletion(published):
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12\n"
    published.write("user.avsc", pointer)

    report = run(published)

    assert told(report) == ["error lfs-pointer # user.avsc:1:1"]
    assert report.exit_code == 1


def test_an_lfs_pointer_in_history_is_undecided(repo):
    repo.write("user.avsc", f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12\n").commit("1")
    repo.branch("change").write("user.avsc", USER)

    with pytest.raises(GitError, match=r"user\.avsc was published as a git LFS pointer") as caught:
        run(repo)

    assert caught.value.exit_code == 3


def test_a_symbolic_link_out_of_the_repository_is_not_read(repo, tmp_path):
    (tmp_path / "secret.avsc").write_text(USER)
    repo.write("x", "").commit("1").branch("change")
    (repo.path / "user.avsc").symlink_to(tmp_path / "secret.avsc")

    report = run(repo)

    assert told(report) == ["error unreadable-file # user.avsc:1:1"]
    assert "outside the repository" in report.findings[0].message
    assert report.exit_code == 1


def test_a_file_of_ten_megabytes_is_a_finding(repo):
    repo.write("user.avsc", USER[:-2] + " " * 10_500_000 + "}\n")

    assert [f.rule for f in run(repo).findings] == ["file-too-large"]


def test_a_comparison_past_its_budget_is_undecided_and_the_rest_is_told(repo, monkeypatch):
    from schemagate.engine.judge import Judge
    from schemagate.errors import UndecidedError

    judge = Judge.judge

    def impatient(self, lineage):
        if lineage.subject == "com.example.Deep":
            raise UndecidedError("more than 1 pairs of types to compare", hint="split them")
        return judge(self, lineage)

    repo.write("deep.avsc", record("Deep", a="int")).write("user.avsc", USER).commit("1").branch("change")
    repo.write("deep.avsc", record("Deep", a="string")).write("user.avsc", LONG)
    monkeypatch.setattr(Judge, "judge", impatient)

    report = run(repo)

    assert told(report) == [BREAK]
    assert report.undecided == ("com.example.Deep: more than 1 pairs of types to compare; split them",)
    assert report.exit_code == 3


# Through git itself


def test_a_commit_is_stopped_by_a_hook_that_judges_what_it_stages(published):
    hook = published.path / ".git/hooks/pre-commit"
    hook.write_text(f'#!/bin/sh\nPYTHONPATH="{source()}" exec "{sys.executable}" -m schemagate check >report\n')
    hook.chmod(0o755)
    published.write("user.avsc", LONG).stage().write("user.avsc", USER)
    before = published.sha()

    published.git("commit", "--quiet", "--message", "break", check=False)

    assert published.sha() == before
    assert "error[field-type-changed]" in (published.path / "report").read_text()
    published.stage().git("commit", "--quiet", "--allow-empty", "--message", "fine")
    assert published.sha() != before


def test_a_partial_clone_fetches_what_is_missing_and_judges_as_a_full_one(published, tmp_path):
    published.checkout("main").write("user.avsc", WIDER).commit("2").checkout("change")
    published.write("user.avsc", LONG).commit("3").checkout("main")
    partial = published.clone(tmp_path / "partial", "--filter=blob:none")
    partial.git("checkout", "--quiet", "--detach", "origin/change")

    assert told(run(partial, {"CI": "true"})) == [
        "error field-type-changed com.example.User $.id user.avsc:6:28 v1< v1> v2< v2>"
    ]


def test_a_file_in_conflict_is_undecided(published):
    published.write("user.avsc", LONG).commit("2").checkout("main").write("user.avsc", WIDER).commit("3")
    published.git("merge", "change", check=False)

    with pytest.raises(GitError, match="conflicts that are not resolved") as caught:
        run(published)

    assert caught.value.exit_code == 3


def test_a_bare_repository_judges_its_head(published, tmp_path):
    published.write("user.avsc", LONG).commit("2")
    published.git("clone", "--quiet", "--bare", str(published.path), str(tmp_path / "bare.git"))
    bare = Repo(tmp_path / "bare.git", init=False)

    assert told(run(bare, against="main")) == [BREAK]


def test_a_candidate_can_be_named(published):
    published.write("user.avsc", LONG).stage().write("user.avsc", USER)

    assert told(run(published, candidate="index")) == [BREAK]
    assert told(run(published, candidate="HEAD")) == []
    assert told(run(published, HOOK, candidate="worktree")) == []


def source() -> str:
    return str(Path(schemagate.__file__).parents[1])
