from __future__ import annotations

import json

import pytest
from msgspec.structs import replace
from tests.plan.simulated import Simulated, carried_out, desired, lines, planned, text, wanted

from schemagate.plan.values import Action, Judgement, Plan
from schemagate.wire.values import Payload, Reference, Registered, SubjectConfig, SubjectState

ONE, TWO, THREE = text("User", "a"), text("User", "a", "b"), text("User", "a", "b", "c")
ADDRESS, ADDRESS_2 = text("Address", "street"), text("Address", "street", "city")
ORDER = text("Order", "to:com.example.Address")
USE = [("com.example.Address", "address")]


def registry(**subjects: list[str]) -> Simulated:
    """A registry that holds these texts."""
    made = Simulated()
    for subject, texts in subjects.items():
        for one in texts:
            made.register(subject, Payload(one))
    return made


def orders(address: str = ADDRESS, order: str = ORDER):
    return [desired("orders", wanted(order, uses=USE)), desired("address", wanted(address))]


def only(plan: Plan, kind: str) -> Action:
    (action,) = [action for action in plan.actions if action.kind == kind]
    return action


def test_a_new_subject_gets_its_mode_before_its_first_version():
    plan = planned(registry(), [desired("user", wanted(ONE))])

    assert lines(plan) == ["set mode user FULL_TRANSITIVE", "create user 1"]
    assert plan.actions[0].why == "the global BACKWARD would hold otherwise"
    assert plan.actions[1].why == "the registry has no such subject yet"


def test_the_same_content_in_another_order_of_members_is_already_there():
    turned = (
        '{"fields": [{"type": "string", "name": "a"}], "namespace": "com.example", "name": "User", "type": "record"}'
    )

    plan = planned(registry(user=[ONE]), [desired("user", wanted(turned))])

    assert lines(plan) == ["already there user 1"]


def test_every_unregistered_version_file_is_registered_in_order():
    repository = [desired("user", wanted(ONE, "v1"), wanted(TWO, "v2"), wanted(THREE, "v3"))]
    held = registry(user=[ONE])

    plan = planned(held, repository)

    assert lines(plan) == ["new version user v2 2", "new version user v3 3"]
    assert carried_out(held, plan).stop is None
    assert held.told() == {"user": [ONE, TWO, THREE]}
    assert lines(planned(held, repository)) == ["already there user v3 3"]


def test_a_version_file_older_than_what_is_registered_is_left_out_and_told():
    plan = planned(registry(user=[TWO]), [desired("user", wanted(ONE, "v1"), wanted(TWO, "v2"))])

    assert lines(plan) == ["already there user v2 1"]
    assert plan.actions[0].notes == (
        "v1 is older than what is registered and is left out: registering it now would make it the latest",
    )


def test_what_others_refer_to_comes_first_and_is_pinned():
    held = registry()
    plan = planned(held, orders())

    assert lines(plan) == [
        "set mode address FULL_TRANSITIVE",
        "create address 1",
        "set mode orders FULL_TRANSITIVE",
        "create orders 1 -> address:new",
    ]
    assert carried_out(held, plan).stop is None
    assert held.told() == {"address": [ADDRESS], "orders": [f"{ORDER} -> address:1"]}


def test_a_moved_reference_registers_its_users_again():
    held = registry()
    carried_out(held, planned(held, orders()))

    plan = planned(held, orders(ADDRESS_2))

    assert lines(plan) == ["new version address 2", "re-register orders 2 -> address:new"]
    assert plan.actions[1].why == (
        "its text is that of version 1, but com.example.Address moves from version 1 to the new version"
    )
    carried_out(held, plan)
    assert held.told()["orders"] == [f"{ORDER} -> address:1", f"{ORDER} -> address:2"]
    assert lines(planned(held, orders(ADDRESS_2))) == ["already there address 2", "already there orders 2 -> address:2"]


def test_a_moved_reference_that_was_registered_by_an_earlier_run_is_pinned_now():
    held = registry()
    carried_out(held, planned(held, orders()))
    held.register("address", Payload(ADDRESS_2))

    plan = planned(held, orders(ADDRESS_2))

    assert lines(plan) == ["already there address 2", "re-register orders 2 -> address:2"]
    assert plan.actions[1].why.endswith("but com.example.Address moves from version 1 to version 2")


