"""What the pages about configuring and adopting show can be used as it stands, and their links lead to headings."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import jsonschema
import pytest

from schemagate.config import PYPROJECT_TABLE, check_rules, parse_config
from schemagate.config.keys import CONFIG, Key, Named, Table, Tables
from schemagate.rules.catalog import BY_ID
from schemagate.rules.presets import PRESETS

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
EXAMPLES = tuple(
    ROOT / "docs" / name
    for name in (
        "configuration.md",
        "adopt.md",
        "breaking-change.md",
        "quickstart.md",
        "registry.md",
        "register.md",
        "shards.md",
    )
)

_FENCE = re.compile(r"^(`{3,}|~{3,})(.*)\n((?:.*\n)*?)\1[ \t]*$", re.MULTILINE)
_LINK = re.compile(r"\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]+))?\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


def blocks(language: str) -> list[object]:
    """Each fenced block of a language as a case that is called after its page and line."""
    cases = []
    for page in EXAMPLES:
        text = page.read_text(encoding="utf-8")
        for fence in _FENCE.finditer(text):
            if fence[2].strip() == language:
                line = text.count("\n", 0, fence.start()) + 1
                cases.append(pytest.param(fence[3], id=f"{page.name}:{line}"))
    return cases


def table_of(text: str) -> str | None:
    return PYPROJECT_TABLE if f"[{PYPROJECT_TABLE}" in text else None


def anchors(page: Path) -> set[str]:
    """The headings of a page as GitHub makes anchors of them."""
    words = (heading[1].replace("`", "") for heading in _HEADING.finditer(prose(page)))
    return {re.sub(r"[^\w\- ]", "", word.lower()).replace(" ", "-") for word in words}


def prose(page: Path) -> str:
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def keys(kind: Key) -> set[str]:
    """Every key that a table of the configuration knows, and those of the tables in it."""
    match kind:
        case Table():
            return set(kind.keys).union(*map(keys, kind.keys.values()))
        case Tables():
            return keys(kind.table)
        case Named():
            return keys(kind.value)
    return set()


@pytest.mark.parametrize("text", blocks("toml"))
def test_a_configuration_that_is_shown_is_accepted(text):
    settings = parse_config(text, "schemagate.toml", table=table_of(text))

    assert settings.path == "schemagate.toml"
    assert check_rules(settings, BY_ID, PRESETS) == []


@pytest.mark.parametrize("text", blocks("toml"))
def test_a_configuration_that_is_shown_has_no_squiggles_in_an_editor(text):
    schema = json.loads((ROOT / "docs" / "schemagate.schema.json").read_text(encoding="utf-8"))
    document = tomllib.loads(text)
    if table_of(text):
        document = document["tool"]["schemagate"]

    jsonschema.validate(json.loads(json.dumps(document, default=str)), schema)


@pytest.mark.parametrize("text", blocks("yaml"))
def test_a_pipeline_that_is_shown_is_yaml(text):
    yaml = pytest.importorskip("yaml")

    assert isinstance(yaml.safe_load(text), dict)


def test_the_page_about_the_configuration_names_every_key():
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    named = {key for code in re.findall(r"`([^`\n]+)`", text) for key in re.findall(r"[a-z][a-z-]*", code)}

    assert keys(CONFIG) - named == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_and_headings_that_exist(page):
    broken = []
    for target, fragment in _LINK.findall(prose(page)):
        place = page.parent / target if target else page
        if not place.exists() or (fragment and fragment not in anchors(place)):
            broken.append(f"{target}#{fragment}" if fragment else target)

    assert broken == []
