"""The sentences that every format shares: who cannot read what, which versions, what was compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from schemagate.finding import Against, Compared, Direction, Finding, Report, Severity, VersionId
from schemagate.report.proof import words_of_proof
from schemagate.rules.phrases import listed

SENTENCES = {
    (True, Direction.BACKWARD): "new consumers cannot read what was written as {versions}",
    (True, Direction.FORWARD): "consumers on {versions} cannot read what is written from now on",
    (False, Direction.BACKWARD): "new consumers reading what was written as {versions}",
    (False, Direction.FORWARD): "consumers on {versions} reading what is written from now on",
}

# The same where a rule that is no break gives no reason: it says only who should know.
BARE = {
    Direction.BACKWARD: "new consumers of what was written as {versions}",
    Direction.FORWARD: "consumers on {versions}",
}

NUMBERED = re.compile(r"(?P<prefix>.*?)(?P<number>[0-9]{1,9})")

# Up to this many versions are named one by one, with where they were published.
NAMED_VERSIONS = 2


class Harm(msgspec.Struct, frozen=True):
    """The versions that one reason concerns in one direction."""

    direction: Direction
    versions: tuple[VersionId, ...]
    reason: str

    def sentence(self, *, breaks: bool) -> str:
        """Who cannot read what, and why; where nothing ``breaks``, who reads something else than was written."""
        sentence = SENTENCES[breaks, self.direction] if breaks or self.reason else BARE[self.direction]
        said = sentence.format(versions=name_versions(self.versions))
        return f"{said}: {self.reason}" if self.reason else said


def harms(against: Iterable[Against]) -> tuple[Harm, ...]:
    """One harm a direction and reason, new consumers first, otherwise in the order of their first version."""
    groups: dict[tuple[Direction, str], list[VersionId]] = {}
    for one in against:
        versions = groups.setdefault((one.direction, one.reason), [])
        if one.version not in versions:
            versions.append(one.version)
    told = sorted(groups.items(), key=lambda item: list(Direction).index(item[0][0]))
    return tuple(Harm(direction, tuple(versions), reason) for (direction, reason), versions in told)


class Index(msgspec.Struct, frozen=True):
    """What a report says elsewhere about a finding, found without a search for each of ten thousand."""

    kinds: Mapping[str, str]
    """Rule id → kind."""
    entries: Mapping[str, tuple[Compared, ...]]
    """Subject → its lines of the ledger."""
    owners: Mapping[str, frozenset[str]]
    """Path → the subjects it is the schema of."""

    @classmethod
    def of(cls, report: Report) -> Index:
        entries: dict[str, list[Compared]] = {}
        owners: dict[str, set[str]] = {}
        for one in report.compared:
            entries.setdefault(one.subject, []).append(one)
            owners.setdefault(one.path, set()).add(one.subject)
        return cls(
            {rule.id: rule.kind for rule in report.rules},
            {subject: tuple(lines) for subject, lines in entries.items()},
            {path: frozenset(subjects) for path, subjects in owners.items()},
        )

    def kind(self, finding: Finding) -> str:
        """The family of the finding's rule; empty where the report does not describe the rule."""
        return self.kinds.get(finding.rule, "")

    def is_break(self, finding: Finding) -> bool:
        """Whether a reader fails, rather than reads something else than was written."""
        return self.kind(finding) == "breaking"

    def hurt(self, finding: Finding) -> list[str]:
        """Who cannot read what, or reads something else: a sentence a direction and reason."""
        breaks = self.is_break(finding)
        return [harm.sentence(breaks=breaks) for harm in harms(finding.against)]

    def evidence(self, finding: Finding) -> list[str]:
        """Who is hurt, and the proof of it, a sentence each."""
        return [*self.hurt(finding), *words_of_proof(finding)]

    def needs_subject(self, finding: Finding) -> bool:
        """Whether the place shown leaves open whose schema it is: another file, a shared one, or none at all."""
        path = finding.location.path if finding.location else ""
        return bool(finding.subject) and self.owners.get(path) != frozenset({finding.subject})

    def home(self, subject: str) -> str:
        """The subject with the file it comes from."""
        paths = sorted({one.path for one in self.entries.get(subject, ()) if one.path})
        return f"{subject} ({listed(paths)})" if paths else subject

    def newest(self, subject: str) -> str:
        """The newest published version in words."""
        versions = [version for one in self.entries.get(subject, ()) for version in one.versions]
        return f"the published {versions[-1]}" if versions else "the newest published version"


