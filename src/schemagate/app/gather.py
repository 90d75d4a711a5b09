"""Reads what ``check`` judges: the candidate, the baseline's past, and who is touched by the change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from schemagate.app.archive import Archive, Event
from schemagate.app.lineages import Past, PastReader, in_force, is_named
from schemagate.app.reach import reached
from schemagate.app.releases import missing_tags, releases
from schemagate.app.scope import Scope, published_history, retractions
from schemagate.app.shards import Slice, load_slice, names_of, slice_of
from schemagate.compat.modes import Mode
from schemagate.config import version_of
from schemagate.engine.lifecycle import Gap, Gone, gone_files, version_gaps
from schemagate.engine.lineage import Lineage, Version
from schemagate.finding import Provenance, VersionId
from schemagate.schema.bulk import VersionReader
from schemagate.schema.model import Enum, Factory, Fixed, Node, Record, Schema, short_name
from schemagate.workspace import Workspace, load, own_definitions

if TYPE_CHECKING:
    from schemagate.adapters.git import History


class Gathered(msgspec.Struct):
    """All that judging needs, read."""

    workspace: Workspace
    lineages: list[Lineage] = msgspec.field(default_factory=list)
    selected: frozenset[str] = frozenset()
    """The files whose own findings are told."""
    gone: list[Gone] = msgspec.field(default_factory=list)
    unreadable: list[tuple[str, str, str, str]] = msgspec.field(default_factory=list)
    """(subject, path, commit, why) of published texts that nobody could read."""
    notes: list[str] = msgspec.field(default_factory=list)
    """What the reader should know of how this was read."""
    gaps: list[Gap] = msgspec.field(default_factory=list)
    settled: set[str] = msgspec.field(default_factory=set)
    """Published version files that are not in force and were not edited."""
    via: Mapping[str, str] = msgspec.field(default_factory=dict)
    """File → the touched file through whose type it is judged though it was not touched itself."""
    unnamed: list[str] = msgspec.field(default_factory=list)
    """Files whose schema has no name of its own and no configured subject."""
    reader: VersionReader | None = None
    """What read the versions: further ones are read with it, so that equal content is one object."""
    part: Slice | None = None
    """The shard's part of the files; None where all are judged."""
    history: History | None = None

    def owns(self, path: str) -> bool:
        """Whether what is found in a file, or about it, is told by this run and no other shard of it."""
        return self.part is None or self.part.owns(path)


def gather(scope: Scope) -> Gathered:
    """Reads the candidate and the past of every subject that is touched (or of all of them)."""
    factory = Factory()
    reader = VersionReader(factory)
    part = history = None
    if scope.narrow:
        workspace, history = reached(scope, reader)
        part = slice_of(scope, names_of(workspace)) if scope.shard is not None else None
    elif scope.shard is not None:
        workspace, part = load_slice(scope, reader)
    else:
        workspace = load(scope.proposal.sources(scope.schema_paths()), factory, version_of, reader)
    return gather_in(scope, workspace, reader, part, history)


def gather_in(
    scope: Scope, workspace: Workspace, reader: VersionReader, part: Slice | None = None, history: History | None = None
) -> Gathered:
    """Reads the past of what a loaded workspace proposes; the baseline's ``history`` only where it is not given."""
    history = history or published_history(scope, workspace.documents)
    return _Gatherer(scope, workspace, reader, part, history).run()


