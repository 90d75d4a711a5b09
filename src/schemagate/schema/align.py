"""Which part of the old schema became which part of the new one: by name, by alias, by likeness.

Alignment follows what an author did, compatibility (``compat``) what a decoder does; the change rules read this one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
from msgspec.structs import replace

from schemagate.schema.likeness import likely_renames
from schemagate.schema.model import Array, Enum, Field, Fixed, Map, Named, Node, Record, Ref, Schema, Union, short_name
from schemagate.schema.sites import Walk
from schemagate.schema.walk import Part, branch_step
from schemagate.schema.whereabouts import Whereabouts

T = TypeVar("T", covariant=True)


class Rename(NamedTuple):
    """A field that looks renamed: in the new record of this full name, ``old`` became ``new``."""

    record: str
    old: str
    new: str


class Change(msgspec.Struct, Generic[T], frozen=True):
    """One aligned pair that is not identical. ``old`` is None for what was added, ``new`` for what was removed.

    Nodes under a union, array, map or record are paired and told one by one; a :class:`Ref` is told as what it
    names. ``how`` says what paired a field or a branch: ``name``, ``alias``, ``likeness`` or ``place``.
    ``path`` is the new side's (for what was removed, where it would be), ``old_path`` the old side's. Pointers are
    into ``document`` and ``old_document``; for what was removed ``pointer`` is the new parent's, and the reverse.
    ``fields`` are the two fields whose type this is, directly or inside unions; ``records`` those that hold them.
    """

    old: T | None
    new: T | None
    path: str
    old_path: str
    pointer: str
    old_pointer: str
    old_schema: Schema
    new_schema: Schema
    document: str = ""
    old_document: str = ""
    how: str = "name"
    fields: tuple[Field, Field] | None = None
    records: tuple[Record, Record] | None = None

    def of(self, old: object, new: object) -> Change[Any]:
        """The same place with other values on its sides: the logical types that its nodes carry."""
        return replace(self, old=old, new=new)


def start_of(old: Schema, new: Schema) -> Change[Part]:
    """The pair of roots."""
    return Change(
        old.root, new.root, "$", "$", "", "", old, new, document=new.document, old_document=old.document, how="place"
    )


def align(old: Schema, new: Schema, renames: frozenset[Rename] | None = None) -> Iterator[Change[Part]]:
    """Every pair of parts that differ, outermost first; a pair of types is entered once, where it is first used.

    ``renames`` None looks for likely renames; a set says which to believe instead.
    """
    yield from align_from(start_of(old, new), renames)


def align_from(
    start: Change[Part], renames: frozenset[Rename] | None = None, walk: Walk | None = None
) -> Iterator[Change[Part]]:
    """As :func:`align`, from any pair on; ``walk`` is what earlier ones over the same schemas have seen."""
    walk = walk or Walk(start.old_schema, start.new_schema)
    stack = [start]
    while stack:
        change = _resolved(stack.pop(), *walk.places)
        old, new = change.old, change.new
        if old is None or new is None:
            yield change
            continue
        if (old is new and not old.free) or not walk.enters(old, new, change.path):
            continue
        if old is not new:
            yield change
        stack.extend(reversed(list(_below(change, renames))))


def _resolved(change: Change[Part], old_places: Whereabouts, new_places: Whereabouts) -> Change[Part]:
    """The change with what its references name; the pointers follow into the defining document."""
    old, new = change.old, change.new
    if isinstance(new, Ref):
        named = _definition(new, change.new_schema)
        document, pointer = new_places.of(named)
        change = replace(change, new=named, document=document, pointer=pointer)
    if isinstance(old, Ref):
        named = _definition(old, change.old_schema)
        document, pointer = old_places.of(named)
        change = replace(change, old=named, old_document=document, old_pointer=pointer)
    return change


def _definition(ref: Ref, schema: Schema) -> Named:
    named = schema.resolve(ref)
    assert isinstance(named, Record | Enum | Fixed)
    return named


def _below(change: Change[Part], renames: frozenset[Rename] | None) -> Iterator[Change[Part]]:
    old, new = change.old, change.new
    if isinstance(old, Field) and isinstance(new, Field):
        yield _step(change, old.type, new.type, "", "/type", "/type", fields=(old, new))
    elif isinstance(old, Record) and isinstance(new, Record):
        yield from _fields(change, old, new, renames)
    elif isinstance(old, Array) and isinstance(new, Array):
        yield replace(_step(change, old.items, new.items, "[]", "/items", "/items"), fields=None)
    elif isinstance(old, Map) and isinstance(new, Map):
        yield replace(_step(change, old.values, new.values, "{}", "/values", "/values"), fields=None)
    elif isinstance(old, Union) or isinstance(new, Union):
        yield from _branches(change)


def _step(
    change: Change[Part],
    old: Part | None,
    new: Part | None,
    step: str,
    old_pointer: str,
    pointer: str,
    *,
    how: str = "place",
    fields: tuple[Field, Field] | None = None,
) -> Change[Part]:
    return replace(
        change,
        old=old,
        new=new,
        path=change.path + step,
        old_path=change.old_path + step,
        old_pointer=change.old_pointer + old_pointer,
        pointer=change.pointer + pointer,
        how=how,
        fields=fields or change.fields,
    )


class Pair(NamedTuple):
    """Two fields that are one to the author; ``old`` None for an added field, ``new`` None for a removed one."""

    old: Field | None
    new: Field | None
    how: str


def pair_fields(old: Record, new: Record, renames: frozenset[Rename] | None = None) -> list[Pair]:
    """The fields of two records that are not identical, in the new record's order, removed ones last."""
    same = set(old.fields)
    same.intersection_update(new.fields)
    olds = {f.name: f for f in old.fields if f not in same or f.free}
    news = {f.name: f for f in new.fields if f not in same or f.free}
    pairs: dict[str, Pair] = {}
    for name, field in news.items():
        if name in olds:
            pairs[name] = Pair(olds.pop(name), field, "name")
    for name, field in news.items():
        if olds and name not in pairs:
            found = next((a for a in field.aliases if a in olds), None) or next(
                (o.name for o in olds.values() if name in o.aliases), None
            )
            if found is not None:
                pairs[name] = Pair(olds.pop(found), field, "alias")
    added = [f for name, f in news.items() if name not in pairs]
    for was, now in _believed(new, added, olds, renames, old):
        pairs[now] = Pair(olds.pop(was), news[now], "likeness")
    ordered = [pairs.get(name) or Pair(None, field, "name") for name, field in news.items()]
    return ordered + [Pair(field, None, "name") for field in olds.values()]


