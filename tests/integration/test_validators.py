"""What others read, as programs of theirs judge it: SARIF by the rules of code scanning, the Jenkinsfile as Groovy."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.app.runs import RUNS
from tests.integration.chosen import THINGS, need

from schemagate.app.pipelines import jenkins
from schemagate.app.starters import Facts
from schemagate.report import sarif

TESTS = Path(__file__).resolve().parents[1]
GOLDEN = TESTS / "report" / "golden"
JENKINSFILE = TESTS.parent / "templates" / "jenkins" / "Jenkinsfile"
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


def groovy(folder: Path) -> list[str]:
    """What npm-groovy-lint finds in a folder's Jenkinsfiles, but that a text is there twice."""
    need("groovy")
    from things import groovy_java

    (folder / "rules.json").write_text(
        json.dumps({"extends": "recommended-jenkinsfile", "rules": {"DuplicateStringLiteral": "off"}}), encoding="utf-8"
    )
    linter = THINGS["groovy"].folder / "node_modules" / "npm-groovy-lint" / "lib" / "index.js"
    home = Path(groovy_java() or "").resolve().parents[1]
    options = ("--path", folder, "--files", "**/Jenkinsfile", "--config", folder / "rules.json")
    ran = subprocess.run(
        ["node", linter, *options, "--noserver", "--output", "json"],
        cwd=folder,
        env={**os.environ, "JAVA_HOME": str(home), "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    told = json.loads(ran.stdout)
    assert told["summary"]["totalFilesLinted"] == len(list(folder.rglob("Jenkinsfile"))), ran.stdout + ran.stderr
    return [f"{error['rule']}: {error['msg']}" for file in told["files"].values() for error in file["errors"]]


def test_the_jenkinsfiles_are_groovy_and_follow_the_rules_for_jenkins(tmp_path):
    shutil.copy(JENKINSFILE, tmp_path)
    for name, facts in {"alone": Facts(), "registry": Facts(registry="prod", auth="basic")}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "Jenkinsfile").write_text(jenkins(facts), encoding="utf-8")

    assert groovy(tmp_path) == []


def test_the_linter_would_say_so_if_the_jenkinsfile_was_broken(tmp_path):
    text = JENKINSFILE.read_text(encoding="utf-8").replace("steps {", "steps {{", 1)
    (tmp_path / "Jenkinsfile").write_text(text, encoding="utf-8")

    assert [found.partition(":")[0] for found in groovy(tmp_path)] == ["NglParseError"]
