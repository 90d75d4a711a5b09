"""Who uses whose types: the graph in which a change to one file travels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from schemagate.config import version_of
from schemagate.report.site.values import Shared
from schemagate.schema.model import Schema, short_name
from schemagate.workspace import Workspace, own_definitions


class Neighbours(msgspec.Struct, frozen=True):
    """``uses`` are (user, used) positions: the files that were asked about, then, further on, ``shared``."""

    shared: tuple[Shared, ...] = ()
    uses: tuple[tuple[int, int], ...] = ()


def neighbours(workspace: Workspace, paths: Sequence[str], after: int) -> Neighbours:
    """The direct uses between these files and all that they lead to; the files of a ``_vN`` series are one.

    ``after`` is the position of the first shared file.
    """
    places = {version_of(path)[0]: place for place, path in enumerate(paths)}
    shared: list[Shared] = []
    uses: dict[tuple[int, int], None] = {}
    pending = [path for path in paths if path in workspace.schemas]
    while pending:
        path = pending.pop()
        for used in _used(workspace.schemas[path], path):
            series = version_of(used)[0]
            if series not in places:
                places[series] = after + len(shared)
                shared.append(Shared(used, _types(workspace, used)))
                pending.extend([used] if used in workspace.schemas else [])
            pair = (places[version_of(path)[0]], places[series])
            if pair[0] != pair[1]:
                uses[pair] = None
    return Neighbours(tuple(shared), tuple(sorted(uses)))


def _used(schema: Schema, path: str) -> Iterator[str]:
    """The files that define the names which a file itself uses."""
    for name in sorted(schema.root.free):
        file = schema.origins.get(name) or schema.origins.get(short_name(name))
        if file is not None and file != path:
            yield file


def _types(workspace: Workspace, path: str) -> tuple[str, ...]:
    schema = workspace.schemas.get(path)
    return () if schema is None else tuple(named.name for named in own_definitions(schema.root))
