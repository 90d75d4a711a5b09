"""Which of the wanted versions a registry has already, and which versions of other subjects each is tied to."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from schemagate.plan.texts import meaning_key, payload, shape_key, text_key
from schemagate.plan.values import Desired, Key, Pin, Question, Use, Wanted
from schemagate.wire.values import Registered, SubjectState


class Tip(msgspec.Struct, frozen=True):
    """What others refer to: a subject's newest wanted version."""

    wanted: Wanted
    version: int | None = None
    """None where the registry does not have it."""
    pins: tuple[Pin, ...] = ()
    known: bool = True
    """False while a lookup decides it."""
    blocked: bool = False


class Placed(msgspec.Struct, frozen=True):
    """The wanted versions of one subject against what is registered, by index."""

    found: Mapping[int, Registered] = msgspec.field(default_factory=dict)
    pins: Mapping[int, tuple[Pin, ...]] = msgspec.field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    known: bool = True
    """False while lookups, its own or those of subjects that it refers to, have to be answered."""
    waits: tuple[str, ...] = ()
    """Blocked subjects of which it needs a version that is not registered."""

    @property
    def newest(self) -> int:
        """The index of the newest wanted version that is registered, -1 for none."""
        return max(self.found, default=-1)


def place(
    one: Desired,
    states: Mapping[str, SubjectState],
    tips: Mapping[str, Tip],
    lookups: Mapping[Key, Registered | None],
) -> Placed:
    """Finds each wanted version: among the versions that were read, else by the registry's own lookup.

    ``tips`` are those of the subjects that this one refers to.
    """
    state = states.get(one.subject) or SubjectState(one.subject)
    known = all(tips[use.subject].known for wanted in one.wanted for use in wanted.uses if use.subject in tips)
    if not known:
        return Placed(known=False)
    found: dict[int, Registered] = {}
    pins: dict[int, tuple[Pin, ...]] = {}
    questions: list[Question] = []
    last = len(one.wanted) - 1
    for index, wanted in enumerate(one.wanted):
        pins[index] = tuple(_pin(use, state, states.get(use.subject), tips.get(use.subject)) for use in wanted.uses)
        here = _among(wanted, pins[index], state, exact=index == last)
        key = (one.subject, index)
        if here is None and state.exists:
            sent = payload(wanted, pins[index], state.latest)
            if sent is not None and key not in lookups:
                questions.append(Question("lookup", key, sent, one.normalize))
            here = lookups.get(key)
        if here is not None:
            found[index] = here
    waits = {pin.use.subject for pin in pins[last] if pin.version is None and _blocked(tips.get(pin.use.subject))}
    return Placed(found, pins, tuple(questions), not questions, tuple(sorted(waits)))


def _blocked(tip: Tip | None) -> bool:
    return tip is None or tip.blocked


def _pin(use: Use, own: SubjectState, other: SubjectState | None, tip: Tip | None) -> Pin:
    """The version of the other subject that this use is tied to.

    What the latest registered version is tied to stays while it means the same: a new doc moves no reference.
    """
    latest = own.latest
    if latest is not None and tip is not None:
        for reference in latest.payload.references:
            if reference.subject == use.subject and _still_means(other, reference.version, tip):
                return Pin(use, reference.version)
    return Pin(use, tip.version if tip is not None else None)


def _still_means(state: SubjectState | None, number: int, tip: Tip) -> bool:
    version = next((v for v in state.live if v.version == number), None) if state is not None else None
    if version is None:
        return False
    if version.version == tip.version:
        return True
    tied = {(pin.use.subject, pin.version) for pin in tip.pins}
    if tied != {(r.subject, r.version) for r in version.payload.references}:
        return False
    return meaning_key(version.payload.schema) == meaning_key(tip.wanted.text)


def _among(wanted: Wanted, pins: tuple[Pin, ...], state: SubjectState, *, exact: bool) -> Registered | None:
    """The newest registered version with this content. Where it is not ``exact``, references may have moved since.

    Only the newest wanted version has to be what a client's lookup finds; older ones have to be there at all.
    """
    tied = {(pin.use.name, pin.use.subject, pin.version) for pin in pins}
    key = text_key(wanted.text)
    for version in reversed(state.live):
        if text_key(version.payload.schema) == key:
            references = {(r.name, r.subject, r.version) for r in version.payload.references}
            if not exact or references == tied:
                return version
    if exact:
        return None
    shape = shape_key(wanted.text)
    return next((v for v in reversed(state.live) if shape and shape_key(v.payload.schema) == shape), None)
