"""Compares two records field by field, so that a field that many versions share is compared once for all of them.

What a pair of fields means does not depend on the fields beside it, if neither uses a type defined elsewhere and no
alias reaches across. Then the comparison of two records is the sum of the comparisons of records with one field each,
and so on down through nested records, as long as nothing on the way differs but the nested record itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from schemagate.engine.cause import Cause
from schemagate.engine.partners import LocalNames, Partners
from schemagate.engine.quiet import Quiet, same_but_type
from schemagate.schema.align import Pair, Rename, pair_fields
from schemagate.schema.model import Array, Field, Map, Named, Node, Record, Schema, Union

Compare = Callable[[Schema, Schema], list[Cause]]
Known = dict[Pair, tuple[Cause, ...] | None]
Compared = tuple[list[Cause], list[Cause], list[Cause]]
"""Causes that may be new or not, those that surely are, and those that the record in force surely has too."""

_UNSURE, _NEW, _INHERITED = range(3)
DEEPEST: Final = 40
"""Nested records that are taken apart; what lies deeper is compared as a whole, so that no stack can overflow."""
FIRST: Final = "/fields/0"


class Fieldwise:
    """Compares old schemas with one new one. ``compare`` judges all that lies below two roots.

    ``known`` may be shared by comparers that believe the same renames: a pair's causes are kept as they stand in a
    record that has the field alone. ``former`` is the record in force, if any.
    """

    def __init__(
        self,
        new: Schema,
        renames: frozenset[Rename],
        compare: Compare,
        quiet: Quiet,
        known: Known,
        former: Node | None = None,
    ) -> None:
        self._document = new.document
        self._renames = renames
        self._compare = compare
        self._quiet = quiet
        root = new.root
        self._new = root if isinstance(root, Record) and not root.free else None
        self._names = LocalNames(self._new) if self._new is not None else None
        self._known = known
        self._placed: dict[Pair, tuple[Cause, ...]] = {}
        self._partners = Partners(self._new, renames) if self._new is not None else None
        kept = isinstance(former, Record) and not former.free and not renames
        self._kept = frozenset(former.fields) if kept and isinstance(former, Record) else frozenset()
        self._kept_names = _reached(former) if kept and isinstance(former, Record) else None

    def causes(self, old: Schema) -> Compared | None:
        """What the fields' pairs yield, without the records' own part; None if the fields cannot be taken apart."""
        was, now = old.root, self._new
        if now is None or self._partners is None or not isinstance(was, Record) or was.free or was.name != now.name:
            return None
        if self._names is None or not self._names.agree(was):
            return None
        pairs = self._partners.pairs(was)
        if pairs is None:
            pairs = self._apart(was, now)
            if pairs is None:
                return None
        found: Compared = ([], [], [])
        for pair in pairs:
            placed = self._placed.get(pair)
            if placed is None:
                causes = self._pair(pair, now, old.document, 0)
                if causes is None:
                    return None
                index = now.fields.index(pair.new) if pair.new is not None else 0
                moved = (_moved(cause, "$", f"/fields/{index}") for cause in causes)
                placed = self._placed[pair] = tuple(self._names.everywhere(cause) for cause in moved)
            if placed:
                found[self._standing(pair)].extend(placed)
        return found

    def _standing(self, pair: Pair) -> int:
        """Which of ``Compared`` a pair's causes belong to, by what the record in force makes of the same old field."""
        old, new, how = pair
        if self._kept_names is None or how != "name":
            return _UNSURE
        if new is not None and new in self._kept:
            return _INHERITED
        if old is not None and old in self._kept:
            return _NEW
        if new is None and old is not None:
            return _UNSURE if old.aliases or old.name in self._kept_names else _INHERITED
        added = old is None and new is not None and not new.aliases and new.name not in self._kept_names
        return _NEW if added else _UNSURE

    def _apart(self, old: Record, new: Record) -> list[Pair] | None:
        """The pairs of fields that differ; None where a pair does not stand for itself."""
        pairs = [pair for pair in pair_fields(old, new, self._renames) if pair.old is not pair.new]
        ours = [f for f in new.fields if f.aliases]
        theirs = [f for f in old.fields if f.aliases]
        if ours or theirs:
            partners = {pair.new: pair.old for pair in pairs if pair.new is not None}
            backward = {pair.old: pair.new for pair in pairs if pair.old is not None}
            if not (_reaches_partner_only(ours, old, partners) and _reaches_partner_only(theirs, new, backward)):
                return None
        return pairs

    def _pair(self, pair: Pair, record: Record, old_document: str, depth: int) -> tuple[Cause, ...] | None:
        """The causes of one pair; None if it takes what other fields define to say."""
        if pair in self._known:
            return self._known[pair]
        causes: tuple[Cause, ...] | None
        if pair.how == "name" and self._quiet.fields(pair.old, pair.new):
            causes = ()
        else:
            causes = self._nested(pair, old_document, depth)
            if causes is None and not any(field is not None and field.free for field in pair[:2]):
                before = _alone(record, pair.old, old_document)
                after = _alone(record, pair.new, self._document)
                causes = tuple(self._compare(before, after))
        self._known[pair] = causes
        return causes

    def _nested(self, pair: Pair, old_document: str, depth: int) -> tuple[Cause, ...] | None:
        """The causes of two fields that differ only in the fields of the record that both hold; None if in more."""
        old, new, _ = pair
        if depth > DEEPEST or old is None or new is None or old.name != new.name or old.aliases != new.aliases:
            return None
        held = _held(old.type, new.type) if same_but_type(old, new) else None
        if held is None:
            return None
        was, now, step, pointer = held
        pairs = self._apart(was, now)
        if pairs is None:
            return None
        found: list[Cause] = []
        for below in pairs:
            causes = self._pair(below, now, old_document, depth + 1)
            if causes is None:
                return None
            if causes:
                index = now.fields.index(below.new) if below.new is not None else 0
                base = f"{FIRST}/type{pointer}"
                found += [_moved(cause, f"$.{new.name}{step}", f"{base}/fields/{index}", base) for cause in causes]
        return tuple(found)


