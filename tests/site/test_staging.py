"""The pages of the site are those of the repository, with links that lead somewhere from where the site has them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import website
from staging import StrayLinkError, configured, staged

ROOT = Path(__file__).resolve().parents[2]
KNOWN = frozenset(
    ["README.md", "SECURITY.md", "docs/a.md", "docs/rules/b.md", "docs/img/p.svg", "tests/conformance", "tests/x.py"]
)
INDEX = """\
## Validity: is it a schema

| [`bad-name`](bad-name.md) | error | It is not. |

## Lint

| [`name-style`](name-style.md) | notice | It is ugly. |
"""


def one(source: str, text: str, repository: str | None = None) -> str:
    pages = {"docs/a.md": "", "docs/rules/b.md": "", "SECURITY.md": "", source: text}
    (place,) = {"docs/a.md": ["a.md"], "docs/rules/b.md": ["rules/b.md"], "SECURITY.md": ["security.md"]}[source]
    return staged(pages, KNOWN, repository)[place]


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("docs/a.md", "[b](rules/b.md#x)", "[b](rules/b.md#x)"),
        ("docs/rules/b.md", "[a](../a.md) ![p](../img/p.svg)", "[a](../a.md) ![p](../img/p.svg)"),
        ("SECURITY.md", "[a](docs/a.md#y)", "[a](a.md#y)"),
        ("docs/a.md", "[safe](../SECURITY.md)", "[safe](security.md)"),
        ("docs/a.md", "[`x`](../tests/x.py) and on", "`x` and on"),
        ("docs/a.md", "[here](#there) [web](https://example.com/)", "[here](#there) [web](https://example.com/)"),
        ("docs/a.md", "`[x](../tests/x.py)`", "`[x](../tests/x.py)`"),
        ("docs/a.md", "```md\n[x](nowhere.md)\n```\n", "```md\n[x](nowhere.md)\n```\n"),
    ],
)
def test_a_link_leads_to_the_same_page_from_its_new_place(source, text, expected):
    assert one(source, text) == expected


def test_a_link_into_the_source_tree_gets_the_address_that_the_publisher_gives():
    text = "[x](../tests/x.py#L3) [all](../tests/conformance)"

    told = one("docs/a.md", text, "https://git.example.com/o/r/blob/abc")

    base = "https://git.example.com/o/r/blob/abc/tests"
    assert told == f"[x]({base}/x.py#L3) [all]({base}/conformance)"


def test_a_link_to_no_file_is_refused_with_its_page():
    with pytest.raises(StrayLinkError, match=r"docs/a\.md: gone\.md is no file of the repository"):
        one("docs/a.md", "[gone](gone.md)")


def test_the_readme_is_no_page_of_the_site():
    assert staged({"README.md": "[a](docs/a.md)", "docs/a.md": "x"}, KNOWN, None) == {"a.md": "x"}


def test_every_rule_is_in_the_navigation_under_its_family():
    text = (ROOT / "zensical.toml").read_text(encoding="utf-8")

    settings = tomllib.loads(
        configured(text, INDEX, "https://o.example.com/r/", "https://git.example.com/o/r/blob/abc")
    )

    project = settings["project"]
    assert project["nav"][4] == {
        "Rules": ["rules/index.md", {"Validity": ["rules/bad-name.md"]}, {"Lint": ["rules/name-style.md"]}]
    }
    assert project["site_url"] == "https://o.example.com/r/"
    assert [link["link"] for link in project["extra"]["social"]] == ["https://git.example.com/o/r"]
    assert "repo_url" not in project  # with it, browsers would ask the forge for its stars


def test_every_page_is_in_the_navigation_and_every_entry_is_a_page():
    nav = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]["nav"]
    named: list[str] = []
    left = [*nav]
    while left:
        entry = left.pop()
        if isinstance(entry, str):
            named.append(entry)
        else:
            value = next(iter(entry.values()))
            left += value if isinstance(value, list) else [value]

    pages = {path.name for path in (ROOT / "docs").glob("*.md")} | {"changelog.md", "contributing.md", "security.md"}
    assert sorted(named) == sorted({*pages, "rules/index.md"})


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ('<script src="https://cdn.example.com/x.js">', True),
        ("<img alt=x src=//cdn.example.com/x.png>", True),
        ('<link rel="stylesheet" href="https://fonts.example.com/css">', True),
        ('<link href="https://fonts.example.com" rel=preconnect>', True),
        ("a { background: url(https://cdn.example.com/x.png) }", True),
        ("@import 'x.css'", True),
        ('<a href="https://example.com/">', False),
        ('<link rel="canonical" href="https://example.com/a.html">', False),
        ('<script src="assets/x.js">', False),
    ],
)
def test_what_a_browser_would_load_from_elsewhere_is_seen(text, asks):
    assert bool(website.LOADS.search(text)) is asks
