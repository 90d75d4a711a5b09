"""One report from the reports of all shards of a run: what each tells, and what only the whole can tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from schemagate.engine.assemble import accepted_order, hashed_lines, order, shown_lines
from schemagate.errors import UsageError
from schemagate.finding import Finding, Related, Report
from schemagate.report.asked import lost_words, registry_notes, shard_note, shortened, sum_of
from schemagate.report.escape import clean
from schemagate.shard import MOST_FILES_READ, MOST_TRIED, Asked, Shard

MOST_SHARDS = 10_000
"""More than any run has; which of more are missing is not spelt out."""

Part = tuple[str, Report, Shard]
"""The name of a report's file, for messages; the report; which part of the run it is."""


def merge(reports: Sequence[tuple[str, Report]]) -> Report:
    """What one run over everything would have told. Each report comes with the name of its file.

    The report of a whole run stays as it is. Raises UsageError where a shard is missing or there twice, and where the
    reports are not of one run.
    """
    if len(reports) == 1 and reports[0][1].shard is None:
        return reports[0][1]
    parts = _checked(reports)
    first = parts[0][1]
    suppressed = [one for _, report, _ in parts for one in report.suppressed]
    told = [*_repaired(parts), *_settled(parts)]
    asked = [shard.asked for _, _, shard in parts if shard.asked is not None]
    if asked:
        lost = _lost(parts)
        told = [found for found in (_whole(one, lost, asked) for one in told) if found is not None]
        kept = ((one, _whole(one.finding, lost, asked)) for one in suppressed)
        suppressed = [replace(one, finding=finding) for one, finding in kept if finding is not None]
    findings = tuple(sorted(told, key=order))
    suppressed.sort(key=accepted_order)
    every = [*findings, *(one.finding for one in suppressed)]
    named = {finding.rule for finding in every}
    rules = {rule.id: rule for _, report, _ in parts for rule in report.rules if rule.id in named}
    return Report(
        findings=findings,
        suppressed=tuple(suppressed),
        rules=tuple(rules[name] for name in sorted(rules)),
        compared=tuple(sorted((c for _, r, _ in parts for c in r.compared), key=lambda c: (c.path, c.subject))),
        undecided=tuple(sorted({question for _, report, _ in parts for question in report.undecided})),
        notes=tuple(_notes(parts, asked)),
        excerpts=_lines([report.excerpts for _, report, _ in parts], shown_lines(every)),
        line_hashes=_lines([report.line_hashes for _, report, _ in parts], hashed_lines(every)),
        fail_on=first.fail_on,
        command=first.command,
        version=first.version,
    )


def _checked(reports: Sequence[tuple[str, Report]]) -> list[Part]:
    """The shards in order; UsageError where they do not make one whole."""
    found: dict[int, Part] = {}
    for name, report in reports:
        shard = report.shard
        if shard is None:
            hint = "shards are made by: schemagate check --shard 1/4 --output json=FILE"
            raise UsageError(f"{name} is the report of a whole run, not of a shard", hint=hint)
        first = next(iter(found.values()), (name, report, shard))
        if shard.count != first[2].count:
            raise UsageError(
                f"{first[0]} is one of {first[2].count} shards, {name} one of {shard.count}",
                hint="merge the reports of one run",
            )
        _same_run(first, (name, report, shard))
        if shard.index in found:
            hint = "give the report of each shard once"
            raise UsageError(
                f"shard {shard.index} of {shard.count} is there twice: {found[shard.index][0]} and {name}", hint=hint
            )
        found[shard.index] = (name, report, shard)
    if not found:
        raise UsageError("there is nothing to merge", hint="name the JSON reports of all shards")
    total = min(next(iter(found.values()))[2].count, MOST_SHARDS)
    missing = [str(index) for index in range(1, total + 1) if index not in found]
    if missing:
        many = "shards" if len(missing) > 1 else "shard"
        verb, they = ("are", "they") if len(missing) > 1 else ("is", "it")
        raise UsageError(
            f"{many} {shortened(missing)} of {total} {verb} missing: what {they} would tell is not known",
            hint="a shard without a report did not finish: look at its job, run it again, then merge all",
        )
    return [found[index] for index in sorted(found)]


