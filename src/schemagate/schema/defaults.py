"""Whether a default is a value of its type: as Avro Java checks it, and as the specification means it."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from typing import Final, TypeAlias

from schemagate.finding import Json
from schemagate.schema.drive import drive
from schemagate.schema.hole import is_hole
from schemagate.schema.model import MISSING, Array, Enum, Field, Fixed, Map, Node, Primitive, Record, Ref, Union
from schemagate.schema.walk import type_label

RANGES: Final = {"int": 2**31, "long": 2**63}

JAVA_DOUBLE = re.compile(
    r"[\x00-\x20]*[+-]?(NaN|Infinity|((\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
    r"|0[xX]([0-9a-fA-F]+\.?|[0-9a-fA-F]*\.[0-9a-fA-F]+)[pP][+-]?\d+)[fFdD]?)[\x00-\x20]*",
    re.ASCII,
)
"""What ``Double.parseDouble`` takes; Java converts a quoted default of a float or double with it."""

Steps: TypeAlias = Generator["Steps", bool, bool]
Resolve: TypeAlias = "Callable[[Ref, Field], Node | None]"


class RecursiveDefaultError(Exception):
    """A default needs the value of the very type that is being defined. Never leaves this package."""

    def __init__(self, record: str) -> None:
        super().__init__(record)
        self.record = record


def scalar_fit(node: Node, value: Json, *, exact: bool) -> bool | None:
    """Whether a value is one of a type without parts; None for types that have parts.

    ``exact`` is the specification's view, else Java's, which takes any string for bytes, fixed and enum.
    """
    kind, cls = node.kind, value.__class__
    if kind == "null":
        return value is None or is_hole(node)
    if kind == "boolean":
        return cls is bool
    if kind in ("string", "bytes", "enum", "fixed"):
        return cls is str and (not exact or _exact_text(node, value))
    if kind in RANGES:
        return cls is int and -RANGES[kind] <= value < RANGES[kind]
    if kind in ("float", "double"):
        return cls is int or cls is float
    return None


def _exact_text(node: Node, value: str) -> bool:
    if isinstance(node, Enum):
        return value in node.symbols
    if isinstance(node, Fixed) and len(value) != node.size:
        return False
    return node.kind == "string" or value.isascii() or all(char <= "\xff" for char in value)


class Matcher:
    """One way of looking at defaults: ``resolve`` says what a name means, None meaning "some object".

    ``fault`` is what did not fit at the last answer False, and what was expected there. ``named`` tells that a name
    was looked up, ``opened`` that a record's fields were. ``is_set`` tells whether a record's fields are known yet.
    """

    def __init__(self, resolve: Resolve, *, exact: bool, is_set: Callable[[Record], bool] | None = None) -> None:
        self.resolve = resolve
        self.exact = exact
        self.is_set = is_set
        self.fault: tuple[Json, str] = (None, "")
        self.named = False
        self.opened = False
        self._open: set[tuple[int, int]] = set()
        self._known: dict[Field, bool] = {}

    def fits(self, field: Field) -> bool:
        """Whether a field's default is a value of its type.

        Raises:
            RecursiveDefaultError: it needs a record that is not known yet, or itself.
        """
        node, value = field.type, field.default
        if value.__class__ is str and node.kind in ("float", "double"):
            return self._quoted(node, value)
        self._open.clear()
        return drive(self._own_default(field))

    def _quoted(self, node: Node, value: str) -> bool:
        self.fault = (value, expected(node))
        return not self.exact and JAVA_DOUBLE.fullmatch(value) is not None

    def _own_default(self, field: Field) -> Steps:
        """Looked at once, however many defaults of other fields rest on it."""
        known = self._known.get(field)
        if known is None:
            known = self._known[field] = yield self._fits(field.type, field.default, field)
        elif not known:
            self.fault = (field.default, expected(field.type))
        return known

    def _fits(self, node: Node, value: Json, field: Field) -> Steps:
        if isinstance(node, Ref):
            self.named = True
            found = self.resolve(node, field)
            if found is None:
                later = f"an object, as `{node.name}` is defined later"
                return isinstance(value, dict) or self._misfit(value, later)
            node = found
        if isinstance(node, Union):
            return (yield self._union(node, value, field))
        if isinstance(node, Record):
            return (yield self._record(node, value))
        if isinstance(node, Array | Map):
            return (yield self._collection(node, value, field))
        return bool(scalar_fit(node, value, exact=self.exact)) or self._misfit(value, expected(node))

    def _misfit(self, value: Json, wanted: str) -> bool:
        self.fault = (value, wanted)
        return False

    def _union(self, node: Union, value: Json, field: Field) -> Steps:
        for branch in node.branches:
            if (yield self._fits(branch, value, field)):
                return True
        return self._misfit(value, expected(node))

    def _collection(self, node: Array | Map, value: Json, field: Field) -> Steps:
        wanted = list if isinstance(node, Array) else dict
        if not isinstance(value, wanted):
            return self._misfit(value, expected(node))
        inside = node.items if isinstance(node, Array) else node.values
        for item in value.values() if isinstance(value, dict) else value:
            fits = scalar_fit(inside, item, exact=self.exact)
            if fits is None:
                fits = yield self._fits(inside, item, field)
            elif not fits:
                self.fault = (item, expected(inside))
            if not fits:
                return False
        return True

    def _record(self, node: Record, value: Json) -> Steps:
        if not isinstance(value, dict):
            return self._misfit(value, expected(node))
        self.opened = True
        key = (id(node), id(value))
        if key in self._open or (self.is_set is not None and not self.is_set(node)):
            raise RecursiveDefaultError(node.name)
        self._open.add(key)
        fits = yield self._members(node, value)
        self._open.discard(key)
        if fits and self.exact and value.keys() - {field.name for field in node.fields}:
            return self._misfit(value, f"an object with only the fields of `{node.name}`")
        return fits

    def _members(self, node: Record, value: dict[str, Json]) -> Steps:
        for field in node.fields:
            member = value.get(field.name, MISSING)
            if member is not MISSING:
                fits = yield self._fits(field.type, member, field)
            elif field.default is MISSING:
                return self._misfit(value, f"an object that has `{field.name}`, which has no default")
            elif field.default.__class__ is str and field.type.kind in ("float", "double"):
                fits = True
            else:
                fits = yield self._own_default(field)
            if not fits:
                return False
        return True


def expected(node: Node) -> str:
    """What a default of this type looks like, in words."""
    if isinstance(node, Primitive):
        if node.kind in RANGES:
            return f"an integer from {-RANGES[node.kind]} to {RANGES[node.kind] - 1}"
        return EXPECTED[node.kind]
    if isinstance(node, Fixed):
        return f"a string of {node.size} characters up to U+00FF, one a byte"
    if isinstance(node, Enum):
        return f"a symbol of `{node.name}`"
    if isinstance(node, Union):
        return "a value of " + (" or ".join(type_label(branch) for branch in node.branches) or "no type at all")
    if isinstance(node, Array):
        return "an array"
    return "an object" if isinstance(node, Map) else f"an object with the fields of `{node.name}`"


EXPECTED: Final = {
    "null": "null",
    "boolean": "true or false",
    "float": "a number",
    "double": "a number",
    "bytes": "a string of characters up to U+00FF, one a byte",
    "string": "a string",
}
