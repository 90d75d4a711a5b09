"""Which of the things that this project did not write a run of the tests uses, and what it says about the others."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

import pytest
from tests.conftest import LEFT_OUT

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "integration"))

from things import FAST, THINGS  # noqa: E402 - what installs them is no package

ASKED = os.environ.get("SCHEMAGATE_INTEGRATION", "")
"""``all``, ``fast``, keys of things with commas between them, or nothing."""

CHOSEN = frozenset({"all": tuple(THINGS), "fast": FAST, "": ()}.get(ASKED, tuple(ASKED.split(","))))


def need(*keys: str) -> None:
    """Leaves the test out where a thing was not asked for, and fails it where one was and is not installed."""
    for key in keys:
        thing = THINGS[key]
        if key not in CHOSEN:
            pytest.skip(f"{LEFT_OUT}{thing.title}: {_lacks(key) or 'only `make integration` runs it'}")
        if not thing.installed:
            pytest.fail(f"{thing.title} was asked for and is not installed: scripts/integration/install.py {key}")


@cache
def _lacks(key: str) -> str:
    return THINGS[key].lacks()
