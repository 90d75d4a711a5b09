"""Runs the change rules over everything that differs between an old and a new schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from schemagate.engine.cause import Cause
from schemagate.rules.kit import Rule
from schemagate.schema.align import Change, Rename, align_from, pair_fields, start_of
from schemagate.schema.model import Field, Logical, Record, Schema
from schemagate.schema.walk import Part

Pairing = tuple[Field | None, Field | None, str]


class ChangeRules:
    """The change rules, run once for each pair of fields that differs, however many versions share the pair.

    One instance serves one subject: what a pair yields depends on the renames that are believed.
    """

    def __init__(self, rules: Iterable[Rule], renames: frozenset[Rename]) -> None:
        self._rules = tuple(rules)
        self._renames = renames
        self._table: dict[type, tuple[Rule, ...]] = {}
        self._memo: dict[Pairing, tuple[Cause, ...]] = {}

    def causes(self, old: Schema, new: Schema) -> Iterator[Cause]:
        """Every change rule's word on this pair, outermost place first."""
        start = start_of(old, new)
        if isinstance(old.root, Record) and isinstance(new.root, Record) and not old.root.free and not new.root.free:
            yield from self._run(start)
            yield from self._fields(start, old.root, new.root)
        else:
            for change in align_from(start, self._renames):
                yield from self._run(change)

    def _fields(self, start: Change[Part], old: Record, new: Record) -> Iterator[Cause]:
        for a, b, how in pair_fields(old, new, self._renames):
            key = (a, b, how)
            known = self._memo.get(key)
            if known is None:
                relative = start_of(start.old_schema, start.new_schema, a, b, how, (old, new))
                known = tuple(c for change in align_from(relative, self._renames) for c in self._run(change))
                self._memo[key] = known
            if known:
                field = b if b is not None else a
                assert field is not None
                pointer = f"/fields/{new.fields.index(b)}" if b is not None else ""
                yield from (cause.under(f"$.{field.name}", pointer) for cause in known)

    def _run(self, change: Change[Part]) -> Iterator[Cause]:
        part = change.new if change.new is not None else change.old
        for rule in self._for(type(part)):
            subject = _seen_by(rule, change)
            if subject is not None and rule.run is not None:
                for found in rule.run(subject):
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

    def _for(self, kind: type) -> tuple[Rule, ...]:
        known = self._table.get(kind)
        if known is None:
            known = tuple(r for r in self._rules if any(issubclass(kind, o) or issubclass(o, Logical) for o in r.on))
            self._table[kind] = known
        return known


def _seen_by(rule: Rule, change: Change[Part]) -> Change[Any] | None:
    """The change as a rule sees it: both sides an ``on``, or both carrying a logical type that is one."""
    old, new = change.old, change.new
    if all(side is None or isinstance(side, rule.on) for side in (old, new)):
        return change
    if any(issubclass(o, Logical) for o in rule.on):
        before, after = getattr(old, "logical", None), getattr(new, "logical", None)
        if isinstance(before, rule.on) and isinstance(after, rule.on):
            return change.of(before, after)
    return None
