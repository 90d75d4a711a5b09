"""Registries that keep no version for a change of docs alone, as AxonOps and Apicurio do."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace
from tests.app.forgetful import forgetful
from tests.app.registering import NAMED, OPTIONAL, Shop, actions, entries, record
from tests.devregistry.running import running

from schemagate.app.check import check
from schemagate.app.drift import drift

USER = record("User", id="string")
TOLD = record("User", doc="Who signs in.", id="string")
WIDER = record("User", doc="Who signs in.", id="string", nick=OPTIONAL)
NOTE = (
    "only its docs differ from version 1: the registry takes it for that version and keeps no other for such a change, "
    "so there is nothing to register"
)


class Forgetful(Shop):
    """A shop whose registry is asked through a forgetful one."""

    def through(self, url: str) -> Forgetful:
        self.repo.write("schemagate.toml", f'{NAMED}\n[registry.dev]\nurl = "{url}"\n')
        return self


@pytest.fixture
def shop(tmp_path):
    with running("FULL_TRANSITIVE") as client, forgetful(client.url, "doc") as url:
        yield Forgetful(tmp_path / "repo", client).through(url)


def test_a_new_doc_is_nothing_to_do_and_the_plan_says_why(shop):
    shop.commit(user=USER).register()
    shop.commit(user=TOLD)

    outlook = shop.plan()

    assert actions(outlook) == ["already there com.acme.User 1"]
    assert [action.notes for action in outlook.plan.actions] == [(NOTE,)]
    assert outlook.exit_code(detailed=True) == 0
    receipt = shop.register()
    assert (receipt.outcome, receipt.exit_code) == ("unchanged", 0)
    assert shop.numbers() == {"com.acme.User": [1]}


def test_check_and_drift_find_nothing_missing(shop):
    shop.commit(user=USER).register()
    shop.commit(user=TOLD)

    report = check(replace(shop.request().check, everything=True))
    # What Java's generated classes send is found by no registry that keeps properties, and is a notice.
    assert [(finding.rule, finding.severity.name) for finding in report.findings] == [("lookup-would-fail", "NOTICE")]
    assert f"com.acme.User: {NOTE}" in report.notes

    found = drift(shop.request().check)
    assert found.exit_code == 0
    assert [(one.kind, one.text) for stray in found.strayed for one in stray.found] == [
        ("left out", "docs: the registry takes the schema here for version 1 without them")
    ]


def test_the_next_real_change_is_registered_with_its_doc(shop):
    shop.commit(user=USER).register()
    shop.commit(user=TOLD).register()
    shop.repo.branch("proposal")
    shop.repo.write("user.avsc", WIDER)
    assert check(shop.request().check).findings == ()

    shop.repo.checkout("main")
    receipt = shop.commit(user=WIDER).register()

    assert entries(receipt) == ["created com.acme.User 2"]
    assert json.loads(str(shop.stored("com.acme.User")[1]["schema"])) == json.loads(WIDER)


def test_a_version_file_that_only_tells_more_is_passed_over(shop):
    receipt = shop.commit(user_v1=USER, user_v2=TOLD, user_v3=WIDER).register()

    assert entries(receipt) == [
        "set com.acme.User FULL_TRANSITIVE",
        "created com.acme.User v1 1",
        "existing com.acme.User v2 1",
        "created com.acme.User v3 2",
    ]
    assert [entry.remark for entry in receipt.entries] == ["", "", NOTE, ""]
    assert receipt.exit_code == 0
    assert shop.plan().exit_code(detailed=True) == 0


def test_a_new_doc_of_a_shared_type_and_of_its_user_is_nothing_to_do(shop):
    address = record("Address", street="string")
    order = record("Order", to="Address")
    shop.commit(address=address, order=order).register()
    shop.commit(
        address=record("Address", doc="Where it goes.", street="string"),
        order=record("Order", doc="What is bought.", to="Address"),
    )

    outlook = shop.plan()

    assert actions(outlook) == ["already there com.acme.Address 1", "already there com.acme.Order 1"]
    assert [action.notes for action in outlook.plan.actions] == [(NOTE,), (NOTE,)]


def test_a_registry_that_takes_another_default_for_the_same_is_blocked(tmp_path):
    before, after = (record("User", n={"type": "int", "default": number}) for number in (1, 2))
    with running("FULL_TRANSITIVE") as client, forgetful(client.url, "default") as url:
        shop = Forgetful(tmp_path / "repo", client).through(url)
        shop.commit(user=before).register()
        shop.repo.write("user.avsc", after)
        # Accepted by a person, so that only the registry is against it.
        shop.repo.write(
            "schemagate.toml", f'{NAMED}\n[rules]\ndefault-changed = "off"\n[registry.dev]\nurl = "{url}"\n'
        )
        outlook = shop.commit().plan()

        assert actions(outlook) == ["blocked com.acme.User"]
        assert outlook.plan.blocked[0].why.startswith(
            "the registry takes it for version 1, although their default values differ"
        )
