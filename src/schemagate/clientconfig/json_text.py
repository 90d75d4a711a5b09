"""Reads JSON through the schemas' own tolerant scanner: its keys, its strings, and where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from schemagate.avsc.scan import scan
from schemagate.avsc.tree import Row
from schemagate.clientconfig.values import MOST_DEPTH, MOST_ENTRIES, Entry, Fault, Parsed

_DUPLICATE: Final = "duplicate-key"
_WORDS: Final = {
    "truncated": "it ends before what was opened is closed",
    "empty-document": "it is empty",
    "dangling-content": "something follows its end",
    "nesting-too-deep": "it is nested too deeply",
    "trailing-comma": "a comma with nothing after it",
    "single-quotes": "a text in single quotes",
}


def parse(text: str) -> Parsed:
    """The scalars of an object or a list; lists of scalars are one entry, with commas. Comments are accepted."""
    tree = scan(text)
    faults = [
        Fault(_said(p.rule, p.args.get("expected")), p.span or (0, 0)) for p in tree.problems if p.rule != _DUPLICATE
    ]
    faults += [
        Fault("set twice", p.span or (0, 0), fatal=False, key=str(p.args.get("key", "")))
        for p in tree.problems
        if p.rule == _DUPLICATE
    ]
    rows = tree.rows()
    if len(rows) > MOST_ENTRIES:
        return Parsed((), (Fault(f"more than {MOST_ENTRIES:,} values"),))
    last: dict[tuple[str, ...], Entry] = {}
    for entry in _entries(text, rows, faults):
        last[entry.keys] = entry
    comments = tuple(((c.start, c.end), c.text) for c in tree.comments)
    return Parsed(tuple(last.values()), tuple(faults), comments)


def _said(rule: str, expected: object) -> str:
    """What is wrong, without what was found: that may be a value."""
    return _WORDS.get(rule) or (
        f"expected {str(expected).partition(' after ')[0]}" if expected else "it cannot be read"
    )


def _entries(text: str, rows: list[Row], faults: list[Fault]) -> Iterator[Entry]:
    ways: list[tuple[str, ...]] = []
    counts: dict[int, int] = {}
    holders = {row[0] for row in rows}
    nested = {row[0] for n, row in enumerate(rows) if n in holders or text[row[4] : row[4] + 1] in ("{", "[")}
    lists: dict[int, list[Row]] = {}
    for row in rows:
        parent, name, _, _, start, _ = row
        index = counts[parent] = counts.get(parent, -1) + 1
        step = name if name is not None else f"[{index}]"
        ways.append((*ways[parent], step) if parent >= 0 else ())
        if len(ways[-1]) > MOST_DEPTH:
            faults.append(Fault("it is nested too deeply", (start, start + 1)))
            return
        if name is None and parent >= 0 and parent not in nested:
            lists.setdefault(parent, []).append(row)
        elif text[start : start + 1] not in ("{", "[") and parent >= 0:
            yield _entry(text, row, ways[-1], [row])
    for parent, items in lists.items():
        if ways[parent]:
            yield _entry(text, rows[parent], ways[parent], items)


def _entry(text: str, at: Row, way: tuple[str, ...], items: list[Row]) -> Entry:
    values = ",".join(_plain(text[row[4] : row[5]]) for row in items)
    key = (at[2], at[3]) if at[2] >= 0 else (at[4], at[4] + 1)
    return Entry(way, values, key, (at[4], at[5]))


def _plain(raw: str) -> str:
    """A scalar as its text: a string without quotes and escapes, ``null`` as nothing."""
    if not raw.startswith('"'):
        return "" if raw == "null" else raw
    value = scan(raw).value if "\\" in raw else raw[1:-1]
    return value if isinstance(value, str) else raw[1:-1]
