"""Carries a plan out, one request at a time: ``next_step(plan, progress)`` says what to ask or write next.

Nothing is remembered between runs: each write is preceded by a look at what is there and followed by one at what came
of it, so that a run that ended anywhere is continued by planning again.
"""

from __future__ import annotations

from itertools import takewhile
from typing import Final, TypeAlias

import msgspec

from schemagate.plan import halts
from schemagate.plan.kept import MEANING
from schemagate.plan.levels import covers
from schemagate.plan.texts import payload
from schemagate.plan.values import SET_MODE, Action, Entry, Pin, Plan, Stop
from schemagate.plan.words import unkept, unwritable
from schemagate.wire.values import Payload, Registered, SubjectState, Verdict

LOOKS: Final = 6
"""How often what was written is looked for before it counts as lost; whoever asks waits longer each time."""
WRITING: Final = ("set-level", "register", "verify")
"""Steps at which it may be open whether something was written."""
NEW: Final = ("set", "created")
"""Results of what this run did itself."""


class Step(msgspec.Struct, frozen=True):
    """One request, and what answers it.

    ``state`` → SubjectState · ``lookup`` → Registered or None · ``set-level`` → Accepted · ``ask`` → Verdict ·
    ``register`` → Accepted · ``verify`` (look up, and compare what is stored) → Registered, Differs or None.
    Each may be answered by No or Lost instead.
    """

    what: str
    action: Action
    payload: Payload | None = None
    attempt: int = 0
    """How often the same was asked before."""


class Accepted(msgspec.Struct, frozen=True):
    """The registry took what was written; ``id`` is the schema's, where one was registered."""

    id: int = 0


class No(msgspec.Struct, frozen=True):
    """The registry understood, and refused."""

    status: int
    message: str
    help: str = ""


class Lost(msgspec.Struct, frozen=True):
    """No answer, or none that could be understood: the request may have been carried out."""

    message: str
    help: str = ""


class Differs(msgspec.Struct, frozen=True):
    """The registry finds the version, and what it stores there is not what was sent."""

    found: Registered
    missing: tuple[str, ...] = ()
    """The kinds of things in which alone it differs, see :mod:`schemagate.plan.kept`."""


Outcome: TypeAlias = SubjectState | Registered | Verdict | Accepted | No | Lost | Differs | None


class Progress(msgspec.Struct, frozen=True):
    """How far a plan is carried out."""

    entries: tuple[Entry, ...] = ()
    """One for each write that is done, in the plan's order."""
    trail: tuple[tuple[Step, Outcome], ...] = ()
    """The steps of the write that is under way, oldest first."""
    stop: Stop | None = None


class Done(msgspec.Struct, frozen=True):
    """Every write is done, or ``stop`` says why it ended before."""

    entries: tuple[Entry, ...]
    stop: Stop | None = None


def next_step(plan: Plan, progress: Progress) -> Step | Done:
    """What to do next; :func:`record` takes its outcome. A plan with something open or blocked is not begun."""
    if plan.questions or plan.blocked:
        return Done((), Stop("", "the plan is not ready: something in it is blocked"))
    writes = plan.writes
    if progress.stop is not None or len(progress.entries) == len(writes):
        return Done(progress.entries, progress.stop)
    step = _Write(writes[len(progress.entries)], progress).follow()
    assert isinstance(step, Step)
    return step


def record(plan: Plan, progress: Progress, step: Step, outcome: Outcome) -> Progress:
    """The progress with one more outcome."""
    longer = Progress(progress.entries, (*progress.trail, (step, outcome)))
    result = _Write(plan.writes[len(progress.entries)], longer).follow()
    if isinstance(result, Entry):
        return Progress((*progress.entries, result))
    if isinstance(result, Stop):
        return Progress(progress.entries, longer.trail, result)
    return longer


