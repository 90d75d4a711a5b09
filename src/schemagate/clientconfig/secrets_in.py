"""Which values of a client's configuration are secrets, and where in a text anything like one stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from schemagate.avsc.tree import Span
from schemagate.clientconfig.placeholders import resolve
from schemagate.clientconfig.values import Entry

_NAME: Final = re.compile(
    r"passw(?:or)?d|passphrase|\bpwd\b|secret|token(?!\.?(?:endpoint|url|uri|issuer))|credential(?!s\.?source|s\.?provider)"
    r"|user\.?info|api\.?key|access\.?key|private\.?key|keystore\.key$|jaas\.?config|authorization",
    re.IGNORECASE,
)
_PLAIN_END: Final = re.compile(r"(?:\.(?:location|path|file|type|alias|url|uri|class|source|provider|name))$")
_IN_URL: Final = re.compile(r"(?<=://)[^/@:\s\"'<>]{0,255}:[^/\s\"'<>]{0,511}(?=@)")
_ASSIGNED: Final = re.compile(
    r"(?i)(?:passw(?:or)?d|passphrase|pwd|secret|token|user[._-]?info|api[._-]?key)[\"'\]]{0,3}\s*+[=:]\s*+"
    r"(\"(?:[^\"\\\r\n]|\\.)*\"?|'[^'\r\n]*'?|[^\s\"',;&}]+)"
)
_HEADER: Final = re.compile(r"(?i)\b(?:basic|bearer)\s+([A-Za-z0-9+/=_.~-]{8,})")


def is_secret(name: str) -> bool:
    """Whether a setting of this dotted name holds a secret."""
    return _NAME.search(name) is not None and _PLAIN_END.search(name) is None


def holds_secret(name: str, written: str) -> bool:
    """Whether a value has a secret of its own, and not only the name of a place that has it."""
    if not is_secret(name):
        return _IN_URL.search(resolve(written).value) is not None
    if name.endswith("jaas.config"):
        return any(resolve(found[1].strip("\"'")).value for found in _ASSIGNED.finditer(written))
    value = resolve(written).value
    return bool(value.partition(":")[2] if name.endswith("user.info") and ":" in value else value)


def places(text: str, entries: tuple[Entry, ...]) -> Iterator[Span]:
    """Every stretch of the text that may be a secret: by the key before it, and by what it looks like."""
    for entry in entries:
        name = ".".join(entry.keys).replace("-", ".").replace("_", ".")
        if is_secret(_undone(name)) and resolve(entry.value).value:
            yield entry.place
    for match in _ASSIGNED.finditer(text):
        if not match[1].strip("\"'").startswith(("${", "{{", "$(")):
            yield match.span(1)
    for match in _HEADER.finditer(text):
        yield match.span(1)
    for match in _IN_URL.finditer(text):
        yield match.span()


def _undone(name: str) -> str:
    """A name without its humps: ``userInfo`` as ``user.info``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", ".", name).lower()
