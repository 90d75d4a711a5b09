"""From published events to lineages: every distinct schema of a subject, resolved as of its own commit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from schemagate.app.archive import Archive, Event
from schemagate.app.releases import Release
from schemagate.config import version_of
from schemagate.engine.lineage import Version
from schemagate.finding import Provenance, VersionId
from schemagate.schema.canonical import content_key
from schemagate.schema.model import Node, Schema, short_name
from schemagate.schema.names import Definition, link


class Unreadable(msgspec.Struct, frozen=True):
    """A published text that Java never accepted, or whose names nothing defined at its commit."""

    path: str
    commit: str
    why: str


class Past(msgspec.Struct):
    """What a subject's files published, oldest first."""

    versions: list[Version] = msgspec.field(default_factory=list)
    newest: Version | None = None
    unreadable: list[Unreadable] = msgspec.field(default_factory=list)
    files: dict[str, object] = msgspec.field(default_factory=dict)
    """Path → content key of what it held at the baseline's tip: only files that exist there."""


class PastReader:
    """Builds the past of subjects. ``definers`` says where the work tree defines a name: the first place to look."""

    def __init__(
        self,
        archive: Archive,
        definers: Mapping[str, Sequence[str]],
        branch: str,
        tagged: Sequence[Release] = (),
    ) -> None:
        self._archive = archive
        self._definers = definers
        self._branch = branch
        self._tagged = tagged
        self._linked: dict[tuple[object, ...], Schema] = {}

    def past(self, paths: Iterable[str], number_of: Mapping[str, int | None]) -> Past:
        """All versions that ``paths`` (one file, or the ``_vN`` files of a series) published."""
        past = Past()
        found: dict[object, tuple[Schema, list[tuple[int, str, Provenance]]]] = {}
        newest: tuple[tuple[int, int], object] | None = None
        for path in paths:
            for index, schema, where in self._published(path, past):
                key = content_key(schema)
                found.setdefault(key, (schema, []))[1].append((index, path, where))
                current = self._archive.state(path, 0)
                if current is not None and current.blob is not None and path not in past.files:
                    past.files[path] = key
                    rank = (number_of.get(path) or 0, -index)
                    if newest is None or rank > newest[0]:
                        newest = (rank, key)
        tags = {release.tag for release in self._tagged}
        for index, path, schema, where in self._released(list(number_of), past):
            places = found.setdefault(content_key(schema), (schema, []))[1]
            # Of all the tags that held a text, the last one tells how long it was in use.
            places[:] = [place for place in places if place[2].label not in tags]
            places.append((index, path, where))
        if newest is None and found:
            # A deleted schema that comes back follows what it was last.
            newest = ((0, 0), min(found, key=lambda key: min(index for index, _, _ in found[key][1])))
        for key, version in self._named(found, number_of):
            past.versions.append(version)
            if newest is not None and key == newest[1]:
                past.newest = version
        return past

    def _named(
        self,
        found: Mapping[object, tuple[Schema, list[tuple[int, str, Provenance]]]],
        number_of: Mapping[str, int | None],
    ) -> Iterator[tuple[object, Version]]:
        """Versions oldest first: by ``_vN`` where files are numbered, else by first publication."""
        numbered = any(number is not None for number in number_of.values())

        def age(item: tuple[object, tuple[Schema, list[tuple[int, str, Provenance]]]]) -> tuple[int, int]:
            return (_number(item[1][1]) or 0, -max(place[0] for place in item[1][1]))

        for n, (key, (schema, places)) in enumerate(sorted(found.items(), key=age), start=1):
            places.sort(key=lambda p: -p[0])
            number = _number(places) if numbered else n
            # What a file published before it became `_v1` has no number.
            name = f"v{number}" if number is not None else places[0][2].label
            yield key, Version(VersionId(name, tuple(dict.fromkeys(p for _, _, p in places))), schema)

    def _published(self, path: str, past: Past) -> Iterator[tuple[int, Schema, Provenance]]:
        """(commit index, schema, where) of each publication of ``path``, its types' changes included, newest first."""
        events = [e for e in self._archive.events(path) if e.blob is not None]
        pending = {e.index for e in events}
        done: set[int] = set()
        used: set[str] = set()
        results: dict[int, tuple[Schema, Provenance]] = {}
        complete: set[str] = set()
        lacking: dict[str, tuple[Event, frozenset[str]]] = {}
        while pending - done:
            for index in sorted(pending - done):
                done.add(index)
                event = self._archive.state(path, index)
                if event is None or event.blob is None:
                    continue
                schema = self._resolve(event, index, past)
                if schema is None:
                    continue
                documents = set(schema.origins.values())
                if schema.undefined:
                    lacking.setdefault(event.blob, (event, schema.undefined))
                    # What defines the name may have been published later, and completed the same text.
                    documents.update(place for name in schema.undefined for place in self._ever_defined(name))
                else:
                    complete.add(event.blob)
                    results[index] = (schema, self._where(event, index))
                documents.update(*map(self._archive.series, documents))
                for document in documents - used:
                    used.add(document)
                    pending |= {e.index for e in self._archive.events(document)}
        for blob in lacking.keys() - complete:
            event, names = lacking[blob]
            self._note(past, event, f"nothing in that commit defines {', '.join(sorted(names))}")
        for index in sorted(results):
            yield (index, *results[index])

    def _ever_defined(self, name: str) -> Iterator[str]:
        for wanted in dict.fromkeys((name, short_name(name))):
            yield from self._definers.get(wanted, ())
            buried = self._archive.grave(wanted, 0)
            if buried is not None:
                yield buried[1]

    def _released(self, paths: Sequence[str], past: Past) -> Iterator[tuple[int, str, Schema, Provenance]]:
        """What the release tags published under these paths, under their earlier ones, and in the same series."""
        earlier = {event.path: path for path in paths for event in self._archive.events(path)} if self._tagged else {}
        series = {version_of(path)[0] for path in paths if version_of(path)[1] is not None}
        for release in self._tagged:
            known = {**earlier, **{path: path for path in paths}}
            known.update((path, path) for one in series for path in release.series(one))
            for event in release.events(known):
                schema = self._resolve(event, release.index, past, self._archive.definitions_at(release.commit))
                if schema is not None and not schema.undefined:
                    where = Provenance("git", release.tag, event.path, release.commit, release.date)
                    yield release.index, known[event.path], schema, where

    def _where(self, event: Event, index: int) -> Provenance:
        commit = self._archive.history.commits[index]
        return Provenance("git", f"{self._branch}@{commit.sha[:7]}", event.path, commit.sha, commit.date_iso)

    def _resolve(
        self, event: Event, index: int, past: Past, tree: Mapping[str, Definition] | None = None
    ) -> Schema | None:
        """The text with the definitions of its commit, which may leave names undefined; None if it is no schema."""
        assert event.blob is not None
        alone = self._archive.schema(event.blob, event.path)
        if alone is None:
            self._note(past, event, self._archive.refusal(event.blob))
            return None
        root = alone.root
        if not root.free:
            return alone
        definitions = self._definitions(root, event.path, index, tree)
        key = (root, *((n, d.node, d.document) for n, d in sorted(definitions.items())))
        known = self._linked.get(key)
        if known is None:
            known = self._linked[key] = link(root, event.path, definitions)
        return known

    def _note(self, past: Past, event: Event, why: str) -> None:
        note = Unreadable(event.path, self._archive.history.commits[event.index].sha, why)
        if note not in past.unreadable:
            past.unreadable.append(note)

    def _definitions(
        self, root: Node, path: str, index: int, tree: Mapping[str, Definition] | None
    ) -> dict[str, Definition]:
        """Every name that the root needs, directly or through others, as that commit (or ``tree``) defined it."""
        found: dict[str, Definition] = {}
        pending = list(root.free)
        tried: set[str] = set()
        while pending:
            name = pending.pop()
            if name in tried:
                continue
            tried.add(name)
            if tree is None:
                definition = self._definition(name, path, index)
            else:
                definition = tree.get(name) or tree.get(short_name(name))
            if definition is not None:
                found[definition.node.name] = definition
                pending.extend(definition.node.free)
        return found

    def _definition(self, name: str, path: str, index: int) -> Definition | None:
        names = dict.fromkeys((name, short_name(name)))
        for wanted in names:
            for place in self._definers.get(wanted, ()):
                for member in self._archive.series(place):
                    found = self._archive.definition(wanted, member, index) if member != path else None
                    if found is not None:
                        return found
            found = self._archive.tree_definition(wanted, index)
            if found is not None:
                return found
        return None


