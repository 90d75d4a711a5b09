"""Which repository paths a glob covers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile
from typing import TypeAlias

_STAR_RUN = re.compile(r"\*+")


Bucket: TypeAlias = tuple[tuple[int, re.Pattern[str]], ...]


def first_cover(globs: tuple[str, ...], path: str) -> int | None:
    """The index of the first glob that covers the repo-relative POSIX path; None if none does.

    The reading is gitignore's: ``*`` and ``?`` stay inside one directory, ``**`` stands for any number of
    directories, a glob that covers a directory covers everything below it, a trailing ``/`` covers directories
    only, and a glob without another ``/`` matches at any depth (a leading ``/`` pins it to the repository's root).
    """
    buckets = _buckets(globs)
    best: int | None = None
    end = 0
    while end >= 0:
        for index, pattern in buckets.get(path[:end], ()):
            if best is not None and index > best:
                break
            if pattern.match(path):
                best = index
                break
        end = path.find("/", end + 1)
    return best


def covers(globs: Sequence[str], path: str) -> bool:
    """Whether any glob covers the path."""
    return first_cover(tuple(globs), path) is not None


@lru_cache(maxsize=64)
def _buckets(globs: tuple[str, ...]) -> dict[str, Bucket]:
    """The globs by the directory that they name without a wildcard: a path asks only those that it stands under."""
    buckets: dict[str, Bucket] = {}
    for index, glob in enumerate(globs):
        directory = _directory(glob)
        buckets[directory] = (*buckets.get(directory, ()), (index, re.compile(_regex(glob))))
    return buckets


def _directory(glob: str) -> str:
    """The leading directories without a wildcard; the last segment may be a file and is not one of them."""
    segments = glob.strip("/").removeprefix("./").split("/")[:-1]
    literal = takewhile(lambda segment: not any(char in segment for char in "*?"), segments)
    return "/".join(literal)


def _regex(glob: str) -> str:
    """Each wildcard takes as little as it can and never gives it back, so that matching stays linear."""
    directory_only = glob.endswith("/")
    body = glob.strip("/").removeprefix("./")
    if body in {"", "."}:
        return ""
    segments = body.split("/")
    if len(segments) == 1 and not glob.startswith("/") and not glob.startswith("./"):
        segments.insert(0, "**")
    below = directory_only or segments[-1] == "**"
    while segments and segments[-1] == "**":
        segments.pop()
    end = "/" if below else r"(?:/|\Z)"
    return _runs(segments, end)


def _runs(segments: list[str], end: str) -> str:
    """The segments between two ``**`` form one run, taken where it first fits."""
    runs: list[list[str]] = [[]]
    for segment in segments:
        if segment == "**":
            runs.append([])
        else:
            runs[-1].append(segment)
    parts = []
    for index, run in enumerate(runs):
        if not run:
            continue
        ends = ["/"] * len(run)
        if index == len(runs) - 1:
            ends[-1] = end
        text = "".join(_segment(segment, segment_end) for segment, segment_end in zip(run, ends, strict=True))
        parts.append(text if index == 0 else f"(?>(?:[^/]+/)*?{text})")
    return "".join(parts)


def _segment(segment: str, end: str) -> str:
    literal, *rest = (_literal(part) for part in _STAR_RUN.split(segment))
    if not rest:
        return literal + end
    middle = "".join(f"(?>[^/]*?{part})" for part in rest[:-1])
    return f"{literal}{middle}(?>[^/]*?{rest[-1]}{end})"


def _literal(text: str) -> str:
    return "".join("[^/]" if char == "?" else re.escape(char) for char in text)
