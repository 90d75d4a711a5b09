"""What may be in no committed file: an address of a package registry, a path of somebody's machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Written in pieces, so that this file does not hold what it looks for.
FORBIDDEN = re.compile(
    "|".join(
        [
            r"files\.python" + r"hosted\.org",
            r"(test\.)?py" + r"pi\.(org|io|python\.org)",
            r"registry\.npm" + r"js\.org",
            r"crates" + r"\.io",
            r"repo1?\.maven" + r"\.(apache\.)?org",
            r"proxy\.gol" + r"ang\.org",
            r"--(extra-)?index" + r"-url\b",
            r"--find" + r"-links\b",
            r"(?<![\w.])/(home|Users|root|work|tmp)" + r"/[\w.-]+/",
            r"[A-Z]:\\\\?Users" + r"\\",
        ]
    )
)


def tracked_files() -> list[Path]:
    """What git tracks or would add; without a git repository (a source archive), every file of the project."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return [ROOT / name for name in listed.stdout.split("\0") if name]
    folders = ("src", "tests", "scripts", "schemas", "docs", "requirements")
    return [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]


def test_no_registry_address_and_no_machine_path_is_committed():
    hits = []
    for path in tracked_files():
        if path.suffix == ".pyc" or not path.is_file():
            continue
        text = path.read_bytes().decode("utf-8", errors="replace")
        hits += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
            for number, line in enumerate(text.splitlines(), start=1)
            if FORBIDDEN.search(line)
        ]

    assert hits == []


def locked(name: str) -> list[str]:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return re.split(r"\n(?=[a-z])", text.strip())


def test_every_locked_requirement_has_a_hash_and_an_exact_version():
    for name in ("dev.txt", "run.txt", "integration.txt", "site.txt"):
        assert [entry for entry in locked(name) if not re.match(r"[a-z0-9-]+(\[[a-z0-9, -]+\])?==\S+ ", entry)] == []
        assert [entry for entry in locked(name) if "--hash=sha256:" not in entry] == []


def test_what_runs_is_locked_to_the_same_versions_in_both_locks():
    run, dev = (
        {re.sub(r"\[.*\]", "", entry.split(" \\")[0]) for entry in locked(name)} for name in ("run.txt", "dev.txt")
    )

    assert len(run) > 5
    assert run <= dev
