"""The Markdown as a page: a CommonMark library makes it one, and no text of a report becomes more than text."""

from __future__ import annotations

import html
import re
from collections import Counter

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec.structs import replace
from tests.report.samples import CLEAN, RENAMED, RICH
from tests.report.strategies import reports

from schemagate.report import markdown

PAGE = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OURS = {
    "blockquote",
    "bullet_list",
    "fence",
    "heading",
    "html_block",
    "html_inline",
    "inline",
    "list_item",
    "paragraph",
}
OURS |= {"softbreak", "strong", "table", "tbody", "td", "text", "th", "thead", "tr"}
TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
HOSTILE = (
    "**bold** _it_ ~~gone~~",
    "a [link](https://evil.example) ![image](https://evil.example/x.png)",
    "<https://evil.example> <img src=x onerror=alert(1)> <!-- hidden",
    "</summary></details><script>alert(1)</script>",
    "# heading",
    "- item",
    "1. first",
    "> quote",
    "| cell | another |",
    "=====",
    "---",
    "a\\*b &amp; &#42; `code`",
)


def tokens(text: str) -> list[Token]:
    found: list[Token] = []
    pending = PAGE.parse(text)
    while pending:
        token = pending.pop(0)
        found.append(token)
        pending = [*(token.children or ()), *pending]
    return found


def kinds(text: str) -> Counter[str]:
    return Counter(re.sub(r"_(open|close)$", "", token.type) for token in tokens(text))


def seen(text: str) -> str:
    """What a reader sees, in one line."""
    return " ".join(html.unescape(TAG.sub("", PAGE.render(text))).split())


@given(reports)
def test_no_text_becomes_a_link_an_image_or_a_list_of_its_own(report):
    assert kinds(markdown.render(report)).keys() - OURS == set()


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("where", ["message", "subject", "help", "path"])
def test_hostile_text_is_seen_as_it_is_written(hostile, where):
    above = "do it\n" if where == "help" else ""
    changed = (replace(RENAMED, **{where: above + text}) for text in ("plain", hostile))
    plain, told = (markdown.render(replace(CLEAN, findings=(finding,))) for finding in changed)

    assert kinds(told) - kinds(plain) <= Counter({"html_inline": 9, "text": 99})
    shown = hostile.replace("`code`", "code") if where in ("message", "help") else hostile
    assert " ".join(shown.split()).replace("\\", "") in seen(told).replace("\\", "")


def test_the_page_has_a_heading_and_tables_and_folds_the_findings():
    found = kinds(markdown.render(RICH))

    assert (found["table"], found["fence"] > 0) == (4, True)
    assert markdown.render(RICH).count("<details") == markdown.render(RICH).count("</details>")


def test_an_address_calls_nobody():
    told = markdown.render(replace(CLEAN, notes=("ask @octocat or a@b.example", "main@4f2c1aa")))

    assert "@<!-- -->octocat or a@<!-- -->b.example" in told
    assert "main@4f2c1aa" in told
