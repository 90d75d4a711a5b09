"""The registry's words as values: what is sent to it, and what it answers once that has been checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from schemagate.finding import Json

AVRO: Final = "AVRO"


class Reference(msgspec.Struct, frozen=True, order=True):
    """A type that a schema uses and another subject's version defines; for Avro ``name`` is the type's full name."""

    name: str
    subject: str
    version: int


class Payload(msgspec.Struct, frozen=True):
    """What is registered, looked up or judged: one schema's text with what the registry keeps beside it."""

    schema: str
    references: tuple[Reference, ...] = ()
    schema_type: str = AVRO
    metadata: Mapping[str, Json] | None = None
    rule_set: Mapping[str, Json] | None = None


class Registered(msgspec.Struct, frozen=True):
    """One version of a subject as a registry holds it. ``guid`` is empty where the registry has none."""

    subject: str
    version: int
    id: int
    payload: Payload
    guid: str = ""
    deleted: bool = False
    """Deleted softly: hidden from lists and lookups, while messages with its id are still in the topics."""


class SubjectConfig(msgspec.Struct, frozen=True):
    """A subject's configuration in force; ``own`` tells which of its parts the subject itself sets."""

    level: str = ""
    """The compatibility level in force, in upper case; empty where the registry does not say."""
    source: str = ""
    """Who set the level: ``subject``, ``context``, ``global`` or ``default``; empty if unknown."""
    normalize: bool = False
    compatibility_group: str = ""
    """The metadata property by which versions are grouped; only versions of one group are compared."""
    alias: str = ""
    """The subject that this name stands for."""


class SubjectState(msgspec.Struct, frozen=True):
    """All that one subject looks like in a registry. A subject that does not exist has no versions."""

    subject: str
    versions: tuple[Registered, ...] = ()
    """Oldest first, softly deleted ones included (where the registry still shows them)."""
    config: SubjectConfig = SubjectConfig()
    mode: str = "READWRITE"
    """READWRITE, READONLY, READONLY_OVERRIDE, IMPORT or FORWARD."""

    @property
    def live(self) -> tuple[Registered, ...]:
        """The versions that are not deleted, oldest first."""
        return tuple(version for version in self.versions if not version.deleted)

    @property
    def latest(self) -> Registered | None:
        """The newest version that is not deleted."""
        live = self.live
        return live[-1] if live else None

    @property
    def exists(self) -> bool:
        return bool(self.live)

    @property
    def foreign(self) -> tuple[str, ...]:
        """The schema types other than AVRO of the versions that are not deleted, sorted."""
        return tuple(sorted({version.payload.schema_type for version in self.live} - {AVRO}))


class Verdict(msgspec.Struct, frozen=True):
    """The registry's own answer to whether a payload may follow a subject's versions.

    ``versions`` are those that it names or that were asked one by one and refused; ``messages`` are its words, clipped,
    untrusted. ``how`` is ``all`` (asked as registering would judge) or ``each`` (asked version by version).
    """

    compatible: bool
    messages: tuple[str, ...] = ()
    versions: tuple[int, ...] = ()
    how: str = "all"
