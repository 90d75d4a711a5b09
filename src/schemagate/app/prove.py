"""Adds to a report what proves it: a datum for each finding, decoded in the same run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from schemagate.engine.lineage import Lineage
from schemagate.finding import Report
from schemagate.rules.catalog import BREAKING, CHANGE

PROVABLE: Final = frozenset({rule.id for rule in (*BREAKING, *CHANGE)} | {"subject-renamed"})


def prove(report: Report, lineages: Iterable[Lineage]) -> Report:
    """The report with a witness in every finding that one can be run for. Nothing is loaded where there is none.

    What is inherited is told in one line a subject, without a proof for each.
    """
    provable = [f for f in report.findings if f.against and f.rule in PROVABLE and not f.inherited]
    if not provable:
        return report
    from schemagate.app.prover import Prover

    prover = Prover(lineages)
    proven = {id(finding): prover.witness(finding) for finding in provable}
    return replace(
        report,
        findings=tuple(replace(f, witness=proven[id(f)]) if id(f) in proven else f for f in report.findings),
    )
