"""The report as GitLab's code quality artifact."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

from schemagate.finding import Finding, Json, Report, Severity
from schemagate.report import words
from schemagate.report.escape import clean
from schemagate.report.layout import clip
from schemagate.report.plain_json import text_of

DESCRIPTION_LIMIT: Final = 1_000
NOWHERE: Final = "."
"""The path of what has no place of its own: GitLab requires one."""

SEVERITIES: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "major",
    Severity.WARNING: "minor",
    Severity.NOTICE: "info",
    Severity.OFF: "info",
}


def render(report: Report) -> str:
    """One issue a finding, inherited ones left out, and a ``blocker`` for each question that could not be answered.

    The fingerprint is the finding's own, so that an issue stays the same when lines move; of several findings with one
    fingerprint each gets its own. Source: GitLab, "Code Quality report format".
    """
    index = words.Index.of(report)
    seen: dict[str, int] = {}
    issues = [_issue(finding, index, seen) for finding in words.ordered(report.counted)]
    return text_of([*issues, *(_question(question, seen) for question in report.undecided)])


def _question(question: str, seen: dict[str, int]) -> Json:
    return {
        "description": clean(clip(f"undecided: {question}", DESCRIPTION_LIMIT)),
        "check_name": "undecided",
        "fingerprint": _unique(hashlib.sha256(question.encode(errors="replace")).hexdigest()[:12], seen),
        "severity": "blocker",
        "location": {"path": NOWHERE, "lines": {"begin": 1}},
    }


def _issue(finding: Finding, index: words.Index, seen: dict[str, int]) -> Json:
    at = finding.location
    place = {"begin": at.line, "end": at.end_line} if at else {"begin": 1}
    subject = f" ({finding.subject})" if index.needs_subject(finding) else ""
    harms = "; ".join(index.hurt(finding))
    # GitLab shows the description alone: the rule's id and who is hurt must stand in it.
    told = f"{finding.rule}: {finding.message}{subject}" + (f". {harms}" if harms else "")
    return {
        "description": clean(clip(told, DESCRIPTION_LIMIT)),
        "check_name": finding.rule,
        "fingerprint": _unique(finding.fingerprint, seen),
        "severity": SEVERITIES[finding.severity],
        "location": {"path": at.path if at else NOWHERE, "lines": place},
    }


def _unique(fingerprint: str, seen: dict[str, int]) -> str:
    seen[fingerprint] = number = seen.get(fingerprint, 0) + 1
    return fingerprint if number == 1 else f"{fingerprint}-{number}"
