"""Works out the versions on the way to a schema, each judged before the next is sought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from schemagate.app.fellows import Fellows
from schemagate.app.landmarks import difference_from, edits_between, moved, part_of
from schemagate.app.repair import compared
from schemagate.avsc.read import read
from schemagate.compat.modes import Mode
from schemagate.compat.solve import Memo, Solver
from schemagate.config import Settings, version_of
from schemagate.engine.judge import Judge, covered
from schemagate.engine.lineage import Lineage, Version
from schemagate.engine.tell import Grades, Teller
from schemagate.finding import Direction, Finding, Provenance, Severity, VersionId
from schemagate.fix.case import Case
from schemagate.fix.layout import Layout
from schemagate.fix.offers import COMPARING, offers
from schemagate.fix.values import Offer
from schemagate.fix.write import applied
from schemagate.report.migration import Step, Wait
from schemagate.rules.catalog import BY_ID, CHANGE
from schemagate.schema.bulk import VersionReader
from schemagate.schema.canonical import content_key
from schemagate.schema.model import Factory, Schema
from schemagate.schema.walk import walk
from schemagate.workspace import Source, Workspace, load

MOST_REPAIRS: Final = 60
MOST_STEPS: Final = 8


class Ends(msgspec.Struct, frozen=True):
    """Where the way begins and ends: the governed versions, oldest first, and the text that is wanted.

    ``around`` are the other files that the wanted schema uses.
    """

    subject: str
    path: str
    mode: Mode
    versions: tuple[Version, ...]
    newest: Version | None
    before: str
    wanted: bytes
    around: tuple[Source, ...] = ()
    users: tuple[Lineage, ...] = ()
    """Of the subjects that use the file: ``around`` has their files too."""


class Draft(msgspec.Struct, frozen=True):
    """A text with its schema, and the changes that made it; ``goal`` is the text that the way now leads to."""

    data: bytes
    schema: Schema
    goal: bytes
    offers: tuple[Offer, ...] = ()
    findings: tuple[Finding, ...] = ()
    lineages: Mapping[str, Lineage] = msgspec.field(default_factory=dict)
    """Fingerprint → the lineage that the finding is about, where it is another's."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.WARNING)


class Way(msgspec.Struct):
    """What was worked out: ``reached`` the wanted schema itself, ``blocked`` by these where nothing leads on."""

    steps: list[Step] = msgspec.field(default_factory=list)
    breaks: tuple[Finding, ...] = ()
    blocked: tuple[Finding, ...] = ()
    reached: bool = False
    same: bool = False
    left: tuple[str, ...] = ()


