"""Which removed field was probably renamed to which added one: a guess, made where nothing declares it."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher

from schemagate.schema.model import Array, Field, Map, Node, Record, Union

MOST_PAIRS = 4_096
"""Past this many (removed, added) pairs in one record no guess is made: the work stays bounded."""


def likely_renames(old: Record, removed: list[Field], new: Record, added: list[Field]) -> list[tuple[str, str]]:
    """(old name, new name) of each likely rename, the surest first, each name used once.

    A pair needs the same type (apart from null and from what documents it) and a likely name, or a likely name and
    the same place; the same non-empty doc is as good as a name. Where the record was rewritten, so that several fields
    of a type go or come, a name must be likelier: the closest of many is close by chance.
    """
    if len(removed) * len(added) > MOST_PAIRS:
        return []
    old_at = {f.name: i for i, f in enumerate(old.fields)}
    new_at = {f.name: i for i, f in enumerate(new.fields)}
    types = {f: core_type(f.type) for f in (*removed, *added)}
    gone, come = Counter(types[f] for f in removed), Counter(types[f] for f in added)
    scored: list[tuple[float, int, str, str]] = []
    for was in removed:
        for now in added:
            same_type = types[was] == types[now]
            sole = same_type and gone[types[was]] == 1 == come[types[now]]
            score = _score(was, now, same_type=same_type, same_place=old_at[was.name] == new_at[now.name], sole=sole)
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


def _score(was: Field, now: Field, *, same_type: bool, same_place: bool, sole: bool) -> float:
    likeness = name_likeness(was.name, now.name)
    same_doc = bool(was.doc) and was.doc == now.doc
    if same_type:
        enough = 0.4 if same_place else 0.6 if sole or _extends(was.name, now.name) else 0.75
        # The same name in another spelling is surer than any place.
        return likeness + (likeness == 1) + 0.5 * same_place + 0.5 * same_doc if likeness >= enough or same_doc else 0
    return likeness - 0.5 if same_place and likeness >= 0.8 else 0


def _extends(one: str, other: str) -> bool:
    """Whether one name begins or ends with the other: ``spo2`` and ``spo2Value``."""
    short, long = sorted((_bare(one), _bare(other)), key=len)
    return long.startswith(short) or long.endswith(short)


def _bare(name: str) -> str:
    return name.replace("_", "").lower()


def name_likeness(a: str, b: str) -> float:
    """0 to 1; case and underscores do not count."""
    left, right = _bare(a), _bare(b)
    return 1.0 if left == right else SequenceMatcher(None, left, right, autojunk=False).ratio()


def core_type(node: Node) -> object:
    """A type apart from null: what a rename must keep to be believed."""
    around: list[str] = []
    while True:
        if isinstance(node, Union):
            branches = [branch for branch in node.branches if branch.kind != "null"]
            if len(branches) != 1:
                return (*around, frozenset(_head(branch) for branch in branches))
            node = branches[0]
        elif isinstance(node, Array | Map):
            around.append(node.kind)
            node = node.items if isinstance(node, Array) else node.values
        else:
            return (*around, _head(node))


def _head(node: Node) -> object:
    name = getattr(node, "name", None)
    return (node.kind if name is None else name, getattr(node, "logical", None))
