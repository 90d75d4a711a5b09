"""The examples on the client rules' pages do what the pages say, in a repository with ``{topic}-value``."""

from __future__ import annotations

import datetime as dt

import pytest

from schemagate.app.lint import LintRequest, lint
from schemagate.rules.catalog import of_kind

CONFIG = """
[[clients]]
match = "conf/"

[[subjects]]
match = "*.avsc"
name = "{topic}-value"
topic = "orders"

[registry.prod]
url = "https://registry.example.com"
"""
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}-{'fires' if example.fires else 'passes'}-{number}")
    for rule in of_kind("client")
    for number, example in enumerate(rule.examples, 1)
]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_a_client_example(rule, example, tmp_path):
    (tmp_path / "conf").mkdir()
    (tmp_path / "schemagate.toml").write_text(CONFIG)
    (tmp_path / "order.avsc").write_text('{"type": "record", "name": "x.Order", "fields": []}')
    (tmp_path / "conf" / example.file_name).write_text(example.documents[0])

    report = lint(LintRequest(str(tmp_path), dt.date(2026, 11, 23), ("conf",)))

    told = [finding.rule for finding in report.findings if finding.rule == rule.id]
    assert told == [rule.id] * example.fires
