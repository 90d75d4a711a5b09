"""A document's values with their places, and how its author lays JSON out."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Final

import msgspec

from schemagate.avsc.locate import inside
from schemagate.avsc.scan import scan
from schemagate.avsc.strict import strict
from schemagate.avsc.tree import NO_VALUE, Comment, Tree, array_index, steps
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
    """One value and where it stands: ``key`` and ``key_end`` enclose the member's name (-1: none).

    What stands directly in it is looked for in ``text`` when first asked for, unless somebody sets it.
    """

    __slots__ = ("_below", "end", "key", "key_end", "name", "start", "text", "up")

    def __init__(
        self, up: Spot | None, name: str | None, key: int, key_end: int, start: int, end: int, text: str = ""
    ) -> None:
        self.up = up
        self.name = name
        self.key = key
        self.key_end = key_end
        self.start = start
        self.end = end
        self.text = text
        self._below: list[Spot] | None = None

    @property
    def below(self) -> list[Spot]:
        if self._below is None:
            self._below = [Spot(self, *place, self.text) for place in inside(self.text, self.start)]
        return self._below

    def hold(self, below: list[Spot]) -> None:
        """Set what stands directly in it."""
        self._below = below

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
    """One text: every value by pointer, every pointer by place.

    A ``plain`` text is one that ``strict`` takes: of that, only what is asked for is looked at. Any other is scanned.
    """

    def __init__(self, text: str, *, plain: bool = False) -> None:
        self.text = text
        self._plain = plain
        self._root = _plain_root(text) if plain else _scanned_root(self.tree)

    @cached_property
    def tree(self) -> Tree:
        return scan(self.text)

    @cached_property
    def value(self) -> Json:
        return strict(self.text) if self._plain else self.tree.value

    @cached_property
    def spots(self) -> list[Spot]:
        """Every value, in the order in which they begin."""
        return list(self._spots())

    @cached_property
    def style(self) -> Style:
        return _learned(self.text, list(islice(self._spots(), LOOKED_AT)))

    @property
    def comments(self) -> Sequence[Comment]:
        return () if self._plain else self.tree.comments

    @property
    def certain(self) -> bool:
        """Whether the text holds a value, and the value is what the author meant."""
        return self._plain or (self.value is not NO_VALUE and self.tree.certain)

    def _spots(self) -> Iterator[Spot]:
        stack = [self._root] if self._root is not None else []
        while stack:
            spot = stack.pop()
            yield spot
            stack += reversed(spot.below)

    def find(self, pointer: str) -> Spot | None:
        """The value at an RFC 6901 pointer; None if there is none."""
        spot = self._root
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
        if self._plain:
            spot = self.find(pointer)
            return NO_VALUE if spot is None else strict(self.text[spot.start : spot.end])
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
        for spot in self._around(start) if self._plain else self.spots:
            whole = spot.start == start and spot.end == end
            if whole or (spot.key == start and end in (spot.end, spot.key_end)):
                return pointer_to(spot)
        return None

    def _around(self, at: int) -> Iterator[Spot]:
        """The values that hold an offset of a plain text, the outermost first."""
        spot = self._root
        while spot is not None and spot.begin <= at < spot.end:
            yield spot
            spot = next((below for below in spot.below if at < below.end), None)


def _plain_root(text: str) -> Spot:
    end = len(text.rstrip(" \t\r\n"))
    return Spot(None, None, -1, -1, len(text) - len(text.lstrip(" \t\r\n")), end, text)


def _scanned_root(tree: Tree) -> Spot | None:
    spots: list[Spot] = []
    for parent, name, key, key_end, start, end in tree.rows():
        spot = Spot(spots[parent] if parent >= 0 else None, name, key, key_end, start, end)
        spot.hold([])
        spots.append(spot)
        if spot.up is not None:
            spot.up.below.append(spot)
    return spots[0] if spots else None


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
    colons = (text[spot.key_end : spot.start] for spot in spots if spot.key >= 0)
    gaps = (
        text[left.end : right.begin]
        for spot in spots
        for left, right in zip(spot.below[:LOOKED_AT], spot.below[1:LOOKED_AT], strict=False)
    )
    pads = (text[spot.start + 1 : spot.below[0].begin] for spot in spots if spot.below and text[spot.start] == "{")
    return Style(
        "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n",
        _unit(text, spots),
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