def _held(old: Node, new: Node) -> tuple[Record, Record, str, str] | None:
    """The records that two types hold in the same wrapping of arrays, maps and nullable unions, with the way there."""
    step = pointer = ""
    while True:
        if isinstance(old, Record) and isinstance(new, Record):
            same = (old.name, old.aliases, old.is_error) == (new.name, new.aliases, new.is_error)
            return (old, new, step, pointer) if same else None
        if isinstance(old, Array) and isinstance(new, Array):
            old, new, step, pointer = old.items, new.items, f"{step}[]", f"{pointer}/items"
        elif isinstance(old, Map) and isinstance(new, Map):
            old, new, step, pointer = old.values, new.values, f"{step}{{}}", f"{pointer}/values"
        elif isinstance(old, Union) and isinstance(new, Union):
            kinds = [branch.kind for branch in new.branches]
            if kinds != [branch.kind for branch in old.branches] or len(kinds) != 2 or kinds.count("null") != 1:
                return None
            index = 1 - kinds.index("null")
            old, new, pointer = old.branches[index], new.branches[index], f"{pointer}/{index}"
        else:
            return None


def _moved(cause: Cause, path: str, pointer: str, base: str = "") -> Cause:
    """A cause in a record with one field, told from where that record and that field really stand."""
    place = cause.pointer
    place = pointer + place[len(FIRST) :] if place == FIRST or place.startswith(f"{FIRST}/") else base + place
    if place == cause.pointer and path == "$":
        return cause
    return cause.at(path + cause.path[1:], place)


def _reached(record: Record) -> frozenset[str]:
    """Every name by which a record's fields can be found."""
    return frozenset(name for field in record.fields for name in (field.name, *field.aliases))


def _reaches_partner_only(aliased: Iterable[Field], other: Record, partners: dict[Field, Field | None]) -> bool:
    """Whether each field with an alias finds, by name and aliases, only the field that it is paired with."""
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
