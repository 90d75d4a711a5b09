"""Who may ask and who may change: a few names with passwords, for tests of clients that need them."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping

import msgspec

from schemagate.errors import UsageError

VARIABLE = "SCHEMAGATE_DEV_REGISTRY_USERS"
"""``name:password:read`` and ``name:password:write``, with commas between them; unset, everybody may do everything."""


class User(msgspec.Struct, frozen=True):
    """``writes`` allows changes; without it only questions, lookups and compatibility checks."""

    name: str
    password: str
    writes: bool


def users_of(env: Mapping[str, str]) -> tuple[User, ...]:
    """The users that the environment names. UsageError, which shows no password, for what cannot be read."""
    found: list[User] = []
    for position, entry in enumerate(filter(None, (e.strip() for e in env.get(VARIABLE, "").split(","))), 1):
        rest, _, right = entry.rpartition(":")
        name, colon, password = rest.partition(":")
        if not name or not colon or not password or right not in ("read", "write"):
            hint = "write it as name:password:read or name:password:write, with commas between users"
            raise UsageError(f"{VARIABLE}: user {position} cannot be read", hint=hint)
        found.append(User(name, password, right == "write"))
    return tuple(found)


def recognised(header: str, users: tuple[User, ...]) -> User | None:
    """Who sent an ``Authorization`` header; None for nobody we know."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        given = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    found = None
    for user in users:
        if hmac.compare_digest(given, f"{user.name}:{user.password}".encode()):
            found = user
    return found