class Guide:
    """Finds the way between two ends. Raises UndecidedError where a comparison passes its budget."""

    def __init__(self, ends: Ends, settings: Settings, factory: Factory) -> None:
        self._ends = ends
        self._grades = Grades(settings, {})
        self._factory = factory
        self._reader = VersionReader(factory)
        self._memo = Memo()
        self._judge = Judge(CHANGE, self._memo)
        self._fellows = Fellows(ends.path, ends.users)

    def way(self) -> Way:
        ends = self._ends
        way = Way()
        wanted = self._draft(ends.wanted, ends.wanted, ends.versions)
        if wanted is None:
            return way
        key = content_key(wanted.schema)
        way.same = ends.newest is not None and content_key(ends.newest.schema) == key
        if way.same:
            way.reached = True
            return way
        way.breaks = wanted.errors
        versions, goal = list(ends.versions), ends.wanted
        goal, last = self._walk(way, versions, goal, (), key)
        if not way.reached and way.steps and ends.mode.transitive and last is not None:
            retired = tuple(version.id for version in ends.versions if version.judged)
            self._fellows.retire()
            last = self._walk(way, versions[-1:], goal, retired, key)[1] or last
        if way.steps and not way.reached and last is not None:
            way.left = tuple(difference_from(last.schema, wanted.schema))
        return way

    def _walk(
        self, way: Way, versions: list[Version], goal: bytes, retired: tuple[VersionId, ...], key: object
    ) -> tuple[bytes, Draft | None]:
        """Adds steps as long as they lead on; the goal and the last step at the end. ``versions`` grows with them."""
        seen = {content_key(version.schema) for version in versions}
        last: Draft | None = None
        while len(way.steps) < MOST_STEPS and not way.reached:
            tried = self._repaired(goal, versions)
            if tried is None or tried.errors:
                way.blocked = tried.errors if tried is not None and not way.steps else ()
                break
            if content_key(tried.schema) in seen:
                break
            last, goal = tried, tried.goal
            seen.add(content_key(tried.schema))
            way.reached = content_key(tried.schema) == key
            step = self._step(tried, way, versions, retired)
            way.steps.append(step)
            id_ = VersionId(step.name, (Provenance("file", step.name, self._ends.path),))
            versions.append(Version(id_, tried.schema))
            self._fellows.publish(self._space(tried.data), step.name)
            if self._ends.mode.transitive and not retired:
                break  # As long as the same versions count, no other step comes nearer.
        return goal, last

    def _draft(self, data: bytes, goal: bytes, versions: Sequence[Version]) -> Draft | None:
        """The text judged; None where it holds no schema."""
        space = self._space(data)
        schema = space.schemas.get(self._ends.path)
        if schema is None:
            return None
        lineage = self._lineage(schema, versions)
        teller = Teller(space, self._grades, BY_ID)
        told = (teller.judged(one, lineage) for one in self._judge.judge(lineage) if not one.inherited)
        found = [finding for finding in told if finding is not None]
        causes = {(finding.rule, finding.location) for finding in found}
        theirs: dict[str, Lineage] = {}
        for finding, other in self._fellows.judged(space, self._judge, teller):
            # One edit is one cause, however many use the file.
            if (finding.rule, finding.location) not in causes:
                causes.add((finding.rule, finding.location))
                found.append(finding)
                theirs[finding.fingerprint] = other
        return Draft(data, schema, goal, (), tuple(found), theirs)

    def _space(self, data: bytes) -> Workspace:
        sources = [Source(self._ends.path, data), *self._ends.around]
        return load(sources, self._factory, version_of, self._reader)

    def _lineage(self, schema: Schema, versions: Sequence[Version]) -> Lineage:
        ends = self._ends
        ours = {version.id for version in ends.versions}
        stepped = [version for version in versions if version.id not in ours]
        newest = stepped[-1] if stepped else ends.newest
        if stepped:  # What the registry has as its latest is then the step.
            versions = [replace(version, latest=False) if version.latest else version for version in versions]
        return Lineage(ends.subject, ends.path, ends.mode, schema, tuple(versions), newest)

    def _repaired(self, goal: bytes, versions: Sequence[Version]) -> Draft | None:
        """What is nearest to the goal and clean; with errors where nothing repairs them."""
        draft = self._draft(goal, goal, versions)
        for _ in range(MOST_REPAIRS):
            if draft is None or not draft.errors:
                break
            better = self._better(draft, versions)
            if better is None:
                break
            draft = better
        return draft

    def _better(self, draft: Draft, versions: Sequence[Version]) -> Draft | None:
        """The draft with one error less and no other."""
        lineage = self._lineage(draft.schema, versions)
        document = read(draft.data, self._ends.path)
        layout = Layout(document.text, plain=document.plain)
        had = {finding.fingerprint for finding in draft.errors}
        for finding in draft.errors:
            place = finding.location
            if place is None or place.path != self._ends.path or finding.rule not in COMPARING:
                continue
            lines = document.lines
            span = lines.offset(place.line, place.column), lines.offset(place.end_line, place.end_column)
            pointer = layout.pointer_of(*span)
            if pointer is None:
                continue
            case = Case(finding.rule, layout, pointer, finding.path, finding.args, self._ends.path, staged=True)
            whose = draft.lineages.get(finding.fingerprint, lineage)
            for one in compared(replace(case, lasting=whose.mode.transitive), whose, finding):
                for offer in offers(one, span):
                    tried = self._tried(draft, offer, layout, versions)
                    left = {f.fingerprint for f in tried.errors} if tried is not None else had
                    if tried is not None and finding.fingerprint not in left and left <= had:
                        return tried
        return None

    def _tried(self, draft: Draft, offer: Offer, layout: Layout, versions: Sequence[Version]) -> Draft | None:
        data = applied(draft.data, offer, layout)
        if data is None or data == draft.data:
            return None
        goal = self._towards(draft, offer)
        tried = self._draft(data, goal, versions)
        return None if tried is None else replace(tried, offers=(*draft.offers, offer))

    def _towards(self, draft: Draft, offer: Offer) -> bytes:
        """The goal, changed as the offer leads on: its parts are found by their paths, since places differ."""
        if not offer.goal:
            return draft.goal
        schema = self._space(draft.goal).schemas.get(self._ends.path)
        if schema is None:
            return draft.goal
        places = {visit.pointer: part_of(visit) for visit in walk(draft.schema)}
        targets = {part_of(visit): visit.pointer for visit in reversed(list(walk(schema)))}
        ops = tuple(moved(op, places, targets) for op in offer.goal)
        found = [op for op in ops if op is not None]
        if len(found) < len(ops):
            return draft.goal
        return applied(draft.goal, Offer(offer.title, tuple(found))) or draft.goal

    def _step(self, draft: Draft, way: Way, versions: Sequence[Version], retired: tuple[VersionId, ...]) -> Step:
        lineage = self._lineage(draft.schema, versions)
        before = way.steps[-1].text if way.steps else self._ends.before
        known = {version.id.name: version for version in (*self._ends.versions, *versions)}
        waits = tuple(
            Wait(version.id, direction)
            for version in known.values()
            for direction in Direction
            if version.id not in retired and not self._reads(draft.schema, version.schema, direction)
        )
        return Step(
            self._name(known),
            read(draft.data).text,
            before,
            self._does(way, draft, versions),
            tuple(dict.fromkeys(offer.note for offer in draft.offers if offer.note)),
            tuple(version.id for version in covered(lineage)),
            self._first(draft.schema, lineage.newest),
            waits,
            draft.warnings,
            retired,
        )

    def _does(self, way: Way, draft: Draft, versions: Sequence[Version]) -> tuple[str, ...]:
        """What the author does for this step: at first beyond the schema that is wanted, then beyond the last step."""
        if way.steps:
            return tuple(edits_between(versions[-1].schema, draft.schema))
        titles = tuple(dict.fromkeys(offer.title for offer in draft.offers))
        return titles or ("publish the schema that is wanted as it is",)

    def _name(self, known: dict[str, Version]) -> str:
        """The next version's name."""
        numbers = [int(name[1:]) for name in known if name[:1] == "v" and name[1:].isdigit()]
        return f"v{max(numbers, default=len(known)) + 1}"

    def _reads(self, schema: Schema, other: Schema, direction: Direction) -> bool:
        pair = (schema, other) if direction is Direction.BACKWARD else (other, schema)
        return Solver(*pair, self._memo).compatible()

    def _first(self, schema: Schema, before: Version | None) -> str:
        """Who deploys first: whoever the other side does not trouble."""
        if before is None:
            return "either"
        ways = {way for way in Direction if self._reads(schema, before.schema, way)}
        if len(ways) == len(Direction):
            return "either"
        if not ways:
            return "together"
        return "consumers" if Direction.BACKWARD in ways else "producers"
