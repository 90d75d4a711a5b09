"""The findings of documents on their own: what does not parse, what is no schema, what lint notices."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from schemagate.engine.tell import Teller
from schemagate.finding import Finding, Place
from schemagate.rules.kit import FileVisit
from schemagate.rules.run import lint_schema
from schemagate.workspace import Located


def document_findings(
    teller: Teller, selected: Collection[str] | None, extra: Iterable[Located] = ()
) -> Iterator[Finding]:
    """Everything that is told of the selected files (None: of all), published version files left out of lint."""
    workspace = teller.workspace
    for located in (*workspace.problems, *extra):
        if selected is None or located.document in selected:
            finding = teller.located(located)
            if finding is not None:
                yield finding
    for path in workspace.schemas:
        if (selected is None or path in selected) and path not in workspace.superseded:
            yield from _lint(teller, path)


def _lint(teller: Teller, path: str) -> Iterator[Finding]:
    document, schema = teller.workspace.documents[path], teller.workspace.schemas[path]
    rules = teller.grades.lint_rules(path)
    for rule, visit, found in lint_schema(schema, name=path, comments=document.comments, rules=rules):
        place = Place(path, "" if isinstance(visit, FileVisit) else visit.pointer, found.part, found.span)
        finding = teller.told(rule.id, path, found.args, place, at=visit.path, own=found.severity)
        if finding is not None:
            yield finding
