"""Runs commands in turn, A B A B …, and keeps what the operating system says that each of them used.

What counts is CPU seconds, user and system, of a whole process with everything that it started and waited for: on a
shared machine they move less than the wall clock does. They are compared within one round, so that a machine that
slows down slows both.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

SAMPLE_SECONDS: Final = 0.01


@dataclass(frozen=True, slots=True)
class Command:
    """One or more processes, one after the other, measured as a whole."""

    name: str
    processes: tuple[tuple[str, ...], ...]
    where: Path | None = None
    environment: dict[str, str] | None = None
    codes: tuple[int, ...] = (0,)
    """The exit codes that mean that it did its work."""
    before: Callable[[], None] = lambda: None
    """Runs before it, and is not measured."""
    report: Path | None = None
    """Where the process writes its own CPU seconds and its children's (see inside.py)."""


@dataclass(slots=True)
class Used:
    """CPU seconds of each counted run, in order."""

    total: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    """Without the processes that it started; empty where the command does not tell."""
    wall: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Peak:
    """Resident memory in bytes, sampled; 0 where the system has no /proc."""

    processes: dict[str, int] = field(default_factory=dict)
    """The highest of each program's processes."""
    together: int = 0
    """The highest sum over all processes at one moment; memory that they share counts for each."""


def compare(commands: Sequence[Command], runs: int) -> list[Used]:
    """Each command ``runs`` times, in turn, after a round that warms caches and does not count."""
    used = [Used() for _ in commands]
    for round_ in range(runs + 1):
        for command, kept in zip(commands, used, strict=True):
            total, own, wall = _run(command)
            if round_:
                kept.total.append(total)
                kept.own += own
                kept.wall.append(wall)
    return used


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median over the rounds of ours divided by theirs."""
    return median(a / b for a, b in zip(ours, theirs, strict=True))


def _run(command: Command) -> tuple[float, list[float], float]:
    command.before()
    cpu, start = 0.0, time.perf_counter()
    for arguments in command.processes:
        process = _start(command, arguments)
        _, status, usage = os.wait4(process.pid, 0)
        _insist(command, process, os.waitstatus_to_exitcode(status))
        cpu += usage.ru_utime + usage.ru_stime
    wall = time.perf_counter() - start
    own = [float(command.report.read_text(encoding="ascii").split()[0])] if command.report else []
    return cpu, own, wall


def _start(command: Command, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        arguments, cwd=command.where, env=command.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )


def _insist(command: Command, process: subprocess.Popen[bytes], code: int) -> None:
    process.returncode = code
    if code not in command.codes:
        raise RuntimeError(f"{command.name}: exit {code} where one of {command.codes} was expected: {process.args!r}")


def output(command: Command) -> str:
    """What the command's last process prints, in a run that is not measured."""
    command.before()
    said = ""
    for arguments in command.processes:
        done = subprocess.run(
            arguments, cwd=command.where, env=command.environment, stdout=subprocess.PIPE, check=False, encoding="utf-8"
        )
        if done.returncode not in command.codes:
            raise RuntimeError(f"{command.name}: exit {done.returncode}: {arguments!r}")
        said = done.stdout
    return said


def peak(command: Command) -> Peak:
    """Runs the command once more and watches its processes' memory, which costs time that is not counted."""
    command.before()
    found = Peak()
    for arguments in command.processes:
        process = _start(command, arguments)
        done = threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, done, found))
        watcher.start()
        code = process.wait()
        done.set()
        watcher.join()
        _insist(command, process, code)
    return found


def _watch(root: int, done: threading.Event, found: Peak) -> None:
    while not done.wait(SAMPLE_SECONDS):
        together = 0
        for pid in _family(root):
            status = _status(pid)
            if "VmHWM" in status:
                name = status["Name"]
                found.processes[name] = max(found.processes.get(name, 0), _bytes(status["VmHWM"]))
                together += _bytes(status["VmRSS"])
        found.together = max(found.together, together)


def _family(root: int) -> list[int]:
    """The process and all that descend from it."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").glob("[0-9]*"):
        parent = _status(int(entry.name)).get("PPid")
        if parent is not None:
            children[int(parent)].append(int(entry.name))
    family = [root]
    for pid in family:
        family += children[pid]
    return family


def _status(pid: int) -> dict[str, str]:
    """What /proc says of a process; empty when it is gone."""
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    return dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)


def _bytes(kibibytes: str) -> int:
    return int(kibibytes.removesuffix("kB")) * 1024
