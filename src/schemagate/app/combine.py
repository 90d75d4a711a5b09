"""One lineage from two pasts: what git published, and what the registry holds under each of the subject's names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from schemagate.app.remote import Held
from schemagate.app.same import Meanings, Sayings
from schemagate.compat.modes import Mode
from schemagate.config import version_of
from schemagate.engine.lineage import Lineage, Version
from schemagate.finding import Direction, Provenance, VersionId
from schemagate.schema.model import Schema
from schemagate.wire.values import Registered


class Standing(msgspec.Struct, frozen=True):
    """How one subject of a lineage stands in the registry; versions are the registry's numbers, oldest first."""

    subject: str
    lineage: Lineage
    """Git's versions and the registry's, each distinct schema once."""
    held: Held
    proposed: tuple[int, ...] = ()
    """The live versions that say what the candidate says, or that the registry takes it for."""
    published: tuple[int, ...] | None = None
    """The live versions that say what git's newest version says; None where git has published nothing."""
    known: tuple[int, ...] = ()
    """The live versions that say what git published at any time, or what the candidate says."""
    unknown: tuple[int, ...] = ()
    """The live versions, since the first one that git knows, that git never published and that are not proposed."""
    waits: bool = False
    """Whether a lower version file is registered before the candidate, which is then the latest."""
    settled: bool = False
    """Whether the candidate is a version file whose text is registered, if with other versions of what it refers to."""
    same: Mapping[int, Schema] = msgspec.field(default_factory=dict)
    """Version → its schema as the lineage holds it."""
    akin: bool = False
    """Whether a live version that says something else writes the same bytes as the candidate."""
    left_out: tuple[str, ...] = ()
    """The kinds of things that the registry leaves out of the candidate (see :mod:`schemagate.plan.kept`)."""

    @property
    def level(self) -> Mode | None:
        """The registry's compatibility level; None where it does not say one that is known."""
        return level_of(self.held)


def level_of(held: Held) -> Mode | None:
    """The level in force in the registry; None where it does not say one that is known."""
    level = held.state.config.level
    return Mode(level) if level in Mode.__members__ else None


class Combiner(msgspec.Struct):
    """Combines the lineages of one run. ``retracted`` holds (subject, label) pairs."""

    meanings: Meanings
    retracted: frozenset[tuple[str, str]] = frozenset()
    ignore_deleted: bool = False

    def combine(self, lineage: Lineage, held: Mapping[str, Held]) -> tuple[Lineage, list[Standing]]:
        """The lineage with the registry's versions, and how each of its subjects stands there."""
        mine = {name: held[name] for name in lineage.names if name in held}
        if not mine:
            return lineage, []
        merged = _Merged(self, lineage, several=len(lineage.names) > 1)
        for name, one in mine.items():
            merged.take(name, one)
        combined = merged.lineage()
        return combined, [merged.standing(name, one, combined) for name, one in mine.items()]


