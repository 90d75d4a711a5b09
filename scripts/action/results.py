"""What one run of the tool comes to on GitHub: annotations, the log's text, the summary, the counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final, NamedTuple

from asked import Files

from schemagate.finding import Report, Severity
from schemagate.report import github, json_view
from schemagate.report.layout import clip
from schemagate.report.markup import fenced

TEXT: Final = 200_000
"""Characters of a text that a summary holds: GitHub refuses more than 1 MiB, and nobody reads a tenth of it."""


class Result(NamedTuple):
    code: int
    annotations: tuple[str, ...]
    log: str
    summary: str
    findings: str = ""
    errors: str = ""
    not_asked: str = ""
    """What was not looked at because no registry was asked."""
    telling: bool = True
    """Whether a pull request is worth a comment: something to act on, or no result."""


def of(command: str, code: int, out: str, err: str, files: Files) -> Result:
    """The result of ``command``. Where it wrote no report, what it said on standard error is the result."""
    if not files.report.exists():
        return _nothing(command, code, out, err, files)
    text = files.report.read_text(encoding="utf-8")
    if command == "check":
        return _checked(code, out, json_view.load(text), files)
    lines = tuple(_limited(_registered(json.loads(text)) if command == "register" else _drifted(json.loads(text))))
    findings = [*_findings(json.loads(text))]
    errors = sum(finding == "error" for finding in findings)
    mark = "✅" if code == 0 else "❌"
    summary = f"### {mark} schemagate {command}\n\n{fenced(clip(out.rstrip(), TEXT))}\n"
    return Result(code, lines, out.rstrip(), summary, str(len(findings)), str(errors))


def _checked(code: int, out: str, report: Report, files: Files) -> Result:
    counted = report.counted
    worst = [finding for finding in counted if finding.severity >= Severity.WARNING]
    errors = sum(finding.severity is Severity.ERROR for finding in counted)
    return Result(
        code,
        tuple(line for line in out.splitlines() if line.startswith("::")),
        files.text.read_text(encoding="utf-8").rstrip(),
        files.summary.read_text(encoding="utf-8"),
        str(len(counted)),
        str(errors),
        " ".join(note for note in report.notes if note.startswith("--offline")),
        telling=code != 0 or bool(worst),
    )


def _nothing(command: str, exit_code: int, out: str, err: str, files: Files) -> Result:
    """Exit codes 2, 3 and 70 come without a report. A comment must not go on telling of an earlier run."""
    said = err.strip() or f"schemagate {command} ended with exit code {exit_code} and said nothing"
    title = f"schemagate {command}: no result (exit {exit_code})"
    page = f"### ❌ {title}\n\n{fenced(clip(said, TEXT))}\n"
    comment = f"<!-- schemagate -->\n\n### ❌ {title}\n\n{fenced(clip(said, 20_000))}\n"
    files.comment.write_text(comment, encoding="utf-8")
    return Result(exit_code, (github.annotation("error", {"title": title}, said),), out.rstrip(), page)


def _registered(receipt: dict[str, Any]) -> Iterator[str]:
    """A receipt's annotations: what judging found, else what is blocked, or where the writing stopped."""
    report = receipt.get("report")
    if report:
        told = github.render(json_view.load(json.dumps(report)))
        yield from (line for line in told.splitlines() if line.startswith("::"))
    title = "schemagate register"
    for action in receipt["blocked"]:
        text = "\n".join([f"{action['subject']} is blocked: {action['why']}", action["help"]]).strip()
        yield github.annotation("error", {"file": action["path"], "line": "1", "title": f"{title}: blocked"}, text)
    stopped = receipt["stopped"]
    if stopped:
        text = "\n".join([f"{stopped['subject']}: {stopped['reason']}".removeprefix(": "), stopped["help"]])
        yield github.annotation("error", {"title": f"{title}: stopped"}, text)


def _drifted(drift: dict[str, Any]) -> Iterator[str]:
    for one in drift["strayed"]:
        said = [f"{found['kind']}: {found['message']}" for found in one["found"] if found["counts"]]
        if said:
            place = {"file": one["path"], "line": "1", "title": f"schemagate drift: {one['subject']}"}
            yield github.annotation("error", place, "\n".join(said))
    for one in drift["unmanaged"]:
        if one["counts"]:
            title = {"title": "schemagate drift: unmanaged"}
            yield github.annotation("error", title, f"{one['subject']} is in the registry, and no file here defines it")


def _limited(lines: Iterator[str]) -> Iterator[str]:
    """GitHub keeps ten annotations of a type and says nothing of the others."""
    for kind, group in groupby(lines, key=lambda line: line.partition(" ")[0]):
        rows = list(group)
        if not kind.startswith("::") or len(rows) <= github.PER_TYPE:
            yield from rows
            continue
        yield from rows[: github.PER_TYPE - 1]
        more = len(rows) - github.PER_TYPE + 1
        text = f"{more} more: see the summary or the log of this step"
        yield github.annotation("error", {"title": "schemagate"}, text)


def _findings(told: dict[str, Any]) -> Iterator[str]:
    """The severity of each finding of a receipt or a drift."""
    if "receipt" in told["schemagate"]:
        report = told.get("report")
        if report:
            yield from (finding.severity.label for finding in json_view.load(json.dumps(report)).counted)
        yield from ("error" for _ in told["blocked"])
        if told["stopped"]:
            yield "error"
        return
    yield from ("error" for one in told["strayed"] for found in one["found"] if found["counts"])
    yield from ("error" for one in told["unmanaged"] if one["counts"])
