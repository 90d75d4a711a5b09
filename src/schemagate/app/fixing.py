"""Applies the fixes of a report until nothing is left to fix: in memory, each judged, then written at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec
from msgspec.structs import replace

from schemagate.app.repair import Bench, Repaired, repair
from schemagate.app.trial import Ground
from schemagate.errors import UsageError
from schemagate.finding import Finding, Report
from schemagate.fix.difference import unified
from schemagate.fix.offers import REPAIRABLE
from schemagate.fix.values import Offer
from schemagate.fix.write import splices

MOST_ROUNDS: Final = 20
"""A text that is repaired may show what could not be seen before; so often it is looked at again."""

MOST_NOTES: Final = 30

Run = Callable[[Mapping[str, bytes]], Ground]
"""Judges the files with some of them replaced."""


class Fixed(msgspec.Struct, frozen=True):
    """One repair that was made: what it was for, and what was done."""

    path: str
    rule: str
    title: str


class Change(msgspec.Struct, frozen=True):
    """A file before and after."""

    path: str
    before: bytes
    after: bytes


class Fixing(msgspec.Struct, frozen=True):
    """What can be fixed. ``before`` and ``after`` are the reports on the files as they are and as they would be."""

    before: Report
    after: Report
    root: str
    changes: tuple[Change, ...] = ()
    fixed: tuple[Fixed, ...] = ()

    @property
    def diff(self) -> str:
        """A unified diff of all files, with paths from the root."""
        return "".join(unified(change.path, change.before, change.after) for change in self.changes)


def fixing(run: Run, *, unsafe: bool = False) -> Fixing:
    """Works out every fix without writing any; with ``unsafe`` also those that pick a meaning for the author.

    Raises what ``run`` raises.
    """
    ground = first = run({})
    overlay: dict[str, bytes] = {}
    fixed: list[Fixed] = []
    for _ in range(MOST_ROUNDS):
        made = _round(ground, unsafe=unsafe)
        if not made:
            break
        overlay.update({path: data for path, (data, _) in made.items()})
        fixed += [one for _, done in made.values() for one in done]
        ground = run(overlay)
    originals = first.workspace.documents
    changes = [Change(path, originals[path].data, data) for path, data in sorted(overlay.items())]
    return Fixing(
        first.report,
        _noted(repair(ground), fixed, first),
        first.root,
        tuple(change for change in changes if change.before != change.after),
        tuple(fixed),
    )


def _is_kept(ground: Ground, finding: Finding) -> bool:
    """Whether the finding might be repaired in a file that is published as it stands."""
    path = finding.location.path if finding.location is not None else ""
    return path in ground.fixed and finding.rule in REPAIRABLE and not finding.inherited


def write(found: Fixing) -> None:
    """Writes the changed files. Raises UsageError where some cannot be written; the others are written all the same."""
    from schemagate.adapters.rewrite import rewrite

    refused: list[UsageError] = []
    for change in found.changes:
        try:
            rewrite(found.root, change.path, change.before, change.after)
        except UsageError as error:
            refused.append(error)
    if refused:
        rest = len(found.changes) - len(refused)
        said = f"; {rest} other{'s are' if rest > 1 else ' is'} written" if rest else ""
        raise UsageError("; ".join(error.message for error in refused) + said, hint=refused[0].hint) from refused[0]


_Made = dict[str, tuple[bytes, list[Fixed]]]


def _round(ground: Ground, *, unsafe: bool) -> _Made:
    """One repair at most of each finding, all those of a file together: path → its new content and what was done."""
    bench = Bench(ground)
    files: dict[str, list[Finding]] = {}
    for finding in ground.report.findings:
        if bench.takes(finding):
            assert finding.location is not None
            files.setdefault(finding.location.path, []).append(finding)
    made: _Made = {}
    users = ground.workspace.dependents(files)
    for path, findings in files.items():
        # A file and one whose types it uses are judged together, so they change in turn.
        if made and (users.get(path) in made or any(users.get(other) == path for other in made)):
            continue
        found = _file(bench, findings, unsafe=unsafe, textual=bool(ground.report.undecided))
        if found is not None:
            made[path] = found
    return made


def _file(
    bench: Bench, findings: Iterable[Finding], *, unsafe: bool, textual: bool
) -> tuple[bytes, list[Fixed]] | None:
    """The file with every repair that fits beside the others; what does not fit now may in the next round.

    ``textual`` allows only what no judgement is needed for: something could not be decided.
    """
    wanted: list[tuple[Finding, list[Offer]]] = []
    for finding in findings:
        allowed = [o for o in bench.offered(finding) if (o.safe or unsafe) and (o.textual or not textual)]
        if allowed:
            wanted.append((finding, allowed))
    if any(offers[0].textual for _, offers in wanted):
        # What the text says must be settled before what it means.
        wanted = [(finding, offers) for finding, offers in wanted if offers[0].textual]
    together = _together(bench, wanted)
    return together if together is not None else _in_turn(bench, wanted)


def _together(bench: Bench, wanted: list[tuple[Finding, list[Offer]]]) -> tuple[bytes, list[Fixed]] | None:
    chosen = [(finding, offers[0]) for finding, offers in wanted]
    fitting: list[tuple[Finding, Offer]] = []
    for finding, offer in chosen:
        if _fits(bench, [*fitting, (finding, offer)]):
            fitting.append((finding, offer))
    return _made(bench, fitting) if fitting else None


def _in_turn(bench: Bench, wanted: list[tuple[Finding, list[Offer]]]) -> tuple[bytes, list[Fixed]] | None:
    """Each repair that is clean with those before it."""
    kept: list[tuple[Finding, Offer]] = []
    best = None
    for finding, offers in wanted:
        for offer in offers:
            tried = [*kept, (finding, offer)]
            made = _made(bench, tried) if _fits(bench, tried) else None
            if made is not None:
                kept, best = tried, made
                break
    return best


def _fits(bench: Bench, chosen: list[tuple[Finding, Offer]]) -> bool:
    place = chosen[0][0].location
    assert place is not None
    ops = [op for _, offer in chosen for op in offer.ops]
    # One change that two findings ask for is made once, and the second finding is gone in the next round.
    return len(set(map(repr, ops))) == len(ops) and splices(bench.layout(place.path), ops) is not None


def _made(bench: Bench, chosen: list[tuple[Finding, Offer]]) -> tuple[bytes, list[Fixed]] | None:
    findings = [finding for finding, _ in chosen]
    repaired = bench.tried(findings, joined([offer for _, offer in chosen]))
    if repaired is None:
        return None
    return repaired.data, [_told(finding, offer, repaired) for finding, offer in chosen]


def joined(offers: list[Offer]) -> Offer:
    """Several changes of one document as one."""
    return Offer(
        "; ".join(dict.fromkeys(offer.title for offer in offers)),
        tuple(op for offer in offers for op in offer.ops),
        safe=all(offer.safe for offer in offers),
        textual=all(offer.textual for offer in offers),
        bare=any(offer.bare for offer in offers),
        utf8=any(offer.utf8 for offer in offers),
    )


def _told(finding: Finding, offer: Offer, repaired: Repaired) -> Fixed:
    return Fixed(repaired.path, finding.rule, offer.title)


def _noted(report: Report, fixed: list[Fixed], first: Ground) -> Report:
    """The report on what is left, with what was repaired and what was not among its notes."""
    notes = [f"fixed {path}: {title} ({rule}){more}" for (path, rule, title), more in _counted(fixed)]
    if len(notes) > MOST_NOTES:
        rest = len(notes) - MOST_NOTES
        notes = [*notes[:MOST_NOTES], f"fixed {rest} more; `git diff` shows them"]
    open_ = sum(1 for finding in report.findings if finding.fix is not None and not finding.fix.safe)
    if open_:
        what = "1 finding has a fix that picks" if open_ == 1 else f"{open_} findings have a fix that picks"
        notes.append(f"{what} a meaning for you: `--unsafe-fixes` writes those too, `--diff` shows them first")
    kept = sorted({f.location.path for f in first.report.findings if f.location and _is_kept(first, f)})
    notes += [f"{path} is published and stays as it is; a change needs a new version file" for path in kept]
    return replace(report, notes=(*report.notes, *notes))


def _counted(fixed: Iterable[Fixed]) -> list[tuple[tuple[str, str, str], str]]:
    counts = Counter((one.path, one.rule, one.title) for one in fixed)
    return [(key, f", {count} times" if count > 1 else "") for key, count in counts.items()]
