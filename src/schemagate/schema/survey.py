"""One document's definitions, uses of names and defaults, in the order in which a parser meets them."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from schemagate.schema.members import At
from schemagate.schema.model import Array, Enum, Field, Fixed, Map, Named, Node, Record, Ref, Union


class Defined(msgspec.Struct, frozen=True, eq=False):
    """A definition where it ends: only from here on does Java know its name."""

    node: Named
    at: At


class Use(msgspec.Struct, frozen=True, eq=False):
    """A name where it is used; ``field`` holds it, in the record ``owner``, if there is one around."""

    ref: Ref
    at: At
    field: Field | None
    owner: Defined | None


class Survey(msgspec.Struct):
    """``events`` mixes :class:`Use` and :class:`Defined` as they come; ``unions`` are those that use a name."""

    events: list[Use | Defined] = msgspec.field(default_factory=list)
    defaults: list[tuple[Field, At]] = msgspec.field(default_factory=list)
    unions: list[tuple[Union, At]] = msgspec.field(default_factory=list)

    @property
    def uses(self) -> list[Use]:
        return [event for event in self.events if isinstance(event, Use)]


Part: TypeAlias = Node | Field | Defined
Item: TypeAlias = tuple[Part, At, Field | None, Defined | None]


def survey(root: Node | Field) -> Survey:
    """Walks one document (or one field's text); parts without names and definitions are not entered."""
    out = Survey()
    stack: list[Item] = [(root, None, None, None)]
    while stack:
        node, at, field_, owner = stack.pop()
        if isinstance(node, Field):
            if node.has_default:
                out.defaults.append((node, at))
            if node.free or node.defines:
                stack.append((node.type, (at, "type"), node, owner))
        elif isinstance(node, Ref):
            out.events.append(Use(node, at, field_, owner))
        elif isinstance(node, Defined):
            out.events.append(node)
        elif isinstance(node, Record):
            end, fields_at = Defined(node, at), (at, "fields")
            stack.append((end, at, None, None))
            stack.extend((node.fields[i], (fields_at, i), None, end) for i in range(len(node.fields) - 1, -1, -1))
        elif isinstance(node, Enum | Fixed):
            out.events.append(Defined(node, at))
        elif node.free or node.defines:
            stack.extend((inner, place, field_, owner) for inner, place in _inside(node, at))
            if isinstance(node, Union) and any(isinstance(branch, Ref) for branch in node.branches):
                out.unions.append((node, at))
    return out


def _inside(node: Node, at: At) -> list[tuple[Node, At]]:
    """Last first, as the stack needs it."""
    if isinstance(node, Array):
        return [(node.items, (at, "items"))]
    if isinstance(node, Map):
        return [(node.values, (at, "values"))]
    if isinstance(node, Union):
        return [(node.branches[i], (at, i)) for i in range(len(node.branches) - 1, -1, -1)]
    return []
