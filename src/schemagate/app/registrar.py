"""The loop that carries a plan out: asks the plan for its next step, does it, and tells it what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from schemagate.errors import RegistryError
from schemagate.plan.halts import interrupted
from schemagate.plan.kept import left_out
from schemagate.plan.steps import (
    WRITING,
    Accepted,
    Differs,
    Done,
    Lost,
    No,
    Outcome,
    Progress,
    Step,
    next_step,
    record,
)
from schemagate.plan.texts import shape_key, text_key
from schemagate.plan.values import Action, Plan
from schemagate.wire.values import Registered

if TYPE_CHECKING:
    from schemagate.adapters.registry.client import Registry

Told = Callable[[int, int, Action], None]
"""Hears which write of how many is begun."""

FIRST_WAIT: Final = 0.2
"""Seconds before what was written is looked for once more; doubled each time."""


def silent(_number: int, _count: int, _action: Action) -> None:
    """Tells nobody."""


class Registrar:
    """Carries one plan out. ``sleep`` waits seconds."""

    def __init__(
        self, registry: Registry, plan: Plan, told: Told = silent, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._registry = registry
        self._plan = plan
        self._told = told
        self._sleep = sleep

    def run(self) -> Done:
        """Ends when everything is done, at the first write that fails, or where a person ends it."""
        progress = Progress()
        count = len(self._plan.writes)
        while True:
            step = next_step(self._plan, progress)
            if isinstance(step, Done):
                return step
            if not progress.trail:
                self._told(len(progress.entries) + 1, count, step.action)
            try:
                outcome = self._do(step)
            except KeyboardInterrupt:
                return Done(progress.entries, interrupted(step.action, writing=step.what in WRITING))
            progress = record(self._plan, progress, step, outcome)

    def _do(self, step: Step) -> Outcome:
        from schemagate.adapters.registry import Refused

        if step.what == "verify" and step.attempt:
            self._sleep(FIRST_WAIT * 2 ** (step.attempt - 1))
        try:
            return self._ask(step)
        except Refused as error:
            return No(error.status, error.reason or error.message, error.hint)
        except RegistryError as error:
            return Lost(error.message, error.hint)

    def _ask(self, step: Step) -> Outcome:
        registry, action = self._registry, step.action
        subject, normalize = action.subject, action.normalize
        if step.what == "state":
            return registry.state(subject)
        if step.what == "set-level":
            registry.set_level(subject, action.level)
            return Accepted()
        assert step.payload is not None
        if step.what == "ask":
            return registry.compatible(subject, step.payload, normalize=normalize)
        if step.what == "register":
            return Accepted(registry.register(subject, step.payload, normalize=normalize))
        found = registry.lookup(subject, step.payload, normalize=normalize)
        if step.what == "verify" and found is not None and not _same(found, step):
            return Differs(found, left_out(step.payload.schema, found.payload.schema))
        return found


def _same(found: Registered, step: Step) -> bool:
    """Whether what the registry stores says what was sent: meaning, docs and properties, in whatever spelling."""
    assert step.payload is not None
    sent, stored = step.payload.schema, found.payload.schema
    if not stored:  # some registries answer a lookup without the text
        return True
    if text_key(stored) == text_key(sent):
        return True
    shape = shape_key(sent)
    return shape is not None and shape == shape_key(stored)
