"""What a registry leaves out that takes a schema for a version which says the same but for docs and the like."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from schemagate.finding import Json
from schemagate.plan.texts import shape_key, text_key
from schemagate.schema.java_text import java_text
from schemagate.schema.model import Factory
from schemagate.schema.names import schema_of

DOCS: Final = "docs"
ALIASES: Final = "aliases"
ORDER: Final = "sort orders"
PROPERTIES: Final = "custom properties"
DEFAULTS: Final = "default values"
LOGICAL: Final = "logical types"
KINDS: Final = (DOCS, ALIASES, ORDER, PROPERTIES, DEFAULTS, LOGICAL)
"""All that a version may lack that a registry takes for the same, in the order in which it is told."""
MEANING: Final = frozenset({DEFAULTS, LOGICAL})
"""Those without which a value is read as another one."""

_STRUCTURE: Final = ""
_OF_KEY: Final = {
    "doc": DOCS,
    "aliases": ALIASES,
    "order": ORDER,
    "default": DEFAULTS,
    "logicalType": LOGICAL,
    "precision": LOGICAL,
    "scale": LOGICAL,
} | dict.fromkeys(("type", "name", "namespace", "symbols", "size"), _STRUCTURE)
_INSIDE: Final = ("fields", "items", "values")


def left_out(sent: str, stored: str) -> tuple[str, ...]:
    """The :data:`KINDS` in which the text that a registry stores differs from the one that was sent to it.

    Empty where nothing differs, where the two are built differently, so that one is no copy of the other (a reference
    against the type itself), and where one of them cannot be read.
    """
    if text_key(sent) == text_key(stored):
        return ()
    mine, theirs = shape_key(sent), shape_key(stored)
    if mine is None or theirs is None or mine == theirs:
        return ()
    # Avro Java drops some of what a text may say when it writes it back, which is no choice of the registry.
    mine, theirs = shape_key(_as_java(sent)), shape_key(_as_java(stored))
    if mine is None or theirs is None:
        return ()
    one, other = _sorted(mine), _sorted(theirs)
    if one.pop(_STRUCTURE) != other.pop(_STRUCTURE):
        return ()
    return tuple(kind for kind in KINDS if one.get(kind) != other.get(kind))


def _as_java(text: str) -> str:
    value = json.loads(text)
    try:
        return java_text(value, known=schema_of(value, Factory()).undefined)
    except (KeyError, ValueError):
        return text


def _sorted(shape: Json) -> dict[str, list[tuple[int, str, Json]]]:
    """Everything that a schema says by what kind of thing it is, each with the number of the type or field it is of."""
    found: dict[str, list[tuple[int, str, Json]]] = {_STRUCTURE: []}
    for number, key, value in _said(shape):
        found.setdefault(_OF_KEY.get(key, PROPERTIES), []).append((number, key, value))
    for rows in found.values():
        rows.sort(key=lambda row: row[:2])
    return found


def _said(shape: Json) -> Iterator[tuple[int, str, Json]]:
    """(number, key, value) for each attribute; types and fields are numbered as they stand.

    A type that is only a name counts as one with nothing else: ``"bytes"`` is ``{"type": "bytes"}``.
    """
    stack: list[tuple[Json, bool]] = [(shape, False)]
    number = 0
    while stack:
        here, is_field = stack.pop()
        number += 1
        if isinstance(here, list):
            yield number, "type", len(here)
            stack.extend((branch, False) for branch in reversed(here))
        elif isinstance(here, dict):
            inside = ("type",) if is_field else _INSIDE
            yield from ((number, key, value) for key, value in here.items() if key not in inside)
            stack.extend((here[key], False) for key in inside if key in here and key != "fields")
            fields = None if is_field else here.get("fields")
            stack.extend((field, True) for field in reversed(fields if isinstance(fields, list) else ()))
        else:
            yield number, "type", here
