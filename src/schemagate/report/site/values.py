"""What the page tells, as values: every subject with its versions, fields, readers, findings and neighbours."""

from __future__ import annotations

import enum

import msgspec

from schemagate.engine.lifelines import Lifeline
from schemagate.engine.matrix import Matrix
from schemagate.finding import Finding, Severity, Suppressed
from schemagate.report.costs import Cost
from schemagate.report.timeline import Step


class Health(enum.StrEnum):
    """How a subject stands, the worst first."""

    BROKEN = "broken"
    """What is proposed has an error."""
    UNDECIDED = "undecided"
    """Something about it could not be looked at."""
    WARNED = "warned"
    """A warning."""
    SCARRED = "scarred"
    """Nothing new, but published versions that the mode compares cannot read each other."""
    SOUND = "sound"
    GONE = "gone"
    """Deleted; its data may still be read."""


class Told(msgspec.Struct, frozen=True):
    """What the gate says of one subject."""

    findings: tuple[Finding, ...] = ()
    accepted: tuple[Suppressed, ...] = ()
    undecided: tuple[str, ...] = ()
    scarred: bool = False
    """Published versions cannot read each other, where no finding tells so."""

    def health(self, state: str) -> Health:
        """``state`` is the candidate's, as the list of subjects tells it."""
        counted = [finding.severity for finding in self.findings if not finding.inherited]
        if Severity.ERROR in counted or state == "not a schema":
            return Health.BROKEN
        if self.undecided:
            return Health.UNDECIDED
        if state == "deleted":
            return Health.GONE
        if Severity.WARNING in counted:
            return Health.WARNED
        scarred = self.scarred or any(finding.inherited for finding in self.findings)
        return Health.SCARRED if scarred else Health.SOUND


class Subject(msgspec.Struct, frozen=True):
    """One subject. ``steps`` are its versions, oldest first, the proposed one last; lines count along them.

    The matrix is about the newest of them, which are all unless there are very many.

    ``state`` is as in :class:`schemagate.report.timeline.Entry`.
    """

    name: str
    path: str
    mode: str
    state: str = ""
    steps: tuple[Step, ...] = ()
    lines: tuple[Lifeline, ...] = ()
    matrix: Matrix = Matrix()
    told: Told = Told()
    owners: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    """Who published last, the newest first: who to ask where nobody is named as the owner."""
    cost: Cost | None = None
    left_out: tuple[str, ...] = ()

    @property
    def published(self) -> tuple[Step, ...]:
        """The versions that are published somewhere."""
        return tuple(step for step in self.steps if step.published)

    @property
    def last(self) -> str:
        """The ISO date of the newest version's first publication; empty if unknown."""
        dates = [place.place.date for step in self.published[-1:] for place in step.published]
        return next((date for date in dates if date), "")


class Shared(msgspec.Struct, frozen=True):
    """A file that only defines types for others: a node of the graph that is no subject."""

    path: str
    types: tuple[str, ...] = ()


class Site(msgspec.Struct, frozen=True):
    """The whole page. ``uses`` are (user, used) positions, subjects first, then ``shared``.

    ``made`` is an ISO date. ``git`` and ``registry`` name what was read, empty for what was not.
    """

    title: str
    made: str
    subjects: tuple[Subject, ...] = ()
    shared: tuple[Shared, ...] = ()
    uses: tuple[tuple[int, int], ...] = ()
    git: str = ""
    registry: str = ""
    notes: tuple[str, ...] = ()
    """Findings that are about no subject: of the configuration, of files without one."""
    undecided: tuple[str, ...] = ()
    """What could not be looked at, and is about no one subject."""
    assumptions: tuple[str, ...] = ()
    """What the sizes rest on."""
