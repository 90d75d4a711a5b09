"""What the tests of the gate share: schemas in few words, one run of ``check``, and its findings a line each."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping

from tests.adapters.repos import Repo

from schemagate.app.check import check
from schemagate.app.request import CheckRequest
from schemagate.finding import Against, Finding, Report

TODAY = dt.date(2026, 12, 1)
OPTIONAL = {"type": ["null", "string"], "default": None}
"""A field that may always be added and removed."""
FIRST_FIELD = 6
"""The line of the first field in what ``record`` writes; each field has a line of its own."""


def record(name: str, /, **fields: object) -> str:
    """A record in ``com.example`` (or in the namespace of a full name); a field is a type, or a dict with ``type``."""
    space, _, short = name.rpartition(".")
    rows = [
        json.dumps({"name": key, **(value if isinstance(value, dict) and "default" in value else {"type": value})})
        for key, value in fields.items()
    ]
    body = ",\n".join(f"    {row}" for row in rows)
    head = f'  "type": "record",\n  "name": "{short}",\n  "namespace": "{space or "com.example"}",'
    return f'{{\n{head}\n  "fields": [\n{body}\n  ]\n}}\n'


def run(repo: Repo, env: Mapping[str, str] | None = None, /, **options: object) -> Report:
    """One run of the gate in the repository, at a terminal unless ``env`` says otherwise."""
    values = {"directory": str(repo.path), "today": TODAY, "env": env or {}, **options}
    return check(CheckRequest(**values))  # type: ignore[arg-type]


def told(report: Report) -> list[str]:
    """Every finding as ``error rule subject path file:line:column v1< v1>``; see ``line_of``."""
    return [line_of(finding) for finding in report.findings]


def line_of(finding: Finding) -> str:
    """``<`` says that the new schema cannot read that version, ``>`` that readers on it cannot read the new one."""
    place = finding.location
    words = [
        "inherited" if finding.inherited else finding.severity.label,
        finding.rule,
        finding.subject,
        finding.path,
        f"{place.path}:{place.line}:{place.column}" if place is not None else "",
        *map(_against, finding.against),
    ]
    return " ".join(word for word in words if word)


def _against(one: Against) -> str:
    return one.version.name + ("<" if one.direction.value == "backward" else ">")


def ledger(report: Report) -> list[str]:
    """What was compared, as ``subject file change: v1 v2``."""
    return [
        f"{c.subject} {c.path} {c.change}: {' '.join(v.name for v in c.versions)}".rstrip(" ") for c in report.compared
    ]


def wordy(report: Report) -> list[str]:
    """The messages alone."""
    return [finding.message for finding in report.findings]
