"""Data as the core holds it: what a schema's values are, the smallest of them, and how they look as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import msgspec

from schemagate.finding import Json
from schemagate.schema.model import Array, Enum, Fixed, Map, Named, Node, Primitive, Record, Ref, Schema, Union

Datum: TypeAlias = Any
"""None, bool, int, float, str (also an enum's symbol), bytes (also a fixed), list, dict, or :class:`Chosen`."""


class Chosen(msgspec.Struct):
    """A union's value: the branch by its full name or, without one, its kind; and the value of that branch."""

    branch: str
    value: Datum


MOST_VALUES: Final = 20_000
"""The largest smallest datum, in :class:`Smallest`'s measure: more is nothing to look at."""
MOST_DEPTH: Final = 200
"""Levels of data: libraries that decode by recursion must survive them."""

NO_UUID: Final = "00000000-0000-0000-0000-000000000000"
ZERO_BIG_DECIMAL: Final = b"\x02\x00\x00"
"""Zero: one byte of digits, then the scale 0 (``Conversions.BigDecimalConversion`` of Avro Java 1.12)."""

PRIMITIVE: Final[Mapping[str, tuple[Datum, int]]] = {
    "null": (None, 0),
    "boolean": (False, 1),
    "int": (0, 1),
    "long": (0, 1),
    "float": (0.0, 4),
    "double": (0.0, 8),
    "bytes": (b"", 1),
    "string": ("", 1),
}
"""The smallest value of each kind, and the bytes that it takes."""

LOGICAL: Final[Mapping[tuple[str, str], tuple[Datum, int]]] = {
    ("bytes", "decimal"): (b"\x00", 2),
    ("bytes", "big-decimal"): (ZERO_BIG_DECIMAL, 4),
    ("string", "uuid"): (NO_UUID, 37),
}
"""The same where a logical type leaves no room for the kind's own: an empty text is no UUID."""


def label(node: Node) -> str:
    """What tells a union's branch from the others: its full name, or its kind."""
    return node.name if isinstance(node, Record | Enum | Fixed | Ref) else node.kind


def least(node: Primitive | Enum | Fixed) -> tuple[Datum, int] | None:
    """The smallest value of a type without parts and its encoded bytes; None if it has no value."""
    if isinstance(node, Fixed):
        return (b"", node.size) if node.size > MOST_VALUES else (bytes(node.size), node.size)
    if isinstance(node, Enum):
        return (node.symbols[0], 1) if node.symbols else None
    if node.logical is not None and (node.kind, node.logical.name) in LOGICAL:
        return LOGICAL[node.kind, node.logical.name]
    return PRIMITIVE[node.kind]


class Smallest:
    """The smallest datum of every type of one schema: in encoded bytes, and one more for every value in it.

    A type without a finite datum (a record that needs itself, a union without branches) has none. KeyError for a
    schema with undefined names.
    """

    __slots__ = ("_built", "_named", "schema")

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._named: dict[str, int] = {}
        self._built: dict[str, tuple[Datum, int]] = {}
        self._settle()

    def size(self, node: Node) -> int | None:
        """None if the type has no finite datum."""
        node = self.schema.resolve(node)
        if isinstance(node, Record):
            return self._named.get(node.name)
        if isinstance(node, Union):
            sizes = [size for size in map(self.size, node.branches) if size is not None]
            return min(sizes) + 2 if sizes else None
        if isinstance(node, Array | Map):
            return 2
        found = least(node)  # type: ignore[arg-type]
        return None if found is None else found[1] + 1

    def of(self, node: Node) -> Datum:
        """The smallest datum; ValueError for a type without one. Parts may be shared: nothing may be changed."""
        return self._value(node)[0]

    def depth(self, node: Node) -> int:
        """Levels of the smallest datum."""
        return self._value(node)[1]

    def fault(self) -> str:
        """Why the schema has no datum that anybody could show, in words; empty if it has."""
        size = self.size(self.schema.root)
        if size is None:
            return "its type has no finite value"
        if size > MOST_VALUES:
            return f"its smallest value takes more than {MOST_VALUES:,} bytes"
        return "" if self.depth(self.schema.root) <= MOST_DEPTH else f"its smallest value nests {MOST_DEPTH} deep"

    def branch(self, union: Union) -> Node | None:
        """The union's branch with the smallest datum, the first of several."""
        sized = [(size, i) for i, node in enumerate(union.branches) if (size := self.size(node)) is not None]
        return union.branches[min(sized)[1]] if sized else None

    def _value(self, node: Node) -> tuple[Datum, int]:
        node = self.schema.resolve(node)
        if isinstance(node, Record):
            return self._record(node)
        if isinstance(node, Array | Map):
            return ([] if isinstance(node, Array) else {}), 1
        if isinstance(node, Union):
            branch = self.branch(node)
            if branch is None:
                raise ValueError("a union none of whose branches has a finite value")
            inner, depth = self._value(branch)
            return Chosen(label(self.schema.resolve(branch)), inner), depth
        found = least(node)  # type: ignore[arg-type]
        if found is None:
            raise ValueError(f"{label(node)} has no value")
        return found[0], 1

    def _record(self, record: Record) -> tuple[Datum, int]:
        """Built from the smaller ones first: what a record holds is always smaller than the record."""
        if record.name not in self._built:
            if record.name not in self._named:
                raise ValueError(f"{record.name} has no finite value")
            limit = self._named[record.name]
            for name, size in sorted(self._named.items(), key=lambda item: item[1]):
                if size <= limit and name not in self._built:
                    named = self.schema.types[name]
                    assert isinstance(named, Record)
                    parts = [(field.name, *self._value(field.type)) for field in named.fields]
                    levels = max((depth for _, _, depth in parts), default=0)
                    self._built[name] = {field: value for field, value, _ in parts}, levels + 1
        return self._built[record.name]

    def _settle(self) -> None:
        """Sizes of records by rounds: each can only shrink, and a type waits for those that it uses."""
        records = [named for named in self.schema.types.values() if isinstance(named, Record)]
        users: dict[str, set[str]] = {}
        for record in records:
            for used in _mentioned(record, self.schema):
                users.setdefault(used, set()).add(record.name)
        by_name = {record.name: record for record in records}
        waiting = dict.fromkeys(reversed(by_name))
        while waiting:
            name = next(iter(waiting))
            del waiting[name]
            sizes = [self.size(field.type) for field in by_name[name].fields]
            if None in sizes:
                continue
            total = sum(size for size in sizes if size is not None) + 1
            if total < self._named.get(name, total + 1):
                self._named[name] = total
                waiting.update(dict.fromkeys(users.get(name, ())))


def _mentioned(record: Named, schema: Schema) -> set[str]:
    """The records that a record's fields are, or may be, directly or in a union: those that its size hangs on."""
    found: set[str] = set()
    if not isinstance(record, Record):
        return found
    for field in record.fields:
        node = schema.resolve(field.type)
        for part in node.branches if isinstance(node, Union) else (node,):
            resolved = schema.resolve(part)
            if isinstance(resolved, Record):
                found.add(resolved.name)
    return found


def plain(datum: Datum) -> Json:
    """A datum as JSON: no mark of a union's branch, bytes as text with one character up to U+00FF a byte.

    A float that JSON cannot hold becomes its name. Iterative, for any depth.
    """
    result: list[Json] = [None]
    stack: list[tuple[Datum, Any, Any]] = [(datum, result, 0)]
    while stack:
        value, target, key = stack.pop()
        while isinstance(value, Chosen):
            value = value.value
        if isinstance(value, dict):
            made: Json = dict.fromkeys(value)
            stack.extend((item, made, name) for name, item in value.items())
        elif isinstance(value, list | tuple):
            made = [None] * len(value)
            stack.extend((item, made, position) for position, item in enumerate(value))
        else:
            made = _scalar(value)
        target[key] = made
    return result[0]


def _scalar(value: Datum) -> Json:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):  # noqa: PLR0124 - NaN
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"  # noqa: PLR0124 - NaN
    return value
