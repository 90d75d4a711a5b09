"""Sources in, linked schemas out: what every file defines and uses, whatever the order of files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from schemagate.avsc.read import Document, read
from schemagate.finding import Place, Problem, Severity
from schemagate.schema.build import Built, build
from schemagate.schema.bulk import VersionReader
from schemagate.schema.model import Enum, Factory, Fixed, Named, Node, Record, Ref, Schema, short_name
from schemagate.schema.names import Definition, link
from schemagate.schema.walk import children, definition_pointers


class Source(msgspec.Struct, frozen=True):
    """One file as it is proposed: repo-relative POSIX path and bytes."""

    path: str
    data: bytes


class Located(msgspec.Struct, frozen=True):
    """A problem in one of the documents, with the other places it is about and, where its case decides, a severity."""

    document: str
    problem: Problem
    related: tuple[tuple[str, Place], ...] = ()
    severity: Severity | None = None


class Workspace(msgspec.Struct, frozen=True):
    """Every document with its linked schema, and who uses whom."""

    factory: Factory
    documents: Mapping[str, Document] = msgspec.field(default_factory=dict)
    schemas: Mapping[str, Schema] = msgspec.field(default_factory=dict)
    """Those that the reference would accept, linked across files."""
    superseded: frozenset[str] = frozenset()
    """Files of a ``_vN`` series that are not its highest: published, so never changed, and not in the name index."""
    problems: tuple[Located, ...] = ()
    definers: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """Full name → the files that define it."""

    def dependencies(self, path: str) -> frozenset[str]:
        """The other files whose types this one uses, directly or through others."""
        schema = self.schemas.get(path)
        return frozenset(schema.origins.values()) - {path} if schema else frozenset()

    def dependents(self, paths: Iterable[str]) -> dict[str, str]:
        """Path → one of ``paths`` that it uses, for every file that uses a type of theirs."""
        changed = frozenset(paths)
        found: dict[str, str] = {}
        for path in self.schemas:
            hit = sorted(self.dependencies(path) & changed)
            if hit and path not in changed:
                found[path] = hit[0]
        return found


SeriesOf = Callable[[str], tuple[str, int | None]]


def load(
    sources: Iterable[Source], factory: Factory, series_of: SeriesOf, reader: VersionReader | None = None
) -> Workspace:
    """Read, build and link every source. Never raises for what a file says; ``series_of`` is ``config.version_of``.

    ``reader`` knows the fields of what it has read, so that a run decodes each text once.
    """
    documents, closed, built = _read(sources, reader or VersionReader(factory))
    roots = {path: schema.root for path, schema in closed.items()}
    roots |= {path: each.root for path, each in built.items() if each.root is not None}
    known = {path: roots[path] for path in documents if path in roots}
    superseded = superseded_files(documents, series_of)
    definers = _definers(known, superseded)
    pointers = Pointers(known)
    wanted = {n for root in known.values() for name in root.free for n in (name, short_name(name))}
    index = {name: _definition(*definers[name][0], pointers) for name in wanted if name in definers}
    schemas: dict[str, Schema] = {}
    problems: list[Located] = []
    for path, document in documents.items():
        found: list[Problem] = list(document.problems)
        mine = built.get(path)
        schema = closed.get(path)
        if mine is not None:
            found += mine.problems
            schema = None if mine.root is None else link(mine.root, path, index)
        if schema is not None:
            found += schema.problems
            if not any(p.refused for p in found if p.rule != "undefined-type") and not schema.undefined:
                schemas[path] = schema
        problems += [Located(path, p) for p in found]
    problems += _duplicates(definers, pointers)
    problems += _ambiguous(definers, known, pointers)
    problems += _cycles(known, index)
    return Workspace(
        factory,
        documents,
        schemas,
        superseded,
        tuple(problems),
        {name: tuple(path for path, _ in places) for name, places in definers.items()},
    )


def _read(
    sources: Iterable[Source], reader: VersionReader
) -> tuple[dict[str, Document], dict[str, Schema], dict[str, Built]]:
    """The documents, by path and released; the schemas that need no other file; of the rest what could be built."""
    documents: dict[str, Document] = {}
    closed: dict[str, Schema] = {}
    built: dict[str, Built] = {}
    for source in sorted(sources, key=lambda s: s.path):
        path = source.path
        document = documents[path] = read(source.data, path)
        schema = reader.closed(document.data, path) if document.readable and not document.problems else None
        if schema is not None:
            closed[path] = schema
        elif document.readable:
            built[path] = build(document.value, reader.factory, document=path)
        document.release()
    return documents, closed, built


class Pointers:
    """Where each definition stands in its document; a document is walked when first asked about."""

    def __init__(self, roots: Mapping[str, Node]) -> None:
        self._roots = roots
        self._known: dict[str, Mapping[str, tuple[str, str]]] = {}

    def of(self, path: str, name: str) -> str:
        """The pointer of ``name`` in ``path``, which defines it."""
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = definition_pointers(self._roots[path])
        return known[name][0]


def superseded_files(paths: Iterable[str], series_of: SeriesOf) -> frozenset[str]:
    """The ``_vN`` files that a higher one of their series replaces."""
    highest: dict[str, tuple[int, str]] = {}
    numbered = []
    for path in paths:
        series, number = series_of(path)
        if number is not None:
            numbered.append((series, number, path))
            highest[series] = max(highest.get(series, (-1, "")), (number, path))
    return frozenset(path for series, _, path in numbered if highest[series][1] != path)


def own_definitions(root: Node) -> tuple[Named, ...]:
    """Every named type that a document defines, its root included."""
    if isinstance(root, Record | Enum | Fixed):
        return (root, *root.defines)
    return root.defines


def _definition(path: str, named: Named, pointers: Pointers) -> Definition:
    return Definition(named, path, pointers.of(path, named.name))


Definers = dict[str, list[tuple[str, Named]]]


def _definers(roots: Mapping[str, Node], superseded: frozenset[str]) -> Definers:
    definers: Definers = {}
    for path, root in roots.items():
        if path in superseded:
            continue
        for named in own_definitions(root):
            places = definers.setdefault(named.name, [])
            if not places or places[-1][0] != path:
                places.append((path, named))
    return definers


def _duplicates(definers: Definers, pointers: Pointers) -> Iterator[Located]:
    """One problem for each file that defines names which files before it define, told apart by whether they agree."""
    shared: dict[tuple[str, bool], dict[str, list[str]]] = {}
    for name, places in definers.items():
        first_path, first = places[0]
        for path, named in places[1:]:
            others = shared.setdefault((path, named is first), {})
            others.setdefault(first_path, []).append(name)
    for (path, same), others in shared.items():
        other, (name, *_) = next(iter(others.items()))
        names = [one for found in others.values() for one in found]
        more = len(others) - 1
        told = f"{other} and {more} more file{'s' if more > 1 else ''}" if more else other
        yield Located(
            path,
            Problem(
                "duplicate-definition",
                {"name": name, "other": told, "what": _counted(names)},
                pointers.of(path, name),
                "name",
                refused=False,
            ),
            ((f"`{name}` is also defined here", Place(other, pointers.of(other, name), "name")),),
            Severity.NOTICE if same else Severity.WARNING,
        )


def _counted(names: Sequence[str]) -> str:
    more = len(names) - 1
    if not more:
        return f"`{names[0]}` is"
    return f"`{names[0]}` and {more} more type{'s' if more > 1 else ''} are"


def _ambiguous(definers: Definers, roots: Mapping[str, Node], pointers: Pointers) -> Iterator[Located]:
    torn = {name: places for name, places in definers.items() if any(n is not places[0][1] for _, n in places)}
    if not torn:
        return
    for path, root in roots.items():
        for name in sorted(root.free & torn.keys()):
            places = torn[name]
            related = tuple(
                (f"`{name}` as {other} defines it", Place(other, pointers.of(other, name), "name"))
                for other, _ in places
            )
            args = {"name": name, "documents": [other for other, _ in places]}
            yield Located(path, Problem("ambiguous-reference", args, use_of(root, name), refused=False), related)


def use_of(root: Node, name: str) -> str:
    """The pointer of the first place that uses ``name``; empty if nothing does."""
    stack: list[tuple[object, str, str]] = [(root, "$", "")]
    while stack:
        node, path, pointer = stack.pop()
        if isinstance(node, Ref) and name in (node.name, node.fallback):
            return pointer
        stack.extend(reversed(children(node, path, pointer)))  # type: ignore[arg-type]
    return ""


def _cycles(roots: Mapping[str, Node], index: Mapping[str, Definition]) -> Iterator[Located]:
    """One problem for each group of files that need each other, told at the first and naming all."""
    uses: dict[str, dict[str, str]] = {}
    for path, root in roots.items():
        for name in sorted(root.free):
            definition = index.get(name) or index.get(short_name(name))
            if definition is not None and definition.document != path:
                uses.setdefault(path, {}).setdefault(definition.document, name)
    for group in _strong_components({path: list(targets) for path, targets in uses.items()}):
        members = sorted(group)
        first = members[0]
        target = next(t for t in uses[first] if t in group)
        related = tuple(
            (f"`{name}` of {other} is used here", Place(path, use_of(roots[path], name)))
            for path in members[1:]
            for other, name in uses[path].items()
            if other in group
        )
        pointer = use_of(roots[first], uses[first][target])
        yield Located(first, Problem("reference-cycle", {"cycle": members}, pointer, refused=False), related)


def _strong_components(graph: Mapping[str, list[str]]) -> Iterator[frozenset[str]]:
    """Groups of more than one node that reach each other (Tarjan's algorithm, iterative)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    trail: list[str] = []
    on_trail: set[str] = set()
    for start in graph:
        if start in order:
            continue
        work: list[tuple[str, Iterator[str]]] = [(start, iter(graph.get(start, ())))]
        order[start] = low[start] = len(order)
        trail.append(start)
        on_trail.add(start)
        while work:
            node, targets = work[-1]
            target = next(targets, None)
            if target is not None:
                if target not in order:
                    order[target] = low[target] = len(order)
                    trail.append(target)
                    on_trail.add(target)
                    work.append((target, iter(graph.get(target, ()))))
                elif target in on_trail:
                    low[node] = min(low[node], order[target])
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[node])
            if low[node] == order[node]:
                group: list[str] = []
                while not group or group[-1] != node:
                    group.append(trail.pop())
                    on_trail.discard(group[-1])
                if len(group) > 1:
                    yield frozenset(group)
