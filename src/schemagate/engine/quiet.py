"""Pairs of parts that no rule and no reader can object to, recognised without running them.

Most of what differs between two versions is a doc, a new optional field or a nested change of that kind. Saying so
costs a look at the two parts; the answer errs only towards "look closer". A property test holds that every pair
called quiet yields nothing when it is compared in full.
"""

from __future__ import annotations

from schemagate.finding import Json
from schemagate.schema.model import Array, Enum, Field, Fixed, Map, Node, Primitive, Record, Ref, Union, freeze

Pair = tuple[Node, Node]


class Quiet:
    """Answers for nodes of one factory; an answer depends on the two nodes alone, so one instance serves a run.

    A name on both sides is quiet: whoever asks sees to it that what the name stands for is compared elsewhere.
    """

    def __init__(self) -> None:
        self._types: dict[Pair, bool] = {}
        self._names: dict[Record, frozenset[str] | None] = {}

    def fields(self, old: Field | None, new: Field | None) -> bool:
        """Whether a field that was kept under its name, added or removed does no harm in either direction."""
        if old is None or new is None:
            only = new or old
            return only is not None and only.has_default and not only.aliases
        if old.name != new.name or old.aliases != new.aliases:
            return False
        return same_but_type(old, new) and self.types(old.type, new.type)

    def types(self, old: Node, new: Node) -> bool:
        """The same for two types in one place."""
        if old is new and not isinstance(old, Record | Array | Map | Union):
            return True
        known = self._types.get((old, new))
        if known is None:
            known = self._settled(old, new)
        return known

    def _settled(self, old: Node, new: Node) -> bool:
        """Walks down with a stack; every pair below must be quiet for the pair to be so."""
        seen: set[Pair] = {(old, new)}
        stack: list[Pair] = [(old, new)]
        answer = True
        while stack and answer:
            pair = stack.pop()
            known = self._types.get(pair)
            if known is not None:
                answer = known
                continue
            below = self._below(*pair)
            if below is None:
                self._types[pair] = answer = False
            else:
                stack.extend(p for p in below if p not in seen)
                seen.update(below)
        self._types[old, new] = answer
        if answer:
            self._types.update(dict.fromkeys(seen, True))
        return answer

    def _below(self, old: Node, new: Node) -> list[Pair] | None:
        """What the pair hangs on; None if it is not quiet by itself."""
        if old.__class__ is not new.__class__:
            return None
        if isinstance(old, Ref) and isinstance(new, Ref):
            return [] if (old.name, old.fallback) == (new.name, new.fallback) else None
        if isinstance(old, Primitive) and isinstance(new, Primitive):
            return [] if old.kind == new.kind and old.logical == new.logical and old.props == new.props else None
        if isinstance(old, Record) and isinstance(new, Record):
            return self._records(old, new)
        if isinstance(old, Union) and isinstance(new, Union):
            same = len(old.branches) == len(new.branches) and _plain_union(old) and _plain_union(new)
            return list(zip(old.branches, new.branches, strict=True)) if same else None
        if isinstance(old, Array) and isinstance(new, Array):
            return [(old.items, new.items)]
        if isinstance(old, Map) and isinstance(new, Map):
            return [(old.values, new.values)]
        if isinstance(old, Enum) and isinstance(new, Enum):
            was_enum = (old.name, old.aliases, old.symbols, old.default)
            return [] if was_enum == (new.name, new.aliases, new.symbols, new.default) else None
        if isinstance(old, Fixed) and isinstance(new, Fixed):
            was, now = (old.name, old.aliases, old.size, old.logical), (new.name, new.aliases, new.size, new.logical)
            return [] if was == now else None
        return None

    def _records(self, old: Record, new: Record) -> list[Pair] | None:
        theirs, ours = self._unaliased(old), self._unaliased(new)
        if theirs is None or ours is None or old.name != new.name or old.aliases != new.aliases:
            return None
        if old is new:
            return []
        was = {f.name: f for f in old.fields}
        below: list[Pair] = []
        removed = len(theirs - ours)
        for field in new.fields:
            before = was.get(field.name)
            if before is field:
                continue
            # A field added beside one removed may be a rename, which only a closer look can tell.
            if before is None and (removed or not field.has_default):
                return None
            if before is not None:
                if not same_but_type(before, field):
                    return None
                below.append((before.type, field.type))
        if removed and not all(f.has_default for name, f in was.items() if name not in ours):
            return None
        return below

    def _unaliased(self, record: Record) -> frozenset[str] | None:
        """The names of a record's fields; None if one of them has aliases."""
        if record not in self._names:
            aliased = any(f.aliases for f in record.fields)
            self._names[record] = None if aliased else frozenset(f.name for f in record.fields)
        return self._names[record]


def same_but_type(old: Field, new: Field) -> bool:
    """Whether two fields agree in order and default."""
    return (
        old.order == new.order
        and old.has_default == new.has_default
        and (old.default is new.default or same_json(old.default, new.default))
    )


def same_json(old: Json, new: Json) -> bool:
    """Whether two JSON values are the same, 1, 1.0 and true kept apart."""
    if old.__class__ is not new.__class__:
        return False
    if isinstance(old, list | dict):
        return (not old and not new) or freeze(old) == freeze(new)
    return freeze(old) == freeze(new) if isinstance(old, float) else bool(old == new)


def _plain_union(union: Union) -> bool:
    """At most one type beside null: branches cannot be taken for each other."""
    return sum(branch.kind != "null" for branch in union.branches) <= 1
