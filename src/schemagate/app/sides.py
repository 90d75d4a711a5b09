"""Where a schema can come from: files on disk, the work tree of a repository, or the tree of one commit."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

import msgspec

from schemagate.adapters.files import Unreadable, is_lfs_pointer, read_file, walk
from schemagate.app.closure import load_closed
from schemagate.app.project import find_project, own_directory
from schemagate.app.proposal import Proposal, propose
from schemagate.finding import Problem
from schemagate.schema.bulk import VersionReader
from schemagate.workspace import Located, Source, Workspace

if TYPE_CHECKING:
    from schemagate.adapters.git import GitRepo

SCHEMAS = ("*.avsc",)


class Tree(Protocol):
    """Named files with their content; what cannot be read becomes a problem."""

    @property
    def problems(self) -> list[Located]:
        """What could not be read, so far."""

    def label(self, path: str) -> str:
        """The file as the user would name it."""

    def sources(self, paths: Iterable[str]) -> list[Source]:
        """The content of these files."""

    def others(self) -> Mapping[str, bytes]:
        """Every schema file of the tree."""


class DiskTree(msgspec.Struct):
    """Files below ``root``; ``typed`` is how the user named one of them, ``start`` where its like is looked for."""

    root: str
    typed: Mapping[str, str] = msgspec.field(default_factory=dict)
    start: str = ""
    problems: list[Located] = msgspec.field(default_factory=list)

    def label(self, path: str) -> str:
        return self.typed.get(path, path)

    def sources(self, paths: Iterable[str]) -> list[Source]:
        found = []
        for path in paths:
            data = read_file(self.root, path)
            if isinstance(data, Unreadable):
                self.problems.append(Located(path, Problem("unreadable-file", {"reason": data.detail})))
            elif is_lfs_pointer(data):
                self.problems.append(Located(path, Problem("lfs-pointer")))
            else:
                found.append(Source(path, data))
        return found

    def others(self) -> Mapping[str, bytes]:
        paths = walk(self.root, [self.start], lambda path: path.endswith(".avsc"), own_directory)
        found = ((path, read_file(self.root, path)) for path in paths)
        return {path: data for path, data in found if isinstance(data, bytes)}


class GitTree(msgspec.Struct):
    """The files of a commit, or with ``commit`` empty those of the work tree, untracked ones included."""

    proposal: Proposal
    ref: str = ""

    @property
    def problems(self) -> list[Located]:
        return self.proposal.problems

    @property
    def commit(self) -> str:
        return self.proposal.commit

    def label(self, path: str) -> str:
        return f"{self.ref}:{path}" if self.ref else path

    def sources(self, paths: Iterable[str]) -> list[Source]:
        return self.proposal.sources(paths)

    def others(self) -> Mapping[str, bytes]:
        return self.proposal.bytes_of(path for path in self.proposal.files if path.endswith(".avsc"))


def file_tree(directory: str, typed: str) -> tuple[DiskTree, str]:
    """The tree around one file, and the file's path in it."""
    full = os.path.join(directory, typed)
    folder = os.path.realpath(os.path.dirname(full))
    name = os.path.basename(full)
    project = find_project(folder, none=True)
    root = project.root if project.whole else folder
    path = os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")
    return DiskTree(root, {path: typed.replace(os.sep, "/")}), path


def commit_tree(repo: GitRepo, ref: str) -> GitTree:
    """The tree of the commit that ``ref`` names; GitError says how to fetch it."""
    commit = repo.resolve(ref)
    entries = repo.tree_files(commit, lambda _: True).values()
    files: dict[str, str | None] = {entry.path: entry.blob for entry in entries}
    links = frozenset(entry.path for entry in entries if entry.mode == "120000")
    return GitTree(Proposal(repo, "HEAD", files, links, commit), ref)


def work_tree(repo: GitRepo) -> GitTree:
    """What is checked out, with everything that is not committed."""
    return GitTree(propose(repo, "worktree", SCHEMAS, {}))


def load_from(tree: Tree, paths: Iterable[str], reader: VersionReader) -> Workspace:
    """These files of a tree with whatever else of it defines what they use."""
    sources = tree.sources(paths)
    return load_closed(sources, tree.others, reader.factory, reader)
