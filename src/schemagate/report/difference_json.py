"""What changed between schemas, for programs, field by field: a published format of its own."""

from __future__ import annotations

from typing import Literal

import msgspec

from schemagate._version import __version__
from schemagate.engine.edits import Edit
from schemagate.finding import Direction, Finding, Json, Report
from schemagate.report.difference import Comparison, Difference, Side
from schemagate.report.plain_json import bounded, text_of
from schemagate.report.published import View, schema_of
from schemagate.report.view import SeverityName

FORMAT: Literal[1] = 1


class DiffHeader(View, frozen=True):
    """What this file is. `diff` is the version of the format, `version` that of the tool that wrote it."""

    diff: Literal[1]
    version: str


class SideView(View, frozen=True):
    """One schema: as it was named, its path, and its commit (empty for a file)."""

    label: str
    path: str
    commit: str


class EditView(View, frozen=True):
    """One thing that differs. A side that has nothing is null; `has_old` and `has_new` tell that from a JSON null."""

    what: str
    subject: str
    path: str
    old_path: str
    old: Json
    new: Json
    name: str
    how: str
    has_old: bool
    has_new: bool


class ReasonView(View, frozen=True):
    """Why a finding holds in one direction."""

    direction: Literal["backward", "forward"]
    reason: str


class DiffFindingView(View, frozen=True):
    """What breaks or is not safe."""

    rule: str
    severity: SeverityName
    message: str
    path: str
    reasons: tuple[ReasonView, ...]
    help: str


class ComparisonView(View, frozen=True):
    """An old and a new schema. `backward`: the new one reads what the old one wrote; null where nobody can say."""

    old: SideView | None
    new: SideView | None
    subject: str
    edits: tuple[EditView, ...]
    backward: bool | None
    forward: bool | None
    findings: tuple[DiffFindingView, ...]
    refused: bool
    undecided: str


class ProblemView(View, frozen=True):
    """Something for which a side is refused; `line` and `column` are 1-based, 0 where unknown."""

    rule: str
    severity: SeverityName
    message: str
    path: str
    line: int
    column: int
    help: str


class DiffView(View, frozen=True):
    """All that one diff has to tell."""

    schemagate: DiffHeader
    old: str
    new: str
    mode: str
    exit_code: Literal[0, 1, 3]
    comparisons: tuple[ComparisonView, ...]
    problems: tuple[ProblemView, ...]


def dump(difference: Difference) -> str:
    """The difference as JSON; nothing is lost but what nests deeper than any reader needs."""
    view = DiffView(
        DiffHeader(FORMAT, __version__),
        difference.old,
        difference.new,
        difference.mode,
        difference.exit_code,  # type: ignore[arg-type]
        tuple(map(_comparison, difference.comparisons)),
        _problems(difference.problems),
    )
    return text_of(msgspec.to_builtins(view))


def json_schema() -> dict[str, Json]:
    """The published JSON Schema of what :func:`dump` writes."""
    return schema_of(DiffView, "diff", FORMAT)


def edit_view(edit: Edit) -> EditView:
    """One edit, its quoted values bounded."""
    return EditView(
        edit.what,
        edit.subject,
        edit.path,
        edit.old_path,
        bounded(edit.old),
        bounded(edit.new),
        edit.name,
        edit.how,
        edit.has_old,
        edit.has_new,
    )


def _comparison(one: Comparison) -> ComparisonView:
    return ComparisonView(
        _side(one.old),
        _side(one.new),
        one.subject,
        tuple(map(edit_view, one.edits)),
        one.reads.get(Direction.BACKWARD),
        one.reads.get(Direction.FORWARD),
        tuple(map(_finding, one.findings)),
        one.refused,
        one.undecided,
    )


def _side(side: Side | None) -> SideView | None:
    return None if side is None else SideView(side.label, side.path, side.commit)


def _finding(one: Finding) -> DiffFindingView:
    reasons = tuple(ReasonView(a.direction.value, a.reason) for a in one.against)
    severity: SeverityName = one.severity.label  # type: ignore[assignment]
    return DiffFindingView(one.rule, severity, one.message, one.path, reasons, one.help)


def _problems(report: Report | None) -> tuple[ProblemView, ...]:
    views = []
    for one in report.findings if report is not None else ():
        at = one.location
        place = (at.path, at.line, at.column) if at is not None else ("", 0, 0)
        severity: SeverityName = one.severity.label  # type: ignore[assignment]
        views.append(ProblemView(one.rule, severity, one.message, *place, one.help))
    return tuple(views)
