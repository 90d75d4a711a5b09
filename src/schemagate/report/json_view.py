"""The report for programs: a versioned JSON view that loses nothing and that :func:`load` reads back."""

from __future__ import annotations

import json

import msgspec
from msgspec.structs import astuple

from schemagate.errors import UsageError
from schemagate.finding import (
    Against,
    Compared,
    Direction,
    Finding,
    Fix,
    Json,
    Provenance,
    Reading,
    Region,
    Related,
    Replacement,
    Report,
    RuleInfo,
    Severity,
    Suppressed,
    VersionId,
    Witness,
)
from schemagate.report.plain_json import bounded, text_of
from schemagate.report.published import schema_of
from schemagate.report.view import (
    FORMAT,
    AgainstView,
    AskedView,
    ComparedView,
    FindingView,
    FixView,
    HeaderView,
    PendingView,
    ProvenanceView,
    ReadingView,
    RegionView,
    RelatedView,
    ReplacementView,
    ReportView,
    RuleView,
    SeverityName,
    ShardView,
    SummaryView,
    SuppressedView,
    TriedView,
    VersionView,
    WitnessView,
)
from schemagate.shard import Asked, Shard, Tried


def dump(report: Report) -> str:
    """The report as ASCII JSON with sorted keys and a final newline: equal reports give equal texts.

    Only two things change, in a finding's arguments and its witness: a number that JSON cannot hold (infinite) becomes
    a string, and what nests deeper than 32 levels becomes ``"..."``.
    """
    return text_of(msgspec.to_builtins(_report(report), str_keys=True))


def load(text: str) -> Report:
    """The report that :func:`dump` wrote; UsageError for any other text and for a format newer than this one."""
    try:
        found = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"not a schemagate report: not JSON ({error})") from error
    header = found.get("schemagate") if isinstance(found, dict) else None
    number = header.get("report") if isinstance(header, dict) else None
    if type(number) is not int or number < 1:
        raise UsageError(
            "not a schemagate report: expected a JSON object with schemagate.report, the format's version",
            hint="reports are written by: schemagate check --output json=FILE",
        )
    if number > FORMAT:
        raise UsageError(
            f"the report has format {number}, this schemagate reads formats up to {FORMAT}",
            hint=f"read it with schemagate {header.get('version', '')!s} or newer" if header else "",
        )
    try:
        return _loaded(msgspec.convert(found, ReportView, str_keys=True))
    except (msgspec.ValidationError, json.JSONDecodeError, RecursionError) as error:
        raise UsageError(f"not a schemagate report of format {FORMAT}: {error}") from error


def json_schema() -> dict[str, Json]:
    """The published JSON Schema of what :func:`dump` writes."""
    return schema_of(ReportView, "report", FORMAT)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _report(report: Report) -> ReportView:
    severities = [finding.severity for finding in report.counted]
    return ReportView(
        schemagate=HeaderView(report=FORMAT, version=report.version),
        command=report.command,
        exit_code=report.exit_code,  # type: ignore[arg-type]
        fail_on=_name(report.fail_on),
        summary=SummaryView(
            errors=severities.count(Severity.ERROR),
            warnings=severities.count(Severity.WARNING),
            notices=severities.count(Severity.NOTICE),
            inherited=len(report.findings) - len(severities),
            suppressed=len(report.suppressed),
        ),
        findings=tuple(map(_finding, report.findings)),
        suppressed=tuple(
            SuppressedView(_finding(one.finding), one.by, one.reason, one.owner, one.expires)
            for one in report.suppressed
        ),
        rules=tuple(RuleView(r.id, r.kind, r.summary, _name(r.severity), r.help) for r in report.rules),
        compared=tuple(
            ComparedView(one.subject, one.path, one.mode, one.change, tuple(map(_version, one.versions)))
            for one in report.compared
        ),
        undecided=report.undecided,
        notes=report.notes,
        excerpts={path: dict(lines) for path, lines in report.excerpts.items()},
        line_hashes={path: dict(lines) for path, lines in report.line_hashes.items()},
        shard=_shard(report),
    )


def _shard(report: Report) -> ShardView | None:
    one = report.shard
    if one is None:
        return None
    return ShardView(
        one.index,
        one.count,
        dict(one.run),
        tuple(PendingView(key, _finding(f)) for key, f in zip(one.pending, report.pending, strict=True)),
        one.met,
        tuple(TriedView(*astuple(tried)) for tried in one.tried),
        AskedView(*astuple(one.asked)) if one.asked is not None else None,
    )


