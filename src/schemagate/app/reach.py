"""Loads what a change reaches: the touched files, whatever uses their types, and whatever those need."""

from __future__ import annotations

from collections.abc import Iterable

from schemagate.app.closure import undefined
from schemagate.app.scope import Scope
from schemagate.config import version_of
from schemagate.schema.bulk import VersionReader
from schemagate.schema.model import short_name
from schemagate.workspace import Workspace, load, own_definitions

ESCAPES = ("\\u002e", *(f"\\u003{digit}" for digit in range(10)), "\\u004", "\\u005", "\\u006", "\\u007")
"""How JSON may spell the characters of a name otherwise: files with these are looked into, whatever they name."""


def load_reached(scope: Scope, reader: VersionReader) -> Workspace:
    """The workspace of every file that the change can matter to; `git grep` finds them, round by round.

    A file is found by the short names it mentions in quotes, so what is loaded is more than what is reached, never
    less.
    """
    touched = frozenset(path for path in scope.touched() if path in scope.proposal.files)
    touched = frozenset(path for path in touched if scope.settings.is_schema_path(path))
    former = _formerly_named(scope, reader)
    loaded = _with_series(touched, scope)
    sources = {source.path: source for source in scope.proposal.sources(loaded)}
    asked: set[str] = set()
    while True:
        workspace = load(sources.values(), reader.factory, version_of, reader)
        matter = touched.union(workspace.dependents(touched))
        wanted = former | undefined(workspace) | _named(workspace, matter)
        hits = _mentioning(wanted - asked, scope) if wanted - asked else set()
        asked |= wanted
        more = _with_series(hits, scope) - loaded
        if not more:
            return workspace
        loaded |= more
        sources.update((source.path, source) for source in scope.proposal.sources(sorted(more)))


def _formerly_named(scope: Scope, reader: VersionReader) -> set[str]:
    """The short names of every type that the touched files defined before the change."""
    blobs = {c.old_blob: c.old_path for c in scope.changes if c.old_blob and scope.settings.is_schema_path(c.old_path)}
    names: set[str] = set()
    for blob, data in scope.repo.blobs(blobs):
        schema = reader.read(data, blobs[blob]) if data is not None else None
        if schema is not None:
            names.update(short_name(named.name) for named in own_definitions(schema.root))
    return names


def _named(workspace: Workspace, paths: Iterable[str]) -> set[str]:
    """The short names of the types that these files define."""
    roots = (workspace.schemas[path].root for path in paths if path in workspace.schemas)
    return {short_name(named.name) for root in roots for named in own_definitions(root)}


def _mentioning(names: Iterable[str], scope: Scope) -> set[str]:
    patterns = [spelled for name in names for spelled in (f'"{name}"', f'.{name}"')]
    place = scope.proposal.commit if scope.proposal.kind == "HEAD" else scope.proposal.kind
    hits = scope.repo.grep_names([*patterns, *ESCAPES], place, [spec for spec in scope.specs if spec.startswith("*")])
    return {path for path in hits if path in scope.proposal.files and scope.settings.is_schema_path(path)}


def _with_series(paths: Iterable[str], scope: Scope) -> set[str]:
    """These files and the other files of the ``_vN`` series that they belong to."""
    found = set(paths)
    series = {name for name, number in map(version_of, found) if number is not None}
    if series:
        prefixes = tuple(f"{name}_v" for name in series)
        near = (path for path in scope.proposal.files if path.startswith(prefixes))
        found.update(path for path in near if version_of(path)[0] in series and scope.settings.is_schema_path(path))
    return found
