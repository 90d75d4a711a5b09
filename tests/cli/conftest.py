"""A terminal in an empty directory, and one in a repository with a published schema."""

from __future__ import annotations

import pytest
from tests.adapters.repos import Repo
from tests.cli.cases import USER, Terminal


@pytest.fixture
def terminal(tmp_path, monkeypatch, capsys) -> Terminal:
    (tmp_path / "plain").mkdir()
    return Terminal(tmp_path / "plain", monkeypatch, capsys)


@pytest.fixture
def repo(tmp_path) -> Repo:
    return Repo(tmp_path / "repo").write("schemas/user.avsc", USER).commit("Users")


@pytest.fixture
def clone(repo, monkeypatch, capsys) -> Terminal:
    """A terminal in ``repo``."""
    return Terminal(repo.path, monkeypatch, capsys)
