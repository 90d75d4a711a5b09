"""SARIF as the program that its authors publish judges it, with the rules that GitHub's code scanning adds."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.app.runs import RUNS
from tests.integration.chosen import THINGS, need

from schemagate.report import sarif

GOLDEN = Path(__file__).resolve().parents[1] / "report" / "golden"
KNOWN = {"warning SARIF2005": "it asks for the tool's page on the web, and there is none to name"}
"""What the validator may say, and why it stays."""

_SAID = re.compile(r": ((?:error|warning) [A-Z]+\d+): (.*)")


def judged(path: Path) -> list[str]:
    """Every error and warning but the known ones."""
    need("sarif")
    platform = {"win32": "win32", "darwin": "darwin"}.get(sys.platform, "linux")
    program = THINGS["sarif"].folder / "node_modules" / "@microsoft" / f"sarif-multitool-{platform}" / "Sarif.Multitool"
    ran = subprocess.run(
        [program, "validate", path, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Analysis completed successfully." in ran.stdout, ran.stdout + ran.stderr
    return [f"{kind}: {text}" for kind, text in _SAID.findall(ran.stdout) if kind not in KNOWN]


@pytest.mark.parametrize("name", ["rich", "clean"])
def test_the_golden_reports_are_valid(name):
    assert judged(GOLDEN / f"{name}.sarif") == []


@pytest.mark.parametrize("name", list(RUNS))
def test_what_real_runs_write_is_valid(name, tmp_path):
    make, _ = RUNS[name]
    path = tmp_path / f"{name}.sarif"
    path.write_text(sarif.render(make(tmp_path)), encoding="utf-8")

    assert judged(path) == []


def test_the_validator_would_say_so_if_something_was_wrong(tmp_path):
    path = tmp_path / "wrong.sarif"
    path.write_text((GOLDEN / "rich.sarif").read_text(encoding="utf-8").replace('"startLine": 9', '"startLine": -9'))

    assert judged(path) != []
