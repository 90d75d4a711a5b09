"""What is measured, against whom, and what the ratio may be at most."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bench import java
from bench.measure import Command, Peak, Used, compare, output, peak, ratio
from bench.repositories import deep, git_environment, wide

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
ONE_SCHEMA = ROOT / "schemas/avro/user_created_v1.avsc"
MEGABYTE: Final = 1_000_000
SCRIPT: Final = "from schemagate.__main__ import command; command()"
"""What the installed ``schemagate`` command runs."""
CLEAN, FINDINGS = 0, 1


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much there is to do, and how often it is done."""

    work: Path
    subjects: int
    versions: int
    files: int
    runs: int


@dataclass(frozen=True, slots=True)
class Measured:
    """One row of the table."""

    what: str
    peer: str
    value: float
    target: float
    unit: str = "times"
    note: str = ""

    @property
    def met(self) -> bool:
        return self.value <= self.target


class DisagreementError(Exception):
    """Two programs that do the same duty came to different answers, so their speed says nothing."""


def all_subjects(sizes: Sizes) -> Iterator[Measured]:
    """``check --all`` where every subject has a long history."""
    home = deep(sizes.work / f"deep-{sizes.subjects}x{sizes.versions}", sizes.subjects, sizes.versions)
    manifest = json.loads((home / "manifest.json").read_text(encoding="utf-8"))
    check = schemagate(sizes, "check --all", home / "repo", "check", "--all", "--against", "main")
    what = f"check --all, {sizes.subjects} x {sizes.versions} ({manifest['bytes'] / MEGABYTE:.0f} MB)"
    _agree(what, broken_subjects(check), set(manifest["breaks"]))
    lacking = java.missing()
    if lacking:
        warn(f"NO PEER: {', '.join(lacking)} not found, so `check --all` is not compared with Apache Avro in Java")
        yield _memory(f"{what}, peak memory", peak(check), f"{_seconds(compare([check], sizes.runs)[0])} CPU")
    else:
        avro = java.peer(sizes.work / "java", home / "plain")
        _agree(avro.name, set(output(avro).split()), set(manifest["breaks"]))
        ours, theirs = compare([check, avro], sizes.runs)
        note = f"{_seconds(ours)}, peer {_seconds(theirs)}"
        yield Measured(what, avro.name, ratio(ours.total, theirs.total), 0.30, note=note)
        yield _memory("  the same, peak memory", peak(check), f"peer {_highest(peak(avro))}")


def _memory(what: str, found: Peak, more: str) -> Measured:
    """A limit, not a ratio; what one process of each program took at most is in the note."""
    parts = ", ".join(f"{name} {size / MEGABYTE:.0f}" for name, size in sorted(found.processes.items()))
    return Measured(what, "a limit", found.together / MEGABYTE, 300, "MB", f"highest of each: {parts}; {more}")


def _highest(found: Peak) -> str:
    return f"{max(found.processes.values(), default=0) / MEGABYTE:.0f} MB"


def pull_request(sizes: Sizes) -> Iterator[Measured]:
    """``check`` of a change to three of many schemas, with and without the cache, and in a repository twice as big."""
    homes = [wide(sizes.work / f"wide-{count}", count) for count in (sizes.files, 2 * sizes.files)]
    manifest = json.loads((homes[0] / "manifest.json").read_text(encoding="utf-8"))
    warm, warm_double = (
        schemagate(sizes, f"check {home.name}", home / "repo", "check", "--against", "main") for home in homes
    )
    cache = sizes.work / "cold"
    cold = replace(
        warm,
        name="check, cold",
        environment=_with_cache(warm, cache),
        before=lambda: shutil.rmtree(cache, ignore_errors=True),
    )
    git, grep = git_peers(homes[0] / "repo", manifest["paths"], manifest["types"])
    warm_, cold_, git_, grep_, double = compare([warm, cold, git, grep, warm_double], sizes.runs)
    what = f"check, 3 of {sizes.files} schemas touched"
    yield Measured(f"{what}, warm", git.name, ratio(warm_.total, git_.total), 1.5, note=_against(warm_, git_))
    both = Used([a + b for a, b in zip(git_.total, grep_.total, strict=True)])
    yield Measured(
        f"{what}, cold", f"{git.name} + git grep", ratio(cold_.total, both.total), 2.0, note=_against(cold_, both)
    )
    yield Measured(
        f"  own part, {2 * sizes.files} schemas instead of {sizes.files}",
        "itself",
        ratio(double.own, warm_.own),
        1.10,
        note=f"{_median(double.own):.2f} s, {_median(warm_.own):.2f} s",
    )


