"""Draws one subject of the page: its steps, its fields' lines, who reads whom, what its messages cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from schemagate.app.sizes import Scale
from schemagate.app.steps import PROPOSED
from schemagate.compat.modes import Mode
from schemagate.compat.solve import Memo
from schemagate.config import Settings
from schemagate.engine.lifelines import lifelines
from schemagate.engine.lineage import Version
from schemagate.engine.matrix import Level, Matrix, matrix
from schemagate.engine.tell import Grades
from schemagate.finding import Direction, VersionId
from schemagate.report.costs import BATCH
from schemagate.report.site.values import Subject
from schemagate.report.timeline import Step
from schemagate.schema.model import Schema

MOST_AUTHORS = 2
MOST_MEASURED = 500
"""Subjects whose messages are measured in whole batches; of more, each is measured by :data:`FEW` messages."""
FEW = 10
MOST_COMPARED = 120
"""Versions of one subject that are compared each with each: the newest of more."""


@dataclass(slots=True)
class Artist:
    """Draws the subjects of one run, of which there are ``count``."""

    settings: Settings
    memo: Memo
    count: int
    seed: int = 0
    _grades: Grades = field(init=False)
    _scale: Scale = field(init=False)

    def __post_init__(self) -> None:
        self._grades = Grades(self.settings, {})
        self._scale = Scale(self.seed, batches=self.count <= MOST_MEASURED)

    @property
    def messages(self) -> int:
        """How many messages of each subject are measured."""
        return BATCH if self._scale.batches else FEW

    def drawn(
        self, subject: Subject, versions: Sequence[Version], proposed: Schema | None, steps: Sequence[Step]
    ) -> Subject:
        """The subject with its pictures. ``steps`` are those of the versions and of what is proposed."""
        every = [*versions, *([Version(VersionId(PROPOSED), proposed)] if proposed is not None else [])]
        return replace(
            subject,
            steps=tuple(steps),
            lines=lifelines([version.schema for version in every], [step.edits for step in steps]),
            matrix=matrix(every[-MOST_COMPARED:], subject.path, self._grades, self.memo),
            authors=_authors(steps),
        )

    def measured(self, subject: Subject, schema: Schema | None) -> Subject:
        """The subject with what messages of this schema cost, as far as any can be made."""
        cost = self._scale.generated(schema, self.messages) if schema is not None else ""
        return subject if isinstance(cost, str) else replace(subject, cost=cost)


def newest_breaks(readers: Matrix, mode: str) -> bool:
    """Whether the last version and one that the mode compares it with cannot read each other."""
    last = len(readers.rows) - 1
    asked = Mode(mode) if mode in Mode.__members__ else Mode.NONE
    others = range(last) if asked.transitive else range(max(last - 1, 0), max(last, 0))
    ways = asked.directions
    return any(
        (Direction.BACKWARD in ways and readers.of(last, other).level is Level.BROKEN)
        or (Direction.FORWARD in ways and readers.of(other, last).level is Level.BROKEN)
        for other in others
    )


def _authors(steps: Sequence[Step]) -> tuple[str, ...]:
    """Who published the newest versions."""
    names = (place.author for step in reversed(steps) for place in step.published if place.author)
    return tuple(dict.fromkeys(names))[:MOST_AUTHORS]
