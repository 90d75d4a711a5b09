"""Short ways to write the schemas of these tests."""

from __future__ import annotations

from typing import Any

from schemagate.compat.explain import Incompatibility, explain
from schemagate.compat.solve import Memo, Solver
from schemagate.schema.model import Factory, Schema
from schemagate.schema.names import schema_of

NO_DEFAULT = object()


def record(name: str, *fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "record", "name": name, "fields": list(fields), **more}


def field(name: str, type_: Any, default: Any = NO_DEFAULT, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": type_, **({} if default is NO_DEFAULT else {"default": default}), **more}


def enum(name: str, *symbols: str, **more: Any) -> dict[str, Any]:
    return {"type": "enum", "name": name, "symbols": list(symbols), **more}


def fixed(name: str, size: int, **more: Any) -> dict[str, Any]:
    return {"type": "fixed", "name": name, "size": size, **more}


def pair(reader: Any, writer: Any) -> tuple[Schema, Schema]:
    factory = Factory()
    return schema_of(reader, factory, "reader"), schema_of(writer, factory, "writer")


def reads(reader: Any, writer: Any, memo: Memo | None = None) -> bool:
    return Solver(*pair(reader, writer), memo).compatible()


def reasons(reader: Any, writer: Any) -> tuple[Incompatibility, ...]:
    ours, theirs = pair(reader, writer)
    return explain(ours, theirs, Solver(ours, theirs))


def told(reader: Any, writer: Any) -> list[tuple[str, str, Any, Any]]:
    return [(one.kind, one.path, one.expected, one.found) for one in reasons(reader, writer)]
