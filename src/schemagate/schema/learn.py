"""Fields of published records, each text built once, those of nested records too."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import chain
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import msgspec
from msgspec.structs import replace

from schemagate.avsc.outline import CUT, Outline, outline
from schemagate.avsc.strict import strict
from schemagate.finding import Json, Problem
from schemagate.schema.build import Builder
from schemagate.schema.checks import default_problems, obvious
from schemagate.schema.drive import drive
from schemagate.schema.leaves import Leaves
from schemagate.schema.members import At, Members, pointer
from schemagate.schema.model import Array, Factory, Field, Map, Node, Record, Ref, Union
from schemagate.schema.mould import Mould, mould_of
from schemagate.schema.names import link_field
from schemagate.schema.recordless import Recordless
from schemagate.schema.survey import Survey

MAX_OPENERS: Final = 500
"""Brackets in one field's text from which on the depth of the whole document must be looked at."""

MAX_KEY: Final = 256
"""Longer texts, in bytes, are known by their SHA-256: nobody can make two of them that are taken for one."""


class Known(msgspec.Struct, frozen=True):
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


_Learning: TypeAlias = Generator[Any, Any, Known]

_NOTHING: Final[Mapping[bytes, Known]] = MappingProxyType({})


class _UnfitError(Exception):
    """A field that has to be looked at with its whole document. Never leaves this module."""


class Learner:
    """The memo: a field is known by its bytes and the namespace around it, as nothing else tells what it means.

    Fields that Java refuses are not kept. ``insides`` are what stands between the braces of fields.
    """

    def __init__(self, factory: Factory) -> None:
        self.factory = factory
        self._leaves = Leaves(factory)
        self._recordless = Recordless(factory, self._leaves)
        self._memo: dict[str, dict[bytes, Known]] = {}
        self._moulds: dict[tuple[str, bytes], Mould | None] = {}

    def fields(
        self, insides: Sequence[bytes], namespace: str, near: Mapping[bytes, Known] = _NOTHING
    ) -> list[Known] | None:
        """What each of ``insides`` is in a namespace; None if the document has to be looked at as a whole.

        ``near`` holds some that are known, and is looked into first, as that needs no digest.
        """
        memo = self._memo.setdefault(namespace, {})
        known: list[Known] = []
        for inside in insides:
            each = near.get(inside) if near else None
            if each is None:
                key = _key(inside)
                each = memo.get(key) or self._learn(inside, key, namespace)
            if each is None:
                return None
            known.append(each)
        return known

    def _learn(self, inside: bytes, key: bytes, namespace: str) -> Known | None:
        if inside.count(b"{") + inside.count(b"[") > MAX_OPENERS:
            return None
        try:
            if not inside.isascii():
                inside.decode()
            known = self._simply(inside, key, namespace)
            if known is not None:
                return known
            try:
                return drive(self._learning(inside, key, namespace))
            except _UnfitError:
                return drive(self._learning(inside, key, namespace, whole=True))
        except (_UnfitError, UnicodeDecodeError):
            return None

    def _simply(self, inside: bytes, key: bytes, namespace: str) -> Known | None:
        """A field that holds no record, nor anything wrong: most do not. None for any other."""
        field = self._recordless.field(inside, namespace)
        if field is None:
            return None
        linked, plain = ((), False) if field.free else _linked(field, None)
        if linked:
            return None
        known = self._memo[namespace][key] = Known(field, (), (), bool(field.free), plain)
        return known

    def _learning(self, inside: bytes, key: bytes, namespace: str, *, whole: bool = False) -> _Learning:
        """A field's text, decoded but for the fields of a record in it, unless it is to be taken as a ``whole``."""
        taken: list[tuple[At, Known]] = []
        text = b"{%b}" % inside
        cut = None if whole else outline(text)
        mould = cut and self._moulds.get((namespace, cut.rest))
        if cut and mould:
            poured: Known | None = yield self._poured(cut, mould)
            if poured is not None:
                self._memo[namespace][key] = poured
                return poured
        value = cut and self._nested(cut, taken)
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
        if nested and not taken:
            raise _UnfitError
        if any(problem.refused for problem in (*built, *linked)):
            raise _UnfitError
        known = Known(field, built, linked, bool(field.free), plain)
        self._memo[namespace][key] = known
        if cut and nested and not built and not linked:
            self._moulds[namespace, cut.rest] = mould_of(field)
        return known

    def _poured(self, cut: Outline, mould: Mould) -> Generator[Any, Any, Known | None]:
        """A field from a mould; None where one of the record's fields has a problem, for which its place is needed."""
        memo = self._memo.setdefault(mould.namespace, {})
        inner: list[Known] = []
        for inside in cut.insides:
            key = _key(inside)
            known = memo.get(key) or self._simply(inside, key, mould.namespace)
            if known is None:
                known = yield self._learning(inside, key, mould.namespace)
            if known.built or known.linked:
                return None
            inner.append(known)
        if len({known.field.name for known in inner}) < len(inner):
            raise _UnfitError
        field = mould.filled(tuple([known.field for known in inner]), self.factory)
        linked, plain = ((), False) if field.free else _linked(field, [(None, known) for known in inner])
        return None if linked else Known(field, (), (), bool(field.free), plain)

    def _nested(self, cut: Outline, taken: list[tuple[At, Known]]) -> Json:
        """A field whose only record has a function for its fields; None where there is no such record.

        What the function makes fields of goes to ``taken``, with the places.
        """
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
                known = memo.get(key) or self._simply(inside, key, namespace)
                if known is None:
                    known = yield self._learning(inside, key, namespace)
                taken.append(((at, i), known))
                if known.built:
                    members.problems.extend(moved(known.built, pointer((at, i))))
            if len({known.field.name for _, known in taken}) < len(taken):
                raise _UnfitError
            return [known.field for _, known in taken]

        record["fields"] = fields
        return value


def _key(inside: bytes) -> bytes:
    return inside if len(inside) < MAX_KEY else sha256(inside).digest()


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
            if kind not in ("array", "map"):
                return None
            inside = "items" if kind == "array" else "values"
    return None


def _linked(field: Field, taken: list[tuple[At, Known]] | None) -> tuple[tuple[Problem, ...], bool]:
    """What linking a field finds, and whether no type in it is used by its name.

    ``taken`` are all fields of the only record in it, if they are known, with their places.
    """
    if field.defines and not _apart(field, taken):
        return link_field(field)
    own = () if not field.has_default or obvious(field) else default_problems(Survey(defaults=[(field, None)]), {}, ())
    inner = [moved(known.linked, pointer(at)) for at, known in taken or () if known.linked]
    return (*own, *chain.from_iterable(inner)), True


def _apart(field: Field, taken: list[tuple[At, Known]] | None) -> bool:
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


def moved(problems: Iterable[Problem], place: str) -> Iterator[Problem]:
    """Problems with pointers from what holds ``place``."""
    return (replace(problem, pointer=place + problem.pointer) for problem in problems)
