"""Pair files that left the work tree with files that appeared in it, as git pairs those of two commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

_SIMILAR = 0.5
"""The share of content that git's ``-M`` asks for by default."""

_MOST_COMPARISONS = 10_000


def pair_renames(gone: Mapping[str, bytes], new: Mapping[str, bytes]) -> dict[str, str]:
    """New path → old path: equal content first, then the likest pairs that share at least half of their lines.

    Git could do it itself, but only for tracked files, and it would run the user's clean filters to read them.
    Past 10,000 pairs only files that kept their name are compared, as git too stops comparing at its rename limit.
    """
    pairs: dict[str, str] = {}
    by_content: dict[bytes, list[str]] = {}
    for path in sorted(gone, reverse=True):
        by_content.setdefault(gone[path], []).append(path)
    for path in sorted(new):
        if equal := by_content.get(new[path]):
            pairs[path] = equal.pop()
    taken = set(pairs.values())
    left_gone = {path: _lines(gone[path]) for path in gone if path not in taken}
    left_new = {path: _lines(new[path]) for path in new if path not in pairs}
    few = len(left_gone) * len(left_new) <= _MOST_COMPARISONS
    scored = sorted(
        (-score, _name(new_path) != _name(old_path), new_path, old_path)
        for new_path, new_lines in left_new.items()
        for old_path, old_lines in left_gone.items()
        if (few or _name(new_path) == _name(old_path)) and (score := _likeness(old_lines, new_lines)) >= _SIMILAR
    )
    for _, _, new_path, old_path in scored:
        if new_path not in pairs and old_path not in taken:
            pairs[new_path] = old_path
            taken.add(old_path)
    return pairs


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _lines(content: bytes) -> tuple[int, Counter[bytes]]:
    return len(content), Counter(content.replace(b"\r\n", b"\n").split(b"\n"))


def _likeness(old: tuple[int, Counter[bytes]], new: tuple[int, Counter[bytes]]) -> float:
    largest = max(old[0], new[0])
    if min(old[0], new[0]) < largest * _SIMILAR:
        return 0.0
    shared = sum(count * (len(line) + 1) for line, count in (old[1] & new[1]).items())
    return shared / max(largest, 1)
