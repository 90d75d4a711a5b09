"""Effects on an order: two data that sort one way with the older schema and the other way with the newer one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from schemagate.compat.chain import Chain, around, presentable
from schemagate.engine.effect import JAVA, NEW, OLD, Effect, Sides, way_to
from schemagate.engine.meaning import meaning
from schemagate.finding import Direction, Finding, Json, Reading
from schemagate.schema.datum import NO_UUID, Datum, Smallest, label, plain
from schemagate.schema.model import Array, Enum, Field, Fixed, Map, Node, Primitive, Record, Schema, Union

SIGNS: Final[Mapping[str, int]] = {"ascending": 1, "descending": -1, "ignore": 0}
UNSORTED: Final = Reading(NEW, "fastavro", ran=False, how="knows no order")
PAIRS: Final[Mapping[str, tuple[Datum, Datum]]] = {
    "boolean": (False, True),
    "int": (1, 2),
    "long": (1, 2),
    "float": (1.0, 2.0),
    "double": (1.0, 2.0),
    "string": ("a", "b"),
    "bytes": (b"\x01", b"\x02"),
}
NUMBERS: Final = frozenset({"int", "long", "float", "double"})
MOST_RECORDS: Final = 20
"""Records inside each other that are gone through for a value that sorts."""


class Two(msgspec.Struct, frozen=True):
    """Two values at the end of ``way``, which begins below the part: the first sorts first with the writer's schema.

    ``flipped``: with the reader's they sort the other way, apart from what stands around them. A union's value is
    told as in Avro's JSON encoding, with its branch.
    """

    first: Json
    second: Json
    way: Chain = ()
    flipped: bool = False


def sorted_otherwise(sides: Sides, _: Finding) -> Iterator[Effect]:
    """Of a field, two values of its type; of an enum, two symbols; of a union, a value of each of two branches.

    Source: the specification, "Sort Order"; ``GenericData.compare`` and ``BinaryData.compare`` of Avro Java 1.12 do
    it. Maps have no order, and a field with the order ``ignore`` has no part in one.
    """
    schema, path, part = sides.writer
    chain, theirs, small = way_to(schema, path, part), way_to(*sides.reader), sides.smallest(schema)
    two = _two(sides, small) if chain and theirs else None
    if two is None or not presentable(small, (*chain, *two.way), 1):
        return
    ours, other = _sign(chain), _sign(theirs)
    if ours is None or other is None:
        return
    other = -other if two.flipped else other
    if ours == other:
        return
    both = [around(small, (*chain, *two.way), value) for value in (two.first, two.second)]
    old, new = (ours, other) if sides.direction is Direction.BACKWARD else (other, ours)
    orders = (_sorted(two, old, OLD), _sorted(two, new, NEW), UNSORTED)
    yield Effect(schema, both, both, [two.first, two.second], path, (), sides.direction, orders)


def _sign(chain: Chain) -> int | None:
    """How the values at the end sort the whole: 1, the other way -1, not at all 0; None where a map is on the way."""
    sign = 1
    for part in chain:
        if isinstance(part, Map):
            return None
        if isinstance(part, Field):
            sign *= SIGNS[part.order]
    return sign


def _sorted(two: Two, sign: int, reader: str) -> Reading:
    if sign == 0:
        return Reading(reader, JAVA, ran=False, how="takes them for equal when it sorts")
    return Reading(reader, JAVA, ran=False, value=[two.first, two.second][::sign], how="sorts them")


def _two(sides: Sides, small: Smallest) -> Two | None:
    schema, _, written = sides.writer
    read = sides.reader[2]
    if isinstance(written, Enum) and isinstance(read, Enum):
        return _moved_symbols(written.symbols, read.symbols)
    if isinstance(written, Union) and isinstance(read, Union):
        return _moved_branches(written, read, sides, small)
    if not isinstance(written, Field) or not isinstance(read, Field):
        return None
    ours, theirs = schema.resolve(written.type), sides.reader[0].resolve(read.type)
    if ours != theirs and not {ours.kind, theirs.kind} <= NUMBERS and (ours.kind != theirs.kind or ours.free):
        return None
    return _of_type(schema, ours, small)


def _moved_symbols(written: tuple[str, ...], read: tuple[str, ...]) -> Two | None:
    kept = frozenset(read) & frozenset(written)
    first, second = _moved([one for one in written if one in kept], [one for one in read if one in kept])
    return None if first == second else Two(first, second, flipped=True)


def _moved_branches(written: Union, read: Union, sides: Sides, small: Smallest) -> Two | None:
    ours = {label(node): node for node in map(sides.writer[0].resolve, written.branches)}
    theirs = [label(node) for node in map(sides.reader[0].resolve, read.branches)]
    kept = [name for name, node in ours.items() if name in theirs and small.size(node) is not None]
    first, second = _moved(kept, [name for name in theirs if name in kept])
    if first == second:
        return None
    return Two(_of_branch(ours[first], small), _of_branch(ours[second], small), flipped=True)


def _moved(before: list[str], after: list[str]) -> tuple[str, str]:
    """Two that changed places; twice the same where none did."""
    return next(((a, b) for a, b in zip(before, after, strict=True) if a != b), ("", ""))


def _of_type(schema: Schema, node: Node, small: Smallest) -> Two | None:
    """Two values of a field's type, of the first part of a record that has such."""
    way: Chain = (node,)
    for _ in range(MOST_RECORDS):
        if not isinstance(node, Record):
            break
        field = next((f for f in node.fields if f.order == "ascending" and f.type.kind != "null"), None)
        if field is None:
            return None
        node = schema.resolve(field.type)
        way = (*way, field, node)
    found = _values(schema, node, small)
    return None if found is None else msgspec.structs.replace(found, way=way)


def _values(schema: Schema, node: Node, small: Smallest) -> Two | None:
    if isinstance(node, Enum) and len(node.symbols) > 1:
        return Two(node.symbols[0], node.symbols[1])
    if isinstance(node, Primitive | Fixed):
        first, second = _raw(node)
        return None if first == second else Two(meaning(node, first), meaning(node, second))
    if isinstance(node, Union):
        branches = [branch for branch in map(schema.resolve, node.branches) if small.size(branch) is not None][:2]
        if len(branches) > 1:
            return Two(_of_branch(branches[0], small), _of_branch(branches[1], small))
    if isinstance(node, Array) and small.size(node.items) is not None:
        return Two([], [plain(small.of(node.items))])
    return None


def _of_branch(branch: Node, small: Smallest) -> Json:
    return None if branch.kind == "null" else {label(branch): plain(small.of(branch))}


def _raw(node: Primitive | Fixed) -> tuple[Datum, Datum]:
    if isinstance(node, Fixed):
        return bytes(node.size), b"\x01".rjust(node.size, b"\x00")
    if node.logical is not None and node.logical.name == "uuid":
        return NO_UUID, f"{NO_UUID[:-1]}1"
    return PAIRS.get(node.kind, (None, None))
