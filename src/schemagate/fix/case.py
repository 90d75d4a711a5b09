"""What is known of a finding that somebody wants repaired, and the questions that all repairs ask of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from schemagate.avsc.tree import NO_VALUE
from schemagate.finding import Json, no_args
from schemagate.fix.layout import Layout, inline
from schemagate.schema.align import Change
from schemagate.schema.canonical import part_to_json
from schemagate.schema.model import Field, Named, Node, Record, Schema, namespace_of
from schemagate.schema.walk import Part
from schemagate.workspace import own_definitions

FIELD: Final = re.compile(r"(?P<record>.*)/fields/(?P<index>[0-9]+)(?P<rest>/.*)?", re.DOTALL)


class Case(msgspec.Struct, frozen=True):
    """One finding in one document. ``pointer`` is the place that it names, ``path`` its path inside the schema.

    ``new`` is the schema that ``document`` belongs to and ``old`` the published one that it is compared with; both
    are None where the finding is about the document alone. ``changes`` are the pairs of parts that differ.
    ``namespace`` is the one that the files around this one use. ``staged`` asks for what later versions need too:
    a part that is kept is made ready to be left out by the next version. ``lasting`` tells that what is chosen stays,
    since later versions are compared with it too.
    """

    rule: str
    layout: Layout
    pointer: str = ""
    path: str = ""
    args: Mapping[str, Json] = msgspec.field(default_factory=no_args)
    document: str = ""
    old: Schema | None = None
    new: Schema | None = None
    changes: tuple[Change[Part], ...] = ()
    namespace: str = ""
    staged: bool = False
    lasting: bool = False

    @property
    def passing(self) -> bool:
        """Whether a makeshift is good enough, since the next version alone is compared with it."""
        return self.staged and not self.lasting

    def value(self, pointer: str) -> Json:
        """The JSON at a pointer, ``NO_VALUE`` if there is none."""
        return self.layout.at(pointer)

    def code(self, value: Json) -> str:
        """A value as the document would write it on one line."""
        return inline(value, self.layout.style)

    def code_of(self, key: str, value: Json) -> str:
        """A member as the document would write it."""
        return f"{self.code(key)}{self.layout.style.colon}{self.code(value)}"

    def change(self, pointer: str, *kinds: type) -> Change[Any] | None:
        """The pair whose new side stands at a pointer of this document."""
        for change in self.changes:
            if change.document == self.document and change.pointer == pointer and isinstance(change.new, kinds):
                return change
        return None

    def field(self) -> tuple[str, Field, Field] | None:
        """The field around the place, as it was and as it is, if it was there before."""
        match = FIELD.fullmatch(self.pointer)
        if match is None:
            return None
        pointer = f"{match['record']}/fields/{match['index']}"
        change = self.change(pointer, Field)
        if change is None or not isinstance(change.old, Field):
            return None
        new = change.new
        return (pointer, change.old, new) if isinstance(new, Field) else None

    def space(self, pointer: str) -> str:
        """The namespace of the record around a field."""
        match = FIELD.fullmatch(pointer)
        value, space = self.layout.value, ""
        for step in ("", *(match["record"] if match else pointer).split("/")[1:]):
            if step:
                value = value[int(step)] if isinstance(value, list) else value[step]
            if isinstance(value, dict) and isinstance(value.get("name"), str) and "fields" in value:
                given = value.get("namespace")
                name = value["name"]
                space = namespace_of(name) if "." in name else given if isinstance(given, str) else space
        return space

    def published(self, part: Node | Field, pointer: str, without: str = "") -> Json:
        """A part of the old schema as it is written at ``pointer``; types that are known there by name.

        What is defined inside the value at ``without`` goes with it, and is defined anew.
        """
        assert self.old is not None
        assert self.new is not None
        known = set(self.new.types)
        if without:
            known -= self._defined_in(without)
        return json.loads(part_to_json(self.old, part, self.space(pointer), known))

    def _defined_in(self, pointer: str) -> set[str]:
        """The types that only the value at ``pointer`` defines."""
        assert self.new is not None
        node: Node | Field | None = None
        for change in self.changes:
            if change.document == self.document and change.pointer == pointer and change.new is not None:
                node = change.new
        if node is None:
            return set()
        if isinstance(node, Field):
            node = node.type
        found: tuple[Named, ...] = own_definitions(node)
        return {named.name for named in found}


def nullable(value: Json) -> bool:
    """Whether a type allows null, as it is written."""
    return isinstance(value, list) and ("null" in value or {"type": "null"} in value)


def null_place(value: list[Json]) -> int:
    """Where null stands in a union."""
    return next(i for i, branch in enumerate(value) if branch in ("null", {"type": "null"}))


def parent(pointer: str) -> str:
    """The pointer of what holds a value."""
    return pointer.rpartition("/")[0]


def record_names(case: Case, pointer: str) -> list[str]:
    """The names of the fields of the record at a pointer."""
    fields = case.value(f"{pointer}/fields")
    rows = fields if isinstance(fields, list) else []
    return [row["name"] for row in rows if isinstance(row, dict) and isinstance(row.get("name"), str)]


__all__ = ["FIELD", "NO_VALUE", "Case", "Record", "null_place", "nullable", "parent", "record_names"]
