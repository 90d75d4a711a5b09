"""Notices where a change weakens the gate that judges it."""

from __future__ import annotations

from collections.abc import Iterator

from schemagate.app.gather import Gathered, Scope
from schemagate.config import weaker
from schemagate.engine.tell import Teller
from schemagate.finding import Finding, Region
from schemagate.engine.assemble import allows_of


def weakened(scope: Scope, gathered: Gathered, teller: Teller) -> Iterator[Finding]:
    """One finding for each way in which the configuration or an inline allow lets through more than before."""
    settings = scope.settings
    if scope.former is not settings:
        path = settings.path or scope.former.path
        for weakening in weaker(scope.former, settings, files=tuple(scope.proposal.files)):
            line = weakening.line or 1
            args = {"what": f"{weakening.what}: {weakening.detail}"}
            finding = teller.told("gate-weakened", path, args, at=weakening.what, region=Region(path, line, 1, line, 1))
            if finding is not None:
                yield finding
    yield from _new_allows(scope, gathered, teller)


def _new_allows(scope: Scope, gathered: Gathered, teller: Teller) -> Iterator[Finding]:
    former = {c.path: c.old_blob for c in scope.changes if c.old_blob}
    for path in sorted(gathered.selected & gathered.workspace.documents.keys()):
        allows = allows_of(gathered.workspace.documents[path])
        if not allows:
            continue
        before: list[tuple[str, ...]] = []
        blob = former.get(path)
        if blob is not None:
            from schemagate.avsc.read import read

            for _, data in scope.repo.blobs([blob]):
                before = [a.rules for a in allows_of(read(data, path))] if data is not None else []
        elif path not in scope.touched():
            continue
        for allow in allows:
            if allow.rules in before:
                before.remove(allow.rules)
                continue
            args = {"what": f"inline allow of {', '.join(allow.rules)}"}
            region = Region(path, allow.line, 1, allow.line, 1)
            finding = teller.told("gate-weakened", path, args, at="allow", region=region)
            if finding is not None:
                yield finding
