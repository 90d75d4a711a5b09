"""Repairs of a text that leave every value as it is: commas, quotes, doubled keys, the byte order mark."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from schemagate.fix.case import NO_VALUE, Case
from schemagate.fix.layout import pointer_to
from schemagate.fix.values import Drop, Offer, Rewrite

Span = tuple[int, int]


def trailing_comma(_: Case, span: Span) -> Iterator[Offer]:
    yield Offer("take out the comma before the closing bracket", (Rewrite(*span, ""),), safe=True, textual=True)


def byte_order_mark(_: Case, __: Span) -> Iterator[Offer]:
    yield Offer("write the file without the byte order mark", safe=True, textual=True, bare=True)


def wrong_encoding(_: Case, __: Span) -> Iterator[Offer]:
    """Unsafe: git may be told to keep this file as UTF-8 and to check it out in another encoding."""
    yield Offer("write the file as UTF-8", textual=True, utf8=True)


def single_quotes(case: Case, span: Span) -> Iterator[Offer]:
    pointer = case.layout.pointer_of(*span)
    if pointer is None:
        return
    spot = case.layout.find(pointer)
    value = spot.name if spot is not None and spot.key == span[0] else case.value(pointer)
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=not value.isprintable())
        yield Offer("write the string in double quotes", (Rewrite(*span, text),), safe=True, shown=text, textual=True)


def duplicate_key(case: Case, span: Span) -> Iterator[Offer]:
    """Of two members with one name every parser takes the last. Only two that say the same are surely one."""
    layout = case.layout
    second = next((spot for spot in layout.spots if spot.key == span[0]), None)
    if second is None or second.up is None:
        return
    first = next((spot for spot in second.up.below if spot.name == second.name), second)
    # A pointer means the last of the members with a name.
    if first is second or second.up.member(second.name or "") is not second:
        return
    texts = [layout.text[spot.start : spot.end] for spot in (first, second)]
    if texts[0] == texts[1]:
        yield Offer("take out the second of the two", (Drop(pointer_to(second)),), safe=True, textual=True)
    else:
        title = f"take out the first of the two: parsers take the last, {texts[1][:60]}"
        yield Offer(title, _without_first(case, first.key, first.end), textual=True)


def _without_first(case: Case, start: int, end: int) -> tuple[Rewrite, ...]:
    text = case.layout.text
    comma = end + len(text[end:]) - len(text[end:].lstrip())
    if text[comma : comma + 1] != ",":
        return ()
    after = comma + 1
    while text[after : after + 1] in (" ", "\t", "\r", "\n") and after < len(text):
        after += 1
    return (Rewrite(start, after, ""),)


TEXTUAL: Mapping[str, Callable[[Case, Span], Iterator[Offer]]] = MappingProxyType(
    {
        "trailing-comma": trailing_comma,
        "byte-order-mark": byte_order_mark,
        "wrong-encoding": wrong_encoding,
        "single-quotes": single_quotes,
        "duplicate-key": duplicate_key,
    }
)


__all__ = ["NO_VALUE", "TEXTUAL"]
