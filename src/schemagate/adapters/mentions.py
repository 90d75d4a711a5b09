"""What `git grep` found in which contents, kept by blob id between runs, so that known contents are not searched."""

from __future__ import annotations

import time
from collections.abc import Sequence

import msgspec

from schemagate.adapters.cache import Cache, key_of, open_cache

PURPOSE = "mentions-1"
"""The number counts the layouts."""


class Answer(msgspec.Struct, frozen=True):
    """Of all contents that one question was asked of, those that it hits; each by the id of its blob."""

    asked: frozenset[str]
    hits: frozenset[str]


class _Kept(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    asked: str
    hits: str


class Mentions:
    """Answers by question and place. A question is everything that decides which contents it hits."""

    __slots__ = ("_cache", "_last", "_place")

    def __init__(self, directory: str, place: Sequence[str]) -> None:
        self._cache: Cache | None = open_cache(directory, time.time)
        self._place = tuple(place)
        self._last: tuple[str, frozenset[str]] = ("", frozenset())
        """What was asked of last: mostly every question of a run was asked of the same contents."""

    def recall(self, question: Sequence[str]) -> Answer | None:
        """What was found before; None for a question that was never asked, or where the cache fails."""
        if self._cache is None:
            return None
        key = key_of(PURPOSE, *self._place, *question)
        try:
            kept = msgspec.msgpack.decode(self._cache.get([key]).get(key, b""), type=_Kept)
        except msgspec.DecodeError:
            return None
        if kept.asked != self._last[0]:
            self._last = (kept.asked, frozenset(kept.asked.split()))
        return Answer(self._last[1], frozenset(kept.hits.split()))

    def keep(self, question: Sequence[str], answer: Answer) -> None:
        """Remembers the answer in place of an older one."""
        if self._cache is not None:
            kept = _Kept(" ".join(sorted(answer.asked)), " ".join(sorted(answer.hits)))
            self._cache.put({key_of(PURPOSE, *self._place, *question): msgspec.msgpack.encode(kept)})

    def close(self) -> None:
        if self._cache is not None:
            self._cache.close()
