"""The fast way to thousands of published versions: a field whose text was seen before is not decoded again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Final, TypeAlias

import msgspec
from msgspec.structs import replace

from schemagate.avsc.bulk import Splitter
from schemagate.avsc.outline import CUT, Outline, Version, outline, outline_of
from schemagate.avsc.read import MAX_BYTES, read
from schemagate.avsc.strict import strict
from schemagate.finding import Json, Problem
from schemagate.schema.build import RECORD_KEYS
from schemagate.schema.learn import Known, Learner, moved
from schemagate.schema.members import Members
from schemagate.schema.model import Factory, Field, Named, Props, Record, Schema
from schemagate.schema.names import NO_INDEX, Definition, link, schema_of

MAX_RECENT: Final = 512
"""Of how many documents the last version is kept, as the next one mostly differs in one field."""

MAX_RECENT_BYTES: Final = 256 * 1024
"""Longer ones are not kept."""


class _Header(msgspec.Struct, frozen=True):
    """All of a record but its fields."""

    name: str
    namespace: str
    aliases: tuple[str, ...]
    doc: Json
    props: Props
    is_error: bool


_Use: TypeAlias = tuple[Field, tuple[tuple[Named, bool], ...]]
_Made: TypeAlias = tuple[_Header, list[Known], Version | None]


class VersionReader:
    """Reads published versions one after another, with one factory and one memo of fields, nested ones included.

    Fields that Java refuses are not in the memo, so that their versions are read whole and their problems told as
    everywhere.
    """

    def __init__(self, factory: Factory) -> None:
        self.factory = factory
        self._splitter = Splitter()
        self._learner = Learner(factory)
        self._headers: dict[bytes, _Header] = {}
        self._recent: dict[str, _Made] = {}
        self._settled: set[_Use] = set()
        """Fields that use other fields' types, in the company in which linking found nothing wrong with them."""

    def read(self, data: bytes, document: str, index: Mapping[str, Definition] = NO_INDEX) -> Schema | None:
        """The schema in ``data``, as ``schema_of`` makes it; None where the text holds nothing that could be read.

        Its problems include the text's, apart from what does not refuse it. ``index`` is as for ``schema_of``.
        """
        schema = self._quickly(data, document, index)
        return self._slowly(data, document, index) if schema is None else schema

    def closed(self, data: bytes, document: str) -> Schema | None:
        """The schema of a record that uses no names of others, if the fast way reads it; else None."""
        schema = self._quickly(data, document, NO_INDEX)
        return None if schema is None or schema.root.free else schema

    def _slowly(self, data: bytes, document: str, index: Mapping[str, Definition]) -> Schema | None:
        text = read(data, document)
        if not text.readable:
            return None
        schema = schema_of(text.value, self.factory, document, index)
        refused = tuple(problem for problem in text.problems if problem.refused)
        return replace(schema, problems=refused + schema.problems) if refused else schema

    def _quickly(self, data: bytes, document: str, index: Mapping[str, Definition]) -> Schema | None:
        """None where the whole document must be looked at."""
        if len(data) > MAX_BYTES:
            return None
        recent = self._recent.pop(document, None)
        made = recent and self._again(data, recent)
        if not made:
            made = self._outlined(data) or self._split(data)
        if not made:
            return None
        header, known, version = made
        if len({each.field.name for each in known}) < len(known):
            return None
        if version is not None and len(data) <= MAX_RECENT_BYTES:
            if len(self._recent) >= MAX_RECENT:
                del self._recent[next(iter(self._recent))]
            self._recent[document] = made
        root = self.factory.record(
            header.name,
            tuple([each.field for each in known]),
            aliases=header.aliases,
            doc=header.doc,
            props=header.props,
            is_error=header.is_error,
        )
        if any(each.open for each in known):
            return self._open(root, known, document, index)
        return _closed(root, known, document)

    def _open(
        self, root: Record, known: Sequence[Known], document: str, index: Mapping[str, Definition]
    ) -> Schema | None:
        """The schema of fields that use what others define; linked as a whole unless each such field was before.

        What linking finds in a field depends on the field, on what its names stand for, and on whether that is
        defined before it.
        """
        uses = None if root.free else _uses(root, known)
        if uses is not None and self._settled.issuperset(uses):
            return _closed(root, known, document)
        problems = _placed([each.built for each in known])
        schema = link(root, document, index, problems=problems)
        linked = _placed([each.linked for each in known])
        if uses is not None and schema.problems == problems + linked:
            self._settled.update(uses)
        return schema

    def _again(self, data: bytes, recent: _Made) -> _Made | None:
        """What only has other fields than the version before."""
        header, known, version = recent
        change = version and version.change(data)
        if not change:
            return None
        end = len(known) - change.last
        near = dict(zip(change.old, known[change.first : end], strict=True)) if change.old else {}
        new = self._learner.fields(change.new, header.namespace, near)
        return None if new is None else (header, known[: change.first] + new + known[end:], version)

    def _outlined(self, data: bytes) -> _Made | None:
        """A record with line breaks between its fields."""
        cut = outline(data)
        return None if cut is None else self._made(data, cut)

    def _made(self, data: bytes, cut: Outline) -> _Made | None:
        header = self._headers.get(cut.rest) or _outlined_header(cut.rest)
        if header is None:
            return None
        known = self._learner.fields(cut.insides, header.namespace)
        if known is None:
            return None
        self._headers[cut.rest] = header
        return header, known, Version(data, cut)

    def _split(self, data: bytes) -> _Made | None:
        """A record that is written in any other way."""
        parts = self._splitter.split(data)
        if parts is None or not all(text[:1] == b"{" for text in parts.fields):
            return None
        insides = [text[1:-1] for text in parts.fields]
        cut = outline_of(data, insides)
        made = cut and self._made(data, cut)
        if made:
            return made
        header = _header(dict(parts.header))
        known = None if header is None else self._learner.fields(insides, header.namespace)
        return None if header is None or known is None else (header, known, None)


