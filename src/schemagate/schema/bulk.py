"""The fast way to thousands of published versions: a field whose text was seen before is not decoded again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import msgspec

from schemagate.avsc.bulk import Parts, Splitter
from schemagate.avsc.read import read
from schemagate.avsc.strict import strict
from schemagate.avsc.tree import NO_VALUE
from schemagate.finding import Json, Problem
from schemagate.schema.build import RECORD_KEYS, build_field
from schemagate.schema.members import Members
from schemagate.schema.model import Factory, Field, Named, Record, Schema
from schemagate.schema.names import NO_INDEX, Definition, link, link_field, schema_of

MAX_OPENERS = 500
"""Brackets in one field's text from which on the depth of the whole document must be looked at."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A field's text in one namespace, built. Pointers of problems start at the field.

    ``built`` were found while building, ``linked`` while resolving names, which only works for a field that uses no
    names of others: else ``open`` is set, and the document must be linked as a whole.
    """

    field: Field
    types: Mapping[str, Named]
    built: tuple[Problem, ...]
    linked: tuple[Problem, ...]
    open: bool


class VersionReader:
    """Reads published versions one after another, with one factory and one memo of fields.

    A field is known by its bytes and the namespace around it: nothing else tells what it means. Fields that Java
    refuses are not kept, so that their versions are read whole and their problems told as everywhere.
    """

    def __init__(self, factory: Factory) -> None:
        self.factory = factory
        self._splitter = Splitter()
        self._memo: dict[str, dict[bytes, _Known]] = {}

    def read(self, data: bytes, document: str, index: Mapping[str, Definition] = NO_INDEX) -> Schema | None:
        """The schema in ``data``, as ``schema_of`` makes it; None where the text holds nothing that could be read.

        Its problems include the text's, apart from what does not refuse it. ``index`` is as for ``schema_of``.
        """
        parts = self._splitter.split(data)
        schema = None if parts is None else self._from_parts(parts, document, index)
        return self._slowly(data, document, index) if schema is None else schema

    def closed(self, data: bytes, document: str) -> Schema | None:
        """The schema of a record that uses no names of others, if the fast way reads it; else None."""
        parts = self._splitter.split(data)
        schema = None if parts is None else self._from_parts(parts, document, NO_INDEX)
        return None if schema is None or schema.root.free else schema

    def _slowly(self, data: bytes, document: str, index: Mapping[str, Definition]) -> Schema | None:
        text = read(data, document)
        if not text.readable:
            return None
        schema = schema_of(text.value, self.factory, document, index)
        refused = tuple(problem for problem in text.problems if problem.refused)
        return replace(schema, problems=refused + schema.problems) if refused else schema

    def _from_parts(self, parts: Parts, document: str, index: Mapping[str, Definition]) -> Schema | None:
        """None where the whole document must be looked at."""
        members = Members()
        header = dict(parts.header)
        name, namespace = members.type_name(header, "record", "", None)
        aliases = members.type_aliases(header, namespace, None)
        doc = members.doc(header, None)
        props = members.properties(header, RECORD_KEYS, None)
        if members.problems:
            return None
        known = self._fields(parts.fields, namespace)
        if known is None:
            return None
        root = self.factory.record(
            name,
            tuple([each.field for each in known]),
            aliases=aliases,
            doc=doc,
            props=props,
            is_error=header["type"] == "error",
        )
        if any(each.open for each in known):
            return link(root, document, index, problems=_placed([each.built for each in known]))
        return _closed(root, known, document)

    def _fields(self, texts: Sequence[bytes], namespace: str) -> list[_Known] | None:
        memo = self._memo.setdefault(namespace, {})
        known: list[_Known] = []
        for text in texts:
            each = memo.get(text)
            if each is None:
                each = self._learn(text, namespace)
                if each is None:
                    return None
                memo[text] = each
            known.append(each)
        if len({each.field.name for each in known}) < len(known):
            return None
        return known

    def _learn(self, text: bytes, namespace: str) -> _Known | None:
        if text.count(b"{") + text.count(b"[") > MAX_OPENERS:
            return None
        value = _decoded(text)
        if value is NO_VALUE:
            return None
        built = build_field(value, self.factory, namespace)
        is_open = bool(built.field.free)
        types, linked = ({}, ()) if is_open else link_field(built.field)
        if any(problem.refused for problem in chain(built.problems, linked)):
            return None
        return _Known(built.field, types, built.problems, linked, is_open)


def _decoded(text: bytes) -> Json:
    """A field's JSON. Of equal keys the last wins, as in Java; whoever minds them has read the whole document."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return strict(text.decode())


def _closed(root: Record, known: Sequence[_Known], document: str) -> Schema | None:
    """The schema of fields that need no names of others; None if two of them define the same name."""
    types: dict[str, Named] = {root.name: root}
    count = 1
    for each in known:
        if each.types:
            types.update(each.types)
            count += len(each.types)
    if len(types) < count:
        return None
    problems = _placed([each.built for each in known]) + _placed([each.linked for each in known])
    return Schema(root, types, document, problems=problems)


def _placed(groups: Sequence[tuple[Problem, ...]]) -> tuple[Problem, ...]:
    """Problems of fields, with pointers from the document's root."""
    if not any(groups):
        return ()
    return tuple(
        replace(problem, pointer=f"/fields/{i}{problem.pointer}") for i, group in enumerate(groups) for problem in group
    )
