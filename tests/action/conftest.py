"""A machine to run the action on, and a GitHub to comment at."""

from __future__ import annotations

import os

import pytest
from tests.action import fake_github
from tests.action.acting import Act
from tests.adapters.repos import Repo


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """One directory for all workers of a run: what one installed, the others use."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "action"


@pytest.fixture
def act(tmp_path, shared):
    return Act(tmp_path / "act", shared)


@pytest.fixture
def repo(tmp_path):
    return Repo(tmp_path / "shop")


@pytest.fixture
def github():
    with fake_github.running() as github:
        yield github
