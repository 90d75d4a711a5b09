"""Runs lint rules on one schema: each visited part to the rules that asked for its kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from schemagate.rules.catalog import DEFAULT_LINT_RULES
from schemagate.rules.kit import Comment, FileVisit, Found, Rule, RuleFunction
from schemagate.schema.model import Schema
from schemagate.schema.walk import Visit, walk

Runner: TypeAlias = tuple[Rule, RuleFunction]
Noticed: TypeAlias = tuple[Rule, Visit[Any] | FileVisit, Found]


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
    table = _table(tuple(rules))
    whole = FileVisit(name, schema, comments)
    for rule, run in table.get(FileVisit, ()):
        for found in run(whole):
            yield rule, whole, found
    for visit in walk(schema):
        for rule, run in table.get(visit.node.__class__, ()):
            for found in run(visit):
                yield rule, visit, found


@lru_cache(maxsize=64)
def _table(rules: tuple[Rule, ...]) -> dict[type, tuple[Runner, ...]]:
    """Node class → its rules, in the catalogue's order."""
    runners = [(rule, rule.run) for rule in rules if rule.kind == "lint" and rule.run is not None]
    kinds = {kind for rule, _ in runners for kind in rule.on}
    return {kind: tuple((rule, run) for rule, run in runners if kind in rule.on) for kind in kinds}