def _number(places: Iterable[tuple[int, str, Provenance]]) -> int | None:
    """The number under which a text was published first; None if no version file held it."""
    numbers = (version_of(where.path)[1] for _, _, where in sorted(places, key=lambda p: -p[0]))
    return next((number for number in numbers if number is not None), None)


def in_force(versions: Sequence[Version], since: dt.date | None) -> list[Version]:
    """The versions marked by whether they count: those published from that day on (UTC), and the one then in force."""
    if since is None:
        return list(versions)
    start = dt.datetime(since.year, since.month, since.day, tzinfo=dt.UTC)
    times = [[dt.datetime.fromisoformat(place.date) for place in v.id.published if place.date] for v in versions]
    early = [[t for t in found if t < start] for found in times]
    before = [(max(found), n) for n, found in enumerate(early) if found]
    then = max(before)[1] if before else -1
    return [
        v if n == then or not found or max(found) >= start else replace(v, judged=False)
        for n, (v, found) in enumerate(zip(versions, times, strict=True))
    ]


def is_named(version: VersionId, labels: set[str]) -> bool:
    """Whether one of these labels means the version: ``v3``, or ``main@4f2c1aa`` with as many digits as given."""
    for label in labels:
        branch, _, commit = label.rpartition("@")
        for place in version.published:
            if label in (version.name, place.label):
                return True
            if branch and len(commit) >= 7 and place.commit.startswith(commit) and place.label.startswith(f"{branch}@"):
                return True
        if label == version.name:
            return True
    return False
