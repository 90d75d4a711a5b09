"""The templates of other CI systems: valid where a schema knows them, and their scripts run as those systems would."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import yaml
from tests.action.acting import ROOT
from tests.adapters.repos import POSIX_ONLY, Repo
from tests.app.scene import OPTIONAL, record
from tests.devregistry.running import running

TEMPLATES = ROOT / "templates"
GITLAB = TEMPLATES / "schemagate" / "template.yml"
AZURE = TEMPLATES / "azure" / "azure-pipelines.yml"
DOCKERFILE = TEMPLATES / "docker" / "Dockerfile"
JENKINS = TEMPLATES / "jenkins" / "Jenkinsfile"
USER = record("User", id="string", user_id="string")
RENAMED = record("User", id="string", uuid="string")
WIDER = record("User", id="string", user_id="string", nick=OPTIONAL)
CONFIG = '[[subjects]]\nmatch = "*.avsc"\nname = "{fullname}"\n\n[registry.prod]\nurl = "http://127.0.0.1:9"\n'


def gitlab() -> tuple[dict, dict]:
    """The component's inputs, and its jobs with the defaults put in."""
    head, _, body = GITLAB.read_text(encoding="utf-8").partition("\n---\n")
    inputs = yaml.safe_load(head)["spec"]["inputs"]
    filled = re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda use: str(inputs[use[1]]["default"]) or '""', body)
    return inputs, yaml.safe_load(filled)


def azure() -> dict[str, str]:
    """Every bash step by its name."""
    stages = yaml.safe_load(AZURE.read_text(encoding="utf-8"))["stages"]
    check = stages[0]["jobs"][0]["steps"]
    register = stages[1]["jobs"][0]["strategy"]["runOnce"]["deploy"]["steps"]
    return {step["displayName"]: step["bash"] for step in (*check, *register) if "bash" in step}


def jenkins() -> list[str]:
    """Every shell script, in order."""
    return [
        textwrap.dedent(text) for text in re.findall(r"sh '''(.*?)'''", JENKINS.read_text(encoding="utf-8"), re.DOTALL)
    ]


class Runner:
    """A clone of a shop's repository with a change checked out, and ``schemagate`` on its PATH."""

    def __init__(self, folder: Path, change: str) -> None:
        self.folder = folder
        origin = Repo(folder / "origin").write("schemagate.toml", CONFIG).write("user.avsc", USER).commit("one")
        self.base = origin.sha()
        origin.branch("topic").write("user.avsc", change).commit("two")
        self.clone = origin.checkout("main").clone(folder / "clone")
        self.clone.git("checkout", "--quiet", "--detach", "origin/topic")
        tool = folder / "tmp" / "schemagate" / "bin" / "schemagate"
        tool.parent.mkdir(parents=True)
        tool.write_text(f'#!/bin/sh\nexec {sys.executable} -m schemagate "$@"\n', encoding="utf-8")
        tool.chmod(0o755)

    def run(self, script: str, **variables: str) -> tuple[int, str]:
        env = {
            **os.environ,
            "PYTHONPATH": str(ROOT / "src"),
            "PATH": f"{self.folder / 'tmp' / 'schemagate' / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "WORKSPACE_TMP": str(self.folder / "tmp"),
            "SCHEMAGATE_OUT": str(self.folder / "out"),
            **variables,
        }
        shell = ["bash", "-euo", "pipefail", "-c", script]
        ran = subprocess.run(shell, cwd=self.clone.path, env=env, capture_output=True, text=True, check=False)
        return ran.returncode, ran.stdout + ran.stderr

    def made(self, folder: str) -> list[str]:
        return sorted(path.name for path in (self.folder / folder).glob("schemagate.*"))


def merge_request(runner: Runner, **variables: str) -> dict[str, str]:
    return {
        "GITLAB_CI": "true",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_EVENT_TYPE": "detached",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": runner.base,
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_MERGE_REQUEST_PROJECT_ID": "1",
        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "1",
        "CI_DEFAULT_BRANCH": "main",
        "SCHEMAGATE_CONFIG": "",
        "SCHEMAGATE_NAME": "",
        **variables,
    }


