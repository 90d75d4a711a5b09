"""The examples on the rules' pages do what the pages say."""

from __future__ import annotations

import pytest

from schemagate.config.names import version_of
from schemagate.rules.catalog import BY_ID, RULES, lint_rules
from schemagate.schema.model import Factory
from schemagate.workspace import Source, load

TOLD_BY_THE_APP = {"lfs-pointer"}
"""Validity rules that the files' reader tells before the workspace sees the file; tests/app holds their tests."""


def examples(kind):
    return [
        pytest.param(rule, example, id=f"{rule.id}-{'fires' if example.fires else 'passes'}-{number}")
        for rule in RULES
        if rule.kind == kind and rule.id not in TOLD_BY_THE_APP
        for number, example in enumerate(rule.examples, 1)
    ]


@pytest.mark.parametrize(("rule", "example"), examples("lint"))
def test_a_lint_example(rule, example, linted):
    (text,) = example.documents

    told = linted(text, example.file_name, (rule,))

    assert [rule_id for rule_id, _, _ in told] == [rule.id] * example.fires


@pytest.mark.parametrize(("rule", "example"), examples("lint"))
def test_a_lint_example_that_passes_breaks_no_other_error_rule(rule, example, linted):
    errors = tuple(rule for rule in lint_rules() if rule.severity.label == "error")

    told = linted(example.documents[0], example.file_name, errors)

    assert {rule_id for rule_id, _, _ in told} <= ({rule.id} if example.fires else set())


def problems(documents, file_name):
    """The problems that the readers tell of these files: ``[(rule id, message)]``."""
    stem = file_name if len(documents) == 1 else "{}.avsc"
    sources = [Source(stem.format(number), text.encode()) for number, text in enumerate(documents)]
    workspace = load(sources, Factory(), version_of)
    return [(p.problem.rule, BY_ID[p.problem.rule].words(p.problem.args)) for p in workspace.problems]


@pytest.mark.parametrize(("rule", "example"), examples("validity"))
def test_a_validity_example(rule, example):
    told = problems(example.documents, example.file_name)

    assert {rule_id for rule_id, _ in told} - MORE.get(rule.id, set()) == ({rule.id} if example.fires else set())


MORE = {"ambiguous-reference": {"duplicate-definition"}}
"""Rules whose example cannot avoid another one."""
