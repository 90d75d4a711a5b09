"""Answers a plan's questions before anything is written: by lookups, the registry's verdicts and our judgement."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from schemagate.app.answers import looked_up, sent_text
from schemagate.app.desires import Desires
from schemagate.app.request import CheckRequest
from schemagate.app.scope import Scope
from schemagate.compat.solve import Memo
from schemagate.engine.assemble import Parts, assemble
from schemagate.engine.judge import Judge
from schemagate.engine.lineage import Version
from schemagate.engine.tell import Grades, Teller
from schemagate.finding import Finding, Provenance, Report, VersionId
from schemagate.plan.decide import decide
from schemagate.plan.texts import text_key
from schemagate.plan.values import Answers, Desired, Judgement, Key, Plan, Question
from schemagate.rules.catalog import BY_ID, CHANGE
from schemagate.schema.canonical import content_key
from schemagate.schema.model import Schema
from schemagate.wire.values import Registered, SubjectState, Verdict

if TYPE_CHECKING:
    from schemagate.adapters.registry.client import Registry
    from schemagate.app.check import Examined
    from schemagate.app.combine import Standing

AT_ONCE: Final = 8
"""Questions that are under way at the registry at the same time."""


def planned(scope: Scope, request: CheckRequest, examined: Examined, wishes: Desires, registry: Registry) -> Plan:
    """The complete plan. Raises RegistryError, and UndecidedError where a comparison passes its budget."""
    oracle = _Oracle(scope, request, examined, wishes, registry)
    states = oracle.states()
    answers = Answers({}, {}, {})
    while True:
        plan = decide(wishes.desired, states, answers)
        if not plan.questions:
            return plan
        answers = oracle.answer(answers, plan.questions)


class _Oracle:
    """What one run knows already, and the registry to ask for the rest."""

    def __init__(
        self, scope: Scope, request: CheckRequest, examined: Examined, wishes: Desires, registry: Registry
    ) -> None:
        self._registry = registry
        self._wishes = wishes
        self._desired = {one.subject: one for one in wishes.desired}
        self._examined = examined
        self._standings = {standing.subject: standing for standing in examined.standings}
        self._bench = _Bench(scope, request, examined)

    def states(self) -> dict[str, SubjectState]:
        """Every wanted subject's state: what the judging read, and of the others the registry's word."""
        remote = self._examined.remote
        known = {subject: held.state for subject, held in remote.held.items()} if remote is not None else {}
        missing = [one.subject for one in self._wishes.desired if one.subject not in known]
        return {**known, **(self._registry.states(missing) if missing else {})}

    def answer(self, answers: Answers, questions: Sequence[Question]) -> Answers:
        """The answers with those to these questions; what was asked before while judging is not asked again."""
        lookups, judgements, verdicts = dict(answers.lookups), dict(answers.judgements), dict(answers.verdicts)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            looked = [(q, pool.submit(self._lookup, q)) for q in questions if q.what == "lookup"]
            asked = [(q, pool.submit(self._ask, q)) for q in questions if q.what == "ask"]
            judgements.update({q.key: self._judge(q.key) for q in questions if q.what == "judge"})
            lookups.update({q.key: answer.result() for q, answer in looked})
            verdicts.update({q.key: answer.result() for q, answer in asked})
        return Answers(lookups, judgements, verdicts)

    def _lookup(self, question: Question) -> Registered | None:
        if self._surely_new(question.key):
            return None
        subject, normalize = question.key[0], question.normalize
        return self._found(question) or looked_up(self._registry, subject, question.payload, normalize=normalize)

    def _surely_new(self, key: Key) -> bool:
        """Whether no version that is registered says what this one says: then no lookup finds it."""
        standing = self._standings.get(key[0])
        if standing is None or not self._is_tip(key):
            return False
        return not (standing.proposed or standing.akin or standing.held.unreadable or standing.held.foreign)

    def _found(self, question: Question) -> Registered | None:
        """The version that the judging has looked up under this very text already."""
        subject, index = question.key
        standing, remote = self._standings.get(subject), self._examined.remote
        if standing is None or remote is None or subject in remote.lost or not self._is_tip(question.key):
            return None
        versions = [v for v in standing.held.live if v.version in standing.proposed]
        wanted = self._desired[subject].wanted[index]
        if len(versions) != 1 or question.payload.references or text_key(wanted.text) != self._judged_text(standing):
            return None
        return versions[0]

    def _judged_text(self, standing: Standing) -> str | None:
        if standing.lineage.candidate is None:
            return None
        return text_key(sent_text(standing, self._examined.gathered.workspace))

    def _ask(self, question: Question) -> Verdict:
        subject, _ = question.key
        standing, remote = self._standings.get(subject), self._examined.remote
        if standing is not None and remote is not None and self._is_tip(question.key):
            known = remote.verdicts.get((standing.lineage.path, subject))
            if known is not None:
                return known
        return self._registry.compatible(subject, question.payload, normalize=question.normalize)

    def _is_tip(self, key: Key) -> bool:
        """Whether this is the version that the judging took for the subject's candidate."""
        subject, index = key
        wanted, standing = self._desired[subject].wanted, self._standings.get(subject)
        return index == len(wanted) - 1 and standing is not None and standing.lineage.path == wanted[index].path

    def _judge(self, key: Key) -> Judgement:
        subject, index = key
        standing = self._standings.get(subject)
        if standing is None:
            return Judgement()
        before = [
            (wanted.label or wanted.path, wanted.path, self._wishes.schemas[subject, n])
            for n, wanted in enumerate(self._desired[subject].wanted[:index])
        ]
        return self._bench.judge(self._desired[subject], index, standing, self._wishes.schemas[key], before)


