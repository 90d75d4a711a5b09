"""Rules on changes that leave every value as it is: order, and what documents it."""

from __future__ import annotations

from collections.abc import Iterator

from schemagate.finding import Severity
from schemagate.rules.change_values import same_value
from schemagate.rules.kit import BOTH, Change, Found, Rule, change, found
from schemagate.rules.phrases import listed
from schemagate.schema.model import (
    Array,
    Enum,
    Field,
    Fixed,
    Map,
    Node,
    Primitive,
    Record,
    Schema,
    Union,
    freeze,
    short_name,
)
from schemagate.schema.walk import Part


@change(
    "union-reordered",
    on=Union,
    severity=Severity.NOTICE,
    message="the branches of the union changed their order",
)
def union_reordered(change: Change[Union]) -> Iterator[Found]:
    """Libraries that go by the first branch take another one, although the data stays readable.

    Data carries the position of the branch in the writer's union, so decoding is right. But up to Avro 1.11 a field's
    default belongs to the first branch, code generators and encoders try the branches in their order, and values of a
    union sort by it. Moving `null` to the front is the repair of a common mistake and is not told.

    Keep the order of what is published; add new branches at the end.

    ```avsc fires
    {"type": "record", "name": "User", "fields": [{"name": "id", "type": ["string", "long"]}]}
    ---
    {"type": "record", "name": "User", "fields": [{"name": "id", "type": ["long", "string"]}]}
    ```

    ```avsc passes
    {"type": "record", "name": "User", "fields": [{"name": "email", "type": ["string", "null"]}]}
    ---
    {"type": "record", "name": "User", "fields": [{"name": "email", "type": ["null", "string"], "default": null}]}
    ```
    """
    old, new = change.old, change.new
    if old is None or new is None:
        return
    before, after = _labels(old, change.old_schema), _labels(new, change.new_schema)
    kept, keeps = [b for b in before if b in after], [b for b in after if b in before]
    if kept == keeps or (keeps[0] == NULL and [b for b in kept if b != NULL] == keeps[1:]):
        return
    moved = next((a, b) for a, b in zip(kept, keeps, strict=True) if a != b)
    reason = f"{short_name(moved[1])} comes before {short_name(moved[0])} now"
    yield found(reasons=dict.fromkeys(BOTH, reason))


NULL = "null"


def _labels(union: Union, schema: Schema) -> list[str]:
    """The branches as a decoder tells them apart: no two are the same."""
    nodes = (schema.resolve(branch) for branch in union.branches)
    return [node.name if isinstance(node, Record | Enum | Fixed) else node.kind for node in nodes]


@change(
    "sort-order-changed",
    on=(Field, Enum),
    severity=Severity.NOTICE,
    message="the sort order of {what} {name} changed",
)
def sort_order_changed(change: Change[Field | Enum]) -> Iterator[Found]:
    """What was sorted with the older version is not sorted for the new one: merges and range lookups go wrong.

    Avro defines an order of values that sort-based jobs use on the encoded bytes: a field's `order`, and for an enum
    the position of the symbol. Java sorts by it, fastavro knows no order. Generated enums take over the position too,
    and code that stores or compares it gets other results. Decoding is not affected.

    Add new symbols at the end, and leave `order` as it was published.

    ```avsc fires
    {"type": "enum", "name": "Size", "symbols": ["SMALL", "LARGE"], "default": "SMALL"}
    ---
    {"type": "enum", "name": "Size", "symbols": ["LARGE", "SMALL"], "default": "SMALL"}
    ```

    ```avsc fires
    {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}
    ---
    {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string", "order": "descending"}]}
    ```

    ```avsc passes
    {"type": "enum", "name": "Size", "symbols": ["SMALL", "LARGE"], "default": "SMALL"}
    ---
    {"type": "enum", "name": "Size", "symbols": ["SMALL", "LARGE"], "default": "SMALL", "doc": "Of the parcel."}
    ```
    """
    old, new = change.old, change.new
    if isinstance(old, Field) and isinstance(new, Field) and old.order != new.order:
        reason = f"{old.order} became {new.order}"
        yield found("order", reasons=dict.fromkeys(BOTH, reason), what="field", name=new.name)
    if isinstance(old, Enum) and isinstance(new, Enum) and old.symbols != new.symbols:
        known = frozenset(old.symbols)
        kept = frozenset(new.symbols) & known
        before = [symbol for symbol in old.symbols if symbol in kept]
        after = [symbol for symbol in new.symbols if symbol in kept]
        moved = next(((a, b) for a, b in zip(before, after, strict=True) if a != b), None)
        if moved is not None:
            reason = f"`{moved[1]}` sorts before `{moved[0]}` now"
            yield found("symbols", reasons=dict.fromkeys(BOTH, reason), what="enum", name=short_name(new.name))


