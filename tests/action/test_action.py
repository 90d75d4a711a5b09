"""`action.yml`, run by `act` on repositories of every kind, as a workflow would use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.adapters.repos import POSIX_ONLY, Repo
from tests.app.scene import OPTIONAL, record
from tests.devregistry.running import running

from schemagate.devregistry.users import User

pytestmark = POSIX_ONLY

USER = record("User", id="string", user_id="string")
RENAMED = record("User", id="string", uuid="string")
WIDER = record("User", id="string", user_id="string", nick=OPTIONAL)
REGISTRY = """\
[[subjects]]
match = "*.avsc"
name = "{fullname}"

[registry.prod]
url = "http://127.0.0.1:9"
auth = "basic"
"""
PASSWORD = "correct-horse-battery"  # noqa: S105 - of a registry that lives as long as the test
TRAP = "raise SystemExit('the judged repository was imported')\n"


def pull_request(repo: Repo, text: str, *, head: str = "acme/shop", path: str = "schemas/user.avsc") -> dict:
    """A pull request that writes ``text``; HEAD of ``repo`` is the merge commit that GitHub builds for it."""
    base = repo.sha("main")
    repo.branch("topic").write(path, text).commit("change")
    tip = repo.sha()
    repo.git("checkout", "--quiet", "--detach", base)
    repo.merge(tip)
    return {
        "pull_request": {
            "number": 7,
            "base": {"sha": base, "ref": "main", "repo": {"full_name": "acme/shop"}},
            "head": {"sha": tip, "ref": "topic", "repo": {"full_name": head}},
        },
        "repository": {"default_branch": "main"},
    }


def published(repo: Repo, config: str = "", **more: str) -> Repo:
    if config:
        repo.write("schemagate.toml", config)
    for path, text in more.items():
        repo.write(path, text)
    return repo.write("schemas/user.avsc", USER).commit("Users")


def test_a_clean_pull_request_passes_and_gets_no_comment(act, repo, github):
    event = pull_request(published(repo), WIDER)

    job = act.run(repo, "pull_request", event, env={"GITHUB_API_URL": github.url}, secrets={"GITHUB_TOKEN": "t0ken"})

    assert job.passed, job.log
    assert job.told == {"exit-code": "0", "findings": "0", "errors": "0"}
    assert job.commands == ()
    assert job.summary.startswith("### ✅ schemagate check: ok")
    assert github.bodies == []


def test_a_break_is_annotated_summarised_commented_and_fails_the_job(act, repo, github):
    traps = dict.fromkeys(("msgspec.py", "sitecustomize.py", "schemagate.py", "requests.py", "typing.py"), TRAP)
    event = pull_request(published(repo, **traps), RENAMED)

    job = act.run(repo, "pull_request", event, env={"GITHUB_API_URL": github.url}, secrets={"GITHUB_TOKEN": "t0ken"})

    assert not job.passed
    assert job.told == {"exit-code": "1", "findings": "1", "errors": "1"}
    ((command, message),) = job.commands
    assert (command, message.splitlines()[0]) == (
        "error",
        "`user_id` became `uuid`: nobody on the other side can read it",
    )
    assert job.places[0]["file"] == "schemas/user.avsc"
    assert "error[field-renamed]" in job.log
    assert job.summary.startswith("### ❌ schemagate check: failed")
    assert len(github.bodies) == 1
    assert "became <code>uuid</code>" in github.bodies[0]
    assert json.loads(Path(job.outputs["report"]).read_text(encoding="utf-8"))["schemagate"]
    assert json.loads(Path(job.outputs["sarif"]).read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert "t0ken" not in job.log


def test_a_fork_without_secrets_is_judged_offline_and_told_where_there_is_no_comment(act, repo, github):
    event = pull_request(published(repo, REGISTRY), RENAMED, head="mallory/shop")
    github.refusals["POST"] = [403]

    job = act.run(repo, "pull_request", event, env={"GITHUB_API_URL": github.url}, secrets={"GITHUB_TOKEN": "t0ken"})

    assert job.told == {"exit-code": "1", "findings": "1", "errors": "1"}
    assert [command for command, _ in job.commands] == ["error", "notice", "notice"]
    assert job.commands[1][1].startswith("this pull request comes from a fork, so there are no credentials. --offline:")
    assert "a pull request from a fork never has it" in job.commands[2][1]
    assert "registry prod was not asked" in job.summary
    assert github.bodies == []


def test_a_pull_request_of_the_repository_itself_asks_the_registry(act, repo):
    event = pull_request(published(repo, REGISTRY), WIDER)

    job = act.run(repo, "pull_request", event)

    assert job.told["exit-code"] == "2"
    assert "SCHEMAGATE_REGISTRY_PROD_USERNAME is not set" in job.commands[0][1]


def test_a_clone_without_the_past_is_undecided_and_says_what_to_do(act, repo, github):
    event = pull_request(published(repo), WIDER)

    job = act.run(repo, "pull_request", event, depth=1, env={"GITHUB_API_URL": github.url})

    assert not job.passed
    assert job.told["exit-code"] == "3"
    assert "fetch-depth: 0" in job.commands[0][1]
    assert "fetch-depth: 0" in job.summary


@pytest.mark.parametrize("offline", ["auto", "always"])
def test_a_merge_queue_never_goes_without_the_registry(act, repo, offline):
    published(repo, REGISTRY)
    base = repo.sha()
    repo.branch("queue").write("schemas/user.avsc", WIDER).commit("change")
    event = {"merge_group": {"base_sha": base, "head_sha": repo.sha(), "base_ref": "refs/heads/main"}}

    job = act.run(repo, "merge_group", event, inputs={"offline": offline})

    assert not job.passed
    assert job.told["exit-code"] == "2"
    expected = {"auto": "SCHEMAGATE_REGISTRY_PROD_USERNAME is not set", "always": "cannot be in a merge queue"}
    assert expected[offline] in job.commands[0][1]


def test_register_writes_what_is_merged_and_shows_neither_address_nor_password(act, repo):
    published(repo, REGISTRY)
    event = {"before": "0" * 40, "repository": {"default_branch": "main"}}
    ref = {"GITHUB_REF": "refs/heads/main", "GITHUB_REF_NAME": "main", "GITHUB_REF_TYPE": "branch"}
    inputs = {
        "command": "register",
        "registry": "prod",
        "registry-url": "${{ secrets.URL }}",
        "registry-username": "ci",
        "registry-password": "${{ secrets.PASSWORD }}",
    }
    with running("BACKWARD", users=(User("ci", PASSWORD, writes=True),)) as registry:
        secrets = {"URL": registry.url, "PASSWORD": PASSWORD}
        first = act.run(repo, "push", event, inputs=inputs, env=ref, secrets=secrets)
        drift = act.run(repo, "push", event, inputs=inputs | {"command": "drift"}, env=ref, secrets=secrets)
        plain = {"URL": registry.url, "PASSWORD": "wrong-horse-battery"}
        refused = act.run(repo, "push", event, inputs=inputs, env=ref, secrets=plain)

    assert first.passed, first.log
    assert first.told == {"exit-code": "0", "findings": "0", "errors": "0"}
    receipt = json.loads(Path(first.outputs["report"]).read_text(encoding="utf-8"))
    assert [entry["result"] for entry in receipt["entries"]] == ["set", "created"]
    assert first.summary.startswith("### ✅ schemagate register\n\n```\n")
    assert drift.told == {"exit-code": "0", "findings": "0", "errors": "0"}
    assert refused.told == {"exit-code": "3", "findings": "0", "errors": "0"}
    assert [command for command, _ in refused.commands] == ["error"]
    for job in (first, drift, refused):
        everything = job.log + job.summary + "".join(message for _, message in job.commands)
        for secret in (PASSWORD, "wrong-horse-battery", registry.url):
            assert secret not in everything


HOSTILE = (
    "::error file=x::pwned",
    "x\n::error::pwned",
    "##[error]pwned",
    "##[add-path]/pwned",
    "%0A::set-env name=PWNED::1",
    "::stop-commands::pwned",
    "::add-mask::User",
)


def test_no_text_of_a_repository_is_obeyed(act, repo):
    old = {"type": "record", "name": "User", "fields": [{"name": "id", "type": "string"}]}
    repo.write("schemas/user.avsc", json.dumps(old)).commit("one")
    hostile = [{"name": text, "type": {"type": "enum", "name": text, "symbols": HOSTILE}} for text in HOSTILE]
    new = {**old, "doc": "\n".join(HOSTILE), "fields": hostile}
    event = pull_request(repo, json.dumps(new, indent=1), path="schemas/##[error]pwned ::error::user.avsc")
    repo.write("schemas/user.avsc", json.dumps(new, indent=1)).commit("two")

    job = act.run(repo, "pull_request", event)

    assert job.told["exit-code"] == "1"
    assert {command for command, _ in job.commands} <= {"error", "warning", "notice"}
    assert [message for _, message in job.commands if message.startswith("pwned")] == []
    assert {place["title"].partition(":")[0] for place in job.places} == {"schemagate"}
    assert job.masked == 0


def test_a_path_that_looks_like_an_option_is_a_path(act, repo):
    event = pull_request(published(repo), RENAMED)

    job = act.run(repo, "pull_request", event, inputs={"paths": "schemas\n--exit-zero", "comment": "false"})

    assert not job.passed
    assert job.told["exit-code"] != "0"


def test_an_input_that_means_nothing_is_refused_by_name(act, repo):
    event = pull_request(published(repo), WIDER)

    job = act.run(repo, "pull_request", event, inputs={"command": "publish"})

    assert not job.passed
    assert job.told == {"exit-code": "2", "findings": "", "errors": ""}
    assert job.commands == (("error", "`command: publish` is none of check, register and drift"),)
