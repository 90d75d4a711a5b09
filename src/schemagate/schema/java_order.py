"""What Avro Java refuses only because of the order in which its parser meets names.

While parsing, a name that is not yet defined stands for a record without fields, so only an object is a default of
it. Afterwards each record is copied, its defaults checked again, and a record whose copy has no fields yet throws.
Source: ``ParseContext``, ``SchemaResolver`` and ``Schemas.visit`` of Avro Java 1.12.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence, Set as AbstractSet
from typing import TypeAlias

from schemagate.schema.defaults import Matcher, RecursiveDefaultError
from schemagate.schema.members import JAVA_RESERVED
from schemagate.schema.model import (
    MISSING,
    Array,
    Enum,
    Field,
    Fixed,
    Map,
    Named,
    Node,
    Primitive,
    Record,
    Ref,
    Union,
    freeze,
)

Walk: TypeAlias = Generator["Walk", None, None]
Target: TypeAlias = Callable[[Ref], Node]
Forward: TypeAlias = AbstractSet[tuple["Field | None", Ref]]
"""The uses of names, each with the field it stands in, before the definition of the name ends."""


def recursive_defaults(definitions: Sequence[Named], target: Target, forward: Forward) -> dict[Field, str]:
    """The fields whose default needs a record that is still being copied, each with that record's full name.

    ``definitions`` are the document's own, in the order in which they end; ``target`` is what a name means.
    """
    copier = _Copier(definitions, target, forward)
    for definition in definitions:
        stack = [copier.visit(definition)]
        while stack:
            try:
                stack.append(next(stack[-1]))
            except StopIteration:
                stack.pop()
        copier.settle()
    return copier.found


class _Copier:
    """The state of ``ResolvingVisitor``: which records have a copy, and which of the copies have fields."""

    def __init__(self, definitions: Sequence[Named], target: Target, forward: Forward) -> None:
        self.own = frozenset(definitions)
        self.target = target
        self.forward = forward
        self.copied: set[Node] = set()
        self.complete: set[Node] = set()
        self.settled: set[Node] = set()
        self.unsettled: list[Node] = []
        self.found: dict[Field, str] = {}
        self.matcher = Matcher(lambda ref, _: target(ref), exact=False, is_set=self.is_set)

    def is_set(self, record: Record) -> bool:
        return record in self.complete or record not in self.own

    def visit(self, start: Node) -> Walk:
        """One ``Schemas.visit``; a name met early starts another, with its own memory of where it was."""
        visited: set[Node] = set()
        stack: list[tuple[Node, Field | None, bool]] = [(start, None, False)]
        while stack:
            node, field, left = stack.pop()
            if isinstance(node, Ref):
                definition = self.target(node)
                if (field, node) in self.forward:
                    if isinstance(definition, Record) and definition not in self.copied:
                        yield self.visit(definition)
                    continue
                node = definition
            if not isinstance(node, Record):
                stack.extend((inner, field, False) for inner in _inside(node))
            elif left:
                self.finish(node)
            elif node not in visited and node not in self.settled and node in self.own:
                visited.add(node)
                self.copied.add(node)
                stack.append((node, None, True))
                stack.extend((inner.type, inner, False) for inner in reversed(node.fields))

    def finish(self, record: Record) -> None:
        """``afterVisitNonTerminal``: the copy gets its fields, each default checked on the way."""
        if record in self.complete:
            return
        for field in record.fields:
            if field.has_default:
                try:
                    self.matcher.fits(field)
                except RecursiveDefaultError as error:
                    self.found.setdefault(field, error.record)
        self.complete.add(record)
        self.unsettled.append(record)

    def settle(self) -> None:
        """Nothing is being copied now: whatever has its fields reaches only what has its fields."""
        self.settled.update(self.unsettled)
        self.unsettled.clear()


def _inside(node: Node) -> tuple[Node, ...]:
    """As they are put on Java's stack: a union's last branch comes off first."""
    if isinstance(node, Array):
        return (node.items,)
    if isinstance(node, Map):
        return (node.values,)
    return node.branches if isinstance(node, Union) else ()


Meaning: TypeAlias = Callable[[Field, Ref], "str | None"]
"""The full name that a name in a field stands for, None where it comes before its definition's end."""


def equal_definitions(first: Named, second: Named, meaning: tuple[Meaning, Meaning]) -> bool:
    """``Schema.equals`` of two definitions of one name: documentation, aliases, an enum's default do not count.

    A name used before its definition ends equals nothing, not even itself.
    """
    if first.kind != second.kind or _props(first) != _props(second):
        return False
    if isinstance(first, Fixed) and isinstance(second, Fixed):
        return first.size == second.size and first.logical == second.logical
    if isinstance(first, Enum) and isinstance(second, Enum):
        return first.symbols == second.symbols
    assert isinstance(first, Record) and isinstance(second, Record)
    return len(first.fields) == len(second.fields) and all(
        _member(a) == _member(b) and _equal_types(a, b, meaning)
        for a, b in zip(first.fields, second.fields, strict=True)
    )


def _equal_types(first: Field, second: Field, meaning: tuple[Meaning, Meaning]) -> bool:
    """Types inside that have a name are equal if their names are: what redefines is judged where it stands."""
    stack: list[tuple[Node, Node]] = [(first.type, second.type)]
    while stack:
        a, b = stack.pop()
        if isinstance(a, Ref | Record | Enum | Fixed):
            left = meaning[0](first, a) if isinstance(a, Ref) else a.name
            right = meaning[1](second, b) if isinstance(b, Ref) else getattr(b, "name", None)
            if left is None or left != right:
                return False
            continue
        if a.kind != b.kind or _props(a) != _props(b):
            return False
        if isinstance(a, Primitive) and isinstance(b, Primitive) and a.logical != b.logical:
            return False
        inner_a, inner_b = _inside(a), _inside(b)
        if len(inner_a) != len(inner_b):
            return False
        stack.extend(zip(inner_a, inner_b, strict=True))
    return True


def _props(node: Node) -> object:
    return freeze({} if isinstance(node, Union) else {k: v for k, v in node.props.items() if k not in JAVA_RESERVED})


def _member(field: Field) -> object:
    default = MISSING if field.default is MISSING else freeze(field.default)
    return field.name, default, field.order, freeze(dict(field.props))
