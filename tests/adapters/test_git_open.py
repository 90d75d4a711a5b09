"""Which repository, from wherever it is asked: and if none can be read, what to do about it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from tests.adapters.repos import POSIX_ONLY, Repo

from schemagate.adapters.git import Branch, Entry, FileChange, literal, open_repo
from schemagate.errors import GitError

ASK = "import sys; from schemagate.adapters.git import open_repo\n"


@pytest.fixture
def repo(tmp_path):
    return Repo(tmp_path / "repo").write("a.avsc", "1\n").commit("one")


def test_a_subdirectory_and_a_file_find_the_work_tree(repo):
    repo.write("x/y/b.avsc", "2\n")

    for start in ("x/y", "x/y/b.avsc"):
        with open_repo(str(repo.path / start)) as opened:
            assert (opened.root, opened.prefix) == (str(repo.path), "x/y/")
            assert (opened.head(), opened.branch()) == (repo.sha(), "main")
            assert (opened.is_bare, opened.is_shallow) == (False, False)


def test_an_unborn_branch_has_a_name_and_no_commit(tmp_path):
    repo = Repo(tmp_path / "new").write("a.avsc", "1").stage()

    with open_repo(str(repo.path)) as opened:
        assert (opened.head(), opened.branch(), opened.default_branch()) == (None, "main", None)
        assert [entry.path for entry in opened.index_files()] == ["a.avsc"]
        assert [(change.status, change.path) for change in opened.diff(None, "index")] == [("A", "a.avsc")]
        assert [(change.status, change.path) for change in opened.diff(None, "worktree")] == [("A", "a.avsc")]


def test_a_detached_head_has_a_commit_and_no_name(repo):
    repo.checkout(repo.sha())

    with open_repo(str(repo.path)) as opened:
        assert (opened.head(), opened.branch()) == (repo.sha(), None)


def test_a_linked_worktree_has_its_own_index_and_branch(repo, tmp_path):
    repo.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    side = Repo(tmp_path / "side", init=False).write("b.avsc", "2").stage()

    with open_repo(str(side.path)) as opened:
        assert (opened.root, opened.branch()) == (str(side.path), "side")
        assert [entry.path for entry in opened.index_files()] == ["a.avsc", "b.avsc"]


def test_a_submodule_is_a_repository_of_its_own(repo, tmp_path):
    outer = Repo(tmp_path / "outer").write("o.avsc", "1").commit("outer")
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", repo.path.as_uri(), "sub")
    outer.commit("with submodule")

    with open_repo(str(outer.path / "sub")) as opened:
        assert opened.root == str(outer.path / "sub")
        assert [entry.path for entry in opened.index_files()] == ["a.avsc"]
    with open_repo(str(outer.path)) as opened:
        assert [entry.path for entry in opened.index_files()] == [".gitmodules", "o.avsc"]


def test_a_bare_repository_has_commits_but_no_index(repo, tmp_path):
    repo.git("clone", "--quiet", "--bare", str(repo.path), str(tmp_path / "bare.git"))

    with open_repo(str(tmp_path / "bare.git")) as opened:
        assert (opened.is_bare, opened.root, opened.head()) == (True, str(tmp_path / "bare.git"), repo.sha())
        assert list(opened.tree_files("main", lambda _: True)) == ["a.avsc"]
        with pytest.raises(GitError) as caught:
            opened.index_files()

    assert "is a bare repository" in caught.value.message


def test_sha256_repositories_work_alike(tmp_path):
    path = tmp_path / "sha256"
    path.mkdir()
    repo = Repo(path, init=False)
    repo.git("init", "--quiet", "--initial-branch=main", "--object-format=sha256")
    repo.write("x/a.avsc", "1\n").commit("one")

    with open_repo(str(path)) as opened:
        entry = Entry("x/a.avsc", repo.blob("x/a.avsc"), "100644")
        assert opened.index_files() == [entry]
        assert opened.tree_files("HEAD", lambda _: True) == {"x/a.avsc": entry}
        assert list(opened.blobs([entry.blob])) == [(entry.blob, b"1\n")]
        assert list(opened.history("HEAD").changes) == ["x/a.avsc"]
        assert [change.path for change in opened.diff(None, "HEAD")] == ["x/a.avsc"]


def test_no_repository_says_so(tmp_path):
    with pytest.raises(GitError) as caught:
        open_repo(str(tmp_path))

    assert caught.value.message == f"{tmp_path} is not in a git repository"
    assert "schemagate lint" in caught.value.hint


def test_a_place_that_does_not_exist_says_so(tmp_path):
    with pytest.raises(GitError) as caught:
        open_repo(str(tmp_path / "x" / "y"))

    assert caught.value.message == f"{tmp_path / 'x' / 'y'} does not exist"


def test_inside_the_git_directory_says_so(repo):
    with pytest.raises(GitError) as caught:
        open_repo(str(repo.path / ".git" / "refs"))

    assert "not in a work tree" in caught.value.message


def test_somebody_elses_repository_names_the_exact_command(repo, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")

    with pytest.raises(GitError) as caught:
        open_repo(str(repo.path))

    assert caught.value.message == f"git refuses to read {repo.path}: it belongs to another user"
    assert caught.value.hint == f"if you trust it, run: git config --global --add safe.directory {repo.path}"


@POSIX_ONLY
def test_without_git_the_answer_is_to_install_it(repo):
    code = (
        ASK + "from schemagate.errors import GitError\ntry: open_repo(sys.argv[1])\nexcept GitError as e: print(e.hint)"
    )
    env = {**os.environ, "PATH": str(repo.path), "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run(
        [sys.executable, "-c", code, str(repo.path)], env=env, capture_output=True, text=True, check=False
    )

    assert (ran.stdout, ran.stderr) == ("install git 2.31 or newer and put it on the PATH\n", "")


@POSIX_ONLY
def test_a_git_that_is_too_old_is_named(repo, tmp_path, monkeypatch):
    old = tmp_path / "bin" / "git"
    old.parent.mkdir()
    old.write_text(
        '#!/bin/sh\nfor word in "$@"; do case "$word" in\nversion) echo git version 2.20.1; exit 0;;\n'
        "rev-parse) echo --path-format=absolute; echo false; exit 0;;\nesac; done\n"
    )
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(old.parent), prepend=os.pathsep)

    with pytest.raises(GitError) as caught:
        open_repo(str(repo.path))

    assert caught.value.message == "git 2.20.1 is too old: schemagate needs 2.31 or newer"


def test_git_dir_of_another_repository_does_not_mislead(repo, tmp_path, monkeypatch):
    other = Repo(tmp_path / "other").write("o.avsc", "1").commit("other")
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.path))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.path / ".git" / "index"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other.path / ".git" / "objects"))

    with open_repo(str(repo.path)) as opened:
        assert (opened.root, opened.head()) == (str(repo.path), repo.sha())
        assert [entry.path for entry in opened.index_files()] == ["a.avsc"]
        assert list(opened.history("HEAD").changes) == ["a.avsc"]
    assert os.environ["GIT_DIR"] == str(other.path / ".git")


def test_git_dir_without_a_repository_around_is_followed(repo, tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    (home / "a.avsc").write_text("changed\n")
    monkeypatch.setenv("GIT_DIR", str(repo.path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(home))

    with open_repo(str(home)) as opened:
        assert (opened.root, opened.head()) == (str(home), repo.sha())
        assert [(c.path, c.status) for c in opened.pending().modified.values()] == [("a.avsc", "M")]


HOOK = """#!/bin/sh
{python} - <<'END' > "{out}" 2>&1
from schemagate.adapters.git import open_repo
with open_repo(".") as repo:
    blobs = [(entry.path, entry.blob) for entry in repo.index_files()]
    contents = dict(repo.blobs([blob for _, blob in blobs]))
    print([(path, contents[blob].decode()) for path, blob in blobs])
    print(sorted((change.status, change.path) for change in repo.diff(repo.head(), "index")))