def _finding(one: Finding) -> FindingView:
    return FindingView(
        rule=one.rule,
        severity=_name(one.severity),
        message=one.message,
        subject=one.subject,
        path=one.path,
        args={name: bounded(value) for name, value in one.args.items()},
        location=_region(one.location),
        related=tuple(RelatedView(related.message, _region(related.region)) for related in one.related),
        against=tuple(AgainstView(_version(a.version), a.direction.value, a.reason) for a in one.against),
        help=one.help,
        fingerprint=one.fingerprint,
        inherited=one.inherited,
        witness=_witness(one.witness),
        fix=_fix(one.fix),
    )


def _fix(one: Fix | None) -> FixView | None:
    if one is None:
        return None
    replacements = tuple(ReplacementView(_placed(r.region), r.text) for r in one.replacements)
    return FixView(one.title, one.safe, one.path, replacements)


def _witness(one: Witness | None) -> WitnessView | None:
    if one is None:
        return None
    return WitnessView(
        bounded(one.datum),
        json.dumps(bounded(one.datum)),
        one.writer,
        tuple(ReadingView(r.reader, r.library, r.ran, bounded(r.value), r.error, r.how) for r in one.readings),
        one.path,
        bounded(one.before),
        one.direction.value if one.direction is not None else None,
    )


def _version(one: VersionId) -> VersionView:
    return VersionView(
        one.name, tuple(ProvenanceView(p.source, p.label, p.path, p.commit, p.date) for p in one.published)
    )


def _region(one: Region | None) -> RegionView | None:
    return _placed(one) if one else None


def _placed(one: Region) -> RegionView:
    return RegionView(one.path, one.line, one.column, one.end_line, one.end_column)


def _name(severity: Severity) -> SeverityName:
    return severity.label  # type: ignore[return-value]


def _loaded(view: ReportView) -> Report:
    return Report(
        findings=tuple(map(_loaded_finding, view.findings)),
        suppressed=tuple(
            Suppressed(_loaded_finding(one.finding), one.by, one.reason, one.owner, one.expires)
            for one in view.suppressed
        ),
        rules=tuple(RuleInfo(r.id, r.summary, _severity(r.severity), r.help, r.kind) for r in view.rules),
        compared=tuple(
            Compared(one.subject, one.path, one.mode, one.change, tuple(map(_loaded_version, one.versions)))
            for one in view.compared
        ),
        undecided=view.undecided,
        notes=view.notes,
        excerpts=view.excerpts,
        line_hashes=view.line_hashes,
        fail_on=_severity(view.fail_on),
        command=view.command,
        version=view.schemagate.version,
        shard=_loaded_shard(view.shard),
        pending=tuple(_loaded_finding(one.finding) for one in view.shard.pending) if view.shard is not None else (),
    )


def _loaded_shard(one: ShardView | None) -> Shard | None:
    if one is None:
        return None
    return Shard(
        one.index,
        one.count,
        one.run,
        tuple(pending.key for pending in one.pending),
        one.met,
        tuple(Tried(*astuple(tried)) for tried in one.tried),
        Asked(*astuple(one.asked)) if one.asked is not None else None,
    )


def _loaded_finding(one: FindingView) -> Finding:
    return Finding(
        rule=one.rule,
        severity=_severity(one.severity),
        message=one.message,
        subject=one.subject,
        path=one.path,
        args=one.args,
        location=_loaded_region(one.location),
        related=tuple(Related(related.message, _loaded_region(related.location)) for related in one.related),
        against=tuple(Against(_loaded_version(a.version), Direction(a.direction), a.reason) for a in one.against),
        help=one.help,
        fingerprint=one.fingerprint,
        inherited=one.inherited,
        witness=_loaded_witness(one.witness),
        fix=_loaded_fix(one.fix),
    )


def _loaded_fix(one: FixView | None) -> Fix | None:
    if one is None:
        return None
    replacements = tuple(Replacement(_placed_again(r.location), r.text) for r in one.replacements)
    return Fix(one.title, one.safe, one.path, replacements)


def _loaded_witness(one: WitnessView | None) -> Witness | None:
    if one is None:
        return None
    readings = tuple(Reading(r.reader, r.library, r.ran, r.value, r.error, r.how) for r in one.readings)
    direction = Direction(one.direction) if one.direction is not None else None
    return Witness(json.loads(one.text), one.writer, readings, one.path, one.before, direction)


def _loaded_version(one: VersionView) -> VersionId:
    return VersionId(one.name, tuple(Provenance(p.source, p.label, p.path, p.commit, p.date) for p in one.published))


def _loaded_region(one: RegionView | None) -> Region | None:
    return _placed_again(one) if one else None


def _placed_again(one: RegionView) -> Region:
    return Region(one.path, one.line, one.column, one.end_line, one.end_column)


def _severity(name: str) -> Severity:
    return Severity[name.upper()]