def test_a_new_doc_of_a_referenced_type_moves_nothing():
    held = registry()
    carried_out(held, planned(held, orders()))
    documented = orders(text("Address", "street", doc="where to"))

    plan = planned(held, documented)

    assert lines(plan) == ["new version address 2", "already there orders 1 -> address:1"]
    carried_out(held, plan)
    assert lines(planned(held, documented)) == ["already there address 2", "already there orders 1 -> address:1"]


def test_a_version_that_is_new_anyway_refers_to_the_new_doc_too():
    held = registry()
    carried_out(held, planned(held, orders()))
    changed = orders(text("Address", "street", doc="where to"), text("Order", "to:com.example.Address", "note"))

    plan = planned(held, changed)

    assert lines(plan) == ["new version address 2", "new version orders 2 -> address:new"]
    carried_out(held, plan)
    assert lines(planned(held, changed)) == ["already there address 2", "already there orders 2 -> address:2"]


def test_a_reference_to_another_subject_with_the_same_schema_stays():
    """One schema serves two subjects, and the latest version refers to the other one of them."""
    held = registry(address=[ADDRESS], places=[ADDRESS])
    held.register("orders", Payload(ORDER, (Reference("com.example.Address", "places", 1),)))
    repository = [*orders(), desired("places", wanted(ADDRESS))]

    assert lines(planned(held, repository)) == [
        "already there address 1",
        "already there places 1",
        "already there orders 1 -> places:1",
    ]
    moved = [*orders(ADDRESS_2), desired("places", wanted(ADDRESS_2))]
    assert lines(planned(held, moved)) == [
        "new version address 2",
        "new version places 2",
        "re-register orders 2 -> places:new",
    ]
    apart = [*orders(ADDRESS_2), desired("places", wanted(ADDRESS))]
    assert lines(planned(held, apart))[-1] == "already there places 1"
    assert "re-register orders 2 -> address:new" in lines(planned(held, apart))


def test_what_a_version_refers_to_besides_changes_nothing():
    """Some clients list what the references refer to themselves as well."""
    held = registry(address=[ADDRESS], zip=[text("Zip", "code")])
    both = (Reference("com.example.Address", "address", 1), Reference("com.example.Zip", "zip", 1))
    held.register("orders", Payload(ORDER, both))

    assert lines(planned(held, orders())) == ["already there address 1", "already there orders 1 -> address:1"]


def test_a_reference_two_levels_down_moves_everything_above():
    def chain(country: str):
        return [
            desired("orders", wanted(ORDER, uses=USE)),
            desired(
                "address", wanted(text("Address", "in:com.example.Country"), uses=[("com.example.Country", "country")])
            ),
            desired("country", wanted(country)),
        ]

    held = registry()
    carried_out(held, planned(held, chain(text("Country", "code"))))

    plan = planned(held, chain(text("Country", "code", "name")))

    assert lines(plan) == [
        "new version country 2",
        "re-register address 2 -> country:new",
        "re-register orders 2 -> address:new",
    ]


def test_there_but_not_the_latest_is_blocked():
    plan = planned(registry(user=[ONE, TWO]), [desired("user", wanted(ONE))])

    assert lines(plan) == ["blocked user 1"]
    assert plan.actions[0].why == (
        "it is registered as version 1, but the latest is version 2: clients that take the latest get another schema "
        "than the repository has"
    )


@pytest.mark.parametrize(
    ("mode", "why"),
    [
        ("READONLY", "the subject is read-only (mode READONLY)"),
        (
            "IMPORT",
            "the subject is in import mode, which takes versions with ids of another registry only (mode IMPORT)",
        ),
    ],
)
def test_a_subject_that_takes_no_versions_blocks_what_is_new_and_nothing_else(mode, why):
    held = registry(user=[ONE])
    held.modes["user"] = mode

    assert lines(planned(held, [desired("user", wanted(ONE))])) == ["already there user 1"]
    assert planned(held, [desired("user", wanted(TWO))]).actions[0].why == why


