"""What an author did between two schemas: each edit once, as facts without judgement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from schemagate.engine.breaks import spelled
from schemagate.finding import Json
from schemagate.schema.align import Change, Rename, align
from schemagate.schema.model import (
    MISSING,
    Decimal,
    Enum,
    Field,
    Fixed,
    Logical,
    Primitive,
    Record,
    Ref,
    Schema,
    Union,
    freeze,
    namespace_of,
    short_name,
)
from schemagate.schema.walk import Part, type_label


class Edit(msgspec.Struct, frozen=True):
    """One thing that differs. ``what`` names it, ``subject`` is the kind of part it happened to.

    ``what`` is ``added``, ``removed``, ``renamed``, ``moved`` (namespace), ``type``, ``default``, ``doc``,
    ``logical-type``, ``order``, ``aliases``, ``symbols-added``, ``symbols-removed``, ``reordered``, ``size`` or
    ``property``; of a property, ``name`` says which. ``old`` and ``new`` are JSON; a side that has nothing is None,
    and ``has_old`` and ``has_new`` tell nothing from the value ``null``. ``how`` says what paired a renamed part:
    ``alias`` (declared) or ``likeness`` (a guess).
    """

    what: str
    subject: str
    path: str
    old_path: str
    old: Json = None
    new: Json = None
    name: str = ""
    how: str = ""
    has_old: bool = True
    has_new: bool = True


RANK: Final = {what: rank for rank, what in enumerate(("removed", "added", "renamed", "moved", "type", "logical-type"))}
"""What happened to a part comes before what happened to its details."""


def edits(old: Schema, new: Schema, renames: frozenset[Rename] | None = None) -> list[Edit]:
    """Everything that differs, by place, in the new schema's order; empty for schemas that say the same.

    Neither may use a name that nothing defines.
    """
    found: list[Edit] = []
    wrapped: set[tuple[str, str, str, str]] = set()
    for change in align(old, new, renames):
        if (change.document, _parent(change.pointer), change.old_document, _parent(change.old_pointer)) in wrapped:
            if change.old is None or change.new is None:
                continue  # The union as a whole was told: null did not come and go on its own.
        elif _is_wrapping(change):
            wrapped |= _wrapped_places(change)
        found.extend(_edits(change))
    places = {path: number for number, path in enumerate(dict.fromkeys(edit.path for edit in found))}
    return sorted(found, key=lambda edit: (places[edit.path], RANK.get(edit.what, len(RANK))))


def _is_wrapping(change: Change[Part]) -> bool:
    """Whether one side is a union and the other is not."""
    sides = (change.old, change.new)
    return None not in sides and len({isinstance(side, Union) for side in sides}) == 2


def _wrapped_places(change: Change[Part]) -> set[tuple[str, str, str, str]]:
    """The parents of the pointers at which align will tell the branches: only the union's side goes a step down."""
    new, old = change.pointer, change.old_pointer
    if isinstance(change.new, Union):
        return {(change.document, new, change.old_document, _parent(old))}
    return {(change.document, _parent(new), change.old_document, old)}


def _parent(pointer: str) -> str:
    return pointer.rpartition("/")[0]


def _edits(change: Change[Part]) -> Iterator[Edit]:
    old, new = change.old, change.new
    if old is None or new is None:
        yield _come_or_gone(change)
    elif isinstance(old, Field) and isinstance(new, Field):
        yield from _field(change, old, new)
    elif isinstance(old, Union) and isinstance(new, Union):
        labels = [type_label(branch) for branch in old.branches], [type_label(branch) for branch in new.branches]
        if labels[0] != labels[1] and sorted(labels[0]) == sorted(labels[1]):
            yield _edit(change, "reordered", "union", labels[0], labels[1])
    elif old.kind != new.kind:  # type: ignore[union-attr]
        yield _edit(change, "type", "type", spelled(old), spelled(new))
    elif not isinstance(old, Union):
        yield from _type(change, old, new)


def _come_or_gone(change: Change[Part]) -> Edit:
    part = change.new if change.new is not None else change.old
    subject = "field" if isinstance(part, Field) else "branch"
    value: Json = spelled(part)
    if isinstance(part, Field):
        value = {"name": part.name, "type": value} | ({"default": part.default} if part.has_default else {})
    if change.old is None:
        return _edit(change, "added", subject, None, value, has_old=False)
    return _edit(change, "removed", subject, value, None, has_new=False)


def _edit(
    change: Change[Part],
    what: str,
    subject: str,
    old: Json,
    new: Json,
    *,
    name: str = "",
    has_old: bool = True,
    has_new: bool = True,
) -> Edit:
    how = change.how if what == "renamed" else ""
    return Edit(what, subject, change.path, change.old_path, old, new, name, how, has_old, has_new)


