"""The report as GitHub Actions' workflow commands: annotations on the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from schemagate.finding import Finding, Region, Report, Severity
from schemagate.report import words
from schemagate.report.escape import clean, guard
from schemagate.report.layout import clip

PER_TYPE: Final = 10
"""Annotations of one type that GitHub keeps of one step; it drops the others without a word."""
MESSAGE_LIMIT: Final = 4_000
"""Characters of one annotation: more is not read, and GitHub cuts at 64 KiB."""

COMMANDS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTICE: "notice",
}


def render(report: Report) -> str:
    """One command a finding, errors first, at most ten of a type; then one plain line with the sum.

    Of more than ten of a type, the tenth says how many are not shown. Inherited findings are not annotated: nobody who
    reads this change can act on them. Source: GitHub, "Workflow commands for GitHub Actions".
    """
    index = words.Index.of(report)
    ordered = words.ordered(report.counted)
    lines: list[str] = []
    for severity, command in COMMANDS.items():
        shown = [_finding(command, finding, index) for finding in ordered if finding.severity is severity]
        if severity is Severity.ERROR:
            shown = [annotation("error", {"title": "schemagate: undecided"}, text) for text in report.undecided] + shown
        lines += _within(shown, command)
    total = f"schemagate: {words.verdict(report)}: {words.summary(report)}"
    return "".join(f"{line}\n" for line in (*lines, guard(clean(total))))


def _within(commands: list[str], command: str) -> Iterator[str]:
    if len(commands) <= PER_TYPE:
        yield from commands
        return
    yield from commands[: PER_TYPE - 1]
    more = words.count(len(commands) - PER_TYPE + 1, f"more {command}")
    yield annotation(command, {"title": f"schemagate: {more}"}, f"{more}: see the summary or the log of this step")


def _finding(command: str, finding: Finding, index: words.Index) -> str:
    rows = [finding.message]
    if index.needs_subject(finding):
        rows.append(f"subject: {index.home(finding.subject)}")
    rows += (*index.evidence(finding), *finding.help.splitlines())
    return annotation(command, _place(finding.location) | {"title": f"schemagate: {finding.rule}"}, "\n".join(rows))


def _place(region: Region | None) -> dict[str, str]:
    """Where the annotation stands. Columns belong only to a region within one line: GitHub drops others whole."""
    if region is None:
        return {}
    place = {"file": region.path, "line": str(region.line)}
    if region.end_line == region.line:
        return place | {"col": str(region.column), "endColumn": str(max(region.end_column - 1, region.column))}
    return place | {"endLine": str(region.end_line)}


def annotation(name: str, properties: Mapping[str, str], message: str) -> str:
    """One workflow command, ``error``, ``warning`` or ``notice``, escaped; ``properties`` are of GitHub's own names."""
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    body = "\n".join(clean(line) for line in clip(message, MESSAGE_LIMIT).split("\n"))
    return f"::{name} {told}::{_data(body)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(clean(text)).replace(":", "%3A").replace(",", "%2C")
