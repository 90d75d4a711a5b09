"""The JSON Schema of a configuration, for editors."""

from __future__ import annotations

import json

from schemagate.config.keys import (
    CONFIG,
    DATE,
    MAX_SECONDS,
    Day,
    Flag,
    Form,
    Key,
    Named,
    Seconds,
    Table,
    Tables,
    Text,
    Texts,
)
from schemagate.config.names import PLACEHOLDERS
from schemagate.finding import Json

_TEMPLATE = {"pattern": f"^(?:[^{{}}]|\\{{(?:{'|'.join(PLACEHOLDERS)})\\}})*$"}


def config_json_schema() -> dict[str, Json]:
    """JSON Schema (2020-12) of schemagate.toml. Dates are strings in it, as editors hand them over."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "schemagate.toml",
        **_key(CONFIG),
    }
    subject = schema["properties"]["subjects"]["items"]
    for names in subject["properties"]["name"]["anyOf"]:
        names.get("items", names).update(_TEMPLATE)
    subject["if"] = {"properties": {"shared": {"const": True}}, "required": ["shared"]}
    subject["then"] = {"properties": {"name": False, "topic": False}}
    waiver = schema["properties"]["waivers"]["items"]
    waiver["anyOf"] = [{"required": ["fingerprint"]}, {"required": ["rule", "subject", "path"]}]
    return schema


def config_json_schema_text() -> str:
    """The same as the committed file holds it."""
    return json.dumps(config_json_schema(), indent=2) + "\n"


def _key(key: Key) -> dict[str, Json]:
    match key:
        case Text():
            schema = _text(key)
        case Texts():
            schema = _texts(key)
        case Flag():
            schema = {"type": "boolean", "default": key.default}
        case Seconds():
            schema = {"type": "number", "exclusiveMinimum": 0, "maximum": MAX_SECONDS}
        case Day():
            schema = {"type": "string", "format": "date", "pattern": DATE.pattern}
        case Table():
            schema = _table(key)
        case Tables():
            schema = {"type": "array", "items": _table(key.table)}
        case Named():
            schema = _named(key)
    return {"description": key.doc, **schema}


def _text(text: Text) -> dict[str, Json]:
    schema: dict[str, Json] = {"type": "string"}
    if text.choices:
        schema["enum"] = list(text.choices)
    elif text.forms:
        schema["allOf"] = [_form(form) for form in text.forms]
    if text.default:
        schema["default"] = text.default
    return schema


def _form(form: Form) -> dict[str, Json]:
    return {"pattern": form.pattern}


def _texts(texts: Texts) -> dict[str, Json]:
    item = _text(texts.item)
    many: dict[str, Json] = {"type": "array", "items": item}
    if texts.empty:
        many["minItems"] = 1
    if texts.default:
        many["default"] = list(texts.default)
    if texts.lone:
        return {"anyOf": [_text(texts.item), many]}
    return many


def _table(table: Table) -> dict[str, Json]:
    schema: dict[str, Json] = {
        "type": "object",
        "properties": {name: _key(key) for name, key in table.keys.items()},
        "additionalProperties": False,
    }
    if table.required:
        schema["required"] = list(table.required)
    return schema


def _named(named: Named) -> dict[str, Json]:
    return {
        "type": "object",
        "propertyNames": _form(named.name),
        "additionalProperties": _key(named.value),
    }
