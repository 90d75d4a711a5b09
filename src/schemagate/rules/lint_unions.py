"""Rules on unions: branches that somebody on the way cannot tell apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from schemagate.finding import Severity
from schemagate.rules.kit import Found, Rule, Visit, found, lint
from schemagate.schema.model import Enum, Fixed, Node, Record, Ref, Schema, Union, short_name
from schemagate.schema.walk import type_label

NUMBERS = ("int", "long", "float", "double")


@lint(
    "ambiguous-union",
    on=Union,
    severity=Severity.WARNING,
    message="union branches {branches} cannot be told apart: {why}",
)
def ambiguous_union(visit: Visit[Union]) -> Iterable[Found]:
    """Branches that look alike are mixed up: a value arrives in another branch than the one it was meant for.

    Binary data carries the branch's number, so what was written is clear. Choosing the branch is not: schema
    resolution matches named types without their namespace, so of two records of one short name the wrong one may be
    taken (a warning); a plain number written under an older `int` goes to the first numeric branch that it can be
    promoted to; and libraries whose records, enums and fixed values are plain dicts, strings and bytes (fastavro,
    avro in Python, JavaScript) pick a branch by looking at the value (notices).

    Give records distinct short names and an own field that tells them apart; keep one numeric branch, the widest;
    keep either the enum or the string.

    ```avsc fires
    [{"type": "record", "name": "a.Key", "fields": []}, {"type": "record", "name": "b.Key", "fields": [
      {"name": "id", "type": "string"}
    ]}]
    ```

    ```avsc fires
    ["int", "float", "string"]
    ```

    ```avsc fires
    ["string", {"type": "enum", "name": "com.example.Plan", "symbols": ["FREE"], "default": "FREE"}]
    ```

    ```avsc fires
    [{"type": "map", "values": "string"}, {"type": "record", "name": "com.example.Key", "fields": [
      {"name": "id", "type": "string"}
    ]}]
    ```

    ```avsc passes
    ["null", "long", "string", {"type": "record", "name": "com.example.Key", "fields": [
      {"name": "id", "type": "string"}
    ]}]
    ```
    """
    branches = visit.node.branches
    if len(branches) < 2 or (len(branches) == 2 and "null" in (branches[0].kind, branches[1].kind)):
        return ()
    return _alike(visit.node, visit.schema)


def _alike(union: Union, schema: Schema) -> Iterator[Found]:
    named = [branch for branch in union.branches if isinstance(branch, Record | Enum | Fixed | Ref)]
    numbers = [branch.kind for branch in union.branches if branch.kind in NUMBERS]
    if len(numbers) > 1:
        why = "a number goes to the first of them that it fits"
        yield found(branches=numbers, why=why, severity=Severity.NOTICE)
    if not named:
        return
    counts = Counter(short_name(branch.name) for branch in named)
    for short, count in counts.items():
        if count > 1:
            names = [branch.name for branch in named if short_name(branch.name) == short]
            yield found(branches=names, why="readers match records, enums and fixed types without their namespace")
    yield from _by_value([branch for branch in union.branches if _distinct(branch, counts)], schema)


def _distinct(branch: Node, counts: Counter[str]) -> bool:
    return not isinstance(branch, Record | Enum | Fixed | Ref) or counts[short_name(branch.name)] == 1


def _by_value(branches: Sequence[Node], schema: Schema) -> Iterator[Found]:
    """Branches whose plain Python or JavaScript values look the same."""
    kinds: dict[str, list[str]] = {"text": [], "bytes": [], "object": []}
    shapes: dict[frozenset[tuple[str, Node]], list[str]] = {}
    for branch in branches:
        if isinstance(branch, Ref) and branch.name not in schema.types and branch.fallback not in schema.types:
            continue
        node = schema.resolve(branch)
        label = type_label(branch)
        if node.kind in ("string", "enum"):
            kinds["text"].append(label)
        elif node.kind in ("bytes", "fixed"):
            kinds["bytes"].append(label)
        elif isinstance(node, Record):
            kinds["object"].append(label)
            shapes.setdefault(frozenset((field.name, field.type) for field in node.fields), []).append(label)
    has_map = any(branch.kind == "map" for branch in branches)
    if len(kinds["text"]) > 1:
        yield found(branches=kinds["text"], why="a plain string may be any of them", severity=Severity.NOTICE)
    if len(kinds["bytes"]) > 1:
        yield found(branches=kinds["bytes"], why="plain bytes may be any of them", severity=Severity.NOTICE)
    if has_map and kinds["object"]:
        labels = ["map", *kinds["object"]]
        yield found(branches=labels, why="a plain dict may be any of them", severity=Severity.NOTICE)
        return
    for labels in shapes.values():
        if len(labels) > 1:
            why = "their fields are the same, and a plain dict may be any of them"
            yield found(branches=labels, why=why, severity=Severity.NOTICE)


RULES: tuple[Rule, ...] = (ambiguous_union,)
