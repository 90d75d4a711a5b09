"""Usual edits of a schema, each judged by the engine in both directions: the table of what needs what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import msgspec

import schemagate
from schemagate.compat.modes import Mode

NULLABLE: Final = ["null", "string"]


class Edit(msgspec.Struct, frozen=True):
    """An edit by its name, with the fields before and after it."""

    name: str
    old: tuple[dict[str, Any], ...]
    new: tuple[dict[str, Any], ...]

    def schemas(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The old and the new schema."""
        return _record(self.old), _record(self.new)

    def reads(self) -> tuple[bool, bool]:
        """Whether the new schema reads what the old one wrote, and the old one what the new one writes."""
        old, new = self.schemas()
        return schemagate.can_read(new, old).ok, schemagate.can_read(old, new).ok


def _record(fields: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    # A copy: no two fields share a definition, as in a file.
    head = {"type": "record", "name": "Order", "namespace": "shop"}
    copied: dict[str, Any] = json.loads(json.dumps({**head, "fields": [{"name": "id", "type": "string"}, *fields]}))
    return copied


def _field(type_: object, name: str = "note", **more: object) -> tuple[dict[str, Any], ...]:
    return ({"name": name, "type": type_, **more},)


def _enum(*symbols: str, **more: str) -> dict[str, Any]:
    return {"type": "enum", "name": "Status", "symbols": list(symbols), **more}


EDITS: Final = (
    Edit("a field added, with a default", (), _field(NULLABLE, default=None)),
    Edit("a field removed that had a default", _field(NULLABLE, default=None), ()),
    Edit("a default added to a field", _field("string"), _field("string", default="")),
    Edit("a field removed that had no default", _field("string"), ()),
    Edit(
        "a field renamed, the old name kept as an alias", _field("string"), _field("string", "text", aliases=["note"])
    ),
    Edit('null allowed: `string` to `["null", "string"]`', _field("string"), _field(NULLABLE)),
    Edit("a wider number: `int` to `long`", _field("int"), _field("long")),
    Edit("a branch added to a union", _field(["null", "int"]), _field(["null", "int", "string"])),
    Edit("a symbol added to an enum without a default", _field(_enum("NEW")), _field(_enum("NEW", "PAID"))),
    Edit("a field added, without a default", (), _field("string")),
    Edit("a default taken from a field", _field("string", default=""), _field("string")),
    Edit("null no longer allowed", _field(NULLABLE), _field("string")),
    Edit("a narrower number: `long` to `int`", _field("long"), _field("int")),
    Edit("a symbol removed from an enum without a default", _field(_enum("NEW", "PAID")), _field(_enum("NEW"))),
    Edit(
        "a symbol added to an enum that has a default",
        _field(_enum("UNKNOWN", "NEW", default="UNKNOWN")),
        _field(_enum("UNKNOWN", "NEW", "PAID", default="UNKNOWN")),
    ),
    Edit("a field renamed", _field("string"), _field("string", "text")),
    Edit("another type: `string` to `int`", _field("string"), _field("int")),
)

ORDERS: Final = {
    (True, True): "any order",
    (True, False): "consumers first",
    (False, True): "producers first",
    (False, False): "no order",
}


def table() -> str:
    """The edits as a Markdown table, the most harmless first."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "| the edit | new reads old | old reads new | passes | upgrade |"
    yield "| --- | --- | --- | --- | --- |"
    for edit in sorted(EDITS, key=lambda edit: list(ORDERS).index(edit.reads())):
        backward, forward = edit.reads()
        cells = [edit.name, _word(backward), _word(forward), passes(edit), ORDERS[backward, forward]]
        yield f"| {' | '.join(cells)} |"


def passes(edit: Edit) -> str:
    """The weakest-named families of modes that accept the edit."""
    old, new = edit.schemas()
    names = ("BACKWARD", "FORWARD", "FULL")
    accepted = [name for name in names if schemagate.check_compatibility(new, old, mode=Mode(name)).ok]
    return "every mode" if len(accepted) == len(names) else ", ".join(f"`{name}`" for name in accepted) or "only `NONE`"


def _word(reads: bool) -> str:  # noqa: FBT001 -- a table's cell
    return "yes" if reads else "no"
