"""The published JSON Schema accepts and refuses what the tool does."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import jsonschema
import pytest
from tests.config.test_parse import DESIGN, SECRET, WRONG

from schemagate.config import config_json_schema, config_json_schema_text, parse_config

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "schemagate.schema.json"

ONLY_THE_TOOL = {
    "same match twice": "JSON Schema cannot compare elements",
    "topic missing": "it would need the template's text in a condition",
    "waiver dates": "JSON Schema cannot compare dates",
    "registry oauth": "a hint of the sign-in, not of the file's shape",
    "registry timeout": "JSON has no NaN",
    "date": "a validator checks the format only if asked",
}
"""What an editor does not see, and why."""


def as_json(value: object) -> object:
    """Dates as editors hand them over."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value


def accepts(text: str) -> bool:
    return jsonschema.Draft202012Validator(config_json_schema()).is_valid(as_json(tomllib.loads(text)))


def test_the_committed_file_is_fresh():
    assert COMMITTED.read_text(encoding="utf-8") == config_json_schema_text(), "run `make docs`"


def test_it_is_a_valid_schema():
    jsonschema.Draft202012Validator.check_schema(config_json_schema())


GOOD = {
    "empty": "",
    "design": DESIGN,
    "one or many": '[[subjects]]\nmatch = ["a", "b/**/*.avsc"]\nname = "{topic}-{fullname}"\ntopic = "t"\n',
    "shared": '[[subjects]]\nmatch = "a"\nshared = true\n',
    "rules of a subject": '[[subjects]]\nmatch = "a"\nrules = {missing-doc = "off"}\n',
    "waiver by place": '[[waivers]]\nrule = "a"\nsubject = "b"\npath = "$.c"\nreason = "d"\nversions = ["a@4f2c1aa"]\n',
    "registry": '[registry.a-1]\nurl = ["http://[::1]:8081/x/", "https://y:1"]\nauth = "oauth"\n'
    'token-url = "https://t"\nclient-id = "c"\nscope = "s"\ntimeout = 0.5\nnormalize = true\n',
    "places": 'paths = [".", "./a", "/b/", "**/x?.avsc"]\nexclude = []\nrelease-tags = ["v*"]\nbaseline = "a/b"\n',
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_both_accept(text):
    parse_config(text, "schemagate.toml")

    assert accepts(text)


@pytest.mark.parametrize("name", [name for name in WRONG if name not in ONLY_THE_TOOL])
def test_both_refuse(name):
    assert not accepts(WRONG[name][0])


@pytest.mark.parametrize("name", ONLY_THE_TOOL)
def test_only_the_tool_refuses(name):
    assert accepts(WRONG[name][0])


@pytest.mark.parametrize("body", SECRET.values(), ids=SECRET)
def test_both_refuse_secrets(body):
    assert not accepts(f"[registry.prod]\n{body}\n")
