"""Decides whether a reader can read a writer: the greatest fixpoint over pairs of nodes, without recursion."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from schemagate.compat.ambiguous import ambiguous_fields
from schemagate.compat.expand import READS, Branches, Clause, Pair, step
from schemagate.errors import UndecidedError
from schemagate.schema.model import Field, Named, Node, Record, Ref, Schema, Union, short_name

DEFAULT_BUDGET: Final = 1_000_000
"""Pairs that one question may consider: a few seconds of work."""


class Memo:
    """What stays true across questions over schemas of one :class:`Factory`; share one over a whole run.

    Only final verdicts are kept, and only of pairs whose nodes use no name from outside (``free`` is empty): their
    answer is the same in every schema.
    """

    __slots__ = ("_aliased", "_ambiguous", "_examined", "_odd", "_plain", "calm", "verdicts")

    def __init__(self) -> None:
        self.verdicts: dict[Pair, bool] = {}
        self.calm: set[Field] = set()
        """Fields found to hold no union whose branches rival for one writer's type (``decode`` keeps it)."""
        self._plain: set[Field] = set()
        self._odd: set[Field] = set()
        self._examined: set[Named] = set()
        self._ambiguous: set[Named] = set()
        self._aliased: set[Named] = set()

    def self_readable(self, node: Node | Field) -> bool:
        """Whether nothing that the node defines can be ambiguous with itself.

        A record is, if a field's alias is a field's name: both then hit when it reads what it wrote.
        """
        if not self._examined.issuperset(node.defines):
            for named in node.defines:
                self._examine(named)
        if isinstance(node, Record):
            self._examine(node)
            return node not in self._ambiguous and self._ambiguous.isdisjoint(node.defines)
        return self._ambiguous.isdisjoint(node.defines)

    def aliased(self, named: Named) -> bool:
        """Whether a definition has a field with an alias."""
        self._examine(named)
        return named in self._aliased

    def alias_free(self, node: Node | Field) -> bool:
        """Whether no field with an alias can be met on the way down from the node."""
        if node.free:
            return False
        for named in (*node.defines, node) if isinstance(node, Record) else node.defines:
            self._examine(named)
        return node not in self._aliased and self._aliased.isdisjoint(node.defines)

    def odd_fields(self, record: Record) -> Collection[Field]:
        """The fields that being the same object on both sides does not make readable."""
        rest = set(record.fields).difference(self._plain)
        for field in rest.difference(self._odd):
            if field.aliases or field.free or not self.self_readable(field):
                self._odd.add(field)
            else:
                self._plain.add(field)
        return rest.intersection(self._odd)

    def _examine(self, named: Named) -> None:
        if named in self._examined:
            return
        self._examined.add(named)
        if isinstance(named, Record):
            aliased = [field for field in named.fields if field.aliases]
            if aliased:
                self._aliased.add(named)
                names = {field.name for field in named.fields}
                if any(not names.isdisjoint(field.aliases) for field in aliased):
                    self._ambiguous.add(named)


