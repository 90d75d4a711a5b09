"""Enum symbols are judged one by one and told together: those that break the same versions are one finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from schemagate.finding import Json

if TYPE_CHECKING:
    from schemagate.engine.judge import Judged

SYMBOL_RULES = frozenset({"enum-symbol-added", "enum-symbol-removed"})
MOST_NAMED = 5


def no_symbols(symbols: Sequence[Json]) -> str:
    """Why a reader without these symbols cannot read them."""
    more = f" and {len(symbols) - MOST_NAMED} more" if len(symbols) > MOST_NAMED else ""
    return f"no symbol {', '.join(f'`{symbol}`' for symbol in symbols[:MOST_NAMED])}{more}, no enum default"


def together(judged: Iterable[Judged]) -> list[Judged]:
    """The same with the symbols of one enum that break the same versions in the same directions as one."""
    told: list[Judged] = []
    groups: dict[object, list[Judged]] = {}
    for one in judged:
        cause = one.cause
        if cause.rule not in SYMBOL_RULES:
            told.append(one)
            continue
        versions = tuple((against.version, against.direction) for against in one.against)
        group = groups.setdefault((cause.rule, cause.path, cause.pointer, one.inherited, versions), [])
        if not group:
            told.append(one)
        group.append(one)
    for first, *others in groups.values():
        if others:
            symbols = [symbol for each in (first, *others) for symbol in each.cause.args["symbols"]]
            first.cause = replace(first.cause, args={**first.cause.args, "symbols": symbols}, key=())
            first.against = [replace(against, reason=no_symbols(symbols)) for against in first.against]
    return told
