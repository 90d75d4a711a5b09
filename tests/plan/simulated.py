"""A registry as a few dictionaries, which may lose answers, die under a client, or be changed by others."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from schemagate.plan.decide import decide
from schemagate.plan.steps import Accepted, Done, Lost, No, Outcome, Progress, Step, next_step, record
from schemagate.plan.values import Answers, Desired, Judgement, Plan, Use, Wanted
from schemagate.wire.values import Payload, Registered, SubjectConfig, SubjectState, Verdict


class KilledError(Exception):
    """The client died."""


def text(name: str, *fields: str, doc: str = "") -> str:
    """A record's JSON text; a field is ``name:type``."""
    rows = [{"name": f.partition(":")[0], "type": f.partition(":")[2] or "string"} for f in fields]
    value = {"type": "record", "name": name, "namespace": "com.example", "fields": rows}
    return json.dumps(value | ({"doc": doc} if doc else {}))


def wanted(schema: str, label: str = "", uses: Iterable[tuple[str, str]] = (), path: str = "a.avsc") -> Wanted:
    return Wanted(path, schema, schema, label, tuple(Use(*use) for use in uses), f"print-{label}")


def desired(
    subject: str, *versions: Wanted, level: str = "FULL_TRANSITIVE", obstacles: tuple[str, ...] = ()
) -> Desired:
    return Desired(subject, level, versions, obstacles=obstacles)


@dataclass
class Simulated:
    """Versions by subject, oldest first. ``refuses(subject, payload, versions)`` is its idea of compatibility."""

    level: str = "BACKWARD"
    subjects: dict[str, list[Registered]] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    modes: dict[str, str] = field(default_factory=dict)
    forbidden: set[str] = field(default_factory=set)
    """``register`` or ``set-level``, which this account may not do."""
    refuses: Callable[[str, Payload, list[Registered]], bool] = lambda *_: False
    deaf: tuple[str, ...] = ()
    """The members of a record that it leaves out when it compares, such as ``doc``."""
    log: list[str] = field(default_factory=list)

    def live(self, subject: str) -> list[Registered]:
        return [v for v in self.subjects.get(subject, []) if not v.deleted]

    def state(self, subject: str) -> SubjectState:
        level, own = self.levels.get(subject), subject in self.levels
        config = SubjectConfig(level or self.level, "subject" if own else "global")
        return SubjectState(
            subject, tuple(self.subjects.get(subject, [])), config, self.modes.get(subject, "READWRITE")
        )

    def lookup(self, subject: str, payload: Payload) -> Registered | None:
        return next((v for v in reversed(self.live(subject)) if same(v.payload, payload, self.deaf)), None)

    def ask(self, subject: str, payload: Payload) -> Verdict:
        refused = self.refuses(subject, payload, self.live(subject))
        return Verdict(not refused, ("no such luck",) if refused else ())

    def register(self, subject: str, payload: Payload) -> Accepted | No:
        there = self.lookup(subject, payload)
        if there is not None:
            return Accepted(there.id)
        if "register" in self.forbidden:
            return No(403, "User is denied operation Write on Subject")
        if self.modes.get(subject, "READWRITE") != "READWRITE":
            return No(422, f"Subject {subject} is in read-only mode")
        if self.refuses(subject, payload, self.live(subject)):
            return No(409, "incompatible with an earlier schema")
        self.log.append(f"register {subject}")
        versions = self.subjects.setdefault(subject, [])
        found = Registered(subject, len(versions) + 1, self._id(payload), payload)
        versions.append(found)
        return Accepted(found.id)

    def set_level(self, subject: str, level: str) -> Accepted | No:
        if "set-level" in self.forbidden:
            return No(403, "User is denied operation Write on Compatibility")
        self.log.append(f"set {subject} {level}")
        self.levels[subject] = level
        return Accepted()

    def _id(self, payload: Payload) -> int:
        everything = [v for versions in self.subjects.values() for v in versions]
        known = next((v.id for v in everything if same(v.payload, payload)), None)
        return known or max((v.id for v in everything), default=0) + 1

    def do(self, step: Step) -> Outcome:
        subject = step.action.subject
        if step.what == "state":
            return self.state(subject)
        if step.what == "set-level":
            return self.set_level(subject, step.action.level)
        assert step.payload is not None
        if step.what == "ask":
            return self.ask(subject, step.payload)
        if step.what == "register":
            return self.register(subject, step.payload)
        return self.lookup(subject, step.payload)

    def told(self) -> dict[str, list[str]]:
        """Each subject's live texts, with the versions that they refer to."""
        return {subject: [row(v.payload) for v in self.live(subject)] for subject in sorted(self.subjects)}


def row(payload: Payload) -> str:
    tied = ",".join(f"{r.subject}:{r.version}" for r in payload.references)
    return payload.schema + (f" -> {tied}" if tied else "")


def same(one: Payload, other: Payload, deaf: Iterable[str] = ()) -> bool:
    left, right = json.loads(one.schema), json.loads(other.schema)
    for key in deaf:
        left.pop(key, None)
        right.pop(key, None)
    return left == right and one.references == other.references


def planned(registry: Simulated, repository: Iterable[Desired], breaks: Mapping[str, Judgement] | None = None) -> Plan:
    """The complete plan, its questions answered by the registry, and by ``breaks`` (subject → our engine's word)."""
    repository = list(repository)
    states = {one.subject: registry.state(one.subject) for one in repository}
    lookups, judgements, verdicts = {}, {}, {}
    for _ in range(50):
        plan = decide(repository, states, Answers(lookups, judgements, verdicts))
        if not plan.questions:
            return plan
        for question in plan.questions:
            subject, _ = question.key
            if question.what == "lookup":
                lookups[question.key] = registry.lookup(subject, question.payload)
            elif question.what == "judge":
                judgements[question.key] = (breaks or {}).get(subject, Judgement())
            else:
                verdicts[question.key] = registry.ask(subject, question.payload)
    raise AssertionError("the plan never ends")


def carried_out(registry: Simulated, plan: Plan, fate: Callable[[Step], str] = lambda _: "ok") -> Done:
    """Follows the plan. ``fate`` says of each step: ok, lost (before or after it was done) or killed (likewise)."""
    progress = Progress()
    for _ in range(1000):
        step = next_step(plan, progress)
        if isinstance(step, Done):
            return step
        how = fate(step)
        if how == "killed before":
            raise KilledError
        outcome = Lost("no answer") if how == "lost before" else registry.do(step)
        if how == "killed after":
            raise KilledError
        progress = record(plan, progress, step, Lost("no answer") if how == "lost after" else outcome)
    raise AssertionError("the run never ends")


def lines(plan: Plan) -> list[str]:
    """Each action as ``kind subject label version -> pins``."""
    told = []
    for action in plan.actions:
        pins = ",".join(f"{pin.use.subject}:{pin.version or 'new'}" for pin in action.pins)
        words = [action.kind, action.subject, action.label, action.level, f"{action.version}" if action.version else ""]
        told.append(" ".join(word for word in [*words, f"-> {pins}" if pins else ""] if word))
    return told
