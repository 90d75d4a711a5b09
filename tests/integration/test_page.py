"""The page about the registries says what the tests expect, and the tests exist."""

from __future__ import annotations

import re
from pathlib import Path

from tests.integration.limits import LIMITS
from tests.integration.page import PAGE, page
from tests.integration.servers import SERVERS


def test_the_page_has_the_limits_that_the_tests_show():
    text = PAGE.read_text(encoding="utf-8")

    assert text == page(text), "run: python -m tests.integration.page"


def test_every_limit_names_a_registry_and_a_contract_test():
    contracts = Path(__file__).parent.glob("test_contract_*.py")
    tests = {
        name for path in contracts for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }

    assert {key for key, _ in LIMITS} <= set(SERVERS)
    assert {test for _, test in LIMITS} - tests == set()
