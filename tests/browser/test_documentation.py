"""The documentation as a site, as `make site` builds it, under a path of a server: read, searched, light and dark."""

from __future__ import annotations

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path

import pytest

BUILT = Path(__file__).resolve().parents[2] / ".site"
PAGES = (
    "index.html",
    "quickstart.html",
    "compatibility.html",
    "breaking-change.html",
    "rules/decimal-scale-changed.html",
)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Says nothing."""


@pytest.fixture(scope="module")
def address():
    """The site below a path, as on GitHub Pages."""
    if not (BUILT / "site" / "index.html").exists():
        pytest.skip("left out: the documentation's site in a browser: it is not built (make site)")
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=BUILT)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/site/"
        server.shutdown()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_renders_without_a_complaint_and_asks_nobody_else(window, address, page):
    window.page.goto(address + page)
    window.page.wait_for_load_state("networkidle")

    assert window.page.locator("h1").count() == 1
    assert window.said == []
    assert [url for url in window.asked if not url.startswith((address, "data:", f"blob:{address[:16]}"))] == []


def test_the_search_finds_a_rule_and_leads_to_it(window, address):
    window.page.goto(address)
    window.page.wait_for_load_state("networkidle")
    window.page.keyboard.press("Control+k")
    window.page.keyboard.type("decimal scale", delay=20)
    window.page.get_by_text(" results").first.wait_for()
    window.page.keyboard.press("Enter")
    window.page.wait_for_url("**/rules/decimal-scale-changed.html*")

    assert window.page.locator("h1").inner_text().rstrip("¶\n ") == "decimal-scale-changed"
    assert [url for url in window.asked if not url.startswith((address, "data:", f"blob:{address[:16]}"))] == []


def shown(browser, address, system: str, scheme: str | None = None) -> bytes:
    """The first picture of a mode, as a reader sees it whose system is light or dark, and who may have chosen."""
    context = browser.new_context(color_scheme=system, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(address + "compatibility.html")
    if scheme:
        page.evaluate("scheme => document.body.setAttribute('data-md-color-scheme', scheme)", scheme)
    picture = page.locator("img[src$='mode-backward.svg']")
    picture.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    pixels = picture.screenshot()
    context.close()
    return pixels


def test_pictures_follow_the_system_and_the_reader_s_own_choice(browser, address):
    light, dark = (shown(browser, address, system) for system in ("light", "dark"))

    assert light != dark
    assert shown(browser, address, "light", "slate") == dark
    assert shown(browser, address, "dark", "default") == light


@pytest.mark.parametrize("page", PAGES)
def test_nothing_sticks_out_of_a_narrow_screen(browser, address, page):
    context = browser.new_context(viewport={"width": 360, "height": 800})
    opened = context.new_page()
    opened.goto(address + page)
    wide = opened.evaluate("document.documentElement.scrollWidth - innerWidth")
    context.close()

    assert wide <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_what_is_written_is_accessible(browser, address, page, scheme):
    """The text of the page; the frame around it, and the buttons on its code, are the theme's."""
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.goto(address + page)
    opened.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = opened.evaluate("axe.run({include: ['article'], exclude: ['.md-code__nav']})")["violations"]
    context.close()

    assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == []
