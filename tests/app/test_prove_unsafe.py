"""Every rule on what is compatible and not safe shows what readers make of a value, or there is a reason why not."""

from __future__ import annotations

import pytest
from tests.app.scene import run

import schemagate
from schemagate.adapters.decoding import encode, load
from schemagate.rules.catalog import change_rules
from schemagate.schema.datum import Smallest
from schemagate.schema.sample import Seeded, sample

WITHOUT_VALUE = {
    "doc-only-version": "the messages are the same, byte for byte",
}
"""Rules of which no value tells anything, and why."""


@pytest.mark.parametrize(
    ("rule", "example"),
    [
        pytest.param(rule.id, example, id=f"{rule.id}-{number}")
        for rule in change_rules()
        for number, example in enumerate(rule.examples, 1)
        if example.fires and rule.id not in WITHOUT_VALUE
    ],
)
def test_what_a_rule_s_page_calls_unsafe_is_shown_on_a_value(repo, rule, example):
    old, new = example.documents
    for mode in ("FULL_TRANSITIVE", "BACKWARD_TRANSITIVE"):
        repo.write("schemagate.toml", f'mode = "{mode}"\n[[subjects]]\nmatch = "*.avsc"\nname = ["users-value"]\n')
        repo.write("a.avsc", old).commit(mode).branch(mode).write("a.avsc", new)
        shown = [f.witness for f in run(repo, against="main").findings if f.rule == rule and f.witness is not None]
        if shown:
            break

    assert [bool(one.readings and (one.before is not None or "schema" in one.writer)) for one in shown] == [True]


def test_a_rule_without_a_value_has_its_reason():
    from schemagate.engine.effects import BY_RULE

    assert {rule.id for rule in change_rules()} - set(BY_RULE) == set(WITHOUT_VALUE)


@pytest.mark.parametrize("seed", range(20))
def test_messages_of_a_doc_only_version_are_the_same_byte_for_byte(seed):
    field = {"name": "email", "type": ["null", {"type": "enum", "name": "E", "symbols": ["A", "B"]}, "string"]}
    old = {"type": "record", "name": "User", "fields": [field]}
    new = {**old, "doc": "Who.", "aliases": ["Person"], "fields": [{**field, "doc": "Verified.", "owner": "mail"}]}
    before, after = schemagate.parse(old), schemagate.parse(new)
    datum = sample(Smallest(before), Seeded(seed))

    assert encode(load(before), datum) == encode(load(after), datum)
