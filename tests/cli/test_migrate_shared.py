"""The way through a change of a type that other files use."""

from __future__ import annotations

import pytest
from tests.cli.cases import Ran

ADDRESS = (
    '{"type": "record", "name": "Address", "namespace": "shop", "fields": [{"name": "street", "type": "string"}]}\n'
)
WITH_ZIP = ADDRESS.replace("}]}", '}, {"name": "zip", "type": "string"}]}')
ORDER = '{"type": "record", "name": "Order", "namespace": "shop", "fields": [{"name": "to", "type": "shop.Address"}]}\n'
SHARED = '[[subjects]]\nmatch = "**/address.avsc"\nshared = true\n'


@pytest.fixture
def shop(clone, repo):
    """A published type and the published subject that uses it, with a breaking edit of the type."""
    repo.write("schemas/address.avsc", ADDRESS).write("schemas/order.avsc", ORDER).commit("Orders")
    clone.write("schemas/address.avsc", WITH_ZIP)
    return clone


def planned(ran: Ran) -> tuple[list[str], list[list[str]], str]:
    """What is wrong at once, what each step does, and its text of the last."""
    found = ran.json
    steps = found["steps"]
    return (
        [one["path"] for one in found["breaks"]],
        [one["does"] for one in steps],
        steps[-1]["schema"] if steps else "",
    )


def migrate(shop, *arguments: str) -> Ran:
    return shop.run("migrate", *arguments, "--format", "json")


def test_every_step_is_judged_with_the_subjects_that_use_the_type(shop):
    ran = migrate(shop, "main:schemas/address.avsc", "schemas/address.avsc")

    assert ran.json["notes"] == ["judged together with what uses schemas/address.avsc: shop.Order"]
    assert planned(ran)[:2] == (["$.zip"], [["let `zip` be null where it was not written"]])


def test_a_type_without_a_subject_is_planned_for_those_who_use_it(shop):
    shop.write("schemagate.toml", SHARED)

    ran = migrate(shop, "main:schemas/address.avsc", "schemas/address.avsc")

    assert ran.json["notes"] == [
        "schemas/address.avsc has no subject of its own",
        "judged together with what uses schemas/address.avsc: shop.Order",
    ]
    assert planned(ran)[1] == [["let `zip` be null where it was not written"]]


def test_what_is_fine_for_the_type_alone_is_repaired_for_its_user(shop):
    shop.write("schemagate.toml", '[[subjects]]\nmatch = "**/address.avsc"\nname = ["a"]\nmode = "NONE"\n')

    ran = migrate(shop, "main:schemas/address.avsc", "schemas/address.avsc")

    breaks, does, text = planned(ran)
    assert (breaks, does) == (["$.to.zip"], [["let `zip` be null where it was not written"]])
    assert '{"name": "zip", "type": ["null", "string"], "default": null}' in text


def test_a_break_that_stands_in_another_file_is_sent_there(shop):
    ran = shop.run("migrate", "main:schemas/order.avsc", "schemas/order.avsc")

    assert ran.code == 1
    command = "`schemagate migrate main:schemas/address.avsc schemas/address.avsc`"
    assert f"{command} plans the way, for all that use it" in " ".join(ran.out.split())
    assert ran.out.endswith("failed: what breaks stands in schemas/address.avsc: the way begins there\n")
