"""The client configurations that the project shows are as it asks of others: nothing is told of them."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest

from schemagate.app.lint import LintRequest, lint

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8").partition("## As it should be")[2]
TODAY = dt.date(2026, 12, 1)
CONFIG = """\
[[clients]]
match = "conf/"

[[subjects]]
match = "*.avsc"
name = "{topic}-value"
topic = "orders"

[registry.prod]
url = "https://registry.example.com"
"""
SHOWN = [
    pytest.param(language, body, id=f"{language}-{number}")
    for number, (language, body) in enumerate(re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
    if language != "console"
]
NAMES = {"yaml": "application.yml", "properties": "application.properties", "json": "a.json", "toml": "a.toml"}


@pytest.mark.parametrize(("language", "body"), SHOWN)
def test_what_the_page_shows_passes(language, body, tmp_path):
    (tmp_path / "conf").mkdir()
    (tmp_path / "schemagate.toml").write_text(CONFIG)
    (tmp_path / "order.avsc").write_text('{"type": "record", "name": "x.Order", "fields": []}')
    (tmp_path / "conf" / NAMES[language]).write_text(body)

    report = lint(LintRequest(str(tmp_path), TODAY, ("conf",)))

    assert [(f.rule, f.message) for f in report.findings] == []


def test_the_example_passes_as_its_page_says():
    request = LintRequest(str(ROOT), TODAY, ("examples/producer.properties",))

    report = lint(request)

    assert [(f.rule, f.message) for f in report.findings] == []
    assert report.notes == ("read 1 client configuration file: examples/producer.properties",)


def test_the_example_is_only_for_development(tmp_path):
    shutil.copy(ROOT / "examples" / "producer.properties", tmp_path)
    (tmp_path / "schemagate.toml").write_text('[[clients]]\nmatch = "producer.properties"\n')

    report = lint(LintRequest(str(tmp_path), TODAY))

    assert [f.rule for f in report.findings] == ["registry-url-plaintext"]
