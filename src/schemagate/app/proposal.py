"""The candidate: which schema files are proposed, and their content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from schemagate.adapters.files import Unreadable, is_lfs_pointer, read_file
from schemagate.finding import Problem
from schemagate.workspace import Located, Source

if TYPE_CHECKING:
    from schemagate.adapters.git import GitRepo, Pending


class Proposal(msgspec.Struct):
    """Files of the candidate: path → blob, None where only the work tree has the content."""

    repo: GitRepo
    kind: str
    """``worktree``, ``index`` or ``HEAD``."""
    files: dict[str, str | None]
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
    specs = list(pathspecs)
    files: dict[str, str | None] = {}
    links: set[str] = set()
    if kind == "HEAD":
        commit = repo.resolve(commit) if commit else repo.head() or ""
        entries = list(repo.tree_files(commit, _named_by(specs)).values()) if commit else []
    else:
        entries = repo.index_files(specs)
    for entry in entries:
        files[entry.path] = entry.blob if entry.watched or kind != "worktree" else None
        if entry.mode == "120000":
            links.add(entry.path)
    pending = repo.pending(specs) if kind == "worktree" else None
    if pending is not None:
        for path, change in pending.modified.items():
            if change.status == "D":
                files.pop(path, None)
            else:
                files[path] = None
        files.update(dict.fromkeys(pending.untracked))
    for path in overlay:
        files[path] = None
    return Proposal(repo, kind, files, frozenset(links), commit, overlay, pending=pending)


def _named_by(specs: Iterable[str]) -> Callable[[str], bool]:
    """What our own pathspecs mean: ``*.avsc`` a suffix in any directory, everything else one file."""
    plain = [spec.rpartition(")")[2] if spec.startswith(":(") else spec for spec in specs]
    suffixes = tuple(spec[1:] for spec in plain if spec.startswith("*"))
    names = frozenset(plain)
    return lambda path: path.endswith(suffixes) or path in names
