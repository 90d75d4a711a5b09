"""The quick start can be followed as it stands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.adapters.repos import Repo
from tests.app.scene import record

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "quickstart.md").read_text(encoding="utf-8")
GITHUB, GITLAB, PRE_COMMIT = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
SHA = "a" * 40


def schemagate(repo: Repo, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "schemagate", *arguments]
    return subprocess.run(command, cwd=repo.path, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize(
    ("text", "schema"), [(GITHUB, "vendor.github-workflows"), (GITLAB, "vendor.gitlab-ci")], ids=["GitHub", "GitLab"]
)
def test_what_is_to_be_pasted_is_valid(tmp_path, text, schema):
    (tmp_path / "pasted.yml").write_text(text.replace("@SHA", f"@{SHA}"), encoding="utf-8")
    tool = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(tmp_path / "pasted.yml")]

    ran = subprocess.run(tool, capture_output=True, encoding="utf-8", check=False)

    assert ran.returncode == 0, ran.stdout


def test_the_pinned_actions_are_those_of_the_project_s_own_workflows():
    own = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    used = re.findall(r"uses: (actions/\S+ # v\S+)", GITHUB)

    assert len(used) == 2
    assert [line for line in used if line not in own] == []


def test_the_hooks_are_there():
    shipped = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}

    assert {hook["id"] for hook in yaml.safe_load(PRE_COMMIT)["repos"][0]["hooks"]} <= shipped


def test_the_steps_do_what_they_say(tmp_path):
    repo = Repo(tmp_path / "repo")
    repo.write("schemas/user.avsc", record("User", id="string", user_id="string")).commit("Publish")

    assert schemagate(repo, "check", "--all").returncode == 0
    repo.branch("try-it").write("schemas/user.avsc", record("User", id="string", uuid="string"))
    stopped = schemagate(repo, "check")
    assert stopped.returncode == 1
    assert "error[field-renamed]" in stopped.stdout
    repo.write("schemas/user.avsc", record("User", id="string", user_id="string"))
    assert schemagate(repo, "init", "--ci", "github", "--yes").returncode == 0
    assert (repo.path / "schemagate.toml").exists()
    assert (repo.path / ".github" / "workflows" / "schemas.yml").exists()
    assert (repo.path / ".pre-commit-config.yaml").exists()
    assert schemagate(repo, "check", "--all").returncode == 0
