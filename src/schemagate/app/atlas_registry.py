"""The registry's side of the page: what it holds, beside git's subjects or alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from schemagate.app.artist import Artist, newest_breaks
from schemagate.app.combine import Combiner, level_of
from schemagate.app.history import Series
from schemagate.app.lineages import Past
from schemagate.app.remote import Held
from schemagate.app.steps import Steps
from schemagate.compat.modes import Mode
from schemagate.engine.lineage import Lineage, Version
from schemagate.report.site.values import Subject, Told
from schemagate.schema.model import Schema


class Shelf(msgspec.Struct):
    """What a registry holds of all its subjects, and what takes it into a lineage."""

    held: Mapping[str, Held]
    combiner: Combiner

    def joined(self, series: Series, mode: str, candidate: Schema | None, past: Past) -> Past:
        """Git's past with the registry's versions among its own, each distinct schema once."""
        lineage = Lineage(
            series.name, series.path, Mode(mode), candidate, tuple(past.versions), past.newest, names=series.names
        )
        combined, standings = self.combiner.combine(lineage, self.held)
        if not standings:
            return past
        return replace(past, versions=list(combined.versions), newest=past.newest or combined.newest)

    def alone(self, name: str) -> tuple[Version, ...]:
        """The versions of a subject that git does not know."""
        lineage = Lineage(name, "", Mode.NONE, None, names=(name,))
        return self.combiner.combine(lineage, self.held)[0].versions

    def uses(self, places: Mapping[str, int]) -> Iterator[tuple[int, int]]:
        """(user, used) of the latest versions' references, between the subjects that have a place."""
        for name, one in self.held.items():
            latest = one.state.latest
            for reference in latest.payload.references if latest is not None else ():
                pair = (places.get(name, -1), places.get(reference.subject, -1))
                if -1 not in pair and pair[0] != pair[1]:
                    yield pair


def registry_subjects(shelf: Shelf, names: Sequence[str], artist: Artist) -> Iterator[Subject]:
    """The subjects of a registry on their own."""
    for name in names:
        held = shelf.held[name]
        versions = shelf.alone(name)
        steps = []
        maker = Steps(memo=artist.memo)
        for before, version in zip((None, *versions), versions, strict=False):
            steps.append(maker.published(version, before, ""))
        level = level_of(held)
        mode = level.value if level is not None else Mode.NONE.value
        state = "" if held.state.exists else "deleted"
        left_out = (
            *(f"registry {version}: {why}" for version, why in held.unreadable.items()),
            *(f"registry {version}: it is {kind}, not Avro" for version, kind in held.foreign.items()),
        )
        subject = artist.drawn(Subject(name, "", mode, state, left_out=left_out), versions, None, steps)
        told = Told(scarred=newest_breaks(subject.matrix, mode))
        latest = versions[-1].schema if versions else None
        yield artist.measured(replace(subject, told=told), latest)
