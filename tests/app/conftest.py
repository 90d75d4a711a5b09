"""A fresh repository for each test of the gate."""

from __future__ import annotations

import pytest
from tests.adapters.repos import Repo


@pytest.fixture
def repo(tmp_path):
    return Repo(tmp_path / "repo")
