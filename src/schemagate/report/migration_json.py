"""The way through a change for programs: a published format of its own, with every version's whole text."""

from __future__ import annotations

from typing import Literal

import msgspec

from schemagate._version import __version__
from schemagate.finding import Direction, Finding, Json, VersionId
from schemagate.report.migration import WAYS, Migration, Step, Wait
from schemagate.report.plain_json import text_of
from schemagate.report.published import View, schema_of
from schemagate.report.view import SeverityName

FORMAT: Literal[1] = 1


class MigrationHeader(View, frozen=True):
    """What this file is. `migration` is the version of the format, `version` that of the tool that wrote it."""

    migration: Literal[1]
    version: str


class WaitView(View, frozen=True):
    """A version that does not go with a step. `backward`: its data must be gone; `forward`: its consumers must be."""

    version: str
    direction: Literal["backward", "forward"]


class MigrationFindingView(View, frozen=True):
    """What breaks, or what to know."""

    rule: str
    severity: SeverityName
    message: str
    path: str
    backward: tuple[str, ...]
    forward: tuple[str, ...]


class StepView(View, frozen=True):
    """One version on the way, judged clean against `judged`, once `retired` are no longer governed."""

    name: str
    schema: str
    file: str
    does: tuple[str, ...]
    notes: tuple[str, ...]
    judged: tuple[str, ...]
    retired: tuple[str, ...]
    first: Literal["either", "consumers", "producers", "together"]
    waits: tuple[WaitView, ...]
    warnings: tuple[MigrationFindingView, ...]


class WayView(View, frozen=True):
    """What works outside of the subject's governed versions."""

    name: str
    text: str


class MigrationView(View, frozen=True):
    """All that one migrate has to tell. `reached`: the last step is the schema that was asked for."""

    schemagate: MigrationHeader
    old: str
    new: str
    subject: str
    mode: str
    exit_code: Literal[0, 1, 3]
    same: bool
    reached: bool
    governed: tuple[str, ...]
    breaks: tuple[MigrationFindingView, ...]
    steps: tuple[StepView, ...]
    left: tuple[str, ...]
    blocked: tuple[MigrationFindingView, ...]
    ways: tuple[WayView, ...]
    notes: tuple[str, ...]
    undecided: str


def dump(migration: Migration) -> str:
    """The migration as ASCII JSON with sorted keys and a final newline."""
    view = MigrationView(
        MigrationHeader(FORMAT, __version__),
        migration.old,
        migration.new,
        migration.subject,
        migration.mode,
        migration.exit_code,  # type: ignore[arg-type]
        migration.same,
        migration.reached,
        _names(migration.governed),
        tuple(map(_finding, migration.breaks)),
        tuple(map(_step, migration.steps)),
        migration.left,
        tuple(map(_finding, migration.blocked)),
        tuple(WayView(name, text) for name, text in WAYS) if migration.elsewhere else (),
        migration.notes,
        migration.undecided,
    )
    return text_of(msgspec.to_builtins(view))


def json_schema() -> dict[str, Json]:
    """The published JSON Schema of what :func:`dump` writes."""
    return schema_of(MigrationView, "migration", FORMAT)


def _step(step: Step) -> StepView:
    return StepView(
        step.name,
        step.text,
        step.file,
        step.does,
        step.notes,
        _names(step.judged),
        _names(step.retired),
        step.first,  # type: ignore[arg-type]
        tuple(map(_wait, step.waits)),
        tuple(map(_finding, step.warnings)),
    )


def _wait(wait: Wait) -> WaitView:
    return WaitView(wait.version.name, wait.direction.value)


def _finding(one: Finding) -> MigrationFindingView:
    severity: SeverityName = one.severity.label  # type: ignore[assignment]
    ways = {way: tuple(a.version.name for a in one.against if a.direction is way) for way in Direction}
    return MigrationFindingView(
        one.rule, severity, one.message, one.path, ways[Direction.BACKWARD], ways[Direction.FORWARD]
    )


def _names(versions: tuple[VersionId, ...]) -> tuple[str, ...]:
    return tuple(version.name for version in versions)
