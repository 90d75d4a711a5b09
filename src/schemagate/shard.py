"""What the report of one shard carries beside its findings, so that the reports of all of them make the whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

MOST_TRIED: Final = 60
"""How many findings of one run get a judged change; the others keep their advice."""
MOST_FILES_READ: Final = 3_000
"""Files that all the tries of one run may read, the same file counted each time."""


class Tried(msgspec.Struct, frozen=True):
    """A finding for which changes were tried. A run tries a limited number, which only the whole can count."""

    finding: int
    """Its place among the report's findings, from 0."""
    help: str
    """What is told where no change is tried."""
    files: int
    """Files that were read for it."""
    again: int
    """The same where an earlier finding of its file was tried before it."""


class Asked(msgspec.Struct, frozen=True):
    """What a registry was asked about some of a run's subjects."""

    name: str
    url: str
    """Without secrets."""
    subjects: int
    known: int
    """How many of the subjects the registry holds."""
    versions: int
    deleted: int
    """How many of the versions are deleted softly."""
    ignores_deleted: bool = False
    proposed: int = 0
    """Schemas about which the registry was asked whether it would take them."""
    refused: tuple[str, ...] = ()
    """The subjects for which it would not."""
    guessed: tuple[str, ...] = ()
    """The subjects that no configuration names and that the registry does not know."""
    stricter: tuple[str, ...] = ()
    """Sentences about subjects of which the registry asks more than the configuration."""
    lost_as_java: tuple[str, ...] = ()
    """The subjects that a Java class with string properties does not find."""
    lost_at: str = ""
    """The file for which that is told."""


class Shard(msgspec.Struct, frozen=True):
    """Which part of a run a report tells, and what it takes to put the parts together."""

    index: int
    """From 1."""
    count: int
    run: Mapping[str, str] = msgspec.field(default_factory=dict)
    """What all shards of one run have in common, by what it is: the commit, the base, the options."""
    pending: tuple[str, ...] = ()
    """What each pending finding of the report is about: a key of ``met``."""
    met: tuple[str, ...] = ()
    """The waivers and allows that a finding of this shard met."""
    tried: tuple[Tried, ...] = ()
    asked: Asked | None = None
    """None where no registry was asked."""
