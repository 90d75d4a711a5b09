"""How names are spelled: their words, their styles, and the languages that reserve them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from schemagate.schema.model import Record, Schema

SNAKE: Final = "snake_case"
CAMEL: Final = "camelCase"
PASCAL: Final = "PascalCase"
UPPER: Final = "UPPER_CASE"
STYLE_LABELS: Final = (UPPER, PASCAL, SNAKE, CAMEL)
"""In order of preference where nothing is settled."""

_SPELLINGS: Final = (
    ("[a-z][a-z0-9]*", frozenset({SNAKE, CAMEL})),
    ("[a-z][a-z0-9]*(?:_[a-z0-9]+)+", frozenset({SNAKE})),
    ("[a-z][a-zA-Z0-9]*", frozenset({CAMEL})),
    ("[A-Z][A-Z0-9]*", frozenset({UPPER, PASCAL})),
    ("[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+", frozenset({UPPER})),
    ("[A-Z][a-zA-Z0-9]*", frozenset({PASCAL})),
)
"""The first that fits between leading and trailing underscores tells the styles."""
_SPELLING: Final = re.compile(f"_*(?:{'|'.join(f'({pattern})' for pattern, _ in _SPELLINGS)})_*")
_STYLELESS: Final[frozenset[str]] = frozenset()
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


@lru_cache(maxsize=16384)
def styles_of(name: str) -> frozenset[str]:
    """Every style that the name is spelled in: ``email`` is snake_case and camelCase, ``Mixed_up`` is none."""
    match = _SPELLING.fullmatch(name)
    return _STYLELESS if match is None or match.lastindex is None else _SPELLINGS[match.lastindex - 1][1]


def words_of(name: str) -> tuple[str, ...]:
    """The lower-case words of a name in any style: ``createdAt``, ``CREATED_AT`` → ``created``, ``at``."""
    return tuple(word.lower() for word in _WORD.findall(name))


def deviants(names: Sequence[str], styles: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The style that most of the names share (the earlier of ``styles`` if two do), and the names without it.

    Names that are not ASCII are left out: they have no style to compare.
    """
    compared = list(filter(str.isascii, names))
    shared = frozenset(styles).intersection(*set(map(styles_of, compared)))
    if shared:
        return next(style for style in styles if style in shared), ()
    style = _prevailing(compared, styles)
    return style, tuple([name for name in compared if style not in styles_of(name)])


def _prevailing(names: Iterable[str], styles: Sequence[str]) -> str:
    """The style that most of the names share, all of them ASCII; the earlier of ``styles`` if two do."""
    counts = Counter(map(styles_of, names))
    return max(styles, key=lambda style: sum(count for having, count in counts.items() if style in having))


@lru_cache(maxsize=8)
def field_style(schema: Schema) -> str:
    """The style of most fields that the schema's own document defines; the first field decides a tie."""
    names = [field.name for record in _records(schema) for field in record.fields]
    first = next((style for name in names for style in (SNAKE, CAMEL) if styles_of(name) == {style}), SNAKE)
    order = (first, *(style for style in (SNAKE, CAMEL, PASCAL, UPPER) if style != first))
    return _prevailing(filter(str.isascii, names), order)


def _records(schema: Schema) -> list[Record]:
    root = schema.root
    own = (root, *root.defines)
    return [node for node in own if isinstance(node, Record)]


def words_in(text: str) -> frozenset[str]:
    """The words of a list that is written as text, separated by blanks."""
    return frozenset(text.split())


_JAVA: Final = words_in(
    "abstract assert boolean break byte case catch char class const continue default do double else enum extends "
    "false final finally float for goto if implements import instanceof int interface long native new null package "
    "private protected public return short static strictfp super switch synchronized this throw throws transient "
    "true try void volatile while"
)
_PYTHON: Final = words_in(
    "False None True and as assert async await break class continue def del elif else except finally for from "
    "global if import in is lambda nonlocal not or pass raise return try while with yield"
)
_CSHARP: Final = words_in(
    "abstract as base bool break byte case catch char checked class const continue decimal default delegate do "
    "double else enum event explicit extern false finally fixed float for foreach goto if implicit in int interface "
    "internal is lock long namespace new null object operator out override params private protected public readonly "
    "ref return sbyte sealed short sizeof stackalloc static string struct switch this throw true try typeof uint "
    "ulong unchecked unsafe ushort using virtual void volatile while"
)
# Go, Kotlin and JavaScript are not here: their generators capitalise fields, or allow keywords as property names.
_LANGUAGES: Final = (("Java", _JAVA), ("Python", _PYTHON), ("C#", _CSHARP))
_RESERVED: Final = _JAVA | _PYTHON | _CSHARP


def reserved_in(word: str) -> tuple[str, ...]:
    """The languages in which the word is a keyword: Java, Python, C#."""
    if word not in _RESERVED:
        return ()
    return tuple(language for language, keywords in _LANGUAGES if word in keywords)
