"""Which schemas of two trees belong together: by path, by rename, by type name, by the series of a ``_vN`` file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from schemagate.app.sides import SCHEMAS, GitTree
from schemagate.config import version_of
from schemagate.schema.bulk import VersionReader
from schemagate.schema.model import short_name
from schemagate.workspace import Workspace, load

if TYPE_CHECKING:
    from schemagate.adapters.git import FileChange, GitRepo

MOST_ROUNDS = 20
"""Steps from a changed type to the types that use it; deeper use is told of the types on the way."""


class Pair(msgspec.Struct, frozen=True):
    """Paths of an old and a new schema; empty for what was added or removed.

    ``old_is_new``: the older version stands in the new tree, beside the newer (``a_v2`` and ``a_v3`` both added).
    """

    old: str
    new: str
    old_is_new: bool = False


def changed_pairs(repo: GitRepo, old: GitTree, new: GitTree, reader: VersionReader) -> list[Pair]:
    """Every schema that may differ: files that changed, and files that use a type of theirs."""
    changes = repo.diff(old.commit, new.commit or "worktree", SCHEMAS)
    touched = {c.path for c in changes if c.status != "D"} | {c.old_path for c in changes if c.status in ("D", "R")}
    users = _users(repo, old, new, touched, reader)
    pairs = {pair.new or pair.old: pair for pair in _of_changes(changes, old, new, reader)}
    pairs.update((path, Pair(path, path)) for path in users if path in old.proposal.files)
    return [pairs[path] for path in sorted(pairs)]


def _of_changes(changes: Iterable[FileChange], old: GitTree, new: GitTree, reader: VersionReader) -> list[Pair]:
    pairs: list[Pair] = []
    added: list[str] = []
    gone: list[str] = []
    for change in changes:
        if change.status == "A":
            added.append(change.path)
        elif change.status == "D":
            gone.append(change.path)
        else:
            pairs.append(Pair(change.old_path or change.path, change.path))
    names = _names(old, gone, reader) if added and gone else {}
    moved = _names(new, added, reader) if names else {}
    for path in added:
        before = _version_before(path, old, new)
        source = next((gone_path for gone_path, name in names.items() if name == moved.get(path)), "")
        if before is not None:
            pairs.append(before)
        elif source:
            pairs.append(Pair(source, path))
            gone.remove(source)
            del names[source]
        else:
            pairs.append(Pair("", path))
    return [*pairs, *(Pair(path, "") for path in gone)]


def _version_before(path: str, old: GitTree, new: GitTree) -> Pair | None:
    """The highest lower version of the series, the old tree's if it has it."""
    series, number = version_of(path)
    if number is None:
        return None
    lower = {
        found: other
        for other in (*old.proposal.files, *new.proposal.files)
        for other_series, found in [version_of(other)]
        if other_series == series and found is not None and found < number
    }
    if not lower:
        return None
    before = lower[max(lower)]
    return Pair(before, path, old_is_new=before not in old.proposal.files)


def _names(tree: GitTree, paths: Iterable[str], reader: VersionReader) -> dict[str, str]:
    """Path → full name of the type at its root."""
    space = load(tree.sources(paths), reader.factory, version_of, reader)
    return {path: name for path, schema in space.schemas.items() if (name := getattr(schema.root, "name", ""))}


def _users(repo: GitRepo, old: GitTree, new: GitTree, touched: Iterable[str], reader: VersionReader) -> set[str]:
    """The files of the new tree that did not change and use, directly or through others, a type that may have."""
    seen = set(touched)
    names = _defined(old, [p for p in seen if p in old.proposal.files], reader)
    names |= _defined(new, [p for p in seen if p in new.proposal.files], reader)
    found: set[str] = set()
    looked: set[str] = set()
    for _ in range(MOST_ROUNDS):
        wanted = names - looked
        if not wanted:
            break
        looked |= wanted
        mention = repo.grep_names(wanted, new.commit or "worktree", SCHEMAS)
        fresh = [path for path in mention if path in new.proposal.files and path not in seen]
        seen.update(fresh)
        found.update(fresh)
        names = _defined(new, fresh, reader)
    return found


def _defined(tree: GitTree, paths: Iterable[str], reader: VersionReader) -> set[str]:
    """Short names of the types that these files define."""
    space: Workspace = load(tree.sources(paths), reader.factory, version_of, reader)
    return {short_name(name) for name in space.definers}
