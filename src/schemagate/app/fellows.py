"""The subjects that use the file of a way: each of its versions has to do for them too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from schemagate.engine.judge import Judge
from schemagate.engine.lineage import Lineage, Version
from schemagate.engine.tell import Teller
from schemagate.finding import Finding, Provenance, VersionId
from schemagate.workspace import Workspace

MOST_FELLOWS: Final = 200
"""Subjects that are judged with each draft; of more, the first."""


class Fellows:
    """Judges the lineages of the subjects that use ``path`` with each draft of it, and keeps what is published."""

    def __init__(self, path: str, lineages: Sequence[Lineage]) -> None:
        self._path = path
        self._lineages = list(lineages[:MOST_FELLOWS])

    def judged(self, space: Workspace, judge: Judge, teller: Teller) -> Iterator[tuple[Finding, Lineage]]:
        """What a draft means for them, as far as it stands in this file: the rest is no matter of this way."""
        for lineage in self._with(space):
            for one in judge.judge(lineage):
                told = None if one.inherited else teller.judged(one, lineage)
                if told is not None and told.location is not None and told.location.path == self._path:
                    yield told, lineage

    def publish(self, space: Workspace, name: str) -> None:
        """A step is published: what each of them has become with it is a version of theirs."""
        grown = []
        for lineage in self._with(space):
            assert lineage.candidate is not None
            id_ = VersionId(f"with {name}", (Provenance("file", f"with {name}", lineage.path),))
            version = Version(id_, lineage.candidate)
            older = tuple(replace(one, latest=False) if one.latest else one for one in lineage.versions)
            grown.append(replace(lineage, versions=(*older, version), newest=version))
        self._lineages = grown

    def retire(self) -> None:
        """Only the newest version of each is still governed."""
        self._lineages = [replace(one, versions=one.versions[-1:]) for one in self._lineages]

    def _with(self, space: Workspace) -> Iterator[Lineage]:
        for lineage in self._lineages:
            schema = space.schemas.get(lineage.path)
            if schema is not None and not schema.undefined:
                yield replace(lineage, candidate=schema)


def users_of(path: str, lineages: Sequence[Lineage]) -> tuple[Lineage, ...]:
    """The lineages of other files whose candidate uses a type of this one, directly or through others."""
    return tuple(
        one
        for one in lineages
        if one.path != path and one.candidate is not None and path in one.candidate.origins.values()
    )


def said(users: Sequence[Lineage], path: str) -> str:
    """One sentence on who uses the file."""
    names = ", ".join(one.subject for one in users[:3])
    more = f" and {len(users) - 3} more" if len(users) > 3 else ""
    left = f"; only the first {MOST_FELLOWS} are judged" if len(users) > MOST_FELLOWS else ""
    return f"judged together with what uses {path}: {names}{more}{left}"
