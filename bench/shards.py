"""What a fourth of a run costs: the slowest of four shards against one run, once their sum is the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bench.measure import Command, compare, output, ratio
from bench.repositories import wide
from bench.scenarios import DisagreementError, Measured, Sizes, schemagate

SHARDS: Final = 4


def shards(sizes: Sizes) -> Iterator[Measured]:
    """``check --all --shard``; four reports merged must be, byte for byte, the report of one run."""
    repo = wide(sizes.work / f"wide-{sizes.files}", sizes.files) / "repo"
    whole = schemagate(sizes, "one run", repo, "check", "--all")
    parts = [
        schemagate(sizes, f"shard {n}", repo, "check", "--all", "--shard", f"{n}/{SHARDS}")
        for n in range(1, SHARDS + 1)
    ]
    _agree(sizes, whole, parts)
    one, *several = compare([whole, *parts], sizes.runs)
    slowest = max(several, key=lambda used: ratio(used.total, one.total))
    spent = ", ".join(f"{sorted(used.total)[len(used.total) // 2]:.2f}" for used in several)
    note = f"{spent} s, one run {sorted(one.total)[len(one.total) // 2]:.2f} s"
    what = f"check --all, {sizes.files} schemas, the slowest of {SHARDS} shards"
    yield Measured(what, "one run", ratio(slowest.total, one.total), 0.40, note=note)


def _agree(sizes: Sizes, whole: Command, parts: list[Command]) -> None:
    files = [sizes.work / f"shard-{n}.json" for n in range(1, SHARDS + 1)]
    for part, file in zip(parts, files, strict=True):
        output(replace(part, processes=((*part.processes[0], "--output", f"json={file}"),)))
    told = output(replace(whole, processes=((*whole.processes[0], "--format", "json"),)))
    merge = schemagate(sizes, "merge", sizes.work, "merge", *map(str, files), "--format", "json")
    if output(merge) != told:
        raise DisagreementError(f"{SHARDS} shards merged do not tell what one run tells")