class _Merged:
    """The versions of one lineage while a registry's are taken in."""

    def __init__(self, combiner: Combiner, lineage: Lineage, *, several: bool) -> None:
        self._combiner = combiner
        self._lineage = lineage
        self._several = several
        self._versions = list(lineage.versions)
        self._git = len(self._versions)
        self._order = [float(place) for place in range(self._git)]
        self._sayings = Sayings(combiner.meanings, [version.schema for version in self._versions])
        self._newest = next((n for n, v in enumerate(self._versions) if v is lineage.newest), None)
        sources = {place.source for place in lineage.newest.id.published} if lineage.newest is not None else set()
        self._at_tip = "git" in sources
        self._lower = [place for place, version in enumerate(self._versions) if _is_lower(version, lineage.path)]
        self._places: dict[tuple[str, int], int] = {}
        candidate = lineage.candidate
        self._candidate = None if candidate is None else self._sayings.find(candidate)
        self._alone = Sayings(combiner.meanings, [] if candidate is None else [candidate])

    def take(self, name: str, held: Held) -> None:
        """Takes in one subject's versions, each at its place in time."""
        last = -1
        taken: list[tuple[int, Registered]] = []
        for version in held.state.versions:
            schema = held.schemas.get(version.version)
            if schema is None or (version.deleted and self._combiner.ignore_deleted):
                continue
            last = self._places[name, version.version] = self._place(schema, last)
            taken.append((last, version))
        waits = self._waits(name, held)
        for place, version in taken:
            self._mark(place, name, held, version, waits=waits)

    def _waits(self, name: str, held: Held) -> bool:
        """Whether a lower version file is registered first, so that the latest of now is not the latest then."""
        live = {self._places[name, v.version] for v in held.live if (name, v.version) in self._places}
        known = max((place for place in live if place < self._git), default=-1)
        retracted = self._combiner.retracted
        return self._candidate not in live and any(
            place > known and (name, self._versions[place].id.name) not in retracted for place in self._lower
        )

    def _place(self, schema: Schema, before: int) -> int:
        """Where the versions hold this schema; it is added behind the version ``before`` where none does."""
        found = self._sayings.find(schema)
        if found is not None:
            return found
        # What the candidate says, in the candidate's own words: nothing then differs between the two.
        candidate = self._lineage.candidate
        mine = candidate is not None and self._alone.find(schema) is not None
        place = self._sayings.add(schema)
        if mine:
            self._candidate = place
        self._versions.append(Version(VersionId(""), candidate if mine and candidate is not None else schema))
        self._order.append((self._order[before] if before >= 0 else -1.0) + 1e-6 * (place + 1))
        return place

    def _mark(self, place: int, name: str, held: Held, version: Registered, *, waits: bool) -> None:
        label = f"registry {version.version}"
        shown = f"{label} of {name}" if self._several else label
        was = self._versions[place]
        published = (*was.id.published, Provenance("registry", shown))
        latest = version is held.state.latest and not waits
        comparable = held.comparable(version)
        judged = was.judged and comparable and not {(name, label), (name, shown)} & self._combiner.retracted
        asked = was.asked
        level = level_of(held)
        if level is not None and not version.deleted and comparable and (level.transitive or latest):
            asked = tuple(way for way in Direction if way in asked or way in level.directions)
        self._versions[place] = Version(
            VersionId(was.id.name or shown, published), was.schema, judged, was.latest or latest, asked
        )

    def lineage(self) -> Lineage:
        """All versions, oldest first."""
        places = sorted(range(len(self._versions)), key=lambda place: self._order[place])
        newest = self._newest
        if not self._at_tip:
            # Git has published nothing yet: what the registry has as its latest is in force.
            latest = [place for place in reversed(places) if self._versions[place].latest]
            newest = (
                self._candidate if self._candidate in latest else latest[0] if newest is None and latest else newest
            )
        change = self._lineage.change
        if change == "new" and newest is not None:
            change = "unchanged" if newest == self._candidate else "changed"
        return replace(
            self._lineage,
            versions=tuple(self._versions[place] for place in places),
            newest=self._lineage.newest if newest is None else self._versions[newest],
            change=change,
        )

    def standing(self, name: str, held: Held, lineage: Lineage) -> Standing:
        """How one subject stands, once all are taken in."""
        places = {v.version: self._places[name, v.version] for v in held.live if v.version in held.schemas}
        proposed = self._saying(held, places, self._candidate, self._lineage.candidate)
        published = self._saying(held, places, self._newest, self._newest_schema()) if self._at_tip else None
        said = {*proposed, *(published or ())}
        known = [n for n, place in places.items() if place < self._git or place == self._candidate or n in said]
        first = min(known, default=0)
        unknown = [number for number in places if number not in known and number > first]
        return Standing(
            name,
            lineage,
            held,
            proposed,
            published,
            tuple(known),
            tuple(n for n in unknown if (name, f"registry {n}") not in self._combiner.retracted),
            waits=self._waits(name, held),
            settled=self._settled(held, places),
            same={number: self._versions[place].schema for number, place in places.items()},
        )

    def _settled(self, held: Held, places: Mapping[int, int]) -> bool:
        candidate = self._lineage.candidate
        if candidate is None or version_of(self._lineage.path)[1] is None:
            return False
        if self._candidate in places.values():
            return True
        return any(self._combiner.meanings.worded(candidate, held.schemas[number]) for number in places)

    def _newest_schema(self) -> Schema | None:
        return None if self._newest is None else self._versions[self._newest].schema

    def _saying(
        self, held: Held, places: Mapping[int, int], wanted: int | None, schema: Schema | None
    ) -> tuple[int, ...]:
        """The versions that hold what stands at ``wanted``, or need no new one for it."""
        exact = tuple(number for number, place in places.items() if place == wanted)
        if exact or schema is None:
            return exact
        meanings = self._combiner.meanings
        return tuple(number for number in places if meanings.loosely(schema, held.schemas[number]))


def _is_lower(version: Version, path: str) -> bool:
    """Whether a version file of the same series as ``path``, with a lower number, holds this version."""
    series, number = version_of(path)
    files = (version_of(place.path) for place in version.id.published)
    return number is not None and any(one == series and n is not None and n < number for one, n in files)


def standings_of(standings: Sequence[Standing]) -> dict[str, Standing]:
    """One standing a subject: of several proposed version files of a series the highest one's."""
    return {standing.subject: standing for standing in standings}
