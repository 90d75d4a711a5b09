"""The way through a change, version by version, as a value and as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from schemagate.finding import Direction, Finding, VersionId
from schemagate.fix.difference import changed_lines
from schemagate.report.page import BLANK, Page, canvas, painted
from schemagate.report.paint import SEVERITY, Line, Span, Style
from schemagate.report.words import count, name_versions
from schemagate.rules.phrases import listed

LABEL = 9
WAY = 14
MOST_LINES = 60
MOST_FINDINGS = 12


class Wait(msgspec.Struct, frozen=True):
    """An earlier version that does not go together with a step.

    BACKWARD: nothing written as that version may be left where the step's consumers read. FORWARD: no consumer may
    still be on that version when producers write as the step.
    """

    version: VersionId
    direction: Direction


class Step(msgspec.Struct, frozen=True):
    """One version on the way. ``judged`` are the versions that it was judged against, and found clean.

    ``does`` says what differs from the schema that is wanted, or from the step before; ``notes`` what that means for
    those who read and write. ``first`` is who deploys first: ``either``, ``consumers``, ``producers`` or ``together``.
    ``retired`` are the versions that must be gone, and no longer governed, before the step is clean at all.
    """

    name: str
    text: str
    before: str
    does: tuple[str, ...]
    notes: tuple[str, ...]
    judged: tuple[VersionId, ...]
    first: str
    waits: tuple[Wait, ...] = ()
    warnings: tuple[Finding, ...] = ()
    retired: tuple[VersionId, ...] = ()
    file: str = ""
    """Where it was written; empty where nothing was."""


class Migration(msgspec.Struct, frozen=True):
    """The way from ``old`` to ``new``. ``breaks`` is what is wrong with going there at once.

    ``reached`` tells that the last step is the schema that is wanted, ``blocked`` what no version on the way gets
    past, ``undecided`` what could not be judged. ``left`` says in words how the last step differs from what is wanted.
    """

    old: str
    new: str
    subject: str
    mode: str
    governed: tuple[VersionId, ...] = ()
    breaks: tuple[Finding, ...] = ()
    steps: tuple[Step, ...] = ()
    reached: bool = False
    left: tuple[str, ...] = ()
    blocked: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    undecided: str = ""
    same: bool = False
    """Whether both sides say the same."""
    via: tuple[str, ...] = ()
    """The other files that everything stands in which blocks the way: it is to be sought there."""

    @property
    def now(self) -> tuple[Step, ...]:
        """The steps that are clean while all versions are governed."""
        return tuple(step for step in self.steps if not step.retired)

    @property
    def elsewhere(self) -> bool:
        """Whether the schema that is wanted can only be had outside of this subject's governed versions."""
        if self.same or self.undecided or self.via:
            return False
        return not self.reached or any(s.retired for s in self.steps)

    @property
    def exit_code(self) -> int:
        """0 there is a way; 1 no version on the way is compatible; 3 not decided."""
        if self.undecided:
            return 3
        return int(bool(self.blocked) and not self.steps)


WAYS = (
    (
        "new subject",
        (
            "for a new topic, or under a new record name: there it is the first version. Producers write both topics "
            "until the consumers have moved"
        ),
    ),
    (
        "new group",
        (
            "a compatibility group of a Confluent registry: `compatibilityGroup` in the subject's config names a "
            "metadata property, versions with another value of it are not compared, and consumers choose theirs with "
            "`use.latest.with.metadata`"
        ),
    ),
)
"""What works where the versions of the subject do not allow it."""

FIRST = {
    "either": "consumers and producers deploy in any order",
    "consumers": "consumers deploy first, then producers",
    "producers": "producers deploy first, then consumers",
    "together": "no order works: stop producers, let consumers read to the end, then deploy both",
}
WAITS = {
    Direction.BACKWARD: "before consumers take it, nothing written as {versions} is left in the topic, and nobody "
    "writes that any more",
    Direction.FORWARD: "before producers write it, no consumer on {versions} is left",
}


