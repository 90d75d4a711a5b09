"""The values that travel from where something is noticed to where it is told."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import msgspec

from schemagate.shard import Shard

Json: TypeAlias = Any
"""A decoded JSON value: None, bool, int, float, str, list or dict of the same."""

NO_ARGS: Mapping[str, Json] = MappingProxyType({})


def no_args() -> Mapping[str, Json]:
    """The shared empty mapping, as a dataclass default."""
    return NO_ARGS


class Severity(enum.IntEnum):
    """How much a finding weighs; ``check`` fails at or above ``--fail-on``."""

    OFF = 0
    NOTICE = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        return self.name.lower()


class Direction(enum.StrEnum):
    """Who reads whom between a candidate (new) and a published version (old)."""

    BACKWARD = "backward"
    """The new schema reads what the old one wrote."""
    FORWARD = "forward"
    """The old schema reads what the new one writes."""


class Problem(msgspec.Struct, frozen=True):
    """Something wrong inside one document, before it has a severity or a line.

    Either ``span`` (code-point offsets into the text) or ``pointer`` (RFC 6901, into the document's JSON) places
    it. ``part`` narrows a pointer to one member's value (``"default"``); empty means the whole value.
    ``refused`` tells that Avro Java 1.12 refuses the document for it.
    """

    rule: str
    args: Mapping[str, Json] = msgspec.field(default_factory=no_args)
    pointer: str = ""
    part: str = ""
    span: tuple[int, int] | None = None
    refused: bool = True


class Place(msgspec.Struct, frozen=True):
    """A symbolic place: the value at ``pointer`` in ``document``, or its member ``part``; ``span`` wins if set."""

    document: str
    pointer: str = ""
    part: str = ""
    span: tuple[int, int] | None = None


class Region(msgspec.Struct, frozen=True):
    """A concrete place: repo-relative POSIX path; lines and columns are 1-based code points, the end exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class Provenance(msgspec.Struct, frozen=True):
    """One publication of a version. ``label`` is what people read: ``main@4f2c1aa``, ``registry 3``."""

    source: str
    """``git``, ``file`` (a ``_vN`` sibling) or ``registry``."""
    label: str
    path: str = ""
    commit: str = ""
    date: str = ""
    """ISO 8601, of the commit; empty where unknown."""


class VersionId(msgspec.Struct, frozen=True):
    """A version as findings name it: ``v3`` and everywhere it was published."""

    name: str
    published: tuple[Provenance, ...] = ()

    def __str__(self) -> str:
        labels = ", ".join(p.label for p in self.published)
        return f"{self.name} ({labels})" if labels and labels != self.name else self.name


class Against(msgspec.Struct, frozen=True):
    """One version and direction that a finding breaks; ``reason`` completes "... cannot read ...: "."""

    version: VersionId
    direction: Direction
    reason: str = ""


class Related(msgspec.Struct, frozen=True):
    """A second place that helps to understand a finding."""

    message: str
    region: Region | None = None


class Reading(msgspec.Struct, frozen=True):
    """What one reader makes of a witness's datum: ``value``, or ``error`` in plain words where it fails.

    ``ran`` tells a proof, decoded in this run, from what is known of a library and was not run; ``how`` then completes
    "Avro Java ...": ``takes the reader's scale``.
    """

    reader: str
    """Whose schema it reads with: ``v1 (main@4f2c1aa)``, or ``this schema``."""
    library: str
    """``fastavro 1.13.1``; without a version where nothing was run."""
    ran: bool = True
    value: Json = None
    error: str = ""
    how: str = ""


class Witness(msgspec.Struct, frozen=True):
    """A datum that the writer can write and a reader cannot read, or reads as something else.

    Where ``path`` is set, ``before`` is the value there as it was written and each reading's value is what arrives in
    its place; else a reading's value is the whole datum.
    """

    datum: Json
    """Plain JSON: no mark of a union's branch, bytes as text with a character each, dates and decimals as people
    write them where they are what it is about."""
    writer: str
    """What it is written as: a version, ``this schema``, or what is supposed for the proof."""
    readings: tuple[Reading, ...]
    path: str = ""
    before: Json = None
    direction: Direction | None = None

    @property
    def confirmed(self) -> bool:
        """Whether a decoder was run and failed, or gave something else than was written."""
        return any(r.ran and (r.error or (self.path and r.value != self.before)) for r in self.readings)


class Replacement(msgspec.Struct, frozen=True):
    """Text to put in place of a region; an empty region inserts."""

    region: Region
    text: str


class Fix(msgspec.Struct, frozen=True):
    """A change that was applied in memory and judged again, with everything that reads the file: the finding is gone.

    ``safe`` ones pick no meaning for the author, and ``--fix`` writes them; the others need ``--unsafe-fixes``. All
    replacements are of one file, in order. There are none where the change is to no text (a byte order mark).
    """

    title: str
    safe: bool
    path: str
    replacements: tuple[Replacement, ...] = ()


class Finding(msgspec.Struct, frozen=True):
    """One cause, told once, with every version and direction that it breaks.

    ``severity`` is final. ``inherited`` marks what the newest published version already had: told, never counted.
    ``fingerprint`` hashes rule, subject, path and arguments: stable against prose and line numbers.
    """

    rule: str
    severity: Severity
    message: str
    subject: str = ""
    path: str = ""
    args: Mapping[str, Json] = msgspec.field(default_factory=no_args)
    location: Region | None = None
    related: tuple[Related, ...] = ()
    against: tuple[Against, ...] = ()
    help: str = ""
    """What to do. Where ``fix`` is set, that change in words and as text; else advice that nobody has tried."""
    fingerprint: str = ""
    inherited: bool = False
    witness: Witness | None = None
    fix: Fix | None = None


class Suppressed(msgspec.Struct, frozen=True):
    """A finding that a person accepted: by ``waiver`` (config) or ``inline`` comment, with the reason given."""

    finding: Finding
    by: str
    reason: str
    owner: str = ""
    expires: str = ""


class Compared(msgspec.Struct, frozen=True):
    """A line of the ledger: what was looked at, so that silence is evidence."""

    subject: str
    path: str
    mode: str
    change: str
    """``new``, ``changed``, ``unchanged``, ``invalid`` (no schema can be read from it), or ``linted`` where no history
    was asked for."""
    versions: tuple[VersionId, ...] = ()
    """The published versions that the candidate was judged against, oldest first."""


class RuleInfo(msgspec.Struct, frozen=True):
    """What a report says of a rule that it names."""

    id: str
    summary: str
    severity: Severity
    """The default severity."""
    help: str
    """The rule's page, Markdown."""
    kind: str = ""
    """The rule's family: validity, lint, breaking, change, history, registry, client or config."""


class Report(msgspec.Struct, frozen=True):
    """All that one run has to tell, with what renderers need to tell it without reading anything again."""

    findings: tuple[Finding, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    rules: tuple[RuleInfo, ...] = ()
    compared: tuple[Compared, ...] = ()
    undecided: tuple[str, ...] = ()
    """Questions that could not be answered, each with what to do; any makes the exit code 3."""
    notes: tuple[str, ...] = ()
    """What the reader should know about the run: the base chosen and why, what was not looked at."""
    excerpts: Mapping[str, Mapping[int, str]] = msgspec.field(default_factory=dict)
    """path → 1-based line number → that line's text, for every region in the report."""
    line_hashes: Mapping[str, Mapping[int, str]] = msgspec.field(default_factory=dict)
    """path → 1-based line number → the hash by which code scanning knows the line again, for every finding's line."""
    fail_on: Severity = Severity.ERROR
    command: str = "check"
    version: str = ""
    """The tool's version."""
    shard: Shard | None = None
    """Which part of a run this is; None for the whole."""
    pending: tuple[Finding, ...] = ()
    """Findings of a shard about waivers and allows, which hold only if they hold in all shards: never counted."""

    @property
    def counted(self) -> tuple[Finding, ...]:
        """The findings that can fail the run: all but the inherited."""
        return tuple(f for f in self.findings if not f.inherited)

    @property
    def exit_code(self) -> int:
        """0 clean, 1 findings at or above ``fail_on``, 3 could not decide; 3 beats 1."""
        if self.undecided:
            return 3
        return int(any(f.severity >= self.fail_on for f in self.counted))
