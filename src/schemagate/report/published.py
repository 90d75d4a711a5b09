"""What every published JSON format shares: views that say all and nothing else, and their JSON Schema."""

from __future__ import annotations

import msgspec

from schemagate.finding import Json


class View(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every field is required and no other is allowed: a reader never has to guess."""


def schema_of(view: type[View], name: str, version: int) -> dict[str, Json]:
    """The published JSON Schema of the format ``name``, whose whole text is a ``view``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:schemagate:{name}:{version}",
        "title": f"schemagate {name}, format {version}",
        **msgspec.json.schema(view),
    }
