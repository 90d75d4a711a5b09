"""Small schemas and their compatible and incompatible successors, as the registries are sent them."""

from __future__ import annotations

import json


def record(name: str, *fields: dict, **more: object) -> dict:
    return {"type": "record", "name": name, "namespace": "com.example", "fields": list(fields), **more}


def field(name: str, type: object, **more: object) -> dict:
    return {"name": name, "type": type, **more}


def text(schema: object) -> str:
    return schema if isinstance(schema, str) else json.dumps(schema)


ID = field("id", "string")
USER_ID = field("user_id", "string")
AGE = field("age", ["null", "int"], default=None)
USER = record("User", ID, USER_ID)
WIDER = record("User", ID, USER_ID, AGE)
RENAMED = record("User", ID, field("uuid", "string"))
ADDRESS = record("Address", field("city", "string"))
ORDER = record("Order", ID, field("to", "com.example.Address"))
