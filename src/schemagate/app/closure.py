"""Files that nobody named but that define what the named ones use: looked for only if needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from schemagate.config import version_of
from schemagate.schema.bulk import VersionReader
from schemagate.schema.model import Factory, short_name
from schemagate.workspace import Source, Workspace, load

Others = Callable[[], Mapping[str, bytes]]
"""Every other file of the tree with its content; asked at most once, and only if a name is undefined."""


def load_closed(
    sources: Sequence[Source], others: Others, factory: Factory, reader: VersionReader | None = None
) -> Workspace:
    """A workspace of ``sources`` and of those other files in which an undefined name may be defined."""
    taken = {source.path: source for source in sources}
    workspace = load(taken.values(), factory, version_of, reader)
    rest: dict[str, bytes] | None = None
    looked: set[str] = set()
    while names := undefined(workspace) - looked:
        looked |= names
        if rest is None:
            rest = {path: data for path, data in others().items() if path not in taken}
        found = [path for path, data in rest.items() if _mentions(data, names)]
        if not found:
            continue
        taken.update((path, Source(path, rest.pop(path))) for path in found)
        workspace = load(taken.values(), factory, version_of, reader)
    return workspace


def undefined(workspace: Workspace) -> set[str]:
    """The short names that nothing in the workspace defines."""
    problems = (located.problem for located in workspace.problems)
    return {short_name(str(p.args.get("name", ""))) for p in problems if p.rule == "undefined-type"}


def _mentions(data: bytes, names: Iterable[str]) -> bool:
    return any(name.encode("utf-8", "surrogatepass") in data for name in names)
