"""Decides what each subject needs: ``decide(desired, states, answers)`` gives the plan, or what to find out first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from schemagate.compat.modes import Mode
from schemagate.plan import kept, words
from schemagate.plan.levels import level_to_set
from schemagate.plan.order import reference_order
from schemagate.plan.places import Placed, Tip, place, tied
from schemagate.plan.texts import inlined_payload, payload, shape_key
from schemagate.plan.values import (
    BLOCKED,
    CREATE,
    NEW_VERSION,
    RE_REGISTER,
    SET_MODE,
    THERE,
    Action,
    Answers,
    Desired,
    Judgement,
    Plan,
    Question,
)
from schemagate.wire.values import Registered, SubjectState


def decide(desired: Sequence[Desired], states: Mapping[str, SubjectState], answers: Answers) -> Plan:
    """The plan as far as the answers reach. Ask its questions, add the answers, decide again, until none is left.

    A subject without a state does not exist. The order of ``desired`` does not matter.
    """
    known = {one.subject: one for one in desired}
    ordered, circle = reference_order([tied(one, states.get(one.subject), known) for one in desired])
    decider = _Decider(states, answers)
    for one in ordered:
        decider.subject(one, circular=one.subject in circle)
    return Plan(tuple(decider.actions), tuple(decider.questions))


class _Decider:
    def __init__(self, states: Mapping[str, SubjectState], answers: Answers) -> None:
        self._states = states
        self._answers = answers
        self._tips: dict[str, Tip] = {}
        self.actions: list[Action] = []
        self.questions: list[Question] = []

    def subject(self, one: Desired, *, circular: bool) -> None:
        obstacles = list(one.obstacles)
        if circular:
            obstacles.append("its types and another subject's refer to each other, so that neither can come first")
        if not one.wanted:
            obstacles = obstacles or ["there is no schema to register"]
        if obstacles:
            path = one.wanted[-1].path if one.wanted else ""
            help_ = "repair the schema or the configuration"
            self.actions.append(Action(BLOCKED, one.subject, "; ".join(obstacles), path=path, help=help_))
            if one.wanted:
                self._tips[one.subject] = Tip(one.wanted[-1], blocked=True)
            return
        placed = place(one, self._states, self._tips, self._answers.lookups)
        self.questions += placed.questions
        last = len(one.wanted) - 1
        tip = placed.found.get(last)
        self._tips[one.subject] = Tip(
            one.wanted[-1], tip.version if tip is not None else None, placed.pins.get(last, ()), known=placed.known
        )
        if not placed.known:
            return
        state = self._states.get(one.subject) or SubjectState(one.subject)
        mine = _SubjectPlan(one, state, placed, self._answers)
        made = mine.all()
        self.actions += made
        self.questions += mine.questions
        if any(action.kind == BLOCKED for action in made):
            self._tips[one.subject] = replace(self._tips[one.subject], blocked=True)


class _SubjectPlan:
    """What one subject needs, once it is known which of its wanted versions are registered."""

    def __init__(self, one: Desired, state: SubjectState, placed: Placed, answers: Answers) -> None:
        self._one = one
        self._state = state
        self._placed = placed
        self._answers = answers
        self.questions: list[Question] = []

    def all(self) -> list[Action]:
        one, state, placed = self._one, self._state, self._placed
        last = len(one.wanted) - 1
        latest, tip = state.latest, placed.found.get(last)
        notes = tuple(words.left_out(one.wanted[i]) for i in range(placed.newest) if i not in placed.found)
        if tip is not None and latest is not None and latest.version > tip.version:
            return [replace(self._blocked(last, *words.differs(tip, latest)), version=tip.version, notes=notes)]
        if tip is not None:
            there = self._there(last, tip)
            return [replace(there, notes=(*there.notes, *notes))]
        actions: list[Action] = []
        number = max((version.version for version in state.versions), default=0)
        before: list[str] = []
        for index in range(placed.newest + 1, last + 1):
            number += 1
            action = self._new(index, number, before)
            if not actions:
                action = replace(action, notes=(*action.notes, *notes))
            actions.append(action)
            if action.kind == BLOCKED:
                if index < last:
                    rest = ", ".join(w.label or w.path for w in one.wanted[index + 1 :])
                    actions[-1] = replace(action, notes=(*action.notes, f"{rest} would follow it and waits too"))
                return actions
            before.append(one.wanted[index].label or f"version {number}")
        return [*self._mode(actions), *actions]

    def _there(self, last: int, tip: Registered) -> Action:
        """What is registered; blocked where the registry confuses it with something else."""
        missing = kept.left_out(self._one.wanted[last].text, tip.payload.schema)
        confused = [kind for kind in missing if kind in kept.MEANING]
        if confused:
            return self._blocked(last, *words.mistaken(confused, tip.version))
        there = self._action(THERE, last, words.already(tip, self._one.wanted[last].label))
        notes = (words.unkept(missing, tip.version),) if missing else ()
        return replace(there, version=tip.version, id=tip.id, guid=tip.guid, notes=notes)

    def _mode(self, actions: list[Action]) -> list[Action]:
        """The mode of a new subject. Why it is left as it is, is a note of the first version."""
        if self._state.exists:
            return []
        level, why = level_to_set(self._one.level, self._state.config)
        if level:
            return [Action(SET_MODE, self._one.subject, why, path=actions[0].path, level=level)]
        if why:
            actions[0] = replace(actions[0], notes=(*actions[0].notes, why))
        return []

    def _new(self, index: int, number: int, before: Sequence[str]) -> Action:
        one, state, placed = self._one, self._state, self._placed
        wanted, pins = one.wanted[index], placed.pins[index]
        why, help_ = words.unwritable(state)
        if why:
            return self._blocked(index, why, help_)
        if one.failing:
            return self._blocked(index, *words.found(one.failing))
        if placed.waits:
            return self._blocked(index, f"it refers to {words.listed(placed.waits)}, which is blocked", "see there")
        why = words.too_large(wanted)
        if why:
            return self._blocked(index, why, "split the schema, or register its types as subjects of their own")
        judgement = self._answers.judgements.get((one.subject, index))
        if judgement is not None and judgement.breaks:
            return self._blocked(index, *words.broken(judgement))
        verdict = self._answers.verdicts.get((one.subject, index))
        self._question(index, asked=not before or _transitive(state.config.level))
        if verdict is not None and not verdict.compatible:
            return self._blocked(index, *words.refused(verdict, judgement or Judgement()))
        agreed = words.agreed(state, judgement or Judgement(), verdict)
        notes = (agreed,) if agreed else ()
        latest = state.latest
        if latest is None and not before:
            return self._action(CREATE, index, words.created(state), version=number)
        if latest is not None and not before and _same_shape(wanted.text, latest.payload.schema):
            action = self._action(RE_REGISTER, index, words.moved(pins, latest), version=number)
        else:
            action = self._action(NEW_VERSION, index, words.added(wanted, state, before), version=number)
        return replace(action, notes=notes, after=latest.version if latest is not None else 0)

    def _question(self, index: int, *, asked: bool) -> None:
        one, latest = self._one, self._state.latest
        wanted, key = one.wanted[index], (one.subject, index)
        folded = inlined_payload(wanted, latest)
        if key not in self._answers.judgements:
            self.questions.append(Question("judge", key, folded))
        if asked and key not in self._answers.verdicts:
            sent = payload(wanted, self._placed.pins[index], latest) or folded
            self.questions.append(Question("ask", key, sent, one.normalize))

    def _blocked(self, index: int, why: str, help_: str) -> Action:
        return replace(self._action(BLOCKED, index, why), help=help_)

    def _action(self, kind: str, index: int, why: str, *, version: int | None = None) -> Action:
        wanted = self._one.wanted[index]
        return Action(
            kind,
            self._one.subject,
            why,
            path=wanted.path,
            wanted=wanted,
            version=version,
            pins=self._placed.pins[index],
            normalize=self._one.normalize,
        )


def _same_shape(one: str, other: str) -> bool:
    shape = shape_key(one)
    return shape is not None and shape == shape_key(other)


def _transitive(level: str) -> bool:
    return level in list(Mode) and Mode(level).transitive
