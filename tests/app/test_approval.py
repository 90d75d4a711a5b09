"""Which commit may be registered: the approved branch's tip, as the remote has it now."""

from __future__ import annotations

import os

import pytest
from tests.adapters.repos import Repo
from tests.app.registering import OPTIONAL, Shop, entries, record
from tests.devregistry.running import running

from schemagate.errors import GitError, UsageError

USER = record("User", id="string")
WIDER = record("User", id="string", nick=OPTIONAL)
PUSH = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push", "GITHUB_REF_TYPE": "branch", "GITHUB_REF_NAME": "main"}


@pytest.fixture
def shop(tmp_path):
    with running() as client:
        yield Shop(tmp_path / "repo", client)


@pytest.fixture
def published(shop, tmp_path):
    """The shop with a remote that has its one commit."""
    shop.remote = Repo(tmp_path / "remote.git", bare=True)
    shop.commit(user=USER)
    shop.repo.git("remote", "add", "origin", str(shop.remote.path))
    shop.repo.git("push", "--quiet", "-u", "origin", "main")
    return shop


def colleague(shop, tmp_path) -> Repo:
    """Somebody else's clone, one commit further, pushed."""
    clone = shop.remote.clone(tmp_path / "colleague")
    clone.write("user.avsc", WIDER).commit("more")
    clone.git("push", "--quiet", "origin", "HEAD:main")
    return clone


def test_the_tip_of_the_remotes_branch_is_registered(published):
    receipt = published.register()

    assert receipt.outcome == "registered"
    assert receipt.outlook.branch == "main"
    assert receipt.outlook.commit == published.repo.sha()


def test_a_run_that_the_remote_has_passed_writes_nothing(published, tmp_path):
    clone = colleague(published, tmp_path)

    receipt = published.register()

    assert (receipt.outcome, receipt.exit_code) == ("superseded", 0)
    assert receipt.outlook.superseded == (
        f"main of origin is at {clone.sha()[:7]} by now, and this run is for {published.repo.sha()[:7]}"
    )
    assert published.numbers() == {}
    assert published.plan().superseded == receipt.outlook.superseded


def test_it_is_passed_also_where_the_newer_commits_were_fetched(published, tmp_path):
    colleague(published, tmp_path)
    published.repo.git("fetch", "--quiet", "origin")

    assert published.register().outcome == "superseded"


def test_a_shallow_checkout_of_a_pipeline_that_the_branch_has_passed_is_superseded(published, tmp_path):
    first = published.repo.sha()
    colleague(published, tmp_path)
    checkout = Repo(tmp_path / "ci")
    checkout.git("remote", "add", "origin", f"file://{published.remote.path}")
    checkout.git("fetch", "--quiet", "--depth=1", "origin", first)
    checkout.git("checkout", "--quiet", "--detach", first)
    published.repo = checkout

    assert published.register(PUSH).outcome == "superseded"


def test_a_commit_that_is_not_pushed_is_not_approved(published):
    published.commit(user=WIDER)

    with pytest.raises(UsageError) as raised:
        published.register()

    assert "is not pushed to main of origin yet" in raised.value.message
    assert published.numbers() == {}


def test_another_branch_is_not_approved_and_its_plan_says_so(published):
    published.repo.branch("change")
    published.commit(user=WIDER)

    outlook = published.plan()

    assert [action.kind for action in outlook.plan.writes] == ["set mode", "create"]
    assert outlook.notes[0].endswith("`register` does this only once it is the tip of main")
    with pytest.raises(UsageError):
        published.register()
    assert published.numbers() == {}


def test_any_branch_may_be_registered_in_development(published):
    published.repo.branch("change")
    published.commit(user=WIDER)

    assert entries(published.register(any_branch=True))[-1] == "created com.acme.User 1"


def test_a_remote_that_does_not_answer_leaves_it_undecided(published, tmp_path):
    published.remote.path.rename(tmp_path / "gone")

    with pytest.raises(GitError) as raised:
        published.register()

    assert raised.value.exit_code == 3
    assert raised.value.message.startswith("origin does not say where main is")
    assert published.plan().notes[0].startswith("not looked up: origin does not say where main is")


def test_without_a_remote_the_local_branch_is_the_approved_one(shop):
    shop.commit(user=USER).commit(user=WIDER)
    shop.repo.git("checkout", "--quiet", "HEAD~1")
    old = shop.register()
    shop.repo.git("checkout", "--quiet", "main")

    assert old.outcome == "superseded"
    assert shop.register().outcome == "registered"


def test_the_baseline_names_the_approved_branch(published):
    published.configure('baseline = "production"\n[[subjects]]\nmatch = "*.avsc"\nname = "{fullname}"').commit()
    published.repo.git("push", "--quiet", "origin", "main", "main:production")
    published.repo.git("fetch", "--quiet", "origin")

    assert published.register().outlook.branch == "production"


def test_a_branch_that_nobody_called_approved_is_not_guessed(shop):
    shop.repo.git("checkout", "--quiet", "--orphan", "trunk")
    shop.commit(user=USER)

    with pytest.raises(UsageError) as raised:
        shop.register()

    assert raised.value.message.startswith("which branch is approved is not known")


def test_what_is_not_committed_is_not_registered(published):
    published.repo.write("user.avsc", WIDER)

    with pytest.raises(UsageError) as raised:
        published.register()

    assert raised.value.message == "nothing is registered: user.avsc is not committed"
    assert published.numbers() == {}
    assert published.plan().notes == (
        "an uncommitted change is left out: user.avsc; `--allow-dirty` takes the work tree as it is",
    )


def test_the_work_tree_may_be_registered_in_development(published):
    published.repo.write("user.avsc", WIDER)

    receipt = published.register(allow_dirty=True)

    assert receipt.outlook.dirty
    assert [len(schema["fields"]) for schema in published.schemas("com.acme.User")] == [2]


def test_a_file_that_is_no_schema_of_ours_may_be_uncommitted(published):
    published.repo.write("README.md", "hello")

    assert published.register().outcome == "registered"


def test_a_merge_while_the_run_was_judging_supersedes_it(published, tmp_path, monkeypatch):
    from schemagate.app import register as module

    judged = module.outlook

    def slow(*arguments):
        found = judged(*arguments)
        colleague(published, tmp_path)
        return found

    monkeypatch.setattr(module, "outlook", slow)

    receipt = published.register()

    assert (receipt.outcome, receipt.exit_code) == ("superseded", 0)
    assert published.numbers() == {}


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for ssh")
def test_a_remote_that_hangs_is_not_waited_for(published, tmp_path, monkeypatch):
    from schemagate.adapters import git_remote

    ssh = tmp_path / "ssh"
    ssh.write_text("#!/bin/sh\nexec sleep 3\n")
    ssh.chmod(0o755)
    published.repo.git("remote", "set-url", "origin", "ssh://git.example.com/repo.git")
    published.repo.git("config", "core.sshCommand", str(ssh))
    monkeypatch.setattr(git_remote, "SECONDS", 0.3)
    monkeypatch.setattr(git_remote.ask_remote, "__kwdefaults__", {"seconds": 0.3})

    with pytest.raises(GitError) as raised:
        published.register()

    assert raised.value.message == (
        "origin does not say where main is: git ls-remote gave no answer within 0.3 seconds"
    )
