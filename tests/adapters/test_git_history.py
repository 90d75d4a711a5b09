"""History, contents and trees: as git has them, from a handful of processes."""

from __future__ import annotations

import pytest
from tests.adapters.repos import LINUX_ONLY, POSIX_ONLY, Repo

from schemagate.adapters.git import Change, CommitInfo, Entry, glob, literal, open_repo
from schemagate.errors import GitError

A1, A2, A3 = '{"v": 1}\n', '{"v": 2}\n', '{"v": 3}\n'
LONG = "".join(f'  "field_{number}": "string",\n' for number in range(40))


@pytest.fixture
def repo(tmp_path):
    return Repo(tmp_path / "repo")


def test_a_history_is_told_newest_first_with_the_blobs_that_each_commit_left(repo):
    repo.write("a.avsc", A1).commit("first").write("readme", "x").commit("unrelated")
    repo.write("a.avsc", A2).write("b.avsc", A1).commit("second: ä, \x1b[31m")
    shas = [repo.sha("HEAD"), repo.sha("HEAD~2")]

    with open_repo(str(repo.path)) as opened:
        history = opened.history(repo.sha(), ["*.avsc"])

    one, two = repo.blob("a.avsc", "HEAD~2"), repo.blob("a.avsc")
    assert history.commits == [
        CommitInfo(shas[0], "2026-01-07T09:00:00+00:00", "Ada", "second: ä, \N{REPLACEMENT CHARACTER}[31m"),
        CommitInfo(shas[1], "2026-01-05T09:00:00+00:00", "Ada", "first"),
    ]
    assert history.changes == {
        "a.avsc": [Change(0, "M", two, "a.avsc", one, "100644"), Change(1, "A", one, "a.avsc", None, "100644")],
        "b.avsc": [Change(0, "A", one, "b.avsc", None, "100644")],
    }
    assert history.truncated is None


def test_only_the_first_parents_count_and_a_merge_shows_what_it_brought(repo):
    repo.write("a.avsc", A1).commit("base").branch("topic").write("a.avsc", A2).commit("draft")
    repo.write("a.avsc", A3).commit("final").checkout("main").merge("topic", "merged")

    with open_repo(str(repo.path)) as opened:
        history = opened.history(repo.sha(), ["*.avsc"])

    assert [commit.subject for commit in history.commits] == ["merged", "base"]
    assert [change.status for change in history.changes["a.avsc"]] == ["M", "A"]
    assert history.changes["a.avsc"][0].blob == repo.blob("a.avsc")


def test_a_rename_with_an_edit_names_the_old_path(repo):
    repo.write("old/a.avsc", LONG).commit("first").move("old/a.avsc", "new/b.avsc")
    repo.write("new/b.avsc", LONG + "more\n").commit("moved").delete("new/b.avsc").commit("gone")

    with open_repo(str(repo.path)) as opened:
        history = opened.history("main", [glob("**/*.avsc")])

    old, new = repo.blob("old/a.avsc", "HEAD~2"), repo.blob("new/b.avsc", "HEAD~1")
    assert history.changes == {
        "new/b.avsc": [
            Change(0, "D", None, "new/b.avsc", new, "000000"),
            Change(1, "R", new, "old/a.avsc", old, "100644"),
        ],
        "old/a.avsc": [Change(2, "A", old, "old/a.avsc", None, "100644")],
    }


def test_commits_that_took_files_away_are_asked_for_once_for_all(repo):
    repo.write("a.avsc", LONG).write("b.avsc", A1).commit("first")
    repo.move("a.avsc", "x/a.avsc").commit("moved a").delete("b.avsc").write("x/c.avsc", A3).commit("replaced b")
    repo.write("x/d.avsc", A3).commit("added d")
    moved, replaced, added = repo.sha("HEAD~2"), repo.sha("HEAD~1"), repo.sha()
    root = repo.sha("HEAD~3")

    with open_repo(str(repo.path)) as opened:
        removals = opened.removals([root, moved, replaced, added], ["*.avsc"])
        asked = (opened.counters["log"], opened.counters["diff-tree"])

    assert removals == {moved, replaced}
    assert asked == (0, 1)


def test_no_commit_and_a_first_commit_take_nothing_away(repo):
    repo.commit("empty")

    with open_repo(str(repo.path)) as opened:
        assert (opened.removals([]), opened.removals([repo.sha()])) == (set(), set())


def test_history_since_a_date_leaves_out_what_was_before(repo):
    for number in range(4):
        repo.write("a.avsc", f"{number}").commit(f"v{number}")

    with open_repo(str(repo.path)) as opened:
        history = opened.history("main", ["*.avsc"], since="2026-01-07T00:00:00+00:00")

    assert [commit.subject for commit in history.commits] == ["v3", "v2"]


