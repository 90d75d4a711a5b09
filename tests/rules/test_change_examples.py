"""The examples on the pages of the breaking and the change rules do what the pages say."""

from __future__ import annotations

import pytest
from tests.rules.lineages import changes, judged

from schemagate.rules.catalog import RULES, change_rules, of_kind


def examples(kind):
    return [
        pytest.param(rule, example, id=f"{rule.id}-{'fires' if example.fires else 'passes'}-{number}")
        for rule in of_kind(kind)
        for number, example in enumerate(rule.examples, 1)
    ]


@pytest.mark.parametrize(("rule", "example"), examples("change"))
def test_a_change_example(rule, example):
    old, new = example.documents

    named = {cause.rule for cause in changes(old, new)}

    assert (rule.id in named) == example.fires
    assert named - DOCUMENTED <= ({rule.id} if example.fires else set())


DOCUMENTED = {"doc-only-version"}
"""What an example whose only change is its `doc` cannot avoid."""


@pytest.mark.parametrize(("rule", "example"), examples("breaking"))
def test_a_breaking_example(rule, example):
    old, new = example.documents

    named = {one.cause.rule for one in judged(old, new)}

    assert named - DOCUMENTED - MORE.get(rule.id, set()) == ({rule.id} if example.fires else set())


MORE = {"enum-symbol-added": {"enum-symbol-swallowed"}}
"""Rules whose compatible way is told as a notice."""


def test_an_example_against_itself_says_nothing():
    texts = {
        text
        for rule in RULES
        if rule.kind in ("change", "breaking", "lint")
        for example in rule.examples
        for text in example.documents
    }

    assert [text for text in texts if changes(text, text) or judged(text, text)] == []


def test_every_change_rule_has_an_example_that_fires_and_one_that_passes():
    assert all({e.fires for e in rule.examples} == {True, False} for rule in change_rules())
