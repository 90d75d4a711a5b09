"""Reading a registry, against a client that fetches the same and does nothing with it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.measure import Command, compare, ratio
from bench.scenarios import Measured, Sizes

HERE = Path(__file__).resolve().parent
TARGET = 2.0


def registry(sizes: Sizes) -> Iterator[Measured]:
    """Every version of every subject, cold, one by one and from servers that hand out a subject's versions at once."""
    for kind in ("single", "bulk"):
        paths = asked_for(sizes, kind)
        with served(sizes, kind) as url:
            ours, peer = client(sizes, url), Command("a pooled session", ((*script("registry_peer"), url, str(paths)),))
            mine, theirs = compare([ours, peer], sizes.runs)
        count = len(paths.read_text(encoding="utf-8").split("\n"))
        note = f"{middle(mine.total)}, peer {middle(theirs.total)}; {count} requests"
        what = f"registry, {sizes.subjects} x {sizes.versions} cold, {kind}"
        yield Measured(what, peer.name, ratio(mine.total, theirs.total), TARGET, note=note)


def asked_for(sizes: Sizes, kind: str) -> Path:
    """A file with what our client asks for, in its order."""
    log = sizes.work / f"registry-{kind}.txt"
    with served(sizes, kind, log) as url:
        command = client(sizes, url)
        command.before()
        subprocess.run(command.processes[0], env=command.environment, check=True)
    return log


def client(sizes: Sizes, url: str) -> Command:
    cache = sizes.work / "registry-cache"
    arguments = (*script("registry_client"), url, str(sizes.subjects), str(sizes.versions), str(cache))
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent / "src")}
    clear = lambda: shutil.rmtree(cache, ignore_errors=True)  # noqa: E731 - too short for a name of its own
    return Command("registry, cold", (arguments,), environment=environment, before=clear)


def script(name: str) -> tuple[str, str]:
    return sys.executable, str(HERE / f"{name}.py")


@contextmanager
def served(sizes: Sizes, kind: str, log: str | Path = os.devnull) -> Iterator[str]:
    arguments = (*script("registry_server"), str(sizes.subjects), str(sizes.versions), kind, str(log))
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, encoding="ascii")
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
        process.stdout.close()


def middle(seconds: list[float]) -> str:
    return f"{sorted(seconds)[len(seconds) // 2]:.2f} s"
