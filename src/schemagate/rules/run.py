"""Runs lint rules on one schema: each visited part to the rules that asked for its kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, TypeAlias, TypeGuard

from schemagate.rules.catalog import DEFAULT_LINT_RULES
from schemagate.rules.kit import Comment, FileVisit, Found, Rule, RuleFunction
from schemagate.rules.silence import KINDS, SPOKEN_FOR, Silence
from schemagate.rules.spelling import field_style
from schemagate.schema.model import Field, Node, Primitive, Record, Schema
from schemagate.schema.walk import Part, Visit, below

Runner: TypeAlias = tuple[Rule, RuleFunction]
Noticed: TypeAlias = tuple[Rule, Visit[Any] | FileVisit, Found]
_Within: TypeAlias = tuple[Rule, Visit[Any], Found]

_NOTHING: Final[tuple[_Within, ...]] = ()


class Linter:
    """Lints schemas by the same rules; what a field's type brings is found out once and holds wherever it stands.

    That is right since equal types are one object, and since a rule can tell no two of its places apart: below a
    field there is always a record around it, all names that a type without free ones uses are its own, and of the
    rest of the schema no rule looks at more than the style of the field names.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        runners = [(rule, rule.run) for rule in rules if rule.kind == "lint" and rule.run is not None]
        kinds = {kind for rule, _ in runners for kind in rule.on}
        self._table: dict[type, tuple[Runner, ...]] = {
            kind: tuple((rule, run) for rule, run in runners if kind in rule.on) for kind in kinds
        }
        self._glances = all(rule.id in SPOKEN_FOR for kind in KINDS for rule, _ in self._table.get(kind, ()))
        self._known: dict[str, tuple[Silence, dict[Node, tuple[_Within, ...]]]] = {}
        """Style of the field names → what it leaves unsaid, and what each type of a field brings."""

    def lint(self, schema: Schema, *, name: str, comments: tuple[Comment, ...] = ()) -> Iterator[Noticed]:
        """See :func:`lint_schema`."""
        whole = FileVisit(name, schema, comments)
        for rule, run in self._table.get(FileVisit, ()):
            for found in run(whole):
                yield rule, whole, found
        yield from self._parts(schema)

    def _parts(self, schema: Schema) -> list[_Within]:
        silence, known = self._of_style(field_style(schema))
        told: list[_Within] = []
        stack: list[Visit[Part] | tuple[Node, int]] = [Visit(schema.root, schema)]
        while stack:
            visit = stack.pop()
            if isinstance(visit, tuple):
                of, start = visit
                known[of] = tuple(told[start:]) or _NOTHING
                continue
            node = visit.node
            if visit.record is not None and _is_kept(node, visit.up):
                before = known.get(node)
                if before is not None:
                    told += [(rule, _standing(there, visit), found) for rule, there, found in before]
                    continue
                stack.append((node, len(told)))
            if not (self._glances and isinstance(node, Field) and silence.of_field(node)):
                for rule, run in self._table.get(node.__class__, ()):
                    for found in run(visit):
                        told.append((rule, visit, found))
            stack += self._below(visit, silence, known)
        return told

    def _below(self, visit: Visit[Part], silence: Silence, known: dict[Node, tuple[_Within, ...]]) -> list[Visit[Part]]:
        """The parts below in reverse order, without the fields that there is nothing to tell of."""
        node = visit.node
        if not isinstance(node, Record) or not self._glances:
            found = below(visit)
            if visit.record is not None and not isinstance(node, Record):
                return [each for each in found if known.get(each.node) is not _NOTHING]  # type: ignore[arg-type]
            return found
        wanted: list[Visit[Part]] = []
        for index in range(len(node.fields) - 1, -1, -1):
            field = node.fields[index]
            before = known.get(field.type)
            if before is None and silence.of_type(field.type):
                before = known[field.type] = _NOTHING
            if before is not _NOTHING or not silence.of_field(field):
                wanted.append(Visit(field, visit.schema, None, node, visit, index))
        return wanted

    def _of_style(self, style: str) -> tuple[Silence, dict[Node, tuple[_Within, ...]]]:
        found = self._known.get(style)
        if found is None:
            found = self._known[style] = Silence(style), {}
        return found


def _is_kept(node: Part, up: Visit[Part] | None) -> TypeGuard[Node]:
    """Whether what a node brings is kept: a field's type, and all that is as small as a primitive."""
    if isinstance(node, Field) or node.free:
        return False
    return isinstance(node, Primitive) or (up is not None and isinstance(up.node, Field))


def _standing(there: Visit[Part], here: Visit[Part]) -> Visit[Part]:
    """The visit of the same part of a type that now stands at ``here``."""
    way: list[Visit[Part]] = []
    node = here.node
    while there.node is not node:
        way.append(there)
        assert there.up is not None
        there = there.up
    up = here
    for each in reversed(way):
        field = here.field if each.field is there.field else each.field
        record = here.record if each.record is there.record else each.record
        up = Visit(each.node, here.schema, field, record, up, each.index)
    return up


def lint_schema(
    schema: Schema,
    *,
    name: str,
    comments: tuple[Comment, ...] = (),
    rules: Sequence[Rule] = DEFAULT_LINT_RULES,
) -> Iterator[Noticed]:
    """What the rules notice in the schema's own document, in document order, whole-document rules first.

    ``name`` is the file's repo-relative POSIX path, empty where there is none; ``comments`` are those of its text.
    The default ``rules`` are those that are not off by default. The visit places the finding: its ``pointer`` and the
    found ``part``, or the found ``span``.
    """
    return Linter(rules).lint(schema, name=name, comments=comments)