def _field(change: Change[Part], old: Field, new: Field) -> Iterator[Edit]:
    if old.name != new.name:
        yield _edit(change, "renamed", "field", old.name, new.name)
    if old.has_default != new.has_default or freeze(old.default) != freeze(new.default):
        values = [None if side.default is MISSING else side.default for side in (old, new)]
        yield _edit(change, "default", "field", *values, has_old=old.has_default, has_new=new.has_default)
    if old.order != new.order:
        yield _edit(change, "order", "field", old.order, new.order)
    yield from _said(change, "field", old, new)


def _type(change: Change[Part], old: Part, new: Part) -> Iterator[Edit]:
    """Two types of one kind."""
    if isinstance(old, Record | Enum | Fixed) and isinstance(new, Record | Enum | Fixed):
        yield from _name(change, old, new)
    if isinstance(old, Record) and isinstance(new, Record):
        yield from _field_order(change, old, new)
    elif isinstance(old, Enum) and isinstance(new, Enum):
        yield from _symbols(change, old, new)
    elif isinstance(old, Fixed) and isinstance(new, Fixed) and old.size != new.size:
        yield _edit(change, "size", "fixed", old.size, new.size)
    if isinstance(old, Primitive | Fixed) and isinstance(new, Primitive | Fixed) and old.logical != new.logical:
        yield _logical(change, old.logical, new.logical)
    yield from _said(change, getattr(new, "kind", "type"), old, new)


def _name(change: Change[Part], old: Record | Enum | Fixed, new: Record | Enum | Fixed) -> Iterator[Edit]:
    if short_name(old.name) != short_name(new.name):
        yield _edit(change, "renamed", new.kind, old.name, new.name)
    elif old.name != new.name:
        yield _edit(change, "moved", new.kind, namespace_of(old.name), namespace_of(new.name))


def _field_order(change: Change[Part], old: Record, new: Record) -> Iterator[Edit]:
    before = [field.name for field in old.fields]
    after = [field.name for field in new.fields]
    common = set(before) & set(after)
    before, after = ([name for name in names if name in common] for names in (before, after))
    if before != after:
        yield _edit(change, "reordered", "record", before, after)


def _symbols(change: Change[Part], old: Enum, new: Enum) -> Iterator[Edit]:
    before, after = frozenset(old.symbols), frozenset(new.symbols)
    if added := [symbol for symbol in new.symbols if symbol not in before]:
        yield _edit(change, "symbols-added", "enum", None, added, has_old=False)
    if removed := [symbol for symbol in old.symbols if symbol not in after]:
        yield _edit(change, "symbols-removed", "enum", removed, None, has_new=False)
    kept = [[s for s in symbols if s in before & after] for symbols in (old.symbols, new.symbols)]
    if kept[0] != kept[1]:
        yield _edit(change, "reordered", "enum", *kept)
    if old.default != new.default:
        given = (old.default is not None, new.default is not None)
        yield _edit(change, "default", "enum", old.default, new.default, has_old=given[0], has_new=given[1])


def _logical(change: Change[Part], old: Logical | None, new: Logical | None) -> Edit:
    given = (old is not None, new is not None)
    return _edit(change, "logical-type", "type", _named(old), _named(new), has_old=given[0], has_new=given[1])


def _named(logical: Logical | None) -> str | None:
    if isinstance(logical, Decimal):
        return f"{logical.name}({logical.precision}, {logical.scale})"
    return None if logical is None else logical.name


def _said(change: Change[Part], subject: str, old: Part, new: Part) -> Iterator[Edit]:
    """What documents a part, and what only some readers know: doc, aliases, further properties."""
    docs: Sequence[Json] = [getattr(side, "doc", None) for side in (old, new)]
    if freeze(docs[0]) != freeze(docs[1]):
        yield _edit(change, "doc", subject, *docs, has_old=docs[0] is not None, has_new=docs[1] is not None)
    aliases = [list(getattr(side, "aliases", ())) for side in (old, new)]
    if aliases[0] != aliases[1]:
        yield _edit(change, "aliases", subject, *aliases, has_old=bool(aliases[0]), has_new=bool(aliases[1]))
    before, after = _props(old), _props(new)
    for name in dict.fromkeys([*before, *after]):
        given = (name in before, name in after)
        if given == (True, True) and freeze(before[name]) == freeze(after[name]):
            continue
        values = (before.get(name), after.get(name))
        yield _edit(change, "property", subject, *values, name=name, has_old=given[0], has_new=given[1])


def _props(part: Part) -> Mapping[str, Json]:
    return {} if isinstance(part, Union | Ref) else part.props
