"""Two pictures that Markdown can hold: which versions a change hurts, and whom a shared file's change reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Final

from schemagate.compat.modes import Mode
from schemagate.finding import Compared, Direction, Finding, Severity
from schemagate.report import words
from schemagate.report.escape import clean
from schemagate.report.layout import clip
from schemagate.report.markup import code

BACKWARD, FORWARD = Direction.BACKWARD, Direction.FORWARD
MODES: Final = {mode.value: mode for mode in Mode}
FINE, UNSAFE, BROKEN = "✅", "⚠️", "❌"
ROWS: Final = {BACKWARD: "this change reads", FORWARD: "reads this change"}
MOST_COLUMNS: Final = 12
"""Runs of versions with the same answers; the older ones of more are told together."""
MOST_NODES: Final = 40
"""Subjects of one graph: more is nothing to look at."""
MOST_FILES: Final = 10
LONGEST: Final = 60
PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-/")

Column = tuple[list[str], tuple[str, ...]]
"""Versions that follow each other, and the answer of each direction."""


def who_reads(one: Compared, findings: Iterable[Finding], index: words.Index) -> str:
    """A table with a column for each run of versions and a row for each direction that the mode asks.

    Empty for a single version and where nothing is worth a mark: the summary's own table says that already.
    """
    asked = MODES[one.mode].directions if one.mode in MODES else ()
    marks = _marks(findings, index)
    if len(one.versions) < 2 or not asked or not marks:
        return ""
    answers = [(v.name, tuple(marks.get((v.name, way), FINE) for way in asked)) for v in one.versions]
    columns = [([name for name, _ in run], told) for told, run in groupby(answers, key=lambda answer: answer[1])]
    columns = _recent(columns)
    lines = [
        f"| who reads whom | {' | '.join(code(_named(names)) for names, _ in columns)} |",
        "| --- |" + " :-: |" * len(columns),
    ]
    lines += [f"| {ROWS[way]} | {' | '.join(told[n] for _, told in columns)} |" for n, way in enumerate(asked)]
    return "\n".join(lines)


def _marks(findings: Iterable[Finding], index: words.Index) -> dict[tuple[str, Direction], str]:
    """The worst that holds of each version and direction, where it is not fine."""
    marks: dict[tuple[str, Direction], str] = {}
    for finding in findings:
        mark = BROKEN if index.is_break(finding) else UNSAFE
        if finding.severity < Severity.WARNING:
            continue
        for one in finding.against:
            key = one.version.name, one.direction
            marks[key] = BROKEN if BROKEN in (mark, marks.get(key)) else mark
    return marks


def _recent(columns: Sequence[Column]) -> list[Column]:
    """The newest runs; in what the older ones are told as together, the worst wins."""
    if len(columns) <= MOST_COLUMNS:
        return list(columns)
    older, newer = columns[: 1 - MOST_COLUMNS], columns[1 - MOST_COLUMNS :]
    by_way = zip(*(told for _, told in older), strict=True)
    worst = tuple(max(told, key=(FINE, UNSAFE, BROKEN).index) for told in by_way)
    return [([name for names, _ in older for name in names], worst), *newer]


def _named(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"


def reached(by_owner: Mapping[str, Sequence[Finding]], compared: Iterable[Compared]) -> str:
    """A mermaid graph from each file to the subjects that a finding in it hurts; empty where no file has several."""
    home = {one.subject: one.path for one in compared}
    users: dict[str, dict[str, Severity]] = {}
    for subject, findings in by_owner.items():
        for finding in findings:
            path = finding.location.path if finding.location is not None else ""
            if path and finding.subject and finding.against:
                known = users.setdefault(path, {})
                known[subject] = max(known.get(subject, Severity.NOTICE), finding.severity)
    shared = {
        path: hurt for path, hurt in users.items() if len(hurt) > 1 and any(home.get(one) != path for one in hurt)
    }
    return "\n".join(_graph(shared)) if shared else ""


def _graph(shared: Mapping[str, Mapping[str, Severity]]) -> Iterator[str]:
    yield "```mermaid"
    yield "flowchart LR"
    numbers: dict[str, int] = {}
    for file, (path, hurt) in enumerate(islice(shared.items(), MOST_FILES)):
        yield f'  f{file}[/"{_label(path)}"/]'
        worst_first = sorted(hurt.items(), key=lambda item: (-item[1], item[0]))
        for subject, severity in worst_first:
            known = numbers.get(subject)
            if known is None and len(numbers) >= MOST_NODES:
                left = sum(one not in numbers for one, _ in worst_first)
                yield f'  f{file} --> more{file}["{words.count(left, "more subject")}"]'
                break
            number = numbers.setdefault(subject, len(numbers))
            yield f'  f{file} --> s{number}["{_label(subject)}"]:::{severity.label}'
    yield "  classDef error stroke:#d1242f,stroke-width:3px"
    yield "  classDef warning stroke:#bc4c00,stroke-width:2px"
    yield "  classDef notice stroke:#0969da"
    yield "```"


def _label(text: str) -> str:
    """A label in which nothing means anything to mermaid, to HTML or to Markdown: its own entities for every sign."""
    shown = clip(clean(text), LONGEST)
    return "".join(sign if sign in PLAIN else f"#{ord(sign)};" for sign in shown)
