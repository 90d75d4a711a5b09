"""A headless Chromium of the system's, and what it saw: Debian's, as `scripts/chromium.sh` installs it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

playwright = pytest.importorskip(
    "playwright.sync_api", reason="left out: the page in a browser: playwright is not installed (make .venv)"
)

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip("left out: the page in a browser: no Chromium here (sh scripts/chromium.sh installs it)")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Window:
    """A page, what its console said, and which addresses it asked for."""

    def __init__(self, page) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))


@pytest.fixture
def window(browser) -> Iterator[Window]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield Window(page)
    page.close()
