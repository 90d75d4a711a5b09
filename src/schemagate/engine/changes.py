"""Runs the change rules over everything that differs between an old and a new schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec.structs import replace

from schemagate.engine.cause import Cause
from schemagate.rules.kit import Rule
from schemagate.schema.align import Change, Rename, align_from, start_of
from schemagate.schema.model import Schema
from schemagate.schema.sites import Walk
from schemagate.schema.walk import Part


class ChangeRules:
    """The change rules with the renames that are believed for one subject."""

    def __init__(self, rules: Iterable[Rule], renames: frozenset[Rename]) -> None:
        self._rules = tuple(rules)
        self._renames = renames
        self._table: dict[tuple[type, type], tuple[Rule, ...]] = {}

    def causes(self, old: Schema, new: Schema, *, roots: bool = True) -> Iterator[Cause]:
        """Every change rule's word on this pair, outermost place first; what a shared type has is told once.

        Without ``roots`` only what lies below them is looked at.
        """
        told: dict[object, Cause] = {}
        for cause in self._all(start_of(old, new), roots=roots):
            args = cause.key[2]
            told.setdefault((cause.rule, cause.document, cause.pointer, cause.part, args, cause.directions), cause)
        yield from told.values()

    def root_causes(self, old: Schema, new: Schema) -> Iterator[Cause]:
        """What the rules say of the roots themselves, nothing below them looked at."""
        if old.root is not new.root:
            yield from self._run(start_of(old, new))

    def _all(self, start: Change[Part], *, roots: bool) -> Iterator[Cause]:
        walk = Walk(start.old_schema, start.new_schema)
        changes = align_from(start, self._renames, walk)
        causes = [cause for change in changes if roots or change.path != "$" for cause in self._run(change)]
        yield from (replace(cause, also_at=walk.also_at(cause.path)) for cause in causes) if walk.sites else causes

    def _run(self, change: Change[Part]) -> Iterator[Cause]:
        old, new = change.old, change.new
        part = new if new is not None else old
        sides: tuple[type, type] = (type(part if old is None else old), type(part if new is None else new))
        for rule in self._for(sides):
            yield from _caused(rule, change, change)
        before, after = getattr(old, "logical", None), getattr(new, "logical", None)
        if before is not None and after is not None:
            for rule in self._for((type(before), type(after))):
                yield from _caused(rule, change, change.of(before, after))

    def _for(self, sides: tuple[type, type]) -> tuple[Rule, ...]:
        """The rules that asked for both of these classes."""
        known = self._table.get(sides)
        if known is None:
            known = tuple(rule for rule in self._rules if all(issubclass(side, rule.on) for side in sides))
            self._table[sides] = known
        return known


def _caused(rule: Rule, change: Change[Part], seen: Change[Any]) -> Iterator[Cause]:
    """What a rule says of a change as it sees it: the parts themselves, or the logical types that they carry."""
    for found in rule.run(seen) if rule.run is not None else ():
        yield Cause(
            rule.id,
            change.path,
            change.document,
            change.pointer,
            found.part,
            found.args,
            found.directions,
            found.reasons,
            found.severity,
        )
