"""Writes the tables of ``docs/registries-tested.md``: ``python -m tests.integration.page``."""

from __future__ import annotations

import re
from pathlib import Path

from tests.integration.limits import LIMITS
from tests.integration.servers import SERVERS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "registries-tested.md"
BLOCK = re.compile(r"(<!-- limits: begin -->\n).*?(<!-- limits: end -->)", re.DOTALL)


def tables() -> str:
    """What each registry is known not to do, one table a registry; every row names the test that shows it."""
    parts = []
    for server in SERVERS.values():
        rows = [(words, test) for (key, test), words in LIMITS.items() if key == server.key]
        if not rows:
            continue
        parts += [f"### {server.title}", "", "| what it does instead | shown by |", "| --- | --- |"]
        parts += [f"| {words} | `{test.removeprefix('test_')}` |" for words, test in rows]
        parts.append("")
    return "\n".join(parts)


def page(text: str) -> str:
    """The page with its tables as they are to be."""
    return BLOCK.sub(lambda match: f"{match[1]}\n{tables()}\n{match[2]}", text)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
