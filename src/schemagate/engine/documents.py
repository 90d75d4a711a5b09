"""The findings of documents on their own: what does not parse, what is no schema, what lint notices."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from msgspec.structs import replace

from schemagate.engine.tell import Teller
from schemagate.finding import Finding, Place
from schemagate.rules.kit import FileVisit
from schemagate.workspace import Located


def document_findings(
    teller: Teller,
    selected: Collection[str] | None,
    extra: Iterable[Located] = (),
    *,
    about: Collection[str] = (),
    linted: Collection[str] | None = None,
    owns: Callable[[str], bool] | None = None,
) -> Iterator[Finding]:
    """What is told of the selected files (None: of all), and of any other that names a place in a file of ``about``.

    Lint is told of the ``linted`` among them (None: of those that no higher version of their series replaces), and
    nothing of a file that ``owns`` denies.
    """
    workspace = teller.workspace
    for located in _told_once((*workspace.problems, *extra)):
        if owns is not None and not owns(located.document):
            continue
        near = selected is None or located.document in selected
        if near or any(place.document in about for _, place in located.related):
            finding = teller.located(located)
            if finding is not None:
                yield finding
    for path in workspace.schemas:
        wanted = path not in workspace.superseded if linted is None else path in linted
        if wanted and (selected is None or path in selected):
            yield from _lint(teller, path)


def _told_once(problems: Iterable[Located]) -> list[Located]:
    """The problems with all uses of a name that nothing defines as one of each document, placed at its first use."""
    found: list[Located] = []
    uses: dict[tuple[str, str, str], list[int]] = {}
    for located in problems:
        problem = located.problem
        if problem.rule == "undefined-type":
            key = (located.document, str(problem.args.get("name")), str(problem.args.get("document")))
            places = uses.setdefault(key, [])
            places.append(len(found))
        found.append(located)
    further = {n for places in uses.values() for n in places[1:]}
    for first, *rest in uses.values():
        if rest:
            second = found[rest[0]]
            more = f" and in {len(rest) - 1} more place{'s' if len(rest) > 2 else ''}" if len(rest) > 1 else ""
            where = Place(second.document, second.problem.pointer)
            message = f"`{second.problem.args.get('name')}` is also used here{more}"
            found[first] = replace(found[first], related=(*found[first].related, (message, where)))
    return [located for n, located in enumerate(found) if n not in further]


def _lint(teller: Teller, path: str) -> Iterator[Finding]:
    document, schema = teller.workspace.documents.get(path), teller.workspace.schemas[path]
    comments = document.comments if document is not None else ()
    for rule, visit, found in teller.grades.linter(path).lint(schema, name=path, comments=comments):
        place = Place(path, "" if isinstance(visit, FileVisit) else visit.pointer, found.part, found.span)
        finding = teller.told(rule.id, path, found.args, place, at=visit.path, own=found.severity)
        if finding is not None:
            yield finding
