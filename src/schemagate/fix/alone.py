"""Repairs of what one document says, whatever was published before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from schemagate.avsc.tree import array_index
from schemagate.finding import Json
from schemagate.fix.case import NO_VALUE, Case, null_place, nullable, parent
from schemagate.fix.filler import neutral
from schemagate.fix.values import Arrange, Drop, Offer, Op, Put, Swap
from schemagate.schema.model import short_name

ELSEWHERE: Final[Mapping[str, Json]] = MappingProxyType(
    {
        **dict.fromkeys(("int8", "int16", "int32", "uint8", "uint16", "integer", "short", "byte"), "int"),
        **dict.fromkeys(("int64", "uint32", "bigint"), "long"),
        **dict.fromkeys(("str", "text", "varchar", "char"), "string"),
        **dict.fromkeys(("float64", "number", "real"), "double"),
        "float32": "float",
        "bool": "boolean",
        **{name: name for name in ("string", "boolean", "int", "long", "float", "double", "bytes", "null")},
        "date": {"type": "int", "logicalType": "date"},
        "uuid": {"type": "string", "logicalType": "uuid"},
        "datetime": {"type": "long", "logicalType": "timestamp-millis"},
        "timestamp": {"type": "long", "logicalType": "timestamp-millis"},
    }
)
"""What other languages call a type, in lower case → how Avro writes it."""


def first_null(case: Case, pointer: str) -> tuple[Op, ...]:
    """Brings null to the front of the union at ``pointer``, the other branches in their order."""
    union = case.value(pointer)
    place = null_place(union)
    if place == 0:
        return ()
    return (Arrange(pointer, (place, *(i for i in range(len(union)) if i != place))),)


def null_not_first(case: Case) -> Iterator[Offer]:
    pointer, union = case.pointer, case.value(case.pointer)
    if nullable(union):
        place = null_place(union)
        shown = case.code_of("type", [union[place], *union[:place], *union[place + 1 :]])
        yield Offer("put null first", first_null(case, pointer), safe=True, shown=shown)


def nullable_without_default(case: Case) -> Iterator[Offer]:
    field, union = parent(case.pointer), case.value(case.pointer)
    if not nullable(union):
        return
    put = Put(field, "default", None, ("name", "type"))
    shown = case.code_of("default", None)
    if null_place(union) == 0:
        yield Offer("add the default null", (put,), safe=True, shown=shown)
    else:
        yield Offer("put null first and add the default null", (*first_null(case, case.pointer), put), shown=shown)


def alias_shadows_field(case: Case) -> Iterator[Offer]:
    aliases = case.value(case.pointer)
    alias = case.args.get("alias")
    if not isinstance(aliases, list) or alias not in aliases:
        return
    whole = all(one == alias for one in aliases)
    places = [i for i, one in enumerate(aliases) if one == alias]
    drops: tuple[Op, ...] = (Drop(case.pointer),) if whole else tuple(Drop(f"{case.pointer}/{i}") for i in places)
    yield Offer(f"take out the alias `{alias}`", drops, safe=True)


def duplicate_alias(case: Case) -> Iterator[Offer]:
    """The second of two aliases that are one name, however each is spelled."""
    if isinstance(case.value(case.pointer), str):
        yield Offer("take out the second of the two, which are the same", (Drop(case.pointer),), safe=True)


def enum_without_default(case: Case) -> Iterator[Offer]:
    enum = parent(case.pointer)
    symbols = case.value(case.pointer)
    if isinstance(symbols, list) and symbols and all(isinstance(symbol, str) for symbol in symbols):
        default = neutral(tuple(symbols))
        yield Offer(
            f"let readers take a symbol that they do not know for `{default}`",
            (Put(enum, "default", default, ("symbols",)),),
            shown=case.code_of("default", default),
        )


def logical_type_ignored(case: Case) -> Iterator[Offer]:
    """Of a field whose logical type stands beside its type; elsewhere only the author knows what was meant."""
    field = parent(case.pointer)
    value = case.value(field)
    if not isinstance(value, dict) or "name" not in value or not isinstance(value.get("type"), str):
        return
    keys = [key for key in ("logicalType", "precision", "scale") if key in value]
    inside = {"type": value["type"], **{key: value[key] for key in keys}}
    ops: tuple[Op, ...] = (Swap(f"{field}/type", inside), *(Drop(f"{field}/{key}") for key in keys))
    yield Offer("move the logical type into the type", ops, shown=case.code_of("type", inside))


def unknown_logical_type(case: Case) -> Iterator[Offer]:
    meant = str(case.args.get("hint", "")).partition("did you mean `")[2].partition("`")[0]
    if meant:
        yield Offer(f"write `{meant}`", (Swap(case.pointer, meant),), shown=case.code_of("logicalType", meant))


def missing_namespace(case: Case) -> Iterator[Offer]:
    if case.namespace:
        title = "give it the namespace that the files around it use"
        put = Put(parent(case.pointer), "namespace", case.namespace, ("type", "name"))
        yield Offer(title, (put,), shown=case.code_of("namespace", case.namespace))


def undefined_type(case: Case) -> Iterator[Offer]:
    meant = ELSEWHERE.get(short_name(str(case.args.get("name", ""))).lower(), NO_VALUE)
    if meant is not NO_VALUE and isinstance(case.value(case.pointer), str):
        yield Offer("write Avro's own type", (Swap(case.pointer, meant),), shown=case.code(meant))


def bad_default(case: Case) -> Iterator[Offer]:
    """A null in quotes, and a number in quotes."""
    field = parent(case.pointer)
    value = case.value(field)
    if not isinstance(value, dict):
        return
    default, kind = value.get("default"), value.get("type")
    if default == "null" and nullable(kind):
        yield Offer("write null without quotes", (Swap(case.pointer, None),), shown=case.code_of("default", None))
    elif isinstance(default, str) and kind in ("int", "long") and default.lstrip("-").isdecimal():
        number = int(default) if len(default) < 20 else None
        if number is not None:
            shown = case.code_of("default", number)
            yield Offer("write the number without quotes", (Swap(case.pointer, number),), shown=shown)
    elif isinstance(default, float) and kind in ("int", "long") and default.is_integer():
        shown = case.code_of("default", int(default))
        yield Offer("write a whole number", (Swap(case.pointer, int(default)),), shown=shown)


def bad_enum_default(case: Case) -> Iterator[Offer]:
    enum = case.value(parent(case.pointer))
    symbols = enum.get("symbols") if isinstance(enum, dict) else None
    if isinstance(symbols, list) and symbols and all(isinstance(symbol, str) for symbol in symbols):
        default = neutral(tuple(symbols))
        title = f"name one of the symbols: `{default}`"
        yield Offer(title, (Swap(case.pointer, default),), shown=case.code_of("default", default))


def doubled(case: Case) -> Iterator[Offer]:
    """A symbol, branch or field that stands twice and says twice the same: one of the two says nothing."""
    pointer = parent(case.pointer) if case.rule == "duplicate-field" else case.pointer
    holder, index = parent(pointer), array_index(pointer.rpartition("/")[2])
    siblings = case.value(holder)
    if isinstance(siblings, list) and index is not None and siblings.index(siblings[index]) < index:
        yield Offer("take out the second of the two, which are the same", (Drop(pointer),), safe=True)


def type_redefined(case: Case) -> Iterator[Offer]:
    """A definition that repeats another one word for word."""
    first, name = case.value(str(case.args.get("first", ""))), str(case.args.get("name", ""))
    second = case.value(case.pointer)
    if name and isinstance(second, dict) and first == second:
        yield Offer("use the type by its name", (Swap(case.pointer, name),), safe=True, shown=case.code(name))


ALONE: Final = MappingProxyType(
    {
        "null-not-first-with-null-default": null_not_first,
        "nullable-without-default": nullable_without_default,
        "alias-shadows-field": alias_shadows_field,
        "enum-without-default": enum_without_default,
        "logical-type-ignored": logical_type_ignored,
        "unknown-logical-type": unknown_logical_type,
        "missing-namespace": missing_namespace,
        "undefined-type": undefined_type,
        "bad-default": bad_default,
        "default-not-exact": bad_default,
        "bad-enum-default": bad_enum_default,
        "duplicate-alias": duplicate_alias,
        "duplicate-symbol": doubled,
        "duplicate-branch": doubled,
        "duplicate-field": doubled,
        "type-redefined": type_redefined,
    }
)
