"""Where a pair of parts stands in its two schemas: paths, pointers and documents on the way down."""

from __future__ import annotations

from dataclasses import dataclass

from schemagate.schema.model import Enum, Field, Fixed, Node, Record, Ref, Schema
from schemagate.schema.walk import Part, children, definition_pointers


@dataclass(frozen=True, slots=True)
class Side:
    """One schema's half of a pair.

    ``path`` follows the use (``$.home.zip``), ``pointer`` is RFC 6901 into ``document``, where the part stands.
    ``record`` encloses the part, ``field`` is the field of it on the way to the part.
    """

    part: Part
    path: str
    pointer: str
    document: str
    record: Record | None = None
    field: Field | None = None


class Trace:
    """Walks down one schema, jumping to where a name is defined, also in another document."""

    __slots__ = ("_pointers", "schema")

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._pointers: dict[str, dict[str, tuple[str, str]]] = {}

    def root(self) -> Side:
        return self.entered(Side(self.schema.root, "$", "", self.schema.document))

    def entered(self, side: Side) -> Side:
        """The side with a Ref replaced by the definition that it names; the path stays that of the use."""
        if not isinstance(side.part, Ref):
            return side
        named = self.schema.resolve(side.part)
        if not isinstance(named, Record | Enum | Fixed):
            return side
        document = self.schema.origins.get(named.name, self.schema.document)
        pointer = self._definitions(document).get(named.name, ("", ""))[0]
        return Side(named, side.path, pointer, document, side.record, side.field)

    def below(self, side: Side) -> list[Side]:
        """The sides directly below, in document order; a field is followed by its type with :meth:`type_of`."""
        part = side.part
        record = part if isinstance(part, Record) else side.record
        return [
            Side(child, path, pointer, side.document, record, child if isinstance(child, Field) else side.field)
            for child, path, pointer in children(part, side.path, side.pointer)
        ]

    def type_of(self, side: Side) -> Side:
        """The type of a field, entered."""
        return self.entered(self.below(side)[0])

    def _definitions(self, document: str) -> dict[str, tuple[str, str]]:
        found = self._pointers.get(document)
        if found is None:
            own = document == self.schema.document and not self.schema.origins.get(_name(self.schema.root))
            root = self.schema.root if own else self._root_of(document)
            found = self._pointers[document] = definition_pointers(root) if root is not None else {}
        return found

    def _root_of(self, document: str) -> Node | None:
        """Another document's root, as far as its definitions show it: the one that encloses all the others."""
        theirs = [named for name, named in self.schema.types.items() if self.schema.origins.get(name) == document]
        inner = {id(named) for outer in theirs for named in outer.defines}
        outermost = [named for named in theirs if id(named) not in inner]
        return outermost[0] if len(outermost) == 1 else None


def _name(node: Node) -> str:
    return node.name if isinstance(node, Record | Enum | Fixed) else ""
