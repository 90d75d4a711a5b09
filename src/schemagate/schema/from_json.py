"""JSON values as data of a schema: as people write them, or in Avro's JSON encoding, which names a union's branch."""

from __future__ import annotations

from collections.abc import Generator
from decimal import Decimal as Number, DecimalException
from typing import Final, TypeAlias

import msgspec

from schemagate.finding import Json
from schemagate.schema.datum import Chosen, Datum, label
from schemagate.schema.defaults import RANGES, expected
from schemagate.schema.drive import drive
from schemagate.schema.model import Array, Decimal, Enum, Fixed, Map, Node, Primitive, Record, Schema, Union
from schemagate.schema.walk import type_label

LONGEST: Final = 60
"""Characters of a value that a misfit shows."""


class Misfit(msgspec.Struct, frozen=True):
    """Where a value is no datum of the schema: the path to it, what was expected, what was found."""

    path: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, found {self.found}"


Steps: TypeAlias = "Generator[Steps, Datum | Misfit, Datum | Misfit]"


def datum_of(schema: Schema, value: Json, *, lenient: bool = False) -> Datum | Misfit:
    """The datum that a JSON value is, or where it is none. Iterative, for any depth.

    Bytes are text with a character up to U+00FF each, a decimal may also be a number. A value of a union is the first
    branch that it fits, or ``{"branch": value}``. A record has all its fields and no other; ``lenient`` takes the
    default of what is missing. KeyError for an undefined name.
    """
    return drive(_Fitter(schema, lenient=lenient).fit(schema.root, value, "$"))


class _Fitter:
    def __init__(self, schema: Schema, *, lenient: bool) -> None:
        self.schema = schema
        self.lenient = lenient
        self.known: dict[tuple[int, int], Datum | Misfit] = {}
        """By identity of type and value, so that unions inside unions are not tried again and again."""

    def fit(self, node: Node, value: Json, path: str) -> Steps:
        node = self.schema.resolve(node)
        if not isinstance(node, Union | Record | Array | Map):
            return _scalar(node, value, path)  # type: ignore[arg-type]
        key = (id(node), id(value))
        if key not in self.known or not isinstance(value, dict | list):
            found = yield self.inside(node, value, path)
            self.known[key] = found
            return found
        return self.known[key]

    def inside(self, node: Union | Record | Array | Map, value: Json, path: str) -> Steps:
        if isinstance(node, Union):
            return (yield self.union(node, value, path))
        if isinstance(node, Record):
            return (yield self.record(node, value, path))
        if isinstance(node, Array):
            return (yield self.array(node, value, path))
        if not isinstance(value, dict):
            return Misfit(path, expected(node), shown(value))
        made = {}
        for name, item in value.items():
            made[name] = found = yield self.fit(node.values, item, f"{path}.{name}")
            if isinstance(found, Misfit):
                return found
        return made

    def array(self, node: Array, value: Json, path: str) -> Steps:
        if not isinstance(value, list):
            return Misfit(path, expected(node), shown(value))
        items = []
        for position, item in enumerate(value):
            found = yield self.fit(node.items, item, f"{path}[{position}]")
            if isinstance(found, Misfit):
                return found
            items.append(found)
        return items

    def union(self, node: Union, value: Json, path: str) -> Steps:
        branches = sorted(map(self.schema.resolve, node.branches), key=lambda branch: _rank(branch, value))
        misfits = []
        for branch in branches:
            found = yield self.fit(branch, value, path)
            if not isinstance(found, Misfit):
                return Chosen(label(branch), found)
            misfits.append(found)
        if isinstance(value, dict) and len(value) == 1:
            name, inner = next(iter(value.items()))
            for branch in branches:
                if label(branch) == name:
                    found = yield self.fit(branch, inner, path)
                    return found if isinstance(found, Misfit) else Chosen(name, found)
        # What went deepest is what was meant.
        meant = max(misfits, key=lambda one: len(one.path), default=None)
        if meant is not None and len(meant.path) > len(path):
            return meant
        wanted = " or ".join(type_label(branch) for branch in branches) or "nothing"
        return Misfit(path, wanted, shown(value))

    def record(self, node: Record, value: Json, path: str) -> Steps:
        if not isinstance(value, dict):
            return Misfit(path, expected(node), shown(value))
        made = {}
        for field in node.fields:
            given = field.name in value
            if not given and not (self.lenient and field.has_default):
                return Misfit(f"{path}.{field.name}", "a value", "none")
            item = value[field.name] if given else field.default
            made[field.name] = found = yield self.fit(field.type, item, f"{path}.{field.name}")
            if isinstance(found, Misfit):
                return found
        other = next((name for name in value if name not in made), None)
        return (
            made if other is None else Misfit(f"{path}.{other}", f"no such field in {node.name}", shown(value[other]))
        )


def _rank(branch: Node, value: Json) -> int:
    """A number is a whole one before it is a fraction, and a decimal only where nothing else takes it."""
    if value.__class__ not in (int, float):
        return 0
    return 2 if branch.kind in ("bytes", "fixed") else int(value.__class__ is int and branch.kind not in RANGES)


def _scalar(node: Primitive | Enum | Fixed, value: Json, path: str) -> Datum | Misfit:
    found = _scalar_datum(node, value)
    return found if found is not NONE else Misfit(path, expected(node), shown(value))


NONE: Final = object()


def _scalar_datum(node: Primitive | Enum | Fixed, value: Json) -> Datum:
    """The datum, or :data:`NONE`."""
    cls = value.__class__
    if isinstance(node, Enum):
        return value if cls is str and value in node.symbols else NONE
    if node.kind in ("bytes", "fixed"):
        return _bytes(node, value)
    if node.kind in RANGES:
        return value if cls is int and -RANGES[node.kind] <= value < RANGES[node.kind] else NONE
    if node.kind in ("float", "double"):
        return float(value) if cls is int or cls is float else NONE
    wanted = {"null": type(None), "boolean": bool, "string": str}[node.kind]
    return value if cls is wanted else NONE


def _bytes(node: Primitive | Enum | Fixed, value: Json) -> Datum:
    size = node.size if isinstance(node, Fixed) else None
    if isinstance(value, str):
        try:
            raw = value.encode("latin-1")
        except UnicodeEncodeError:
            return NONE
        return raw if size in (None, len(raw)) else NONE
    logical = None if isinstance(node, Enum) else node.logical
    if not isinstance(logical, Decimal) or value.__class__ not in (int, float):
        return NONE
    try:
        digits = Number(repr(value)).scaleb(logical.scale)
        whole = int(digits)
    except (DecimalException, ValueError, OverflowError):
        return NONE
    width = whole.bit_length() // 8 + 1
    if whole != digits or (size is not None and size < width):
        return NONE
    return whole.to_bytes(size or width, "big", signed=True)


def shown(value: Json) -> str:
    """A value in few characters."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    text = msgspec.json.encode(value).decode() if not isinstance(value, float) else repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
