"""The history of a commit's files is read once, unless something else than commits decides what git says."""

from __future__ import annotations

import pytest
from tests.adapters.repos import Repo
from tests.app.scene import TODAY, ledger, record, told

from schemagate.app import mentions
from schemagate.app.check import check, look
from schemagate.app.gather import gather
from schemagate.app.request import CheckRequest


@pytest.fixture(autouse=True)
def _every_repository_counts(monkeypatch):
    monkeypatch.setattr(mentions, "FEWEST", 0)


@pytest.fixture
def shop(tmp_path):
    repo = Repo(tmp_path / "repo").write("order.avsc", record("Order", id="string")).commit("One")
    repo.write("order.avsc", record("Order", id="string", at="long")).commit("Two")
    return repo.branch("change").write("order.avsc", record("Order", at="long")).commit("Break")


def request(repo, cache, **options):
    env = {"SCHEMAGATE_CACHE_DIR": str(cache)}
    return CheckRequest(directory=str(repo.path), today=TODAY, env=env, against="main", **options)


def outcome(repo, cache, **options):
    report = check(request(repo, cache, **options))
    return told(report), ledger(report), report.undecided


def logs(repo, cache):
    """How often git told a history."""
    scope = look(request(repo, cache))
    with scope.repo:
        gather(scope)
        return scope.repo.counters["log"] + scope.repo.counters["diff-tree"]


def test_a_history_is_read_once(shop, tmp_path):
    cold = outcome(shop, tmp_path / "cache")

    assert logs(shop, tmp_path / "cache") == 0
    assert outcome(shop, tmp_path / "cache") == cold == outcome(shop, tmp_path / "other")
    assert cold[1] == ["com.example.Order order.avsc changed: v1 v2"]


def test_what_was_published_since_is_read(shop, tmp_path):
    outcome(shop, tmp_path / "cache")
    shop.git("switch", "--quiet", "main")
    shop.write("order.avsc", record("Order", id="string", at="long", to="string")).commit("Three")
    shop.git("switch", "--quiet", "change")

    assert outcome(shop, tmp_path / "cache")[1] == ["com.example.Order order.avsc changed: v1 v2 v3"]


def test_replaced_commits_are_read_each_time(shop, tmp_path):
    outcome(shop, tmp_path / "cache")
    shop.git("replace", "main", "main~1")

    assert [logs(shop, tmp_path / "cache") > 0 for _ in range(2)] == [True, True]
    assert outcome(shop, tmp_path / "cache") == outcome(shop, tmp_path / "other")
    shop.git("pack-refs", "--all")
    assert outcome(shop, tmp_path / "cache") == outcome(shop, tmp_path / "other")


def test_a_history_with_files_that_git_may_pair_is_read_each_time(shop, tmp_path):
    shop.git("switch", "--quiet", "main")
    shop.move("order.avsc", "sales.avsc").commit("Move")
    shop.git("switch", "--quiet", "--force-create", "change")
    shop.write("sales.avsc", record("Order", at="long")).commit("Break")

    assert [logs(shop, tmp_path / "cache") > 0 for _ in range(2)] == [True, True]