def _believed(
    new: Record, added: list[Field], olds: dict[str, Field], renames: frozenset[Rename] | None, old: Record
) -> list[tuple[str, str]]:
    if not added or not olds:
        return []
    if renames is None:
        return likely_renames(old, list(olds.values()), new, added)
    return [
        (r.old, r.new)
        for r in sorted(renames)
        if r.record == new.name and r.old in olds and any(f.name == r.new for f in added)
    ]


def _fields(
    change: Change[Part], old: Record, new: Record, renames: frozenset[Rename] | None
) -> Iterator[Change[Part]]:
    for pair in pair_fields(old, new, renames):
        yield field_step(change, old, new, pair)


def field_step(change: Change[Part], old: Record, new: Record, pair: Pair) -> Change[Part]:
    """From a pair of records to a pair of their fields."""
    a, b = pair.old, pair.new
    name = b.name if b is not None else a.name if a is not None else ""
    return replace(
        change,
        old=a,
        new=b,
        path=f"{change.path}.{name}",
        old_path=f"{change.old_path}.{a.name}" if a is not None else change.old_path,
        pointer=f"{change.pointer}/fields/{new.fields.index(b)}" if b is not None else change.pointer,
        old_pointer=f"{change.old_pointer}/fields/{old.fields.index(a)}" if a is not None else change.old_pointer,
        how=pair.how,
        fields=None,
        records=(old, new),
    )


def _branches(change: Change[Part]) -> Iterator[Change[Part]]:
    olds = list(enumerate(_options(change.old)))
    news = list(enumerate(_options(change.new)))
    for j, i, how in _pair_branches(change, [n for _, n in olds], [n for _, n in news]):
        old = olds[i][1] if i is not None else None
        new = news[j][1] if j is not None else None
        step = branch_step(new or old, tuple(n for _, n in (news if new is not None else olds)))  # type: ignore[arg-type]
        yield _step(
            change,
            old,
            new,
            step,
            f"/{i}" if i is not None and isinstance(change.old, Union) else "",
            f"/{j}" if j is not None and isinstance(change.new, Union) else "",
            how=how,
        )


def _options(node: Part | None) -> tuple[Node, ...]:
    if isinstance(node, Union):
        return node.branches
    return () if node is None or isinstance(node, Field) else (node,)


def _pair_branches(
    change: Change[Part], olds: list[Node], news: list[Node]
) -> list[tuple[int | None, int | None, str]]:
    """(new index, old index, how) of each branch: same name or kind, then short name or alias, then what is left."""
    left = {i: change.old_schema.resolve(node) for i, node in enumerate(olds)}
    right = {j: change.new_schema.resolve(node) for j, node in enumerate(news)}
    pairs: list[tuple[int | None, int | None, str]] = []

    def take(how: str, fits: object) -> None:
        for j in list(right):
            i = next((i for i in left if fits(left[i], right[j])), None)  # type: ignore[operator]
            if i is not None:
                pairs.append((j, i, how))
                del left[i], right[j]

    take("name", lambda a, b: _label(a) == _label(b))
    take("name", lambda a, b: a.kind == b.kind and _short(a) == _short(b))
    take("alias", lambda a, b: _full(a) in getattr(b, "aliases", ()) or _full(b) in getattr(a, "aliases", ()))
    rest_old = [i for i in left if left[i].kind != "null"]
    rest_new = [j for j in right if right[j].kind != "null"]
    if len(rest_old) == 1 == len(rest_new):
        pairs.append((rest_new[0], rest_old[0], "likeness"))
        del left[rest_old[0]], right[rest_new[0]]
    pairs.extend((j, None, "name") for j in right)
    pairs.sort(key=lambda p: p[0] if p[0] is not None else -1)
    pairs.extend((None, i, "name") for i in left)
    return pairs


def _full(node: Node) -> str:
    return node.name if isinstance(node, Record | Enum | Fixed) else node.kind


def _short(node: Node) -> str:
    return short_name(_full(node))


def _label(node: Node) -> tuple[str, str]:
    return node.kind, _full(node)