def render(migration: Migration, *, colour: bool, width: int, ascii: bool = False) -> str:  # noqa: A002
    """What breaks, each step with who deploys first and what must be over before, and what else works."""
    return painted(_Told(Page(canvas(width, ascii_only=ascii))).all(migration), colour=colour)


class _Told(msgspec.Struct, frozen=True):
    page: Page

    def all(self, migration: Migration) -> Iterator[Line]:
        arrow = "->" if self.page.canvas.ascii_only else "→"
        yield from self.page.prose(f"{migration.old} {arrow} {migration.new}", Style.STRONG)
        versions = name_versions(migration.governed) if migration.governed else "no published version"
        subject = f"{migration.subject}: " if migration.subject else ""
        yield from self.page.prose(f"{subject}{migration.mode} against {versions}", Style.DIM)
        for note in migration.notes:
            yield from self.page.prose(note, Style.DIM)
        yield BLANK
        yield from self.findings("at once", () if migration.blocked else migration.breaks)
        for number, step in enumerate(migration.steps, 1):
            if step.retired and not any(s.retired for s in migration.steps[: number - 1]):
                yield from self.later(step)
            yield from self.step(number, len(migration.steps), step, migration)
        yield from self.findings("blocked", migration.blocked)
        if migration.elsewhere:
            yield from self.elsewhere(migration)
        yield from self.end(migration)

    def item(self, label: str, text: str, style: Style = Style.STRONG, indent: int = 2) -> Iterator[Line]:
        yield from self.page.labelled((Span(f"{'':{indent}}{label:<{LABEL}}", style),), text)

    def findings(self, label: str, found: Sequence[Finding]) -> Iterator[Line]:
        for finding in found[:MOST_FINDINGS]:
            place = f"{finding.path}: " if finding.path not in ("", "$") else ""
            lead = (Span(f"  {label:<{LABEL}}", Style.ERROR), Span(finding.severity.label, SEVERITY[finding.severity]))
            yield from self.page.labelled((*lead, Span("  ")), f"{place}{finding.message} [{finding.rule}]")
            label = ""
        if len(found) > MOST_FINDINGS:
            yield from self.item("", f"and {count(len(found) - MOST_FINDINGS, 'more finding')}")
        if found:
            yield BLANK

    def later(self, step: Step) -> Iterator[Line]:
        gone, one = name_versions(step.retired), len(step.retired) == 1
        text = (
            f"what follows waits until {gone} {'is' if one else 'are'} out of use: no consumer reads with "
            f"{'it' if one else 'them'}, and the topic's retention has passed since the last message was written so. "
            "Then set the subject's `history-from` to the day on which the step above was published, and delete "
            f"the retired {'version' if one else 'versions'} in the registry, which otherwise still compares"
        )
        yield from self.page.labelled((Span("   later    ", Style.NOTICE),), text)
        yield BLANK

    def step(self, number: int, total: int, step: Step, migration: Migration) -> Iterator[Line]:
        where = f" ({step.file})" if step.file else ""
        yield (Span(f"{number}  ", Style.FRAME), *self.title(f"publish {step.name}{where}", total, number))
        for label, text in zip(("does", *[""] * len(step.does)), step.does, strict=False):
            yield from self.item(label, text)
        yield from self.change(step)
        against = f"against {name_versions(step.judged)}: nothing breaks"
        text = against if step.judged else "compares with no version: nobody says that it can be read"
        yield from self.item("judged", f"{migration.mode} {text}", Style.GOOD if step.judged else Style.WARNING)
        for finding in step.warnings:
            yield from self.item("to know", f"{finding.path}: {finding.message} [{finding.rule}]", Style.WARNING)
        yield from self.item("first", FIRST[step.first])
        for label, text in zip(("wait", *[""] * len(Direction)), _waiting(step), strict=False):
            yield from self.item(label, text)
        for label, text in zip(("note", *[""] * len(step.notes)), step.notes, strict=False):
            yield from self.item(label, text)
        yield from self.item("stays", _stays(number, total, migration))
        yield BLANK

    def title(self, text: str, total: int, number: int) -> tuple[Span, ...]:
        return (Span(self.page.text(text), Style.STRONG), Span(f"  step {number} of {total}", Style.DIM))

    def change(self, step: Step) -> Iterator[Line]:
        rows = list(changed_lines(step.before, step.text))
        for row in rows[:MOST_LINES]:
            style = {"+": Style.GOOD, "-": Style.ERROR}.get(row[:1], Style.DIM)
            yield (Span(" " * (LABEL + 2)), Span(self.page.text(row), style))
        if len(rows) > MOST_LINES:
            yield from self.item("", f"and {count(len(rows) - MOST_LINES, 'more line')}; --write DIR writes them all")

    def elsewhere(self, migration: Migration) -> Iterator[Line]:
        if migration.left:
            yield from self.page.prose(f"{migration.steps[-1].name} still differs from {migration.new}:", Style.STRONG)
            for row in migration.left:
                yield from self.page.prose(row, indent=2, hang=2)
            yield BLANK
        yield from self.page.prose(f"what works for {migration.new} as it is, beside the lineage:", Style.STRONG)
        for label, text in WAYS:
            yield from self.page.labelled((Span(f"  {label:<{WAY}}", Style.STRONG),), text)
        yield BLANK

    def end(self, migration: Migration) -> Iterator[Line]:
        style, label, text = _verdict(migration)
        yield from self.page.labelled((Span(f"{label}: ", style),), text, Style.STRONG)


