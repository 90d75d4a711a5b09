"""Judges a lineage: every cause against every version that the mode covers, each cause once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from schemagate.compat.solve import Memo
from schemagate.engine.breaks import break_causes
from schemagate.engine.cause import Cause
from schemagate.engine.changes import ChangeRules
from schemagate.engine.fieldwise import Compared, Fieldwise, Known
from schemagate.engine.lineage import Lineage, Version
from schemagate.engine.quiet import Quiet
from schemagate.engine.symbols import together
from schemagate.finding import Against, Direction
from schemagate.rules.change_order import NEWEST_ONLY
from schemagate.rules.kit import Rule
from schemagate.schema.align import Rename, align
from schemagate.schema.model import Field, Record, Schema


class Judged(msgspec.Struct):
    """One cause with every version and direction for which it holds, oldest version first."""

    cause: Cause
    against: list[Against] = msgspec.field(default_factory=list)
    inherited: bool = False


class Judge:
    """Judges lineages of one run; verdicts that do not depend on the subject are shared between them.

    With ``keep`` it remembers of a lineage with something new what each pair of fields means, as that will be judged
    again with another candidate.
    """

    def __init__(self, change_rules: Iterable[Rule], memo: Memo | None = None, *, keep: bool = False) -> None:
        self._rules = tuple(change_rules)
        self._memo = memo or Memo()
        self._quiet = Quiet()
        self._kept: dict[object, Known] | None = {} if keep else None

    def judge(self, lineage: Lineage) -> list[Judged]:
        """Everything that the mode's questions find, fresh causes before inherited ones.

        Raises UndecidedError if a comparison passes its budget.
        """
        candidate, newest = lineage.candidate, lineage.newest
        if candidate is None:
            return []
        before = len(self._kept or ())
        renames = likely(newest.schema, candidate) if newest is not None else frozenset()
        comparers: dict[tuple[Direction, ...], tuple[_Comparer, _Comparer | None]] = {}
        merged: dict[object, Judged] = {}
        for version, directions in questions(lineage):
            if directions not in comparers:
                comparers[directions] = self._comparers(candidate, newest, renames, directions)
            fresh, past = comparers[directions]
            unsure, new, inherited = fresh.causes(version)
            if unsure or new or inherited:
                had = {(c.key, direction) for c in inherited for direction in c.directions}
                if unsure and past is not None and version is not newest:
                    had |= {(c.key, d) for group in past.causes(version) for c in group for d in c.directions}
                _merge(merged, unsure + new + inherited, version, had, directions)
        judged = sorted(together(merged.values()), key=lambda j: j.inherited)
        if self._kept and (not judged or judged[0].inherited):
            for key in list(self._kept)[before:]:
                del self._kept[key]
        return judged

    def pairs(self, new: Schema, versions: Iterable[Version], known: Known) -> Iterator[tuple[Version, list[Cause]]]:
        """All that stands between a schema and each version, both ways; no rename is believed, nothing is inherited.

        ``known`` may be shared by calls whose root records have the same name. Raises UndecidedError as ``judge``.
        """
        none: frozenset[Rename] = frozenset()
        rules = ChangeRules(self._rules, none)
        comparer = _Comparer(new, rules, none, tuple(Direction), None, self._memo, self._quiet, known)
        for version in versions:
            yield version, [cause for part in comparer.causes(version) for cause in part]

    def _comparers(
        self,
        candidate: Schema,
        newest: Version | None,
        renames: frozenset[Rename],
        directions: tuple[Direction, ...],
    ) -> tuple[_Comparer, _Comparer | None]:
        """What compares versions with the candidate, and with the one in force to tell what it already had."""
        shared = (directions, newest, self._memo, self._quiet)
        known = self._known_of(candidate, renames, directions)
        fresh = _Comparer(candidate, ChangeRules(self._rules, renames), renames, *shared, known)
        if newest is None:
            return fresh, None
        no_renames: frozenset[Rename] = frozenset()
        kept = self._known_of(newest.schema, no_renames, directions) if renames else known
        return fresh, _Comparer(newest.schema, ChangeRules(self._rules, no_renames), no_renames, *shared, kept)

    def _known_of(self, new: Schema, renames: frozenset[Rename], directions: tuple[Direction, ...]) -> Known:
        """What is known of pairs of fields that are judged alike, in records of that name and document."""
        if self._kept is None or not isinstance(new.root, Record):
            return {}
        return self._kept.setdefault((new.document, new.root.name, renames, directions), {})


def questions(lineage: Lineage) -> list[tuple[Version, tuple[Direction, ...]]]:
    """Each version that is asked about, oldest first, with the directions that the mode or a registry asks of it.

    The mode asks about all that are judged, or about the one in force and those that are the latest in a registry.
    """
    mode, found = lineage.mode, []
    for version in lineage.judged:
        counts = mode.transitive or version is lineage.newest or version.latest
        directions = mode.directions if counts else ()
        if version.asked and version.asked != directions:
            directions = tuple(way for way in Direction if way in directions or way in version.asked)
        if directions:
            found.append((version, directions))
    return found


def covered(lineage: Lineage) -> tuple[Version, ...]:
    """The versions that are asked about."""
    return tuple(version for version, _ in questions(lineage))


def likely(old: Schema, new: Schema) -> frozenset[Rename]:
    """The renames that an author of this change probably meant."""
    return frozenset(
        Rename(change.records[1].name, change.old.name, change.new.name)
        for change in align(old, new)
        if change.how == "likeness"
        and isinstance(change.old, Field)
        and isinstance(change.new, Field)
        and change.records is not None
        and isinstance(change.records[1], Record)
    )


class _Comparer:
    """Compares versions with one new schema, the work shared between versions that share fields."""

    def __init__(
        self,
        new: Schema,
        rules: ChangeRules,
        renames: frozenset[Rename],
        directions: tuple[Direction, ...],
        newest: Version | None,
        memo: Memo,
        quiet: Quiet,
        known: Known,
    ) -> None:
        self._new = new
        self._rules = rules
        self._renames = renames
        self._directions = directions
        self._asked = frozenset(self._directions)
        self._memo = memo
        self._newest = newest
        former = newest.schema.root if newest is not None else None
        self._fields = Fieldwise(new, renames, self._below, quiet, known, former)

    def causes(self, version: Version) -> Compared:
        """The causes against one version, nothing if it is the new schema itself."""
        old = version.schema
        if old.root is self._new.root and not self._new.root.free:
            return [], [], []
        found = self._fields.causes(old)
        if found is None:
            found = self._compared(old, self._new), [], []
        else:
            found[0].extend(self._own(old, newest=version is self._newest))
        if version is self._newest:
            return [*found[0], *found[1], *found[2]], [], []
        unsure, new = ([cause for cause in part if cause.rule not in NEWEST_ONLY] for part in found[:2])
        return unsure, new, found[2]

    def _own(self, old: Schema, *, newest: bool) -> list[Cause]:
        """What the rules say of the two records themselves: of their names and aliases, and for the newest of docs."""
        was, now = old.root, self._new.root
        if not newest and isinstance(was, Record) and isinstance(now, Record) and _same_names(was, now):
            return []
        causes = self._rules.root_causes(old, self._new)
        return [cause for cause in causes if not self._asked.isdisjoint(cause.directions)]

    def _compared(self, old: Schema, new: Schema, *, roots: bool = True) -> list[Cause]:
        """A whole pair; a break claims what the change rules say of the same place."""
        breaks = list(break_causes(old, new, self._directions, self._memo, self._renames))
        broken = {cause.path for cause in breaks}
        changes = self._rules.causes(old, new, roots=roots)
        return breaks + [c for c in changes if c.path not in broken and not self._asked.isdisjoint(c.directions)]

    def _below(self, old: Schema, new: Schema) -> list[Cause]:
        return self._compared(old, new, roots=False)


def _same_names(old: Record, new: Record) -> bool:
    return (old.name, old.aliases) == (new.name, new.aliases)


def _merge(
    merged: dict[object, Judged],
    causes: Iterable[Cause],
    version: Version,
    had: set[tuple[tuple[object, ...], Direction]],
    directions: tuple[Direction, ...],
) -> None:
    """Adds what one version yields; a cause that it yields twice in one direction counts once."""
    seen: set[object] = set()
    for cause in causes:
        for direction in cause.directions:
            same = (cause.key, direction)
            if direction not in directions or same in seen:
                continue
            seen.add(same)
            inherited = same in had
            entry = merged.get((cause.key, inherited))
            if entry is None:
                entry = merged[cause.key, inherited] = Judged(cause, inherited=inherited)
            entry.against.append(Against(version.id, direction, cause.reasons.get(direction, "")))
