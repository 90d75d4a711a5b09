"""Judges a lineage: every cause against every version that the mode covers, each cause once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from schemagate.compat.solve import Memo
from schemagate.engine.breaks import break_causes
from schemagate.engine.cause import Cause
from schemagate.engine.changes import ChangeRules
from schemagate.engine.lineage import Lineage, Version
from schemagate.finding import Against, Direction
from schemagate.rules.kit import Rule
from schemagate.schema.align import Rename, align
from schemagate.schema.model import Field, Record, Schema


@dataclass(slots=True)
class Judged:
    """One cause with every version and direction for which it holds, oldest version first."""

    cause: Cause
    against: list[Against] = field(default_factory=list)
    inherited: bool = False


class Judge:
    """Judges lineages of one run; verdicts that do not depend on the subject are shared between them."""

    def __init__(self, change_rules: Iterable[Rule], memo: Memo | None = None) -> None:
        self._rules = tuple(change_rules)
        self._memo = memo or Memo()

    def judge(self, lineage: Lineage) -> list[Judged]:
        """Everything that the mode's questions find, fresh causes before inherited ones.

        Raises UndecidedError if a comparison passes its budget.
        """
        candidate, newest = lineage.candidate, lineage.newest
        if candidate is None:
            return []
        renames = likely(newest.schema, candidate) if newest is not None else frozenset()
        fresh = _Comparer(candidate, ChangeRules(self._rules, renames), renames, lineage, self._memo)
        past = None
        if newest is not None:
            past = _Comparer(newest.schema, ChangeRules(self._rules, frozenset()), frozenset(), lineage, self._memo)
        merged: dict[object, Judged] = {}
        for version in covered(lineage):
            causes = fresh.causes(version)
            if not causes:
                continue
            known: set[tuple[object, Direction]] = set()
            if past is not None and version is not newest:
                known = {(c.key, direction) for c in past.causes(version) for direction in c.directions}
            for cause in causes:
                _merge(merged, cause, version, known, lineage)
        return sorted(merged.values(), key=lambda j: j.inherited)


def covered(lineage: Lineage) -> tuple[Version, ...]:
    """The versions that the mode asks about: all that are judged, or the one in force."""
    if not lineage.mode.directions:
        return ()
    if lineage.mode.transitive:
        return lineage.judged
    return (lineage.newest,) if lineage.newest is not None and lineage.newest.judged else ()


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
    def __init__(
        self, new: Schema, rules: ChangeRules, renames: frozenset[Rename], lineage: Lineage, memo: Memo
    ) -> None:
        self._new = new
        self._rules = rules
        self._renames = renames
        self._directions = lineage.mode.directions
        self._memo = memo

    def causes(self, version: Version) -> list[Cause]:
        """The causes against one version; a break claims what the change rules say of the same place."""
        if version.schema.root is self._new.root and not self._new.root.free:
            return []
        breaks = list(break_causes(version.schema, self._new, self._directions, self._memo, self._renames))
        broken = {cause.path for cause in breaks}
        asked = frozenset(self._directions)
        changes = [
            cause
            for cause in self._rules.causes(version.schema, self._new)
            if cause.path not in broken and asked.intersection(cause.directions)
        ]
        return breaks + changes


def _merge(
    merged: dict[object, Judged],
    cause: Cause,
    version: Version,
    known: set[tuple[object, Direction]],
    lineage: Lineage,
) -> None:
    for direction in cause.directions:
        if direction not in lineage.mode.directions:
            continue
        inherited = (cause.key, direction) in known
        entry = merged.get((cause.key, inherited))
        if entry is None:
            entry = merged[cause.key, inherited] = Judged(cause, inherited=inherited)
        against = Against(version.id, direction, cause.reasons.get(direction, ""))
        if against not in entry.against:
            entry.against.append(against)
