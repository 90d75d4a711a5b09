"""The baseline's published past: which text each file had after each commit, read and built once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from schemagate.adapters.files import is_lfs_pointer
from schemagate.config import version_of
from schemagate.errors import GitError
from schemagate.schema.bulk import VersionReader
from schemagate.schema.model import Enum, Factory, Fixed, Node, Record, Schema
from schemagate.schema.names import Definition
from schemagate.workspace import Source, load, own_definitions, superseded_files

if TYPE_CHECKING:
    from schemagate.adapters.git import GitRepo, History


class Event(msgspec.Struct, frozen=True):
    """``path`` got the text ``blob`` (None: was deleted) in commit ``index`` (0 is the newest)."""

    index: int
    path: str
    blob: str | None


class Archive:
    """Published texts by commit index; a text is read once and built once, however often it was published."""

    def __init__(
        self, repo: GitRepo, history: History, reader: VersionReader, is_schema: Callable[[str], bool]
    ) -> None:
        self.history = history
        self._repo = repo
        self._reader = reader
        self._is_schema = is_schema
        self._schemas: dict[str, Schema | None] = {}
        self._refusals: dict[str, str] = {}
        self._events: dict[str, tuple[Event, ...]] = {}
        self._trees: dict[str, dict[str, Definition]] = {}
        self._moved: dict[str, list[tuple[int, str]]] = {}
        self._deleted: list[tuple[int, str, str]] = []
        for path, changes in history.changes.items():
            for change in changes:
                if change.status == "R":
                    self._moved.setdefault(change.old_path, []).append((change.commit_index, path))
                elif change.status == "D" and change.old_blob:
                    self._deleted.append((change.commit_index, path, change.old_blob))
        self._first_deletion = max((index for index, _, _ in self._deleted), default=-1)
        self._graves: dict[str, list[tuple[int, str]]] | None = None
        self._series: dict[str, list[str]] | None = None
        self._sources: dict[str, str] = {}

    @property
    def adopted(self) -> frozenset[str]:
        """Published files whose lineage another file of the candidate continues."""
        return frozenset(self._sources.values())

    def adopt(self, path: str, source: str) -> None:
        """From now on ``path``, which the history does not hold, continues what ``source`` published."""
        seen = {source}
        while not self.exists(source) and source in self._moved:
            source = min(self._moved[source])[1]
            if source in seen:
                return
            seen.add(source)
        self._sources[path] = source
        self._events.pop(path, None)

    def source(self, path: str) -> str:
        """The file whose publications ``path`` continues: itself, unless it adopted another."""
        return self._sources.get(path, path)

    def grave(self, name: str, since: int, path: str = "") -> tuple[int, str] | None:
        """The last file other than ``path`` that was deleted while it held the type ``name``, and the commit's index.

        ``since`` is the newest commit that counts. A schema that comes back elsewhere continues its lineage.
        """
        if self._graves is None:
            self._graves = {}
            self.preload(Event(index, place, blob) for index, place, blob in self._deleted)
            for index, place, blob in self._deleted:
                root = self.root(blob, place)
                if isinstance(root, Record | Enum | Fixed):
                    self._graves.setdefault(root.name, []).append((index, place))
        found = [(index, place) for index, place in self._graves.get(name, ()) if index >= since and place != path]
        return min(found, default=None)

    def paths(self) -> Iterable[str]:
        """Every path that the history names."""
        return self.history.changes

    def exists(self, path: str) -> bool:
        """Whether the file is there at the baseline's tip. Reads nothing: it is asked of every file."""
        path = self._sources.get(path, path)
        changes = self.history.changes.get(path)
        if not changes or changes[0].status == "D":
            return False
        return all(index >= changes[0].commit_index for index, _ in self._moved.get(path, ()))

    def current(self, path: str) -> Node | None:
        """What the file means at the baseline's tip."""
        event = self.state(path, 0)
        return None if event is None or event.blob is None else self.root(event.blob, event.path)

    def preload(self, events: Iterable[Event]) -> None:
        """Reads and builds what these events published, newest first: the order in which packs are quick."""
        wanted: dict[str, str] = {}
        for event in sorted(events, key=lambda e: e.index):
            if event.blob is not None and event.blob not in self._schemas:
                wanted.setdefault(event.blob, event.path)
        for blob, data in self._repo.blobs(wanted):
            schema = self._schemas[blob] = None if data is None else self._accepted(data, wanted[blob])
            if schema is None:
                self._refusals[blob] = "it is too large" if data is None else _refusal(data, wanted[blob])

    def _accepted(self, data: bytes, path: str) -> Schema | None:
        if is_lfs_pointer(data):
            raise GitError(
                f"{path} was published as a git LFS pointer: its versions are not in this clone's history",
                hint="take schemas out of git LFS (`git lfs untrack`): it keeps them out of git's own history",
            )
        schema = self._reader.read(data, path)
        if schema is None or any(p.refused and p.rule != "undefined-type" for p in schema.problems):
            return None
        return schema

    def schema(self, blob: str, path: str) -> Schema | None:
        """A published text on its own: names of other files are not resolved. None if Java never accepted it."""
        if blob not in self._schemas:
            self.preload([Event(0, path, blob)])
        return self._schemas[blob]

    def refusal(self, blob: str) -> str:
        """Why ``schema`` is None for a text, in words."""
        return self._refusals.get(blob, "Avro Java does not accept it")

    def root(self, blob: str, path: str) -> Node | None:
        """What a published text means, None if Java never accepted it."""
        schema = self.schema(blob, path)
        return None if schema is None else schema.root

    def events(self, path: str) -> tuple[Event, ...]:
        """What was published under this path and, before a rename, under its earlier ones; newest first."""
        known = self._events.get(path)
        if known is None:
            known = self._events[path] = tuple(sorted(self._follow(path), key=lambda e: e.index))
        return known

    def _follow(self, path: str) -> Iterator[Event]:
        """From the newest event back: through renames, and from where a file began to where its type was deleted."""
        before = -1
        seen: set[str] = set()
        while path not in seen:
            seen.add(path)
            source = self._sources.get(path, "")
            if source:
                path = source
                continue
            # What was moved away is the other file's past, also if a new file came to stand here.
            left = min((index for index, _ in self._moved.get(path, ()) if index > before), default=None)
            mine = [
                change
                for change in self.history.changes.get(path, ())
                if change.commit_index > before and (left is None or change.commit_index <= left)
            ]
            if left is not None and all(change.commit_index != left for change in mine):
                yield Event(left, path, None)
            first: Event | None = None
            for change in mine:
                first = Event(change.commit_index, path, None if change.status == "D" else change.blob)
                yield first
                if change.status == "R":
                    path, before = change.old_path, change.commit_index
                    break
            else:
                found = self._buried(first)
                if found is not None:
                    before, path = found[0] - 1, found[1]

    def _buried(self, first: Event | None) -> tuple[int, str] | None:
        """Where the type of a file's first text was deleted before, or in the same commit."""
        if first is None or first.blob is None or self._first_deletion < first.index:
            return None
        root = self.root(first.blob, first.path)
        return self.grave(root.name, first.index, first.path) if isinstance(root, Record | Enum | Fixed) else None

    def state(self, path: str, index: int) -> Event | None:
        """The event that decides what the file held after commit ``index``; None if it did not exist yet."""
        events = self.events(path)
        at = bisect_left(events, index, key=lambda e: e.index)
        return events[at] if at < len(events) else None

    def definition(self, name: str, path: str, index: int) -> Definition | None:
        """``name`` as ``path`` defined it after commit ``index``."""
        event = self.state(path, index)
        if event is None or event.blob is None:
            return None
        root = self.root(event.blob, event.path)
        if root is None:
            return None
        found = next((n for n in own_definitions(root) if n.name == name), None)
        return None if found is None else Definition(found, path)

    def series(self, path: str) -> tuple[str, ...]:
        """The published files of the ``_vN`` series that a file belongs to, highest first; else the file alone."""
        series, number = version_of(path)
        if number is None:
            return (path,)
        if self._series is None:
            self._series = {}
            numbered = ((version_of(name), name) for name in self.history.changes)
            for (other, count), name in sorted(numbered, key=lambda row: -(row[0][1] or 0)):
                if count is not None:
                    self._series.setdefault(other, []).append(name)
        return (*([path] if path not in self.history.changes else ()), *self._series.get(series, ()))

    def tree_definition(self, name: str, index: int) -> Definition | None:
        """``name`` as any schema file of that commit's tree defined it: the way where no known file does."""
        return self.definitions_at(self.history.commits[index].sha).get(name)

    def definitions_at(self, commit: str) -> Mapping[str, Definition]:
        """Every type that the schema files of a commit's tree defined; of a ``_vN`` series the highest counts."""
        if commit not in self._trees:
            files = self.tree(commit)
            self.preload(Event(0, path, blob) for path, blob in files.items())
            definitions: dict[str, Definition] = {}
            replaced = superseded_files(files, version_of)
            for path, blob in files.items():
                root = self.root(blob, path) if path not in replaced else None
                for named in own_definitions(root) if root is not None else ():
                    definitions.setdefault(named.name, Definition(named, path))
            self._trees[commit] = definitions
        return self._trees[commit]

    def tree(self, commit: str) -> dict[str, str]:
        """Path → blob of every schema file of a commit's tree, in the order of paths."""
        files = self._repo.tree_files(commit, self._is_schema)
        return {path: entry.blob for path, entry in sorted(files.items())}


def _refusal(data: bytes, path: str) -> str:
    """What Avro Java objects to first in a text, and where."""
    from schemagate.rules.catalog import BY_ID

    workspace = load([Source(path, data)], Factory(), version_of)
    for problem in (located.problem for located in workspace.problems):
        if problem.refused and problem.rule != "undefined-type":
            words = BY_ID[problem.rule].words(problem.args)
            region = workspace.documents[path].region(problem.pointer, problem.part, problem.span)
            return words if " line " in words else f"{words} (line {region.line})"
    return "Avro Java does not accept it"
