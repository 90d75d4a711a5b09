"""The pictures of the page in the documentation are what the page draws."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def drawings(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    before = set(sys.modules)
    import drawings

    yield drawings
    for name in {"drawings", "shop"} - before:
        sys.modules.pop(name, None)


def told(svg: str) -> list[str]:
    """The classes and the texts of a picture: what no font and no release of a browser changes."""
    return re.findall(r'class="([^"]*)"|>([^<>\s][^<>]*)<', svg.partition("<foreignObject")[2])


def test_a_picture_drawn_again_is_the_committed_one(browser, drawings, tmp_path):
    html = drawings.page(tmp_path)
    window = browser.new_page(viewport={"width": drawings.WIDTH, "height": 900})
    window.set_content(html)

    again = dict(drawings.cut(window, drawings.digest(html)))

    committed = {name: (ROOT / f"docs/img/{name}.svg").read_text(encoding="utf-8") for name in again}
    assert len(committed) == 3
    assert {name: told(svg) for name, svg in committed.items()} == {name: told(svg) for name, svg in again.items()}
