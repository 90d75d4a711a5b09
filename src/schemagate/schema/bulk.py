"""The fast way to thousands of published versions: a field whose text was seen before is not decoded again."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import msgspec

from schemagate.avsc.bulk import Splitter
from schemagate.avsc.outline import CUT, Outline, Version, outline, outline_of
from schemagate.avsc.read import MAX_BYTES, read
from schemagate.avsc.strict import strict
from schemagate.finding import Json, Problem
from schemagate.schema.build import RECORD_KEYS, Builder
from schemagate.schema.checks import default_problems, obvious
from schemagate.schema.leaves import Leaves
from schemagate.schema.members import At, Members, pointer
from schemagate.schema.model import Array, Factory, Field, Map, Named, Node, Props, Record, Ref, Schema, Union
from schemagate.schema.names import NO_INDEX, Definition, link, link_field, schema_of
from schemagate.schema.survey import Survey

MAX_OPENERS: Final = 500
"""Brackets in one field's text from which on the depth of the whole document must be looked at."""

MAX_KEY: Final = 256
"""Longer texts, in bytes, are known by their SHA-256: nobody can make two of them that are taken for one."""

MAX_RECENT: Final = 512
"""Of how many documents the last version is kept, as the next one mostly differs in one field."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A field's text in one namespace, built. Pointers of problems start at the field.

    ``built`` were found while building, ``linked`` while resolving names, which only works for a field that uses no
    names of others: else ``open`` is set, and the document must be linked as a whole. ``plain`` tells that no type
    in the field is used by its name.
    """

    field: Field
    built: tuple[Problem, ...]
    linked: tuple[Problem, ...]
    open: bool
    plain: bool


@dataclass(frozen=True, slots=True)
class _Header:
    """All of a record but its fields."""

    name: str
    namespace: str
    aliases: tuple[str, ...]
    doc: Json
    props: Props
    is_error: bool


Learning: TypeAlias = Generator[Any, Any, _Known]

_Made: TypeAlias = tuple[_Header, list[_Known], Version | None]


NOTHING_NEAR: Final[Mapping[bytes, _Known]] = MappingProxyType({})


class _UnfitError(Exception):
    """A field that has to be looked at with its whole document. Never leaves this module."""


class VersionReader:
    """Reads published versions one after another, with one factory and one memo of fields, nested ones included.

    A field is known by its bytes and the namespace around it: nothing else tells what it means. Fields that Java
    refuses are not kept, so that their versions are read whole and their problems told as everywhere.
    """

    def __init__(self, factory: Factory) -> None:
        self.factory = factory
        self._splitter = Splitter()
        self._leaves = Leaves(factory)
        self._runner = Builder(factory, self._leaves)
        self._memo: dict[str, dict[bytes, _Known]] = {}
        self._headers: dict[bytes, _Header] = {}
        self._recent: dict[str, _Made] = {}

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
        if version is not None:
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
        if any([each.open for each in known]):
            return link(root, document, index, problems=_placed([each.built for each in known]))
        return _closed(root, known, document)

    def _again(self, data: bytes, recent: _Made) -> _Made | None:
        """What only has other fields than the version before."""
        header, known, version = recent
        change = version and version.change(data)
        if not change:
            return None
        end = len(known) - change.last
        near = dict(zip(change.old, known[change.first : end], strict=True)) if change.old else {}
        new = self._fields(change.new, header.namespace, near)
        return None if new is None else (header, known[: change.first] + new + known[end:], version)

    def _outlined(self, data: bytes) -> _Made | None:
        """A record with line breaks between its fields."""
        cut = outline(data)
        return None if cut is None else self._made(data, cut)

    def _made(self, data: bytes, cut: Outline) -> _Made | None:
        header = self._headers.get(cut.rest) or _outlined_header(cut.rest)
        if header is None:
            return None
        known = self._fields(cut.insides, header.namespace)
        if known is None:
            return None
        self._headers[cut.rest] = header
        return header, known, Version(data, cut)

    def _split(self, data: bytes) -> _Made | None:
        """A record that is written in any other way."""
        parts = self._splitter.split(data)
        if parts is None or not all([text[:1] == b"{" for text in parts.fields]):
            return None
        insides = [text[1:-1] for text in parts.fields]
        cut = outline_of(data, insides)
        made = cut and self._made(data, cut)
        if made:
            return made
        header = _header(dict(parts.header))
        known = None if header is None else self._fields(insides, header.namespace)
        return None if header is None or known is None else (header, known, None)

    def _fields(
        self, insides: Sequence[bytes], namespace: str, near: Mapping[bytes, _Known] = NOTHING_NEAR
    ) -> list[_Known] | None:
        """Looks into ``near`` first, where no digest is needed."""
        memo = self._memo.setdefault(namespace, {})
        known: list[_Known] = []
        for inside in insides:
            each = near.get(inside) if near else None
            if each is None:
                key = _key(inside)
                each = memo.get(key) or self._learn(inside, key, namespace)
            if each is None:
                return None
            known.append(each)
        return known

    def _learn(self, inside: bytes, key: bytes, namespace: str) -> _Known | None:
        if inside.count(b"{") + inside.count(b"[") > MAX_OPENERS:
            return None
        run = self._runner.run
        try:
            if not inside.isascii():
                inside.decode()
            try:
                return run(self._learning(inside, key, namespace))
            except _UnfitError:
                return run(self._learning(inside, key, namespace, whole=True))
        except (_UnfitError, UnicodeDecodeError):
            return None

    def _learning(self, inside: bytes, key: bytes, namespace: str, *, whole: bool = False) -> Learning:
        """A field's text, decoded but for the fields of a record in it, unless it is to be taken as a ``whole``."""
        taken: list[tuple[At, _Known]] = []
        text = b"{%b}" % inside
        value = None if whole else self._nested(text, taken)
        nested = value is not None
        if not nested:
            value = _decoded(text)
        if value.__class__ is not dict:
            raise _UnfitError
        builder = Builder(self.factory, self._leaves)
        field = builder.leaf_field(value, namespace, set(), None)
        if field is None:
            field = yield from builder.field(value, namespace, set(), None)
        linked, plain = ((), False) if field.free else _linked(field, taken if nested else None)
        built = tuple(builder.members.problems)
        if any([problem.refused for problem in built + linked]):
            raise _UnfitError
        known = _Known(field, built, linked, bool(field.free), plain)
        self._memo[namespace][key] = known
        return known

    def _nested(self, text: bytes, taken: list[tuple[At, _Known]]) -> Json:
        """A field whose only record has a function for its fields; None where there is no such record.

        What the function makes fields of goes to ``taken``, with the places.
        """
        cut = outline(text)
        if cut is None:
            return None
        try:
            value = msgspec.json.decode(cut.rest)
        except (msgspec.DecodeError, RecursionError):
            return None
        record = _only_record(value)
        if record is None or record.get("fields") != [CUT]:
            return None

        def fields(namespace: str, at: At, members: Members) -> Generator[Any, Any, list[Field]]:
            memo = self._memo.setdefault(namespace, {})
            for i, inside in enumerate(cut.insides):
                key = _key(inside)
                known = memo.get(key)
                if known is None:
                    known = yield self._learning(inside, key, namespace)
                taken.append(((at, i), known))
                if known.built:
                    members.problems.extend(_moved(known.built, pointer((at, i))))
            if len({known.field.name for _, known in taken}) < len(taken):
                raise _UnfitError
            return [known.field for _, known in taken]

        record["fields"] = fields
        return value