def git_peers(repo: Path, paths: list[str], types: list[str]) -> tuple[Command, Command]:
    """What the gate cannot do without; and what it cannot do without when it knows nothing yet."""
    log = ("git", "log", "--raw", "--no-abbrev", "--first-parent", "--format=%H %cI", "main", "--", *paths)
    needed = (log, ("git", "ls-files", "-s"), ("git", "diff-files"), (sys.executable, "-c", "import schemagate, git"))
    names = [word for name in types for word in ("-e", name)]
    environment = git_environment()
    return (
        Command("git log, ls-files, diff-files, import", needed, repo, environment),
        Command("git grep", (("git", "grep", "-lF", *names, "--", "*.avsc"),), repo, environment),
    )


def start_up(sizes: Sizes) -> Iterator[Measured]:
    """How long it takes until anything happens."""
    python = sys.executable
    environment = _environment(sizes)
    runs = 4 * sizes.runs + 1  # they are short
    version = Command("--version", ((python, "-c", SCRIPT, "--version"),), sizes.work, environment)
    nothing = Command("python -c pass", ((python, "-c", "pass"),), sizes.work, environment)
    lint = Command("lint", ((python, "-c", SCRIPT, "lint", str(ONE_SCHEMA)),), ROOT, environment)
    typer = Command("no-op typer command", ((python, str(HERE / "noop.py"), str(ONE_SCHEMA)),), ROOT, environment)
    for ours, peer, target in ((version, nothing, 1.5), (lint, typer, 2.0)):
        used, theirs = compare([ours, peer], runs)
        yield Measured(ours.name, peer.name, ratio(used.total, theirs.total), target, note=_against(used, theirs))


def schemagate(sizes: Sizes, name: str, repo: Path, *arguments: str) -> Command:
    report = sizes.work / "own-cpu"
    command = (sys.executable, str(HERE / "inside.py"), str(report), *arguments)
    return Command(name, (command,), repo, _environment(sizes), (CLEAN, FINDINGS), report=report)


def broken_subjects(check: Command) -> set[str]:
    """Which files' subjects the gate refuses, in a run of its own that also fills its cache."""
    arguments = (*check.processes[0], "--format", "json")
    report = json.loads(output(replace(check, processes=(arguments,))))
    return {
        Path(finding["location"]["path"]).stem
        for finding in report["findings"]
        if finding["severity"] == "error" and finding["against"]
    }


def _agree(who: str, found: set[str], expected: set[str]) -> None:
    if found != expected:
        raise DisagreementError(
            f"{who}: refuses {len(found)} subjects where {len(expected)} break;"
            f" missed {sorted(expected - found)[:5]}, wrongly refused {sorted(found - expected)[:5]}"
        )


def warn(text: str) -> None:
    print(f"\n!!! {text}\n", file=sys.stderr, flush=True)


def _environment(sizes: Sizes) -> dict[str, str]:
    return git_environment() | {"SCHEMAGATE_CACHE_DIR": str(sizes.work / "cache")}


def _with_cache(command: Command, cache: Path) -> dict[str, str]:
    return (command.environment or {}) | {"SCHEMAGATE_CACHE_DIR": str(cache)}


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _seconds(used: Used) -> str:
    return f"{_median(used.total):.2f} s"


def _against(ours: Used, theirs: Used) -> str:
    return f"{_median(ours.total):.3f} s, peer {_median(theirs.total):.3f} s"
