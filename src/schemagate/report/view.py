"""What a JSON report holds, field by field: the published format, kept apart from the values it is made of."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from schemagate.finding import Json
from schemagate.report.published import View

FORMAT: Literal[1] = 1

SeverityName = Literal["off", "notice", "warning", "error"]
Positive = Annotated[int, msgspec.Meta(ge=1)]
Count = Annotated[int, msgspec.Meta(ge=0)]


class HeaderView(View, frozen=True):
    """What this file is. `report` is the version of the format, `version` that of the tool that wrote it."""

    report: Literal[1]
    version: str


class SummaryView(View, frozen=True):
    """How many findings there are; errors, warnings and notices leave out those that are inherited."""

    errors: Count
    warnings: Count
    notices: Count
    inherited: Count
    suppressed: Count


class RegionView(View, frozen=True):
    """A place in a file of the repository. Lines and columns are 1-based code points, the end is exclusive."""

    path: str
    line: Positive
    column: Positive
    end_line: Positive
    end_column: Positive


class RelatedView(View, frozen=True):
    """A second place that helps to understand a finding."""

    message: str
    location: RegionView | None


class ProvenanceView(View, frozen=True):
    """One publication of a version. `source` is `git`, `file` or `registry`, `date` is ISO 8601 or empty."""

    source: str
    label: str
    path: str
    commit: str
    date: str


class VersionView(View, frozen=True):
    """A published schema of a subject, and everywhere it was published."""

    name: str
    published: tuple[ProvenanceView, ...]


class AgainstView(View, frozen=True):
    """A version that the finding concerns. `backward`: the new schema reads what this version wrote."""

    version: VersionView
    direction: Literal["backward", "forward"]
    reason: str


class ReadingView(View, frozen=True):
    """What one reader makes of a datum. `ran` is true for what was decoded in this run, false for what is known."""

    reader: str
    library: str
    ran: bool
    value: Json
    error: str
    how: str


class WitnessView(View, frozen=True):
    """A datum that a reader cannot read, or reads as something else: with a `path`, `before` is what it holds there.

    `text` is the datum once more, as JSON with its fields in the schema's order.
    """

    datum: Json
    text: str
    writer: str
    readings: tuple[ReadingView, ...]
    path: str
    before: Json
    direction: Literal["backward", "forward"] | None


class ReplacementView(View, frozen=True):
    """Text to put in place of a region; an empty region inserts."""

    location: RegionView
    text: str


class FixView(View, frozen=True):
    """A change that was tried and judged: the finding is gone. `safe` ones are what `--fix` writes."""

    title: str
    safe: bool
    path: str
    replacements: tuple[ReplacementView, ...]


class FindingView(View, frozen=True):
    """One cause, told once. `path` leads through the schema, `location` through the repository."""

    rule: str
    severity: SeverityName
    message: str
    subject: str
    path: str
    args: dict[str, Json]
    location: RegionView | None
    related: tuple[RelatedView, ...]
    against: tuple[AgainstView, ...]
    help: str
    fingerprint: str
    inherited: bool
    witness: WitnessView | None
    fix: FixView | None


class SuppressedView(View, frozen=True):
    """A finding that a person accepted, by `waiver` or by `inline` comment."""

    finding: FindingView
    by: str
    reason: str
    owner: str
    expires: str


class RuleView(View, frozen=True):
    """A rule that a finding names; `severity` is its default, `help` its page in Markdown."""

    id: str
    kind: str
    summary: str
    severity: SeverityName
    help: str


class ComparedView(View, frozen=True):
    """What was looked at for one subject. `change` is `new`, `changed`, `unchanged`, `deleted` or `linted`."""

    subject: str
    path: str
    mode: str
    change: str
    versions: tuple[VersionView, ...]


class PendingView(View, frozen=True):
    """A finding that holds for the whole only if no shard names `key` among what it `met`."""

    key: str
    finding: FindingView


class TriedView(View, frozen=True):
    """A finding, by its place in `findings`, for which changes were tried, and what that took."""

    finding: Count
    help: str
    files: Count
    again: Count


class AskedView(View, frozen=True):
    """What a registry was asked about the subjects of a shard."""

    name: str
    url: str
    subjects: Count
    known: Count
    versions: Count
    deleted: Count
    ignores_deleted: bool
    proposed: Count
    refused: tuple[str, ...]
    guessed: tuple[str, ...]
    stricter: tuple[str, ...]
    lost_as_java: tuple[str, ...]
    lost_at: str


class ShardView(View, frozen=True):
    """Which part of a run the report tells, and what `schemagate merge` needs to make one report of all parts."""

    index: Positive
    count: Positive
    run: dict[str, str]
    pending: tuple[PendingView, ...]
    met: tuple[str, ...]
    tried: tuple[TriedView, ...]
    asked: AskedView | None


class ReportView(View, frozen=True):
    """All that one run of schemagate has to tell, or one shard of it.

    `excerpts` holds source lines by path and line number, `line_hashes` the hashes by which code scanning knows them.
    """

    schemagate: HeaderView
    command: str
    exit_code: Literal[0, 1, 3]
    fail_on: SeverityName
    summary: SummaryView
    findings: tuple[FindingView, ...]
    suppressed: tuple[SuppressedView, ...]
    rules: tuple[RuleView, ...]
    compared: tuple[ComparedView, ...]
    undecided: tuple[str, ...]
    notes: tuple[str, ...]
    excerpts: dict[str, dict[int, str]]
    line_hashes: dict[str, dict[int, str]]
    shard: ShardView | None
