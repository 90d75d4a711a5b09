"""What every operation needs: the state, the reader of schemas, and the questions that they share."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from schemagate.devregistry.store import refusals
from schemagate.devregistry.store.naming import context_label, context_of, join, normal
from schemagate.devregistry.store.payloads import wanted_of
from schemagate.devregistry.store.reading import Reader
from schemagate.devregistry.store.state import State
from schemagate.devregistry.store.values import Refusal, Request, Stored

READ_ONLY: Final = frozenset({"READONLY", "READONLY_OVERRIDE"})
IMPORTING: Final = frozenset({"IMPORT", "FORWARD"})
MAX_VERSION: Final = 2**31 - 1


class Desk:
    """The state and its reader. ``level`` is the compatibility level where none was set."""

    def __init__(self, level: str) -> None:
        self.state = State(level)
        self.reader = Reader(self.state)

    def subject(self, sent: str) -> str:
        """A subject as it is kept; where its configuration has an alias, the subject that the alias names."""
        subject = normal(sent)
        alias = self.state.configs.get(subject, {}).get("alias")
        if not alias:
            return subject
        return normal(alias) if alias.startswith(":.") else join(context_of(subject), alias)

    def normalizing(self, request: Request, subject: str) -> bool:
        return request.flag("normalize") or self.state.config(subject).get("normalize") is True

    def refuse_if_read_only(self, subject: str) -> None:
        if self.state.mode(subject) in READ_ONLY:
            raise wrong_mode(subject, "is in read-only mode")

    def shown(self, version: Stored, format_: str) -> Stored:
        """The version with its text in the format asked for; an unknown format is the plain one."""
        if format_ != "resolved" or not version.references:
            return version
        return replace(version, text=self.reader.resolved_text(version.subject, wanted_of(version)))


def wrong_mode(subject: str, why: str) -> Refusal:
    return refusals.not_permitted(f"Subject {subject} in context {context_label(subject)} {why}")


def version_number(text: str) -> int:
    """A version as a path spells it: 1 and up, or ``latest`` and -1, which are -1. A Refusal (42202) for others."""
    if text in ("latest", "-1"):
        return -1
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:11]) <= MAX_VERSION:
        raise refusals.invalid_version(text)
    return int(text)
