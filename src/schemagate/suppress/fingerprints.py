"""A finding's identity, which survives new wording, moved lines and added versions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from schemagate.finding import Json

DIGITS = 12


def fingerprint(rule: str, subject: str, path: str, args: Mapping[str, Json]) -> str:
    """12 hexadecimal digits of a SHA-256 over rule, subject, path and arguments.

    The order of keys does not matter, the kinds of values do: 1, 1.0, true and "1" differ. Any depth is fine.
    """
    parts: list[bytes] = []
    stack: list[Json] = [[rule, subject, path, args]]
    while stack:
        item = stack.pop()
        if item.__class__ is str:  # Most are, and to ask whether one is a mapping takes long.
            encoded = item.encode("utf-8", "surrogatepass")
            parts += (b"s%d:" % len(encoded), encoded)
        elif isinstance(item, Mapping):
            parts.append(b"{%d:" % len(item))
            for key in sorted(item, key=str, reverse=True):
                stack += (item[key], str(key))
        elif isinstance(item, list | tuple):
            parts.append(b"[%d:" % len(item))
            stack.extend(reversed(item))
        else:
            parts.append(_scalar(item))
    return hashlib.sha256(b"".join(parts)).hexdigest()[:DIGITS]


def _scalar(value: Json) -> bytes:
    """Tagged with its kind and length, so that no two sequences of values run together."""
    if value is None or isinstance(value, bool):
        tag, text = "l", str(value)
    elif isinstance(value, int):
        tag, text = "i", hex(value)
    elif isinstance(value, float):
        tag, text = "f", repr(value)
    else:
        tag, text = "s", str(value)
    encoded = text.encode("utf-8", "surrogatepass")
    return f"{tag}{len(encoded)}:".encode() + encoded