@change(
    "doc-only-version",
    on=(Record, Enum, Fixed, Array, Map, Union, Primitive),
    severity=Severity.NOTICE,
    message="nothing but {what} changed, and the registry makes a new version of it",
)
def doc_only_version(change: Change[Node]) -> Iterator[Found]:
    """The registry gets a new version and a new schema id for messages that are the same, byte for byte.

    Confluent's registry compares texts: another `doc`, an alias or a property of somebody's own is another version,
    which consumers load, caches hold and the limit on schemas counts. A producer that looks up its own text without
    registering it gets "schema not found" until the new one is registered. Only the newest version is looked at, and
    an alias that is removed is another rule's.

    Improve the documentation all you like, best together with the next change of the data.

    ```avsc fires
    {"type": "record", "name": "User", "fields": [{"name": "email", "type": "string"}]}
    ---
    {"type": "record", "name": "User", "fields": [{"name": "email", "type": "string", "doc": "Verified."}]}
    ```

    ```avsc passes
    {"type": "record", "name": "User", "fields": [{"name": "email", "type": "string"}]}
    ---
    {"type": "record", "name": "User", "fields": [{"name": "email", "type": "string", "doc": "Verified."},
      {"name": "phone", "type": ["null", "string"], "default": null}]}
    ```
    """
    old, new = change.old, change.new
    if change.path != "$" or change.how != "place" or old is None or new is None or old is new:
        return
    edits = _edits(old, new, change.old_schema, change.new_schema)
    if edits is not None:
        words = [word for word in WORDS if word in edits] or ["the spelling"]
        yield found(reasons=dict.fromkeys(BOTH, "the same bytes under another schema id"), what=listed(words))


WORDS = ("documentation", "aliases", "properties")


def _edits(old: Node, new: Node, old_schema: Schema, new_schema: Schema) -> set[str] | None:
    """What differs around the same data: some of :data:`WORDS`; None as soon as the data or its readers differ."""
    edits: set[str] = set()
    seen: set[tuple[Part, Part]] = set()
    stack: list[tuple[Part, Part]] = [(old, new)]
    while stack:
        a, b = stack.pop()
        if a is b and not a.free:
            continue
        if not isinstance(a, Field) and not isinstance(b, Field):
            a, b = old_schema.resolve(a), new_schema.resolve(b)
        if (a, b) in seen:
            continue
        seen.add((a, b))
        below = _same_shape(a, b)
        if below is None:
            return None
        stack.extend(below)
        if not set(getattr(a, "aliases", ())) <= set(getattr(b, "aliases", ())):
            return None
        edits.update(word for word, said in _said(a).items() if said != _said(b)[word])
    return edits


def _said(part: Part) -> dict[str, object]:
    """What documents a part, by the word for it."""
    doc, aliases = getattr(part, "doc", None), getattr(part, "aliases", ())
    return dict(zip(WORDS, (freeze(doc), aliases, freeze(dict(getattr(part, "props", {})))), strict=True))


def _same_shape(a: Part, b: Part) -> list[tuple[Part, Part]] | None:
    """The parts below two that agree apart from what documents them; None if they do not."""
    if a.__class__ is not b.__class__ or any(getattr(a, m, None) != getattr(b, m, None) for m in SHAPE):
        return None
    if getattr(a, "props", {}).get("logicalType") != getattr(b, "props", {}).get("logicalType"):
        return None
    if isinstance(a, Field) and isinstance(b, Field):
        return [(a.type, b.type)] if same_value(a.default, b.default) else None
    if isinstance(a, Enum) and isinstance(b, Enum) and a.default != b.default:
        return None
    below = tuple(zip(_members(a), _members(b), strict=False))
    return list(below) if len(_members(a)) == len(_members(b)) else None


SHAPE = ("kind", "name", "is_error", "size", "symbols", "logical", "order")


def _members(part: Part) -> tuple[Part, ...]:
    if isinstance(part, Record):
        return part.fields
    if isinstance(part, Union):
        return part.branches
    if isinstance(part, Array):
        return (part.items,)
    return (part.values,) if isinstance(part, Map) else ()


RULES: tuple[Rule, ...] = (union_reordered, sort_order_changed, doc_only_version)

NEWEST_ONLY = frozenset({doc_only_version.id})
"""Rules whose question is about the newest version alone: what an older one looked like is no news."""
