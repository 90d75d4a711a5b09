"""The past of subjects as git tells it: every version, when and where it was published, and what it changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from schemagate.app.archive import Archive
from schemagate.app.check import look
from schemagate.app.lineages import Past, PastReader, in_force
from schemagate.app.request import CheckRequest
from schemagate.app.scope import Scope, whole_history
from schemagate.compat.solve import Memo, Solver
from schemagate.config import Waiver, version_of
from schemagate.engine.edits import edits
from schemagate.engine.lineage import Version
from schemagate.errors import UndecidedError, UsageError
from schemagate.finding import Direction
from schemagate.report.timeline import Entry, Publication, Step, Timeline
from schemagate.schema.bulk import VersionReader
from schemagate.schema.canonical import content_key
from schemagate.schema.model import Enum, Factory, Fixed, Node, Record, Schema
from schemagate.suppress import covers
from schemagate.workspace import Workspace, load

if TYPE_CHECKING:
    from schemagate.adapters.git import CommitInfo


class Overview(msgspec.Struct, frozen=True):
    """Every subject there is, and the baseline whose history was read."""

    entries: tuple[Entry, ...]
    branch: str


class _Subject(msgspec.Struct, frozen=True):
    """One series of files: their numbers, the newest of them, and what it is called."""

    name: str
    path: str
    files: Mapping[str, int | None]
    present: bool


def overview(request: CheckRequest) -> Overview:
    """Every subject of the repository. Raises ConfigError, UsageError, GitError."""
    scope = look(request)
    with scope.repo:
        reader = _Reader(scope)
        return Overview(tuple(map(reader.entry, reader.read(list(reader.subjects())))), scope.branch)


def timeline(request: CheckRequest, wanted: str, limit: int) -> Timeline:
    """One subject's versions, the newest ``limit`` of them (0: all).

    ``wanted`` is its name, a unique end of it, or a file. UsageError names the nearest where there is none.
    """
    scope = look(request)
    with scope.repo:
        reader = _Reader(scope)
        chosen = _choose(list(reader.subjects()), wanted, scope.repo.prefix)
        reader.read([chosen])
        return reader.timeline(chosen, limit)


def _choose(subjects: Sequence[_Subject], wanted: str, prefix: str) -> _Subject:
    paths = {wanted, wanted.removeprefix("./"), f"{prefix}{wanted.removeprefix('./')}"}
    exact = [s for s in subjects if s.name == wanted or wanted in s.name.split(", ") or paths & s.files.keys()]
    # A file that was deleted may have left its name to another one: the one that is there is meant.
    found = [s for s in exact if s.present] or exact or [s for s in subjects if s.name.endswith((f".{wanted}", wanted))]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(sorted(f"{s.name} ({s.path})" for s in found)[:5])
        raise UsageError(f"{wanted} fits {len(found)} subjects", hint=f"name one of them or its file: {names}")
    from schemagate.config.issues import meant

    known = [word for s in subjects for word in (s.name, s.name.rpartition(".")[2], s.path)]
    hint = meant(wanted, known, "`schemagate history` lists them")
    raise UsageError(f"there is no subject {wanted}", hint=hint)


@dataclass(slots=True)
class _Reader:
    scope: Scope
    _factory: Factory = field(default_factory=Factory)
    _memo: Memo = field(default_factory=Memo)
    _workspace: Workspace = field(init=False)
    _archive: Archive = field(init=False)
    _past: PastReader = field(init=False)
    _commits: dict[str, CommitInfo] = field(init=False)

    def __post_init__(self) -> None:
        scope = self.scope
        reader = VersionReader(self._factory)
        self._workspace = load(scope.proposal.sources(scope.schema_paths()), self._factory, version_of, reader)
        self._archive = Archive(scope.repo, whole_history(scope), reader, scope.was_schema)
        self._commits = {commit.sha: commit for commit in self._archive.history.commits}
        self._past = PastReader(self._archive, self._workspace.definers, scope.branch)

    def subjects(self) -> Iterator[_Subject]:
        """Every series of the work tree, and every published one that is gone."""
        scope, archive = self.scope, self._archive
        for change in scope.changes:
            if change.status == "R" and change.old_path not in scope.proposal.files:
                archive.adopt(change.path, change.old_path)
        moved = {c.old_path for changes in archive.history.changes.values() for c in changes if c.status == "R"}
        series: dict[str, dict[str, int | None]] = {}
        for path in sorted({*scope.schema_paths(), *(p for p in archive.paths() if scope.settings.is_schema_path(p))}):
            if path in scope.proposal.files or (path not in moved and path not in archive.adopted):
                name, number = version_of(path)
                series.setdefault(name, {})[path] = number
        for name, files in series.items():
            subject = self._subject(name, files)
            if subject is not None:
                yield subject

    def read(self, subjects: list[_Subject]) -> list[_Subject]:
        """The same subjects, once all that they published is read: in one go and in the order of packs."""
        self._archive.preload(e for subject in subjects for path in subject.files for e in self._archive.events(path))
        return subjects

    def _subject(self, series: str, files: Mapping[str, int | None]) -> _Subject | None:
        oldest_first = sorted(files, key=lambda path: (files[path] or 0, path))
        present = [path for path in oldest_first if path in self._workspace.documents]
        path = present[-1] if present else oldest_first[-1]
        rule = self.scope.settings.subject_rule_for(path)
        if rule is not None and rule.shared:
            return None
        schema = self._workspace.schemas.get(path)
        root = schema.root if schema is not None else self._last_root(path)
        names = self.scope.settings.subject_names(path, _name(root))
        return _Subject(", ".join(names) or series, path, files, bool(present))

    def _last_root(self, path: str) -> Node | None:
        """What a file meant when it was last published."""
        roots = (self._archive.root(e.blob, e.path) for e in self._archive.events(path) if e.blob is not None)
        return next((root for root in roots if root is not None), None)

    def _versions(self, subject: _Subject) -> Past:
        return self._past.past(sorted(subject.files, key=lambda p: (subject.files[p] or 0, p)), subject.files)

    def entry(self, subject: _Subject) -> Entry:
        past = self._versions(subject)
        newest = past.versions[-1:]
        dates = [p.date for version in newest for p in version.id.published[:1]]
        state = "" if subject.present else "deleted"
        if subject.present and self._proposed(subject, past) is not None:
            state = "changed" if newest else "proposed"
        elif subject.present and subject.path not in self._workspace.schemas:
            state = "not a schema"
        mode = self.scope.settings.mode_for(subject.path)
        return Entry(subject.name, subject.path, mode, len(past.versions), next(iter(dates), ""), state)

    def _proposed(self, subject: _Subject, past: Past) -> Schema | None:
        """The candidate, where it differs from what is in force."""
        schema = self._workspace.schemas.get(subject.path)
        newest = past.newest or (past.versions[-1] if past.versions else None)
        if schema is None or (newest is not None and content_key(newest.schema) == content_key(schema)):
            return None
        return schema

    def timeline(self, subject: _Subject, limit: int) -> Timeline:
        past = self._versions(subject)
        steps = list(self._steps(subject, past))
        shown = steps[-limit:] if limit else steps
        return Timeline(
            subject.name,
            subject.path,
            self.scope.settings.mode_for(subject.path),
            self.scope.branch,
            tuple(reversed(shown)),
            len(past.versions),
            tuple(f"{note.path} in {self.scope.branch}@{note.commit[:7]}: {note.why}" for note in past.unreadable),
        )

    def _steps(self, subject: _Subject, past: Past) -> Iterator[Step]:
        """Oldest first, the candidate last if it is none of them."""
        marks = self._marks(subject, past.versions)
        before: Version | None = None
        for version in past.versions:
            yield self._step(version, before, marks.get(version.id.name, ""))
            before = version
        proposed = self._proposed(subject, past) if subject.present else None
        if proposed is not None:
            base = past.newest or before
            where = {"worktree": "the work tree", "index": "what is staged"}.get(self.scope.proposal.kind, "HEAD")
            yield self._compared("proposed", f"not published: {where}", proposed, base.schema if base else None)

    def _step(self, version: Version, before: Version | None, mark: str) -> Step:
        commits = self._commits
        published = tuple(
            Publication(place, commits[place.commit].author, commits[place.commit].subject)
            if place.commit in commits
            else Publication(place)
            for place in version.id.published
        )
        was = before.id.published[-1].path if before is not None else ""
        now = version.id.published[0].path
        moved = was if was and was != now and version_of(was)[1] is None else ""
        schema = before.schema if before is not None else None
        return self._compared(version.id.name, mark, version.schema, schema, published, moved)

    def _compared(
        self,
        name: str,
        mark: str,
        schema: Schema,
        before: Schema | None,
        published: tuple[Publication, ...] = (),
        moved: str = "",
    ) -> Step:
        if before is None:
            return Step(name, published, first=True, mark=mark)
        edited = tuple(edits(before, schema))
        try:
            reads = {
                Direction.BACKWARD: Solver(schema, before, self._memo).compatible(),
                Direction.FORWARD: Solver(before, schema, self._memo).compatible(),
            }
        except UndecidedError as error:
            return Step(name, published, edited, mark=mark, renamed_from=moved, undecided=error.message)
        return Step(name, published, edited, reads, mark=mark, renamed_from=moved)

    def _marks(self, subject: _Subject, versions: Sequence[Version]) -> dict[str, str]:
        """Version name → why it is not judged against."""
        settings = self.scope.settings
        rule = settings.subject_rule_for(subject.path)
        since = rule.history_from if rule is not None else None
        marks = {v.id.name: f"before {since}, not judged" for v in in_force(versions, since) if not v.judged}
        for retraction in settings.retracted:
            if retraction.subject in subject.name.split(", "):
                named = Waiver(reason=retraction.reason, versions=(retraction.version,))
                for version in versions:
                    if retraction.version == version.id.name or covers(named, version.id):
                        marks[version.id.name] = f"retracted: {retraction.reason}"
        return marks


def _name(node: Node | None) -> str:
    return node.name if isinstance(node, Record | Enum | Fixed) else ""
