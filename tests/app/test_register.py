"""``plan`` and ``register`` against the embedded registry."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace
from tests.app.registering import NAMED, OPTIONAL, Shop, actions, entries, record
from tests.devregistry.running import running

from schemagate.app.check import check
from schemagate.app.drift import drift
from schemagate.errors import ConfigError, UsageError

USER = record("User", id="string")
WIDER = record("User", id="string", nick=OPTIONAL)
WIDEST = record("User", id="string", nick=OPTIONAL, mail=OPTIONAL)
BROKEN = record("User", id="string", age="int")
ADDRESS = record("Address", street="string")
ADDRESS_2 = record("Address", street="string", city=OPTIONAL)
ORDER = record("Order", to="Address")


@pytest.fixture
def client():
    with running("BACKWARD") as client:
        yield client


@pytest.fixture
def shop(tmp_path, client):
    return Shop(tmp_path / "repo", client)


def test_a_new_repository_is_registered_and_then_there_is_nothing_to_do(shop):
    shop.commit(user=USER)

    first, second = shop.register(), shop.register()

    assert (first.outcome, first.exit_code) == ("registered", 0)
    assert entries(first) == ["set com.acme.User FULL_TRANSITIVE", "created com.acme.User 1"]
    assert (second.outcome, second.exit_code) == ("unchanged", 0)
    assert shop.client.get("/config/com.acme.User") == {"compatibilityLevel": "FULL_TRANSITIVE"}
    assert shop.plan().exit_code(detailed=True) == 0


def test_a_plan_writes_nothing_and_says_so_by_its_exit_code(shop):
    shop.commit(user=USER)

    outlook = shop.plan()

    assert actions(outlook) == ["set mode com.acme.User FULL_TRANSITIVE", "create com.acme.User 1"]
    assert (outlook.exit_code(), outlook.exit_code(detailed=True)) == (0, 4)
    assert shop.numbers() == {}


def test_comments_stay_in_the_repository_and_properties_and_docs_leave_it(shop):
    text = """// who owns this: payments
    {"type": "record", "name": "User", "namespace": "com.acme", "doc": "A // user.", /* not told */
     "x-owner": ["payments", 1.50], "fields": [
       {"name": "id", "type": {"type": "string", "avro.java.string": "String"}, "doc": "Its id.", "x-pii": true}]}
    """
    shop.commit(user=text)

    shop.register()

    (stored,) = shop.stored("com.acme.User")
    assert "payments\n" not in stored["schema"]
    assert "not told" not in stored["schema"]
    assert json.loads(stored["schema"]) == {
        "type": "record",
        "name": "User",
        "namespace": "com.acme",
        "doc": "A // user.",
        "fields": [
            {
                "name": "id",
                "type": {"type": "string", "avro.java.string": "String"},
                "doc": "Its id.",
                "x-pii": True,
            }
        ],
        "x-owner": ["payments", 1.5],
    }
    assert shop.client.look_up("com.acme.User", stored["schema"]).status == 200


def test_every_version_file_is_registered_in_order_and_of_a_file_in_place_only_the_tip(shop):
    shop.configure('[[subjects]]\nmatch = "*.avsc"\nname = "{stem}-value"')
    shop.commit(user_v1=USER, place=ADDRESS).commit(user_v2=WIDER, place=ADDRESS_2).commit(user_v3=WIDEST)

    receipt = shop.register()

    assert entries(receipt) == [
        "set place-value FULL_TRANSITIVE",
        "created place-value 1",
        "set user-value FULL_TRANSITIVE",
        "created user-value v1 1",
        "created user-value v2 2",
        "created user-value v3 3",
    ]
    assert shop.schemas("user-value") == [json.loads(text) for text in (USER, WIDER, WIDEST)]
    assert shop.schemas("place-value") == [json.loads(ADDRESS_2)]


def test_a_version_that_only_follows_from_the_one_before_it_is_registered_after_it(shop):
    """Under a mode that looks at the latest version only, the third may break the first."""
    aged = record("User", id="string", age={"type": "int", "default": 0})
    shop.configure('mode = "BACKWARD"\n' + NAMED).commit(user_v1=USER).register()
    assert shop.client.get("/config/com.acme.User") == {"compatibilityLevel": "BACKWARD"}
    shop.commit(user_v2=aged, user_v3=record("User", id="string", age="int"))

    assert actions(shop.plan()) == ["new version com.acme.User v2 2", "new version com.acme.User v3 3"]
    shop.commit(user_v3=record("User", id="string", age="string"))
    assert actions(shop.plan()) == ["new version com.acme.User v2 2", "blocked com.acme.User v3"]
    shop.commit(user_v3=record("User", id="string", age="int"))
    assert entries(shop.register()) == ["created com.acme.User v2 2", "created com.acme.User v3 3"]


def test_one_schema_serves_several_subjects(shop):
    shop.configure('[[subjects]]\nmatch = "*.avsc"\nname = ["users-value", "users-dlq-value"]').commit(user=USER)

    shop.register()

    assert shop.numbers() == {"users-dlq-value": [1], "users-value": [1]}


def test_a_key_that_is_a_bare_string_works_like_any_other(shop):
    shop.configure('[[subjects]]\nmatch = "*.avsc"\nname = "{topic}-key"\ntopic = "users"').commit(key='"string"')

    assert shop.register().outcome == "registered"
    assert shop.schemas("users-key") == ["string"]


# References


def test_types_of_other_files_are_registered_first_and_referred_to_by_version(shop):
    shop.commit(order=ORDER, address=ADDRESS)

    receipt = shop.register()

    assert [e for e in entries(receipt) if e.startswith("created")] == [
        "created com.acme.Address 1",
        "created com.acme.Order 1",
    ]
    (order,) = shop.stored("com.acme.Order")
    assert order["references"] == [{"name": "com.acme.Address", "subject": "com.acme.Address", "version": 1}]


def test_a_moved_reference_is_registered_again_and_a_new_doc_is_not(shop):
    shop.commit(order=ORDER, address=ADDRESS).register()
    shop.commit(address=ADDRESS_2)
    moved = shop.register()
    shop.commit(address=record("Address", "Where to.", street="string", city=OPTIONAL))
    documented = shop.register()

    assert entries(moved) == ["created com.acme.Address 2", "created com.acme.Order 2"]
    assert entries(documented) == ["created com.acme.Address 3"]
    assert [v["references"][0]["version"] for v in shop.stored("com.acme.Order")] == [1, 2]
    assert shop.register().outcome == "unchanged"


def test_shared_types_are_written_into_each_schema(shop):
    shop.configure(
        '[[subjects]]\nmatch = "address.avsc"\nshared = true\n[[subjects]]\nmatch = "*.avsc"\nname = "{fullname}"'
    )
    shop.commit(order=ORDER, address=ADDRESS)

    assert entries(shop.register()) == ["set com.acme.Order FULL_TRANSITIVE", "created com.acme.Order 1"]
    (order,) = shop.stored("com.acme.Order")
    assert "references" not in order
    assert json.loads(order["schema"])["fields"][0]["type"]["name"] == "Address"
    assert shop.commit(address=ADDRESS_2).register().entries[0].version == 2


def test_inline_is_chosen_for_each_subject(shop):
    shop.configure(
        '[[subjects]]\nmatch = "invoice.avsc"\nname = "{fullname}"\nreferences = "inline"\n'
        '[[subjects]]\nmatch = "*.avsc"\nname = "{fullname}"\nreferences = "registry"'
    )
    shop.commit(order=ORDER, address=ADDRESS, invoice=record("Invoice", to="Address", order="Order"))

    assert shop.register().outcome == "registered"
    (invoice,), (order,) = shop.stored("com.acme.Invoice"), shop.stored("com.acme.Order")
    assert "references" not in invoice
    assert '"name":"Order"' in invoice["schema"].replace(" ", "")
    assert [one["subject"] for one in order["references"]] == ["com.acme.Address"]
    assert shop.register().outcome == "unchanged"


def test_a_reference_to_a_file_without_a_subject_is_a_mistake_in_the_configuration(shop):
    shop.configure(
        '[[subjects]]\nmatch = "address.avsc"\nshared = true\n'
        '[[subjects]]\nmatch = "*.avsc"\nname = "{fullname}"\nreferences = "registry"'
    )

    with pytest.raises(ConfigError) as raised:
        shop.commit(order=ORDER, address=ADDRESS).plan()

    assert raised.value.message == (
        'order.avsc is to be registered with `references = "registry"`, but address.avsc, whose types it uses, has no '
        "subject to refer to"
    )


SHARED = '[[subjects]]\nmatch = "address.avsc"\nshared = true\n'
CHOSEN = '[[subjects]]\nmatch = "both.avsc"\nname = "{fullname}"\nreferences = "registry"\n'


@pytest.mark.parametrize("both", [record("Both", a="Order", b="Offer"), record("Both", a="Order", b="Address")])
def test_what_references_cannot_say_is_written_into_the_text(shop, both):
    shop.configure(SHARED + NAMED)
    shop.commit(address=ADDRESS, order=ORDER, offer=record("Offer", to="Address"), both=both)

    assert shop.register().outcome == "registered"
    assert "references" not in shop.stored("com.acme.Both")[0]
    assert shop.register().outcome == "unchanged"


def test_references_that_were_chosen_and_cannot_be_are_blocked_before_the_registry_refuses_them(shop):
    shop.configure(SHARED + CHOSEN + NAMED)
    shop.commit(
        address=ADDRESS, order=ORDER, offer=record("Offer", to="Address"), both=record("Both", a="Order", b="Offer")
    )

    receipt = shop.register()

    (blocked,) = receipt.outlook.plan.blocked
    assert blocked.why.startswith(
        "offer.avsc and order.avsc, to which it refers, both have `com.acme.Address` written into them"
    )
    assert receipt.exit_code == 1
    assert shop.numbers() == {}


def test_a_type_inside_another_files_type_is_not_referred_to(shop):
    nested = record("Address", street="string", country={"type": "enum", "name": "Country", "symbols": ["X"]})
    shop.commit(address=nested, order=record("Order", to="Address", in_="Country"))

    assert shop.register().outcome == "registered"
    (order,) = shop.stored("com.acme.Order")
    assert "references" not in order
    shop.configure('[[subjects]]\nmatch = "*.avsc"\nname = "{fullname}"\nreferences = "registry"').commit()
    (blocked,) = shop.plan().plan.blocked
    assert blocked.why.startswith(
        "it uses `com.acme.Country`, which is not address.avsc's own type: a registry refers to those only"
    )


# Names


def test_without_a_name_that_was_configured_nothing_is_done(shop):
    shop.configure("").commit(user_created_v1=USER, user_created_v2=WIDER)

    with pytest.raises(UsageError) as raised:
        shop.register()

    assert raised.value.message == (
        "user_created_v2.avsc: no configuration says how its subject is called in the registry"
    )
    assert raised.value.hint.splitlines()[:5] == [
        "add to schemagate.toml:",
        "[[subjects]]",
        'match = "user_created_v*.avsc"',
        'name = "{topic}-value"    # or "{fullname}", "{topic}-{fullname}" ...',
        'topic = "user-created"',
    ]
    assert shop.numbers() == {}


def test_two_files_under_one_name_are_a_mistake_in_the_configuration(shop):
    shop.configure('[[subjects]]\nmatch = "*.avsc"\nname = "{topic}-value"\ntopic = "all"')

    with pytest.raises(ConfigError) as raised:
        shop.commit(user=USER, address=ADDRESS).plan()

    assert raised.value.message == "address.avsc and user.avsc would both be registered as all-value"


def test_without_a_registry_there_is_nothing_to_plan_for(shop):
    shop.repo.write("schemagate.toml", '[[subjects]]\nmatch = "*.avsc"\nname = "{fullname}"\n')

    with pytest.raises(UsageError) as raised:
        shop.commit(user=USER).plan()

    assert raised.value.message == "no registry is configured"
    assert raised.value.hint.startswith("add to schemagate.toml:\n[registry.prod]")


def test_a_configuration_that_is_not_committed_is_said_to_be_unread(shop):
    shop.repo.delete("schemagate.toml")
    shop.commit(user=USER).configure(NAMED)

    for command in (shop.plan, shop.register):
        with pytest.raises(UsageError, match="no registry is configured") as raised:
            command()
        assert raised.value.hint.startswith("schemagate.toml has changes that are not committed, which were not read")
    assert shop.plan(allow_dirty=True).plan.writes


# What may not be registered


def test_a_break_that_was_merged_past_the_gate_is_blocked(shop):
    shop.commit(user=USER).register()
    shop.commit(user=BROKEN).commit(other=ADDRESS)

    receipt = shop.register()

    assert receipt.exit_code == 1
    assert shop.numbers() == {"com.acme.User": [1]}


def test_an_accepted_break_that_the_registry_refuses_is_blocked_and_never_forced(shop):
    shop.commit(user=USER).register()
    shop.configure(
        '[[subjects]]\nmatch = "*.avsc"\nname = "{fullname}"\n'
        '[[waivers]]\nrule = "field-added-without-default"\nsubject = "com.acme.User"\npath = "$.age"\n'
        'reason = "drained"\n'
    )
    shop.repo.branch("change")
    shop.commit(user=BROKEN)

    outlook = shop.plan()

    (blocked,) = outlook.plan.blocked
    assert blocked.why.startswith(
        "the registry refuses what was accepted here: field-added-without-default at $.age (version 1): "
    )
    assert blocked.help.startswith("schemagate never forces and never lowers a mode.")
    assert outlook.exit_code(detailed=True) == 1
    assert shop.client.get("/config/com.acme.User") == {"compatibilityLevel": "FULL_TRANSITIVE"}


def test_an_accepted_break_that_the_registry_takes_is_registered_and_told(shop):
    shop.commit(user=USER).register()
    shop.client.set_level("com.acme.User", "NONE")
    shop.configure(
        '[[subjects]]\nmatch = "*.avsc"\nname = "{fullname}"\n'
        '[[waivers]]\nrule = "field-added-without-default"\nsubject = "com.acme.User"\npath = "$.age"\n'
        'reason = "drained"\n'
    )
    shop.commit(user=BROKEN)

    receipt = shop.register()

    assert entries(receipt) == ["created com.acme.User 2"]
    (action,) = receipt.outlook.plan.writes
    (note,) = action.notes
    assert note == (
        "our engine and the registry find it compatible, but for what was accepted: "
        "field-added-without-default at $.age"
    )


def test_a_read_only_subject_is_seen_before_the_first_write(shop):
    shop.commit(user=USER).register()
    shop.client.ask("PUT", "/mode/com.acme.User", {"mode": "READONLY"})
    shop.commit(user=WIDER, address=ADDRESS)

    receipt = shop.register()

    assert receipt.outcome == "blocked"
    assert [action.why for action in receipt.outlook.plan.blocked] == ["the subject is read-only (mode READONLY)"]
    assert shop.numbers() == {"com.acme.User": [1]}


def test_there_but_not_the_latest_is_blocked(shop):
    shop.commit(user=USER).register()
    shop.client.register("com.acme.User", WIDER)

    receipt = shop.register()

    assert receipt.outcome == "blocked"
    assert actions(receipt.outlook) == ["blocked com.acme.User 1"]


def test_a_subject_of_another_repository_is_neither_read_nor_touched(shop):
    shop.client.register("theirs-value", '"string"')
    shop.commit(user=USER)

    assert "theirs-value" not in str(shop.plan())
    shop.register()
    assert shop.numbers() == {"com.acme.User": [1], "theirs-value": [1]}


def test_a_version_file_keeps_the_meaning_that_it_was_published_with(shop):
    """An older version whose types have moved on since is registered with the types of its own time."""
    shop.configure(
        '[[subjects]]\nmatch = "address.avsc"\nshared = true\n[[subjects]]\nmatch = "*.avsc"\nname = "{stem}"'
    )
    shop.commit(address=ADDRESS, order_v1=ORDER)
    shop.commit(address=ADDRESS_2, order_v2=record("Order", to="Address", note=OPTIONAL))

    shop.register()

    first, second = shop.schemas("order")
    assert [field["name"] for field in first["fields"][0]["type"]["fields"]] == ["street"]
    assert [field["name"] for field in second["fields"][0]["type"]["fields"]] == ["street", "city"]
    assert shop.register().outcome == "unchanged"


def test_a_retracted_version_file_is_left_out(shop):
    shop.configure(
        '[[subjects]]\nmatch = "*.avsc"\nname = "{stem}"\n'
        '[[retracted]]\nsubject = "user"\nversion = "v2"\nreason = "never used"'
    )
    shop.commit(user_v1=USER, user_v2=WIDER, user_v3=WIDEST)

    shop.register()

    assert shop.schemas("user") == [json.loads(USER), json.loads(WIDEST)]


def test_the_receipt_names_the_id_the_guid_and_the_fingerprint(shop):
    shop.commit(user=USER)

    created = shop.register().entries[-1]

    stored = shop.client.get("/subjects/com.acme.User/versions/1")
    assert (created.id, created.guid) == (stored["id"], stored["guid"])
    assert len(created.fingerprint) == 64


def test_a_new_doc_of_a_shared_type_and_of_its_user_ends_without_drift(shop):
    """A new version of the user refers to the new doc's version: only so does its whole text find it."""
    shop.commit(address=ADDRESS, order=ORDER).register()
    shop.commit(
        address=record("Address", doc="Where it goes.", street="string"),
        order=record("Order", doc="What is bought.", to="Address"),
    )

    receipt = shop.register()

    assert entries(receipt) == ["created com.acme.Address 2", "created com.acme.Order 2"]
    assert [reference["version"] for reference in shop.stored("com.acme.Order")[1]["references"]] == [2]
    assert shop.plan().exit_code(detailed=True) == 0
    assert drift(shop.request().check).strayed == ()
    told = check(replace(shop.request().check, everything=True)).findings
    assert [finding.rule for finding in told if finding.severity.name != "NOTICE"] == []


def test_a_version_that_refers_to_an_older_doc_is_the_repository_s_own(shop):
    """As it is where another tool registered it, which left the reference where it was."""
    shop.commit(address=ADDRESS, order=ORDER).register()
    shop.commit(
        address=record("Address", doc="Where it goes.", street="string"),
        order=record("Order", doc="What is bought.", to="Address"),
    )
    pinned = [{"name": "com.acme.Address", "subject": "com.acme.Address", "version": 1}]
    text = record("Order", doc="What is bought.", to="Address")
    shop.client.register("com.acme.Order", text, references=pinned)

    shop.register()

    assert shop.numbers() == {"com.acme.Address": [1, 2], "com.acme.Order": [1, 2]}
    assert drift(shop.request().check).strayed == ()
