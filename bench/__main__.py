"""``python -m bench``: the chosen scenarios, a table of ratios, exit 1 where one is above its target."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path

from bench.registry import registry
from bench.scenarios import Measured, Sizes, all_subjects, pull_request, start_up
from bench.shards import shards

SCENARIOS = {
    "all": all_subjects,
    "pull-request": pull_request,
    "shards": shards,
    "registry": registry,
    "start-up": start_up,
}


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    unknown = set(options.scenarios) - set(SCENARIOS)
    if unknown:
        print(f"no such scenario: {', '.join(sorted(unknown))}; there are {', '.join(SCENARIOS)}", file=sys.stderr)
        return 2
    if not hasattr(os, "wait4"):
        print("bench needs a system with wait4, which says what a finished process used", file=sys.stderr)
        return 2
    options.work.mkdir(parents=True, exist_ok=True)
    sizes = Sizes(options.work.resolve(), options.subjects, options.versions, options.files, options.runs)
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} processors")
    print(f"CPU seconds of whole processes, median of {sizes.runs} runs in turn; made and kept in {sizes.work}\n")
    missed = 0
    for name in options.scenarios or SCENARIOS:
        for row in SCENARIOS[name](sizes):
            print(line(row), flush=True)
            missed += not row.met
    return int(bool(missed))


def line(row: Measured) -> str:
    verdict = "ok" if row.met else "MISSED"
    value, target = (f"{n:.0f} MB" if row.unit == "MB" else f"{n:.2f}" for n in (row.value, row.target))
    return f"{verdict:6} {value:>8} (at most {target})  {row.what}, against {row.peer}  [{row.note}]"


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m bench", description="Speed, as ratios against a peer.")
    found.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=f"of {', '.join(SCENARIOS)} (default: each)")
    found.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "schemagate-bench")
    found.add_argument("--subjects", type=int, default=200, help="of the deep repository")
    found.add_argument("--versions", type=int, default=50, help="of each subject")
    found.add_argument("--files", type=int, default=10_000, help="of the wide repository; another has twice as many")
    found.add_argument("--runs", type=int, default=5, help="that count, of each command")
    return found


if __name__ == "__main__":
    sys.exit(main())
