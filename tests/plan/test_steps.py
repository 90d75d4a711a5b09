from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings, strategies as st
from tests.plan.simulated import KilledError, Simulated, carried_out, desired, lines, planned, row, text, wanted

from schemagate.plan.steps import Accepted, Differs, Done, Lost, No, Progress, Step, next_step, record
from schemagate.plan.values import Desired, Plan
from schemagate.wire.values import Payload, Registered, SubjectConfig, SubjectState

ONE, TWO, THREE = text("User", "a"), text("User", "a", "b"), text("User", "a", "b", "c")


def repository() -> list[Desired]:
    return [
        desired("user", wanted(ONE, "v1"), wanted(TWO, "v2")),
        desired("orders", wanted(text("Order", "to:com.example.Address"), uses=[("com.example.Address", "address")])),
        desired("address", wanted(text("Address", "street"))),
    ]


END = {
    "address": [text("Address", "street")],
    "orders": [text("Order", "to:com.example.Address") + " -> address:1"],
    "user": [ONE, TWO],
}


@dataclass
class Fate:
    """What befalls each request in turn; after the last, nothing does."""

    list: list[str]
    at: int = field(default=0)

    def __call__(self, _step: Step) -> str:
        self.at += 1
        return self.list[self.at - 1] if self.at <= len(self.list) else "ok"


def until_done(registry: Simulated, fates: list[list[str]], repo: list[Desired] | None = None) -> Done:
    """Runs again and again, as a pipeline does; once the fates are used up, nothing goes wrong any more."""
    runs = [Fate(fate) for fate in fates] + [Fate([]) for _ in range(3)]
    done = None
    for fate in runs:
        try:
            done = carried_out(registry, planned(registry, repo or repository()), fate)
        except KilledError:
            done = None
    assert done is not None
    return done


def test_the_steps_of_a_new_subject():
    registry = Simulated()
    plan = planned(registry, [desired("user", wanted(ONE))])
    told = []

    def fate(step: Step) -> str:
        told.append(step.what)
        return "ok"

    done = carried_out(registry, plan, fate)

    assert told == ["state", "set-level", "ask", "register", "verify"]
    assert [(e.result, e.version, e.id, e.level) for e in done.entries] == [
        ("set", None, None, "FULL_TRANSITIVE"),
        ("created", 1, 1, ""),
    ]


@pytest.mark.parametrize("how", ["lost before", "lost after", "killed before", "killed after"])
@pytest.mark.parametrize("at", range(25))
def test_whatever_request_fails_the_next_run_does_the_rest(how, at):
    registry = Simulated()

    done = until_done(registry, [["ok"] * at + [how]])

    assert done.stop is None
    assert registry.told() == END
    assert [line for line in registry.log if line.startswith("register")] == [
        "register address",
        "register orders",
        "register user",
        "register user",
    ]


FATES = st.sampled_from(["ok", "ok", "ok", "lost before", "lost after", "killed before", "killed after"])


@st.composite
def repositories(draw) -> list[Desired]:
    """Some subjects, each with some versions, each tip referring to some subjects before it."""
    made: list[Desired] = []
    for number in range(draw(st.integers(1, 4))):
        others = draw(st.sets(st.sampled_from(range(number)), max_size=2)) if number else set()
        uses = [(f"com.example.T{other}", f"s{other}") for other in sorted(others)]
        fields = [f"f{other}:com.example.T{other}" for other in sorted(others)]
        versions = draw(st.integers(1, 3))
        texts = [text(f"T{number}", *fields, *(f"g{n}" for n in range(count + 1))) for count in range(versions)]
        labels = [f"v{count + 1}" if versions > 1 else "" for count in range(versions)]
        made.append(desired(f"s{number}", *(wanted(t, label, uses) for t, label in zip(texts, labels, strict=True))))
    return draw(st.permutations(made))


