"""What changed between two schemas, files or commits, and what it means for whoever reads the data."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from schemagate.app.pairs import Pair, changed_pairs
from schemagate.app.project import Project, find_project
from schemagate.app.refused import refused_report
from schemagate.app.shelf import RegistryTree, Shelf, file_of
from schemagate.app.sides import DiskTree, GitTree, Tree, commit_tree, file_tree, load_from, work_tree
from schemagate.compat.modes import Mode
from schemagate.compat.solve import Memo, Solver
from schemagate.engine.edits import edits
from schemagate.engine.judge import Judge
from schemagate.engine.lineage import Lineage, Version
from schemagate.engine.tell import Grades, Teller
from schemagate.errors import GitError, UndecidedError, UsageError
from schemagate.finding import Direction, Provenance, VersionId
from schemagate.report.difference import Comparison, Difference, Side
from schemagate.rules.catalog import BY_ID, CHANGE
from schemagate.schema.bulk import VersionReader
from schemagate.schema.model import Enum, Factory, Fixed, Record, Schema
from schemagate.workspace import Workspace

if TYPE_CHECKING:
    from schemagate.adapters.git import GitRepo


class DiffRequest(msgspec.Struct, frozen=True):
    """``old`` and ``new`` as typed in ``directory``; ``new`` empty is the work tree. ``mode`` decides the exit code.

    ``env`` holds the secrets of the ``registry`` that subjects are looked up in.
    """

    directory: str
    old: str
    new: str = ""
    mode: str = ""
    config: str = ""
    no_config: bool = False
    env: Mapping[str, str] = msgspec.field(default_factory=dict)
    registry: str = ""
    offline: bool = False


class _Operand(msgspec.Struct, frozen=True):
    """What was typed: a ``file``, a ``blob`` (REF:PATH), a whole ``ref``, a ``subject`` of the registry, ..."""

    kind: str
    typed: str
    ref: str = ""
    path: str = ""


@contextmanager
def two_sides(request: DiffRequest) -> Iterator[tuple[tuple[Tree, str], tuple[Tree, str]]]:
    """The tree and path of each of two single schemas, open as long as the context is. Raises as :func:`diff`."""
    run = _Run(request, find_project(request.directory, request.config, none=request.no_config))
    try:
        yield run.places()
    finally:
        run.close()


def diff(request: DiffRequest) -> Difference:
    """Compares. Raises UsageError, ConfigError, GitError, RegistryError."""
    project = find_project(request.directory, request.config, none=request.no_config)
    run = _Run(request, project)
    try:
        return run.difference()
    finally:
        run.close()


class _Run:
    def __init__(self, request: DiffRequest, project: Project) -> None:
        self._request = request
        self._project = project
        self._settings = project.settings
        self._shelf = Shelf(request, project)
        self._reader = VersionReader(Factory())
        self._memo = Memo()
        self._known: GitRepo | None = None

    @property
    def _repo(self) -> GitRepo:
        """Opened only where an operand needs git."""
        if self._known is None:
            from schemagate.adapters.git import open_repo

            self._known = open_repo(self._request.directory)
        return self._known

    def close(self) -> None:
        """Ends git's processes, and the registry's connection."""
        self._shelf.close()
        if self._known is not None:
            self._known.close()

    def difference(self) -> Difference:
        request = self._request
        old = self._operand(request.old)
        new = self._operand(request.new) if request.new else self._current(old)
        if old.kind == new.kind == "ref":
            before, after = self._git_tree(old), self._git_tree(new)
            trees: tuple[Tree, Tree] = (before, after)
            pairs = changed_pairs(self._repo, before, after, self._reader)
        else:
            old, new = self._same_path(old, new), self._same_path(new, old)
            (old_tree, old_path), (new_tree, new_path) = self._place(old), self._place(new)
            trees, pairs = (old_tree, new_tree), [Pair(old_path, new_path)]
        named = (request.old, request.new or "the work tree")
        return self._compared(pairs, trees, Difference(*named, mode=request.mode))

    def places(self) -> tuple[tuple[Tree, str], tuple[Tree, str]]:
        """Where the two schemas are; UsageError where a whole commit is named on both sides."""
        old = self._operand(self._request.old)
        new = self._operand(self._request.new) if self._request.new else self._current(old)
        if old.kind == new.kind == "ref":
            hint = f"name a file in it: {self._request.old}:schemas/a.avsc"
            raise UsageError("one schema is needed on each side, and a git ref holds many", hint=hint)
        return self._place(self._same_path(old, new)), self._place(self._same_path(new, old))

    def _compared(self, pairs: list[Pair], trees: tuple[Tree, Tree], empty: Difference) -> Difference:
        olds = [p.old for p in pairs if p.old and not p.old_is_new]
        news = [path for p in pairs for path in (p.new, p.old if p.old_is_new else "") if path]
        spaces = (load_from(trees[0], olds, self._reader), load_from(trees[1], news, self._reader))
        comparisons = tuple(self._compare(pair, trees, spaces) for pair in pairs)
        # A side that did not change is refused only if something could not be compared because of it.
        kept = tuple(one for one in comparisons if one.refused or one.undecided or not _is_void(one))
        told = kept if len(pairs) > 1 else comparisons
        problems = refused_report(trees, spaces, (olds, news), self._settings) if any(c.refused for c in told) else None
        return replace(empty, comparisons=told, problems=problems)

    def _compare(self, pair: Pair, trees: tuple[Tree, Tree], spaces: tuple[Workspace, Workspace]) -> Comparison:
        at = 1 if pair.old_is_new else 0
        old_side = _side(trees[at], pair.old) if pair.old else None
        new_side = _side(trees[1], pair.new) if pair.new else None
        old = spaces[at].schemas.get(pair.old) if pair.old else None
        new = spaces[1].schemas.get(pair.new) if pair.new else None
        shown = new or old
        named = shown.root.name if shown and isinstance(shown.root, Record | Enum | Fixed) else ""
        own = next((tree.subject for tree in trees if isinstance(tree, RegistryTree)), "")
        subject = own or ", ".join(self._settings.subject_names(pair.new or pair.old, named)) or named
        one = Comparison(old_side, new_side, subject)
        if (pair.old and old is None) or (pair.new and new is None):
            return replace(one, refused=True)
        if old_side is None or new_side is None or old is None or new is None:
            return one
        side = old_side
        source = "registry" if isinstance(trees[at], RegistryTree) else "git" if side.commit else "file"
        published = Provenance(source, side.label, side.path, side.commit)
        version = Version(VersionId("old", (published,)), old)
        lineage = Lineage(subject, new_side.path, Mode.FULL, new, (version,), version)
        return self._judged(replace(one, edits=tuple(edits(old, new))), old, new, lineage, spaces[1])

    def _judged(self, one: Comparison, old: Schema, new: Schema, lineage: Lineage, space: Workspace) -> Comparison:
        teller = Teller(space, Grades(self._settings, {}), BY_ID)
        try:
            reads = {
                Direction.BACKWARD: Solver(new, old, self._memo).compatible(),
                Direction.FORWARD: Solver(old, new, self._memo).compatible(),
            }
            told = [teller.judged(judged, lineage) for judged in Judge(CHANGE, self._memo).judge(lineage)]
        except UndecidedError as error:
            return replace(one, undecided=f"{error.message}; {error.hint}")
        return replace(one, reads=reads, findings=tuple(finding for finding in told if finding is not None))

    def _operand(self, typed: str) -> _Operand:
        """A file that exists wins over a ref of the same name."""
        full = os.path.join(self._request.directory, typed)
        if os.path.isfile(full):
            return _Operand("file", typed)
        ref, colon, path = typed.partition(":")
        unknown = ""
        try:
            known = self._repo.refs.find(ref if colon else typed)
        except GitError as error:
            known, unknown = None, f"there is no file {typed}, and {error.message}"
        if known is None:
            if self._shelf.holds(typed):
                return _Operand("subject", typed)
            kind = "is a directory" if os.path.isdir(full) else f"is neither a file nor a git ref{self._shelf.nor()}"
            hint = "name a schema file, REF:PATH (main:schemas/a.avsc), a git ref, or SUBJECT:VERSION of the registry"
            raise UsageError(unknown or f"{typed} {kind}", hint="name two schema files" if unknown else hint)
        if not colon:
            return _Operand("ref", typed, ref=typed)
        if path.startswith(("./", "../")):
            path = os.path.normpath(self._repo.prefix + path).replace(os.sep, "/")
        return _Operand("blob", typed, ref, path)

    def _current(self, old: _Operand) -> _Operand:
        """What is compared with OLD alone."""
        if old.kind == "file":
            hint = f"name the older side first, for example: HEAD {old.typed}"
            raise UsageError(f"{old.typed} is a file: it needs another side to be compared with", hint=hint)
        if old.kind == "ref":
            return _Operand("ref", "", ref="")
        if old.kind == "subject":
            return self._own_file(old)
        return _Operand("worktree", old.path, path=old.path)

    def _same_path(self, one: _Operand, other: _Operand) -> _Operand:
        """A whole ref beside one file means the ref's version of that file, or of the subject's file."""
        if one.kind != "ref" or other.kind == "ref":
            return one
        if other.kind == "subject":
            other = self._own_file(other)
        kind = "blob" if one.ref else "worktree"
        return replace(one, kind=kind, path=other.path, typed=other.typed)

    def _own_file(self, subject: _Operand) -> _Operand:
        path = file_of(self._project, self._shelf.tree(subject.typed).subject, self._reader)
        return _Operand("disk", path, path=path)

    def _git_tree(self, operand: _Operand) -> GitTree:
        return commit_tree(self._repo, operand.ref) if operand.ref else work_tree(self._repo)

    def _place(self, operand: _Operand) -> tuple[Tree, str]:
        if operand.kind == "file":
            return file_tree(self._request.directory, operand.typed)
        if operand.kind == "subject":
            held = self._shelf.tree(operand.typed)
            return held, held.path
        if operand.kind == "disk":
            return DiskTree(self._project.root), operand.path
        if operand.kind == "worktree":
            if not os.path.isfile(os.path.join(self._repo.root, *operand.path.split("/"))):
                hint = "name the new side: REF:PATH or a file"
                raise UsageError(f"the work tree has no file {operand.path}", hint=hint)
            return DiskTree(self._repo.root), operand.path
        tree = self._git_tree(operand)
        path = operand.path or self._inside(operand.typed)
        if path not in tree.proposal.files:
            raise UsageError(f"{operand.ref or 'the work tree'} has no file {path}", hint=_near(path, tree))
        return tree, path

    def _inside(self, typed: str) -> str:
        from schemagate.adapters.files import repo_path

        return repo_path(self._repo.root, typed, self._request.directory)


def _near(path: str, tree: GitTree) -> str:
    from schemagate.config.issues import meant

    return meant(path, (name for name in tree.proposal.files if name.endswith(".avsc")), "paths start at the root")


def _side(tree: Tree, path: str) -> Side:
    return Side(tree.label(path), path, tree.commit if isinstance(tree, GitTree) else "")


def _is_void(one: Comparison) -> bool:
    """Two sides that say the same."""
    return one.old is not None and one.new is not None and not one.edits and not one.findings
