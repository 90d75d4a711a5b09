from __future__ import annotations

import re

import jsonschema
import pytest

from schemagate.report import catalogue_json
from schemagate.report.layout import width
from schemagate.rules.catalog import RULES


def test_every_rule_is_listed_within_80_columns(terminal):
    ran = terminal.run("rules")
    listed = re.findall(r"^  (?:off|notice|warning|error) +(\S+)$", ran.out, flags=re.MULTILINE)

    assert (ran.code, sorted(listed)) == (0, sorted(rule.id for rule in RULES))
    assert [line for line in ran.lines if width(line) > 80] == []


def test_a_wide_terminal_has_a_rule_a_line(terminal, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")

    lines = terminal.run("rules", "--kind", "breaking").lines

    assert len([line for line in lines if line.startswith("  error")]) == len(lines) - 3


def test_a_kind_is_told_alone(terminal):
    listed = terminal.run("rules", "--kind", "history", "--format", "json").json["rules"]

    assert {rule["kind"] for rule in listed} == {"history"}
    assert terminal.run("rules", "--kind", "odd").code == 2


def test_the_configuration_decides_the_severity(terminal):
    terminal.write("schemagate.toml", '[rules]\nmissing-doc = "error"\n')
    listed = {rule["id"]: rule for rule in terminal.run("rules", "--format", "json").json["rules"]}

    assert (listed["missing-doc"]["severity"], listed["missing-doc"]["default"]) == ("error", "off")
    assert "(default: off)" in terminal.run("rules", "--kind", "lint").out


@pytest.mark.parametrize("arguments", [("rules",), ("explain", "field-renamed")])
def test_json_is_as_its_schema_says(terminal, arguments):
    ran = terminal.run(*arguments, "--format", "json")

    jsonschema.validate(ran.json, catalogue_json.json_schema())


def test_a_page_reads_like_one(terminal):
    ran = terminal.run("explain", "field-added-without-default")

    assert ran.code == 0
    assert ran.lines[:2] == ["error[field-added-without-default]", "breaking (who cannot read what), since 0.1"]
    assert "```" not in ran.out
    assert "  before:" in ran.lines
    assert "  after (reported):" in ran.lines
    assert "  after (fine):" in ran.lines
    assert ran.lines[-1] == "    // schemagate: allow[field-added-without-default] reason"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_prose_of_every_page_keeps_within_80_columns(terminal, rule):
    lines = terminal.run("explain", rule.id).lines

    assert [line for line in lines if width(line) > 80 and not line.startswith("    ")] == []


def test_markdown_is_the_page_as_it_is_written(terminal):
    ran = terminal.run("explain", "field-renamed", "--format", "markdown")

    assert ran.out.startswith("# field-renamed\n\nbreaking, error by default, since 0.1\n\n")
    assert "```avsc fires" in ran.out


def test_an_unknown_rule_suggests_the_nearest(terminal):
    ran = terminal.run("explain", "feld-renamed")

    assert ran == (2, "", "schemagate: there is no rule feld-renamed\n  did you mean `field-renamed`?\n")
