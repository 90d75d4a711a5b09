"""Where the named types of one schema stand: in which document, at which pointer."""

from __future__ import annotations

from collections.abc import Mapping

from schemagate.schema.model import Named, Schema
from schemagate.schema.walk import definition_pointers


class Whereabouts:
    """Looks up definitions of one schema; its own document is walked once, and only if a type of it is asked for."""

    __slots__ = ("_own", "_schema")

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._own: Mapping[str, tuple[str, str]] | None = None

    def of(self, named: Named) -> tuple[str, str]:
        """The document that defines a type, and the pointer into it."""
        origin = self._schema.origins.get(named.name)
        if origin is not None:
            return origin, self._schema.pointers.get(named.name, "")
        if self._own is None:
            self._own = definition_pointers(self._schema.root)
        return self._schema.document, self._own.get(named.name, ("", ""))[0]
