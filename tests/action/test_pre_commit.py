"""The hooks of `.pre-commit-hooks.yaml`, carried out by pre-commit itself on 3,000 schemas."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.action.acting import PIP_CACHE, ROOT
from tests.adapters.repos import ISOLATED, POSIX_ONLY, Repo
from tests.app.scene import OPTIONAL, record

pytestmark = POSIX_ONLY

FILES = 3_000
PRE_COMMIT = str(Path(sys.executable).with_name("pre-commit"))
CONFIG = """\
repos:
  - repo: {tool}
    rev: {rev}
    hooks:
      - id: schemagate-check
      - id: schemagate-lint
      - id: schemagate-push
"""
REGISTRY = '[rules]\nfile-name-mismatch = "off"\n\n[registry.prod]\nurl = "http://127.0.0.1:9"\n'


class Hooked(Repo):
    """A repository whose commits and pushes go through the hooks."""

    def hooked(self, *command: str) -> str:
        """Everything that is said where pre-commit runs."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        env = {**kept, **ISOLATED, "PRE_COMMIT_HOME": str(self.path.parent / "home"), "PIP_CACHE_DIR": PIP_CACHE}
        ran = subprocess.run(command, cwd=self.path, env=env, capture_output=True, text=True, check=False)
        return ran.stdout + ran.stderr

    def verdicts(self, *arguments: str) -> list[str]:
        """What each hook came to in a git command, and the rules of what it found."""
        return self.told(self.hooked("git", *arguments))

    def told(self, said: str) -> list[str]:
        rows = re.findall(r"^schemagate (.*?)\.\.+(?:\(no files to check\))?(\w+)$|^error\[(.*?)\]", said, re.MULTILINE)
        return [" ".join(part for part in row if part) for row in rows]


def text(number: int, **fields: object) -> str:
    """Ten in a row refer to each other, so that no schema is whole without files that another process may get."""
    before = f"R{number - 1}" if number % 10 else "string"
    return record(f"R{number}", id="string", before=before, **fields)


def path(number: int) -> str:
    return f"schemas/a_name_that_is_long_enough_to_fill_a_command_line_{number:05}.avsc"


@pytest.fixture
def repo(tmp_path):
    tool = Repo(tmp_path / "tool")
    for name in ("src", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tool.path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, tool.path / name)
    tool.commit("tool")
    made = Hooked(tmp_path / "repo")
    for number in range(FILES):
        made.write(path(number), text(number))
    made.write("schemagate.toml", REGISTRY)
    made.write(".pre-commit-config.yaml", CONFIG.format(tool=tool.path, rev=tool.sha())).stage()
    command = [PRE_COMMIT, "install", "-t", "pre-commit", "-t", "pre-push"]
    subprocess.run(command, cwd=made.path, check=True, capture_output=True)
    return made


def test_what_is_staged_or_pushed_is_judged_and_nothing_else(repo):
    check, lint, push = "check", "lint", "check (pre-push)"

    # All 3,000 files, handed over in several processes.
    assert repo.verdicts("commit", "-m", "all") == [f"{check} Passed", f"{lint} Passed"]

    # A break in the work tree is not in the index.
    repo.write("note.txt", "x").stage().write(path(9), text(9, mandatory="string"))
    assert repo.verdicts("commit", "-m", "note") == [f"{check} Passed", f"{lint} Skipped"]
    assert repo.git("status", "--short") == f"M {path(9)}".rjust(len(path(9)) + 3)
    repo.git("checkout", "--quiet", ".")

    # A commit that only deletes names no file.
    repo.delete(path(9)).stage()
    assert repo.verdicts("commit", "-m", "delete") == [f"{check} Failed", "published-schema-deleted", f"{lint} Skipped"]

    # As somebody does who only wants to see what the hooks would say.
    (tool,) = {hooks["repo"] for hooks in yaml.safe_load((repo.path / ".pre-commit-config.yaml").read_text())["repos"]}
    tried = repo.hooked(PRE_COMMIT, "try-repo", tool, "--all-files")
    assert repo.told(tried) == [f"{check} Failed", "published-schema-deleted", f"{lint} Passed"]
    repo.git("reset", "--quiet", "--hard")

    # A lineage follows its file.
    repo.move(path(9), "schemas/elsewhere.avsc").stage()
    assert repo.verdicts("commit", "-m", "move") == [f"{check} Passed", f"{lint} Passed"]
    repo.write("schemas/elsewhere.avsc", text(9, mandatory="string")).stage()
    assert repo.verdicts("commit", "-m", "break") == [
        f"{check} Failed",
        "field-added-without-default",
        f"{lint} Passed",
    ]
    repo.git("reset", "--quiet", "--hard")

    # What is pushed is judged against what the remote has.
    Repo(repo.path.parent / "remote", bare=True)
    repo.git("remote", "add", "origin", str(repo.path.parent / "remote"))
    repo.git("push", "--quiet", "--no-verify", "origin", "main")
    repo.write(path(19), text(19, nick=OPTIONAL)).commit("wider")
    assert repo.verdicts("push", "origin", "main") == [f"{push} Passed"]
    repo.write(path(19), text(19, nick=OPTIONAL, mandatory="string")).stage()
    repo.git("commit", "--quiet", "--no-verify", "--message", "break")
    assert repo.verdicts("push", "origin", "main") == [f"{push} Failed", "field-added-without-default"]


def test_the_manifest_is_one_and_the_hooks_ask_no_registry_unless_told_to():
    manifest = ROOT / ".pre-commit-hooks.yaml"
    command = [PRE_COMMIT, "validate-manifest", str(manifest)]

    assert subprocess.run(command, check=False).returncode == 0
    assert manifest.read_text(encoding="utf-8").count("  args: [--offline]\n") == 2
