"""Names for what stands beside a published part: they say what is new, and nothing has them yet."""

from __future__ import annotations

from typing import Final

from schemagate.fix.case import Case
from schemagate.fix.values import Op, Put
from schemagate.rules.spelling import CAMEL, PASCAL, styles_of
from schemagate.schema.model import Array, Enum, Fixed, Map, Node, Primitive, Record, Ref, Union, short_name

_WORDS: Final = {
    "timestamp-millis": "millis",
    "timestamp-micros": "micros",
    "timestamp-nanos": "nanos",
    "local-timestamp-millis": "local_millis",
    "local-timestamp-micros": "local_micros",
    "time-millis": "millis",
    "time-micros": "micros",
}


def renamed_types(case: Case, pointer: str, node: Node) -> tuple[tuple[Op, ...], str]:
    """New names for a type that the new field defines, since the kept one defines the old of that name."""
    if isinstance(node, Union):
        for i, branch in enumerate(node.branches):
            ops, said = renamed_types(case, f"{pointer}/{i}", branch) if not isinstance(branch, Union) else ((), "")
            if ops:
                return ops, said
        return (), ""
    value = case.value(pointer)
    if isinstance(node, Enum | Fixed | Record) and isinstance(value, dict) and isinstance(value.get("name"), str):
        assert case.new is not None
        name = _free_type(value["name"], {short_name(known) for known in case.new.types})
        return (Put(pointer, "name", name),), f", its type as `{short_name(name)}`"
    return (), ""


def _free_type(name: str, taken: set[str]) -> str:
    number = 2
    while short_name(f"{name}V{number}") in taken:
        number += 1
    return f"{name}V{number}"


def free_name(name: str, word: str, taken: list[str]) -> str:
    """A name that says what is new: ``price_decimal``; in the style of the old one."""
    camel = styles_of(name) in ({CAMEL}, {PASCAL})
    made = name + (word.title().replace("_", "") if camel else f"_{word}")
    number = 2
    while made in taken:
        made, number = f"{name}{'V' if camel else '_v'}{number}", number + 1
    return made


def word_for(node: Node) -> str:
    if isinstance(node, Union):
        others = [branch for branch in node.branches if branch.kind != "null"]
        if len(others) != len(node.branches):
            return "optional" if len(others) == 1 else "v2"
        return "v2"
    logical = node.logical if isinstance(node, Primitive | Fixed) else None
    if logical is not None:
        return _WORDS.get(logical.name, logical.name.replace("-", "_"))
    if isinstance(node, Array | Map):
        return "list" if isinstance(node, Array) else "map"
    return "v2" if isinstance(node, Record | Enum | Fixed | Ref) else node.kind
