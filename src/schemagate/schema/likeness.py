"""Which removed field was probably renamed to which added one: a guess, made where nothing declares it."""

from __future__ import annotations

from difflib import SequenceMatcher

from schemagate.schema.model import Field, Node, Record, Union

MOST_PAIRS = 4_096
"""Past this many (removed, added) pairs in one record no guess is made: the work stays bounded."""


def likely_renames(old: Record, removed: list[Field], new: Record, added: list[Field]) -> list[tuple[str, str]]:
    """(old name, new name) of each likely rename, the surest first, each name used once.

    A pair needs the same type (apart from null and from what documents it) and a likely name, or a likely name and
    the same place; the same non-empty doc is as good as a name.
    """
    if len(removed) * len(added) > MOST_PAIRS:
        return []
    old_at = {f.name: i for i, f in enumerate(old.fields)}
    new_at = {f.name: i for i, f in enumerate(new.fields)}
    scored: list[tuple[float, int, str, str]] = []
    for was in removed:
        for now in added:
            score = _score(was, now, old_at[was.name] == new_at[now.name])
            if score > 0:
                scored.append((-score, new_at[now.name], was.name, now.name))
    scored.sort()
    used_old: set[str] = set()
    used_new: set[str] = set()
    pairs: list[tuple[str, str]] = []
    for _, _, was_name, now_name in scored:
        if was_name not in used_old and now_name not in used_new:
            used_old.add(was_name)
            used_new.add(now_name)
            pairs.append((was_name, now_name))
    return pairs


def _score(was: Field, now: Field, same_place: bool) -> float:
    likeness = name_likeness(was.name, now.name)
    same_type = core_type(was.type) == core_type(now.type)
    same_doc = bool(was.doc) and was.doc == now.doc
    if same_type and (likeness >= 0.6 or (same_place and likeness >= 0.4) or same_doc):
        return likeness + 0.5 * same_place + 0.5 * same_doc
    if not same_type and same_place and likeness >= 0.8:
        return likeness - 0.5
    return 0


def name_likeness(a: str, b: str) -> float:
    """0 to 1; case and underscores do not count."""
    left, right = a.replace("_", "").lower(), b.replace("_", "").lower()
    return 1.0 if left == right else SequenceMatcher(None, left, right, autojunk=False).ratio()


def core_type(node: Node) -> object:
    """A type apart from null: what a rename must keep to be believed."""
    if isinstance(node, Union):
        branches = frozenset(core_type(b) for b in node.branches if b.kind != "null")
        return next(iter(branches)) if len(branches) == 1 else branches
    name = getattr(node, "name", None)
    logical = getattr(node, "logical", None)
    return (node.kind if name is None else name, logical)
