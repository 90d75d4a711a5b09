"""Texts to schemas: parsed as Avro Java parses them, with the types that their references define."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from schemagate.avsc.read import Document, read_text
from schemagate.compat.solve import Memo
from schemagate.devregistry.store import faults, refusals
from schemagate.devregistry.store.payloads import Wanted, wanted_of
from schemagate.devregistry.store.state import State, target
from schemagate.devregistry.store.values import Stored
from schemagate.finding import Problem
from schemagate.schema.build import build
from schemagate.schema.java_text import Spelled, java_text, spellings
from schemagate.schema.model import Enum, Factory, Fixed, Record, Schema
from schemagate.schema.names import Definition, link_built
from schemagate.schema.walk import definition_pointers
from schemagate.wire.values import AVRO, Reference

MOST_READ: Final = 50_000
"""Texts after which everything read is forgotten, so that memory stays bounded."""


class Parsed(msgspec.Struct, frozen=True):
    """A schema that Java accepts. ``wanted`` has its text as Java writes it and its references' real versions."""

    wanted: Wanted
    schema: Schema


class _Shelf(msgspec.Struct):
    """What a schema's references define."""

    index: dict[str, Definition]
    spelled: dict[str, Spelled]
    roots: set[str]


class Reader:
    """Parses, and remembers what it parsed. Schemas of one reader share their nodes."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.forget()

    def forget(self) -> None:
        self.factory = Factory()
        self.memo = Memo()
        self.known: dict[object, Parsed] = {}
        self.read = 0

    def parse(self, subject: str, wanted: Wanted, *, normalize: bool = False, trusted: bool = False) -> Parsed:
        """A Refusal (42201) for what Java refuses; ``trusted`` takes names and defaults as they are."""
        if wanted.schema_type != AVRO:
            raise refusals.invalid_schema(f"Invalid schema type {wanted.schema_type}")
        try:
            parts, resolved = self.resolve(subject, wanted.references)
        except _UnresolvedError as error:
            raise refusals.invalid_schema(faults.refused(subject, wanted, str(error))) from None
        key = (wanted.text, tuple(part.text for part in parts), normalize, trusted)
        parsed = self.known.get(key)
        if parsed is None:
            parsed, flawless = self.fresh(subject, wanted, parts, normalize=normalize, trusted=trusted)
            self.known[key] = self.known[parsed.wanted.text, key[1], False, True] = parsed
            if flawless:
                self.known[wanted.text, key[1], normalize, False] = parsed
        if normalize:
            resolved = tuple(sorted(set(resolved)))
        return Parsed(replace(wanted, text=parsed.wanted.text, references=resolved), parsed.schema)

    def stored(self, version: Stored) -> Parsed:
        """A version that is kept."""
        return self.parse(version.subject, wanted_of(version), trusted=True)

    def resolved_text(self, subject: str, wanted: Wanted) -> str:
        """The text with every type of its references written out where it is first used."""
        shelf = self.shelf(self.resolve(subject, wanted.references)[0])
        return java_text(read_text(wanted.text).value, others=shelf.spelled)

    def resolve(self, subject: str, references: Sequence[Reference]) -> tuple[list[Stored], tuple[Reference, ...]]:
        """What references lead to, the innermost first, each name once; and they with -1 as the newest version."""
        found: list[Stored] = []
        names: set[str] = set()
        own = tuple(self.pinned(subject, reference) for reference in references)
        stack: list[tuple[str, Reference, bool]] = [(subject, reference, False) for reference in reversed(own)]
        while stack:
            referrer, reference, done = stack.pop()
            version = self.state.version(*target(referrer, reference), deleted=True)
            if done and version is not None:
                found.append(version)
                continue
            if reference.name in names:
                continue
            names.add(reference.name)
            if version is None:
                raise _UnresolvedError(faults.missing_reference(reference))
            stack.append((referrer, reference, True))
            stack.extend((version.subject, inner, False) for inner in reversed(version.references))
        return found, own

    def pinned(self, subject: str, reference: Reference) -> Reference:
        if not reference.name or not reference.subject or not reference.version:
            raise _UnresolvedError(faults.invalid_reference(reference))
        if reference.version != -1:
            return reference
        newest = self.state.version(*target(subject, reference))
        if newest is None:
            raise _UnresolvedError(faults.missing_reference(reference))
        return replace(reference, version=newest.version)

    def shelf(self, parts: Iterable[Stored]) -> _Shelf:
        shelf = _Shelf({}, {}, set())
        for part in parts:
            name = f"{part.subject}:{part.version}"
            value = read_text(part.text).value
            built = build(value, self.factory, document=name)
            root = built.root
            if root is None:
                continue
            if isinstance(root, Record | Enum | Fixed):
                shelf.roots.add(root.name)
            places = definition_pointers(root)
            named = (root, *root.defines) if isinstance(root, Record | Enum | Fixed) else root.defines
            for node in named:
                shelf.index.setdefault(node.name, Definition(node, name, places[node.name][0]))
            for full, spelled in spellings(value).items():
                shelf.spelled.setdefault(full, spelled)
        return shelf

    def fresh(
        self, subject: str, wanted: Wanted, parts: Sequence[Stored], *, normalize: bool, trusted: bool
    ) -> tuple[Parsed, bool]:
        """The schema, and whether it would also be taken from somebody who is not trusted."""
        self.read += 1
        if self.read > MOST_READ:
            self.forget()
        document = read_text(wanted.text)
        shelf = self.shelf(parts)
        problems = document.problems
        if document.readable:
            schema = self.linked(document, shelf)
            problems = (*problems, *schema.problems)
        blocking = next((problem for problem in problems if _blocks(problem, trusted=trusted)), None)
        if blocking is not None or not document.readable:
            why = "the text is no JSON" if blocking is None else faults.told(blocking, document.value)
            raise refusals.invalid_schema(faults.refused(subject, wanted, why))
        text = java_text(document.value, known=shelf.roots, others=shelf.spelled, normal=normalize)
        if text != wanted.text:
            schema = self.linked(read_text(text), shelf)
        flawless = not any(_blocks(problem, trusted=False) for problem in problems)
        return Parsed(replace(wanted, text=text), schema), flawless

    def linked(self, document: Document, shelf: _Shelf) -> Schema:
        return link_built(build(document.value, self.factory, document=document.name), self.factory, shelf.index)


class _UnresolvedError(Exception):
    """A reference that leads nowhere."""


_LENIENT: Final = frozenset(
    {"bad-name", "bad-namespace", "name-not-ascii", "bad-default", "recursive-default", "bad-enum-default"}
)
"""What an import does not look at."""


def _blocks(problem: Problem, *, trusted: bool) -> bool:
    if trusted:
        return problem.refused and problem.rule not in _LENIENT
    return problem.refused or problem.rule == "name-not-ascii"
