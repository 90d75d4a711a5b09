"""The past of subjects as git tells it: every version, when and where it was published, and what it changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from schemagate.app.archive import Archive
from schemagate.app.check import look
from schemagate.app.lineages import Past, PastReader, in_force
from schemagate.app.request import CheckRequest
from schemagate.app.scope import Scope, whole_history
from schemagate.app.steps import Steps
from schemagate.compat.solve import Memo
from schemagate.config import Waiver, version_of
from schemagate.engine.lineage import Version
from schemagate.errors import UsageError
from schemagate.report.timeline import Entry, Step, Timeline
from schemagate.schema.bulk import VersionReader
from schemagate.schema.canonical import content_key
from schemagate.schema.model import Enum, Factory, Fixed, Node, Record, Schema
from schemagate.suppress import covers
from schemagate.workspace import Workspace, load


class Overview(msgspec.Struct, frozen=True):
    """Every subject there is, and the baseline whose history was read."""

    entries: tuple[Entry, ...]
    branch: str


class Series(msgspec.Struct, frozen=True):
    """One series of files: their numbers, the newest of them, and what it is called."""

    name: str
    path: str
    files: Mapping[str, int | None]
    present: bool
    names: tuple[str, ...] = ()
    """Its subjects in a registry."""


def overview(request: CheckRequest) -> Overview:
    """Every subject of the repository. Raises ConfigError, UsageError, GitError."""
    scope = look(request)
    with scope.repo:
        reader = Reader(scope)
        return Overview(tuple(map(reader.entry, reader.read(list(reader.subjects())))), scope.branch)


def timeline(request: CheckRequest, wanted: str, limit: int) -> Timeline:
    """One subject's versions, the newest ``limit`` of them (0: all).

    ``wanted`` is its name, a unique end of it, or a file. UsageError names the nearest where there is none.
    """
    scope = look(request)
    with scope.repo:
        reader = Reader(scope)
        chosen = choose(list(reader.subjects()), wanted, scope.repo.prefix)
        reader.read([chosen])
        return reader.timeline(chosen, limit)


def choose(subjects: Sequence[Series], wanted: str, prefix: str) -> Series:
    """The one that is meant: by name, by a unique end of it, or by a file; UsageError where none or several fit."""
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
class Reader:
    """Reads the past of a repository's subjects; versions of all of them are made by one factory."""

    scope: Scope
    memo: Memo = field(default_factory=Memo)
    workspace: Workspace = field(init=False)
    texts: VersionReader = field(default_factory=lambda: VersionReader(Factory()))
    _archive: Archive = field(init=False)
    _past: PastReader = field(init=False)
    _steps: Steps = field(init=False)

    def __post_init__(self) -> None:
        scope = self.scope
        reader = self.texts
        self.workspace = load(scope.proposal.sources(scope.schema_paths()), reader.factory, version_of, reader)
        self._archive = Archive(scope.repo, whole_history(scope), reader, scope.was_schema)
        self._steps = Steps({commit.sha: commit for commit in self._archive.history.commits}, self.memo)
        self._past = PastReader(self._archive, self.workspace.definers, scope.branch)

    def subjects(self) -> Iterator[Series]:
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

    def read(self, subjects: list[Series]) -> list[Series]:
        """The same subjects, once all that they published is read: in one go and in the order of packs."""
        self._archive.preload(e for subject in subjects for path in subject.files for e in self._archive.events(path))
        return subjects

    def _subject(self, series: str, files: Mapping[str, int | None]) -> Series | None:
        oldest_first = sorted(files, key=lambda path: (files[path] or 0, path))
        present = [path for path in oldest_first if path in self.workspace.documents]
        path = present[-1] if present else oldest_first[-1]
        rule = self.scope.settings.subject_rule_for(path)
        if rule is not None and rule.shared:
            return None
        schema = self.workspace.schemas.get(path)
        root = schema.root if schema is not None else self._last_root(path)
        names = self.scope.settings.subject_names(path, _name(root))
        return Series(", ".join(names) or series, path, files, bool(present), names)

    def _last_root(self, path: str) -> Node | None:
        """What a file meant when it was last published."""
        roots = (self._archive.root(e.blob, e.path) for e in self._archive.events(path) if e.blob is not None)
        return next((root for root in roots if root is not None), None)

    def past(self, subject: Series) -> Past:
        """All that a subject's files published."""
        return self._past.past(sorted(subject.files, key=lambda p: (subject.files[p] or 0, p)), subject.files)

    def entry(self, subject: Series) -> Entry:
        past = self.past(subject)
        dates = [p.date for version in past.versions[-1:] for p in version.id.published[:1]]
        mode = self.scope.settings.mode_for(subject.path)
        state = self.state(subject, past)
        return Entry(subject.name, subject.path, mode, len(past.versions), next(iter(dates), ""), state)

    def state(self, subject: Series, past: Past) -> str:
        """How the candidate stands, as :class:`Entry` tells it."""
        if not subject.present:
            return "deleted"
        if self.proposed(subject, past) is not None:
            return "changed" if past.versions else "proposed"
        return "" if subject.path in self.workspace.schemas else "not a schema"

    def proposed(self, subject: Series, past: Past) -> Schema | None:
        """The candidate, where it differs from what is in force."""
        schema = self.workspace.schemas.get(subject.path)
        newest = past.newest or (past.versions[-1] if past.versions else None)
        if schema is None or (newest is not None and content_key(newest.schema) == content_key(schema)):
            return None
        return schema

    def timeline(self, subject: Series, limit: int) -> Timeline:
        past = self.past(subject)
        proposed = self.proposed(subject, past) if subject.present else None
        steps = list(self.steps(subject, past, proposed))
        shown = steps[-limit:] if limit else steps
        return Timeline(
            subject.name,
            subject.path,
            self.scope.settings.mode_for(subject.path),
            self.scope.branch,
            tuple(reversed(shown)),
            len(past.versions),
            self.left_out(past),
        )

    def left_out(self, past: Past) -> tuple[str, ...]:
        """The published texts that are no versions, and why."""
        branch = self.scope.branch
        return tuple(f"{note.path} in {branch}@{note.commit[:7]}: {note.why}" for note in past.unreadable)

    def steps(self, subject: Series, past: Past, proposed: Schema | None) -> Iterator[Step]:
        """Oldest first, what is proposed last."""
        marks = self.marks(subject, past.versions)
        before: Version | None = None
        for version in past.versions:
            yield self._steps.published(version, before, marks.get(version.id.name, ""))
            before = version
        if proposed is not None:
            yield self._steps.proposed(self.scope.proposal.kind, proposed, past.newest or before)

    def marks(self, subject: Series, versions: Sequence[Version]) -> dict[str, str]:
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
