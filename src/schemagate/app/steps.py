"""Versions as steps of a history: where each was published, by whom, what it changed, and who could read what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from schemagate.compat.solve import Memo, Solver
from schemagate.config import version_of
from schemagate.engine.edits import edits
from schemagate.engine.lineage import Version
from schemagate.errors import UndecidedError
from schemagate.finding import Direction
from schemagate.report.timeline import Publication, Step
from schemagate.schema.model import Schema

if TYPE_CHECKING:
    from schemagate.adapters.git import CommitInfo

PROPOSED = "proposed"
PLACES = {"worktree": "the work tree", "index": "what is staged"}


@dataclass(slots=True)
class Steps:
    """Makes steps. ``commits`` are those of the history by id; ``memo`` is shared by a whole run."""

    commits: Mapping[str, CommitInfo] = field(default_factory=dict)
    memo: Memo = field(default_factory=Memo)

    def published(self, version: Version, before: Version | None, mark: str) -> Step:
        """A published version against the one before."""
        commits = self.commits
        published = tuple(
            Publication(place, commits[place.commit].author, commits[place.commit].subject)
            if place.commit in commits
            else Publication(place)
            for place in version.id.published
        )
        was = next((p.path for p in reversed(before.id.published) if p.path), "") if before is not None else ""
        now = next((p.path for p in version.id.published if p.path), "")
        moved = was if was and now and was != now and version_of(was)[1] is None else ""
        schema = before.schema if before is not None else None
        return self.compared(version.id.name, mark, version.schema, schema, published, moved)

    def proposed(self, kind: str, schema: Schema, before: Version | None) -> Step:
        """The candidate of this kind against what it would follow."""
        where = PLACES.get(kind, "HEAD")
        return self.compared(PROPOSED, f"not published: {where}", schema, before.schema if before else None)

    def compared(
        self,
        name: str,
        mark: str,
        schema: Schema,
        before: Schema | None,
        published: tuple[Publication, ...] = (),
        moved: str = "",
    ) -> Step:
        """One schema against the one before."""
        if before is None:
            return Step(name, published, first=True, mark=mark)
        edited = tuple(edits(before, schema))
        try:
            reads = {
                Direction.BACKWARD: Solver(schema, before, self.memo).compatible(),
                Direction.FORWARD: Solver(before, schema, self.memo).compatible(),
            }
        except UndecidedError as error:
            return Step(name, published, edited, mark=mark, renamed_from=moved, undecided=error.message)
        return Step(name, published, edited, reads, mark=mark, renamed_from=moved)
