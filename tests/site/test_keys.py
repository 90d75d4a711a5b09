"""The reference of the configuration names every key, under its own table."""

from __future__ import annotations

import re

import keys_page
from schemagate.config import config_json_schema

PAGE = keys_page.page()


def keys(title: str) -> set[str]:
    section = PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    return {found.strip("[]").partition(".")[0] for found in re.findall(r"^\| `([^`]+)`", section, re.MULTILINE)}


def test_the_top_level_is_that_of_the_published_schema():
    assert keys("Top level") == set(config_json_schema()["properties"])


def test_tables_have_their_own_keys():
    published = config_json_schema()["properties"]

    assert keys("`[[subjects]]`") == set(published["subjects"]["items"]["properties"])
    assert keys("`[[waivers]]`") == set(published["waivers"]["items"]["properties"])
    assert keys("`[registry.NAME]`") > {"url", "auth", "timeout"}


def test_a_subject_s_mode_is_the_top_level_s_unless_it_says_otherwise():
    section = PAGE.partition("## `[[subjects]]`\n")[2]
    row = next(line for line in section.splitlines() if line.startswith("| `mode` |"))

    assert row.split(" | ")[2] == "as at the top level"
