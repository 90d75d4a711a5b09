"""What names mean: every use tied to its definition, in the document itself or in another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from schemagate.finding import Json, Problem
from schemagate.schema.build import Built, branch_key, build
from schemagate.schema.checks import default_problems
from schemagate.schema.java_order import Meaning, equal_definitions
from schemagate.schema.members import At, pointer
from schemagate.schema.model import (
    NO_NAMES,
    Array,
    Factory,
    Field,
    Map,
    Named,
    Node,
    Record,
    Ref,
    Schema,
    Union,
)
from schemagate.schema.survey import Defined, Survey, Use, survey
from schemagate.schema.walk import definition_pointers


class Definition(msgspec.Struct, frozen=True):
    """A named type, the document that defines it and the pointer (RFC 6901) at which it stands there."""

    node: Named
    document: str
    pointer: str = ""


NO_INDEX: Final[Mapping[str, Definition]] = MappingProxyType({})


def schema_of(
    value: Json, factory: Factory, document: str = "", index: Mapping[str, Definition] | None = None
) -> Schema:
    """One document's meaning, with all its problems; never raises for what ``value`` holds.

    ``index`` maps full names to what other documents define; it may hold this document's own too. Where any problem
    is ``refused``, Avro Java does not parse the document and the schema is only a sketch of it.
    """
    return link_built(build(value, factory, document=document), factory, index)


def link_built(built: Built, factory: Factory, index: Mapping[str, Definition] | None = None) -> Schema:
    """As :func:`link`, from what ``build`` returned; a null schema stands in for a root that is None."""
    if built.root is None:
        return Schema(factory.primitive("null"), {}, built.document, problems=built.problems)
    return link(built.root, built.document, index or NO_INDEX, known=built.names, problems=built.problems)


def link(
    root: Node,
    own: str,
    index: Mapping[str, Definition],
    *,
    known: frozenset[str] = NO_NAMES,
    problems: tuple[Problem, ...] = (),
) -> Schema:
    """Ties the names in ``root``, the document ``own``, to definitions: its own first, then those in ``index``.

    ``known`` are names that need no finding of their own if undefined, since what defines them is refused already.
    ``problems`` come first in the result's.
    """
    linker = _Linker(own, index, survey(root))
    linker.run(known)
    return Schema(
        root,
        linker.types,
        own,
        linker.origins,
        frozenset(linker.undefined),
        problems + tuple(linker.problems),
        linker.pointers,
    )


def link_field(field: Field) -> tuple[tuple[Problem, ...], bool]:
    """What is wrong with a field that uses no name defined outside of it, and whether it uses none at all."""
    linker = _Linker("", NO_INDEX, survey(field))
    linker.run(NO_NAMES)
    return tuple(linker.problems), not linker.seen.uses


class _Linker:
    def __init__(self, own: str, index: Mapping[str, Definition], seen: Survey) -> None:
        self.own = own
        self.index = index
        self.seen = seen
        self.types: dict[str, Named] = {}
        self.origins: dict[str, str] = {}
        self.pointers: dict[str, str] = {}
        self.undefined: set[str] = set()
        self.problems: list[Problem] = []
        self.forward: set[Use] = set()
        """Uses before the definition's end, where Java does not know yet what the name means."""

    def run(self, known: frozenset[str]) -> None:
        self.define()
        uses = self.seen.uses
        if uses:
            self.resolve_uses(uses, known)
            self.check_unions()
        if self.seen.defaults:
            self.problems.extend(default_problems(self.seen, self.types, self.forward))

    def note(self, rule: str, at: At, args: Mapping[str, Json], *, refused: bool = True) -> None:
        self.problems.append(Problem(rule, args, pointer(at), "", None, refused))

    def external(self, name: str) -> Definition | None:
        found = self.index.get(name)
        return None if found is None or found.document == self.own else found

    def meaning(self, ref: Ref) -> str | None:
        """The full name that a name means with the definitions so far."""
        for name in (ref.name, ref.fallback):
            if name and (name in self.types or self.external(name) is not None):
                return name
        return None

    def define(self) -> None:
        """The document's own definitions. Java compares a second definition of a name where it ends."""
        first: dict[str, Defined] = {}
        for event in self.seen.events:
            if isinstance(event, Use):
                if self.meaning(event.ref) is None:
                    self.forward.add(event)
                continue
            name = event.node.name
            if name in first:
                self.redefine(first[name], event)
            elif name:
                first[name] = event
                self.types[name] = event.node

    def redefine(self, first: Defined, second: Defined) -> None:
        early = {(use.owner, use.field, use.ref) for use in self.forward}

        def meaning_in(owner: Defined) -> Meaning:
            return lambda field, ref: None if (owner, field, ref) in early else self.meaning(ref)

        equal = equal_definitions(first.node, second.node, (meaning_in(first), meaning_in(second)))
        rule = "type-redefined" if equal else "duplicate-type"
        self.note(rule, second.at, {"name": second.node.name, "first": pointer(first.at)}, refused=not equal)

    def resolve_uses(self, uses: list[Use], known: frozenset[str]) -> None:
        for use in uses:
            missing = self.resolve(use)
            if missing is None:
                continue
            name, document = missing
            self.undefined.add(name)
            if name not in known:
                args = {"name": name, "document": document} if document else {"name": name}
                self.note("undefined-type", use.at, args)

    def resolve(self, use: Use) -> tuple[str, str] | None:
        """Takes in what a use needs of other documents; the first name that nothing defines, and where it stands.

        Java looks into the null namespace only for what is defined before the use.
        """
        ref = use.ref
        if ref.name in self.types:
            return None
        found = self.external(ref.name)
        if found is None and ref.fallback in self.types:
            return (ref.name, "") if use in self.forward else None
        if found is None:
            found = self.external(ref.fallback)
        return (ref.name, "") if found is None else self.take(found)

    def take(self, start: Definition) -> tuple[str, str] | None:
        """One definition of another document with all that it needs."""
        missing: tuple[str, str] | None = None
        queue = [start]
        while queue:
            found = queue.pop()
            inner = definition_pointers(found.node) if found.node.defines else {}
            for node in (found.node, *found.node.defines):
                if node.name not in self.types:
                    self.types[node.name] = node
                    self.origins[node.name] = found.document
                    self.pointers[node.name] = found.pointer + inner.get(node.name, ("", ""))[0]
            for ref in free_refs(found.node):
                if ref.name in self.types:
                    continue
                further = self.external(ref.name)
                if further is None and ref.fallback not in self.types:
                    further = self.external(ref.fallback)
                    if further is None:
                        self.undefined.add(ref.name)
                        missing = missing or (ref.name, found.document)
                if further is not None:
                    queue.append(further)
        return missing

    def check_unions(self) -> None:
        for union, at in self.seen.unions:
            seen: dict[str, bool] = {}
            for i, branch in enumerate(union.branches):
                by_name = isinstance(branch, Ref)
                key = self.meaning(branch) if isinstance(branch, Ref) else branch_key(branch)
                if key is None:
                    continue
                if key in seen and (by_name or seen[key]):
                    self.note("duplicate-branch", (at, i), {"branch": key})
                seen[key] = by_name


def free_refs(root: Node) -> Iterator[Ref]:
    """The uses of names that ``root`` does not define."""
    stack: list[Node | Field] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Ref):
            if node.name in root.free:
                yield node
        elif not node.free:
            continue
        elif isinstance(node, Record):
            stack.extend(node.fields)
        elif isinstance(node, Field):
            stack.append(node.type)
        elif isinstance(node, Array):
            stack.append(node.items)
        elif isinstance(node, Map):
            stack.append(node.values)
        elif isinstance(node, Union):
            stack.extend(node.branches)
