"""Whom a change reaches is the same whether the cache is off, cold, warm, stale or damaged; warm, no search is made."""

from __future__ import annotations

import random

import pytest
from tests.adapters.repos import Repo
from tests.app.scene import TODAY, ledger, record, told

from schemagate.adapters.cache import FILE
from schemagate.app import mentions
from schemagate.app.check import check, look
from schemagate.app.gather import gather
from schemagate.app.request import CheckRequest

PLACES = ("worktree", "index", "HEAD")


@pytest.fixture(autouse=True)
def _every_repository_counts(monkeypatch):
    monkeypatch.setattr(mentions, "FEWEST", 0)


def request(repo, cache, **options):
    env = {"SCHEMAGATE_CACHE_DIR": str(cache)}
    return CheckRequest(directory=str(repo.path), today=TODAY, env=env, against="main", **options)


def outcome(repo, cache, **options):
    report = check(request(repo, cache, **options))
    return told(report), ledger(report), report.undecided


def searches(repo, cache, **options):
    """How often git searched the files."""
    scope = look(request(repo, cache, **options))
    with scope.repo:
        gather(scope)
        return scope.repo.counters["grep"]


@pytest.fixture
def no_cache(tmp_path):
    (tmp_path / "a file").write_bytes(b"")
    return tmp_path / "a file" / "below"


@pytest.fixture
def shop(tmp_path):
    """Orders use addresses, which a branch breaks."""
    repo = Repo(tmp_path / "repo").write("schemagate.toml", 'paths = ["s"]\n')
    repo.write("s/address.avsc", record("Address", street="string", city="string"))
    repo.write("s/order.avsc", record("Order", id="string", to="Address"))
    repo.write("s/other.avsc", record("Other", id="string")).commit("Start")
    repo.branch("change").write("s/address.avsc", record("Address", street="string", zip="string"))
    return repo.commit("Break")


class Growing:
    """A repository of records that use each other across files, changed step by step."""

    def __init__(self, repo, seed):
        self.repo = repo
        self.chance = random.Random(seed)  # noqa: S311 - reproducible, no secret
        self.names = [f"T{number}" for number in range(12)]
        for name in self.names:
            self.write(name)
        repo.commit("Start")
        repo.branch("change")

    def write(self, name):
        others = [other for other in self.names if other < name]
        fields = {f"f{n}": self.chance.choice(["string", "long", *others]) for n in range(self.chance.randint(1, 4))}
        self.repo.write(f"{self.chance.choice(('a', 'b'))}/{name.lower()}.avsc", record(name, **fields))

    def step(self):
        kind = self.chance.choice(("edit", "edit", "new", "delete", "escape", "main"))
        path = self.chance.choice(sorted(self.repo.path.glob("*/*.avsc")))
        if kind == "new":
            self.names.append(f"U{len(self.names)}")
            self.write(self.names[-1])
        elif kind == "delete":
            path.unlink()
        elif kind == "escape":
            path.write_text(path.read_text().replace('"T1"', '"\\u0054\\u0031"'))
        else:
            self.write(self.chance.choice(self.names))
        if self.chance.random() < 0.4:
            self.repo.commit("Step")
        if kind == "main":
            self.repo.commit("Step")
            self.repo.git("branch", "--force", "main", "HEAD~1" if self.chance.random() < 0.5 else "HEAD")


@pytest.mark.parametrize("seed", range(3))
def test_findings_are_the_same_with_the_cache_off_cold_and_warm(tmp_path, no_cache, seed):
    growing = Growing(Repo(tmp_path / "repo"), seed)
    for step in range(4):
        growing.step()
        for place in PLACES:
            expected = outcome(growing.repo, no_cache, candidate=place)
            stale = outcome(growing.repo, tmp_path / "kept", candidate=place)
            warm = outcome(growing.repo, tmp_path / "kept", candidate=place)
            cold = outcome(growing.repo, tmp_path / f"new {step} {place}", candidate=place)
            assert [stale, warm, cold] == [expected] * 3, (step, place)


@pytest.mark.parametrize("place", PLACES)
def test_what_was_searched_is_not_searched_again(shop, tmp_path, place):
    assert [searches(shop, tmp_path / "cache", candidate=place) for _ in range(3)] == [2, 0, 0]


def test_only_new_contents_are_searched_and_found(shop, tmp_path):
    outcome(shop, tmp_path / "cache")
    shop.git("switch", "--quiet", "main")
    shop.write("s/invoice.avsc", record("Invoice", to="Address")).commit("Another user")
    shop.git("switch", "--quiet", "change")
    shop.git("merge", "--quiet", "--no-edit", "main")

    assert [line.split()[0] for line in outcome(shop, tmp_path / "cache")[1]] == [
        "com.example.Address",
        "com.example.Invoice",
        "com.example.Order",
    ]


def test_a_file_that_git_was_told_not_to_look_at_is_always_searched(shop, tmp_path):
    shop.git("update-index", "--assume-unchanged", "s/other.avsc")
    outcome(shop, tmp_path / "cache", candidate="worktree")
    shop.write("s/other.avsc", record("Other", to="Address"))

    paths = [line.split()[1] for line in outcome(shop, tmp_path / "cache", candidate="worktree")[1]]
    assert paths == ["s/address.avsc", "s/order.avsc", "s/other.avsc"]


@pytest.mark.parametrize("told", ["", "s/other.avsc"])
def test_a_tracked_file_is_searched_though_it_is_ignored(shop, tmp_path, no_cache, told):
    shop.write(".gitignore", "order.avsc\n")
    if told:
        shop.git("update-index", "--assume-unchanged", told)
    for cache in (no_cache, tmp_path / "cache", tmp_path / "cache"):
        paths = [line.split()[1] for line in outcome(shop, cache, candidate="worktree")[1]]
        assert paths == ["s/address.avsc", "s/order.avsc"]


@pytest.mark.parametrize("start", [0, 100, 4096])
def test_a_damaged_cache_is_searched_anew(shop, tmp_path, no_cache, start):
    cache = tmp_path / "cache"
    outcome(shop, cache)
    data = (cache / FILE).read_bytes()
    (cache / FILE).write_bytes(data[:start] + bytes(255 - byte for byte in data[start:]))

    assert outcome(shop, cache) == outcome(shop, no_cache)


def test_nothing_is_kept_where_the_configuration_says_so(shop, tmp_path):
    shop.git("switch", "--quiet", "main")
    shop.write("schemagate.toml", 'paths = ["s"]\ncache = false\n').commit("Nothing is kept")
    shop.git("switch", "--quiet", "change")
    shop.git("merge", "--quiet", "--no-edit", "main")

    assert [searches(shop, tmp_path / "cache") for _ in range(2)] == [2, 2]
    assert not (tmp_path / "cache").exists()


def test_files_that_a_filter_program_may_rewrite_are_searched_each_time(shop, tmp_path):
    shop.git("config", "filter.secret.smudge", "cat")
    shop.write(".gitattributes", "*.avsc filter=secret\n")

    assert [searches(shop, tmp_path / "cache", candidate="worktree") for _ in range(2)] == [2, 2]