def test_what_our_engine_refuses_is_blocked_whatever_the_registry_says():
    held = registry(user=[ONE])
    plan = planned(held, [desired("user", wanted(TWO))], {"user": Judgement(("`a` is gone (version 1)",))})

    assert lines(plan) == ["blocked user"]
    assert plan.actions[0].why == "it breaks what the registry holds: `a` is gone (version 1)"


def test_an_accepted_break_that_the_registry_refuses_is_blocked_with_the_ways_on():
    held = registry(user=[ONE])
    held.refuses = lambda _subject, _payload, versions: bool(versions)

    plan = planned(held, [desired("user", wanted(TWO))], {"user": Judgement((), ("field-renamed $.a",))})

    action = only(plan, "blocked")
    assert action.why == "the registry refuses what was accepted here: field-renamed $.a: no such luck"
    assert action.help.startswith("schemagate never forces and never lowers a mode.")


def test_a_disagreement_shows_both():
    held = registry(user=[ONE])
    held.refuses = lambda *_: True

    action = only(planned(held, [desired("user", wanted(TWO))]), "blocked")

    assert action.why == "the registry refuses it: no such luck"
    assert action.help.startswith("our own engine finds nothing that breaks: the two disagree.")


def test_what_refers_to_something_blocked_waits():
    held = registry()
    plan = planned(held, orders(), {"address": Judgement(("no",))})

    assert lines(plan) == ["blocked address", "blocked orders -> address:new"]
    assert plan.actions[1].why == "it refers to address, which is blocked"


def test_subjects_that_refer_to_each_other_are_blocked():
    repository = [
        desired("a", wanted(text("A", "b:com.example.B"), uses=[("com.example.B", "b")])),
        desired("b", wanted(text("B", "a:com.example.A"), uses=[("com.example.A", "a")])),
    ]

    assert lines(planned(registry(), repository)) == ["blocked a", "blocked b"]


def test_a_version_after_a_blocked_one_waits_for_it():
    held = registry(user=[ONE])
    held.refuses = lambda _subject, payload, _versions: payload.schema == TWO

    plan = planned(held, [desired("user", wanted(ONE, "v1"), wanted(TWO, "v2"), wanted(THREE, "v3"))])

    assert lines(plan) == ["blocked user v2"]
    assert plan.actions[0].notes == ("v3 would follow it and waits too",)


@pytest.mark.parametrize(
    ("configured", "registry_level", "own", "told"),
    [
        ("FULL_TRANSITIVE", "FULL_TRANSITIVE", "", ["set mode user FULL_TRANSITIVE", "create user 1"]),
        ("BACKWARD", "FULL_TRANSITIVE", "", ["create user 1"]),
        ("NONE", "BACKWARD", "", ["create user 1"]),
        ("FORWARD", "BACKWARD", "", ["set mode user FORWARD", "create user 1"]),
        ("FULL", "NONE", "FULL_TRANSITIVE", ["create user 1"]),
        ("FULL_TRANSITIVE", "NONE", "BACKWARD", ["set mode user FULL_TRANSITIVE", "create user 1"]),
        ("FORWARD", "NONE", "BACKWARD_TRANSITIVE", ["set mode user FULL_TRANSITIVE", "create user 1"]),
    ],
)
def test_a_mode_is_never_lowered(configured, registry_level, own, told):
    held = Simulated(registry_level)
    if own:
        held.levels["user"] = own

    assert lines(planned(held, [desired("user", wanted(ONE), level=configured)])) == told


def test_a_subject_of_which_everything_is_deleted_begins_again():
    held = registry(user=[ONE])
    held.subjects["user"] = [replace(held.subjects["user"][0], deleted=True)]

    plan = planned(held, [desired("user", wanted(TWO))])

    assert lines(plan) == ["set mode user FULL_TRANSITIVE", "create user 2"]
    assert plan.actions[1].why == "every version of the subject is deleted; this one begins it again"


def test_metadata_and_rules_of_the_latest_version_are_kept():
    held = registry()
    latest = Payload(ONE, metadata={"properties": {"owner": "payments"}}, rule_set={"domainRules": []})
    held.subjects["user"] = [Registered("user", 1, 7, latest)]

    carried_out(held, planned(held, [desired("user", wanted(TWO))]))

    sent = held.subjects["user"][-1].payload
    assert (sent.metadata, sent.rule_set) == (latest.metadata, latest.rule_set)


