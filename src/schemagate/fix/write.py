"""Writes changes into a document's own text: what they do not touch stays as it is, to the byte."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from schemagate.avsc.text import BOMS, decode
from schemagate.finding import Json
from schemagate.fix.layout import Layout, Spot, indent_at, inline, line_indent, written
from schemagate.fix.values import Arrange, Drop, Insert, Offer, Op, Put, Rewrite, Splice, Swap, Wrap

_LINE_END: Final = re.compile(r"[ \t]*[\r\n]")
_REST: Final = re.compile(r"[ \t]*(?:/\*[^\r\n]*?\*/[ \t]*)*(?://[^\r\n]*)?(?=[\r\n]|$)")
"""What may follow on a line without being JSON: blanks and comments."""


def applied(data: bytes, offer: Offer, layout: Layout | None = None) -> bytes | None:
    """The file with the change in it; None where the change does not fit it. ``layout`` is of the file's text."""
    decoded = decode(data)
    if any(problem.refused for problem in decoded.problems):
        return None
    found = splices(layout or Layout(decoded.text), offer.ops)
    if found is None:
        return None
    encoding = "utf-8" if offer.utf8 else decoded.encoding
    mark = data[: _mark(data)] if decoded.bom and not offer.bare and not offer.utf8 else b""
    try:
        return mark + spliced(decoded.text, found).encode(encoding)
    except UnicodeEncodeError:
        return None


def _mark(data: bytes) -> int:
    return next((len(mark) for mark, _ in BOMS if data.startswith(mark)), 0)


def spliced(text: str, found: Iterable[Splice]) -> str:
    """The text with the splices, which are in order and do not overlap."""
    pieces: list[str] = []
    at = 0
    for splice in found:
        pieces += (text[at : splice.start], splice.text)
        at = splice.end
    return "".join([*pieces, text[at:]])


def splices(layout: Layout, ops: Sequence[Op]) -> list[Splice] | None:
    """The changed places in order; None where a pointer leads nowhere, or two of the changes overlap.

    What several changes insert at one place stands in their order.
    """
    found: list[Splice] = []
    for op in ops:
        made = _splices(layout, op)
        if made is None:
            return None
        found += made
    found.sort(key=lambda splice: (splice.start, splice.end))
    for left, right in pairwise(found):
        if right.start < left.end:
            return None
    return found


def _splices(layout: Layout, op: Op) -> list[Splice] | None:
    if isinstance(op, Rewrite):
        return [Splice(op.start, op.end, op.text)]
    spot = layout.find(op.pointer)
    if spot is None:
        return None
    opener = layout.text[spot.start]
    if isinstance(op, Put):
        return _put(layout, spot, op) if opener == "{" else None
    if isinstance(op, Swap):
        return [_swap(layout, spot, op.value)]
    if isinstance(op, Wrap):
        first = "".join(f"{inline(value, layout.style)}{layout.style.comma}" for value in op.first)
        return [Splice(spot.start, spot.start, f"[{first}"), Splice(spot.end, spot.end, "]")]
    if isinstance(op, Drop):
        return list(_drop(layout, spot))
    if opener != "[":
        return None
    return _insert(layout, spot, op) if isinstance(op, Insert) else _arrange(layout, spot, op)


def _put(layout: Layout, holder: Spot, op: Put) -> list[Splice]:
    present = holder.member(op.key)
    if present is not None:
        return [_swap(layout, present, op.value)]
    anchors = [spot for spot in holder.below if spot.name in op.after]
    anchor = anchors[-1] if anchors else holder.below[-1] if holder.below else None
    name = f"{inline(op.key, layout.style)}{layout.style.colon}"
    return _beside(layout, holder, anchor, [(name, op.value)])


def _insert(layout: Layout, holder: Spot, op: Insert) -> list[Splice] | None:
    if not 0 <= op.index <= len(holder.below):
        return None
    rows = [("", value) for value in op.values]
    if op.index or not holder.below:
        return _beside(layout, holder, holder.below[op.index - 1] if op.index else None, rows)
    first = holder.below[0]
    gap = _gap(layout, holder, None)
    return [Splice(first.begin, first.begin, "".join(f"{text},{gap}" for text in _rows(layout, first, gap, rows)))]


def _beside(layout: Layout, holder: Spot, anchor: Spot | None, rows: Sequence[tuple[str, Json]]) -> list[Splice]:
    """The rows behind ``anchor`` (None: in an empty bracket), a comment on its line left with it."""
    text = layout.text
    if anchor is None:
        pad = layout.style.padding if text[holder.start] == "{" else ""
        body = layout.style.comma.join(_rows(layout, holder, "", rows))
        return [Splice(holder.start + 1, holder.start + 1, f"{pad}{body}{pad}")]
    gap = _gap(layout, holder, anchor)
    made = "".join(f",{gap}{row}" for row in _rows(layout, anchor, gap, rows))
    comma = _comma_after(layout, holder, anchor)
    rest = _REST.match(text, anchor.end if comma is None else comma + 1)
    if rest is None or not rest[0].strip() or not any(end in gap for end in "\r\n"):
        return [Splice(anchor.end, anchor.end, made)]
    # A comment on the anchor's line stays there: a comma before it, the rows behind it.
    row = made[1:] if comma is None else f"{made[1:]},"
    return [*([Splice(anchor.end, anchor.end, ",")] if comma is None else []), Splice(rest.end(), rest.end(), row)]