@POSIX_ONLY
def test_names_that_git_would_quote_come_through_everywhere(repo):
    strange = ["ä b.avsc", 'quo"te.avsc', "tab\there.avsc", ":(top)x.avsc", "new\nline.avsc", "*.avsc"]
    for name in strange:
        repo.write(name, name)
    repo.commit("strange")

    with open_repo(str(repo.path)) as opened:
        assert sorted(opened.history("main").changes) == sorted(strange)
        assert sorted(entry.path for entry in opened.index_files()) == sorted(strange)
        assert sorted(opened.tree_files("main", lambda _: True)) == sorted(strange)
        for name in strange:
            assert list(opened.history("main", [literal(name)]).changes) == [name]
            assert [entry.path for entry in opened.index_files([literal(name)])] == [name]


@LINUX_ONLY
def test_a_name_that_is_not_utf_8_keeps_its_bytes(repo):
    name = b"caf\xe9.avsc".decode("utf-8", "surrogateescape")
    repo.write(name, A1).commit("latin")

    with open_repo(str(repo.path)) as opened:
        assert list(opened.history("main").changes) == [name]
        assert [entry.path for entry in opened.index_files()] == [name]
        assert list(opened.tree_files("main", lambda path: path.endswith(".avsc"))) == [name]


def test_contents_come_in_the_order_asked_from_one_process(repo):
    texts = [f"{number}" * (number % 7) * 1000 for number in range(300)]
    for number, text in enumerate(texts):
        repo.write(f"{number}.avsc", text)
    repo.commit("many")

    with open_repo(str(repo.path)) as opened:
        ids = [repo_entry.blob for repo_entry in opened.index_files()]
        names = [repo_entry.path for repo_entry in opened.index_files()]
        first = list(opened.blobs(reversed(ids)))
        second = list(opened.blobs(ids[:3]))

    assert [content.decode() for _, content in first] == [texts[int(name[:-5])] for name in reversed(names)]
    assert [identifier for identifier, _ in second] == ids[:3]
    assert opened.counters["cat-file"] == 1


def test_streams_may_be_interleaved_and_abandoned(repo):
    for number in range(200):
        repo.write(f"{number:03}.avsc", f"{number}")
    repo.commit("many")

    with open_repo(str(repo.path)) as opened:
        ids = [entry.blob for entry in opened.index_files()]
        abandoned = opened.blobs(ids)
        next(abandoned)
        outer = []
        for (_, one), (_, other) in zip(opened.blobs(ids), opened.blobs(reversed(ids)), strict=True):
            outer.append(int(one) + int(other))
        inner = [len(opened.tree_files("main", lambda _: True)) for _ in opened.blobs(ids[:70])]
        rest = [int(content) for _, content in abandoned]

    assert outer == [199] * 200
    assert inner == [200] * 70
    assert rest == list(range(1, 200))
    assert opened.counters["cat-file"] == 1


def test_a_content_above_the_bound_is_none_and_the_next_one_is_right(repo):
    repo.write("big.avsc", b"x" * 3_000_000).write("small.avsc", "s").commit("sizes")

    with open_repo(str(repo.path)) as opened:
        ids = [repo.blob("big.avsc"), repo.blob("small.avsc")]
        assert list(opened.blobs(ids, limit=1_000_000)) == [(ids[0], None), (ids[1], b"s")]
        assert [len(content or b"") for _, content in opened.blobs(ids)] == [3_000_000, 1]


def test_a_missing_object_is_an_error_that_says_what_to_do(repo):
    repo.commit("empty")

    with open_repo(str(repo.path)) as opened, pytest.raises(GitError) as caught:
        list(opened.blobs(["1" * 40]))

    assert caught.value.message == f"the repository lacks the object {'1' * 40}"
    assert "git fsck" in caught.value.hint


def test_a_missing_object_is_told_to_who_asked_for_it_and_to_nobody_else(repo):
    for number in range(10):
        repo.write(f"{number}.avsc", f"{number}")
    repo.commit("ten")

    with open_repo(str(repo.path)) as opened:
        ids = [entry.blob for entry in opened.index_files()]
        suspended = opened.blobs([*ids[:5], "1" * 40, "2" * 40, *ids[5:]])
        next(suspended)
        assert [int(content) for _, content in opened.blobs(ids)] == list(range(10))
        with pytest.raises(GitError) as caught:
            list(suspended)
        with pytest.raises(GitError):
            list(opened.blobs(["1" * 40, "2" * 40, *ids]))
        assert [int(content) for _, content in opened.blobs(ids)] == list(range(10))

    assert caught.value.message == f"the repository lacks the object {'1' * 40}"
    assert opened.counters["cat-file"] == 1


