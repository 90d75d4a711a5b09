"""What a command loads before it does anything: git, HTTP, colour and decoding only where they are used."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = str(ROOT / "schemas" / "avro" / "user_created_v1.avsc")
HEAVY = {"fastavro", "git", "gitdb", "pydantic", "requests", "rich", "typer", "urllib3"}
"""Each costs 30 to 100 ms of CPU to load, where Python itself needs 11."""


def heavy_modules(*arguments: str, cwd: Path = ROOT) -> set[str]:
    """The heavy packages that ``schemagate ARGUMENTS`` loads, output not being a terminal."""
    return {name.partition(".")[0] for name in loaded_by(*arguments, cwd=cwd)} & HEAVY


def loaded_by(*arguments: str, cwd: Path = ROOT) -> set[str]:
    """Every module that ``schemagate ARGUMENTS`` loads."""
    command = [sys.executable, "-X", "importtime", "-m", "schemagate", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, timeout=60)
    loaded = re.findall(r"^import time:.*\| +([\w.]+)$", ran.stderr, flags=re.MULTILINE)

    assert ran.returncode == 0, ran.stderr[-2000:]
    assert "schemagate._version" in loaded
    return set(loaded)


def test_the_version_loads_nothing():
    assert heavy_modules("--version") == set()


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("check", "--help"), ("lint", SCHEMA), ("lint", "--format", "json", SCHEMA), ("rules",)],
    ids=lambda arguments: " ".join(Path(argument).name for argument in arguments),
)
def test_what_needs_no_git_and_no_colour_loads_only_typer(arguments):
    assert heavy_modules(*arguments) <= {"typer"}


def test_check_loads_git_but_neither_http_nor_decoding(tmp_path):
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    for command in ("init -q -b main", "add .", "commit -q -m one"):
        subprocess.run(["git", *command.split()], cwd=tmp_path, check=True)

    assert heavy_modules("check", "--format", "json", cwd=tmp_path) <= {"typer", "git", "gitdb"}


def test_a_check_that_breaks_nothing_loads_no_explanation_and_no_other_way_of_telling(tmp_path):
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    for command in ("init -q -b main", "add .", "commit -q -m one"):
        subprocess.run(["git", *command.split()], cwd=tmp_path, check=True)
    unused = ("compat.explain", "config.json_schema", "config.weaken", "adapters.git_remote", "adapters.git_renames")

    assert loaded_by("check", cwd=tmp_path).isdisjoint(f"schemagate.{name}" for name in unused)


def test_the_library_loads_nothing_until_it_is_used():
    code = "import sys, schemagate; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()
