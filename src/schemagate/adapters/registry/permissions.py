"""Which permission a request needs, for whoever has to give it: told where a registry answers 403."""

from __future__ import annotations

import re
from typing import Final

import msgspec


class Permission(msgspec.Struct, frozen=True):
    """What a request does, and what it is called where permissions have names; ``{subject}`` stands for the subject."""

    action: str
    operation: str = ""
    """Confluent's name. Source: Confluent Platform 7.0, "Supported Operations and Schema Registry Resources"."""
    writes: bool = False


_KNOWN: Final = (
    (r"POST /subjects/[^/]+/versions", Permission("register versions of {subject}", "SUBJECT_WRITE", writes=True)),
    (r"PUT /config/[^/]+", Permission("set the mode of {subject}", "SUBJECT_COMPATIBILITY_WRITE", writes=True)),
    (r"POST /subjects/[^/]+", Permission("look schemas up in {subject}, a POST that changes nothing", "SUBJECT_READ")),
    (
        r"POST /compatibility/.*",
        Permission("ask whether a schema is compatible with {subject}, a POST that changes nothing", "SUBJECT_WRITE"),
    ),
    (r"GET /config", Permission("read the registry's own compatibility level", "GLOBAL_COMPATIBILITY_READ")),
    (r"GET /config/.*", Permission("read the compatibility level of {subject}", "SUBJECT_COMPATIBILITY_READ")),
    (r"GET /mode", Permission("read the registry's own mode (READWRITE, READONLY ...)", "GLOBAL_COMPATIBILITY_READ")),
    (r"GET /mode/.*", Permission("read the mode (READWRITE, READONLY ...) of {subject}", "SUBJECT_COMPATIBILITY_READ")),
    (r"GET /subjects", Permission("list the registry's subjects", "GLOBAL_READ")),
    (r"GET /(subjects|schemas).*", Permission("read the versions of {subject}", "SUBJECT_READ")),
)


def missing(doing: str, subject: str) -> str:
    """What to ask for, where ``doing`` (``GET /subjects/user/versions``) is refused; empty for any other request."""
    found = next((known for pattern, known in _KNOWN if re.fullmatch(pattern, doing)), None)
    if found is None:
        return ""
    action = found.action.replace("{subject}", f"`{subject}`" if subject else "its subjects")
    name = f" ({found.operation} in Confluent's words)" if found.operation else ""
    who = (
        "the pipeline of the approved branch needs this permission to `register`"
        if found.writes
        else "every command that asks the registry needs this permission"
    )
    return f"these credentials may not {action}: ask who runs the registry for it{name}; {who}"