class _Bench:
    """Our engine, set to judge what would be registered against what the registry holds."""

    def __init__(self, scope: Scope, request: CheckRequest, examined: Examined) -> None:
        self._scope = scope
        self._request = request
        self._teller = Teller(examined.gathered.workspace, Grades(scope.settings, request.severities), BY_ID)
        self._judge = Judge(CHANGE, Memo())

    def judge(
        self,
        one: Desired,
        index: int,
        standing: Standing,
        candidate: Schema,
        before: Sequence[tuple[str, str, Schema]],
    ) -> Judgement:
        """What breaks the versions that are registered, and those that this plan registers before."""
        held, newest = _registered(standing)
        level = standing.level
        ways = level.directions if level is not None else ()
        pending = [
            Version(VersionId(label, (Provenance("file", path, path),)), schema, asked=ways)
            for label, path, schema in _unregistered(before, standing)
        ]
        if pending and not (level is not None and level.transitive):
            # Then only the version before counts, which the registry does not hold yet.
            held = [replace(version, latest=False, asked=()) for version in held]
            pending = [*(replace(version, asked=()) for version in pending[:-1]), pending[-1]]
        versions = [*held, *pending]
        if not versions:
            return Judgement()
        path = one.wanted[index].path
        lineage = replace(
            standing.lineage,
            path=path,
            candidate=candidate,
            versions=tuple(versions),
            newest=pending[-1] if pending else newest,
            change="changed",
            via="",
            former_names=(),
        )
        told = (self._teller.judged(judged, lineage) for judged in self._judge.judge(lineage))
        findings = [finding for finding in told if finding is not None and not finding.inherited]
        report = self._report(findings, lineage.subject, path)
        mine = {finding.fingerprint for finding in findings}
        breaks = [f for f in report.findings if f.fingerprint in mine and f.severity >= report.fail_on]
        accepted = [s.finding for s in report.suppressed if s.finding.fingerprint in mine]
        return Judgement(tuple(map(_told, breaks)), tuple(f"{f.rule} at {f.path}" for f in accepted))

    def _report(self, findings: Sequence[Finding], subject: str, path: str) -> Report:
        """The findings without those that a person accepted."""
        settings, former = self._scope.settings, self._scope.former
        from_base = settings.waivers_from_base or former.waivers_from_base
        fail_on = settings.fail_on if self._request.fail_on is None else self._request.fail_on
        return assemble(
            Parts(
                findings=findings,
                teller=self._teller,
                today=self._request.today,
                waivers=(former if from_base else settings).waivers,
                config_path=settings.path,
                fail_on=fail_on,
                judged={subject},
                files={path},
            )
        )


def _unregistered(before: Sequence[tuple[str, str, Schema]], standing: Standing) -> Sequence[tuple[str, str, Schema]]:
    """Those of the wanted versions before one that this plan registers: all after the last that is there."""
    there = {content_key(schema) for schema in standing.same.values()}
    last = max((n for n, (_, _, schema) in enumerate(before) if content_key(schema) in there), default=-1)
    return before[last + 1 :]


def _registered(standing: Standing) -> tuple[list[Version], Version | None]:
    """The subject's own versions in the registry, oldest first, as the lineage names them; and the latest of them."""
    several = len(standing.lineage.names) > 1
    latest = standing.held.state.latest
    found: list[Version] = []
    newest: Version | None = None
    for version in standing.lineage.versions:
        labels = {place.label for place in version.id.published if place.source == "registry"}
        suffix = f" of {standing.subject}" if several else ""
        if not any(label.endswith(suffix) for label in labels):
            continue
        found.append(version)
        if latest is not None and f"registry {latest.version}{suffix}" in labels:
            newest = version
    return found, newest


def _told(finding: Finding) -> str:
    versions = ", ".join(dict.fromkeys(str(against.version) for against in finding.against))
    return (
        f"{finding.message} [{finding.rule}], against {versions}" if versions else f"{finding.message} [{finding.rule}]"
    )
