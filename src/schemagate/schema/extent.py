"""Where a datum ends in Avro's binary, and how deep it nests, without making anything of it."""

from __future__ import annotations

from typing import Final, TypeAlias

from schemagate.schema.model import Array, Enum, Fixed, Map, Node, Record, Ref, Schema, Union

MOST_DEEP: Final = 1_000
"""Levels of a datum; libraries that decode by recursion crash on more."""
MOST_ITEMS: Final = 10_000_000
"""Items of one block of an array or a map."""
WIDTHS: Final = {"float": 4, "double": 8, "boolean": 1, "null": 0}
LAST_SHIFT: Final = 63

Task: TypeAlias = tuple[str, Node, int, int]
"""What is next (a ``value``, the ``blocks`` of an array or a map, an ``entry`` of a map), its type, the level that it
stands on, and how many of them follow."""


class ExtentError(ValueError):
    """The bytes are no datum of the schema, or one that nests too deep; the words say which."""


def recursive(schema: Schema) -> bool:
    """Whether a datum of the schema may nest deeper than the schema itself."""
    uses = {name: _used(named, schema) for name, named in schema.types.items()}
    # What uses nothing that is left cannot be on a circle.
    left = set(uses)
    while True:
        ends = {name for name in left if not uses[name] & left}
        if not ends:
            return bool(left)
        left -= ends


def _used(named: Node, schema: Schema) -> set[str]:
    found: set[str] = set()
    stack: list[Node] = [field.type for field in named.fields] if isinstance(named, Record) else []
    while stack:
        node = stack.pop()
        if isinstance(node, Ref):
            node = schema.resolve(node)
        if isinstance(node, Record | Enum | Fixed):
            found.add(node.name)
        elif isinstance(node, Union):
            stack.extend(node.branches)
        elif isinstance(node, Array):
            stack.append(node.items)
        elif isinstance(node, Map):
            stack.append(node.values)
    return found


def end_of(schema: Schema, data: bytes, start: int = 0) -> int:
    """The offset behind the datum that begins at ``start``. Raises :class:`ExtentError`."""
    at = start
    stack: list[Task] = [("value", schema.root, 1, 1)]
    while stack:
        what, node, level, times = stack.pop()
        if level > MOST_DEEP:
            raise ExtentError(f"it nests more than {MOST_DEEP:,} deep")
        if times > 1:
            stack.append((what, node, level, times - 1))
        node = schema.resolve(node)
        if what == "blocks":
            at = _block(node, level, data, at, stack)
        elif what == "entry":
            length, at = number(data, at)
            at = _forward(data, at, length)
            stack.append(("value", node.values, level, 1))  # type: ignore[union-attr]
        elif isinstance(node, Record):
            stack.extend(("value", field.type, level + 1, 1) for field in reversed(node.fields))
        elif isinstance(node, Union):
            branch, at = number(data, at)
            if not 0 <= branch < len(node.branches):
                raise ExtentError(f"it names branch {branch} of a union of {len(node.branches)}")
            stack.append(("value", node.branches[branch], level + 1, 1))
        elif isinstance(node, Array | Map):
            stack.append(("blocks", node, level, 1))
        else:
            at = _scalar(node, data, at)
    return at


def _block(node: Node, level: int, data: bytes, at: int, stack: list[Task]) -> int:
    """The head of an array's or a map's next block; the last one is empty."""
    count, at = number(data, at)
    if not count:
        return at
    if count < 0:
        count = -count
        _, at = number(data, at)
    if count > MOST_ITEMS:
        raise ExtentError(f"it says that {count:,} items follow")
    stack.append(("blocks", node, level, 1))
    inside: Task = ("entry", node, level + 1, count)
    stack.append(("value", node.items, level + 1, count) if isinstance(node, Array) else inside)
    return at


def _scalar(node: Node, data: bytes, at: int) -> int:
    if isinstance(node, Fixed):
        return _forward(data, at, node.size)
    if node.kind in WIDTHS:
        return _forward(data, at, WIDTHS[node.kind])
    length, at = number(data, at)
    return _forward(data, at, length) if node.kind in ("bytes", "string") else at


def _forward(data: bytes, at: int, length: int) -> int:
    if length < 0 or at + length > len(data):
        raise ExtentError("the data ends too early")
    return at + length


def number(data: bytes, at: int) -> tuple[int, int]:
    """A variable-length zig-zag number and the offset behind it. Raises :class:`ExtentError`."""
    value = shift = 0
    while True:
        if at >= len(data) or shift > LAST_SHIFT:
            raise ExtentError("the data ends too early" if at >= len(data) else "a number has more than ten bytes")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return (value >> 1) ^ -(value & 1), at
        shift += 7
