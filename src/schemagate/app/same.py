"""Whether two schemas say the same, however their names are spelled and wherever their types are written."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Sequence

from schemagate.plan.texts import meaning_key, text_key
from schemagate.schema.bulk import VersionReader
from schemagate.schema.canonical import content_key, to_json
from schemagate.schema.java_text import java_text
from schemagate.schema.model import Record, Schema
from schemagate.schema.respell import Speller


class Meanings:
    """What schemas of one factory say, as keys: equal for a text with references and the same text without.

    A registry stores a text in its own spelling (short names where the namespace says the rest, types of other
    subjects by reference), so the content alone would tell apart what means the same.
    """

    def __init__(self, reader: VersionReader) -> None:
        self._reader = reader
        self._speller = Speller(reader.factory)
        self._known: dict[Hashable, Hashable] = {}

    def key(self, schema: Schema) -> Hashable:
        """The key of what a schema says; one with undefined names is only equal to itself."""
        content = content_key(schema)
        if content not in self._known:
            rewritten = self._rewritten(schema)
            self._known[content] = content if rewritten is None else rewritten
        return self._known[content]

    def spelled(self, schema: Schema) -> Hashable:
        """A key that only leaves out how names are spelled: quicker, and mostly enough."""
        return self._speller.key(schema)

    def loosely(self, mine: Schema, held: Schema) -> bool:
        """Whether a registry need not take ``mine`` where it has ``held``, whose other types are referenced.

        A new doc of a referenced type moves no reference: only the text that is registered itself has to be the same.
        """
        return self.worded(mine, held) and _equal(meaning_key, to_json(mine), to_json(held))

    def worded(self, mine: Schema, held: Schema) -> bool:
        """Whether ``held`` refers to other types and says the same in its own text, whatever those mean now."""
        left = held.origins.keys()
        if not left or mine.undefined or held.undefined or not left <= mine.types.keys():
            return False
        return _equal(text_key, to_json(mine, leave=left), to_json(held, leave=left))

    def _rewritten(self, schema: Schema) -> Hashable | None:
        if schema.undefined:
            return None
        whole = self._reader.read(_as_stored(schema).encode("utf-8", "surrogatepass"), "")
        return None if whole is None or whole.undefined else whole.root


def _equal(key_of: Callable[[str], str | None], mine: str, held: str) -> bool:
    """Whether two texts have the same key; a text that nests too deep to have one equals none."""
    key = key_of(mine)
    return key is not None and key == key_of(held)


def _as_stored(schema: Schema) -> str:
    """The whole schema in one text, without what Avro Java drops when it writes a schema back."""
    text = to_json(schema)
    try:
        return java_text(json.loads(text))
    except (ValueError, KeyError, RecursionError):
        return text


class Sayings:
    """Finds which of some schemas says the same as another; asks for slower keys only where quicker ones differ."""

    def __init__(self, meanings: Meanings, schemas: Sequence[Schema]) -> None:
        self._meanings = meanings
        self._count = 0
        self._contents: dict[Hashable, int] = {}
        self._spelled: dict[Hashable, int] = {}
        self._alike: dict[Hashable, list[tuple[int, Schema]]] = {}
        for schema in schemas:
            self.add(schema)

    def find(self, schema: Schema) -> int | None:
        """The place of the first schema that says the same; None if none does."""
        found = self._contents.get(content_key(schema))
        if found is None:
            found = self._spelled.get(self._meanings.spelled(schema))
        if found is not None:
            return found
        alike = self._alike.get(_outline(schema), ())
        key = self._meanings.key(schema) if alike else None
        return next((place for place, one in alike if self._meanings.key(one) == key), None)

    def add(self, schema: Schema) -> int:
        """Takes in one more; its place."""
        place, self._count = self._count, self._count + 1
        self._contents.setdefault(content_key(schema), place)
        self._spelled.setdefault(self._meanings.spelled(schema), place)
        self._alike.setdefault(_outline(schema), []).append((place, schema))
        return place


def _outline(schema: Schema) -> Hashable:
    """Equal for schemas that say the same, and for few others."""
    root = schema.root
    return (root.name, tuple(field.name for field in root.fields)) if isinstance(root, Record) else root.kind
