"""Build real git repositories for tests, the same ones on every machine: `Repo(tmp_path).write(...).commit(...)`."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

POSIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names, links, pipes or scripts")
LINUX_ONLY = pytest.mark.skipif(sys.platform != "linux", reason="other file systems take only Unicode names")

START = datetime(2026, 1, 5, 9, tzinfo=UTC)

ISOLATED = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
}


class Repo:
    """A repository on branch `main`. Commits are a day apart, from 2026-01-05 on; every step returns the repository."""

    def __init__(self, path: Path | str, *, init: bool = True, bare: bool = False) -> None:
        self.path = Path(path)
        self.days = 0
        if init:
            self.path.mkdir(parents=True, exist_ok=True)
            self.git("init", "--quiet", "--initial-branch=main", *(["--bare"] if bare else []))

    def git(self, *arguments: str, env: dict[str, str] | None = None, check: bool = True) -> str:
        """Standard output of a git command, without the last line break."""
        date = (START + timedelta(days=self.days)).isoformat()
        surroundings = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        ran = subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            env={**surroundings, **ISOLATED, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date, **(env or {})},
            capture_output=True,
            check=False,
        )
        if check and ran.returncode != 0:
            raise AssertionError(f"git {' '.join(arguments)}: {ran.stderr.decode(errors='replace')}")
        return ran.stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    def write(self, path: str, text: str | bytes) -> Repo:
        full = self.path / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return self

    def delete(self, path: str) -> Repo:
        (self.path / path).unlink()
        return self

    def move(self, old: str, new: str) -> Repo:
        (self.path / new).parent.mkdir(parents=True, exist_ok=True)
        (self.path / old).rename(self.path / new)
        return self

    def stage(self) -> Repo:
        self.git("add", "--all")
        return self

    def commit(self, message: str) -> Repo:
        """Commits everything in the work tree, also nothing."""
        self.stage()
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        self.days += 1
        return self

    def branch(self, name: str) -> Repo:
        """A new branch from here, checked out."""
        self.git("checkout", "--quiet", "-b", name)
        return self

    def checkout(self, ref: str) -> Repo:
        self.git("checkout", "--quiet", ref)
        return self

    def merge(self, other: str, message: str = "merge") -> Repo:
        """A merge commit, also where a fast-forward would do."""
        self.git("merge", "--quiet", "--no-ff", "--message", message, other)
        self.days += 1
        return self

    def clone(self, path: Path, *options: str) -> Repo:
        """A clone over `file://`, so that depth and filter mean something."""
        self.git("config", "uploadpack.allowFilter", "true")
        self.git("config", "uploadpack.allowAnySHA1InWant", "true")
        self.git("clone", "--quiet", *options, self.path.resolve().as_uri(), str(path))
        copy = Repo(path, init=False)
        copy.days = self.days
        return copy

    def sha(self, ref: str = "HEAD") -> str:
        return self.git("rev-parse", "--verify", ref)

    def blob(self, path: str, ref: str = "HEAD") -> str:
        return self.git("rev-parse", "--verify", f"{ref}:{path}")

    def fingerprint(self) -> dict[str, str]:
        """Every file below `.git` with its time of change and the hash of its content: equal if nothing was written."""
        top = self.path / ".git"
        files = (path for path in top.rglob("*") if path.is_file())
        return {
            str(path.relative_to(top)): f"{path.stat().st_mtime_ns} {hashlib.sha256(path.read_bytes()).hexdigest()}"
            for path in files
        }
