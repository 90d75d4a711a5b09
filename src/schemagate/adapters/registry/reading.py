"""What subjects look like in the registry, in as few requests as it allows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import msgspec

from schemagate.adapters.registry.asking import Asker
from schemagate.adapters.registry.bulk import Bulk
from schemagate.adapters.registry.levels import Levels
from schemagate.adapters.registry.memory import Memory
from schemagate.adapters.registry.opening import Opened
from schemagate.adapters.registry.transport import WORKERS
from schemagate.wire import decode
from schemagate.wire.values import Registered, SubjectConfig, SubjectState

A = TypeVar("A")
B = TypeVar("B")

_DELETED: Final = {"deleted": True}


class Outline(msgspec.Struct):
    """A subject while it is being read: what is there, and what of it is at hand already."""

    subject: str
    config: SubjectConfig
    mode: str
    target: str
    """The subject that the registry reads for it: an alias leads elsewhere."""
    versions: tuple[int, ...] = ()
    live: frozenset[int] = frozenset()
    found: dict[int, Registered] = {}

    def missing(self) -> list[tuple[str, int]]:
        return [(self.target, version) for version in self.versions if version not in self.found]


class Reader:
    """Reads subjects with at most :data:`WORKERS` requests at once."""

    def __init__(self, asker: Asker, levels: Levels, opened: Opened) -> None:
        self._asker = asker
        self._levels = levels
        self._bulk = Bulk(asker)
        self._memory = Memory(opened.cache, opened.home, asker.context, opened.world.now)
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None

    def close(self) -> None:
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def states(self, subjects: Iterable[str], *, with_versions: bool) -> dict[str, SubjectState]:
        """See :meth:`Registry.states`."""
        names = list(dict.fromkeys(subjects))
        read = self._outline if with_versions else self._settings
        # The first alone: it finds out what the server can do.
        outlines = [read(name) for name in names[:1]] + self._each(read, names[1:])
        if with_versions:
            self._recall(outlines)
            self._fetch_missing(outlines)
        return {outline.subject: _state(outline) for outline in outlines}

    def fetch(self, subject: str, version: int | None) -> Registered | None:
        """One version, deleted or not; the newest live one without a number; None if there is none."""
        which = "latest" if version is None else str(version)
        path = f"/subjects/{self._asker.segment(subject)}/versions/{which}"
        asked = self._asker.ask("GET", path, {} if version is None else _DELETED, subject=subject)
        if asked.absent or (asked.status == 422 and asked.complaint.code == 42202):
            return None
        return self._asker.own(asked.value(decode.registered), subject)

    def _settings(self, subject: str) -> Outline:
        config = self._levels.config(subject)
        return Outline(subject, config, self._levels.mode(subject), config.alias or subject)

    def _outline(self, subject: str) -> Outline:
        outline = self._settings(subject)
        target = outline.target
        versions: tuple[int, ...] | None = None
        if not self._bulk.proven:
            versions = self._listed(target, deleted=True)
            if not versions:
                return outline
        page = self._bulk.read(target, versions)
        if page is None:
            outline.versions = self._listed(target, deleted=True) if versions is None else versions
        else:
            outline.found = {version.version: version for version in page.versions}
            outline.versions = tuple(sorted(outline.found))
        if page is not None and page.flagged:
            outline.live = frozenset(version.version for version in page.versions if not version.deleted)
        elif outline.versions:
            outline.live = frozenset(self._listed(target, deleted=False))
            outline.versions = tuple(sorted({*outline.versions, *outline.live}))
        return outline

    def _listed(self, subject: str, *, deleted: bool) -> tuple[int, ...]:
        path = f"/subjects/{self._asker.segment(subject)}/versions"
        asked = self._asker.ask("GET", path, _DELETED if deleted else {}, subject=subject)
        return () if asked.absent else asked.value(decode.versions)

    def _recall(self, outlines: Sequence[Outline]) -> None:
        """Takes what the disk cache holds of subjects that have not been read whole, and makes sure that it holds."""
        open_ = {outline.target: outline for outline in outlines if outline.versions and not outline.found}
        kept = {target: self._memory.recall(target, outline.versions) for target, outline in open_.items()}
        for target, outline in open_.items():
            outline.found = kept[target].versions
        doubtful = self._memory.doubtful(kept.values())
        newest = self._each(self._fetch_one, [(one.subject, one.newest) for one in doubtful])
        for one, now in zip(doubtful, newest, strict=True):
            if not self._memory.confirm(one, now):
                open_[one.subject].found = {now.version: now}

    def _fetch_missing(self, outlines: Sequence[Outline]) -> None:
        wanted = sorted({which for outline in outlines for which in outline.missing()})
        fetched = dict(zip(wanted, self._each(self._fetch_one, wanted), strict=True))
        for outline in outlines:
            more = {version: fetched[target, version] for target, version in outline.missing()}
            if more:
                outline.found = {**outline.found, **more}
                self._memory.keep(outline.target, outline.found)

    def _fetch_one(self, which: tuple[str, int]) -> Registered:
        subject, version = which
        path = f"/subjects/{self._asker.segment(subject)}/versions/{version}"
        # A listed version that is not handed out is an error: nothing is judged against less than there is.
        asked = self._asker.ask("GET", path, _DELETED, subject=subject)
        return self._asker.in_context(asked.value(decode.registered))

    def _each(self, work: Callable[[A], B], items: Sequence[A]) -> list[B]:
        """The work's results in the order of the items; the first error ends it and what has not begun."""
        if len(items) < 2:
            return [work(item) for item in items]
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="schemagate-registry")
            pool = self._pool
        futures = [pool.submit(work, item) for item in items]
        try:
            return [future.result() for future in futures]
        finally:
            for future in futures:
                future.cancel()


def _state(outline: Outline) -> SubjectState:
    found = (outline.found[version] for version in outline.versions)
    versions = tuple(
        version
        if version.deleted == (version.version not in outline.live)
        else msgspec.structs.replace(version, deleted=version.version not in outline.live)
        for version in found
    )
    return SubjectState(outline.subject, versions, outline.config, outline.mode)
