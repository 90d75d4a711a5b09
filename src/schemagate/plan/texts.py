"""The texts of schemas as a registry gets them, and when two of them are the same."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final

from schemagate.finding import Json
from schemagate.plan.values import Pin, Wanted
from schemagate.schema.canonical import to_json
from schemagate.schema.model import Factory
from schemagate.schema.names import Definition, schema_of
from schemagate.wire.values import Payload, Reference, Registered

_TOKEN: Final = re.compile(
    r'("[^"\\]*(?:\\.[^"\\]*)*")'  # a string, kept as it is spelled
    r"|//[^\r\n]*|/\*.*?\*/|[ \t\r\n]+",
    re.DOTALL,
)
_SCHEMAS_IN: Final = ("type", "items", "values")
CONFLUENT_VERSION: Final = "confluent:version"
"""A metadata property by which Confluent numbers versions itself: it belongs to one version only."""


def plain(text: str) -> str:
    """The JSON text of a readable document without comments and white space; strings and numbers stay as spelled."""
    return _TOKEN.sub(lambda token: token[1] or "", text)


def payload(wanted: Wanted, pins: Sequence[Pin], latest: Registered | None) -> Payload | None:
    """What is sent for a wanted version; None while a pin is open. The latest version's metadata and rules are kept."""
    references = []
    for pin in pins:
        if pin.version is None:
            return None
        references.append(Reference(pin.use.name, pin.use.subject, pin.version))
    return _kept(Payload(wanted.text, tuple(references)), latest)


def inlined_payload(wanted: Wanted, latest: Registered | None) -> Payload:
    """The same as one text without references: for asking before the references exist."""
    return _kept(Payload(wanted.inlined), latest)


def _kept(made: Payload, latest: Registered | None) -> Payload:
    if latest is None:
        return made
    metadata = latest.payload.metadata
    properties = (metadata or {}).get("properties")
    if isinstance(properties, Mapping) and CONFLUENT_VERSION in properties:
        metadata = None  # left out, the registry takes over what the latest has
    return Payload(made.schema, made.references, made.schema_type, metadata, latest.payload.rule_set)


def text_key(text: str) -> str | None:
    """Equal for two JSON texts that differ in layout and order of members only; None for a text that is no JSON."""
    try:
        return json.dumps(json.loads(text), sort_keys=True)
    except (ValueError, RecursionError):
        return None


def meaning_key(text: str) -> str | None:
    """As :func:`text_key`, of the text without its docs."""
    try:
        return json.dumps(_undocumented(json.loads(text)), sort_keys=True)
    except (ValueError, RecursionError):
        return None


def _undocumented(value: Json) -> Json:
    """The schema without the ``doc`` of its types and fields; defaults and properties are left alone. In place."""
    stack = [value]
    while stack:
        here = stack.pop()
        if isinstance(here, list):
            stack.extend(here)
        elif isinstance(here, dict):
            here.pop("doc", None)
            stack.extend(here[key] for key in _SCHEMAS_IN if key in here)
            fields = here.get("fields")
            stack.extend(fields if isinstance(fields, list) else ())
    return value


def shape_key(text: str) -> Json:
    """A text's whole content with the names that it does not define left as full names; None if it is no schema.

    Equal for two texts whatever their layout, the order of their members and the way they spell names.
    """
    try:
        value, factory = json.loads(text), Factory()
        open_ = schema_of(value, factory).undefined
        stubs = {name: Definition(factory.enum(name, ("STUB",)), "elsewhere") for name in open_}
        return json.loads(to_json(schema_of(value, factory, index=stubs), leave=stubs))
    except (ValueError, RecursionError):
        return None
