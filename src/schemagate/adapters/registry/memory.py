"""Versions that were read in earlier runs: believed only as long as nothing says that they were replaced.

A version never changes, but a subject that is deleted for good begins again at version 1. So what is kept of a subject
is dropped when the registry no longer lists all of it, and its newest version is asked for again: always where it was
not for a day, else for the subjects for which that is longest ago, as many as fit into the run's fixed cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from schemagate.adapters.cache import Cache, key_of
from schemagate.wire.values import Registered

CHECKS: Final = 5
"""Subjects of a run whose newest version is asked for again although it was not long ago."""
DAY: Final = 86_400.0


class Kept(msgspec.Struct, frozen=True):
    """What is known of a subject; ``newest`` is the highest version of it, ``confirmed`` when that was last asked."""

    subject: str
    versions: dict[int, Registered] = {}
    confirmed: float = 0.0

    @property
    def newest(self) -> int:
        return max(self.versions)


class _Index(msgspec.Struct, frozen=True):
    versions: tuple[int, ...]
    confirmed: float


class Memory:
    """The disk cache in terms of subjects and versions; without a cache it knows nothing."""

    def __init__(self, cache: Cache | None, home: str, context: str, now: Callable[[], float]) -> None:
        self._cache = cache
        self._place = (home, context)
        self._now = now
        self._left = CHECKS

    def recall(self, subject: str, listed: Iterable[int]) -> Kept:
        """The versions that are known, all of which are in ``listed``."""
        nothing = Kept(subject)
        if self._cache is None:
            return nothing
        index = self._index(subject)
        if index is None or not index.versions:
            return nothing
        if not set(index.versions) <= set(listed):
            self._forget(subject, index.versions)
            return nothing
        keys = {self._key(subject, version): version for version in index.versions}
        raw = self._cache.get(keys)
        found = {keys[key]: version for key, value in raw.items() if (version := _version(value)) is not None}
        # Without its newest version nothing of it can be confirmed.
        return Kept(subject, found, index.confirmed) if max(index.versions) in found else nothing

    def doubtful(self, kept: Iterable[Kept]) -> list[Kept]:
        """Those whose newest version is to be asked for before they are used."""
        known = sorted((one for one in kept if one.versions), key=lambda one: one.confirmed)
        now = self._now()
        old = [one for one in known if not 0 <= now - one.confirmed < DAY]
        more = [one for one in known if 0 <= now - one.confirmed < DAY][: self._left]
        self._left -= len(more)
        return old + more

    def confirm(self, kept: Kept, newest: Registered) -> bool:
        """Whether the newest version is still what is known of it; if not, all that is known is dropped."""
        known = kept.versions[kept.newest]
        same = (known.id, known.guid, known.payload) == (newest.id, newest.guid, newest.payload)
        if same:
            self._write_index(kept.subject, kept.versions)
        else:
            self._forget(kept.subject, kept.versions)
        return same

    def keep(self, subject: str, versions: Mapping[int, Registered]) -> None:
        """Remembers a subject that was read whole."""
        if self._cache is None:
            return
        self._cache.put(
            {
                self._key(subject, number): msgspec.msgpack.encode(msgspec.structs.replace(version, deleted=False))
                for number, version in versions.items()
            }
        )
        self._write_index(subject, versions)

    def _write_index(self, subject: str, versions: Iterable[int]) -> None:
        if self._cache is not None:
            index = _Index(tuple(sorted(versions)), self._now())
            self._cache.put({self._key(subject, 0): msgspec.msgpack.encode(index)})

    def _index(self, subject: str) -> _Index | None:
        key = self._key(subject, 0)
        raw = self._cache.get([key]).get(key) if self._cache else None
        try:
            return msgspec.msgpack.decode(raw, type=_Index) if raw is not None else None
        except (ValueError, RecursionError):
            return None

    def _forget(self, subject: str, versions: Iterable[int]) -> None:
        if self._cache is not None:
            self._cache.drop([self._key(subject, number) for number in (0, *versions)])

    def _key(self, subject: str, version: int) -> bytes:
        """Version 0 is the index."""
        return key_of("version", *self._place, subject, version)


def _version(raw: bytes) -> Registered | None:
    try:
        return msgspec.msgpack.decode(raw, type=Registered)
    except (ValueError, RecursionError):
        return None
