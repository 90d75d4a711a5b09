"""Which fields of an old record meet which of a new one: the usual cases, quickly.

``schema.align.pair_fields`` answers for any two records. Here one new record meets many old ones, and what it needs
for that is prepared once; where a rename is believed or an alias reaches a field that has another partner, the answer
is left to it.
"""

from __future__ import annotations

from msgspec.structs import replace

from schemagate.engine.cause import Cause
from schemagate.schema.align import Pair, Rename
from schemagate.schema.model import Enum, Field, Fixed, Record, Ref
from schemagate.schema.sites import MOST_SITES
from schemagate.schema.walk import Part, children


class Partners:
    """The pairs that differ between old records and ``new``."""

    def __init__(self, new: Record, renames: frozenset[Rename]) -> None:
        self._new = new.fields
        self._same = frozenset(new.fields)
        self._by_name = {field.name: field for field in new.fields}
        self._by_alias: dict[str, Field] = {}
        aliases = [alias for field in new.fields for alias in field.aliases]
        for field in new.fields:
            for alias in field.aliases:
                self._by_alias[alias] = field
        clear = len(set(aliases)) == len(aliases) and self._by_name.keys().isdisjoint(aliases)
        self._usable = clear and not any(rename.record == new.name for rename in renames)
        self._usual: dict[Field, Pair | None] = {}
        self._added = {field: Pair(None, field, "name") for field in new.fields}

    def pairs(self, old: Record) -> list[Pair] | None:
        """As ``pair_fields`` would pair them, each field reaching its partner only; None if that takes more to say."""
        if not self._usable:
            return None
        gone = [field for field in old.fields if field not in self._same]
        theirs = frozenset(old.fields)
        names: set[str] = set()
        reached: set[Field | None] = set()
        pairs: list[Pair] = []
        for field in gone:
            pair = self._usual[field] if field in self._usual else self._usually(field)
            if pair is None:
                return None
            names.add(field.name)
            if pair.how == "alias":
                if pair.new in reached or pair.new in theirs:
                    return None
                reached.add(pair.new)
            pairs.append(pair)
        for field in self._new:
            if field not in theirs and field.name not in names:
                if not names.isdisjoint(field.aliases):
                    if field not in reached:
                        return None
                else:
                    pairs.append(self._added[field])
            elif field in reached or (field.aliases and not names.isdisjoint(field.aliases)):
                return None
        return pairs

    def _usually(self, field: Field) -> Pair | None:
        """The pair that an old field makes with any record that lacks it; None where that depends on the record."""
        pair: Pair | None
        partner = self._by_name.get(field.name)
        if any(alias in self._by_name for alias in field.aliases):
            pair = None
        elif partner is not None:
            pair = Pair(field, partner, "name")
        else:
            partner = self._by_alias.get(field.name)
            pair = Pair(field, partner, "name" if partner is None else "alias")
        self._usual[field] = pair
        return pair


class LocalNames:
    """The types that one field of a record defines and another uses by name."""

    def __init__(self, new: Record) -> None:
        self._new = new
        self._used = frozenset(name for field in new.fields for name in field.free)
        self._definer = _definers(new) if self._used else {}
        self._sites: dict[str, tuple[str, list[str]]] | None = None

    def agree(self, old: Record) -> bool:
        """Whether what a name stands for on both sides is compared where it is defined: in fields of one name."""
        if not self._used:
            return True
        used = [name for field in old.fields for name in field.free]
        both = self._used.intersection(used) - {self._new.name}
        if not both:
            return True
        definer = _definers(old)
        return all(name in definer and definer[name] == self._definer.get(name) for name in both)

    def everywhere(self, cause: Cause) -> Cause:
        """The cause with the other places that use the type in which it was found."""
        if not self._used:
            return cause
        if self._sites is None:
            self._sites = _sites(self._new)
        for path, uses in self._sites.values():
            if uses and (cause.path == path or cause.path.startswith((f"{path}.", f"{path}["))):
                also = tuple(use + cause.path[len(path) :] for use in uses)
                return replace(cause, also_at=(*cause.also_at, *also)[:MOST_SITES])
        return cause


def _definers(record: Record) -> dict[str, str]:
    """Full name → the field of the record inside which it is defined."""
    return {named.name: field.name for field in record.fields for named in field.defines}


def _sites(root: Record) -> dict[str, tuple[str, list[str]]]:
    """Full name → where it is defined and where it is used by name, as paths."""
    found: dict[str, tuple[str, list[str]]] = {}
    uses: list[tuple[str, str]] = []
    stack: list[tuple[Part, str, str]] = [(root, "$", "")]
    while stack:
        node, path, pointer = stack.pop()
        if isinstance(node, Ref):
            uses.append((node.name, path))
        elif isinstance(node, Record | Enum | Fixed) and node is not root:
            found.setdefault(node.name, (path, []))
        stack.extend(reversed(children(node, path, pointer)))
    for name, path in uses:
        # A type's use of itself is no other place: whoever reads the one reads the other.
        if name in found and not path.startswith((f"{found[name][0]}.", f"{found[name][0]}[", f"{found[name][0]}{{")):
            found[name][1].append(path)
    return dict(reversed(found.items()))