@given(repositories(), st.lists(st.lists(FATES, max_size=30), max_size=4))
@settings(max_examples=300, deadline=None)
def test_a_registry_ends_with_exactly_the_planned_versions(repo, fates):
    registry = Simulated()

    done = until_done(registry, fates, repo)

    assert done.stop is None
    held = {subject: [v.payload.schema for v in registry.live(subject)] for subject in registry.subjects}
    assert held == {one.subject: [w.text for w in one.wanted] for one in repo}
    tips = {one.subject: len(one.wanted) for one in repo}
    for one in repo:
        tied = {r.subject: r.version for r in registry.live(one.subject)[-1].payload.references}
        assert tied == {use.subject: tips[use.subject] for use in one.wanted[-1].uses}
    assert {a.kind for a in planned(registry, repo).actions} == {"already there"}


@given(repositories(), st.lists(FATES, max_size=40), st.integers(0, 40), st.integers(0, 3), st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_version_registered_by_hand_in_between_is_never_passed_over(repo, fates, when, which, ours):
    """Somebody registers in one of the subjects while a run is under way: another version, or the very same."""
    registry = Simulated()
    victim = repo[which % len(repo)]
    foreign = victim.wanted[0].text if ours and not victim.wanted[0].uses else text("T9", "by_hand")
    calls = []

    def fate(step: Step) -> str:
        if len(calls) == when:
            registry.register(victim.subject, Payload(foreign))
        calls.append(step)
        return fates[len(calls) - 1] if len(calls) <= len(fates) else "ok"

    try:
        done = carried_out(registry, planned(registry, repo), fate)
    except KilledError:
        return
    versions = registry.live(victim.subject)
    texts = [row(v.payload) for v in versions]
    assert len(set(texts)) == len(texts)
    if foreign not in (w.text for w in victim.wanted) and foreign in texts and versions[-1].payload.schema != foreign:
        # Ours came after the foreign one: only between our last look and the write, and then it is told.
        told = [entry for entry in done.entries if entry.subject == victim.subject and not entry.judged]
        assert told or (done.stop is not None and done.stop.unknown)


@given(repositories(), st.lists(FATES, max_size=30), st.lists(FATES, max_size=30), st.data())
@settings(max_examples=200, deadline=None)
def test_two_pipelines_at_once_register_nothing_twice(repo, first, second, data):
    """Both follow plans that were made before either wrote, their requests in any order."""
    registry = Simulated()
    plan = planned(registry, repo)
    fates = [Fate([f for f in fate if not f.startswith("killed")]) for fate in (first, second)]
    runs = [Progress(), Progress()]
    alive = [0, 1]
    while alive:
        who = data.draw(st.sampled_from(alive))
        step = next_step(plan, runs[who])
        if isinstance(step, Done):
            alive.remove(who)
            continue
        how = fates[who](step)
        outcome = Lost("no answer") if how == "lost before" else registry.do(step)
        runs[who] = record(plan, runs[who], step, Lost("no answer") if how == "lost after" else outcome)

    until_done(registry, [], repo)
    held = {subject: [v.payload.schema for v in registry.live(subject)] for subject in registry.subjects}
    assert held == {one.subject: [w.text for w in one.wanted] for one in repo}


def test_a_plan_with_something_blocked_is_not_begun():
    registry = Simulated()
    registry.modes["user"] = "READONLY"
    plan = planned(registry, repository())

    done = carried_out(registry, plan)

    assert done.entries == ()
    assert done.stop is not None
    assert registry.log == []


def test_a_mode_that_this_account_may_not_set_stops_the_run_and_names_the_permission():
    registry = Simulated(forbidden={"set-level"})

    done = carried_out(registry, planned(registry, [desired("user", wanted(ONE))]))

    assert done.entries == ()
    assert done.stop is not None
    assert done.stop.reason == (
        "the registry does not let this account set the subject's mode to FULL_TRANSITIVE (HTTP 403)"
    )
    assert "PUT /config/user" in done.stop.help
    assert registry.log == []


def test_a_mode_that_may_not_be_set_does_not_matter_where_the_registry_asks_for_as_much():
    registry = Simulated("FULL_TRANSITIVE", forbidden={"set-level"})

    done = carried_out(registry, planned(registry, [desired("user", wanted(ONE))]))

    assert done.stop is None
    assert [entry.result for entry in done.entries] == ["existing", "created"]
    assert done.entries[0].remark.startswith("the registry does not let this account set the subject's own mode")


def new_subject() -> Plan:
    return planned(Simulated(), [desired("user", wanted(ONE))])


def test_a_mode_that_is_refused_since_somebody_else_has_just_set_it_is_existing():
    nothing = SubjectState("user", (), SubjectConfig("BACKWARD", "global"))
    set_now = SubjectState("user", (), SubjectConfig("FULL_TRANSITIVE", "subject"))

    progress = followed(new_subject(), nothing, No(409, "A rule named 'COMPATIBILITY' already exists."), set_now)

    assert progress.stop is None
    assert [(entry.result, entry.level) for entry in progress.entries] == [("existing", "FULL_TRANSITIVE")]


def test_a_mode_that_is_refused_and_not_set_stops_with_what_was_said():
    nothing = SubjectState("user", (), SubjectConfig("BACKWARD", "global"))

    progress = followed(new_subject(), nothing, No(422, "Invalid compatibility level"), nothing)

    assert progress.stop is not None
    assert progress.stop.reason == "the registry refuses the mode FULL_TRANSITIVE: Invalid compatibility level"


def test_a_registration_that_is_forbidden_says_which_permission_is_missing():
    registry = Simulated(forbidden={"register"})

    done = carried_out(registry, planned(registry, [desired("user", wanted(ONE))]))

    assert [entry.result for entry in done.entries] == ["set"]
    assert done.stop is not None
    assert "POST /subjects/user/versions" in done.stop.help


def test_the_registry_is_asked_again_just_before_the_write():
    registry = Simulated(subjects={"user": [Registered("user", 1, 1, Payload(ONE))]})
    plan = planned(registry, [desired("user", wanted(TWO))])
    registry.refuses = lambda *_: True

    done = carried_out(registry, plan)

    assert done.stop is not None
    assert done.stop.reason == "asked once more just before the write, the registry refuses it: no such luck"
    assert registry.log == []


def test_a_subject_that_somebody_changed_since_the_plan_is_left_alone():
    registry = Simulated(subjects={"user": [Registered("user", 1, 1, Payload(ONE))]})
    plan = planned(registry, [desired("user", wanted(THREE))])
    registry.register("user", Payload(TWO))

    done = carried_out(registry, plan)

    assert done.stop is not None
    assert done.stop.reason == (
        "somebody else changed the subject while this ran: its latest version is now 2, it was 1 when this was planned"
    )
    assert registry.told() == {"user": [ONE, TWO]}


def followed(plan: Plan, *outcomes: object) -> Progress:
    """The progress after these outcomes."""
    progress = Progress()
    for outcome in outcomes:
        step = next_step(plan, progress)
        assert isinstance(step, Step)
        progress = record(plan, progress, step, outcome)  # type: ignore[arg-type]
    return progress


HELD = SubjectState("user", (Registered("user", 1, 1, Payload(ONE)),), SubjectConfig("FULL_TRANSITIVE", "subject"))


def update() -> tuple[Plan, object]:
    registry = Simulated(subjects={"user": list(HELD.versions)})
    plan = planned(registry, [desired("user", wanted(TWO))])
    assert lines(plan) == ["new version user 2"]
    return plan, registry.ask("user", Payload(TWO))


def test_what_is_accepted_and_never_found_again_is_unknown_after_a_bounded_number_of_looks():
    plan, fine = update()

    progress = followed(plan, HELD, fine, Accepted(2), *[None] * 6)

    assert progress.stop is not None
    assert progress.stop.unknown
    assert progress.stop.reason == "the registry accepted it, but does not find it afterwards"


def test_what_is_found_late_is_created():
    plan, fine = update()

    progress = followed(plan, HELD, fine, Accepted(2), None, None, Registered("user", 2, 2, Payload(TWO)))

    assert [(entry.result, entry.version) for entry in progress.entries] == [("created", 2)]


def test_what_is_stored_otherwise_than_it_was_sent_stops_the_run():
    plan, fine = update()

    progress = followed(plan, HELD, fine, Accepted(2), Differs(Registered("user", 2, 2, Payload(THREE))))

    assert progress.stop is not None
    assert "is not what was sent: meaning, doc or properties differ" in progress.stop.reason


def test_a_version_that_came_in_between_is_told():
    plan, fine = update()
    third = Registered("user", 3, 3, Payload(TWO))
    now = SubjectState("user", (*HELD.versions, Registered("user", 2, 2, Payload(THREE)), third), HELD.config)

    progress = followed(plan, HELD, fine, Accepted(3), third, now)

    (entry,) = progress.entries
    assert not entry.judged
    assert entry.remark.startswith("somebody else registered version 2 just before this became version 3")


def test_a_number_that_deleted_versions_left_out_is_nobodys():
    plan, fine = update()
    third = Registered("user", 3, 3, Payload(TWO))

    progress = followed(plan, HELD, fine, Accepted(3), third, SubjectState("user", (*HELD.versions, third)))

    assert [(entry.version, entry.judged) for entry in progress.entries] == [(3, True)]


def test_a_refusal_stops_with_what_was_said():
    plan, fine = update()

    progress = followed(plan, HELD, fine, No(422, "Schema being registered is too large"), None)

    assert progress.stop is not None
    assert progress.stop.reason == (
        "the registry refused what it had found acceptable before: Schema being registered is too large"
    )


def test_credentials_that_are_accepted_no_longer_are_no_missing_permission():
    plan, fine = update()

    progress = followed(plan, HELD, fine, No(401, "token expired", "check SCHEMAGATE_REGISTRY_PROD_TOKEN"))

    assert progress.stop is not None
    assert progress.stop.reason == (
        "the registry answered this run so far, and does not accept its credentials any more (HTTP 401)"
    )
    assert progress.stop.help == (
        "check SCHEMAGATE_REGISTRY_PROD_TOKEN. Then run `schemagate register` again: it looks up what is there and "
        "does the rest"
    )


def test_a_version_that_is_refused_since_somebody_else_has_just_registered_it_is_existing():
    plan, fine = update()

    progress = followed(plan, HELD, fine, No(409, "already exists"), Registered("user", 2, 2, Payload(TWO)))

    assert progress.stop is None
    assert [(entry.result, entry.version) for entry in progress.entries] == [("existing", 2)]


def test_a_registry_that_keeps_no_version_for_a_new_doc_answers_the_one_before():
    plan, fine = update()

    progress = followed(plan, HELD, fine, Accepted(1), Differs(HELD.versions[0], ("docs",)))

    (entry,) = progress.entries
    assert (entry.result, entry.version, entry.judged) == ("existing", 1, True)
    assert entry.remark == (
        "only its docs differ from version 1: the registry takes it for that version and keeps no other for such a "
        "change, so there is nothing to register"
    )


@pytest.mark.parametrize("missing", [("default values",), ("docs", "logical types"), ()])
def test_a_registry_that_answers_the_version_before_for_another_meaning_stops_the_run(missing):
    plan, fine = update()

    progress = followed(plan, HELD, fine, Accepted(1), Differs(HELD.versions[0], missing))

    assert progress.stop is not None
    assert "what it stores there is not what was sent" in progress.stop.reason


def test_what_the_registry_takes_for_its_latest_version_is_existing():
    plan, fine = update()

    progress = followed(plan, HELD, fine, Accepted(1), Registered("user", 1, 1, Payload(ONE)))

    assert [(entry.result, entry.version) for entry in progress.entries] == [("existing", 1)]


def test_what_the_registry_takes_for_an_older_version_stops_the_run():
    held = SubjectState("user", (*HELD.versions, Registered("user", 2, 2, Payload(THREE))), HELD.config)
    registry = Simulated(subjects={"user": list(held.versions)})
    plan = planned(registry, [desired("user", wanted(TWO))])

    progress = followed(plan, held, registry.ask("user", Payload(TWO)), Accepted(1), held.versions[0])

    assert progress.stop is not None
    assert progress.stop.reason == "the registry holds this already as version 1, and its latest is version 2"
