"""File names for subjects: readable where the subject's name allows, harmless whatever it is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Final

from schemagate.config import version_of

LONGEST: Final = 120
"""Characters of a file's name before its suffix."""

_HARMLESS: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*\Z")
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|\Z)", re.IGNORECASE)


def stems(subjects: Iterable[str]) -> dict[str, str]:
    """A file name without its suffix for each subject; no two are the same on any file system.

    A subject keeps its own name where that is harmless: ASCII letters, digits, ``.``, ``-`` and ``_``, no hidden file,
    no path, no device of Windows, no ``_vN`` at its end (that would make it a version of another subject). Any other
    name is changed and marked with a hash of the subject, as are names that differ only in case.
    """
    plain = {subject: _harmless(subject) for subject in sorted(subjects)}
    taken: dict[str, int] = {}
    for stem in plain.values():
        taken[stem.casefold()] = taken.get(stem.casefold(), 0) + 1
    return {
        subject: stem if stem == subject and taken[stem.casefold()] == 1 else f"{stem}-{_mark(subject)}"
        for subject, stem in plain.items()
    }


def _harmless(subject: str) -> str:
    stem = subject
    if not _HARMLESS.match(stem):
        stem = re.sub(r"[^A-Za-z0-9._-]+", "_", stem).lstrip(".-") or "subject"
    if version_of(stem)[1] is not None:
        head, _, tail = stem.rpartition("_v")
        stem = f"{head}-v{tail}"
    if _DEVICES.match(stem):
        stem = f"_{stem}"
    return stem[:LONGEST].rstrip(".")


def _mark(subject: str) -> str:
    return hashlib.sha256(subject.encode("utf-8", "surrogatepass")).hexdigest()[:8]