def test_the_number_that_confluent_keeps_in_the_metadata_is_not_sent_again():
    held = registry()
    latest = Payload(ONE, metadata={"properties": {"confluent:version": "1"}})
    held.subjects["user"] = [Registered("user", 1, 7, latest)]

    carried_out(held, planned(held, [desired("user", wanted(TWO))]))

    assert held.subjects["user"][-1].payload.metadata is None


def test_schemas_of_another_type_and_aliases_block():
    foreign = Simulated()
    foreign.subjects["user"] = [Registered("user", 1, 1, Payload("{}", schema_type="JSON"))]
    aliased = registry(user=[ONE])
    aliased.state = lambda subject: SubjectState(subject, config=SubjectConfig("FULL", "subject", alias="people"))

    assert planned(foreign, [desired("user", wanted(ONE))]).actions[0].why == (
        "the subject holds JSON schemas, and this one is Avro"
    )
    assert planned(aliased, [desired("user", wanted(TWO))]).actions[0].why == (
        "the subject is an alias of people in the registry"
    )


def test_a_text_that_no_registry_takes_is_blocked_before_it_is_sent():
    big = text("User", "a", doc="x" * 1_000_000)

    action = only(planned(registry(), [desired("user", wanted(big))]), "blocked")

    assert action.why == f"the schema has {len(big):,} bytes of JSON; a registry takes 1,000,000 at most"


def test_the_order_of_the_repository_does_not_matter():
    held = registry()

    assert planned(held, orders()) == planned(held, list(reversed(orders())))


def registry_that_leaves_out(*members: str) -> Simulated:
    first = Registered("user", 1, 7, Payload(text("User", "a", doc="A user.")))
    return Simulated(subjects={"user": [first]}, deaf=members)


def test_a_new_doc_is_nothing_to_do_where_the_registry_keeps_no_version_for_it():
    registry = registry_that_leaves_out("doc")

    (action,) = planned(registry, [desired("user", wanted(text("User", "a", doc="Who signs in.")))]).actions

    assert (action.kind, action.version, action.id) == ("already there", 1, 7)
    assert action.notes == (
        (
            "only its docs differ from version 1: the registry takes it for that version and keeps no other for such a "
            "change, so there is nothing to register"
        ),
    )


def test_a_new_doc_of_a_registry_s_older_version_is_not_the_latest():
    registry = registry_that_leaves_out("doc")
    registry.register("user", Payload(text("User", "a", "b")))

    plan = planned(registry, [desired("user", wanted(text("User", "a", doc="Who signs in.")))])

    assert lines(plan) == ["blocked user 1"]


def test_where_the_registry_takes_a_schema_for_one_that_means_something_else_it_is_blocked():
    def decimal(**more: int) -> str:
        return json.dumps({"type": "bytes", "logicalType": "decimal", "precision": 4, **more})

    held = Registered("sum", 1, 7, Payload(decimal(scale=2)))
    registry = Simulated(subjects={"sum": [held]}, deaf=("scale", "doc"))

    (action,) = planned(registry, [desired("sum", wanted(decimal(scale=3)))]).actions

    assert (action.kind, action.why) == (
        "blocked",
        (
            "the registry takes it for version 1, although their logical types differ: it would store nothing, and "
            "whoever looks this schema up would get that one"
        ),
    )


def test_a_registry_is_not_asked_for_avro_where_the_subject_holds_another_type():
    class Refusing(Simulated):
        def lookup(self, subject: str, payload: Payload) -> Registered | None:
            raise AssertionError(f"{payload.schema} was looked up in {subject}")

    held = Registered("user", 1, 7, Payload('syntax = "proto3"; message User {}', schema_type="PROTOBUF"))

    (action,) = planned(Refusing(subjects={"user": [held]}), [desired("user", wanted(text("User", "a")))]).actions

    assert (action.kind, action.why) == ("blocked", "the subject holds PROTOBUF schemas, and this one is Avro")
