"""Compares two records field by field, so that a field that many versions share is compared once for all of them.

What a pair of fields means does not depend on the fields beside it, if neither uses a type defined elsewhere and no
alias reaches across. Then the comparison of two records is the sum of the comparisons of records with one field each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from schemagate.engine.cause import Cause
from schemagate.engine.quiet import Quiet
from schemagate.schema.align import Pair, Rename, pair_fields
from schemagate.schema.model import Field, Named, Record, Schema, short_name

Compare = Callable[[Schema, Schema], list[Cause]]
Known = dict[Pair, tuple[Cause, ...]]


class Fieldwise:
    """Compares old schemas with one new one. ``compare`` judges a pair as a whole, from the root down.

    ``known`` may be shared by comparers that believe the same renames: a pair's causes are kept as they stand in a
    record that has the field alone.
    """

    def __init__(
        self, new: Schema, renames: frozenset[Rename], compare: Compare, quiet: Quiet, known: Known
    ) -> None:
        self._schema = new
        self._renames = renames
        self._compare = compare
        self._quiet = quiet
        root = new.root
        self._new = root if isinstance(root, Record) and not root.free else None
        fields = self._new.fields if self._new is not None else ()
        self._aliased = [f for f in fields if f.aliases]
        self._index = {f: i for i, f in enumerate(fields)}
        self._known = known
        self._placed: dict[Pair, tuple[Cause, ...]] = {}

    def causes(self, old: Schema) -> list[Cause] | None:
        """What the fields' pairs yield, without the records' own part; None if the fields cannot be taken apart."""
        was, now = old.root, self._new
        if now is None or not isinstance(was, Record) or was.free or short_name(was.name) != short_name(now.name):
            return None
        pairs = pair_fields(was, now, self._renames)
        if not self._separable(was, now, pairs):
            return None
        found: list[Cause] = []
        for pair in pairs:
            placed = self._placed.get(pair)
            if placed is None:
                placed = self._placed[pair] = tuple(self._place(pair, now, old))
            if placed:
                found += placed
        return found

    def _place(self, pair: Pair, record: Record, old: Schema) -> Iterator[Cause]:
        index = self._index[pair.new] if pair.new is not None else 0
        for cause in self._pair(pair, record, old):
            yield cause.at_field(index)

    def _pair(self, pair: Pair, record: Record, old: Schema) -> tuple[Cause, ...]:
        known = self._known.get(pair)
        if known is None:
            if pair.how == "name" and self._quiet.fields(pair.old, pair.new):
                known = ()
            else:
                before = _alone(record, pair.old, old.document)
                after = _alone(record, pair.new, self._schema.document)
                known = tuple(cause for cause in self._compare(before, after) if cause.path != "$")
            self._known[pair] = known
        return known

    def _separable(self, old: Record, new: Record, pairs: Iterable[Pair]) -> bool:
        """Whether each field with an alias finds, by name and aliases, only the field that it is paired with."""
        theirs = [f for f in old.fields if f.aliases]
        if not self._aliased and not theirs:
            return True
        partners = {pair.new: pair.old for pair in pairs if pair.new is not None}
        backward = {pair.old: pair.new for pair in pairs if pair.old is not None}
        return _reaches_partner_only(self._aliased, old, partners) and _reaches_partner_only(theirs, new, backward)


def _reaches_partner_only(aliased: Iterable[Field], other: Record, partners: dict[Field, Field | None]) -> bool:
    names = {f.name: f for f in other.fields}
    for field in aliased:
        # A field that stands in no pair is the same object on both sides.
        partner = partners.get(field, field)
        if any(name in names and names[name] is not partner for name in (field.name, *field.aliases)):
            return False
    return True


def _alone(record: Record, field: Field | None, document: str) -> Schema:
    """A record of this name with one field, or none."""
    fields = () if field is None else (field,)
    defines: tuple[Named, ...] = () if field is None else field.defines
    root = Record(record.name, fields, record.aliases, record.doc, record.props, record.is_error, defines=defines)
    return Schema(root, {root.name: root, **{named.name: named for named in defines}}, document)
