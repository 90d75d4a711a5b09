"""Every golden case tells exactly what its `expected.txt` holds.

After a wanted change: ``SCHEMAGATE_UPDATE=1 pytest tests/cases -s`` rewrites the files and prints the difference.
"""

from __future__ import annotations

import difflib
import os
import re
import sys

import pytest
from tests.cases.run import HERE, cases, text_of

from schemagate.rules import breaking
from schemagate.rules.catalog import change_rules

UPDATE = bool(os.environ.get("SCHEMAGATE_UPDATE"))


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_case_tells_what_is_expected(case):
    file = case / "expected.txt"
    expected = file.read_text("utf-8") if file.exists() else ""

    actual = text_of(case)

    if UPDATE and actual != expected:
        file.write_text(actual, "utf-8", newline="\n")
        lines = difflib.unified_diff(expected.splitlines(True), actual.splitlines(True), str(file), str(file))
        sys.stdout.write("".join(lines))
    else:
        assert actual == expected


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_case_tells_its_own_rule_once_a_subject(case):
    told = re.findall(r"^\w+\[([a-z-]+)\]", (case / "expected.txt").read_text("utf-8"), re.MULTILINE)

    assert told.count(case.parent.name) == len(list(case.glob("new/*.avsc")))


def test_every_breaking_and_change_rule_has_a_case():
    named = {folder.name for folder in HERE.iterdir() if folder.is_dir() and folder.name != "__pycache__"}

    assert [rule.id for rule in (*breaking.RULES, *change_rules()) if rule.id not in named] == []
