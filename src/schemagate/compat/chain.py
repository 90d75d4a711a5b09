"""The way from a schema's root to one of its parts, and the smallest datum that goes this way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from schemagate.finding import Json
from schemagate.schema.datum import MOST_DEPTH, MOST_VALUES, Chosen, Datum, Smallest, label
from schemagate.schema.model import Array, Field, Map, Record, Ref, Schema, Union
from schemagate.schema.walk import Part, children

MOST_STEPS: Final = 100_000
"""Parts that one search looks at."""

Chain = tuple[Part, ...]
"""From the root to the part, Refs replaced by what they name; a field stands between its record and its type."""


def chain_to(schema: Schema, path: str, fits: Callable[[Part], bool]) -> Chain | None:
    """The shortest way to a part whose path (``$.items[].price``) is this one and that fits; None if there is none."""
    steps = 0
    level: list[tuple[Part, str, Chain]] = [(_entered(schema, schema.root), "$", ())]
    while level and steps < MOST_STEPS:
        below: list[tuple[Part, str, Chain]] = []
        for part, where, way in level:
            steps += 1
            here = (*way, part)
            if where == path and fits(part):
                return here
            if len(here) <= 2 * MOST_DEPTH:
                below.extend(
                    (_entered(schema, child), there, here)
                    for child, there, _ in children(part, where, "")
                    if _leads(there, path)
                )
        level = below
    return None


def _entered(schema: Schema, part: Part) -> Part:
    return schema.resolve(part) if isinstance(part, Ref) else part


def _leads(there: str, path: str) -> bool:
    """Whether a path is the wanted one or above it: ``$.a`` leads to ``$.a[].b``, not to ``$.ab``."""
    return path.startswith(there) and path[len(there) : len(there) + 1] in ("", ".", "[", "{", "<")


def around(small: Smallest, chain: Sequence[Part], value: Datum) -> Datum:
    """The smallest datum that has ``value`` at the chain's end; ValueError if a part beside it has no finite datum."""
    below: Part = chain[-1]
    for part in reversed(chain[:-1]):
        if isinstance(part, Record):
            assert isinstance(below, Field)
            value = {f.name: value if f is below else small.of(f.type) for f in part.fields}
        elif isinstance(part, Array):
            value = [value]
        elif isinstance(part, Map):
            value = {"": value}
        elif isinstance(part, Union):
            value = Chosen(label(below), value)  # type: ignore[arg-type]
        below = part
    return value


def weight(small: Smallest, chain: Sequence[Part], own: int) -> int | None:
    """The size of that datum in :class:`Smallest`'s measure, ``own`` being that of the value; None if there is none."""
    total = own
    below: Part = chain[-1]
    for part in reversed(chain[:-1]):
        if isinstance(part, Record):
            sizes = [small.size(field.type) for field in part.fields if field is not below]
            if None in sizes:
                return None
            total += 1 + sum(size for size in sizes if size is not None)
        elif not isinstance(part, Field):
            total += 2
        below = part
    return total


def presentable(small: Smallest, chain: Sequence[Part], own: int) -> bool:
    """Whether that datum exists and is small and flat enough to be shown and decoded."""
    size = weight(small, chain, own)
    if size is None or size > MOST_VALUES or len(chain) > MOST_DEPTH:
        return False
    if size <= MOST_DEPTH:
        return True
    types = {field.type for part in chain if isinstance(part, Record) for field in part.fields}
    return all(small.depth(node) <= MOST_DEPTH for node in types if small.size(node) is not None)


def found_at(chain: Sequence[Part], value: Json) -> Iterator[Json]:
    """What a decoded value holds at the chain's end: one value, or none where it is not there."""
    for part in chain:
        if isinstance(part, Field):
            if not isinstance(value, dict) or part.name not in value:
                return
            value = value[part.name]
        elif isinstance(part, Array | Map) and part is not chain[-1]:
            items = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
            if not items:
                return
            value = items[0]
    yield value