def name_versions(versions: Sequence[VersionId]) -> str:
    """``v1 (main@4f2c1aa) and v2 (main@77aa012)``, or folded: ``v1 to v9 (9 versions), v12 and v14``."""
    if len(versions) <= NAMED_VERSIONS:
        return listed([str(version) for version in versions])
    return listed([_run(names) for names in _runs([version.name for version in versions])])


def count(number: int, word: str) -> str:
    """``1 error``, ``2 errors``; ``word`` takes a plain s."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """The worst first; within a severity by file, line and column, those without a place last."""

    def key(finding: Finding) -> tuple[int, bool, str, int, int, str, str, str]:
        at = finding.location
        place = (at is None, at.path if at else "", at.line if at else 0, at.column if at else 0)
        return (-finding.severity, *place, finding.rule, finding.subject, finding.path)

    return sorted(findings, key=key)


def tally(findings: Iterable[Finding]) -> list[str]:
    """``["2 errors", "1 notice"]``: what there is, the worst first."""
    severities = [finding.severity for finding in findings]
    return [
        count(severities.count(severity), severity.label)
        for severity in sorted(Severity, reverse=True)
        if severity in severities
    ]


def verdict(report: Report) -> str:
    """``ok`` or ``failed``: a question that could not be answered is never fine."""
    return "failed" if report.exit_code else "ok"


def summary(report: Report) -> str:
    """What was found and what was looked at, in one sentence: also a clean run says what its silence rests on."""
    found = listed(tally(report.counted)) or "no findings"
    subjects = {one.subject for one in report.compared}
    hit = {finding.subject for finding in report.counted if finding.subject in subjects}
    if hit:
        found += f" in {len(hit)} of {count(len(subjects), 'subject')}" if len(subjects) > 1 else ""
    extra = [
        f"{number:,} {word}"
        for number, word in (
            (len(report.findings) - len(report.counted), "inherited"),
            (len(report.suppressed), "accepted"),
        )
        if number
    ]
    more = f" ({', '.join(extra)})" if extra else ""
    if report.undecided:
        more += f", and {count(len(report.undecided), 'question')} undecided"
    return f"{found}{more}; {compared(report)}"


def compared(report: Report) -> str:
    """The ledger in one clause: how many subjects, under which mode, against how many published versions."""
    linted = {one.subject or one.path for one in report.compared if one.change == "linted"}
    judged = [one for one in report.compared if one.change != "linted"]
    if not report.compared:
        return "no schema was looked at"
    parts = [f"{count(len(linted), 'schema')} linted"] if linted else []
    if judged:
        subjects = count(len({one.subject for one in judged}), "subject")
        versions = sum(len(one.versions) for one in judged)
        modes = sorted({one.mode for one in judged if one.mode})
        under = f" {modes[0]}" if len(modes) == 1 else f" under {len(modes)} modes" if modes else ""
        against = f"against {count(versions, 'published version')}" if versions else "without any published version"
        parts.append(f"{subjects} judged{under} {against}")
    return " and ".join(parts)


def _runs(names: Sequence[str]) -> Iterator[list[str]]:
    """Neighbours whose numbers follow each other, three or more of them as one run; numbered names sort by number."""
    run: list[tuple[str, int]] = []
    for name, prefix, number in sorted(map(_numbered, names), key=lambda one: (one[1], one[2])):
        if run and not (number >= 0 and _numbered(run[-1][0])[1:] == (prefix, number - 1)):
            yield from _split([one for one, _ in run])
            run = []
        run.append((name, number))
    yield from _split([one for one, _ in run])


def _split(run: list[str]) -> Iterator[list[str]]:
    if len(run) > NAMED_VERSIONS:
        yield run
    else:
        yield from ([name] for name in run)


def _run(names: list[str]) -> str:
    return f"{names[0]} to {names[-1]} ({len(names)} versions)" if len(names) > 1 else names[0]


def _numbered(name: str) -> tuple[str, str, int]:
    match = NUMBERED.fullmatch(name)
    return (name, match["prefix"], int(match["number"])) if match else (name, name, -1)
