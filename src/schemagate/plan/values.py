"""What a registry should hold, what it would take to get there, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final, TypeAlias

import msgspec

from schemagate.wire.values import Payload, Registered, Verdict

CREATE: Final = "create"
NEW_VERSION: Final = "new version"
RE_REGISTER: Final = "re-register"
SET_MODE: Final = "set mode"
THERE: Final = "already there"
BLOCKED: Final = "blocked"

VERSIONS: Final = (CREATE, NEW_VERSION, RE_REGISTER)
"""The kinds of action that register a version."""
WRITES: Final = (SET_MODE, *VERSIONS)


class Use(msgspec.Struct, frozen=True, order=True):
    """Another subject's schema that is referred to: the full name of its own type, and that subject."""

    name: str
    subject: str


class Wanted(msgspec.Struct, frozen=True):
    """One version that a registry should hold: JSON without comments."""

    path: str
    text: str
    """With the types of ``uses`` left as names."""
    inlined: str
    """The same with every type written into it: what can be judged where a reference is not registered yet."""
    label: str = ""
    """``v2`` where version files are numbered; empty for a file that evolves in place."""
    uses: tuple[Use, ...] = ()
    fingerprint: str = ""
    """SHA-256 of the Parsing Canonical Form, in hexadecimal."""


class Desired(msgspec.Struct, frozen=True):
    """One subject as the repository has it."""

    subject: str
    level: str
    """The compatibility mode that is configured."""
    wanted: tuple[Wanted, ...]
    """Oldest first; a file that evolves in place wants its tip only."""
    normalize: bool = False
    obstacles: tuple[str, ...] = ()
    """What the repository itself has against registering it, each in words."""
    failing: tuple[str, ...] = ()
    """What the gate found and nobody accepted: it stands against new versions only."""


Key: TypeAlias = tuple[str, int]
"""A wanted version: its subject and its index in ``Desired.wanted``."""


class Question(msgspec.Struct, frozen=True):
    """What has to be known before a plan is complete.

    ``lookup``: is this payload registered? ``judge``: what does our engine say of it? ``ask``: what does the registry?
    """

    what: str
    key: Key
    payload: Payload
    normalize: bool = False


class Judgement(msgspec.Struct, frozen=True):
    """What our engine says of one wanted version: what fails, and what fails but for a person who accepted it."""

    breaks: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()


class Answers(msgspec.Struct, frozen=True):
    """The answers so far."""

    lookups: Mapping[Key, Registered | None] = msgspec.field(default_factory=dict)
    judgements: Mapping[Key, Judgement] = msgspec.field(default_factory=dict)
    verdicts: Mapping[Key, Verdict] = msgspec.field(default_factory=dict)


class Pin(msgspec.Struct, frozen=True):
    """The version that a use is tied to; None for one that this plan registers first."""

    use: Use
    version: int | None


class Action(msgspec.Struct, frozen=True):
    """One line of a plan."""

    kind: str
    subject: str
    why: str
    path: str = ""
    wanted: Wanted | None = None
    """None for a line about the subject itself."""
    version: int | None = None
    """The version that is there, or the number that a new one is expected to get."""
    id: int | None = None
    guid: str = ""
    level: str = ""
    """The mode to set."""
    pins: tuple[Pin, ...] = ()
    after: int = 0
    """The subject's latest version when it was decided, 0 for none."""
    normalize: bool = False
    help: str = ""
    """What to do about what is blocked."""
    notes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return self.wanted.label if self.wanted is not None else ""

    @property
    def fingerprint(self) -> str:
        return self.wanted.fingerprint if self.wanted is not None else ""


class Plan(msgspec.Struct, frozen=True, dict=True):
    """Actions in reference order: what is referred to comes first. Incomplete while there are ``questions``."""

    actions: tuple[Action, ...] = ()
    questions: tuple[Question, ...] = ()

    @cached_property
    def writes(self) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if action.kind in WRITES)

    @cached_property
    def blocked(self) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if action.kind == BLOCKED)


class Entry(msgspec.Struct, frozen=True):
    """What became of one write, or what was there before it.

    ``result`` is ``created``, ``existing`` or ``set``; for what was not reached ``pending``, and for a request whose
    answer nobody could get ``unknown``.
    """

    subject: str
    result: str
    version: int | None = None
    id: int | None = None
    guid: str = ""
    fingerprint: str = ""
    path: str = ""
    label: str = ""
    level: str = ""
    remark: str = ""
    judged: bool = True
    """False where somebody else's version came in between, against which this one was never judged."""


class Stop(msgspec.Struct, frozen=True):
    """Why a run ended before its plan did, and what to do. ``unknown``: a write may or may not have happened."""

    subject: str
    reason: str
    help: str = ""
    unknown: bool = False
