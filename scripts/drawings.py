"""The drawings of ``history --html`` as pictures for the documentation: the page's own, cut out by a browser.

A picture names what it was drawn from: the digest of the page's style, script and data. While that is the same nothing
is drawn again, so that only who changes the page, or the example, needs a Chromium.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, sync_playwright

import shop
from schemagate.adapters.assets import site_asset
from schemagate.report.site.page import SCRIPTS, STYLES

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
WIDTH: Final = 980
"""Of the window, in CSS pixels."""

CUT: Final = (Path(__file__).parent / "drawings.js").read_text(encoding="utf-8")
"""Runs in the page and makes one picture."""

SUBJECT: Final = "com.example.shop.OrderPlaced"
SHARED: Final = "com.example.shop.Address"
CHANGED_BY_NAME: Final = '"customer_id"', '"customer_uuid"'


def _drawings() -> dict[str, tuple[str, str, str, str]]:
    """By name: the subject's view, what is cut out of it, a title, and the picture in words."""
    return {
        "history-fields": (
            SUBJECT,
            ".lifelines, .lifelines + .legend",
            "The fields of OrderPlaced over its versions",
            "Each field is a line across the versions: coupon comes in v2, becomes voucher in v4 and goes in v5.",
        ),
        "history-readers": (
            SUBJECT,
            ".matrix",
            "Which version of OrderPlaced reads which",
            "Published versions read each other; the proposal and they cannot, in either direction.",
        ),
        "history-references": (
            SHARED,
            "svg.graph",
            "Whom a change of Address reaches",
            "Boxes from left to right: Address reaches OrderPlaced, CustomerMoved and ParcelSent.",
        ),
    }


def pages(home: Path, committed: Mapping[str, str]) -> dict[str, str]:
    """Every picture by its path; ``committed`` are those that are there, and stay where nothing has changed.

    Raises SurpriseError where something has to be drawn and there is no browser to do it.
    """
    html = page(home)
    source = digest(html)
    fresh = {path: text for path, text in committed.items() if path in paths() and f'"{source}"' in text}
    return fresh if fresh.keys() == set(paths()) else drawn(html, source)


def paths() -> list[str]:
    return [f"docs/img/{name}.svg" for name in _drawings()]


def page(home: Path) -> str:
    """The page of a small shop: orders in six versions, a proposal that renames a field, an address that three use."""
    repository = shop.Repository(home)
    for day, (message, files) in enumerate(_story(), start=1):
        for path, text in files.items():
            repository.write(path, text)
        stamp = f"2026-0{(day + 1) // 2}-{'05' if day % 2 else '19'}T09:00:00+00:00"
        repository.environment |= {"GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp}
        repository.commit(message)
    repository.git("switch", "--quiet", "--create", "better-name")
    repository.write(ORDER, repository.read(ORDER).replace(*CHANGED_BY_NAME))
    result = repository.schemagate("history", "--html", "history.html", "--offline")
    if result.returncode != 0:
        raise shop.SurpriseError(f"`schemagate history --html` ended with exit {result.returncode}")
    return repository.read("history.html")


def digest(html: str) -> str:
    """Of what the drawings come from: the page's style, its script and its data."""
    islands = re.findall(r'<script type="application/json" id="([\w-]+)">(.*?)</script>', html, flags=re.DOTALL)
    data = {name: json.loads(text) for name, text in islands}
    parts = [site_asset(STYLES, "css"), site_asset(SCRIPTS, "js"), json.dumps(data, sort_keys=True), CUT]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def drawn(html: str, source: str) -> dict[str, str]:
    """Every picture, cut out of the page."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise shop.SurpriseError("the page's pictures are stale; `sh scripts/chromium.sh` installs what draws them")
    with sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        window = chromium.new_page(viewport={"width": WIDTH, "height": 900})
        window.set_content(html)
        pictures = {f"docs/img/{name}.svg": svg for name, svg in cut(window, source)}
        chromium.close()
    return pictures


def cut(window: Page, source: str) -> Iterator[tuple[str, str]]:
    """(name, SVG) of each drawing on the page in a browser's window."""
    for name, (subject, selector, title, told) in _drawings().items():
        window.evaluate("(to) => { location.hash = to; }", f"#/s/{subject}")
        window.wait_for_selector(selector.split(",", maxsplit=1)[0])
        asked = {"selector": selector, "name": name, "source": source, "title": title, "told": told}
        yield name, window.evaluate(CUT, asked) + "\n"


FOLDER: Final = "schemas/avro"
ORDER: Final = f"{FOLDER}/order_placed.avsc"


def _story() -> Iterator[tuple[str, dict[str, str]]]:
    """(message, files) of each commit."""
    config = 'paths = ["schemas/avro"]\nmode = "FULL_TRANSITIVE"\n'
    to = {"name": "ship_to", "type": SHARED}
    key = {"name": "customer_id", "type": "string"}
    coupon = _optional("coupon")
    voucher = _optional("voucher", aliases=["coupon"])
    others = {
        "schemagate.toml": config,
        f"{FOLDER}/address.avsc": _record("Address", _text("street"), _text("zip"), _optional("country")),
        f"{FOLDER}/customer_moved.avsc": _record("CustomerMoved", key, {"name": "to", "type": SHARED}),
        f"{FOLDER}/parcel_sent.avsc": _record("ParcelSent", _text("order_id"), {"name": "to", "type": SHARED}),
    }
    wide = _status("NEW", "PAID", "SHIPPED")
    yield "Orders", {ORDER: _order(key, _status("NEW", "PAID"), to), **others}
    yield "Coupons", {ORDER: _order(key, _status("NEW", "PAID"), to, coupon)}
    yield "Orders are shipped", {ORDER: _order(key, wide, to, coupon)}
    yield "Coupons are vouchers", {ORDER: _order(key, wide, to, voucher)}
    yield "No more vouchers", {ORDER: _order(key, wide, to)}
    yield "Notes", {ORDER: _order(key, wide, to, _optional("note"))}


def _order(*fields: dict[str, Any]) -> str:
    stamp = {"type": "long", "logicalType": "timestamp-millis"}
    return _record("OrderPlaced", _text("order_id"), {"name": "placed_at", "type": stamp}, *fields)


def _status(*symbols: str) -> dict[str, Any]:
    return {"name": "status", "type": {"type": "enum", "name": "Status", "symbols": symbols, "default": symbols[0]}}


def _text(name: str) -> dict[str, Any]:
    return {"name": name, "type": "string"}


def _optional(name: str, **members: object) -> dict[str, Any]:
    return {"name": name, "type": ["null", "string"], "default": None, **members}


def _record(name: str, *fields: dict[str, Any]) -> str:
    schema = {"type": "record", "name": name, "namespace": "com.example.shop", "fields": fields}
    return json.dumps(schema, indent=2) + "\n"
