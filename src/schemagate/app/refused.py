"""Problems of two trees as one report: where a schema stands is told by the name that the user gave its side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from msgspec.structs import replace

from schemagate.app.sides import Tree
from schemagate.config import Settings
from schemagate.engine.assemble import Parts, assemble
from schemagate.engine.tell import Grades, Teller
from schemagate.finding import Compared, Finding, Report, Severity
from schemagate.rules.catalog import BY_ID
from schemagate.workspace import Workspace


def refused_report(
    trees: tuple[Tree, Tree],
    spaces: tuple[Workspace, Workspace],
    paths: tuple[Collection[str], Collection[str]],
    settings: Settings,
) -> Report:
    """What Avro refuses in these files of both sides, the old side's first."""
    reports = [
        _relabelled(_report(tree, space, some, settings), tree)
        for tree, space, some in zip(trees, spaces, paths, strict=True)
    ]
    first, second = reports
    return replace(
        first,
        findings=first.findings + second.findings,
        compared=first.compared + second.compared,
        rules=tuple({rule.id: rule for rule in (*first.rules, *second.rules)}.values()),
        excerpts={**first.excerpts, **second.excerpts},
    )


def _report(tree: Tree, space: Workspace, paths: Collection[str], settings: Settings) -> Report:
    teller = Teller(space, Grades(settings, {}), BY_ID)
    located = [*space.problems, *tree.problems]
    told = [teller.located(one) for one in located if one.document in paths and one.document not in space.schemas]
    findings = [replace(one, severity=Severity.ERROR) for one in told if one is not None and one.severity]
    looked = [Compared("", tree.label(path), "", "linted") for path in paths if path not in space.schemas]
    return assemble(Parts(findings, teller, dt.date.min, looked, command="diff", judged=(), files=()))


def _relabelled(report: Report, tree: Tree) -> Report:
    return replace(
        report,
        findings=tuple(_placed(one, tree) for one in report.findings),
        excerpts={tree.label(path): lines for path, lines in report.excerpts.items()},
    )


def _placed(one: Finding, tree: Tree) -> Finding:
    if one.location is None:
        return one
    return replace(one, location=replace(one.location, path=tree.label(one.location.path)))