def _waiting(step: Step) -> Iterator[str]:
    for direction, sentence in WAITS.items():
        versions = [wait.version for wait in step.waits if wait.direction is direction]
        if versions:
            yield sentence.format(versions=name_versions(versions))
    if not step.waits:
        yield "for nothing: it goes together with every version before it"


def _stays(number: int, total: int, migration: Migration) -> str:
    """How long a version is in use: until what the next step waits for is over."""
    if number == total:
        return "from then on"
    following = migration.steps[number]
    name = following.name
    if following.retired:
        gone = name_versions(following.retired)
        return f"until consumers of {gone} are gone and the topic's retention is over; then {name}"
    if not following.waits:
        return f"until producers and consumers use it everywhere; then {name}"
    sides = {wait.direction for wait in following.waits}
    data = ["what was written before has left the topic (its retention)"] if Direction.BACKWARD in sides else []
    readers = ["every consumer has it"] if Direction.FORWARD in sides else []
    return f"until {listed([*readers, *data])}; then {name}"


def _verdict(migration: Migration) -> tuple[Style, str, str]:
    if migration.undecided:
        return Style.UNDECIDED, "undecided", migration.undecided
    if migration.same:
        return Style.GOOD, "ok", "both sides say the same: there is nothing to migrate"
    if migration.via:
        return Style.ERROR, "failed", f"what breaks stands in {listed(migration.via)}: the way begins there"
    if not migration.steps:
        return Style.ERROR, "failed", f"under {migration.mode} there is no compatible way within this subject"
    steps = count(len(migration.steps), "version")
    later = [step for step in migration.steps if step.retired]
    if migration.reached and not later:
        if len(migration.steps) == 1 and not migration.breaks:
            return Style.GOOD, "ok", f"{migration.new} can be published as it is"
        return Style.GOOD, "ok", f"{migration.new} is reached in {steps}, each judged {migration.mode}"
    if migration.reached:
        return (
            Style.GOOD,
            "ok",
            f"{migration.new} is reached in {steps}, the last {len(later)} once versions are retired",
        )
    return Style.GOOD, "ok", f"as near to {migration.new} as {migration.mode} allows, in {steps}, each judged"
