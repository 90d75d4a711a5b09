"""Runs a golden case: its old schemas are published, its new ones proposed, every rule looks at them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from schemagate.app.repair import repair
from schemagate.app.trial import Ground
from schemagate.compat.modes import Mode
from schemagate.config import Settings, version_of
from schemagate.engine.assemble import Parts, assemble
from schemagate.engine.documents import document_findings
from schemagate.engine.judge import Judge, covered
from schemagate.engine.lineage import Lineage, Version
from schemagate.engine.tell import Grades, Teller
from schemagate.finding import Compared, Report, VersionId
from schemagate.report.text import render
from schemagate.rules.catalog import BY_ID, change_rules
from schemagate.schema.model import Factory
from schemagate.workspace import Source, Workspace, load

HERE = Path(__file__).parent
TODAY = dt.date(2026, 1, 5)


def cases() -> list[Path]:
    """Directories ``<rule>/<case>``."""
    return sorted(path.parent for path in HERE.glob("*/*/new"))


def published(case: Path) -> list[Path]:
    """``old``, or ``v1``, ``v2``, …: what was published, oldest first."""
    return sorted(case.glob("v[0-9]")) or [case / "old"]


def mode_of(case: Path) -> Mode:
    """The mode in the file ``mode``, else FULL_TRANSITIVE."""
    file = case / "mode"
    return Mode(file.read_text("utf-8").strip()) if file.exists() else Mode.FULL_TRANSITIVE


def report_of(case: Path) -> Report:
    factory = Factory()
    versions = [_workspace(folder, factory) for folder in published(case)]
    candidate = _workspace(case / "new", factory)
    teller = Teller(candidate, Grades(Settings(), {}), BY_ID)
    findings = list(document_findings(teller, None))
    lineages = [lineage for path in candidate.schemas if (lineage := _lineage(path, candidate, versions, case))]
    judge = Judge(change_rules())
    for lineage in lineages:
        findings += [told for one in judge.judge(lineage) if (told := teller.judged(one, lineage)) is not None]
    compared = [
        Compared(one.subject, one.path, one.mode.value, one.change, tuple(v.id for v in covered(one)))
        for one in lineages
    ]
    return repair(Ground(assemble(Parts(findings, teller, TODAY, compared)), teller, lineages))


def text_of(case: Path) -> str:
    return render(report_of(case), colour=False, width=80)


def _workspace(folder: Path, factory: Factory) -> Workspace:
    sources = [Source(path.name, path.read_bytes()) for path in sorted(folder.glob("*.avsc"))]
    return load(sources, factory, version_of)


def _lineage(path: str, candidate: Workspace, published: list[Workspace], case: Path) -> Lineage | None:
    """None for a file that nothing in this case changes."""
    versions = tuple(
        Version(VersionId(f"v{number}"), workspace.schemas[path])
        for number, workspace in enumerate(published, 1)
        if path in workspace.schemas
    )
    newest = published[-1].schemas
    touched = [p for p, schema in candidate.schemas.items() if p not in newest or newest[p].root is not schema.root]
    via = candidate.dependents(touched).get(path, "")
    if path not in touched and not via:
        return None
    return Lineage(
        version_of(path)[0],
        path,
        mode_of(case),
        candidate.schemas[path],
        versions,
        versions[-1] if versions else None,
        "changed" if versions else "new",
        via,
    )
