"""The fast way: JSON that is as Avro Java wants it, decoded in C; anything else is left to the scanner."""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder
from typing import Final

from schemagate.avsc import lexis
from schemagate.avsc.scan import MAX_DEPTH, RESERVED
from schemagate.avsc.tree import NO_VALUE
from schemagate.finding import Json


def strict(text: str) -> Json:
    """The value of a JSON text that has nothing to tell; ``NO_VALUE`` where the scanner has to look.

    Never raises. The scanner gives the same value for every text that this function takes.
    """
    if any(key in text for key in RESERVED) or ("\\u00" in text and _SPELLED.search(text)):
        return NO_VALUE
    if len(text) > lexis.MAX_NAME and max(map(len, text.split('"'))) > lexis.MAX_NAME:
        return NO_VALUE
    try:
        value = _DECODER.decode(text)
    except (JSONDecodeError, _NotStrictError, RecursionError):
        return NO_VALUE
    if text.count("{") + text.count("[") > MAX_DEPTH and _too_deep(value):
        return NO_VALUE
    return value


_SPELLED: Final = re.compile(r"\\u00[4-7]")
"""An escaped ASCII letter: it may be part of a reserved key."""


class _NotStrictError(Exception):
    """Valid for Python, but not without a word for us."""


def _refuse(_: str) -> Json:
    raise _NotStrictError


def _integer(digits: str) -> int:
    if len(digits) > lexis.MAX_DIGITS:
        raise _NotStrictError
    return lexis.integer(digits)


def _float(digits: str) -> float:
    if len(digits) > lexis.MAX_DIGITS:
        raise _NotStrictError
    return float(digits)


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _NotStrictError
    return value


_DECODER: Final = JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse, parse_int=_integer, parse_float=_float)


def _too_deep(value: Json) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for holder in level
            if isinstance(holder, dict | list)
            for child in (holder.values() if isinstance(holder, dict) else holder)
        ]
        if not level:
            return False
    return any(isinstance(value, dict | list) for value in level)