def _key(inside: bytes) -> bytes:
    return inside if len(inside) < MAX_KEY else sha256(inside).digest()


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


def _decoded(text: bytes) -> Json:
    """A field's JSON. Of equal keys the last wins, as in Java; whoever minds them has read the whole document."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return strict(text.decode())


def _only_record(value: Json) -> dict[str, Json] | None:
    """The record in a field's type, if there is but one and no further type beside it that has to be entered."""
    inside = "type"
    while value.__class__ is dict:
        value = value.get(inside)
        if value.__class__ is list:
            objects = [branch for branch in value if branch.__class__ is not str]
            value = objects[0] if len(objects) == 1 else None
        if value.__class__ is dict:
            kind = value.get("type")
            if kind in ("record", "error"):
                return value
            inside = "items" if kind == "array" else "values" if kind == "map" else ""
    return None


def _linked(field: Field, taken: list[tuple[At, _Known]] | None) -> tuple[tuple[Problem, ...], bool]:
    """What linking a field finds, and whether no type in it is used by its name.

    ``taken`` are all fields of the only record in it, if they are known, with their places.
    """
    if field.defines and not _apart(field, taken):
        return link_field(field)
    own = () if not field.has_default or obvious(field) else default_problems(Survey(defaults=[(field, None)]), {}, ())
    inner = [_moved(known.linked, pointer(at)) for at, known in taken or () if known.linked]
    return (*own, *chain.from_iterable(inner)), True


def _apart(field: Field, taken: list[tuple[At, _Known]] | None) -> bool:
    """Whether what linking finds in a field is what it finds in each of ``taken`` and in the field's own default."""
    stack: list[Node] = [field.type]
    while stack:
        node = stack.pop()
        if isinstance(node, Union):
            stack.extend(node.branches)
        elif isinstance(node, Array):
            stack.append(node.items)
        elif isinstance(node, Map):
            stack.append(node.values)
        elif isinstance(node, Ref) or (isinstance(node, Record) and taken is None):
            return False
    defines = field.defines
    if len(defines) > 1 and len({named.name for named in defines}) < len(defines):
        return False
    return all(known.plain for _, known in taken or ())


def _closed(root: Record, known: Sequence[_Known], document: str) -> Schema | None:
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
    return tuple(chain.from_iterable(_moved(group, f"/fields/{i}") for i, group in enumerate(groups)))


def _moved(problems: Iterable[Problem], place: str) -> Iterator[Problem]:
    """Problems with pointers from what holds ``place``."""
    return (replace(problem, pointer=place + problem.pointer) for problem in problems)
