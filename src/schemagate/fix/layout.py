"""A document's values with their places, and how its author lays JSON out."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

import msgspec

from schemagate.avsc.scan import scan
from schemagate.avsc.tree import NO_VALUE, Tree, array_index, steps
from schemagate.finding import Json

LOOKED_AT: Final = 400
"""Members from which the style is learned."""
MOST_COLUMNS: Final = 100
"""A value that would end beyond is written over several lines, where its neighbours are."""
DEEPEST: Final = 6
"""Levels of a new value that are spread over lines; what nests deeper stays on one."""

_BLANK: Final = re.compile(r"[ \t\r\n]*")
_INDENT: Final = re.compile(r"[ \t]*")


class Spot:
    """One value and where it stands: ``key`` and ``key_end`` enclose the member's name (-1: none)."""

    __slots__ = ("below", "end", "key", "key_end", "name", "start", "up")

    def __init__(self, up: Spot | None, name: str | None, key: int, key_end: int, start: int, end: int) -> None:
        self.up = up
        self.name = name
        self.key = key
        self.key_end = key_end
        self.start = start
        self.end = end
        self.below: list[Spot] = []

    @property
    def begin(self) -> int:
        """Where the member or the element begins."""
        return self.start if self.key < 0 else self.key

    def member(self, name: str) -> Spot | None:
        """The member of that name; of several the last, whose value counts."""
        return next((spot for spot in reversed(self.below) if spot.name == name), None)


class Style(msgspec.Struct, frozen=True):
    """How a document writes what it mostly writes: a line's end, one level's indent, what follows `:` and `,`."""

    newline: str = "\n"
    unit: str = "  "
    colon: str = ": "
    comma: str = ", "
    padding: str = ""
    """Blanks inside the braces of an object on one line."""


class Layout:
    """One scanned text: every value by pointer, every pointer by place."""

    def __init__(self, text: str, tree: Tree | None = None) -> None:
        self.text = text
        self.tree = tree if tree is not None and tree.value is not NO_VALUE else scan(text)
        self.value: Json = self.tree.value
        self.spots: list[Spot] = []
        for parent, name, key, key_end, start, end in self.tree.rows():
            spot = Spot(self.spots[parent] if parent >= 0 else None, name, key, key_end, start, end)
            self.spots.append(spot)
            if spot.up is not None:
                spot.up.below.append(spot)
        self.style = _learned(text, self.spots)

    @property
    def certain(self) -> bool:
        """Whether the text holds a value, and the value is what the author meant."""
        return self.value is not NO_VALUE and self.tree.certain

    def find(self, pointer: str) -> Spot | None:
        """The value at an RFC 6901 pointer; None if there is none."""
        spot = self.spots[0] if self.spots else None
        for step in steps(pointer, ""):
            if spot is None:
                return None
            if self.text[spot.start] == "{":
                spot = spot.member(step)
            else:
                index = array_index(step)
                spot = spot.below[index] if index is not None and index < len(spot.below) else None
        return spot

    def at(self, pointer: str) -> Json:
        """The JSON value at a pointer; ``NO_VALUE`` if there is none."""
        value = self.value
        for step in steps(pointer, ""):
            index = array_index(step)
            if isinstance(value, dict) and step in value:
                value = value[step]
            elif isinstance(value, list) and index is not None and index < len(value):
                value = value[index]
            else:
                return NO_VALUE
        return value

    def pointer_of(self, start: int, end: int) -> str | None:
        """The pointer of the value, of the member or of the key that stands exactly there."""
        for spot in self.spots:
            whole = spot.start == start and spot.end == end
            if whole or (spot.key == start and end in (spot.end, spot.key_end)):
                return pointer_to(spot)
        return None


def pointer_to(spot: Spot) -> str:
    """The RFC 6901 pointer of a value."""
    way: list[str] = []
    while spot.up is not None:
        step = str(spot.up.below.index(spot)) if spot.name is None else spot.name
        way.append(step.replace("~", "~0").replace("/", "~1"))
        spot = spot.up
    return "".join(f"/{step}" for step in reversed(way))


def indent_at(text: str, at: int) -> str | None:
    """The indent of the line on which ``at`` is the first that is not blank; None if something stands before it."""
    line = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    before = text[line:at]
    return before if not before.strip(" \t") else None


def line_indent(text: str, at: int) -> str:
    """The indent of the line that holds ``at``."""
    line = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    return _INDENT.match(text, line)[0]  # type: ignore[index]


def inline(value: Json, style: Style) -> str:
    """The value on one line, as the document writes such values."""
    separators = (style.comma, style.colon)
    text = json.dumps(value, ensure_ascii=False, separators=separators)
    if any("\ud800" <= char <= "\udfff" for char in text):
        text = json.dumps(value, separators=separators)  # No encoding could carry a lone surrogate.
    return text


def written(value: Json, style: Style, indent: str, *, spread: bool, depth: int = DEEPEST) -> str:
    """The value as text that begins at ``indent``; ``spread`` puts the members of an object on lines of their own."""
    flat = inline(value, style)
    if not depth or not value or not isinstance(value, dict | list):
        return flat
    if not spread and len(indent) + len(flat) <= MOST_COLUMNS:
        if style.padding and isinstance(value, dict):
            return f"{{{style.padding}{flat[1:-1]}{style.padding}}}"
        return flat
    inner = indent + style.unit
    rows = []
    if isinstance(value, dict):
        for key, item in value.items():
            name = f"{inline(key, style)}{style.colon}"
            rows.append(name + written(item, style, inner, spread=False, depth=depth - 1))
    else:
        rows = [written(item, style, inner, spread=False, depth=depth - 1) for item in value]
    opener, closer = ("{", "}") if isinstance(value, dict) else ("[", "]")
    joint = f",{style.newline}{inner}"
    return f"{opener}{style.newline}{inner}{joint.join(rows)}{style.newline}{indent}{closer}"


def _learned(text: str, spots: list[Spot]) -> Style:
    found = spots[:LOOKED_AT]
    colons = (text[spot.key_end : spot.start] for spot in found if spot.key >= 0)
    gaps = (
        text[left.end : right.begin]
        for spot in found
        for left, right in zip(spot.below[:LOOKED_AT], spot.below[1:LOOKED_AT], strict=False)
    )
    pads = (text[spot.start + 1 : spot.below[0].begin] for spot in found if spot.below and text[spot.start] == "{")
    return Style(
        "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n",
        _unit(text, found),
        _usual((c for c in colons if c.strip(" ") == ":"), ": "),
        _usual((g for g in gaps if g.strip(" ") == ","), ", "),
        _usual((p for p in pads if not p.strip(" ")), ""),
    )


def _unit(text: str, spots: list[Spot]) -> str:
    """What a line has more of indent than the line of the bracket around it."""
    steps = []
    for spot in spots:
        if not spot.below:
            continue
        outer, inner = line_indent(text, spot.start), indent_at(text, spot.below[0].begin)
        if inner is not None and inner != outer and inner.startswith(outer):
            steps.append(inner[len(outer) :])
    return _usual(steps, "  ")


def _usual(found: Iterable[str], otherwise: str) -> str:
    common = Counter(found).most_common(1)
    return common[0][0] if common else otherwise
