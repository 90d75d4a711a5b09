"""The baseline's published past: which text each file had after each commit, read and built once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemagate.adapters.files import is_lfs_pointer
from schemagate.errors import GitError
from schemagate.schema.bulk import VersionReader
from schemagate.schema.model import Node, Schema
from schemagate.schema.names import Definition
from schemagate.workspace import own_definitions

if TYPE_CHECKING:
    from schemagate.adapters.git import GitRepo, History


@dataclass(frozen=True, slots=True)
class Event:
    """``path`` got the text ``blob`` (None: was deleted) in commit ``index`` (0 is the newest)."""

    index: int
    path: str
    blob: str | None


class Archive:
    """Published texts by commit index; a text is read once and built once, however often it was published."""

    def __init__(self, repo: GitRepo, history: History, reader: VersionReader) -> None:
        self.history = history
        self._repo = repo
        self._reader = reader
        self._schemas: dict[str, Schema | None] = {}
        self._events: dict[str, tuple[Event, ...]] = {}
        self._trees: dict[int, dict[str, Definition]] = {}
        self._moved: dict[str, list[int]] = {}
        for changes in history.changes.values():
            for change in changes:
                if change.status == "R":
                    self._moved.setdefault(change.old_path, []).append(change.commit_index)
        self._sources: dict[str, str] = {}

    @property
    def adopted(self) -> frozenset[str]:
        """Published files whose lineage another file of the candidate continues."""
        return frozenset(self._sources.values())

    def adopt(self, path: str, source: str) -> None:
        """From now on ``path`` continues what ``source`` published."""
        self._sources[path] = source
        self._events.pop(path, None)

    def paths(self) -> Iterable[str]:
        """Every path that the history names."""
        return self.history.changes

    def exists(self, path: str) -> bool:
        """Whether the file is there at the baseline's tip."""
        event = self.state(path, 0)
        return event is not None and event.blob is not None

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
            self._schemas[blob] = None if data is None else self._accepted(data, wanted[blob])

    def _accepted(self, data: bytes, path: str) -> Schema | None:
        if is_lfs_pointer(data):
            raise GitError(
                f"{path} was published as a git LFS pointer: its versions are not in this clone's history",
                hint="git LFS keeps schemas out of git's own history; take them out of .gitattributes (`git lfs untrack`)",
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
        before = -1
        seen = {path}
        while path:
            source = self._sources.get(path, "")
            if not source:
                yield from (Event(index, path, None) for index in self._moved.get(path, ()) if index > before)
            for change in self.history.changes.get(path, ()):
                if change.commit_index <= before:
                    continue
                yield Event(change.commit_index, path, None if change.status == "D" else change.blob)
                if change.status in ("R", "C") and change.old_path:
                    source, before = change.old_path, change.commit_index
                    break
            if source in seen:
                return
            seen.add(source)
            path = source

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

    def tree_definition(self, name: str, index: int, is_schema: Iterable[str] | None = None) -> Definition | None:
        """``name`` as any schema file of that commit's tree defined it: the way where no known file does."""
        if index not in self._trees:
            commit = self.history.commits[index].sha
            files = self._repo.tree_files(commit, lambda path: path.endswith(".avsc"))
            self.preload(Event(index, path, blob) for path, (_, blob, _) in sorted(files.items()))
            definitions: dict[str, Definition] = {}
            for path, (_, blob, _) in sorted(files.items()):
                root = self.root(blob, path)
                for named in own_definitions(root) if root is not None else ():
                    definitions.setdefault(named.name, Definition(named, path))
            self._trees[index] = definitions
        return self._trees[index].get(name)
