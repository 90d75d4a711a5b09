"""The fields of one schema as a tree laid flat, with what its names mean followed, and each field's type in a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from schemagate.schema.model import Array, Decimal, Enum, Field, Fixed, Map, Node, Primitive, Record, Ref, Schema, Union
from schemagate.schema.walk import branch_step, type_label

MOST_FIELDS: Final = 2_000
"""Fields of one schema; of more, those nearest to the root are kept."""
MOST_BRANCHES: Final = 4


class Flat(msgspec.Struct, frozen=True):
    """One field where it stands; ``depth`` is 0 for a field of the root record. ``order`` sorts as a document does."""

    path: str
    field: Field
    record: str
    """The full name of the record that holds it."""
    depth: int
    order: tuple[int, ...]


def flat_fields(schema: Schema, most: int = MOST_FIELDS) -> list[Flat]:
    """Every field in document order. A type is entered at each of its uses, but not inside itself."""
    found: list[Flat] = []
    level = [_Inside("$", schema.root, (), frozenset())]
    depth = 0
    while level and len(found) < most:
        below: list[_Inside] = []
        for inside in level:
            for path, record, order in _records(inside, schema):
                if record.name in inside.open:
                    continue
                names = inside.open | {record.name}
                for index, field in enumerate(record.fields):
                    flat = Flat(f"{path}.{field.name}", field, record.name, depth, (*order, index))
                    found.append(flat)
                    if not _is_plain(field.type):
                        below.append(_Inside(flat.path, field.type, flat.order, names))
            if len(found) >= most:
                break
        level = below
        depth += 1
    return sorted(found[:most], key=lambda flat: flat.order)


def _is_plain(node: Node) -> bool:
    """Whether a type surely holds no record: most types of fields do not, and nobody needs to look into them."""
    if isinstance(node, Union):
        return all(isinstance(branch, LEAVES) for branch in node.branches)
    if isinstance(node, Array | Map):
        node = node.items if isinstance(node, Array) else node.values
    return isinstance(node, LEAVES)


LEAVES: Final = (Primitive, Enum, Fixed)


class _Inside(msgspec.Struct, frozen=True):
    """A type to look into, with the names of the records that it stands in."""

    path: str
    node: Node
    order: tuple[int, ...]
    open: frozenset[str]


def _records(inside: _Inside, schema: Schema) -> Iterator[tuple[str, Record, tuple[int, ...]]]:
    """The records that a type holds directly, in arrays, in maps and in unions."""
    stack: list[tuple[Node, str, tuple[int, ...]]] = [(inside.node, inside.path, inside.order)]
    while stack:
        node, path, order = stack.pop()
        node = meaning(node, schema)
        if isinstance(node, Record):
            yield path, node, order
        elif isinstance(node, Array):
            stack.append((node.items, f"{path}[]", order))
        elif isinstance(node, Map):
            stack.append((node.values, f"{path}{{}}", order))
        elif isinstance(node, Union):
            steps = (
                (branch, path + branch_step(branch, node.branches), (*order, n))
                for n, branch in enumerate(node.branches)
            )
            stack.extend(reversed(list(steps)))


def meaning(node: Node, schema: Schema) -> Node:
    """What a reference names; itself where nothing defines the name."""
    if not isinstance(node, Ref):
        return node
    return schema.types.get(node.name) or schema.types.get(node.fallback) or node


def short_type(node: Node) -> str:
    """A type in a word: ``string``, ``long?`` (may be null), ``Address[]``, ``double{}`` (a map), ``decimal(9, 2)``."""
    ending = ""
    while True:
        if isinstance(node, Array):
            node, ending = node.items, f"[]{ending}"
        elif isinstance(node, Map):
            node, ending = node.values, f"{{}}{ending}"
        elif isinstance(node, Union):
            others = [branch for branch in node.branches if branch.kind != "null"]
            if len(others) == 1 and len(node.branches) == 2:
                node, ending = others[0], f"?{ending}"
                continue
            words = " | ".join(map(type_label, node.branches[:MOST_BRANCHES]))
            more = f" | {len(node.branches) - MOST_BRANCHES} more" if len(node.branches) > MOST_BRANCHES else ""
            return f"({words}{more}){ending}" if ending else words + more
        else:
            return _plain(node) + ending


def _plain(node: Node) -> str:
    logical = node.logical if isinstance(node, Primitive | Fixed) else None
    if isinstance(logical, Decimal):
        return f"{logical.name}({logical.precision}, {logical.scale})"
    return logical.name if logical is not None else type_label(node)


def symbols_of(node: Node, schema: Schema) -> tuple[str, ...]:
    """The symbols of the enum that a type is or wraps; nothing for any other type."""
    while True:
        node = meaning(node, schema)
        if isinstance(node, Enum):
            return node.symbols
        if isinstance(node, Array):
            node = node.items
        elif isinstance(node, Map):
            node = node.values
        elif isinstance(node, Union):
            others = [branch for branch in node.branches if branch.kind != "null"]
            if len(others) != 1:
                return ()
            node = others[0]
        else:
            return ()
