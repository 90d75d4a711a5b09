"""The work tree against a commit, told in two steps over the index, is what git itself says of it."""

from __future__ import annotations

import random

import pytest
from tests.adapters.repos import POSIX_ONLY, Repo

from schemagate.adapters.git import open_repo
from schemagate.adapters.git_files import PLAIN_DIFF
from schemagate.adapters.git_raw import parse_changes


def whatever(repo, chance):
    """One thing that a person may do to a file."""
    path = chance.choice([f"{letter}.avsc" for letter in "abcdef"])
    file = repo.path / path
    does = chance.choice(("write", "write", "delete", "link", "mode", "add", "add", "meant", "forget", "back"))
    if does in ("write", "link", "delete"):
        file.unlink(missing_ok=True)
    if does == "write":
        file.write_text(chance.choice(("one", "two two", "three three three")))
    elif does == "link":
        file.symlink_to("one")
    elif does == "mode" and file.is_file() and not file.is_symlink():
        file.chmod(chance.choice((0o644, 0o755)))
    elif does in ("add", "meant"):
        repo.git("add", "--all" if does == "add" else "--intent-to-add", "--", path, check=False)
    elif does == "forget":
        repo.git("rm", "--quiet", "--cached", "--force", "--", path, check=False)
    elif does == "back":
        repo.git("checkout", "--quiet", "HEAD", "--", path, check=False)


@POSIX_ONLY
@pytest.mark.parametrize("seed", range(12))
def test_both_ways_to_the_work_tree_agree(tmp_path, seed):
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    repo = Repo(tmp_path)
    for letter in "abcd":
        repo.write(f"{letter}.avsc", letter)
    (tmp_path / "d.avsc").unlink()
    (tmp_path / "d.avsc").symlink_to("one")
    repo.commit("Start")
    for _ in range(12):
        whatever(repo, chance)
        raw = repo.git("diff-index", *PLAIN_DIFF, "--no-renames", "HEAD", "--", "*.avsc")
        expected = {change.path: change for change in parse_changes(raw)}
        with open_repo(str(tmp_path)) as opened:
            base = opened.resolve("HEAD")
            untracked = set(opened.pending(["*.avsc"]).untracked) - expected.keys()
            found = [change for change in opened.diff(base, "worktree", ["*.avsc"]) if change.path not in untracked]
            assert opened.diff(base, "worktree", ["*.avsc"], opened.pending(["*.avsc"])) == opened.diff(
                base, "worktree", ["*.avsc"]
            )
        told = {change.path: change for change in found if change.status != "R"}
        moved = {path for change in found if change.status == "R" for path in (change.path, change.old_path)}
        assert told == {path: change for path, change in expected.items() if path not in moved}