def _comma_after(layout: Layout, holder: Spot, spot: Spot) -> int | None:
    """Where the comma behind a value stands, comments skipped; None if no value follows."""
    place = holder.below.index(spot)
    if place + 1 == len(holder.below):
        return None
    return _outside_comments(layout, spot.end, holder.below[place + 1].begin)


def _outside_comments(layout: Layout, start: int, end: int) -> int | None:
    skipped = [(c.start, c.end) for c in layout.comments if start <= c.start < end]
    at = layout.text.find(",", start, end)
    while at >= 0 and any(first <= at < last for first, last in skipped):
        at = layout.text.find(",", at + 1, end)
    return at if at >= 0 else None


def _gap(layout: Layout, holder: Spot, anchor: Spot | None) -> str:
    """What separates a new value from ``anchor``: as its neighbours are separated, on a line of its own if they are."""
    text, below = layout.text, holder.below
    order = [anchor, *below] if anchor is not None else below
    for spot in order[:1] if len(below) > 1 else order:
        place = below.index(spot)
        left, right = (place, place + 1) if place + 1 < len(below) else (place - 1, place)
        if left < 0:
            break
        between = text[below[left].end : below[right].begin]
        own = indent_at(text, below[right].begin)
        if own is not None and ("\n" in between or "\r" in between):
            return layout.style.newline + own
        return layout.style.comma[1:]
    only = below[0]
    own = indent_at(text, only.begin)
    if own is not None and text[holder.start : only.begin].strip() != text[holder.start : only.begin]:
        return layout.style.newline + own
    return layout.style.comma[1:]


def _rows(layout: Layout, model: Spot, gap: str, rows: Sequence[tuple[str, Json]]) -> Iterator[str]:
    """Each row's text, spread over lines where the neighbour that it is modelled on is."""
    multi = "\n" in gap or "\r" in gap
    indent = gap.lstrip("\r\n") if multi else line_indent(layout.text, model.start)
    spread = multi and any(end in layout.text[model.start : model.end] for end in "\r\n") and bool(model.below)
    for name, value in rows:
        whole = spread and isinstance(value, dict) and not name
        yield name + (written(value, layout.style, indent, spread=whole) if multi else inline(value, layout.style))


def _swap(layout: Layout, spot: Spot, value: Json) -> Splice:
    old = layout.text[spot.start : spot.end]
    spread = ("\n" in old or "\r" in old) and isinstance(value, dict)
    text = written(value, layout.style, line_indent(layout.text, spot.start), spread=spread)
    return Splice(spot.start, spot.end, text)


def _drop(layout: Layout, spot: Spot) -> Iterator[Splice]:
    """The value, its comma, and the blank that it leaves; comments stay."""
    holder, text = spot.up, layout.text
    if holder is None:
        return
    place = holder.below.index(spot)
    comma = _comma_after(layout, holder, spot)
    if comma is None and place:
        before = _outside_comments(layout, holder.below[place - 1].end, spot.begin)
        if before is not None:
            bare = not text[before + 1 : spot.begin].strip()
            yield from [Splice(before, spot.end, "")] if bare else _apart(layout, before, spot)
            return
    end = spot.end if comma is None else comma + 1
    if text[spot.end : end].strip(" \t\r\n,"):
        end = spot.end  # A comment stands before the comma.
        if comma is not None:
            yield Splice(comma, comma + 1, "")
    own = indent_at(text, spot.begin)
    rest = _REST.match(text, end)
    if own is not None and rest is not None and not rest[0].strip() and place + 1 < len(holder.below):
        # A line of its own goes as a whole.
        newline = re.compile(r"\r\n?|\n").match(text, rest.end())
        yield Splice(spot.begin - len(own), newline.end() if newline else rest.end(), "")
        return
    after = re.compile(r"[ \t]*").match(text, end)
    yield Splice(spot.begin, after.end() if after is not None and own is None else end, "")


def _apart(layout: Layout, comma: int, spot: Spot) -> list[Splice]:
    """The comma before the last value and the value, with a comment between them."""
    own = indent_at(layout.text, spot.begin)
    start = spot.begin if own is None else spot.begin - len(own)
    if own is not None and _LINE_END.match(layout.text, spot.end):
        start = len(layout.text[:start].rstrip("\r\n"))
    return [Splice(comma, comma + 1, ""), Splice(start, spot.end, "")]


def _arrange(layout: Layout, holder: Spot, op: Arrange) -> list[Splice] | None:
    below, text = holder.below, layout.text
    if sorted(op.order) != list(range(len(below))):
        return None
    return [
        Splice(below[place].start, below[place].end, text[below[source].start : below[source].end])
        for place, source in enumerate(op.order)
        if place != source
    ]