class _Gatherer:
    def __init__(
        self, scope: Scope, workspace: Workspace, reader: VersionReader, part: Slice | None, history: History
    ) -> None:
        self._scope = scope
        self._workspace = workspace
        self._series: dict[str, dict[str, int | None]] = {}
        self._archive = Archive(scope.repo, history, reader, scope.was_schema)
        self._gathered = Gathered(workspace, reader=reader, part=part, history=history)
        tagged = releases(scope.repo, self._archive, scope.settings, scope.proposal.commit)
        self._gathered.notes += missing_tags(scope.settings, tagged)
        self._reader = PastReader(self._archive, workspace.definers, scope.branch, tagged)

    def run(self) -> Gathered:
        scope, gathered = self._scope, self._gathered
        touched = scope.touched()
        via = self._dependents(touched)
        self._follow_moves()
        for path in sorted({*self._proposed(), *self._published_paths()}):
            series, number = version_of(path)
            self._series.setdefault(series, {})[path] = number
        chosen = {
            series: files
            for series, files in self._series.items()
            if any(path in touched or path in via or self._is_renamed(path) for path in files)
            or (scope.everything and any(path in scope.proposal.files for path in files))
        }
        own = [files for files in chosen.values() if gathered.owns(next(iter(files)))]
        self._archive.preload(e for files in own for path in files for e in self._archive.events(path))
        for files in own:
            using = (via[p] for p in files if p in via and p not in self._workspace.superseded)
            self._subject(files, next(using, ""), touched)
        gathered.selected = frozenset(p for files in chosen.values() for p in files)
        gathered.via = via
        return gathered

    def _proposed(self) -> Iterable[str]:
        """The proposed files that may be judged: of a narrow run those that it loaded, or could not read."""
        scope = self._scope
        if not scope.narrow:
            return scope.schema_paths()
        touched = scope.touched() & scope.proposal.files.keys()
        return sorted({*self._workspace.documents, *filter(scope.settings.is_schema_path, touched)})

    def _published_paths(self) -> list[str]:
        """Files that are published at the baseline's tip, and version files that ever were, as far as configured."""
        covered = (p for p in self._archive.paths() if self._scope.settings.is_schema_path(p))
        return [p for p in covered if version_of(p)[1] is not None or self._archive.exists(p)]

    def _dependents(self, touched: frozenset[str]) -> dict[str, str]:
        """File → the touched file through which it must be judged: it uses, or used, a type that is defined there."""
        via = self._workspace.dependents(touched)
        former = {short_name(name): path for name, path in self._formerly_defined()}
        if not former:
            return via
        for path, schema in self._workspace.schemas.items():
            hit = next((former[n] for n in sorted(map(short_name, schema.origins)) if n in former), None)
            if hit is not None and path not in touched:
                via.setdefault(path, hit)
        for located in self._workspace.problems:
            name = short_name(str(located.problem.args.get("name", "")))
            if located.problem.rule == "undefined-type" and name in former and located.document not in touched:
                via.setdefault(located.document, former[name])
        return via

    def _formerly_defined(self) -> Iterator[tuple[str, str]]:
        """(name, file) of every type that the touched files defined before the change."""
        before = [c for c in self._scope.changes if c.old_blob and self._scope.settings.is_schema_path(c.old_path)]
        self._archive.preload(Event(0, c.old_path, c.old_blob) for c in before)
        for change in before:
            root = self._archive.root(change.old_blob or "", change.old_path)
            for named in own_definitions(root) if root is not None else ():
                yield named.name, change.old_path if change.status == "D" else change.path

    def _follow_moves(self) -> None:
        """A type that moved to a new file continues its lineage there, else a file that this change renames does."""
        files, archive = self._scope.proposal.files, self._archive
        left: dict[str, list[str]] = {}
        for change in self._scope.changes:
            if change.status in ("D", "R") and change.old_path not in files and archive.exists(change.old_path):
                left.setdefault(_name(archive.current(change.old_path)), []).append(change.old_path)
        renamed = {change.path: change.old_path for change in self._scope.changes if change.status == "R"}
        # Of several files that held the type, git's own answer comes first: a directory of copies may have moved.
        for path in sorted(self._proposed(), key=lambda path: path not in renamed):
            name = self._name_in(path)
            if archive.exists(path) or not name:
                continue
            number = version_of(path)[1]
            fitting = [p for p in left.get(name, ()) if number is None or version_of(p)[1] in (None, number)]
            source = renamed.get(path, "")
            if source not in fitting:
                source = next(iter(fitting), "")
            if source:
                left[name].remove(source)
            elif number is None and not archive.events(path):
                source = (archive.grave(name, 0, path) or (0, ""))[1]
            if source:
                archive.adopt(path, source)
        for change in self._scope.changes:
            old = change.old_path
            if change.status != "R" or old in files or old in archive.adopted or archive.exists(change.path):
                continue
            if version_of(change.path)[1] is None or version_of(old)[1] in (None, version_of(change.path)[1]):
                archive.adopt(change.path, old)

    def _is_renamed(self, path: str) -> bool:
        """Whether the change of the configuration calls the file's subject otherwise."""
        settings, former, name = self._scope.settings, self._scope.former, self._name_in(path)
        return settings is not former and former.subject_names(path, name) != settings.subject_names(path, name)

    def _name_in(self, path: str) -> str:
        schema, part = self._workspace.schemas.get(path), self._gathered.part
        if part is not None and path not in self._workspace.documents:
            return part.names.get(path, "")
        return "" if schema is None else _name(schema.root)

    def _subject(self, files: Mapping[str, int | None], via: str, touched: frozenset[str]) -> None:
        present = {p: files[p] for p in _oldest_first(files) if p in self._scope.proposal.files}
        past = self._reader.past(_oldest_first(files), files)
        # A file that became a version file was published as no version of that number.
        published = [
            p
            for p in past.files
            if p not in self._archive.adopted and version_of(self._archive.source(p))[1] == files[p]
        ]
        roots = {p: (self._archive.current(p), self._root(p)) for p in past.files if p in touched}
        self._gathered.gone += gone_files(files, present, published, touched, roots)
        self._gathered.gaps += version_gaps(files, [p for p in present if p not in past.files])
        self._gathered.settled |= self._settled(published, roots)
        path = list(present)[-1] if present else next(iter(files))
        rule = self._scope.settings.subject_rule_for(path)
        if rule is not None and rule.shared:
            return
        edited = {p for p, (was, now) in roots.items() if was is not now and p not in published}
        candidates = [p for p in present if p not in past.files or p in edited] or [path]
        versions, newest = self._governed(past, path)
        siblings: list[Version] = []
        for candidate in candidates if present else ():
            schema = self._workspace.schemas.get(candidate)
            lineage = self._lineage(candidate, schema, [*versions, *siblings], siblings[-1:] or newest, via, past)
            self._gathered.lineages.append(lineage)
            for note in past.unreadable:
                self._gathered.unreadable.append((lineage.subject, note.path, note.commit, note.why))
            if schema is not None and files[candidate] is not None:
                where = Provenance("file", candidate, candidate)
                siblings.append(Version(VersionId(f"v{files[candidate]}", (where,)), schema))

    def _settled(self, published: Iterable[str], roots: Mapping[str, tuple[Node | None, Node | None]]) -> set[str]:
        """The version files that are published as they stand and not in force: nobody can act on a finding there."""
        superseded = self._workspace.superseded
        same = (p for p in published if p not in roots or roots[p][0] is roots[p][1] is not None)
        return {p for p in same if p in superseded}

    def _root(self, path: str) -> Node | None:
        schema = self._workspace.schemas.get(path)
        return None if schema is None else schema.root

    def _governed(self, past: Past, path: str) -> tuple[list[Version], list[Version]]:
        settings = self._scope.settings
        rule = settings.subject_rule_for(path)
        since = rule.history_from if rule is not None else None
        subjects = set(self._names(path, self._workspace.schemas.get(path)))
        retracted = {r.version for r in retractions(self._scope) if r.subject in subjects}
        versions = [
            replace(v, judged=False) if is_named(v.id, retracted) else v for v in in_force(past.versions, since)
        ]
        newest = [v for v in versions if past.newest is not None and v.id == past.newest.id]
        if newest and is_named(newest[0].id, retracted):
            newest = [v for v in versions if not is_named(v.id, retracted)][-1:]
        return versions, newest

    def _names(self, path: str, schema: Schema | None) -> tuple[str, ...]:
        return self._scope.settings.subject_names(path, _name(schema.root) if schema is not None else "")

    def _lineage(
        self,
        path: str,
        schema: Schema | None,
        versions: list[Version],
        newest: list[Version],
        via: str,
        past: Past,
    ) -> Lineage:
        names = self._names(path, schema)
        if not names and schema is not None:
            self._gathered.unnamed.append(path)
        former: tuple[str, ...] = ()
        if past.newest is not None:
            old_path = past.newest.id.published[-1].path
            # A name that was only guessed is in no registry: to write one down for the first time renames nothing.
            if self._scope.former.names_subjects(old_path) or not self._scope.settings.names_subjects(path):
                former = self._scope.former.subject_names(old_path, _name(past.newest.schema.root))
        current = newest[0] if newest else None
        change = "new"
        if schema is None:
            change = "invalid"
        elif current is not None:
            change = "unchanged" if current.schema.root is schema.root and not via else "changed"
        return Lineage(
            ", ".join(names) or version_of(path)[0],
            path,
            Mode(self._scope.settings.mode_for(path)),
            schema,
            tuple(versions),
            current,
            change,
            via,
            tuple(name for name in former if name not in names) if names else (),
            names,
        )


def _oldest_first(files: Mapping[str, int | None]) -> list[str]:
    return sorted(files, key=lambda path: (files[path] or 0, path))


def _name(node: Node | None) -> str:
    return node.name if isinstance(node, Record | Enum | Fixed) else ""