class _Write:
    """One write, as far as its trail leads."""

    def __init__(self, action: Action, progress: Progress) -> None:
        self._action = action
        self._trail = progress.trail
        self._entries = progress.entries

    def follow(self) -> Step | Entry | Stop:
        """What the last outcome leads to."""
        if not self._trail:
            return self._step("ask") if self._fresh else Step("state", self._action)
        step, outcome = self._trail[-1]
        if isinstance(outcome, No | Lost) and step.what in ("state", "lookup", "ask"):
            return halts.unasked(self._action, outcome.message, outcome.help)
        if self._action.kind == SET_MODE:
            return self._setting(outcome)
        match step.what:
            case "state":
                return self._looked(outcome)
            case "lookup":
                return self._found(outcome)
            case "ask":
                return self._answered(outcome)
            case "register":
                return self._registered(outcome)
            case _:
                return self._verified(step, outcome)

    @property
    def _fresh(self) -> bool:
        """Whether this run has just begun the subject: then it has looked, and the registry's verdict is enough."""
        action, mine = self._action, self._mine
        return action.kind != SET_MODE and action.after == 0 and bool(mine) and all(e.result in NEW for e in mine)

    @property
    def _mine(self) -> list[Entry]:
        """What this run has done in the subject, newest first; a plan has all of a subject's writes together."""
        return list(takewhile(lambda entry: entry.subject == self._action.subject, reversed(self._entries)))

    @property
    def _state(self) -> SubjectState:
        """The subject as it was first seen for this write; without versions where it is new."""
        found = self._trail[0][1] if self._trail else None
        return found if isinstance(found, SubjectState) else SubjectState(self._action.subject)

    @property
    def _before(self) -> int:
        """The version that should be the latest: as planned, or what this run registered since."""
        return next((entry.version for entry in self._mine if entry.version), self._action.after)

    def _payload(self) -> Payload:
        """What is sent, with the versions that this run gave to what it refers to."""
        wanted = self._action.wanted
        assert wanted is not None
        pins = [
            pin if pin.version is not None else Pin(pin.use, self._given(pin.use.subject)) for pin in self._action.pins
        ]
        made = payload(wanted, pins, self._state.latest)
        assert made is not None
        return made

    def _given(self, subject: str) -> int | None:
        """The version that this run gave last to another subject."""
        return next((e.version for e in reversed(self._entries) if e.subject == subject and e.version), None)

    def _step(self, what: str, attempt: int = 0) -> Step:
        return Step(what, self._action, self._payload(), attempt)

    def _setting(self, outcome: Outcome) -> Step | Entry | Stop:
        """The steps of a subject's mode: look, set, and look again where no answer came, or a refusal."""
        action, state = self._action, self._state
        if isinstance(outcome, SubjectState):
            return self._seen(outcome)
        if isinstance(outcome, Accepted):
            return self._set("set")
        if isinstance(outcome, No) and outcome.status in halts.NOT_ALLOWED:
            if covers(state.config.level, action.level):
                return self._set("existing", halts.inherited(action, state.config.level))
            return halts.mode_refused(action, outcome.status, outcome.message, outcome.help)
        # Refused may be what somebody else has just set: some registries answer the second of two at once with 409.
        return Step("state", action, attempt=1)

    def _seen(self, found: SubjectState) -> Step | Entry | Stop:
        """What the subject's mode is now, before it was set or after."""
        action = self._action
        tried = next((answer for step, answer in self._trail if step.what == "set-level"), None)
        if found.config.source == "subject" and covers(found.config.level, action.level):
            return self._set("set" if isinstance(tried, Lost) else "existing")
        if found.exists:
            return self._set("existing", "the subject came into being meanwhile; its mode is left as it is")
        if isinstance(tried, No):
            return halts.mode_refused(action, tried.status, tried.message, tried.help)
        return halts.unset(action) if tried is not None else Step("set-level", action)

    def _set(self, result: str, remark: str = "") -> Entry:
        return Entry(self._action.subject, result, level=self._action.level, path=self._action.path, remark=remark)

    def _looked(self, outcome: Outcome) -> Step | Entry | Stop:
        assert isinstance(outcome, SubjectState)
        if any(step.what == "register" for step, _ in self._trail):
            return self._between(outcome)
        why, help_ = unwritable(outcome)
        if why:
            return Stop(self._action.subject, why, help_)
        latest = outcome.latest
        return self._step("ask" if (latest.version if latest else 0) == self._before else "lookup")

    def _found(self, outcome: Outcome) -> Entry | Stop:
        """Somebody has changed the subject since the plan: with this very version, or with another."""
        latest = self._state.latest
        if isinstance(outcome, Registered) and (latest is None or outcome.version >= latest.version):
            return self._entry("existing", outcome)
        return halts.changed(self._action, latest, self._before)

    def _answered(self, outcome: Outcome) -> Step | Stop:
        assert isinstance(outcome, Verdict)
        return self._step("register") if outcome.compatible else halts.incompatible(self._action, outcome)

    def _registered(self, outcome: Outcome) -> Step | Stop:
        if isinstance(outcome, No) and outcome.status in halts.NOT_ALLOWED:
            return self._refused(outcome)
        # Refused may be what somebody else has just registered.
        return self._step("verify")

    def _refused(self, said: No) -> Stop:
        return halts.refused(self._action, said.status, said.message, said.help)

    def _verified(self, step: Step, outcome: Outcome) -> Step | Entry | Stop:
        sent = next(found for was, found in self._trail if was.what == "register")
        if isinstance(outcome, Registered):
            return self._stored(outcome)
        if isinstance(outcome, Differs):
            return self._stored_otherwise(outcome)
        if isinstance(sent, No):
            return self._refused(sent)
        if outcome is None and step.attempt + 1 < LOOKS:
            return self._step("verify", step.attempt + 1)
        why = next((one for one in (outcome, sent) if isinstance(one, Lost | No)), Lost(""))
        return halts.unverified(self._action, accepted=isinstance(sent, Accepted), why=why.message, help_=why.help)

    def _stored(self, found: Registered) -> Step | Entry | Stop:
        if found.version < self._before:
            return halts.older(self._action, found, self._before)
        if found.version == self._before:
            return self._entry("existing", found)
        if found.version > self._before + 1:
            return Step("state", self._action, attempt=1)
        return self._entry(self._whose, found)

    @property
    def _whose(self) -> str:
        """The result of a version that was not there before: somebody else's, where ours was refused."""
        return "existing" if any(isinstance(found, No) for _, found in self._trail) else "created"

    def _stored_otherwise(self, outcome: Differs) -> Entry | Stop:
        found = outcome.found
        if found.version == self._before and outcome.missing and not MEANING & set(outcome.missing):
            return self._entry("existing", found, unkept(outcome.missing, found.version), judged=True)
        return halts.differs(self._action, found)

    def _between(self, state: SubjectState) -> Entry:
        """The version got a higher number than expected: by deleted versions, or by somebody else's."""
        found = self._trail[-2][1]
        assert isinstance(found, Registered)
        others = [v.version for v in state.live if self._before < v.version < found.version]
        remark = halts.overtaken(others, found.version) if others else ""
        return self._entry(self._whose, found, remark, judged=not others)

    def _entry(self, result: str, found: Registered, remark: str = "", *, judged: bool = True) -> Entry:
        action = self._action
        return Entry(
            action.subject,
            result,
            found.version,
            found.id,
            found.guid,
            action.fingerprint,
            action.path,
            action.label,
            remark=remark,
            judged=judged,
        )
