"""Ways through the coming, going and renaming of fields, as far as published versions allow."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, Final

from schemagate.finding import Json
from schemagate.fix.alone import first_null
from schemagate.fix.case import FIELD, NO_VALUE, Case, null_place, nullable, parent, record_names
from schemagate.fix.filler import filler
from schemagate.fix.values import Drop, Insert, Offer, Op, Put, Wrap
from schemagate.schema.align import Change
from schemagate.schema.model import Field, Schema, Union

_BEHIND: Final = ("name", "type")


def optional(case: Case, field: str) -> tuple[tuple[Op, ...], dict[str, Json]]:
    """What lets the new field at ``field`` be missing, as null; and the field as it then stands."""
    value = dict(case.value(field))
    kind: Json = value.get("type")
    put: tuple[Op, ...] = ()
    ops: tuple[Op, ...] = ()
    if nullable(kind):
        place = null_place(kind)
        kind = [kind[place], *kind[:place], *kind[place + 1 :]]
        ops = first_null(case, f"{field}/type")
    elif isinstance(kind, list):
        kind = ["null", *kind]
        ops = (Insert(f"{field}/type", 0, ("null",)),)
    else:
        kind = ["null", kind]
        ops = (Wrap(f"{field}/type", ("null",)),)
    if value.get("default", NO_VALUE) is not None:
        put = (Put(field, "default", None, _BEHIND),)
    return (*ops, *put), {**value, "type": kind, "default": None}


def is_nullable(field: Field) -> bool:
    """Whether the field's type allows null."""
    return isinstance(field.type, Union) and any(branch.kind == "null" for branch in field.type.branches)


def filled(field: str, schema: Schema | None, node: Field) -> tuple[Op, Json] | None:
    """The default that stands for "not given" without a change of the type, if the type has a plain one."""
    value = filler(schema, node.type) if schema is not None else NO_VALUE
    return None if value is NO_VALUE else (Put(field, "default", value, _BEHIND), value)


def added(case: Case) -> Iterator[Offer]:
    """A new field that the data of older versions does not have."""
    match = FIELD.fullmatch(case.pointer)
    if match is None:
        return
    field = f"{match['record']}/fields/{match['index']}"
    value = case.value(field)
    if not isinstance(value, dict):
        return
    node = _new_field(case, field)
    name = value.get("name")
    if node is not None and node.type.kind in ("array", "map"):
        empty: Json = [] if node.type.kind == "array" else {}
        ops = (Put(field, "default", empty, _BEHIND),)
        yield Offer(f"let `{name}` be empty where it was not written", ops, shown=case.code_of("default", empty))
    optional_anyway = node is not None and is_nullable(node)
    if (
        node is not None
        and not optional_anyway
        and case.passing
        and (fill := filled(field, case.new, node)) is not None
    ):
        note = f"readers of older data get {case.code(fill[1])} for `{name}`"
        yield Offer(f"add `{name}` with the default {case.code(fill[1])}", (fill[0],), note=note)
    ops_, shown = optional(case, field)
    title = f"let `{name}` be null where it was not written"
    yield Offer(title, ops_, shown=case.code(shown), goal=ops_ if optional_anyway else ())


def _new_field(case: Case, pointer: str) -> Field | None:
    change = case.change(pointer, Field)
    return change.new if change is not None else None


def removed(case: Case) -> Iterator[Offer]:
    """A field that older readers require: it stays."""
    change = next(
        (
            c
            for c in case.changes
            if isinstance(c.old, Field) and c.new is None and case.path in (c.path, c.old_path)
            if c.document == case.document
        ),
        None,
    )
    if change is None:
        return
    assert isinstance(change.old, Field)
    name = change.old.name
    pointer = f"{change.pointer}/fields"
    value = case.published(change.old, f"{pointer}/0")
    if value is NO_VALUE or name in record_names(case, change.pointer):
        return
    note = f"`{name}` stays as long as a version that requires it is governed"
    value, note = kept_ready(case, value, change.old, note)
    yield Offer(
        f"keep `{name}`",
        (Insert(pointer, _place(case, change, name), (value,)),),
        shown=case.code(value),
        note=note,
    )


