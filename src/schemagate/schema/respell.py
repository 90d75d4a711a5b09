"""One spelling for names: every use of a type becomes its full name, however a text wrote it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeAlias

from schemagate.schema.model import Array, Factory, Field, Map, Node, Record, Ref, Schema, Union

Part: TypeAlias = Node | Field


class Speller:
    """Rewrites schemas of one factory; parts that use no name at all are looked at once."""

    def __init__(self, factory: Factory) -> None:
        self._factory = factory
        self._plain: set[Part] = set()

    def key(self, schema: Schema) -> Hashable:
        """Equal for schemas of the factory that differ in the spelling of names only.

        As with ``content_key``, what other documents define belongs to it.
        """
        done: dict[Part, Part] = {}
        root = self._respelled(schema.root, schema, done)
        others = frozenset(self._respelled(schema.types[name], schema, done) for name in schema.origins)
        return (root, others, schema.undefined)

    def _respelled(self, start: Part, schema: Schema, done: dict[Part, Part]) -> Part:
        """Depth first, parts before what holds them."""
        stack = [(start, False)]
        while stack:
            part, ready = stack.pop()
            if part in done or part in self._plain:
                continue
            inner = _inner(part)
            if not ready and inner:
                stack.append((part, True))
                stack.extend((one, False) for one in inner)
                continue
            new = self._rebuilt(part, [done.get(one, one) for one in inner], schema)
            if isinstance(part, Ref) or any(one not in self._plain for one in inner):
                done[part] = new
            else:
                self._plain.add(part)
        return done.get(start, start)

    def _rebuilt(self, part: Part, inner: list[Part], schema: Schema) -> Part:
        factory = self._factory
        if isinstance(part, Ref):
            meant = part.name if part.name in schema.types or not part.fallback else part.fallback
            return factory.ref(meant, "", part.props)
        if isinstance(part, Field):
            return factory.field(
                part.name,
                inner[0],  # type: ignore[arg-type]
                default=part.default,
                aliases=part.aliases,
                order=part.order,
                doc=part.doc,
                props=part.props,
            )
        if isinstance(part, Record):
            return factory.record(
                part.name,
                tuple(inner),  # type: ignore[arg-type]
                aliases=part.aliases,
                doc=part.doc,
                props=part.props,
                is_error=part.is_error,
            )
        if isinstance(part, Array):
            return factory.array(inner[0], part.props)  # type: ignore[arg-type]
        if isinstance(part, Map):
            return factory.map(inner[0], part.props)  # type: ignore[arg-type]
        if isinstance(part, Union):
            return factory.union(tuple(inner))  # type: ignore[arg-type]
        return part


def _inner(part: Part) -> tuple[Part, ...]:
    if isinstance(part, Record):
        return part.fields
    if isinstance(part, Field):
        return (part.type,)
    if isinstance(part, Array):
        return (part.items,)
    if isinstance(part, Map):
        return (part.values,)
    return part.branches if isinstance(part, Union) else ()
