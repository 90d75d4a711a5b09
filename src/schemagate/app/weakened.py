"""Notices where a change weakens the gate that judges it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from schemagate.app.gather import Gathered
from schemagate.app.scope import Scope
from schemagate.avsc.read import read
from schemagate.engine.assemble import allows_of
from schemagate.engine.tell import Grades, Teller
from schemagate.finding import Finding, Json, Region, Severity
from schemagate.rules.catalog import BY_ID
from schemagate.suppress import Allow

RULE = "gate-weakened"


def weakened(
    scope: Scope, new_allows: Mapping[str, Sequence[Allow]], teller: Teller, severities: Mapping[str, Severity]
) -> Iterator[Finding]:
    """One finding for each way in which the configuration or an inline allow lets through more than before.

    Graded as the stricter of the two configurations says: a change cannot silence what it is told of itself.
    """
    former = Teller(teller.workspace, Grades(scope.former, severities), teller.rules)
    strict = max((former, teller), key=lambda one: one.grades.of(BY_ID[RULE]))
    settings = scope.settings
    if scope.former is not settings:
        from schemagate.config import weaker

        path = settings.path or scope.former.path
        defaults = {rule.id: rule.severity for rule in BY_ID.values()}
        for weakening in weaker(scope.former, settings, files=tuple(scope.proposal.files), defaults=defaults):
            args = {"what": f"{weakening.what}: {weakening.detail}"}
            yield from _told(strict, path, weakening.line or 1, args, weakening.what)
    for path, allows in new_allows.items():
        for allow in allows:
            yield from _told(strict, path, allow.line, {"what": f"inline allow of {', '.join(allow.rules)}"}, "allow")


def _told(teller: Teller, path: str, line: int, args: Mapping[str, Json], at: str) -> Iterator[Finding]:
    finding = teller.told(RULE, path, args, at=at, region=Region(path, line, 1, line, 1))
    if finding is not None:
        yield finding


def added_allows(scope: Scope, gathered: Gathered) -> dict[str, list[Allow]]:
    """The inline allows that the touched files did not have at the diff base, by file."""
    documents = gathered.workspace.documents
    now = {c.path: c for c in scope.changes if c.path in documents}
    allowed = {path: [a for a in allows_of(documents[path]) if not a.problem] for path in sorted(now)}
    found = {path: allows for path, allows in allowed.items() if allows}
    contents = dict(scope.repo.blobs(dict.fromkeys(now[path].old_blob or "" for path in found if now[path].old_blob)))
    added = {}
    for path, allows in found.items():
        data = contents.get(now[path].old_blob or "")
        new = not_before(allows, allows_of(read(data, path)) if data is not None else ())
        if new:
            added[path] = new
    return added


def not_before(allows: Sequence[Allow], former: Sequence[Allow]) -> list[Allow]:
    """The allows that go beyond the former ones of the same rules."""
    before = Counter(allow.rules for allow in former)
    new = []
    for allow in allows:
        before[allow.rules] -= 1
        if before[allow.rules] < 0:
            new.append(allow)
    return new
