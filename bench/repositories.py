"""Writes the repositories that are measured: deep ones (many versions a subject) and wide ones (many files)."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Self

import msgspec

from bench.breaks import break_it
from bench.events import Event, born, live

SOURCE: Final = Path(__file__).resolve().parent.parent / "src"
FOLDER: Final = "schemas/avro"
CONFIG: Final = f'paths = ["{FOLDER}"]\n'.encode()
BROKEN: Final = 0.1
"""Which share of the candidates of a deep repository break."""
FIELDS: Final = (4.27, 0.5)
"""Mean and deviation of the logarithm of how many fields an event of a deep repository starts with."""
GIT: Final = shutil.which("git") or "git"
START: Final = 1_600_000_000

File = tuple[str, bytes]


def deep(home: Path, subjects: int, versions: int, seed: int = 7) -> Path:
    """A repository in ``home/repo``, one commit a version, ``main`` published and ``proposal`` checked out.

    ``home/plain`` has the same texts as files, ``<subject>/0001.avsc`` … and ``<subject>.avsc`` as proposed;
    ``home/manifest.json`` says which proposals break. What is there already is kept.
    """
    if (home / "manifest.json").exists():
        return home
    shutil.rmtree(home, ignore_errors=True)
    rng = random.Random(seed)
    events = {}
    for number in range(subjects):
        own = random.Random(rng.getrandbits(64))
        event = born(own, number, min(220, max(30, int(own.lognormvariate(*FIELDS)))))
        events[_snake(event)] = event
    broken = set(rng.sample(sorted(events), round(subjects * BROKEN)))
    history = _deep_history(home / "plain", events, versions, rng)
    with _Import(home / "repo") as repo:
        total = sum(repo.commit("main", f"Publish {files[0][0]}", files) for files in history)
        breaks = {}
        for name, event in events.items():
            if name in broken:
                breaks[name] = break_it(event)
            else:
                live(event)
        repo.commit("proposal", "Propose", list(_proposed(home / "plain", events)), "refs/heads/main")
    settle(home / "repo", "proposal")
    manifest = {"subjects": subjects, "versions": versions, "bytes": total, "breaks": breaks}
    (home / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return home


def _deep_history(plain: Path, events: dict[str, Event], versions: int, rng: random.Random) -> Iterator[list[File]]:
    yield [("schemagate.toml", CONFIG)]
    for version in range(1, versions + 1):
        order = list(events)
        rng.shuffle(order)
        for name in order:
            if version > 1:
                live(events[name])
            text = told(events[name].schema)
            _write(plain / name / f"{version:04}.avsc", text)
            yield [(f"{FOLDER}/{name}.avsc", text)]


def _proposed(plain: Path, events: dict[str, Event]) -> Iterator[File]:
    for name, event in events.items():
        text = told(event.schema)
        _write(plain / f"{name}.avsc", text)
        yield f"{FOLDER}/{name}.avsc", text


def wide(home: Path, files: int, seed: int = 7) -> Path:
    """A repository in ``home/repo`` of so many schemas, of which ``proposal``, checked out, touches three.

    One schema in a hundred only defines a type for others, and one in twenty uses such a type; the rest contain
    all that they need. A commit publishes everything, then come as many commits of five files as touch each file
    once on average. ``home/manifest.json`` names the three paths and the types that they define.
    """
    if (home / "manifest.json").exists():
        return home
    shutil.rmtree(home, ignore_errors=True)
    rng = random.Random(seed)
    events: dict[str, Event] = {}
    shared: list[str] = []
    for number in range(files):
        event = born(random.Random(rng.getrandbits(64)), number, rng.randint(8, 30), f"team{number % 40}")
        if number % 100 == 0:
            shared.append(event.schema["namespace"] + "." + event.schema["name"])
        elif number % 20 == 1:
            event.schema["fields"].append({"name": "origin_event", "type": ["null", shared[-1]], "default": None})
        events[f"{FOLDER}/team{number % 40}/{_snake(event)}.avsc"] = event
    paths = list(events)
    touched = [paths[0], paths[1], paths[files // 2 + 2]]
    with _Import(home / "repo") as repo:
        repo.commit("main", "Publish", [("schemagate.toml", CONFIG), *((p, told(events[p].schema)) for p in paths)])
        for _ in range(files // 5):
            chosen = rng.sample(paths, 5)
            for path in chosen:
                live(events[path])
            repo.commit("main", "Evolve", [(path, told(events[path].schema)) for path in chosen])
        for path in touched:
            events[path].schema["fields"].append({"name": "noted_by", "type": ["null", "string"], "default": None})
        repo.commit("proposal", "Propose", [(p, told(events[p].schema)) for p in touched], "refs/heads/main")
    settle(home / "repo", "proposal")
    manifest = {"paths": touched, "types": [events[path].schema["name"] for path in touched]}
    (home / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return home


def told(schema: dict[str, object]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(schema), indent=2) + b"\n"


def settle(repo: Path, branch: str) -> None:
    """Packed as after ``git gc``, checked out, with an index that needs no second look at the files."""
    run_git(repo, "repack", "-a", "-d", "-f", "-q")
    run_git(repo, "checkout", "-q", branch)
    time.sleep(1.1)  # git re-reads files that are as young as the index
    run_git(repo, "read-tree", "HEAD")
    run_git(repo, "update-index", "-q", "--refresh")


def run_git(repo: Path, *arguments: str) -> None:
    subprocess.run([GIT, "-C", str(repo), *arguments], check=True, env=git_environment())


def git_environment() -> dict[str, str]:
    """No variable of a hook or of a CI system, nobody's git configuration, and this work tree's schemagate."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    ours = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "PYTHONPATH": str(SOURCE)}
    return kept | ours


class _Import:
    """``git fast-import`` with a clock of its own: an hour a commit."""

    def __init__(self, repo: Path) -> None:
        repo.mkdir(parents=True)
        run_git(repo, "init", "-q", "-b", "main", ".")
        self._clock = START
        light = ("-c", "core.compression=1")
        command = [GIT, "-C", str(repo), *light, "fast-import", "--quiet", "--done"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, env=git_environment())

    def __enter__(self) -> Self:
        return self

    def commit(self, branch: str, message: str, files: Iterable[File], parent: str = "") -> int:
        """Returns how many bytes of files it wrote; ``parent`` only for a branch's first commit."""
        self._clock += 3600
        said = message.encode()
        head = f"commit refs/heads/{branch}\ncommitter Bench <bench@example.com> {self._clock} +0000\n"
        parts = [head.encode(), b"data %d\n%s\n" % (len(said), said)]
        if parent:
            parts.append(f"from {parent}\n".encode())
        total = 0
        for path, text in files:
            parts.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(text), text))
            total += len(text)
        assert self._process.stdin is not None
        self._process.stdin.write(b"".join([*parts, b"\n"]))
        return total

    def __exit__(self, *error: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(b"done\n")
        self._process.stdin.close()
        if self._process.wait() != 0:
            raise RuntimeError("git fast-import failed")


def _write(path: Path, text: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)


def _snake(event: Event) -> str:
    name: str = event.schema["name"]
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
