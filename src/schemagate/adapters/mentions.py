"""What `git grep` found in which contents, kept by blob id between runs, so that known contents are not searched."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from schemagate.adapters.cache import Cache, key_of

PURPOSE = "mentions-2"
"""The number counts the layouts."""


class Answer(msgspec.Struct, frozen=True):
    """Of all contents that one question was asked of, those that it hits; each by the id of its blob."""

    hits: frozenset[str] = frozenset()
    asked: bytes = b""
    """Under what the ids of all contents asked of are kept: they are many, and the same for many questions."""
    listing: bytes = b""
    """The identity of a listing of files, empty for none."""
    unasked: frozenset[str] = frozenset()
    """The contents of that listing that the question was not asked of."""
    paths: tuple[str, ...] = ()
    """The files of that listing whose contents are hits."""


class _Kept(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    hits: str
    asked: bytes
    listing: bytes
    unasked: str
    paths: list[str]


class Mentions:
    """Answers by question and place. A question is everything that decides which contents it hits."""

    __slots__ = ("_asked", "_cache", "_place")

    def __init__(self, cache: Cache, place: Sequence[str]) -> None:
        self._cache = cache
        self._place = tuple(place)
        self._asked: dict[bytes, frozenset[str]] = {}

    def recall(self, question: Sequence[str]) -> Answer | None:
        """What was found before; None for a question that was never asked, or where the cache fails."""
        key = self._key(question)
        try:
            kept = msgspec.msgpack.decode(self._cache.get([key]).get(key, b""), type=_Kept)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None
        hits, unasked = frozenset(kept.hits.split()), frozenset(kept.unasked.split())
        return Answer(hits, kept.asked, kept.listing, unasked, tuple(kept.paths))

    def asked(self, answer: Answer) -> frozenset[str]:
        """All contents that the question was asked of; none where that was lost."""
        key = answer.asked
        if key not in self._asked:
            value = self._cache.get([key]).get(key, b"") if key else b""
            self._asked[key] = frozenset(value.decode("ascii", "replace").split())
        return self._asked[key]

    def keep(self, question: Sequence[str], answer: Answer, asked: frozenset[str] | None = None) -> None:
        """Remembers the answer in place of an older one; ``asked`` where that is more than the older one was of."""
        values: dict[bytes, bytes] = {}
        key = answer.asked
        if asked is not None:
            text = " ".join(sorted(asked))
            key = key_of(PURPOSE, "asked", text)
            if key not in self._asked:
                self._asked[key] = asked
                values[key] = text.encode("ascii")
        hits, unasked = (" ".join(sorted(ids)) for ids in (answer.hits, answer.unasked))
        try:
            kept = msgspec.msgpack.encode(_Kept(hits, key, answer.listing, unasked, list(answer.paths)))
        except UnicodeEncodeError:  # a path that is not UTF-8
            kept = msgspec.msgpack.encode(_Kept(hits, key, b"", "", []))
        self._cache.put({**values, self._key(question): kept})

    def _key(self, question: Sequence[str]) -> bytes:
        return key_of(PURPOSE, *self._place, *question)
