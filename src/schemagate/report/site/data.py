"""The page's data: the values as compact JSON, an overview for the start and one part a subject for when it is opened.

What the script reads as a list is an ``array_like`` struct here: the order of its fields is the format.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from schemagate._version import __version__
from schemagate.engine.edits import Edit
from schemagate.engine.lifelines import Lifeline
from schemagate.engine.matrix import Matrix
from schemagate.finding import Direction, Finding, Json, Suppressed
from schemagate.report.costs import CODECS, Cost, total
from schemagate.report.difference import is_break, told_of
from schemagate.report.escape import printable
from schemagate.report.proof import words_of_proof
from schemagate.report.site.values import Site, Subject
from schemagate.report.timeline import Publication, Step
from schemagate.report.words import harms

Row = list[Json]


def overview(site: Site) -> str:
    """What the first view needs, all subjects included, as JSON that may stand in a script element."""
    costs = [subject.cost for subject in site.subjects if subject.cost is not None]
    return _text(
        {
            "title": printable(site.title),
            "made": site.made,
            "tool": __version__,
            "git": printable(site.git),
            "registry": printable(site.registry),
            "notes": [printable(text) for text in (*(f"undecided: {why}" for why in site.undecided), *site.notes)],
            "assumptions": list(map(printable, site.assumptions)),
            "subjects": [_row(subject) for subject in site.subjects],
            "shared": [[printable(shared.path), list(map(printable, shared.types))] for shared in site.shared],
            "uses": [list(pair) for pair in site.uses],
            "costs": _cost(total(costs)) if costs else None,
        }
    )


def subject_data(subject: Subject) -> str:
    """What one subject's view needs beside the overview, as JSON that may stand in a script element."""
    return _text(
        {
            "versions": [_step(step) for step in subject.steps],
            "lines": [_line(line, len(subject.steps)) for line in subject.lines],
            "matrix": _matrix(subject.matrix),
            "findings": [_finding(finding) for finding in subject.told.findings],
            "accepted": [_accepted(suppressed) for suppressed in subject.told.accepted],
            "undecided": list(map(printable, subject.told.undecided)),
            "leftOut": list(map(printable, subject.left_out)),
            "cost": _cost(subject.cost) if subject.cost is not None else None,
        }
    )


def _row(subject: Subject) -> Row:
    """name, file, mode, state, health; versions in all, in git, in the registry, in both; last, owners, authors, bytes.

    Last come the versions as dots: 0 where one and the one before read each other, 1 where not, 2 undecided.
    """
    published = subject.published
    git = [any(place.place.source != "registry" for place in step.published) for step in published]
    registry = [any(place.place.source == "registry" for place in step.published) for step in published]
    cost = subject.cost
    per = (
        [] if cost is None or not cost.messages else [cost.alone.json / cost.messages, cost.alone.avro / cost.messages]
    )
    return [
        printable(subject.name),
        printable(subject.path),
        subject.mode,
        subject.state,
        subject.told.health(subject.state).value,
        len(published),
        sum(git),
        sum(registry),
        sum(map(operator.and_, git, registry)),
        subject.last,
        list(map(printable, subject.owners)),
        list(map(printable, subject.authors)),
        [round(size, 1) for size in per],
        [_broken(step) for step in published],
    ]


def _broken(step: Step) -> int:
    return 2 if step.undecided else int(False in step.reads.values())


def _step(step: Step) -> Row:
    """name, mark, places, what led here from the version before, undecided, file before."""
    changes = [
        [printable(path), [list(map(printable, told_of(edit, "→"))) for edit in group]]
        for path, group in _by_path(step.edits)
    ]
    reads = [step.reads.get(direction) for direction in Direction]
    return [
        printable(step.name),
        printable(step.mark),
        [_place(place) for place in step.published],
        None if step.first else changes,
        reads,
        printable(step.undecided),
        printable(step.renamed_from),
    ]


def _by_path(edits: Sequence[Edit]) -> Iterable[tuple[str, Iterable[Edit]]]:
    return groupby(edits, key=lambda edit: edit.path)


def _place(place: Publication) -> Row:
    """source, label, date, author, title, file."""
    at = place.place
    return [at.source, *map(printable, (at.label, at.date, place.author, place.title, at.path))]


def _line(line: Lifeline, versions: int) -> Row:
    """path, type, depth, spans, events as (version, what, text): the last two are missing where nothing ever happened.

    That the first version has a field is no event.
    """
    told = [e for e in line.events if (e.version, e.what) != (0, "born")]
    events = [[event.version, event.what, printable(event.text)] for event in told]
    row: Row = [printable(line.path), printable(line.type), line.depth]
    if not events and line.spans == ((0, versions),):
        return row
    return [*row, [list(span) for span in line.spans], events]


def _matrix(matrix: Matrix) -> dict[str, Json]:
    """``rows`` are numbers of ``kinds``; a kind is a list of (times, verdict), so that equal rows are written once."""
    kinds: dict[tuple[int, ...], int] = {}
    rows = [kinds.setdefault(row, len(kinds)) for row in matrix.rows]
    return {
        "rows": rows,
        "kinds": [[n for verdict, run in groupby(kind) for n in (len(list(run)), verdict)] for kind in kinds],
        "verdicts": [[int(verdict.level), *verdict.reasons] for verdict in matrix.verdicts],
        "reasons": [
            [printable(reason.path), printable(reason.text), reason.rule, int(reason.level)]
            for reason in matrix.reasons
        ],
    }


def _finding(finding: Finding) -> dict[str, Json]:
    place = finding.location
    return {
        "rule": finding.rule,
        "severity": finding.severity.label,
        "message": printable(finding.message),
        "path": printable(finding.path),
        "place": printable(f"{place.path}:{place.line}:{place.column}") if place is not None else "",
        "harms": [printable(harm.sentence(breaks=is_break(finding))) for harm in harms(finding.against)],
        "proof": [printable(text) for text in words_of_proof(finding)],
        "help": finding.help and "\n".join(map(printable, finding.help.split("\n"))),
        "inherited": finding.inherited,
    }


def _accepted(suppressed: Suppressed) -> dict[str, Json]:
    told = {"by": suppressed.by, "reason": suppressed.reason, "owner": suppressed.owner, "expires": suppressed.expires}
    return {**_finding(suppressed.finding), **{key: printable(text) for key, text in told.items()}}


def _cost(cost: Cost) -> dict[str, Json]:
    batches: Mapping[str, Json] = {
        codec: [cost.batches[codec].json, cost.batches[codec].avro] for codec in CODECS if codec in cost.batches
    }
    return {
        "messages": cost.messages,
        "json": cost.alone.json,
        "avro": cost.alone.avro,
        "names": cost.names,
        "batches": batches,
    }


def _text(value: Json) -> str:
    r"""Compact JSON in ASCII without ``<``, ``>`` and ``&``: nothing in it can end a script element or begin a comment.

    U+2028 and lone surrogates are escaped as everything that is not ASCII.
    """
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
