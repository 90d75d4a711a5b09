"""Which files the index, the work tree and a commit hold, and in what they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from schemagate.adapters.files import Unreadable, WorkTree
from schemagate.adapters.git_listing import Listing
from schemagate.adapters.git_open import Location
from schemagate.adapters.git_process import GitRunner, printable
from schemagate.adapters.git_raw import SUBMODULE, FileChange, parse_changes
from schemagate.errors import GitError

PLAIN_DIFF = (
    "--raw",
    "-z",
    "--no-abbrev",
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
    "--ignore-submodules=all",
)
RENAMES = ("-M", "-l1000")

_EMPTY_TREES = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}

Blobs = Callable[[Iterable[str]], Iterator[tuple[str, bytes | None]]]


class Pending(NamedTuple):
    """How the work tree differs from the index: see ``Files.modified`` and ``Files.untracked``."""

    modified: Mapping[str, FileChange]
    untracked: Sequence[str]


class Files:
    """The files of one repository, by ``git ls-files`` and git's plumbing diffs."""

    __slots__ = ("_blobs", "_location", "_runner")

    def __init__(self, runner: GitRunner, location: Location, blobs: Blobs) -> None:
        self._runner = runner
        self._location = location
        self._blobs = blobs

    def listing(self, pathspecs: Sequence[str] = (), *, untracked: bool = False) -> Listing:
        """The files in the index, and if asked for those that git neither tracks nor ignores: one process for both.

        Symlinks are included, submodules not; a file in conflict raises GitError.
        """
        self._need_work_tree()
        others = ("-c", "-o", "--exclude-standard") if untracked else ()
        return Listing(self._runner.run("ls-files", "-v", "-s", "-z", *others, "--", *pathspecs).stdout)

    def modified(self, pathspecs: Sequence[str] = ()) -> dict[str, FileChange]:
        """By path the tracked files whose work tree copy may differ from the index (M, D, T; A: meant to be added).

        Judged by size and time, as git does before it looks inside: an M may turn out to be equal.
        """
        self._need_work_tree()
        output = self._runner.run("diff-files", *PLAIN_DIFF, "--no-renames", "--", *pathspecs)
        return {change.path: change for change in parse_changes(output.text)}

    def untracked(self, pathspecs: Sequence[str] = ()) -> list[str]:
        """Files that git neither tracks nor ignores."""
        self._need_work_tree()
        output = self._runner.run("ls-files", "-z", "--others", "--exclude-standard", "--", *pathspecs)
        return [path for path in output.text.split("\0") if path and not path.endswith("/")]

    def pending(self, pathspecs: Sequence[str] = ()) -> Pending:
        """Everything that the work tree has otherwise than the index."""
        return Pending(self.modified(pathspecs), self.untracked(pathspecs))

    def diff(
        self, base: str | None, target: str, pathspecs: Sequence[str] = (), pending: Pending | None = None
    ) -> list[FileChange]:
        """What differs from commit ``base`` (None: from nothing) to a commit, ``"index"`` or ``"worktree"``.

        Renames are paired. The work tree includes untracked files; ``pending`` spares looking at it once more.
        """
        start = base or _EMPTY_TREES[self._location.object_format]
        if target == "worktree":
            return self._diff_worktree(start, pathspecs, pending or self.pending(pathspecs))
        if target == "index":
            self._need_work_tree()
            output = self._runner.run("diff-index", "--cached", *PLAIN_DIFF, *RENAMES, start, "--", *pathspecs)
        else:
            output = self._runner.run("diff-tree", "-r", *PLAIN_DIFF, *RENAMES, start, target, "--", *pathspecs)
        return [change for change in parse_changes(output.text) if SUBMODULE not in {change.mode, change.old_mode}]

    def grep(
        self, names: Iterable[str], place: str, pathspecs: Sequence[str] = (), *, untracked: bool = True
    ) -> list[str]:
        """Files that mention any of ``names`` in a commit, the ``"index"`` or the ``"worktree"``, maybe untracked."""
        patterns = "\n".join(sorted({name for name in names if name.strip()}))
        if not patterns:
            return []
        where = {"worktree": ["--untracked"] if untracked else [], "index": ["--cached"]}.get(place, [place])
        output = self._runner.run(
            *("grep", "-l", "-F", "-z", "-a", "--full-name", "--no-color", "--no-textconv", "--no-recurse-submodules"),
            # Threads that share one disk take longer, together even twice as long.
            *("--threads", "1", "-f", "-", *where, "--", *pathspecs),
            stdin=patterns.encode("utf-8", "surrogateescape") + b"\n",
            accept=(0, 1),
        )
        skip = 0 if place in {"worktree", "index"} else len(place) + 1
        return [path[skip:] for path in output.text.split("\0")[:-1]]

    def _diff_worktree(self, start: str, pathspecs: Sequence[str], pending: Pending) -> list[FileChange]:
        self._need_work_tree()
        # Without --cached git would look at each file of the work tree, which `diff-files` has done already.
        output = self._runner.run("diff-index", "--cached", *PLAIN_DIFF, "--no-renames", start, "--", *pathspecs)
        staged = {change.path: change for change in parse_changes(output.text)}
        found = {**staged, **pending.modified}
        merged = (_since(staged.get(path), pending.modified.get(path)) for path in sorted(found))
        changes = [change for change in merged if change and SUBMODULE not in {change.mode, change.old_mode}]
        known = {change.path for change in changes}
        changes += [
            FileChange("A", path, None, path, None, "100644", "000000")
            for path in pending.untracked
            if path not in known
        ]
        return self._paired(changes)

    def _paired(self, changes: list[FileChange]) -> list[FileChange]:
        gone = {change.path: change for change in changes if change.status == "D" and change.old_blob}
        new = [change.path for change in changes if change.status == "A"]
        if not gone or not new:
            return changes
        from schemagate.adapters.git_renames import pair_renames

        blobs = dict(self._blobs({change.old_blob or "": None for change in gone.values()}))
        tree = WorkTree(self._location.root)
        contents = {path: tree.read(path) for path in new}
        pairs = pair_renames(
            {path: content for path, change in gone.items() if (content := blobs[change.old_blob or ""]) is not None},
            {path: content for path, content in contents.items() if not isinstance(content, Unreadable)},
        )
        moved = set(pairs.values())
        return [
            change._replace(status="R", old_path=old.path, old_blob=old.old_blob, old_mode=old.old_mode)
            if (old := gone.get(pairs.get(change.path, ""))) and change.status == "A"
            else change
            for change in changes
            if not (change.status == "D" and change.path in moved)
        ]

    def _need_work_tree(self) -> None:
        if self._location.bare:
            raise GitError(
                f"{printable(self._location.root)} is a bare repository: it has no work tree and no index",
                hint="judge a commit with `--against`, or run it in a clone with a work tree",
            )


def _since(staged: FileChange | None, later: FileChange | None) -> FileChange | None:
    """What became of one file from a commit to the work tree: to the index, and from there. None if nothing did."""
    if staged is None or later is None:
        return staged or later
    if later.status == "D":
        return None if staged.status == "A" else staged._replace(status="D", blob=None, mode=later.mode)
    kinds = {mode[:-4] for mode in (staged.old_mode, later.mode)}
    status = staged.status if staged.status == "A" else "T" if len(kinds) > 1 else "M"
    return staged._replace(status=status, blob=None, mode=later.mode)
