"""Reports of real runs, for what looks at formats: much to tell, nothing to tell, and a question without an answer."""

from __future__ import annotations

from pathlib import Path

from tests.adapters.repos import Repo
from tests.app.medley import Medley
from tests.app.scene import OPTIONAL, record, run

from schemagate.finding import Report


def broken(folder: Path) -> Report:
    return run(Medley(folder / "broken", 3).repo, everything=True)


def clean(folder: Path) -> Report:
    repo = Repo(folder / "clean").write("a.avsc", record("A", id="string")).commit("1").branch("change")
    return run(repo.write("a.avsc", record("A", id="string", more=OPTIONAL)))


def undecided(folder: Path) -> Report:
    """Of a file that nobody can read, and of which no finding fails the run."""
    repo = Repo(folder / "undecided").write("schemagate.toml", '[rules]\ntruncated = "warning"\n').commit("1")
    return run(repo.write("a.avsc", '{"type": "record", "name": "A", "fields": [\n'))


RUNS = {"broken": (broken, 1), "clean": (clean, 0), "undecided": (undecided, 3)}
"""What each is called, how it is made, its exit code."""
