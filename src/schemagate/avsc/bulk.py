"""The fastest way into a published record: its header decoded, its fields left as raw JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec

from schemagate.avsc.read import MAX_BYTES
from schemagate.avsc.strict import strict
from schemagate.avsc.tree import NO_VALUE
from schemagate.finding import Json

MAX_KEYS: Final = 64
"""How many keys beside ``fields`` the decoder learns; records with others are read the slow way."""
_WORDS: Final = ("type", "name", "namespace", "doc")


class Parts(msgspec.Struct, frozen=True):
    """A record's header without ``fields``, and the raw JSON of each field, without white space around it.

    Header values may be shared between records: do not change them.
    """

    header: Mapping[str, Json]
    fields: list[bytes]


class Splitter:
    """Splits records, learning the keys that their headers have. One per run; keeps nothing but those keys."""

    __slots__ = ("_decoder", "_keys")

    def __init__(self) -> None:
        self._keys: tuple[str, ...] = ()
        self._decoder = _decoder(())

    def split(self, data: bytes) -> Parts | None:
        """The parts of a strict JSON text of a record; None for everything else, which is read the slow way.

        Never raises, and takes nothing that Avro Java's JSON reader refuses, with one exception: what stands inside
        a field is not looked at beyond its grammar, so decode fields with :func:`schemagate.avsc.strict.strict`.
        """
        if len(data) > MAX_BYTES:
            return None
        try:
            if not data.isascii():
                data.decode()
            root = self._decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        if root is None or root.type != "record":
            return None
        header: dict[str, Json] = {"type": "record"}
        for word in _WORDS[1:]:
            text = getattr(root, word)
            if text.__class__ is str:
                header[word] = text
            elif text is not msgspec.UNSET:
                return None
        for number, key in enumerate(self._keys):
            raw = getattr(root, f"other{number}")
            if raw is not msgspec.UNSET:
                value = header[key] = _value(bytes(raw))
                if value is NO_VALUE:
                    return None
        return Parts(header, list(map(bytes, root.fields)))

    def _decode(self, data: bytes) -> Any:  # noqa: ANN401 - a class made at run time, or None
        try:
            return self._decoder.decode(data)
        except msgspec.ValidationError:
            if not self._learn(data):
                return None
        return self._decoder.decode(data)

    def _learn(self, data: bytes) -> bool:
        """Take the keys of a record into the decoder; false if there is nothing to learn or they are too many."""
        members = _MEMBERS.decode(data)
        new = tuple(key for key in members if key not in self._keys and key not in _WORDS and key != "fields")
        if not new or len(self._keys) + len(new) > MAX_KEYS or any(map(_UNFIT.search, new)):
            return False
        self._keys += new
        self._decoder = _decoder(self._keys)
        return True


_UNFIT: Final = re.compile(r'[\x00-\x1f"\\]')
"""What msgspec does not let a key have."""

_MEMBERS: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])


def _decoder(keys: tuple[str, ...]) -> msgspec.json.Decoder[Any]:
    """A decoder of records whose headers have no other keys than the usual words and ``keys``."""
    members: list[Any] = [("fields", list[msgspec.Raw])]
    members += [(word, str | msgspec.UnsetType, msgspec.UNSET) for word in _WORDS]
    members += [(f"other{i}", msgspec.Raw | msgspec.UnsetType, msgspec.UNSET) for i in range(len(keys))]
    names = {f"other{i}": key for i, key in enumerate(keys)}
    return msgspec.json.Decoder(
        msgspec.defstruct("_Record", members, rename=names, forbid_unknown_fields=True, gc=False)
    )


@lru_cache(maxsize=4096)
def _value(raw: bytes) -> Json:
    return strict(raw.decode())
