"""The report as SARIF 2.1.0, as GitHub code scanning, Azure, Jenkins and reviewdog read it."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Final

from schemagate.finding import Finding, Json, Provenance, Region, Report, RuleInfo, Severity, Suppressed
from schemagate.report import words
from schemagate.report.escape import clean
from schemagate.report.layout import clip
from schemagate.report.plain_json import text_of

UNRESERVED: Final = frozenset(string.ascii_letters + string.digits + "-._~/")

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT: Final = "%SRCROOT%"
ABOUT: Final = "The gate between a change to an Avro schema and everyone who reads the data."

MOST_RESULTS: Final = 25_000
"""GitHub refuses a run with more."""
MOST_RELATED: Final = 20
FULL_LIMIT: Final = 1_024
MESSAGE_LIMIT: Final = 4_000
SNIPPET_LIMIT: Final = 500

LEVELS: Final[Mapping[Severity, str]] = {
    Severity.OFF: "none",
    Severity.NOTICE: "note",
    Severity.WARNING: "warning",
    Severity.ERROR: "error",
}
PROBLEMS: Final[Mapping[Severity, str]] = {
    Severity.OFF: "recommendation",
    Severity.NOTICE: "recommendation",
    Severity.WARNING: "warning",
    Severity.ERROR: "error",
}
PLACELESS: Final = "schemagate.toml"
"""Where a result stands that belongs to no file: code scanning refuses one without a place."""


def render(report: Report) -> str:
    """One run with one result a finding; accepted findings are suppressed results, inherited ones ``unchanged``.

    Regions are one line each, for code scanning shows an alert in a pull request only if all its lines were changed.
    What could not be decided makes the invocation unsuccessful. Source: OASIS SARIF 2.1.0; GitHub, "SARIF support for
    code scanning".
    """
    index = words.Index.of(report)
    numbers = {rule.id: number for number, rule in enumerate(report.rules)}
    results = [_result(finding, report, index, numbers) for finding in words.ordered(report.findings)]
    results += [_suppressed(one, report, index, numbers) for one in report.suppressed]
    run = {
        "tool": {"driver": _driver(report)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        "automationDetails": {"id": f"schemagate/{report.command}/"},
        "invocations": [_invocation(report, len(results))],
        "results": results[:MOST_RESULTS],
    }
    return text_of({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _driver(report: Report) -> Json:
    version = {"semanticVersion": report.version, "version": report.version} if report.version else {}
    return {
        "name": "schemagate",
        "fullName": "schemagate",
        "shortDescription": {"text": ABOUT},
        "rules": [_rule(rule) for rule in report.rules],
        **version,
    }


def _rule(rule: RuleInfo) -> Json:
    summary = clean(rule.summary)
    name = "".join(word.capitalize() for word in rule.id.split("-"))
    return {
        "id": rule.id,
        # SARIF wants no name that is the id in other letters.
        **({"name": name} if name.lower() != rule.id.lower() else {}),
        "shortDescription": {"text": summary},
        "fullDescription": {"text": clip(_first_paragraph(rule.help) or summary, FULL_LIMIT - 40)},
        "help": {"text": rule.help or summary, "markdown": rule.help or summary},
        "defaultConfiguration": {"enabled": rule.severity is not Severity.OFF, "level": LEVELS[rule.severity]},
        "properties": {
            "tags": ["avro", *([rule.kind] if rule.kind else [])],
            "precision": "very-high" if rule.kind in ("validity", "breaking") else "high",
            "problem.severity": PROBLEMS[rule.severity],
        },
    }


def _first_paragraph(page: str) -> str:
    """The first paragraph of a rule's page that is no heading."""
    paragraphs = (" ".join(part.split()) for part in page.split("\n\n"))
    return next((clean(part) for part in paragraphs if part and not part.startswith(("#", "```", "|"))), "")


def _result(finding: Finding, report: Report, index: words.Index, numbers: Mapping[str, int]) -> Json:
    rows = [finding.message, *index.evidence(finding), *finding.help.splitlines()]
    text = "\n".join(clean(row) for row in clip("\n".join(rows), MESSAGE_LIMIT).split("\n"))
    rule = {"ruleIndex": numbers[finding.rule]} if finding.rule in numbers else {}
    result: dict[str, Json] = {
        "ruleId": finding.rule,
        **rule,
        "level": LEVELS[finding.severity],
        "message": {"text": text},
        "locations": [_location(finding, report, index)],
        "partialFingerprints": _fingerprints(finding, report),
        "properties": {"subject": finding.subject, "path": finding.path},
    }
    if finding.inherited:
        result["baselineState"] = "unchanged"
    related = _related(finding)
    fixes = _fixes(finding)
    return result | ({"relatedLocations": related} if related else {}) | ({"fixes": fixes} if fixes else {})


