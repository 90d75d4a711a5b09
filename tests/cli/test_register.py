"""``plan`` and ``register`` as a user types them."""

from __future__ import annotations

import base64
import json

import pytest
from tests.cli.cases import USER, WIDER
from tests.devregistry.running import running

from schemagate.devregistry.users import User

CONFIG = """\
[[subjects]]
match = "schemas"
name = "{topic}-value"
topic = "users"

[registry.dev]
"""


@pytest.fixture
def registry():
    with running("BACKWARD") as registry:
        yield registry


@pytest.fixture
def shop(clone, repo, registry, monkeypatch, tmp_path):
    """A terminal in a repository that publishes to a running registry."""
    monkeypatch.setenv("SCHEMAGATE_CACHE_DIR", str(tmp_path / "cache"))
    for name in ("CI", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    repo.write("schemagate.toml", f'{CONFIG}url = "{registry.url}"\n').commit("config")
    return clone


def test_plan_register_plan(shop, tmp_path):
    receipt = tmp_path / "out" / "receipt.json"
    planned, done, after = (
        shop.run("plan", "--exit-code"),
        shop.run("register", "--receipt", str(receipt)),
        shop.run("plan", "--exit-code"),
    )

    assert [ran.code for ran in (planned, done, after)] == [4, 0, 0]
    assert "  create         users-value  version 1 (schemas/user.avsc)" in planned.lines
    assert done.lines[-2].startswith("registered: 1 version created and 1 mode set")
    assert after.lines[-1] == "nothing to do: the registry has its one subject as the repository has them"
    entries = json.loads(receipt.read_text())["entries"]
    assert [(entry["result"], entry["version"], entry["id"]) for entry in entries] == [
        ("set", None, None),
        ("created", 1, 1),
    ]


def test_register_in_json(shop):
    assert shop.run("register", "--format", "json").json["outcome"] == "registered"
    assert shop.run("register", "--format", "json").json["outcome"] == "unchanged"


def test_a_plan_without_exit_code_is_0_with_something_to_do(shop):
    assert shop.run("plan").code == 0


def test_what_is_blocked_is_1(shop, registry):
    shop.run("register")
    registry.register("users-value", WIDER)

    assert shop.run("plan", "--exit-code").code == 1
    assert shop.run("register").code == 1
    assert shop.run("plan", "--exit-code", "--format", "json").json["state"] == "blocked"


def test_findings_are_told_before_the_plan(shop, repo):
    shop.run("register")
    repo.branch("change").write("schemas/user.avsc", USER.replace('"user_id"', '"uuid"')).commit("rename")

    ran = shop.run("plan", "--exit-code")

    assert ran.code == 1
    assert ran.lines[0].startswith("error[field-renamed]")
    assert "  blocked        users-value  (schemas/user.avsc)" in ran.lines


def test_without_names_it_says_what_to_add(shop, repo, registry):
    repo.write("schemagate.toml", f'[registry.dev]\nurl = "{registry.url}"\n').commit("no names")

    ran = shop.run("register")

    assert ran.code == 2
    assert ran.err.splitlines()[:4] == [
        "schemagate: schemas/user.avsc: no configuration says how its subject is called in the registry",
        "  add to schemagate.toml:",
        "  [[subjects]]",
        '  match = "schemas/user.avsc"',
    ]


def test_what_is_not_committed_is_2(shop):
    shop.write("schemas/user.avsc", WIDER)

    assert shop.run("register").code == 2
    assert shop.run("register", "--allow-dirty").code == 0


def test_a_registry_that_is_not_there_is_3(shop, repo):
    repo.write("schemagate.toml", f'{CONFIG}url = "http://127.0.0.1:9"\ntimeout = 1\n').commit("gone")

    ran = shop.run("register")

    assert ran.code == 3
    assert "http://127.0.0.1:9" in ran.out + ran.err


def test_an_account_that_may_only_read_writes_nothing_and_learns_what_it_lacks(shop, repo, monkeypatch):
    users = (User("reader", "s3cret-canary", writes=False),)
    monkeypatch.setenv("SCHEMAGATE_REGISTRY_DEV_USERNAME", "reader")
    monkeypatch.setenv("SCHEMAGATE_REGISTRY_DEV_PASSWORD", "s3cret-canary")
    with running("BACKWARD", users=users) as registry:
        repo.write("schemagate.toml", f'{CONFIG}url = "{registry.url}"\nauth = "basic"\n').commit("sign in")
        planned, ran = shop.run("plan"), shop.run("register")
        login = "Basic " + base64.b64encode(b"reader:s3cret-canary").decode()
        subjects = registry.get("/subjects", Authorization=login)

    assert (planned.code, ran.code, subjects) == (0, 3, [])
    text = " ".join(ran.out.split())
    assert "does not let this account set the subject's mode to FULL_TRANSITIVE (HTTP 403)" in text
    assert "PUT /config/users-value" in text
    assert "s3cret-canary" not in planned.out + planned.err + ran.out + ran.err


def test_a_receipt_that_cannot_be_written_is_known_before_the_first_write(shop, registry, tmp_path):
    ran = shop.run("register", "--receipt", str(tmp_path))

    assert ran.code == 2
    assert registry.get("/subjects") == []


def test_a_format_that_plans_do_not_have_is_refused(shop):
    assert shop.run("plan", "--format", "sarif").code == 2


def test_progress_is_told_on_a_terminal_only(shop):
    assert shop.run("register").err == ""
