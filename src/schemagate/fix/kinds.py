"""Ways through a change of a type, an enum's symbols, a name or a default, as far as published versions allow."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, Final

from schemagate.finding import Json
from schemagate.fix.case import NO_VALUE, Case, null_place, nullable, parent, record_names
from schemagate.fix.fields import filled, is_nullable, kept_ready, optional
from schemagate.fix.filler import neutral
from schemagate.fix.layout import pointer_to
from schemagate.fix.naming import free_name, renamed_types, word_for
from schemagate.fix.values import Drop, Insert, Offer, Op, Put, Swap
from schemagate.schema.model import Enum, Field, Fixed, Record, short_name


def beside(case: Case) -> Iterator[Offer]:
    """The field as it was published, and the new type under another name beside it."""
    found = case.field()
    if found is None:
        return
    pointer, old, new = found
    record, index = parent(parent(pointer)), int(pointer.rpartition("/")[2])
    word = word_for(new.type)
    name = free_name(new.name, "v2" if word == word_for(old.type) else word, record_names(case, record))
    kept = case.published(old, pointer, pointer)
    if kept is NO_VALUE or old.name != new.name:
        return
    note = f"producers write both; `{old.name}` stays as long as a version that requires it is governed"
    kept, note = kept_ready(case, kept, old, note)
    types, renames = renamed_types(case, f"{pointer}/type", new.type)
    goal = (Put(pointer, "name", name), *types)
    put = (Insert(f"{record}/fields", index, (kept,)), *goal)
    fill = filled(pointer, case.new, new) if case.passing and not is_nullable(new) and not new.has_default else None
    if fill is not None:
        said = f"readers of older data get {case.code(fill[1])} for `{name}`"
        title = f"keep `{old.name}` as it was, and add `{name}` beside it with the default {case.code(fill[1])}"
        yield Offer(title + renames, (*put, fill[0]), note=f"{note}; {said}", goal=goal)
    ops, shown = ((), case.value(pointer)) if new.has_default else optional(case, pointer)
    goal = (*goal, *ops) if is_nullable(new) else goal
    shown = {**shown, "name": name}
    title = f"keep `{old.name}` as it was, and add the new type beside it as `{name}`{renames}"
    yield Offer(title, (*put, *ops), shown=case.code(shown) if not types else "", note=note, goal=goal)


def kept_type(case: Case) -> Iterator[Offer]:
    """The type as it was published."""
    found = case.field()
    if found is not None:
        pointer, old, new = found
        value = case.published(old.type, pointer, f"{pointer}/type")
        if value is NO_VALUE:
            return
        ops: list[Op] = [Swap(f"{pointer}/type", value)]
        if old.has_default and (not new.has_default or old.default != new.default):
            ops.append(Put(pointer, "default", old.default, ("name", "type")))
        elif new.has_default and not old.has_default:
            ops.append(Drop(f"{pointer}/default"))
        title = f"leave the type of `{new.name}` as it was published"
        yield Offer(title, tuple(ops), shown=case.code_of("type", value), goal=tuple(ops))
        if nullable(value) and null_place(value) == 0 and not (old.has_default or new.has_default):
            ops.append(Put(pointer, "default", None, ("name", "type")))
            title += ", and add the default null"
            yield Offer(title, tuple(ops), shown=case.code_of("type", value), goal=tuple(ops))


def wider(case: Case) -> Iterator[Offer]:
    """Where the new type allows less than the published one, the published one still fits what is written."""
    yield from kept_type(case)
    yield from beside(case)


def other(case: Case) -> Iterator[Offer]:
    """Where the new type is another one, the author wants it: under a name of its own it can be had."""
    yield from beside(case)
    yield from kept_type(case)


def symbols_added(case: Case) -> Iterator[Offer]:
    """Symbols that older readers do not know: out again, or in a field of their own."""
    symbols = case.value(case.pointer)
    args = case.args.get("symbols")
    named = list(args) if isinstance(args, list | tuple) else []
    if not isinstance(symbols, list) or not all(symbol in symbols for symbol in named):
        return
    enum = parent(case.pointer)
    value = case.value(enum)
    left = [symbol for symbol in symbols if symbol not in named]
    ops: tuple[Op, ...] = tuple(Drop(f"{case.pointer}/{i}") for i, s in enumerate(symbols) if s in named)
    told = ", ".join(f"`{symbol}`" for symbol in named)
    default = value.get("default") if isinstance(value, dict) else None
    title, note = f"take {told} out again", ""
    goal: tuple[Op, ...] = ()
    if left and (default in named or (case.staged and default is None)):
        default = neutral(tuple(left))
        goal = (Put(enum, "default", default, ("symbols",)),)
        ops = (*ops, *goal)
        title += f", and let readers take symbols that they do not know for `{default}`"
        note = f"consumers that have this default see `{default}` for every symbol that comes later"
    if case.lasting:
        yield from beside(case)
    if left:
        yield Offer(title, ops, note=note, shown=case.code_of("symbols", left), goal=goal)


def symbols_removed(case: Case) -> Iterator[Offer]:
    """Symbols that published data may hold: declared as long as that data lives."""
    symbols = case.value(case.pointer)
    change = case.change(parent(case.pointer), Enum)
    args = case.args.get("symbols")
    named = list(args) if isinstance(args, list | tuple) else []
    if change is None or not isinstance(change.old, Enum) or not isinstance(symbols, list):
        return
    was = change.old.symbols
    ops: dict[int, list[Json]] = {}
    for symbol in was:
        if symbol in named and symbol not in symbols:
            before = [one for one in was[: was.index(symbol)] if one in symbols]
            ops.setdefault(symbols.index(before[-1]) + 1 if before else 0, []).append(symbol)
    told = ", ".join(f"`{symbol}`" for symbol in named)
    inserts = tuple(Insert(case.pointer, index, tuple(values)) for index, values in ops.items())
    note = f"producers stop writing {told} first; declared, it costs nothing"
    title = f"keep {told} in the enum"
    goal: tuple[Op, ...] = ()
    if case.staged and isinstance(value := case.value(parent(case.pointer)), dict) and "default" not in value:
        default = neutral(tuple(symbol for symbol in symbols if isinstance(symbol, str)))
        goal = (Put(parent(case.pointer), "default", default, ("symbols",)),)
        title += (
            f", with the default `{default}`, so that a later version may drop {'it' if len(named) == 1 else 'them'}"
        )
    if inserts:
        yield Offer(title, (*inserts, *goal), note=note, goal=goal)


def type_renamed(case: Case) -> Iterator[Offer]:
    """A type under two names: an alias where only old data matters, else the published name."""
    pointer = case.pointer if isinstance(case.value(case.pointer), dict) else parent(case.pointer)
    old, new, value = case.args.get("old"), case.args.get("new"), case.value(pointer)
    if not isinstance(value, dict) or not isinstance(old, str) or not isinstance(new, str):
        return
    aliases = value.get("aliases", [])
    if isinstance(aliases, list) and old not in aliases:
        both = [*aliases, old]
        put = Put(pointer, "aliases", both, ("name", "namespace", "type"))
        title = f"say that `{short_name(new)}` was called `{old}`"
        yield Offer(title, (put,), shown=case.code_of("aliases", both), goal=(put,))
    name = old if "." in str(value.get("name")) else short_name(old)
    kept: tuple[Op, ...] = (Put(pointer, "name", name), *(Swap(use, old) for use in _uses(case, pointer, new)))
    yield Offer(
        f"keep the name `{short_name(old)}`",
        kept,
        shown=case.code_of("name", name),
        note="data is matched by this name; what the type stands for can be told in its `doc`",
        goal=kept,
    )


def _uses(case: Case, definition: str, name: str) -> list[str]:
    """Where the document uses a type by its name."""
    found = []
    for spot in case.layout.spots:
        text = case.layout.text[spot.start : spot.end]
        if text in (f'"{name}"', f'"{short_name(name)}"'):
            pointer = pointer_to(spot)
            step = pointer.rpartition("/")[2]
            if pointer != f"{definition}/name" and (step in ("type", "items", "values") or step.isdigit()):
                found.append(pointer)
    return [pointer for pointer in found if "/symbols/" not in pointer and "/aliases/" not in pointer]


def default_kept(case: Case) -> Iterator[Offer]:
    found = case.field()
    if found is not None and found[1].has_default:
        pointer, old, _ = found
        put = Put(pointer, "default", old.default, ("name", "type"))
        yield Offer("keep the published default", (put,), shown=case.code_of("default", old.default))


def enum_default_kept(case: Case) -> Iterator[Offer]:
    pointer = case.pointer
    if not isinstance(case.value(pointer), dict):
        pointer = parent(pointer)
    old = case.args.get("old")
    if isinstance(old, str) and isinstance(case.value(pointer), dict):
        put = Put(pointer, "default", old, ("symbols",))
        yield Offer("keep the published default", (put,), shown=case.code_of("default", old))


def alias_kept(case: Case) -> Iterator[Offer]:
    change = case.change(case.pointer, Field, Record, Enum, Fixed)
    alias = case.args.get("alias")
    if change is None or not isinstance(alias, str):
        return
    new: Any = change.new
    aliases = [*new.aliases, alias]
    shown = case.code_of("aliases", aliases)
    put = Put(case.pointer, "aliases", aliases, ("name", "namespace", "type", "default", "doc"))
    yield Offer(f"keep the alias `{alias}`", (put,), shown=shown)


def namespace_kept(case: Case) -> Iterator[Offer]:
    pointer = case.pointer if isinstance(case.value(case.pointer), dict) else parent(case.pointer)
    value, old = case.value(pointer), case.args.get("old")
    if not isinstance(value, dict) or not isinstance(old, str):
        return
    name = short_name(str(value.get("name", "")))
    ops: tuple[Op, ...] = (Put(pointer, "namespace", old, ("type", "name")),)
    if "." in str(value.get("name", "")):
        ops = (Put(pointer, "name", f"{old}.{name}" if old else name),)
    yield Offer(f"keep the namespace `{old}`" if old else "keep it without a namespace", ops)


KINDS: Final = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "field-type-changed",
                "nullability-added",
                "union-branch-added",
                "fixed-size-changed",
                "logical-type-changed",
                "timestamp-unit-changed",
                "decimal-scale-changed",
                "lossy-promotion",
                "string-bytes-promotion",
            ),
            other,
        ),
        **dict.fromkeys(
            ("nullability-removed", "union-branch-removed", "decimal-precision-reduced", "union-reordered"), wider
        ),
        "enum-symbol-added": symbols_added,
        "enum-symbol-removed": symbols_removed,
        "type-renamed": type_renamed,
        "default-changed": default_kept,
        "default-removed": default_kept,
        "enum-default-changed": enum_default_kept,
        "alias-removed": alias_kept,
        "namespace-changed": namespace_kept,
    }
)
