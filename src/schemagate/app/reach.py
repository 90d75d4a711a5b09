"""Loads what a change reaches: the touched files, whatever uses their types, and whatever those need."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final

from schemagate.app.closure import undefined
from schemagate.app.mentions import Searcher, opened, searcher
from schemagate.app.proposal import starting
from schemagate.app.scope import Scope, published_history
from schemagate.config import version_of
from schemagate.schema.bulk import VersionReader
from schemagate.schema.model import short_name
from schemagate.workspace import Source, Workspace, load, own_definitions

if TYPE_CHECKING:
    from schemagate.adapters.git import History

ESCAPE: Final = "\\u00"
ESCAPED: Final = re.compile(rb"\\\\u00(?:2[eE]|3[0-9]|[4-7])")
"""How JSON may spell the characters of a name otherwise: files with these are looked into, whatever they name."""


def reached(scope: Scope, reader: VersionReader) -> tuple[Workspace, History]:
    """The workspace of what a narrow change can matter to, and the baseline's history as far as that needs it."""
    with opened(scope) as cache:
        workspace = _load(scope, reader, searcher(scope, cache))
        if cache is None or scope.repo.may_rewrite:
            return workspace, published_history(scope, workspace.documents)
        from schemagate.adapters.git_kept import KeptHistories

        return workspace, published_history(scope, workspace.documents, KeptHistories(cache))


def _load(scope: Scope, reader: VersionReader, search: Searcher) -> Workspace:
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
        found = _mentioning(wanted - asked, scope, search, loaded) if wanted - asked else {}
        asked |= wanted
        if not found:
            return workspace
        more = _with_series(found, scope) - loaded
        loaded |= more
        sources.update(found)
        sources.update((source.path, source) for source in scope.proposal.sources(sorted(more - found.keys())))


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


def _mentioning(names: Collection[str], scope: Scope, search: Searcher, loaded: Collection[str]) -> dict[str, Source]:
    """The files not yet loaded that name one of these types, or that spell names with escapes."""
    # One plain pattern a name and a closer look at the hits: git searches for few patterns much faster than for many.
    new = search.hits([*(f'{name}"' for name in names), ESCAPE], loaded)
    spelled = "|".join(re.escape(name) for name in sorted(names))
    quoted = re.compile(f'[".](?:{spelled})"'.encode("utf-8", "surrogatepass"))
    sources = scope.proposal.sources(new)
    return {source.path: source for source in sources if quoted.search(source.data) or ESCAPED.search(source.data)}


def _with_series(paths: Iterable[str], scope: Scope) -> set[str]:
    """These files and the other files of the ``_vN`` series that they belong to."""
    found = set(paths)
    series = {name for name, number in map(version_of, found) if number is not None}
    if series:
        near = (path for name in series for path in starting(scope.proposal.files, f"{name}_v"))
        found.update(path for path in near if version_of(path)[0] in series and scope.settings.is_schema_path(path))
    return found
