"""Which of the wanted versions a registry has already, and which versions of other subjects each is tied to."""

from __future__ import annotations

import json
from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

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


def tied(one: Desired, state: SubjectState | None, others: Mapping[str, Desired]) -> Desired:
    """The subject with its uses led to the subjects that its latest version refers to, where those hold the same.

    One schema may serve several subjects; nothing is registered again to refer to another one of them.
    """
    latest = state.latest if state is not None else None
    led = {reference.name: reference.subject for reference in latest.payload.references} if latest is not None else {}

    def use_of(use: Use) -> Use:
        other = led.get(use.name, use.subject)
        if other == use.subject or not _alike(others.get(other), others.get(use.subject)):
            return use
        return Use(use.name, other)

    uses = [tuple(sorted(map(use_of, wanted.uses))) for wanted in one.wanted]
    return replace(one, wanted=tuple(replace(w, uses=mine) for w, mine in zip(one.wanted, uses, strict=True)))


def _alike(one: Desired | None, other: Desired | None) -> bool:
    """Whether the newest wanted versions of two subjects say the same."""
    if one is None or other is None or not (one.wanted and other.wanted):
        return False
    mine, theirs = one.wanted[-1].inlined, other.wanted[-1].inlined
    if text_key(mine) == text_key(theirs):
        return True
    shape = shape_key(mine)
    return shape is not None and shape == shape_key(theirs)


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
    kept = _Kept(state)
    found: dict[int, Registered] = {}
    pins: dict[int, tuple[Pin, ...]] = {}
    questions: list[Question] = []
    last = len(one.wanted) - 1
    for index, wanted in enumerate(one.wanted):
        pins[index] = tuple(_pin(use, state, states.get(use.subject), tips.get(use.subject)) for use in wanted.uses)
        here = kept.find(wanted, pins[index], exact=index == last)
        key = (one.subject, index)
        if here is None and state.exists and not state.foreign:
            sent = payload(wanted, pins[index], state.latest)
            if sent is not None and key not in lookups:
                questions.append(Question("lookup", key, sent, one.normalize))
            here = lookups.get(key)
        if here is not None:
            found[index] = here
        else:
            # A new version refers to the newest of everything: only so is its whole text what its references say.
            pins[index] = tuple(_newest(use, tips.get(use.subject)) for use in wanted.uses)
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
    return _newest(use, tip)


def _newest(use: Use, tip: Tip | None) -> Pin:
    return Pin(use, tip.version if tip is not None else None)


def _still_means(state: SubjectState | None, number: int, tip: Tip) -> bool:
    version = next((v for v in state.live if v.version == number), None) if state is not None else None
    if version is None:
        return False
    if version.version == tip.version:
        return True
    needed = {(pin.use.subject, pin.version) for pin in tip.pins}
    if not needed <= {(r.subject, r.version) for r in version.payload.references}:
        return False
    return meaning_key(version.payload.schema) == meaning_key(tip.wanted.text)


class _Kept:
    """A subject's versions by what they say, newest first; each text is read once."""

    def __init__(self, state: SubjectState) -> None:
        self._live = state.live[::-1]
        self._worded: dict[str | None, list[Registered]] = {}
        self._shaped: dict[str, Registered] | None = None
        for version in self._live:
            self._worded.setdefault(text_key(version.payload.schema), []).append(version)

    def find(self, wanted: Wanted, pins: tuple[Pin, ...], *, exact: bool) -> Registered | None:
        """The newest version with this content. Where it is not ``exact``, references may have moved since.

        Only the newest wanted version has to be what a client's lookup finds; older ones have to be there at all. What
        the registered version refers to besides, such as what its references refer to themselves, changes nothing.
        """
        needed = {(pin.use.name, pin.use.subject, pin.version) for pin in pins}
        key = text_key(wanted.text)
        for version in self._worded.get(key, ()) if key is not None else ():
            references = {(r.name, r.subject, r.version) for r in version.payload.references}
            if not exact or needed <= references:
                return version
        return None if exact else self._shapes().get(_shape(wanted.text))

    def _shapes(self) -> dict[str, Registered]:
        if self._shaped is None:
            self._shaped = {}
            for version in self._live:
                self._shaped.setdefault(_shape(version.payload.schema), version)
            self._shaped.pop("", None)
        return self._shaped


def _shape(text: str) -> str:
    """A text's :func:`shape_key` as one to find it by; empty where it has none."""
    try:
        shape = shape_key(text)
        return "" if shape is None else json.dumps(shape, sort_keys=True)
    except RecursionError:
        return ""