def _same_run(first: Part, other: Part) -> None:
    """UsageError where two shards judged something else, or otherwise."""
    for what in sorted(first[2].run.keys() | other[2].run.keys()):
        ours, theirs = first[2].run.get(what, "none"), other[2].run.get(what, "none")
        if ours != theirs:
            raise UsageError(
                clean(
                    f"{first[0]} and {other[0]} are not of one run: the {what} of one is {ours}, of the other {theirs}"
                ),
                hint="run all shards on one commit, with one version and the same options",
            )


def _settled(parts: Sequence[Part]) -> Iterator[Finding]:
    """What holds of waivers and allows that no shard met, each told once."""
    met = {key for _, _, shard in parts for key in shard.met}
    seen: set[tuple[str, str, str]] = set()
    for _, report, shard in parts:
        for key, finding in zip(shard.pending, report.pending, strict=True):
            mark = (key, finding.rule, finding.fingerprint)
            if key not in met and mark not in seen:
                seen.add(mark)
                yield finding


def _repaired(parts: Sequence[Part]) -> Iterator[Finding]:
    """The findings, with the changes that a whole run would have got to: it tries a limited number."""
    tries = {(part, one.finding): one for part, (_, _, shard) in enumerate(parts) for one in shard.tried}
    findings = {(part, n): f for part, (_, report, _) in enumerate(parts) for n, f in enumerate(report.findings)}
    in_order = sorted(tries.keys() & findings.keys(), key=lambda at: order(findings[at]))
    in_order.sort(key=lambda at: -findings[at].severity)
    read, opened = 0, set()
    for number, at in enumerate(in_order):
        one, finding = tries[at], findings[at]
        if number >= MOST_TRIED or read > MOST_FILES_READ:
            findings[at] = replace(finding, fix=None, help=one.help)
            continue
        path = finding.location.path if finding.location is not None else ""
        read += one.again if path in opened else one.files
        if one.files > one.again:
            opened.add(path)
    yield from findings.values()


def _lost(parts: Sequence[Part]) -> Finding | None:
    """Of the findings that tell of all subjects at once, the one that a whole run would tell."""
    telling = [(s.asked.lost_at, f) for _, r, s in parts if s.asked is not None for f in _all(r) if _of_all(f)]
    return min(telling, key=lambda one: one[0], default=("", None))[1]


def _whole(finding: Finding, lost: Finding | None, asked: Sequence[Asked]) -> Finding | None:
    """The finding; of those that tell of all subjects at once only one, and that of all."""
    if not _of_all(finding):
        return finding
    if finding is not lost:
        return None
    return replace(finding, related=(Related(lost_words(sum_of(asked).lost_as_java)),))


def _all(report: Report) -> Iterator[Finding]:
    yield from report.findings
    yield from (one.finding for one in report.suppressed)


def _of_all(finding: Finding) -> bool:
    return finding.rule == "lookup-would-fail" and not finding.subject


def _notes(parts: Sequence[Part], asked: Sequence[Asked]) -> Iterator[str]:
    own = {note for one in asked for note in registry_notes(one)}
    own |= {shard_note(shard.index, shard.count) for _, _, shard in parts}
    yield from dict.fromkeys(note for _, report, _ in parts for note in report.notes if note not in own)
    if asked:
        yield from registry_notes(sum_of(asked))


def _lines(
    parts: Iterable[Mapping[str, Mapping[int, str]]], wanted: Mapping[str, set[int]]
) -> dict[str, dict[int, str]]:
    """Of all lines those that the whole shows."""
    found: dict[str, dict[int, str]] = {}
    for part in parts:
        for path, lines in part.items():
            if path in wanted:
                shown = wanted[path]
                found.setdefault(path, {}).update((n, text) for n, text in lines.items() if n in shown)
    return {path: dict(sorted(lines.items())) for path, lines in sorted(found.items())}
