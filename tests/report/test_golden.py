from __future__ import annotations

from pathlib import Path

import pytest
from tests.report.update import texts


@pytest.mark.parametrize("path", texts(), ids=lambda path: path.name)
def test_report_is_as_it_was_agreed(path: Path):
    """After a wanted change: ``python -m tests.report.update`` writes the files and prints the difference."""
    assert texts()[path] == path.read_bytes().decode("utf-8")
