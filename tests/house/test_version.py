"""One version, told by everything that tells it, and one line for a Python that is too old."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from schemagate._version import __version__

ROOT = Path(__file__).resolve().parents[2]


def test_the_metadata_and_the_command_tell_the_same_version():
    told = subprocess.run([sys.executable, "-m", "schemagate", "--version"], capture_output=True, text=True, check=True)

    assert told.stdout == f"schemagate {__version__}\n"
    assert metadata.version("schemagate") == __version__


def test_the_short_flag_tells_it_too():
    told = subprocess.run([sys.executable, "-m", "schemagate", "-V"], capture_output=True, text=True, check=True)

    assert told.stdout == f"schemagate {__version__}\n"


def test_the_changelog_has_an_entry_for_this_version_or_is_collecting_one():
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)

    assert headings[0] in {"Unreleased", __version__}


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py", "_version.py"])
def test_what_an_old_python_reads_first_has_no_newer_syntax(name):
    source = (ROOT / "src" / "schemagate" / name).read_text(encoding="utf-8")

    ast.parse(source, feature_version=(3, 7))


def _old_python() -> str | None:
    for name in ("python3.7", "python3.8", "python3.9", "python3.10"):
        path = shutil.which(name)
        if path and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
            return path
    return None


def test_an_old_python_is_told_in_one_line_what_is_needed(tmp_path):
    """Where no old Python is installed, this one pretends."""
    pretend = tmp_path / "pretend.py"
    pretend.write_text(
        "import runpy, sys\nsys.version_info = (3, 9, 18)\nsys.argv = ['schemagate', 'check']\n"
        "runpy.run_module('schemagate.__main__', run_name='__main__')\n",
        encoding="utf-8",
    )
    old = _old_python()
    command = [old, "-m", "schemagate", "check"] if old else [sys.executable, str(pretend)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}

    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert re.fullmatch(r"schemagate needs Python 3\.11 or newer; this is 3\.\d+\.\d+ \(.+\)\n", told.stderr)
    assert (told.returncode, told.stdout) == (2, "")