def test_the_gitlab_component_and_the_azure_pipeline_are_valid(tmp_path):
    inputs, jobs = gitlab()
    (tmp_path / "gitlab.yml").write_text(yaml.safe_dump(jobs), encoding="utf-8")
    used = set(re.findall(r"inputs\.(\w+)", GITLAB.read_text(encoding="utf-8")))
    tool = str(Path(sys.executable).with_name("check-jsonschema"))
    # The schema of Azure's pipelines has patterns that are no Unicode regular expressions.
    for arguments in (
        ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", str(tmp_path / "gitlab.yml")],
        ["--builtin-schema", "vendor.azure-pipelines", "--regex-variant", "nonunicode", str(AZURE)],
    ):
        ran = subprocess.run([tool, *arguments], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr

    assert used == set(inputs)


@POSIX_ONLY
def test_gitlab_judges_a_merge_request_and_asks_no_registry_for_a_fork(tmp_path):
    runner = Runner(tmp_path, RENAMED)
    (script,) = gitlab()[1]["schemagate-check"]["script"]
    fork = {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "2"}

    own = runner.run(script, **merge_request(runner))
    forked = runner.run(script, **merge_request(runner, **fork))
    train = runner.run(script, **merge_request(runner, **fork, CI_MERGE_REQUEST_EVENT_TYPE="merge_train"))

    assert (own[0], forked[0], train[0]) == (3, 1, 3)
    assert "error[field-renamed]" in forked[1]
    assert "a merge request from a fork: no registry is asked" in forked[1]
    assert runner.made("clone") == [
        "schemagate.codequality.json",
        "schemagate.json",
        "schemagate.junit.xml",
        "schemagate.sarif",
        "schemagate.toml",
    ]


@POSIX_ONLY
def test_gitlab_registers_what_is_merged(tmp_path):
    runner = Runner(tmp_path, WIDER)
    runner.clone.git("checkout", "--quiet", "-B", "main", "origin/main")
    (script,) = gitlab()[1]["schemagate-register"]["script"]
    with running("BACKWARD") as registry:
        variables = {
            "GITLAB_CI": "true",
            "CI_PIPELINE_SOURCE": "push",
            "CI_COMMIT_BRANCH": "main",
            "CI_DEFAULT_BRANCH": "main",
            "SCHEMAGATE_NAME": "prod",
            "SCHEMAGATE_CONFIG": "schemagate.toml",
            "SCHEMAGATE_REGISTRY_PROD_URL": registry.url,
        }
        code, said = runner.run(script, **variables)

        assert (code, registry.get("/subjects")) == (0, ["com.example.User"]), said
    assert runner.made("clone") == ["schemagate.receipt.json", "schemagate.toml"]


@POSIX_ONLY
@pytest.mark.parametrize(("fork", "code"), [("False", 3), ("True", 1)])
def test_azure_judges_a_pull_request_and_keeps_its_exit_code(tmp_path, fork, code):
    runner = Runner(tmp_path, RENAMED)
    variables = {"TF_BUILD": "True", "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main", "SCHEMAGATE_FORK": fork}

    ended, said = runner.run(azure()["check"], **variables)

    assert (ended, f"##vso[task.uploadsummary]{tmp_path / 'out' / 'schemagate.md'}" in said) == (code, True), said
    assert runner.made("out") == ["schemagate.junit.xml", "schemagate.md", "schemagate.sarif"]


@POSIX_ONLY
def test_jenkins_judges_a_change_request(tmp_path):
    runner = Runner(tmp_path, RENAMED)
    _, check, register = jenkins()
    jenkins_env = {"JENKINS_URL": "https://ci.example.com", "CHANGE_TARGET": "main"}
    with running("BACKWARD") as registry:
        where = {"SCHEMAGATE_REGISTRY_PROD_URL": registry.url}
        judged = runner.run(check, **jenkins_env, **where)
        runner.clone.git("checkout", "--quiet", "-B", "main", "origin/main")
        done = runner.run(register, JENKINS_URL="https://ci.example.com", BRANCH_NAME="main", **where)

    assert (judged[0], "error[field-renamed]" in judged[1]) == (1, True), judged[1]
    assert done[0] == 0, done[1]
    assert runner.made("clone") == [
        "schemagate.junit.xml",
        "schemagate.receipt.json",
        "schemagate.sarif",
        "schemagate.toml",
    ]


@POSIX_ONLY
def test_the_dockerfile_has_nothing_that_its_linter_warns_of():
    tool = str(Path(sys.executable).with_name("hadolint"))
    ran = subprocess.run([tool, "--no-color", str(DOCKERFILE)], capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stdout) == (0, ""), ran.stderr


def test_the_image_runs_as_nobody_from_the_hashed_lock():
    text = DOCKERFILE.read_text(encoding="utf-8")

    assert "USER 65532:65532" in text
    assert "--require-hashes --only-binary :all:" in text
    copied = re.findall(r"^COPY (?!--from)(\S+) ", text, re.MULTILINE)
    assert [name for name in copied if not (ROOT / name).exists()] == []
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert [name for name in copied if f"!{name}" not in allowed] == []
