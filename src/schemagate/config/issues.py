"""What is wrong with a configuration, all of it at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

import msgspec

from schemagate.errors import ConfigError

LONGEST_SHOWN = 60
"""Characters of a text that a message repeats."""


class ConfigIssue(msgspec.Struct, frozen=True):
    """One thing that is wrong; ``line`` and ``column`` are 1-based code points."""

    message: str
    path: str
    line: int
    column: int
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message}"


class InvalidConfigError(ConfigError):
    """The first issue as a :class:`ConfigError`; ``issues`` holds all of them, in the order of the text."""

    def __init__(self, issues: Sequence[ConfigIssue]) -> None:
        first = issues[0]
        super().__init__(first.message, path=first.path, line=first.line, column=first.column, hint=first.hint)
        self.issues = tuple(issues)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant; empty if none is near."""
    by_fold = {_fold(other): other for other in known}
    found = difflib.get_close_matches(_fold(word), by_fold, n=1, cutoff=0.6)
    return by_fold[found[0]] if found else ""


def meant(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """``did you mean ...?``, or ``otherwise``."""
    found = nearest(word, known)
    return f"did you mean `{found}`?" if found else otherwise


def shown(text: str) -> str:
    """A text that is safe to repeat in a message: shortened, and without what a terminal acts on."""
    short = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in short)


def _fold(word: str) -> str:
    return word[: 2 * LONGEST_SHOWN].casefold().replace("_", "-")
