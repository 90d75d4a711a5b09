"""What stands around a nested record's fields, taken once from a field that was built, for the next ones like it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from schemagate.schema.model import Array, Factory, Field, Map, Node, Record, Union, namespace_of


class Mould(msgspec.Struct, frozen=True):
    """A field's text without the fields of the only record in it, built; ``around`` goes from the field inwards."""

    field: Field
    around: tuple[Node, ...]
    record: Record
    namespace: str
    """The record's, in which the names in its fields are looked up."""

    def filled(self, fields: tuple[Field, ...], factory: Factory) -> Field:
        """The field whose record has these fields and which is as this one besides."""
        inner = self.record
        node: Node = factory.record(
            inner.name, fields, aliases=inner.aliases, doc=inner.doc, props=inner.props, is_error=inner.is_error
        )
        for outer in reversed(self.around):
            node = _wrapped(outer, node, factory)
        field = self.field
        return factory.field(
            field.name,
            node,
            default=field.default,
            aliases=field.aliases,
            order=field.order,
            doc=field.doc,
            props=field.props,
        )


def mould_of(field: Field) -> Mould | None:
    """From a field that has but one record, in arrays, maps and unions with names; None for any other."""
    around: list[Node] = []
    node = field.type
    while not isinstance(node, Record):
        around.append(node)
        inside = list(_deeper(node))
        if len(inside) != 1:
            return None
        node = inside[0]
    return Mould(field, tuple(around), node, namespace_of(node.name))


def _deeper(node: Node) -> Iterable[Node]:
    """What of a type can hold a record."""
    if isinstance(node, Union):
        return (branch for branch in node.branches if isinstance(branch, Record | Array | Map))
    if isinstance(node, Array):
        return (node.items,)
    return (node.values,) if isinstance(node, Map) else ()


def _wrapped(outer: Node, node: Node, factory: Factory) -> Node:
    """``outer`` with another type where the record was."""
    if isinstance(outer, Array):
        return factory.array(node, outer.props)
    if isinstance(outer, Map):
        return factory.map(node, outer.props)
    if not isinstance(outer, Union):
        raise TypeError(outer)
    holds = (Record, Array, Map)
    return factory.union(tuple([node if isinstance(each, holds) else each for each in outer.branches]))