def _suppressed(one: Suppressed, report: Report, index: words.Index, numbers: Mapping[str, int]) -> Json:
    terms = [f"owner {one.owner}"] * bool(one.owner) + [f"until {one.expires}"] * bool(one.expires)
    why = clean(one.reason + (f" ({', '.join(terms)})" if terms else ""))
    kind = "inSource" if one.by == "inline" else "external"
    suppression = {"kind": kind, "status": "accepted", "justification": why}
    return _result(one.finding, report, index, numbers) | {"suppressions": [suppression]}


def _location(finding: Finding, report: Report, index: words.Index) -> Json:
    """The place in the repository, and the place in the schema; for what has no place, the subject's file."""
    region = finding.location
    homes = sorted(one.path for one in index.entries.get(finding.subject, ()) if one.path)
    path = region.path if region else next(iter(homes), PLACELESS)
    name = f"{finding.subject}:{finding.path}" if finding.subject else finding.path
    logical = {"logicalLocations": [{"fullyQualifiedName": clean(name), "kind": "member"}]} if name else {}
    place = _physical(path, region)
    line = report.excerpts.get(path, {}).get(region.line) if region else None
    if line is not None:
        place["region"]["snippet"] = {"text": clip(clean(line), SNIPPET_LIMIT)}
    return {"physicalLocation": place, **logical}


def _physical(path: str, region: Region | None) -> dict[str, Json]:
    whole = region or Region(path, 1, 1, 1, 1)
    place = {"startLine": whole.line, "startColumn": whole.column, "endLine": whole.line}
    place["endColumn"] = max(whole.end_column, whole.column + 1) if whole.end_line == whole.line else whole.column + 1
    return {"artifactLocation": {"uri": _uri(path), "uriBaseId": ROOT}, "region": place}


def _related(finding: Finding) -> list[Json]:
    """What helps to understand it: other places in this tree, and the old side's files as they were published."""
    found = [
        {"message": {"text": clean(one.message)}, "physicalLocation": _physical(one.region.path, one.region)}
        for one in finding.related
        if one.region
    ]
    old: dict[str, Provenance] = {}
    for one in finding.against:
        for place in one.version.published[:1]:
            if place.path:
                old.setdefault(str(one.version), place)
    for version, place in old.items():
        artifact = {"uri": _uri(place.path), "uriBaseId": ROOT}
        found.append(
            {"message": {"text": clean(f"{version}")}, "physicalLocation": {"artifactLocation": artifact}},
        )
    return [{"id": number, **one} for number, one in enumerate(found[:MOST_RELATED], 1)]


def _fixes(finding: Finding) -> list[Json]:
    """The change that was tried and judged clean, as replacements in its file."""
    if finding.fix is None or not finding.fix.replacements:
        return []
    replacements = [
        {
            "deletedRegion": {
                "startLine": one.region.line,
                "startColumn": one.region.column,
                "endLine": one.region.end_line,
                "endColumn": one.region.end_column,
            },
            "insertedContent": {"text": one.text},
        }
        for one in finding.fix.replacements
    ]
    artifact = {"uri": _uri(finding.fix.path), "uriBaseId": ROOT}
    change = {"artifactLocation": artifact, "replacements": replacements}
    return [{"description": {"text": clean(finding.fix.title)}, "artifactChanges": [change]}]


def _fingerprints(finding: Finding, report: Report) -> Json:
    own = {"schemagate/v1": finding.fingerprint} if finding.fingerprint else {}
    at = finding.location
    line = report.line_hashes.get(at.path, {}).get(at.line) if at else None
    return own | ({"primaryLocationLineHash": line} if line else {})


def _invocation(report: Report, results: int) -> Json:
    """How the run went. ``exitCode`` is what the report's own findings make of it."""
    told = [("error", "undecided", question) for question in report.undecided]
    if results > MOST_RESULTS:
        left = results - MOST_RESULTS
        told.append(("warning", "too-many-results", f"{left:,} more findings are not in this file"))
    told += [("note", "note", note) for note in report.notes]
    return {
        "executionSuccessful": not report.undecided,
        "exitCode": report.exit_code,
        "exitCodeDescription": f"{words.verdict(report)}: {words.summary(report)}",
        "toolExecutionNotifications": [
            {"level": level, "descriptor": {"id": name}, "message": {"text": _lines(text)}}
            for level, name, text in told
        ],
    }


def _lines(text: str) -> str:
    return "\n".join(clean(line) for line in text.splitlines())


def _uri(path: str) -> str:
    """A repository's path as a relative reference (RFC 3986)."""
    data = path.encode("utf-8", "surrogatepass")
    return "".join(chr(byte) if chr(byte) in UNRESERVED else f"%{byte:02X}" for byte in data)
