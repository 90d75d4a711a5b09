"""Runs the action for real, without GitHub: `act` carries out a workflow of the test's own on this machine.

What a job leaves is a :class:`Job`: its log as people see it, the commands that the runner obeyed, outputs, summaries.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.adapters.repos import Repo

ROOT = Path(__file__).resolve().parents[2]
ACTION = "acme/schemagate@0123456789abcdef0123456789abcdef01234567"
SHIPPED = ("action.yml", "requirements/run.txt", "scripts/action", "src")
"""What a checkout of the action must have; nothing else is there in these tests."""
PIP_CACHE = os.environ.get("PIP_CACHE_DIR") or str(Path.home() / ".cache" / "pip")
"""Taken before the tests have a home of their own: nothing is downloaded twice."""

OBEYED = {"error", "warning", "notice", "debug", "set-env", "add-path", "save-state"}

WORKFLOW = """\
on: [pull_request, merge_group, push]
jobs:
  gate:
    runs-on: ubuntu-latest
    steps:
      - name: checkout
        run: |
          git init -q .
          git remote add origin "$ORIGIN"
          git fetch -q --no-tags {depth} origin {refspecs}
          git checkout -q {checkout}
      - name: schemagate
        id: gate
        uses: {action}
        env:
          RUNNER_TEMP: {temp}
          PYTHONPATH: "."
        with:
{inputs}
      - name: outputs
        if: always()
        env:
          OUTPUTS: ${{{{ toJSON(steps.gate.outputs) }}}}
        run: printf '%s' "$OUTPUTS" > "$KEPT/outputs.json"
"""


class Job(NamedTuple):
    """What became of one job."""

    passed: bool
    log: str
    """Every line as it stands in the log, the runner's own lines included."""
    commands: tuple[tuple[str, str], ...]
    """What the runner obeyed: command and message, in order, but for masks and stops."""
    places: tuple[Mapping[str, str], ...]
    """The properties of each of those commands."""
    masked: int
    summary: str
    outputs: Mapping[str, str]

    @property
    def told(self) -> dict[str, str]:
        """The outputs that are no paths."""
        return {name: self.outputs.get(name, "") for name in ("exit-code", "findings", "errors")}


class Act:
    """One machine to run jobs on; the environments that the action installs are kept from job to job."""

    def __init__(self, home: Path, shared: Path) -> None:
        self.home = home
        self.temp = shared / "temp"
        self.temp.mkdir(parents=True, exist_ok=True)
        self.action = home / "action"
        for name in SHIPPED:
            source, target = ROOT / name, self.action / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)

    def run(
        self,
        repo: Repo,
        event: str,
        payload: Mapping[str, Any],
        *,
        inputs: Mapping[str, str] | None = None,
        depth: int = 0,
        commit: str = "HEAD",
        env: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
    ) -> Job:
        """The job that GitHub would run for ``event``, on what actions/checkout would fetch of ``repo``."""
        kept = self.home / "kept"
        kept.mkdir(exist_ok=True)
        (kept / "outputs.json").unlink(missing_ok=True)
        (self.home / "event.json").write_text(json.dumps(payload), encoding="utf-8")
        (self.home / "gate.yml").write_text(self._workflow(repo, event, inputs or {}, depth, commit), encoding="utf-8")
        told = {
            "ORIGIN": repo.path.resolve().as_uri(),
            "KEPT": str(kept),
            "PIP_CACHE_DIR": PIP_CACHE,
            "GITHUB_API_URL": "http://127.0.0.1:9",
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_SHA": repo.sha(commit),
            "GITHUB_ACTOR": "ada",
            **(env or {}),
        }
        line = [
            str(Path(sys.executable).with_name("act")),
            event,
            *("--json", "--no-cache-server", "--platform", "ubuntu-latest=-self-hosted"),
            *("--workflows", str(self.home / "gate.yml"), "--eventpath", str(self.home / "event.json")),
            *("--action-cache-path", str(self.home / "cache"), "--local-repository", f"{ACTION}={self.action}"),
            *(word for name, value in told.items() for word in ("--env", f"{name}={value}")),
            *(word for name, value in (secrets or {}).items() for word in ("--secret", f"{name}={value}")),
        ]
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        ran = subprocess.run(
            line, cwd=repo.path, env={**os.environ, "PATH": path}, capture_output=True, check=False, timeout=300
        )
        return _job(ran, kept)

    def _workflow(self, repo: Repo, event: str, inputs: Mapping[str, str], depth: int, commit: str) -> str:
        repo.git("config", "uploadpack.allowAnySHA1InWant", "true")
        name = "refs/remotes/pull/7/merge" if event == "pull_request" else "refs/remotes/origin/main"
        every = ["'+refs/heads/*:refs/remotes/origin/*'"] if depth == 0 else []
        if event == "push":
            refspecs, checkout = every, f"-B main {name}"
        else:
            refspecs, checkout = [*every, f"+{repo.sha(commit)}:{name}-built"], f"--detach {name}-built"
        lines = [f"{key}: {json.dumps(value)}" for key, value in inputs.items()] or ["command: check"]
        return WORKFLOW.format(
            action=ACTION,
            temp=self.temp,
            depth=f"--depth={depth}" if depth else "",
            refspecs=" ".join(refspecs),
            checkout=checkout,
            inputs="\n".join(f"          {line}" for line in lines),
        )


def _job(ran: subprocess.CompletedProcess[bytes], kept: Path) -> Job:
    rows = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith(b"{")]
    lines = [row["msg"].removesuffix("\n") for row in rows if "content" not in row]
    log = "\n".join(lines)
    obeyed = [row for row in rows if row.get("command") in OBEYED]
    outputs = kept / "outputs.json"
    assert outputs.exists(), log + ran.stderr.decode()
    return Job(
        ran.returncode == 0,
        log,
        tuple((row["command"], _parsed(row["raw"])[1]) for row in obeyed),
        tuple(_parsed(row["raw"])[0] for row in obeyed),
        sum(row.get("command") == "add-mask" for row in rows),
        "".join(row["content"] for row in rows if row.get("command") == "summary"),
        json.loads(outputs.read_text(encoding="utf-8")),
    )


def _parsed(raw: str) -> tuple[Mapping[str, str], str]:
    """Properties and message as GitHub's runner reads them: up to the first `::`, where `act` looks for the last."""
    head, _, message = raw.rstrip("\n").removeprefix("::").partition("::")
    properties = head.partition(" ")[2]
    pairs = (pair.partition("=") for pair in properties.split(",") if pair)
    return {name: _unescaped(value) for name, _, value in pairs}, _unescaped(message)


def _unescaped(text: str) -> str:
    for sign, escape in ((":", "%3A"), (",", "%2C"), ("\r", "%0D"), ("\n", "%0A"), ("%", "%25")):
        text = text.replace(escape, sign)
    return text
