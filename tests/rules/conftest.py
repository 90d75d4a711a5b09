"""How the rules' tests read a text: through the same reader as everything else."""

from __future__ import annotations

import pytest

from schemagate.avsc.read import read
from schemagate.rules.catalog import lint_rules
from schemagate.rules.run import lint_schema
from schemagate.schema.model import Factory
from schemagate.schema.names import schema_of


@pytest.fixture(scope="session")
def linted():
    """Lints one text: ``[(rule id, path, message)]``, every rule on, in the order told."""

    def lint(text, name="example.avsc", rules=None):
        document = read(text.encode(), name)
        schema = schema_of(document.value, Factory(), name)
        told = lint_schema(
            schema, name=name, comments=document.comments, rules=lint_rules() if rules is None else rules
        )
        return [(rule.id, visit.path, rule.words(found.args)) for rule, visit, found in told]

    return lint


@pytest.fixture(scope="session")
def fields(linted):
    """Lints a record of these fields by one rule: ``[(path, message)]``."""

    def lint(rule_id, fields, **members):
        from json import dumps

        record = {"type": "record", "name": "Example", "namespace": "com.example", "fields": fields, **members}
        return [(path, message) for rule, path, message in linted(dumps(record)) if rule == rule_id]

    return lint
