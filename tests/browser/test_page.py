from __future__ import annotations

from importlib.resources import files

import pytest
from tests.browser.sites import HOSTILE, drawn, many, shop

ORDER = "#/s/com.example.Order"
VIEWS = {"subjects": "#/", "one subject": ORDER, "bytes": "#/bytes", "nothing": "#/s/nobody", "garbage": "#/s/%E0%A4%A"}


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("page")
    (folder / "page.html").write_text(drawn(shop(folder / "repo")), encoding="utf-8")
    return (folder / "page.html").as_uri()


def texts(window, selector: str) -> list[str]:
    return [" ".join(text.split()) for text in window.page.locator(selector).all_inner_texts()]


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_renders_without_a_complaint_and_asks_for_nothing(window, address, view):
    window.page.goto(address + VIEWS[view])

    assert window.page.locator("main h1").count() == 1
    assert window.said == []
    assert [url for url in window.asked if not url.startswith((address, "data:"))] == []


def test_the_overview_tells_every_subject_the_worst_first(window, address):
    window.page.goto(address)

    assert texts(window, "h1") == ["4 subjects"]
    assert texts(window, "tbody .health") == ["Broken", "Warning", "Sound", "Deleted"]
    row = texts(window, "tbody tr:first-child > *")
    assert row[:2] == ["Broken", "com.example.Order a change is proposed order.avsc"]
    assert row[2:5] == ["4", "8 Jan 2026", "@orders"]


def test_a_hostile_name_stays_text(window, address):
    window.page.goto(address)
    window.page.get_by_role("link", name="onerror").click()
    window.page.wait_for_selector("h1 >> text=onerror")

    assert window.page.evaluate("window.hit") is None
    assert window.page.locator("img").count() == 0
    assert HOSTILE.replace("\u2028", "\\u{2028}").replace("\u202e", "\\u{202e}") in window.page.inner_text("h1")
    assert window.said == []


def test_a_finding_shows_the_datum_that_proves_it(window, address):
    window.page.goto(address + ORDER)
    proof = texts(window, "#findings .proof")[0]

    assert proof.startswith('proof {"id": "", "to": {"zip": ""}} written with this schema, read with v')
    assert "no default value for field status (fastavro" in proof


def test_searching_narrows_and_clearing_shows_all(window, address):
    window.page.goto(address)
    window.page.keyboard.press("/")
    window.page.keyboard.type("ORDER")

    assert texts(window, "tbody th a") == ["com.example.Order"]
    window.page.fill("#search", "no such thing")
    assert texts(window, ".count") == ["No subject fits."]
    window.page.fill("#search", "")
    assert len(texts(window, "tbody tr")) == 4


def test_a_tile_shows_one_kind_and_shows_all_when_pressed_again(window, address):
    window.page.goto(address)
    tile = window.page.locator(".tile.broken")
    tile.click()

    assert tile.get_attribute("aria-pressed") == "true"
    assert texts(window, "tbody th a") == ["com.example.Order"]
    tile.click()
    assert len(texts(window, "tbody tr")) == 4


def test_the_fields_are_lines_with_a_sign_for_what_happened(window, address):
    window.page.goto(address + ORDER)
    signs = window.page.locator("#fields .event")
    told = [sign.get_attribute("aria-label") for sign in signs.all()]

    assert "$.sum, v2: added: double?, default null" in told
    assert (
        "$.sum, v3: renamed: amount → sum (by alias); doc or properties changed: doc, aliases, order or a property"
        in told
    )
    assert "$.sum, v4: removed" in told
    assert "$.status, proposed: removed" in told


def test_the_matrix_gives_the_reason_on_focus_and_on_hover(window, address):
    window.page.goto(address + ORDER)
    cell = window.page.locator("#readers .cell.broken").first
    reason = "v1 reads what the proposed one wrote: broken $.status: no `status`, no default"
    cell.hover()

    assert texts(window, "#tip") == [reason]
    window.page.mouse.move(0, 0)
    assert window.page.locator("#tip").is_hidden()
    cell.focus()
    assert texts(window, "#tip") == [reason]


def test_arrow_keys_walk_the_matrix_and_tab_leaves_it(window, address):
    window.page.goto(address + ORDER)
    start = window.page.locator("#readers td[tabindex='0']")
    start.focus()
    for key in ("ArrowRight", "ArrowUp", "ArrowLeft"):
        window.page.keyboard.press(key)

    assert window.page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(
        "v4 reads what v1 wrote"
    )
    assert window.page.locator("#readers td[tabindex='0']").count() == 1
    window.page.keyboard.press("Tab")
    assert window.page.evaluate("document.activeElement.closest('table')") is None


def test_the_keyboard_alone_reaches_a_subject_and_its_heading_gets_the_focus(window, address):
    window.page.goto(address)
    window.page.locator("tbody th a").first.focus()
    window.page.keyboard.press("Enter")
    window.page.wait_for_selector("#fields")

    assert window.page.evaluate("document.activeElement.tagName") == "H1"
    assert window.page.title() == "com.example.Order · repo"


def test_the_graph_names_whom_a_change_reaches(window, address):
    window.page.goto(address + "#/s/com.example.Address")

    assert "A change here is judged for 1 other subject too." in window.page.inner_text("#references")
    window.page.locator("#references a.box").click()
    window.page.wait_for_selector("h1 >> text=Order")
    assert window.page.locator("#references .box title").all_text_contents() == [
        "com.example.Address (address.avsc)",
        "com.example.Order (order.avsc)",
    ]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
@pytest.mark.parametrize("view", ["subjects", "one subject", "bytes"])
def test_axe_finds_nothing_wrong(browser, address, view, scheme, width):
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(address + VIEWS[view])
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    context.close()

    assert [(one["impact"], one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == []


def test_nothing_sticks_out_of_a_narrow_screen(browser, address):
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    wide = {}
    for view, place in VIEWS.items():
        page.goto(address + place)
        page.reload()
        wide[view] = page.evaluate("document.documentElement.scrollWidth")
    context.close()

    assert {view: width for view, width in wide.items() if width > 360} == {}


def test_a_printed_subject_shows_every_change_and_no_button(window, address):
    window.page.goto(address + ORDER)
    window.page.emulate_media(media="print")
    window.page.evaluate("dispatchEvent(new Event('beforeprint'))")

    assert len(texts(window, ".changes > li")) == 5
    assert window.page.locator("button:visible").count() == 0


def test_without_scripts_the_subjects_are_listed(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    told = page.inner_text("body")
    context.close()

    assert "The pictures need JavaScript" in told
    assert "com.example.Order" in told


def test_ten_thousand_subjects_are_paged_searched_and_sorted(window, tmp_path):
    (tmp_path / "many.html").write_text(many(10_000), encoding="utf-8")
    window.page.goto((tmp_path / "many.html").as_uri())

    assert texts(window, ".count") == ["1\u201350 of 10,000 subjects"]
    window.page.click("#page-next")
    assert texts(window, ".count") == ["51\u2013100 of 10,000 subjects"]
    assert window.page.evaluate("document.activeElement.id") == "page-next"
    window.page.fill("#search", "event_9999.avsc")
    assert texts(window, "tbody th a") == ["com.example.team39.Event9999"]
    window.page.fill("#search", "")
    window.page.click("#sort-name")
    window.page.click("#sort-name")
    assert texts(window, "tbody tr:first-child th a") == ["com.example.team9.Event9969"]
    assert window.said == []
