"""What a value with ``${...}`` is in the file alone: the default that it names, or not known here."""

from __future__ import annotations

import re
from typing import Final

import msgspec

_INNERMOST: Final = re.compile(r"\$\{([^${}]*)\}")
_ELSEWHERE: Final = re.compile(
    r"\$\([^()$]{0,200}\)|\{\{[^{}]{0,200}\}\}|#\{[^{}]{0,200}\}|<%[^%]{0,200}%>|%[A-Z_][A-Z0-9_]{0,99}%"
    r"|@[A-Za-z][\w.-]{0,99}@|\$[A-Z_][A-Z0-9_]{0,99}|\AENC\(.*\)\Z|\A\{cipher\}.*|\A!(?:secret|vault)\b.*",
    re.DOTALL,
)
_HOLE: Final = "\x00"
_PROVIDERS: Final = frozenset(
    [
        "aws",
        "azure",
        "config",
        "configmaps",
        "const",
        "dir",
        "directory",
        "dns",
        "env",
        "environment",
        "file",
        "gcp",
        "java",
        "keyvault",
        "op",
        "s3",
        "script",
        "secretmanager",
        "secrets",
        "secretsmanager",
        "securepass",
        "ssm",
        "strimzi-secrets",
        "sys",
        "url",
        "vault",
        "xml",
    ]
)
"""What ``${name:...}`` begins with where it names a place to look at, not a default (Kafka's config providers)."""
_ROUNDS: Final = 20


class Resolved(msgspec.Struct, frozen=True):
    """``value`` with defaults in place; ``open`` tells that a part of it comes from elsewhere without a default."""

    value: str
    open: bool


def resolve(written: str) -> Resolved:
    """The value that holds where nothing outside of the file says otherwise.

    ``${NAME:default}`` and ``${NAME:-default}`` are the default; ``${NAME}``, a config provider's
    ``${file:/path:key}``, and the marks of templates and encryption are decided elsewhere.
    """
    text = written.replace(_HOLE, "")
    for _ in range(_ROUNDS):
        text, made = _INNERMOST.subn(_default, text)
        if not made:
            break
    text = _ELSEWHERE.sub(_HOLE, text)
    if "${" in text:
        text += _HOLE
    return Resolved(text.replace(_HOLE, "").strip(), _HOLE in text)


def _default(match: re.Match[str]) -> str:
    name, colon, default = match[1].partition(":")
    if not colon or name.strip().lower() in _PROVIDERS:
        return _HOLE
    return default.removeprefix("-")
