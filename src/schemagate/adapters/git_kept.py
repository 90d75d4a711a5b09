"""Histories kept between runs by the commit that they lead to: what a commit's id names never changes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import msgspec

from schemagate.adapters.cache import Cache, key_of
from schemagate.adapters.git_raw import Change, CommitInfo, History

if TYPE_CHECKING:
    from collections.abc import Sequence

PURPOSE: Final = "history-1"
"""The number counts the layouts."""
_LARGEST: Final = 4_000_000
"""Bytes of packed refs that are looked through."""


class _Kept(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    commits: list[CommitInfo]
    changes: dict[str, list[Change]]


class KeptHistories:
    """Histories by tip and by all that limits them."""

    __slots__ = ("_cache",)

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def recall(self, tip: str, limits: Sequence[str]) -> History | None:
        """What ``keep`` was given; None where nothing is kept, or the cache fails."""
        key = key_of(PURPOSE, tip, *limits)
        try:
            kept = msgspec.msgpack.decode(self._cache.get([key]).get(key, b""), type=_Kept)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None
        return History(kept.commits, kept.changes)

    def keep(self, tip: str, limits: Sequence[str], history: History) -> None:
        """Remembers a history, if it would be the same with other settings and attributes."""
        if history.truncated is not None or not _certain(history):
            return
        try:
            value = msgspec.msgpack.encode(_Kept(history.commits, history.changes))
        except UnicodeEncodeError:  # a path that is not UTF-8
            return
        self._cache.put({key_of(PURPOSE, tip, *limits): value})


def _certain(history: History) -> bool:
    """Whether git had no files to pair: what it takes for a rename hangs on settings and attributes."""
    added, gone = set[int](), set[int]()
    for changes in history.changes.values():
        for change in changes:
            if change.status in "RC":
                return False
            if change.status == "A":
                added.add(change.commit_index)
            elif change.status == "D":
                gone.add(change.commit_index)
    return added.isdisjoint(gone)


def may_rewrite(common_dir: str, settings: Mapping[str, str]) -> bool:
    """Whether git may show commits otherwise than they are, by replacements or grafts. In doubt it may."""
    if any(name in os.environ for name in ("GIT_REPLACE_REF_BASE", "GIT_GRAFT_FILE")):
        return True
    if settings.get("extensions.refstorage", "files") != "files":
        return True
    if any(os.path.exists(os.path.join(common_dir, *names)) for names in (("info", "grafts"), ("refs", "replace"))):
        return True
    try:
        with open(os.path.join(common_dir, "packed-refs"), "rb") as file:
            data = file.read(_LARGEST)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return len(data) == _LARGEST or b" refs/replace/" in data