@POSIX_ONLY
def test_a_git_that_dies_in_the_middle_is_an_error_and_the_next_one_starts_anew(repo):
    repo.write("a.avsc", "1").commit("one")
    blob = repo.blob("a.avsc")

    with open_repo(str(repo.path)) as opened:
        list(opened.blobs([blob]))
        opened._objects._process.proc.kill()
        with pytest.raises(GitError) as caught:
            list(opened.blobs([blob] * 200))
        assert list(opened.blobs([blob])) == [(blob, b"1")]

    assert caught.value.message == "git cat-file failed: exit status -9"
    assert opened.counters["cat-file"] == 2


@pytest.mark.parametrize("name", ["HEAD:a.avsc", "main", "--batch-all-objects", "1" * 40 + "\n" + "HEAD", "", "1" * 39])
def test_only_hexadecimal_ids_reach_cat_file(repo, name):
    repo.write("a.avsc", "secret").commit("one")

    with open_repo(str(repo.path)) as opened, pytest.raises(GitError):
        list(opened.blobs([name]))


def test_a_commit_is_not_a_content(repo):
    repo.commit("one")

    with open_repo(str(repo.path)) as opened, pytest.raises(GitError) as caught:
        list(opened.blobs([repo.sha()]))

    assert caught.value.message == f"{repo.sha()} is a commit, not a file's content"


@POSIX_ONLY
def test_the_tree_of_a_commit_has_files_and_links_but_no_submodules(repo):
    repo.write("a.avsc", A1).write("deep/er/b.avsc", A2).write("deep/c.txt", "c")
    (repo.path / "link.avsc").symlink_to("a.avsc")
    repo.stage()
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub.avsc")
    repo.git("commit", "--quiet", "-m", "tree")

    with open_repo(str(repo.path)) as opened:
        files = opened.tree_files(repo.sha(), lambda path: path.endswith(".avsc"))

    assert files == {
        "a.avsc": Entry("a.avsc", repo.blob("a.avsc"), "100644"),
        "deep/er/b.avsc": Entry("deep/er/b.avsc", repo.blob("deep/er/b.avsc"), "100644"),
        "link.avsc": Entry("link.avsc", repo.blob("link.avsc"), "120000"),
    }
    assert opened.counters["cat-file"] == 1


def test_ten_thousand_paths_fit_into_one_log(repo):
    repo.write("a.avsc", A1).write("b.avsc", A1).commit("one")
    paths = [literal(f"some/long/directory/name/{number}.avsc") for number in range(10_000)]

    with open_repo(str(repo.path)) as opened:
        history = opened.history("main", [*paths, literal("b.avsc")])

    assert list(history.changes) == ["b.avsc"]
    assert opened.counters["log"] == 1


@POSIX_ONLY
def test_the_users_own_git_settings_change_nothing(repo, tmp_path):
    repo.write("a.avsc", LONG).commit("one").move("a.avsc", "b.avsc").commit("two").write("z", "z").commit("three")
    touched = tmp_path / "touched"
    (repo.path / "alarm").write_text(f"#!/bin/sh\ntouch {touched}\nexit 1\n")
    (repo.path / "alarm").chmod(0o755)
    alarm = str(repo.path / "alarm")
    with open_repo(str(repo.path)) as opened:
        plain = opened.history("main"), opened.index_files(), opened.diff("HEAD~2", "worktree")
    for key, value in {
        "log.showSignature": "true",
        "gpg.program": alarm,
        "log.follow": "true",
        "log.showRoot": "false",
        "log.diffMerges": "off",
        "diff.renames": "false",
        "diff.external": alarm,
        "diff.orderFile": "/does/not/exist",
        "diff.noprefix": "true",
        "diff.relative": "true",
        "diff.x.textconv": alarm,
        "diff.x.command": alarm,
        "filter.x.clean": alarm,
        "filter.x.required": "true",
        "filter.a=b.process": alarm,
        "core.fsmonitor": alarm,
        "core.hooksPath": str(repo.path),
        "core.quotePath": "true",
        "core.pager": alarm,
        "color.ui": "always",
        "submodule.recurse": "true",
        "i18n.logOutputEncoding": "latin1",
    }.items():
        repo.git("config", key, value)
    (repo.path / ".git" / "info" / "attributes").write_text("*.avsc diff=x filter=x\nz filter=a=b diff=x\n")
    (repo.path / "b.avsc").touch()

    with open_repo(str(repo.path)) as opened:
        changed = opened.history("main"), opened.index_files(), opened.diff("HEAD~2", "worktree")
        opened.grep_names(["field_1"], "worktree")
        opened.grep_names(["field_1"], "HEAD")
        opened.pending()

    assert changed[:2] == plain[:2]
    assert not touched.exists()
