"""Every workflow, template and hook that is shipped passes the tools that know their formats."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.action.acting import ROOT

BIN = Path(sys.executable).parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SCHEMAS = {
    "action.yml": "vendor.github-actions",
    **{path.relative_to(ROOT).as_posix(): "vendor.github-workflows" for path in WORKFLOWS},
}
USES = re.compile(r"^\s*(?:- )?uses: (\S+)(?: # (.*))?$", re.MULTILINE)
IGNORED = re.compile(r"zizmor: ignore\[[\w-]+\](.*)")


def run(tool: str, *arguments: str) -> str:
    """What a tool says; it has to be content."""
    ran = subprocess.run([str(BIN / tool), *arguments], cwd=ROOT, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


@pytest.mark.parametrize("path", SCHEMAS)
def test_each_is_valid_by_the_schema_of_its_system(path):
    run("check-jsonschema", "--builtin-schema", SCHEMAS[path], path)


def test_nothing_is_found_that_an_attacker_could_use():
    said = run("zizmor", "--offline", "--persona=pedantic", ".")

    assert "No findings to report" in said


def test_nothing_is_ignored_without_a_reason():
    texts = [path.read_text(encoding="utf-8") for path in (*WORKFLOWS, ROOT / "action.yml")]

    assert [reason for text in texts for reason in IGNORED.findall(text) if len(reason.split()) < 4] == []
    assert not (ROOT / ".github" / "zizmor.yml").exists()


def test_every_action_of_others_is_pinned_by_hash_and_says_its_version():
    found = [use for path in WORKFLOWS for use in USES.findall(path.read_text(encoding="utf-8"))]
    ours = {"./", "$/./"}

    assert found
    for used, comment in found:
        assert used in ours or re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", used), used
        assert used in ours or re.fullmatch(r"v\d+\.\d+\.\d+", comment), comment


def test_every_job_has_an_end_and_only_the_rights_it_needs():
    for path in WORKFLOWS:
        workflow = yaml.safe_load(path.read_text(encoding="utf-8"))

        assert workflow["permissions"] == {}, path.name
        for job in workflow["jobs"].values():
            assert job["timeout-minutes"] <= 30
            assert set(job["permissions"].values()) <= {"read", "write"}
            for step in job["steps"]:
                if step.get("uses", "").startswith("actions/checkout@"):
                    assert step["with"]["persist-credentials"] is False


def test_registrations_wait_for_each_other_and_none_is_dropped():
    for name in ("schemas", "gate"):
        job = yaml.safe_load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text(encoding="utf-8"))["jobs"]

        assert job["register"]["concurrency"] == {
            "group": "schemagate-register",
            "cancel-in-progress": False,
            "queue": "max",
        }
        assert "environment" in job["register"]


def test_the_action_uses_no_other_action_and_takes_inputs_only_through_the_environment():
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))

    assert action["runs"]["using"] == "composite"
    for step in action["runs"]["steps"]:
        assert "uses" not in step
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]
    told = {name for step in action["runs"]["steps"] for name in re.findall(r"inputs\.([\w-]+)", str(step))}
    assert told == set(action["inputs"])


def examples(page: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8").replace("@SHA", "@" + "a" * 40)
    return re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_what_the_documentation_shows_is_valid_and_every_input_is_told(tmp_path):
    inputs = set(yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"])
    page = (ROOT / "docs" / "github.md").read_text(encoding="utf-8")

    assert {name for name in inputs if f"`{name}`" not in page} == set()
    for number, text in enumerate(examples("github.md")):
        whole = yaml.safe_load(text)
        if isinstance(whole, dict):
            path = tmp_path / f"{number}.yml"
            path.write_text(text, encoding="utf-8")
            run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", str(path))
        steps = whole if isinstance(whole, list) else [s for j in whole["jobs"].values() for s in j.get("steps", [])]
        ours = [step for step in steps if step.get("uses", "").startswith("OWNER/")]
        assert [set(step.get("with", {})) - inputs for step in ours if set(step.get("with", {})) - inputs] == []


def test_the_hooks_that_the_documentation_names_are_there():
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    first = yaml.safe_load(examples("pre-commit.md")[0])

    assert {hook["id"] for hook in first["repos"][0]["hooks"]} == hooks