END
"""


@pytest.mark.parametrize(
    ("commit", "expected"),
    [
        (("commit", "-q", "-m", "m"), {"a": "1", "b": "staged", "diff": ["b"]}),
        (("commit", "-q", "-a", "-m", "m"), {"a": "edited", "b": "staged", "diff": ["a", "b"]}),
        (("commit", "-q", "-m", "m", "a.avsc"), {"a": "edited", "b": "2", "diff": ["a"]}),
    ],
    ids=["staged", "all", "partial"],
)
@pytest.mark.parametrize("linked", [False, True], ids=["main work tree", "linked work tree"])
@POSIX_ONLY
def test_a_hook_sees_exactly_what_will_be_committed(repo, tmp_path, commit, expected, linked):
    repo.write("b.avsc", "2").commit("two")
    out = tmp_path / "out"
    hook = repo.path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(HOOK.format(python=sys.executable, out=out))
    hook.chmod(0o755)
    work = repo
    if linked:
        repo.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
        work = Repo(tmp_path / "side", init=False)
    work.write("b.avsc", "staged").stage().write("a.avsc", "edited")

    work.git(*commit, env={"PYTHONPATH": os.pathsep.join(sys.path)})

    first, second = out.read_text().splitlines()
    contents = {"a.avsc": expected["a"], "b.avsc": expected["b"]}
    assert first.replace("\\n", "") == repr(sorted(contents.items()))
    assert second == repr([("M", f"{name}.avsc") for name in expected["diff"]])


def test_an_index_that_the_user_chose_is_used(repo, tmp_path, monkeypatch):
    repo.git("read-tree", "--index-output=.git/chosen", "HEAD")
    (repo.path / ".git" / "chosen").rename(tmp_path / "chosen")
    repo.write("b.avsc", "2").stage()
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "chosen"))

    with open_repo(str(repo.path)) as opened:
        assert [entry.path for entry in opened.index_files()] == ["a.avsc"]


def test_refs_are_never_options_nor_paths(repo):
    with open_repo(str(repo.path)) as opened:
        for ref in ("--all", "-h", "--output=x", "HEAD:a.avsc", "a.avsc", "", "no\0thing", "main\n--all", "nothing"):
            with pytest.raises(GitError):
                opened.resolve(ref)
            with pytest.raises(GitError):
                opened.history(ref)
            with pytest.raises(GitError):
                opened.merge_base(ref, "HEAD")
        repo.git("update-ref", "refs/heads/-dash", "HEAD")
        assert opened.resolve("-dash") == repo.sha()
        assert opened.resolve("HEAD") == repo.sha()
    assert not (repo.path / "x").exists()


@pytest.mark.parametrize(
    ("ref", "hint"),
    [
        ("origin/topic", "check its spelling, or run: git fetch origin +refs/heads/topic:refs/remotes/origin/topic"),
        ("topic", "check its spelling, or run: git fetch origin +refs/heads/topic:refs/remotes/origin/topic"),
        ("1" * 40, f"run: git fetch --no-tags origin {'1' * 40}"),
        ("a b; rm", "check its spelling, or run: git fetch origin"),
    ],
)
def test_a_missing_ref_names_the_fetch_that_brings_it(repo, tmp_path, ref, hint):
    copy = repo.clone(tmp_path / "copy")

    with open_repo(str(copy.path)) as opened, pytest.raises(GitError) as caught:
        opened.resolve(ref)

    assert caught.value.hint == hint


def test_without_a_remote_a_missing_ref_is_a_spelling_mistake(repo):
    with open_repo(str(repo.path)) as opened, pytest.raises(GitError) as caught:
        opened.resolve("topic")

    assert caught.value.hint == "check its spelling; this repository has no remote to fetch it from"


def test_the_default_branch_is_the_remotes_head_before_any_local_branch(repo, tmp_path):
    repo.git("branch", "--move", "main", "trunk")
    copy = repo.clone(tmp_path / "copy")
    copy.write("a.avsc", "local").commit("ahead")

    with open_repo(str(copy.path)) as opened:
        assert opened.default_branch() == Branch("origin/trunk", repo.sha())
    with open_repo(str(repo.path)) as opened:
        assert opened.default_branch() is None
        assert opened.default_branch("trunk") == Branch("trunk", repo.sha())


def test_a_configured_default_branch_wins_and_must_exist(repo, tmp_path):
    repo.branch("release").commit("released").checkout("main")
    copy = repo.clone(tmp_path / "copy")

    with open_repo(str(copy.path)) as opened:
        assert opened.default_branch("release") == Branch("origin/release", repo.sha("release"))
        assert opened.default_branch("origin/release") == Branch("origin/release", repo.sha("release"))
        with pytest.raises(GitError) as caught:
            opened.default_branch("gone")

    assert caught.value.message == "the configured baseline branch 'gone' is not in this clone"


def test_a_merge_base_is_found_or_absent(repo):
    base = repo.sha()
    repo.branch("topic").commit("t").checkout("main").commit("m")
    repo.git("checkout", "--quiet", "--orphan", "alone")
    repo.commit("alone")

    with open_repo(str(repo.path)) as opened:
        assert opened.merge_base("main", "topic") == base
        assert opened.merge_base("main", "alone") is None
        assert opened.first_parent("topic") == base
        assert opened.first_parent("alone") is None


def test_a_shallow_clone_does_not_guess_a_merge_base(repo, tmp_path):
    for number in range(3):
        repo.commit(f"m{number}")
    repo.branch("topic").commit("t1").commit("t2").checkout("main").commit("m3")
    shallow = repo.clone(tmp_path / "shallow", "--depth=2", "--no-single-branch")
    deeper = repo.clone(tmp_path / "deeper", "--depth=4", "--no-single-branch")

    with open_repo(str(shallow.path)) as opened, pytest.raises(GitError) as caught:
        opened.merge_base("origin/main", "origin/topic")
    with open_repo(str(deeper.path)) as opened:
        found = opened.merge_base("origin/main", "origin/topic")

    assert caught.value.hint == "run: git fetch --unshallow origin"
    assert found == repo.sha("main~1")


def test_a_shallow_history_names_the_commit_where_it_ends(repo, tmp_path):
    repo.write("a.avsc", "2").commit("two").write("a.avsc", "3").commit("three").commit("four")
    shallow = repo.clone(tmp_path / "shallow", "--depth=2")
    deep = repo.clone(tmp_path / "deep", "--depth=4")

    with open_repo(str(shallow.path)) as opened:
        history = opened.history("HEAD", ["*.avsc"])
        recent = opened.history("HEAD", ["*.avsc"], since="2026-01-08T08:00:00+00:00")
    with open_repo(str(deep.path)) as opened:
        whole = opened.history("HEAD", ["*.avsc"])

    assert (history.truncated, [change.status for change in history.changes["a.avsc"]]) == (repo.sha("HEAD~1"), ["A"])
    assert (recent.truncated, recent.commits) == (None, [])
    assert (whole.truncated, len(whole.commits)) == (None, 3)


def test_a_conflict_is_not_judged(repo):
    repo.branch("topic").write("a.avsc", "t\n").commit("t").checkout("main").write("a.avsc", "m\n").commit("m")
    repo.git("merge", "topic", check=False)

    with open_repo(str(repo.path)) as opened, pytest.raises(GitError) as caught:
        opened.index_files()

    assert caught.value.message == "a.avsc: the merge has conflicts that are not resolved"


def test_the_work_tree_differs_by_edits_deletions_moves_and_new_files(repo):
    text = "".join(f"line {number}\n" for number in range(30))
    for name in ("edited", "gone", "moved", "moved_and_edited", "tracked_move"):
        repo.write(f"{name}.avsc", text.replace("line", name))
    repo.write(".gitignore", "ignored.avsc\n").commit("two")
    repo.write("edited.avsc", "x").delete("gone.avsc").move("moved.avsc", "x/moved.avsc")
    repo.move("moved_and_edited.avsc", "x/other.avsc").write(
        "x/other.avsc", text.replace("line", "moved_and_edited") + "and more\n"
    )
    repo.git("mv", "tracked_move.avsc", "tracked_there.avsc")
    repo.write("new.avsc", "n").write("ignored.avsc", "i").write("new.txt", "t")

    with open_repo(str(repo.path)) as opened:
        changes = opened.diff("HEAD", "worktree", ["*.avsc"])
        pending = opened.pending(["*.avsc"])
        untracked, modified = pending.untracked, {path: c.status for path, c in pending.modified.items()}

    def row(status, path, old_path=None, blob=None, mode="100644"):
        old = repo.blob(old_path or path) if status != "A" else None
        old_mode = "100644" if old else "000000"
        return FileChange(status, path, blob, old_path or path, old, mode, old_mode)

    assert sorted(changes) == sorted(
        [
            row("M", "edited.avsc"),
            row("D", "gone.avsc", mode="000000"),
            row("A", "new.avsc"),
            row("R", "tracked_there.avsc", "tracked_move.avsc", blob=repo.blob("tracked_move.avsc")),
            row("R", "x/moved.avsc", "moved.avsc"),
            row("R", "x/other.avsc", "moved_and_edited.avsc"),
        ]
    )
    assert untracked == ["new.avsc", "x/moved.avsc", "x/other.avsc"]
    assert modified == {"edited.avsc": "M", "gone.avsc": "D", "moved.avsc": "D", "moved_and_edited.avsc": "D"}


def test_commits_differ_by_renames_too(repo):
    repo.write("a.avsc", "".join(f"{number}\n" for number in range(30))).commit("two")
    repo.move("a.avsc", "b.avsc").write("c.avsc", "3\n").commit("three")
    a, c = repo.blob("b.avsc"), repo.blob("c.avsc")

    with open_repo(str(repo.path)) as opened:
        assert opened.diff("HEAD~1", "HEAD", ["*.avsc"]) == [
            FileChange("R", "b.avsc", a, "a.avsc", a, "100644", "100644"),
            FileChange("A", "c.avsc", c, "c.avsc", None, "100644", "000000"),
        ]
        assert opened.diff("HEAD~1", "index", [literal("c.avsc")]) == [
            FileChange("A", "c.avsc", c, "c.avsc", None, "100644", "000000"),
        ]


def test_names_are_searched_in_a_commit_the_index_and_the_work_tree(repo):
    repo.write("a.avsc", "x.Address").write("b.avsc", "x.Person").write("x.txt", "Address").commit("two")
    repo.write("c.avsc", "[Address").write("d.avsc", "A.ddress").stage().write("e.avsc", "Addresses")

    with open_repo(str(repo.path)) as opened:
        assert opened.grep_names(["Address", ""], "HEAD", ["*.avsc"]) == ["a.avsc"]
        assert opened.grep_names(["Address"], "index", ["*.avsc"]) == ["a.avsc", "c.avsc"]
        assert opened.grep_names(["Address", "Person"], "worktree", ["*.avsc"]) == [
            "a.avsc",
            "b.avsc",
            "c.avsc",
            "e.avsc",
        ]
        assert opened.grep_names(["-e", "nothing"], "worktree") == []
        assert opened.grep_names([], "worktree") == []


def test_nothing_is_written_into_the_repository(repo):
    repo.git("config", "core.untrackedCache", "true")
    repo.write("b.avsc", "2").commit("two").write("c.avsc", "3")
    (repo.path / "a.avsc").touch()
    before = repo.fingerprint()

    with open_repo(str(repo.path)) as opened:
        tip = opened.head()
        opened.default_branch()
        opened.merge_base("HEAD", "HEAD~1")
        opened.index_files()
        opened.pending()
        for target in ("HEAD", "index", "worktree"):
            opened.diff("HEAD~1", target)
        history = opened.history(tip)
        opened.removals([tip])
        list(opened.blobs(change.blob for rows in history.changes.values() for change in rows))
        opened.tree_files(tip, lambda _: True)
        opened.grep_names(["x"], "worktree")

    assert repo.fingerprint() == before
    assert opened.counters == {
        "rev-parse": 3, "config": 1, "for-each-ref": 1, "merge-base": 1, "ls-files": 3, "diff-files": 2,
        "diff-tree": 2, "diff-index": 2, "log": 1, "cat-file": 1, "grep": 1,
    }  # fmt: skip


def test_a_partial_clone_fetches_what_is_missing_in_one_request(repo, tmp_path, monkeypatch):
    for number in range(20):
        repo.write("a.avsc", f"{number}\n" * 20).write(f"{number}.avsc", f"{number}").commit(f"v{number}")
    repo.move("a.avsc", "b.avsc").write("b.avsc", "19\n" * 20 + "20\n").commit("moved")
    copy = repo.clone(tmp_path / "copy", "--filter=blob:none", "--no-checkout")
    trace = tmp_path / "trace"
    monkeypatch.setenv("GIT_TRACE2_EVENT", str(trace))

    with open_repo(str(copy.path)) as opened:
        history = opened.history("HEAD", ["*.avsc"])
        ids = [change.blob for rows in history.changes.values() for change in rows if change.blob]
        contents = dict(opened.blobs(ids))
        list(opened.blobs(ids))

    assert len(contents) == 42
    assert contents[repo.blob("b.avsc")] == b"19\n" * 20 + b"20\n"
    assert history.changes["b.avsc"][0].old_path == "a.avsc"
    assert opened.counters["fetch"] == 1
    assert trace.read_text().count('"event":"cmd_name"') and trace.read_text().count('"name":"fetch"') == 1


def test_a_partial_clone_whose_remote_is_gone_says_so(repo, tmp_path):
    copy = repo.clone(tmp_path / "copy", "--filter=blob:none", "--no-checkout")
    repo.path.rename(tmp_path / "elsewhere")

    with open_repo(str(copy.path)) as opened, pytest.raises(GitError) as caught:
        opened.history("HEAD", ["*.avsc"])

    assert caught.value.message.startswith("this partial clone lacks 1 files of its history, and origin did not send")
    assert caught.value.hint.startswith("check network and credentials")


def test_a_treeless_clone_works(repo, tmp_path):
    repo.write("x/a.avsc", "1").commit("two").write("x/a.avsc", "2").commit("three")
    copy = repo.clone(tmp_path / "copy", "--filter=tree:0", "--no-checkout")

    with open_repo(str(copy.path)) as opened:
        history = opened.history("HEAD", ["*.avsc"])
        files = opened.tree_files("HEAD~1", lambda _: True)
        contents = dict(opened.blobs([entry.blob for entry in files.values()]))

    assert len(history.commits) == 3
    assert sorted(contents.values()) == [b"1", b"1\n"]
