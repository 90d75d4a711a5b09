"""The candidate: which schema files are proposed, and their content."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from schemagate.adapters.files import Unreadable, is_lfs_pointer, read_file
from schemagate.finding import Problem
from schemagate.workspace import Located, Source

if TYPE_CHECKING:
    from schemagate.adapters.git import GitRepo, Listing, Pending


class ListedFiles(Mapping[str, str | None]):
    """The files of a listing without those ``gone``, and the ``loose`` ones, whose content git does not surely know.

    To look at a few of them costs nothing for all others. Who asks for every file has the listing taken apart, once.
    """

    __slots__ = ("_all", "_gone", "_loose", "listing")

    def __init__(self, listing: Listing, loose: Iterable[str], gone: Iterable[str]) -> None:
        self.listing = listing
        self._loose = dict.fromkeys(loose)
        self._gone = frozenset(gone)
        self._all: dict[str, str | None] | None = None

    def __getitem__(self, path: str) -> str | None:
        if path in self._loose:
            return None
        entry = None if path in self._gone else self.listing.find(path)
        if entry is None:
            raise KeyError(path)
        return entry.blob

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole())

    def __len__(self) -> int:
        more = sum(self.listing.find(path) is None for path in self._loose)
        return len(self.listing) + more - len(self._gone - self._loose.keys())

    def items(self) -> ItemsView[str, str | None]:
        return self._whole().items()

    @property
    def as_listed(self) -> bool:
        """Whether nothing is otherwise than the listing has it."""
        return not self._loose and not self._gone

    def loose(self) -> Iterable[str]:
        """The files whose content git does not surely know."""
        return self._loose

    def holding(self, blobs: Iterable[str]) -> list[str]:
        """The files that hold one of these contents."""
        found = self.listing.holding(blobs)
        return [path for path in found if path not in self._loose and path not in self._gone]

    def starting(self, prefix: str) -> Iterator[str]:
        """The files whose paths begin so."""
        yield from (path for path in self._loose if path.startswith(prefix))
        found = self.listing.starting(prefix)
        yield from (path for path in found if path not in self._loose and path not in self._gone)

    def _whole(self) -> dict[str, str | None]:
        if self._all is None:
            self._all = {**self.listing.contents(), **self._loose}
            for path in self._gone - self._loose.keys():
                self._all.pop(path, None)
        return self._all


def starting(files: Mapping[str, str | None], prefix: str) -> Iterator[str]:
    """The files whose paths begin so."""
    if isinstance(files, ListedFiles):
        return files.starting(prefix)
    return (path for path in files if path.startswith(prefix))


class Proposal(msgspec.Struct):
    """Files of the candidate: path → blob, None where only the work tree has the content."""

    repo: GitRepo
    kind: str
    """``worktree``, ``index`` or ``HEAD``."""
    files: Mapping[str, str | None]
    links: frozenset[str] = frozenset()
    commit: str = ""
    """The commit that is proposed, where ``kind`` is HEAD."""
    overlay: Mapping[str, bytes] = msgspec.field(default_factory=dict)
    """Content that is proposed in place of what a file holds: an editor's buffer."""
    problems: list[Located] = msgspec.field(default_factory=list)
    pending: Pending | None = None
    """How the work tree differs from the index, where it is proposed."""

    def text(self, path: str) -> str | None:
        """A small text file of the candidate (the configuration); None if it has none."""
        data = self.bytes_of([path]).get(path)
        return None if data is None else data.decode("utf-8", "replace")

    def bytes_of(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The content of these files, as far as they exist and can be read; what cannot becomes a problem."""
        found: dict[str, bytes] = {}
        blobs: dict[str, list[str]] = {}
        for path in paths:
            if path in self.overlay:
                found[path] = self.overlay[path]
            elif path not in self.files:
                continue
            elif self.kind == "worktree":
                data = read_file(self.repo.root, path)
                if isinstance(data, Unreadable):
                    self._unreadable(path, data.detail)
                else:
                    found[path] = data
            elif path in self.links:
                self._unreadable(path, "it is a symbolic link; commit the schema itself")
            else:
                blobs.setdefault(self.files[path] or "", []).append(path)
        for blob, content in self.repo.blobs(b for b in blobs if b):
            for path in blobs[blob]:
                if content is not None:
                    found[path] = content
                else:
                    self._unreadable(path, "it is too large")
        return found

    def sources(self, paths: Iterable[str]) -> list[Source]:
        """The content as sources; a git LFS pointer is a problem, not a source."""
        sources = []
        for path, data in self.bytes_of(paths).items():
            if is_lfs_pointer(data):
                self.problems.append(Located(path, Problem("lfs-pointer", refused=True)))
            else:
                sources.append(Source(path, data))
        return sources

    def _unreadable(self, path: str, reason: str) -> None:
        self.problems.append(Located(path, Problem("unreadable-file", {"reason": reason}), (), None))


def propose(
    repo: GitRepo, kind: str, pathspecs: Iterable[str], overlay: Mapping[str, bytes], commit: str = ""
) -> Proposal:
    """Every proposed file that the pathspecs name. ``overlay`` files exist whether or not git knows them.

    ``commit`` is the one that is proposed in place of HEAD: a pre-push hook may push another branch.
    """
    from schemagate.adapters.git import SYMLINK, Pending

    specs = list(pathspecs)
    if kind == "HEAD":
        commit = repo.resolve(commit) if commit else repo.head() or ""
        entries = repo.tree_files(commit, _named_by(specs)).values() if commit else ()
        links = frozenset(entry.path for entry in entries if entry.mode == SYMLINK)
        files = {entry.path: entry.blob for entry in entries} | dict.fromkeys(overlay)
        return Proposal(repo, kind, files, links, commit, overlay)
    listing = repo.listing(specs, untracked=kind == "worktree")
    if kind == "index":
        return Proposal(repo, kind, ListedFiles(listing, overlay, ()), listing.links, commit, overlay)
    pending = Pending(repo.modified(specs), listing.untracked)
    gone = {path for path, change in pending.modified.items() if change.status == "D"}
    edited = (path for path in pending.modified if path not in gone)
    loose = (*sorted(listing.unwatched), *edited, *pending.untracked, *overlay)
    return Proposal(repo, kind, ListedFiles(listing, loose, gone), listing.links, commit, overlay, pending=pending)


def _named_by(specs: Iterable[str]) -> Callable[[str], bool]:
    """What our own pathspecs mean: ``*.avsc`` a suffix in any directory, everything else one file."""
    plain = [spec.rpartition(")")[2] if spec.startswith(":(") else spec for spec in specs]
    suffixes = tuple(spec[1:] for spec in plain if spec.startswith("*"))
    names = frozenset(plain)
    return lambda path: path.endswith(suffixes) or path in names