def kept_ready(case: Case, value: dict[str, Json], old: Field, note: str) -> tuple[dict[str, Json], str]:
    """A field that stays; for a later version to leave it out, it needs a default now."""
    if not case.staged or old.has_default:
        return value, note
    fill = filler(case.old, old.type) if case.old is not None else NO_VALUE
    if fill is NO_VALUE:
        return value, note
    parts = {key: value[key] for key in ("name", "type")} | {"default": fill}
    said = f"consumers get {case.code(fill)} for `{old.name}` where a later version leaves it out"
    return parts | {key: item for key, item in value.items() if key not in parts}, said


def _place(case: Case, change: Change[Any], name: str) -> int:
    """Where the field stood: behind the nearest earlier one that is still there."""
    now = record_names(case, change.pointer)
    before: list[str] = []
    for field in change.records[0].fields if change.records else ():
        if field.name == name:
            break
        before.append(field.name)
    return next((now.index(one) + 1 for one in reversed(before) if one in now), 0)


def renamed(case: Case) -> Iterator[Offer]:
    """One field under two names: an alias where only old data matters, both fields where old readers do too."""
    found = case.field()
    if found is None:
        return
    pointer, old, new = found
    value = case.value(pointer)
    if old.name == new.name or not isinstance(value, dict):
        return
    if old.name not in new.aliases:
        aliases = [*new.aliases, old.name]
        put = Put(pointer, "aliases", aliases, ("name", "type", "default", "doc"))
        shown = case.code_of("aliases", aliases)
        yield Offer(f"say that `{new.name}` was called `{old.name}`", (put,), shown=shown, goal=(put,))
    if old.name not in record_names(case, parent(parent(pointer))):
        yield from _both(case, pointer, old, new)


def _both(case: Case, pointer: str, old: Field, new: Field) -> Iterator[Offer]:
    """The old field and the new one beside it."""
    kept = case.published(old, pointer)
    if kept is NO_VALUE:
        return
    note = f"`{old.name}` stays as long as a version that requires it is governed"
    if not case.staged:
        note += "; see `schemagate migrate`"
    kept, note = kept_ready(case, kept, old, note)
    if case.staged:
        note = f"producers write both until nobody reads `{old.name}`; {note}"
    insert = Insert(parent(pointer), int(pointer.rpartition("/")[2]), (kept,))
    away = _unaliased(case, pointer, old.name)
    fill = filled(pointer, case.new, new) if case.passing and not is_nullable(new) and not new.has_default else None
    if fill is not None:
        said = f"readers of older data get {case.code(fill[1])} for `{new.name}`"
        title = f"keep `{old.name}`, and add `{new.name}` beside it with the default {case.code(fill[1])}"
        yield Offer(title, (insert, fill[0], *away), note=f"{note}; {said}")
    value = case.value(pointer)
    ops, shown = optional(case, pointer)
    if new.has_default and not nullable(value.get("type")):
        ops, shown = (), dict(value)
    aliases = [alias for alias in new.aliases if alias != old.name]
    shown = {key: item for key, item in shown.items() if key != "aliases"} | ({"aliases": aliases} if aliases else {})
    title = f"keep `{old.name}` as it is and add the new field beside it, nullable, without an alias"
    if case.staged:
        title = f"keep `{old.name}`, and add `{new.name}` beside it, null where it was not written"
    yield Offer(title, (insert, *ops, *away), shown=case.code(shown), note=note, goal=ops if is_nullable(new) else ())


def _unaliased(case: Case, pointer: str, name: str) -> tuple[Op, ...]:
    """Takes the alias away that would give the new field the kept one's values."""
    aliases = case.value(f"{pointer}/aliases")
    if not isinstance(aliases, list) or name not in aliases:
        return ()
    if all(alias == name for alias in aliases):
        return (Drop(f"{pointer}/aliases"),)
    return tuple(Drop(f"{pointer}/aliases/{i}") for i, alias in enumerate(aliases) if alias == name)


FIELDS: Final = MappingProxyType(
    {
        "field-added-without-default": added,
        "field-removed-without-default": removed,
        "field-renamed": renamed,
        "field-renamed-value-lost": renamed,
    }
)
