"""Which repository paths a glob covers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_STAR_RUN = re.compile(r"\*+")


@lru_cache(maxsize=256)
def matcher(globs: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for many globs; ``match.lastindex`` tells which came first (1-based), None matches nothing.

    The reading is gitignore's: ``*`` and ``?`` stay inside one directory, ``**`` stands for any number of
    directories, a glob that covers a directory covers everything below it, a trailing ``/`` covers directories
    only, and a glob without another ``/`` matches at any depth (a leading ``/`` pins it to the repository's root).
    """
    return re.compile("|".join(f"({_regex(glob)})" for glob in globs) or r"(?!)")


def covers(globs: Sequence[str], path: str) -> bool:
    """Whether any glob covers the repo-relative POSIX path."""
    return matcher(tuple(globs)).match(path) is not None


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
