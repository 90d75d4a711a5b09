"""What a shard must know before it offers changes: the subjects of other shards that use the files to be changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from schemagate.app.gather import Gathered, gather_in
from schemagate.app.repair import ground_of, places
from schemagate.app.request import CheckRequest
from schemagate.app.scope import Scope
from schemagate.app.shards import Slice
from schemagate.app.trial import MOST_FILES, Ground
from schemagate.config import version_of
from schemagate.errors import RegistryError
from schemagate.schema.bulk import VersionReader
from schemagate.workspace import Workspace

if TYPE_CHECKING:
    from schemagate.app.check import Examined


def shard_ground(scope: Scope, request: CheckRequest, examined: Examined, ground: Ground) -> Ground:
    """The ground with everything that uses the files of findings: a change is judged with all of it, or not offered.

    The same ground where the run is no shard.
    """
    gathered = examined.gathered
    part, reader = gathered.part, gathered.reader
    if part is None or reader is None:
        return ground
    ground = replace(ground, names=part.names)
    users = {path: _users(path, part, ground.workspace) for path in dict.fromkeys(places(ground))}
    # What seems to use a file may not; of many more than are tried it need not be known.
    crowded = {path for path, found in users.items() if len(found) > 2 * MOST_FILES}
    others = {user for path in users.keys() - crowded for user in users[path] if not part.owns(user)}
    if not others:
        return replace(ground, crowded=crowded)
    try:
        wide = _widened(scope, request, examined, others, reader)
    except RegistryError:
        return replace(ground, crowded=frozenset(users))
    found = ground_of(scope, ground.report, wide, request.severities)
    return replace(found, names=part.names, crowded=crowded)


def _users(path: str, part: Slice, workspace: Workspace) -> Collection[str]:
    return part.users([path]) if part.sources else workspace.dependents([path])


def _widened(
    scope: Scope, request: CheckRequest, examined: Examined, others: Iterable[str], reader: VersionReader
) -> Gathered:
    """What was gathered, with the lineages of these files too. Raises RegistryError."""
    gathered = examined.gathered
    assert gathered.part is not None
    part = replace(gathered.part, only=frozenset(version_of(path)[0] for path in others))
    own = gathered.workspace
    more = part.load(others, reader) if part.sources else own
    workspace = replace(
        own,
        documents={**more.documents, **own.documents},
        schemas={**more.schemas, **own.schemas},
        superseded=own.superseded | more.superseded,
        definers=more.definers,
    )
    theirs = gather_in(scope, workspace, reader, part, gathered.history)
    if examined.remote is not None:
        _ask(scope, request, theirs)
    return replace(
        gathered,
        workspace=workspace,
        lineages=[*gathered.lineages, *theirs.lineages],
        gone=[*gathered.gone, *theirs.gone],
        settled=gathered.settled | theirs.settled,
    )


def _ask(scope: Scope, request: CheckRequest, gathered: Gathered) -> None:
    from schemagate.app.consult import Consulted, compare, connected
    from schemagate.app.remote import chosen

    settings = chosen(scope.settings, request.registry)
    if settings is not None:
        with connected(settings, scope, request) as registry:
            compare(scope, request, gathered, registry, Consulted())
