"""What the action's inputs make of a run of the tool, without running it."""

from __future__ import annotations

import base64
import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.adapters.repos import POSIX_ONLY

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts" / "action"


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """``asked(PATHS=..., env={...}, event={...})``."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    module = importlib.import_module("asked")

    def ask(env=None, event=None, **inputs):
        told = {f"SCHEMAGATE_ACTION_{name}": value for name, value in inputs.items()}
        return module.asked({**told, **(env or {})}, event or {}, module.Files(tmp_path))

    ask.refused = module.RefusedError
    return ask


def pull_request(head: str | None) -> dict:
    repo = {"full_name": head} if head else None
    return {"pull_request": {"head": {"repo": repo}, "base": {"repo": {"full_name": "acme/shop"}}}}


def test_one_run_writes_every_format(asked, tmp_path):
    run = asked(PATHS="a.avsc\n\n  --all ", CONFIG="-x.toml", SEVERITY="missing-doc=error", ALL="true")

    assert run.arguments == (
        "check",
        "--format=github",
        f"--output=json={tmp_path / 'report.json'}",
        f"--output=text={tmp_path / 'report.txt'}",
        f"--output=markdown={tmp_path / 'summary.md'}",
        f"--output=markdown-comment={tmp_path / 'comment.md'}",
        f"--output=sarif={tmp_path / 'report.sarif'}",
        "--config=-x.toml",
        "--severity=missing-doc=error",
        "--all",
        "--",
        "a.avsc",
        "--all",
    )


def test_drift_and_register_take_what_is_theirs(asked, tmp_path):
    register = asked(COMMAND="register", REGISTRY="prod")
    drift = asked(COMMAND="drift", PREFIX="orders-\nusers-", AGAINST="main")

    assert register.arguments == (
        "register",
        "--color=never",
        f"--receipt={tmp_path / 'report.json'}",
        "--registry=prod",
    )
    assert drift.arguments == (
        "drift",
        "--color=never",
        f"--output=json={tmp_path / 'report.json'}",
        "--against=main",
        "--prefix=orders-",
        "--prefix=users-",
    )


def test_secrets_go_into_the_registrys_own_variables_and_are_hidden_with_its_address(asked):
    run = asked(
        REGISTRY="prod-eu",
        URL="https://user:p%40ss@one.example.com/x/, https://two.example.com",
        USERNAME="ci",
        PASSWORD="top\nsecret",  # noqa: S106
        CLIENT_SECRET="hush-hush",  # noqa: S106
    )

    assert run.env == {
        "SCHEMAGATE_REGISTRY_PROD_EU_URL": "https://user:p%40ss@one.example.com/x/, https://two.example.com",
        "SCHEMAGATE_REGISTRY_PROD_EU_USERNAME": "ci",
        "SCHEMAGATE_REGISTRY_PROD_EU_PASSWORD": "top\nsecret",
        "SCHEMAGATE_REGISTRY_PROD_EU_CLIENT_SECRET": "hush-hush",
    }
    assert run.secrets == (
        "https://user:p%40ss@one.example.com/x/",
        "https://user:p%40ss@one.example.com/x",
        "https://one.example.com/x",
        "p@ss",
        "https://two.example.com",
        "top",
        "secret",
        "hush-hush",
    )


FORK = {"GITHUB_EVENT_NAME": "pull_request"}


@pytest.mark.parametrize(
    ("env", "head", "why"),
    [
        (FORK, "mallory/shop", "this pull request comes from a fork"),
        (FORK, None, "this pull request comes from a fork"),
        (FORK | {"GITHUB_ACTOR": "dependabot[bot]"}, "acme/shop", "this pull request is Dependabot's"),
        (FORK, "acme/shop", ""),
        ({"GITHUB_EVENT_NAME": "push"}, "mallory/shop", ""),
        ({"GITHUB_EVENT_NAME": "merge_group"}, "mallory/shop", ""),
        (FORK | {"SCHEMAGATE_REGISTRY_PROD_PASSWORD": "x"}, "mallory/shop", ""),
        (FORK | {"SCHEMAGATE_REGISTRY_PROD_PASSWORD": ""}, "mallory/shop", "this pull request comes from a fork"),
        (FORK | {"SCHEMAGATE_ACTION_OFFLINE": "never"}, "mallory/shop", ""),
    ],
)
def test_only_who_gets_no_secrets_is_judged_without_the_registry(asked, env, head, why):
    run = asked(env, pull_request(head))

    assert run.why_offline == why
    assert ("--offline" in run.arguments) == bool(why)


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"COMMAND": "pull"}, "`command: pull` is none of"),
        ({"COMMAND": "register", "PATHS": "x"}, "`paths` goes with `command: check`"),
        ({"PREFIX": "x"}, "`prefix` goes with `command: drift`"),
        ({"COMMAND": "drift", "SARIF": "x"}, "`sarif-file` goes with"),
        ({"PASSWORD": "x"}, "`registry-password` needs `registry` too"),
        ({"REGISTRY": "a=b"}, "`registry` is not the name"),
        ({"ALL": "yes"}, "`all: yes` is neither true nor false"),
        ({"OFFLINE": "true"}, "`offline: true` is none of auto"),
    ],
)
def test_what_cannot_be_meant_is_refused(asked, inputs, told):
    with pytest.raises(asked.refused, match=told):
        asked(**inputs)


def test_git_may_ask_github_where_the_checkout_kept_no_credentials(monkeypatch, tmp_path, capsys):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    run = importlib.import_module("run")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    env = {**os.environ, "GITHUB_SERVER_URL": "https://github.example", "GIT_CONFIG_COUNT": "2"}
    login = base64.b64encode(b"x-access-token:t0ken").decode()

    added = run.git_login(env, tmp_path, "t0ken")
    subprocess.run(["git", "config", "http.https://github.example/.extraheader", "x"], cwd=tmp_path, check=True)
    there = run.git_login({**env, "GIT_CONFIG_COUNT": "0"}, tmp_path, "t0ken")

    assert added == {
        "GIT_CONFIG_COUNT": "3",
        "GIT_CONFIG_KEY_2": "http.https://github.example/.extraheader",
        "GIT_CONFIG_VALUE_2": f"AUTHORIZATION: basic {login}",
    }
    assert there == {}
    assert capsys.readouterr().out == f"::add-mask::{login}\n"


def install(tmp_path: Path, **pythons: str) -> subprocess.CompletedProcess[str]:
    """``install.sh`` on a runner that has these Pythons and nothing else: name → shell script."""
    for name in ("bash", "dirname"):
        (tmp_path / name).symlink_to(f"/bin/{name}" if Path(f"/bin/{name}").exists() else f"/usr/bin/{name}")
    for name, script in pythons.items():
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
    env = {"PATH": str(tmp_path), "RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": os.devnull}
    script = str(SCRIPTS / "install.sh")
    return subprocess.run([str(tmp_path / "bash"), script], env=env, capture_output=True, text=True, check=False)


@POSIX_ONLY
@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("[ $1 = --version ] && echo Python 3.9.2 && exit; exit 1", "this runner has Python 3.9.2"),
        ("exit 127", "this runner has no python3"),
        (
            (
                f'[ $1 = --version ] && echo Python 3.12.1 && exit; case "$3" in *ensurepip*) exit 1;; esac; '
                f'exec {sys.executable} "$@"'
            ),
            "Python 3.12.1 of this runner has no venv module",
        ),
    ],
    ids=["old", "none", "no venv"],
)
def test_a_runner_that_cannot_is_told_what_it_needs(tmp_path, script, told):
    ran = install(tmp_path, python3=script)

    assert ran.returncode == 2, ran.stderr
    assert ran.stdout.startswith("::error title=schemagate::")
    assert told in ran.stdout
    assert ran.stdout.count("\n") == 1
    assert "actions/setup-python" in ran.stdout
