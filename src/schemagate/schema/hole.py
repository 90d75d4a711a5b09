"""What stands in a refused schema where the text has no usable type, so that places keep their numbers."""

from __future__ import annotations

from typing import Final

from schemagate.schema.model import Factory, Node, Primitive, Props

HOLE: Final[Props] = {"schemagate": "no type could be made of this"}


def hole(factory: Factory) -> Primitive:
    """The stand-in: only ever part of a schema that has refused problems."""
    return factory.primitive("null", None, HOLE)


def is_hole(node: Node) -> bool:
    """Whether a node is a stand-in, of which no further check says anything useful."""
    return isinstance(node, Primitive) and node.props is HOLE