def _outlined_header(rest: bytes) -> _Header | None:
    """From an outline's rest; None if that shows the outline to be none."""
    try:
        value = strict(rest.decode())
    except UnicodeDecodeError:
        return None
    if value.__class__ is not dict or value.get("type") != "record" or value.get("fields") != [CUT]:
        return None
    return _header(value)


def _header(value: dict[str, Json]) -> _Header | None:
    """None if anything is wrong with it."""
    members = Members()
    name, namespace = members.type_name(value, "record", "", None)
    aliases = members.type_aliases(value, namespace, None)
    doc = members.doc(value, None)
    props = members.properties(value, RECORD_KEYS, None)
    if members.problems:
        return None
    return _Header(name, namespace, aliases, doc, props, value["type"] == "error")


def _uses(root: Record, known: Sequence[Known]) -> list[_Use] | None:
    """Each field that uses other fields' types, with all that its names stand for, directly or through others.

    None where a name stands for the record itself, which is another one in every version, or is defined twice.
    """
    defined = {named.name: (named, i) for i, each in enumerate(known) for named in each.field.defines}
    if len(defined) < len(root.defines):
        return None
    uses: list[_Use] = []
    for i, each in enumerate(known):
        if not each.open:
            continue
        company: dict[str, tuple[Named, bool]] = {}
        pending = sorted(each.field.free)
        while pending:
            name = pending.pop()
            if name not in company:
                if name not in defined:
                    return None
                named, place = defined[name]
                company[name] = (named, place < i)
                pending.extend(sorted(named.free))
        uses.append((each.field, tuple(company.values())))
    return uses


def _closed(root: Record, known: Sequence[Known], document: str) -> Schema | None:
    """The schema of fields that need no names of others; None if a name is defined twice."""
    types: dict[str, Named] = {root.name: root}
    for named in root.defines:
        types[named.name] = named
    if len(types) <= len(root.defines):
        return None
    problems = _placed([each.built for each in known]) + _placed([each.linked for each in known])
    return Schema(root, types, document, problems=problems)


def _placed(groups: Sequence[tuple[Problem, ...]]) -> tuple[Problem, ...]:
    """Problems of fields, with pointers from the document's root."""
    if not any(groups):
        return ()
    return tuple(chain.from_iterable(moved(group, f"/fields/{i}") for i, group in enumerate(groups)))
