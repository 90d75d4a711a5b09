"""The benchmark measures what it says it measures; how fast anything is, is not tested."""

from __future__ import annotations

import json
import os
import random
import sys
from itertools import product
from pathlib import Path

import pytest

import schemagate

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench import registry, scenarios, shards
from bench.__main__ import main
from bench.breaks import BREAKS, break_it
from bench.events import born, live
from bench.measure import Command, Used, compare, ratio
from bench.repositories import deep, told, wide

pytestmark = pytest.mark.skipif(not hasattr(os, "wait4"), reason="the benchmark needs wait4")


def reads(reader: bytes, writer: bytes) -> bool:
    return schemagate.can_read(reader.decode(), writer.decode()).ok


@pytest.mark.parametrize("seed", range(4))
def test_every_version_of_an_event_reads_every_other_one_until_it_is_broken(seed):
    event = born(random.Random(seed), seed, 40)  # noqa: S311 - repeatable, not secret
    versions = [told(event.schema)]
    for _ in range(8):
        live(event)
        versions.append(told(event.schema))

    assert [pair for pair in product(versions, repeat=2) if not reads(*pair)] == []

    break_it(event)
    broken = told(event.schema)

    assert not all(reads(broken, version) and reads(version, broken) for version in versions)


@pytest.mark.parametrize("break_", BREAKS, ids=lambda break_: break_.__name__.strip("_"))
def test_each_way_to_break_an_event_breaks_it(break_):
    event = born(random.Random(11), 1, 80)  # noqa: S311 - repeatable, not secret
    versions = [told(event.schema)]
    for _ in range(20):
        live(event)
        versions.append(told(event.schema))

    assert break_(event)
    broken = told(event.schema)
    assert not all(reads(broken, version) and reads(version, broken) for version in versions)


def test_check_refuses_the_subjects_that_the_generator_broke(tmp_path):
    home = deep(tmp_path / "deep", 10, 3)
    expected = set(json.loads((home / "manifest.json").read_text(encoding="utf-8"))["breaks"])
    sizes = scenarios.Sizes(tmp_path, 10, 3, 0, 1)

    found = scenarios.broken_subjects(scenarios.schemagate(sizes, "check", home / "repo", "check", "--all"))

    assert (found, len(found)) == (expected, 1)


def test_a_wide_repository_proposes_three_changes_of_which_one_is_to_a_shared_type(tmp_path):
    home = wide(tmp_path / "wide", 100)
    manifest = json.loads((home / "manifest.json").read_text(encoding="utf-8"))
    files = list((home / "repo").rglob("*.avsc"))
    users = [file for file in files if f'.{manifest["types"][0]}"' in file.read_text(encoding="utf-8")]

    assert (len(files), len(manifest["paths"]), len(users)) == (100, 3, 5)


@pytest.mark.parametrize(("kind", "most"), [("single", 3 * (5 + 4) + 10), ("bulk", 3 * 4 + 10)])
def test_the_peer_fetches_what_the_registrys_client_asked_for(tmp_path, kind, most):
    sizes = scenarios.Sizes(tmp_path, 3, 5, 0, 1)

    asked = registry.asked_for(sizes, kind).read_text(encoding="utf-8").split("\n")
    with registry.served(sizes, kind) as url:
        peer = Command("peer", ((*registry.script("registry_peer"), url, str(tmp_path / f"registry-{kind}.txt")),))
        compare([peer], 1)

    assert 3 * 3 < len(asked) <= most


def test_commands_are_run_in_turn_and_the_first_round_does_not_count():
    order = []
    nothing = (sys.executable, "-S", "-c", "pass")
    commands = [Command(name, (nothing,), before=lambda name=name: order.append(name)) for name in "AB"]

    used = compare(commands, 2)

    assert order == ["A", "B"] * 3
    assert [len(each.total) for each in used] == [2, 2]
    assert all(cpu > 0 for each in used for cpu in each.total)


def test_a_ratio_is_the_median_of_the_rounds():
    assert ratio(Used([1.0, 9.0, 4.0]).total, [2.0, 3.0, 4.0]) == 1.0


def test_a_command_that_fails_is_not_measured():
    failing = Command("failing", ((sys.executable, "-S", "-c", "raise SystemExit(3)"),))

    with pytest.raises(RuntimeError, match="failing: exit 3"):
        compare([failing], 1)


def test_shards_are_measured_once_they_tell_together_what_one_run_tells(tmp_path):
    sizes = scenarios.Sizes(tmp_path, subjects=1, versions=1, files=24, runs=1)

    (row,) = shards.shards(sizes)

    assert (row.what, row.peer, row.target) == ("check --all, 24 schemas, the slowest of 4 shards", "one run", 0.40)
    assert json.loads((tmp_path / "shard-4.json").read_text(encoding="utf-8"))["shard"]["index"] == 4


def test_an_unknown_scenario_is_told(capsys):
    known = "all, pull-request, shards, registry, start-up"

    assert main(["everything"]) == 2
    assert capsys.readouterr().err == f"no such scenario: everything; there are {known}\n"
