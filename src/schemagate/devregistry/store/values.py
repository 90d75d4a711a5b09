"""What goes into the store and what comes out of it: requests, answers, refusals, and the events of a write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

import msgspec

from schemagate.finding import Json
from schemagate.wire.values import AVRO, Reference

GLOBAL: Final = ""
"""The subject under which the registry's own level and mode are kept."""


class Request(msgspec.Struct, frozen=True):
    """One request. ``path`` holds its decoded segments, ``query`` the first value of each parameter.

    ``now`` is the time in milliseconds since 1970, which a version that it registers keeps.
    """

    method: str
    path: tuple[str, ...]
    query: Mapping[str, str] = {}
    body: Json = None
    now: int = 0

    def flag(self, name: str) -> bool:
        """A boolean parameter: ``true`` in any case, as Java reads it; anything else is false."""
        return self.query.get(name, "").lower() == "true"

    def number(self, name: str, fallback: int) -> int:
        """An integer parameter; what is none counts as not given."""
        try:
            return int(self.query.get(name, fallback))
        except ValueError:
            return fallback


class Stored(msgspec.Struct, frozen=True):
    """One version of a subject as it is kept. ``ts`` is when it was registered, in milliseconds since 1970."""

    subject: str
    """With its context, ``:.context:name``; without one in the default context."""
    version: int
    id: int
    guid: str
    text: str
    references: tuple[Reference, ...] = ()
    schema_type: str = AVRO
    metadata: Mapping[str, Json] | None = None
    rule_set: Mapping[str, Json] | None = None
    ts: int = 0
    deleted: bool = False

    @property
    def key(self) -> tuple[str, int]:
        return self.subject, self.version


class Put(msgspec.Struct, frozen=True):
    """A version is new, or changed in what may change: whether it is deleted softly."""

    version: Stored


class Gone(msgspec.Struct, frozen=True):
    """A version is deleted for good."""

    subject: str
    version: int


class ConfigSet(msgspec.Struct, frozen=True):
    """A subject's own configuration, None where it has none any more; the subject may be a context, or GLOBAL."""

    subject: str
    config: Mapping[str, Json] | None


class ModeSet(msgspec.Struct, frozen=True):
    """A subject's own mode, None where it has none any more; the subject may be a context, or GLOBAL."""

    subject: str
    mode: str | None


class Seen(msgspec.Struct, frozen=True):
    """A context exists, and ids up to ``max_id`` were given out in it: no later one may be the same."""

    context: str
    max_id: int


Event: TypeAlias = Put | Gone | ConfigSet | ModeSet | Seen


class Answer(msgspec.Struct, frozen=True):
    """What is answered once ``events`` are kept. ``raw`` tells that the body is a text that is sent as it is."""

    body: Json
    status: int = 200
    events: tuple[Event, ...] = ()
    raw: bool = False


class Refusal(Exception):  # noqa: N818 - it is an answer, not a mistake of ours
    """The answer is no: ``status`` is the HTTP status, ``code`` the protocol's own."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    @property
    def answer(self) -> Answer:
        return Answer({"error_code": self.code, "message": self.message}, self.status)
