"""What schemagate asks of a git repository, and the only module that it asks it through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Self

from msgspec.structs import replace

from schemagate.adapters.files import MAX_FILE_BYTES
from schemagate.adapters.git_attributes import may_filter
from schemagate.adapters.git_files import Files, Pending
from schemagate.adapters.git_history import find_cut, find_removals, read_history
from schemagate.adapters.git_listing import Entry, Listing
from schemagate.adapters.git_objects import ObjectReader
from schemagate.adapters.git_open import Location, locate
from schemagate.adapters.git_partial import PartialClone
from schemagate.adapters.git_process import GitRunner, config_environment
from schemagate.adapters.git_raw import SUBMODULE, SYMLINK, Change, CommitInfo, FileChange, History, blob_ids
from schemagate.adapters.git_refs import Branch, Refs
from schemagate.errors import GitError

if TYPE_CHECKING:
    from schemagate.adapters.git_remote import RemoteTip

__all__ = [
    "SYMLINK",
    "Branch",
    "Change",
    "CommitInfo",
    "Entry",
    "FileChange",
    "GitRepo",
    "History",
    "Listing",
    "Pending",
    "glob",
    "literal",
    "open_repo",
]

_NO_FILTER = (("clean", ""), ("process", ""), ("required", "false"))


def literal(path: str) -> str:
    """The pathspec that matches this path, or everything below it, and nothing else."""
    return f":(top,literal){path}"


def glob(pattern: str) -> str:
    """The pathspec of a glob in which ``**`` crosses directories and ``*`` does not."""
    return f":(top,glob){pattern}"


def open_repo(start: str) -> GitRepo:
    """The repository around ``start`` (a directory or a file in it); GitError says what is in the way."""
    counters: Counter[str] = Counter()
    location = locate(start, counters)
    return GitRepo(location, counters)


class GitRepo:
    """One repository, read only. Paths are POSIX and relative to ``root``; refs are names, shas full commit ids."""

    __slots__ = ("_files", "_location", "_objects", "_partial", "_refs", "_runner", "counters", "settings")

    def __init__(self, location: Location, counters: Counter[str]) -> None:
        self.counters = counters
        self._location = location
        plain = GitRunner(location.root, location.environment, counters=counters)
        self.settings = _settings(plain)
        environment = _without_filters(location.environment, self.settings)
        self._runner = GitRunner(location.root, environment, counters=counters)
        self._objects = ObjectReader(self._runner)
        self._files = Files(self._runner, location, self.blobs)
        self._refs = Refs(self._runner, location, self.settings, self.parents)
        self._partial = PartialClone(self._runner, self.settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes that still run."""
        self._objects.close()

    @property
    def root(self) -> str:
        """The work tree's absolute path; of a bare repository the git directory's."""
        return self._location.root

    @property
    def prefix(self) -> str:
        """Where ``open_repo`` started, relative to ``root``: empty, or ending in a slash."""
        return self._location.prefix

    @property
    def is_bare(self) -> bool:
        """Without a work tree and an index."""
        return self._location.bare

    @property
    def is_shallow(self) -> bool:
        """Cloned with a depth: older history is not here."""
        return self._location.shallow

    @property
    def may_rewrite(self) -> bool:
        """Whether its commits may be shown otherwise than they are: cut off, replaced or grafted."""
        from schemagate.adapters.git_kept import may_rewrite

        return self.is_shallow or may_rewrite(self._location.common_dir, self.settings)

    @property
    def refs(self) -> Refs:
        """Remotes, upstreams, and the commands that bring what is missing."""
        return self._refs

    def head(self) -> str | None:
        """The commit checked out, None on an unborn branch."""
        return self._location.head

    def branch(self) -> str | None:
        """The branch checked out by its short name, None where HEAD is detached."""
        if self._location.head is None:
            output = self._runner.run("symbolic-ref", "--quiet", "HEAD", accept=(0, 1))
            name = output.text.rstrip("\n")
        else:
            name = self._location.head_ref or ""
        return name.removeprefix("refs/heads/") or None

    def resolve(self, ref: str) -> str:
        """The commit that ``ref`` names; where it is missing, GitError with the command that fetches it."""
        return self._refs.resolve(ref)

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor, None without one; GitError where a shallow clone hides the answer."""
        return self._refs.merge_base(one, other)

    def default_branch(self, configured: str = "") -> Branch | None:
        """The branch that publishes, its remote's state before the local one; see ``Refs.default_branch``."""
        return self._refs.default_branch(configured)

    def remote_tip(self, branch: str = "") -> RemoteTip:
        """Where the remote's branch (without a name: its default branch) is now: the remote is asked.

        GitError where it does not answer, or has no such branch.
        """
        from schemagate.adapters.git_remote import ask_remote, quiet_ssh

        settings = quiet_ssh(self.settings.get("core.sshcommand", ""))
        runner = GitRunner(self.root, self._runner.environment, settings, self.counters)
        return ask_remote(runner, self._refs.remote(), branch)

    def parents(self, sha: str) -> tuple[str, ...]:
        """A commit's parents as the commit names them; in a shallow clone they may not be here."""
        return self._objects.commit(self._refs.commit_id(sha))[1]

    def first_parent(self, sha: str) -> str | None:
        """The first of ``parents``, None for a root commit."""
        return next(iter(self.parents(sha)), None)

    def index_files(self, pathspecs: Sequence[str] = ()) -> list[Entry]:
        """The files in the index, symlinks included, submodules not; a file in conflict raises GitError."""
        return self._files.listing(pathspecs).entries()

    def listing(self, pathspecs: Sequence[str] = (), *, untracked: bool = False) -> Listing:
        """The same to look files up in, and if asked for with those that git neither tracks nor ignores."""
        return self._files.listing(pathspecs, untracked=untracked)

    def modified(self, pathspecs: Sequence[str] = ()) -> Mapping[str, FileChange]:
        """The tracked files whose work tree copy may differ from the index, by path; see ``Files.modified``."""
        return self._files.modified(pathspecs)

    def pending(self, pathspecs: Sequence[str] = ()) -> Pending:
        """How the work tree differs from the index, for more than one question about it."""
        return self._files.pending(pathspecs)

    def diff(
        self, base: str | None, target: str, pathspecs: Sequence[str] = (), pending: Pending | None = None
    ) -> list[FileChange]:
        """What differs from commit ``base`` (None: from nothing) to a commit, ``"index"`` or ``"worktree"``.

        Renames are paired. The work tree includes untracked files; a file that only the work tree knows has no blob.
        ``pending`` is what it has otherwise than the index, if that is known.
        """
        start = None if base is None else self._refs.commit_id(base)
        return self._files.diff(start, self._place(target), pathspecs, pending)

    def grep_names(
        self, names: Iterable[str], place: str, pathspecs: Sequence[str] = (), *, untracked: bool = True
    ) -> list[str]:
        """Files that mention any of ``names`` in a commit, the ``"index"`` or the ``"worktree"``."""
        return self._files.grep(names, self._place(place), pathspecs, untracked=untracked)

    def may_filter(self, paths: Collection[str]) -> bool:
        """Whether a filter program could give these files another content in the work tree than their blobs have."""
        return may_filter(self.root, self._location.common_dir, self.settings, paths)

    def tree_files(self, commit: str, wanted: Callable[[str], bool]) -> dict[str, Entry]:
        """The files of a commit's tree for which ``wanted(path)`` holds, by path; submodules are left out."""
        return {
            path: Entry(path, entry.id, entry.mode)
            for path, entry in self._objects.tree_files(self._refs.commit_id(commit), wanted)
            if entry.mode != SUBMODULE
        }

    def history(self, tip: str, pathspecs: Sequence[str] = (), since: str | None = None) -> History:
        """First-parent history of ``tip``, newest first, limited to the commits that changed ``pathspecs``.

        One ``git log`` (two in a partial clone); ``since`` is an ISO date before which nothing is told.
        """
        tip = self._refs.commit_id(tip)
        partial = self._partial
        prefetch = (lambda plain: partial.prefetch(blob_ids(plain))) if partial.active else None
        history = read_history(self._runner, tip, pathspecs, since, prefetch)
        if not self.is_shallow:
            return history
        return replace(history, truncated=find_cut(self._runner, tip, since, self._refs.is_cut))

    def removals(self, commits: Iterable[str], pathspecs: Sequence[str] = ()) -> set[str]:
        """Those of the commits in which a file was removed or moved: where an added file may have come from.

        A history limited to the new path cannot tell. One process for all.
        """
        return find_removals(self._runner, commits, pathspecs, self.first_parent)

    def blobs(self, ids: Iterable[str], limit: int | None = MAX_FILE_BYTES) -> Iterator[tuple[str, bytes | None]]:
        """Contents in the order asked (newest history first is fastest), None for one above ``limit`` bytes.

        In a partial clone everything that is missing is fetched in one request first. GitError for a missing one.
        """
        if self._partial.active:
            ids = list(ids)
            self._partial.prefetch(ids)
        for found in self._objects.stream(ids, limit):
            if found.kind != "blob":
                raise GitError(f"{found.id} is a {found.kind}, not a file's content", hint="run `git fsck`")
            yield found.id, found.content

    def _place(self, place: str) -> str:
        return place if place in {"index", "worktree"} else self._refs.commit_id(place)


def _settings(runner: GitRunner) -> dict[str, str]:
    """Every git setting in force; of one that is set several times the last."""
    settings: dict[str, str] = {}
    for row in runner.run("config", "-z", "--list").text.split("\0")[:-1]:
        key, newline, value = row.partition("\n")
        settings[key] = value if newline else "true"
    return settings


def _without_filters(environment: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """An environment in which no clean or process filter runs: git may look inside a file to see whether it changed."""
    drivers = sorted({key.rpartition(".")[0] for key in settings if key.startswith("filter.")})
    rows = [(f"{driver}.{name}", value) for driver in drivers for name, value in _NO_FILTER]
    return {**environment, **(config_environment(rows) if rows else {})}