class Solver:
    """Answers for the nodes of one reader's and one writer's schema.

    ``budget`` bounds the pairs considered over the solver's life; past it :class:`UndecidedError` is raised, as it
    is for a schema with undefined names.
    """

    __slots__ = ("_branches", "_budget", "_keeps", "_left", "_moved", "_verdicts", "memo", "reader", "writer")

    def __init__(self, reader: Schema, writer: Schema, memo: Memo | None = None, budget: int = DEFAULT_BUDGET) -> None:
        self.reader = reader
        self.writer = writer
        self.memo = memo if memo is not None else Memo()
        self._budget = self._left = budget
        self._verdicts: dict[Pair, bool] = {}
        self._branches: dict[Union, Branches] = {}
        self._moved: frozenset[str] | None = None
        for schema in (reader, writer):
            if schema.undefined:
                names = ", ".join(sorted(schema.undefined))
                raise UndecidedError(
                    f"{schema.document or 'the schema'} uses names that nothing defines: {names}",
                    hint="add the files that define them",
                )
        self._keeps = _single_definitions(reader) and _single_definitions(writer)

    def compatible(self) -> bool:
        """Whether the reader reads everything that the writer writes, as Avro Java's checker answers.

        Not, if the checker throws on the way (``ambiguous``), even where the nodes at the root could be read.
        """
        return self.reads(self.reader.root, self.writer.root) and next(ambiguous_fields(self), None) is None

    def reads(self, reader: Node, writer: Node) -> bool:
        """The same for a node of the reader's schema and one of the writer's."""
        pair = (self.reader_node(reader), self.writer_node(writer))
        known = self._known(pair)
        if known is None:
            self._solve(pair)
            known = self._known(pair)
        return bool(known)

    def unchanged(self, reader: Node, writer: Node) -> bool:
        """Whether both are the same node, down to what it links to, so that there is nothing to compare."""
        return reader is writer and self._links_alike(reader)

    def reader_node(self, node: Node) -> Node:
        return self.reader.resolve(node) if isinstance(node, Ref) else node

    def writer_node(self, node: Node) -> Node:
        return self.writer.resolve(node) if isinstance(node, Ref) else node

    def branches(self, union: Union) -> Branches:
        found = self._branches.get(union)
        if found is None:
            found = self._branches[union] = Branches(tuple(self.reader_node(b) for b in union.branches))
        return found

    def suspects(self, reader: Record, writer: Record) -> Collection[Field]:
        if not self._keeps:
            return reader.fields
        odd = self.memo.odd_fields(reader)
        changed = set(reader.fields).difference(writer.fields)
        return changed.union(odd) if odd else changed

    def _known(self, pair: Pair) -> bool | None:
        reader, writer = pair
        if reader is writer and self._links_alike(reader):
            return True
        if reader.kind in READS and writer.kind in READS:
            return writer.kind in READS[reader.kind]
        verdicts = self.memo.verdicts if self._lasting(pair) else self._verdicts
        return verdicts.get(pair)

    def _lasting(self, pair: Pair) -> bool:
        """Whether the pair means the same in every schema."""
        return self._keeps and not pair[0].free and not pair[1].free

    def _links_alike(self, node: Node) -> bool:
        """Whether a node found on both sides links to the same definitions on both and reads itself."""
        if not self.memo.self_readable(node):
            return False
        if not node.free and self._keeps:
            return True
        if not node.free and not node.defines:
            return True
        used = {*node.free, *(short_name(name) for name in node.free)}
        if not self._keeps:
            used.update(named.name for named in node.defines)
            used.update((node.name,) if isinstance(node, Record) else ())
        return self._moved_names().isdisjoint(used)

    def _moved_names(self) -> frozenset[str]:
        """The names that mean, directly or through what they use, something else on the two sides."""
        if self._moved is None:
            ours, theirs = self.reader.types, self.writer.types
            moved = [name for name in {*ours, *theirs} if ours.get(name) is not theirs.get(name)]
            moved.extend(name for name, named in ours.items() if not self.memo.self_readable(named))
            users: dict[str, list[str]] = {}
            for name, named in ours.items():
                for used in named.free:
                    users.setdefault(used, []).append(name)
                    users.setdefault(short_name(used), []).append(name)
            seen = set(moved)
            while moved:
                fresh = [user for user in users.get(moved.pop(), ()) if user not in seen]
                seen.update(fresh)
                moved.extend(fresh)
            self._moved = frozenset(seen)
        return self._moved

    def spend(self) -> None:
        """Count one pair considered; raises :class:`UndecidedError` past the budget."""
        self._left -= 1
        if self._left < 0:
            names = (self.reader.document or "the reader", self.writer.document or "the writer")
            raise UndecidedError(
                f"{names[0]} against {names[1]}: more than {self._budget:,} pairs of types to compare",
                hint="schemas this entangled cannot be judged; split them, or use fewer union branches of one name",
            )

    def _solve(self, start: Pair) -> None:
        """Settles ``start`` and every pair it hangs on.

        Everything reachable is expanded first, so that what no refutation reaches is true for good.
        """
        counts: dict[Pair, list[int]] = {start: []}
        users: dict[Pair, list[tuple[Pair, int]]] = {}
        refuted: list[Pair] = []
        stack = [start]
        while stack:
            pair = stack.pop()
            self.spend()
            outcome = step(pair[0], pair[1], self)
            if outcome is False:
                refuted.append(pair)
            elif outcome is not True:
                for clause in outcome:
                    waiting = self._waiting(clause)
                    if waiting is None:
                        continue
                    if not waiting:
                        refuted.append(pair)
                        break
                    for needed in waiting:
                        users.setdefault(needed, []).append((pair, len(counts[pair])))
                        if needed not in counts:
                            counts[needed] = []
                            stack.append(needed)
                    counts[pair].append(len(waiting))
        false = _refute(refuted, counts, users)
        for pair in counts:
            (self.memo.verdicts if self._lasting(pair) else self._verdicts)[pair] = pair not in false

    def _waiting(self, clause: Clause) -> list[Pair] | None:
        """The clause's pairs that are not yet known; None if one is known to hold."""
        waiting: list[Pair] = []
        for pair in clause:
            self.spend()
            known = self._known(pair)
            if known:
                return None
            if known is None:
                waiting.append(pair)
        return waiting


def _refute(refuted: list[Pair], counts: dict[Pair, list[int]], users: dict[Pair, list[tuple[Pair, int]]]) -> set[Pair]:
    """Every pair that a refuted one takes with it: a clause falls with its last alternative."""
    false: set[Pair] = set()
    while refuted:
        pair = refuted.pop()
        if pair in false:
            continue
        false.add(pair)
        for user, clause in users.get(pair, ()):
            counts[user][clause] -= 1
            if not counts[user][clause]:
                refuted.append(user)
    return false


def _single_definitions(schema: Schema) -> bool:
    """Whether every definition met on the way is the one that its name stands for.

    An equal redefinition (Avro Java accepts it) may differ in its enum default, so that a name inside a node could
    mean another definition than the one inside it.
    """
    types = schema.types
    for named in schema.root.defines:
        if types.get(named.name) is not named:
            return False
    return all(
        types.get(inner.name) is inner for name in schema.origins if name in types for inner in types[name].defines
    )
