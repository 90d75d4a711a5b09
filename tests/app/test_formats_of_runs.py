"""What real runs write is what the systems that read it accept."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import jsonschema
import pytest
import xmlschema
from tests.app.runs import RUNS

from schemagate.report import github, gitlab, junit
from schemagate.report.json_view import dump, json_schema

DATA = Path(__file__).resolve().parents[1] / "report" / "data"
COMMAND = re.compile(r"::(error|warning|notice) [A-Za-z]+=[^,:]+(,[A-Za-z]+=[^,:]*)*::[^\r\n]+")


@pytest.fixture(params=list(RUNS))
def report(request, tmp_path):
    make, code = RUNS[request.param]
    made = make(tmp_path)
    assert made.exit_code == code
    return made


def test_junit_is_what_jenkins_reads(report):
    xmlschema.XMLSchema(DATA / "junit-10.xsd").validate(io.StringIO(junit.render(report)))


def test_gitlab_gets_what_its_documentation_describes(report):
    schema = json.loads((DATA / "gitlab-code-quality.schema.json").read_text(encoding="utf-8"))

    jsonschema.validate(json.loads(gitlab.render(report)), schema)


def test_github_gets_commands(report):
    *commands, total = github.render(report).splitlines()

    assert [line for line in commands if not COMMAND.fullmatch(line)] == []
    assert total.startswith("schemagate: ")


def test_json_is_as_its_schema_says(report):
    jsonschema.validate(json.loads(dump(report)), json_schema())
