"""Gathers what the page with the pictures shows: every subject's past, from git, from a registry, or from both."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack

import msgspec
from msgspec.structs import replace

from schemagate.app.artist import Artist
from schemagate.app.atlas_registry import Shelf, registry_subjects
from schemagate.app.blast import Neighbours, neighbours
from schemagate.app.check import check, look
from schemagate.app.combine import Combiner
from schemagate.app.consult import connected, connected_alone
from schemagate.app.history import Reader, Series, choose
from schemagate.app.owners import PLACES, Owners, read_owners
from schemagate.app.project import find_project
from schemagate.app.proposal import propose
from schemagate.app.remote import RemoteReader, chosen
from schemagate.app.request import CheckRequest
from schemagate.app.same import Meanings
from schemagate.app.scope import Scope
from schemagate.app.sizes import assumptions
from schemagate.compat.solve import Memo
from schemagate.errors import UsageError
from schemagate.finding import Finding, Report, Suppressed
from schemagate.report.site.values import Site, Subject, Told
from schemagate.schema.bulk import VersionReader
from schemagate.schema.canonical import content_key
from schemagate.schema.model import Factory

SOURCES = ("git", "registry", "both")


class AtlasRequest(msgspec.Struct, frozen=True):
    """One page. ``check`` says where to look; ``subject`` limits the page to one, empty shows all.

    ``sources`` is one of :data:`SOURCES`; empty is both where a registry is configured and git otherwise.
    """

    check: CheckRequest
    subject: str = ""
    sources: str = ""
    seed: int = 0
    """Of the messages that are measured."""


def atlas(request: AtlasRequest) -> Site:
    """All that the page shows. Raises ConfigError, UsageError, GitError, RegistryError."""
    if request.sources and request.sources not in SOURCES:
        raise UsageError(f"--from {request.sources}: no such source", hint=f"choose one of {', '.join(SOURCES)}")
    return _of_registry(request) if request.sources == "registry" else _of_git(request)


def _of_registry(request: AtlasRequest) -> Site:
    told = request.check
    project = find_project(told.directory, told.config or "", none=told.no_config)
    settings = chosen(project.settings, told.registry)
    if settings is None:
        raise UsageError("no registry is configured", hint="add a table [registry.NAME] with its `url`")
    reader = VersionReader(Factory())
    with connected_alone(project, settings, told.env, directory=told.directory, config=told.config or "") as registry:
        names = [name for name in registry.subjects() if request.subject in ("", name)]
        if not names and request.subject:
            raise UsageError(f"the registry has no subject {request.subject}", hint="`schemagate history` lists git's")
        shelf = Shelf(RemoteReader(registry, reader).read(names), Combiner(Meanings(reader)))
        artist = Artist(project.settings, Memo(), len(names), request.seed)
        subjects = tuple(registry_subjects(shelf, names, artist))
        title, url = registry.name, registry.url
    uses = tuple(sorted(set(shelf.uses({name: place for place, name in enumerate(names)}))))
    return Site(
        title, told.today.isoformat(), subjects, (), uses, registry=f"{title} ({url})", assumptions=_basis(artist)
    )


def _of_git(request: AtlasRequest) -> Site:
    with ExitStack() as stack:
        scope = look(request.check)
        stack.enter_context(scope.repo)
        reader = Reader(scope)
        every = list(reader.subjects())
        told = replace(request.check, offline=request.check.offline or request.sources == "git")
        settings = None if told.offline else chosen(scope.settings, told.registry)
        if settings is None and request.sources == "both":
            raise UsageError("--from both: no registry is configured, or --offline forbids it", hint="--from git")
        registry = None if settings is None else stack.enter_context(connected(settings, scope, told))
        names = registry.subjects() if registry is not None else []
        series, names = _wanted(request, scope, every, names)
        shelf = None
        if registry is not None:
            asked = dict.fromkeys((*names, *(name for one in series for name in one.names)))
            remote = RemoteReader(registry, reader.texts)
            shelf = Shelf(remote.read(asked), Combiner(Meanings(reader.texts)))
        reader.read(series)
        site = _site(request, _Sheet(scope, reader, shelf, check(told)), series, names)
        return site if registry is None else replace(site, registry=f"{registry.name} ({registry.url})")


def _wanted(
    request: AtlasRequest, scope: Scope, every: Sequence[Series], names: Sequence[str]
) -> tuple[list[Series], list[str]]:
    """Git's series, and the registry's subjects that none of them has, as far as the request asks for them."""
    claimed = {name for one in every for name in one.names}
    alone = [name for name in names if name not in claimed]
    if not request.subject:
        return list(every), alone
    if request.subject in alone:
        return [], [request.subject]
    return [choose(every, request.subject, scope.repo.prefix)], []


class _Sheet(msgspec.Struct):
    """What the page is drawn from."""

    scope: Scope
    reader: Reader
    shelf: Shelf | None
    report: Report


def _site(request: AtlasRequest, sheet: _Sheet, series: list[Series], names: list[str]) -> Site:
    scope, reader = sheet.scope, sheet.reader
    artist = Artist(scope.settings, reader.memo, len(series) + len(names), request.seed)
    told = _by_subject(sheet.report, series)
    nobodys = told.pop(None)
    owners = _owners(scope)
    subjects = [_drawn(one, sheet, artist, told[one.name, one.path], owners) for one in series]
    around = Neighbours()
    if len(series) > 1:
        around = neighbours(reader.workspace, [one.path for one in series], after=len(series) + len(names))
    uses = list(around.uses)
    if sheet.shelf is not None:
        subjects += registry_subjects(sheet.shelf, names, artist)
        places = {name: place for place, one in enumerate(series) for name in one.names}
        places.update((name, len(series) + n) for n, name in enumerate(names))
        # What git knows is read from the files; the registry's references tell of what only it has.
        uses += [pair for pair in sheet.shelf.uses(places) if pair[0] >= len(series)]
    title = os.path.basename(scope.repo.root.rstrip(os.sep)) or "schemas"
    made = request.check.today.isoformat()
    return Site(
        title,
        made,
        tuple(subjects),
        around.shared,
        tuple(uses),
        scope.branch,
        notes=tuple(f"{one.severity.label}: {one.message} [{one.rule}]" for one in nobodys.findings),
        undecided=nobodys.undecided,
        assumptions=_basis(artist),
    )


def _drawn(series: Series, sheet: _Sheet, artist: Artist, told: Told, owners: Owners) -> Subject:
    reader = sheet.reader
    mode = sheet.scope.settings.mode_for(series.path)
    candidate = reader.workspace.schemas.get(series.path)
    past = reader.past(series)
    if sheet.shelf is not None:
        past = sheet.shelf.joined(series, mode, candidate, past)
    proposed = reader.proposed(series, past) if series.present else None
    known = {content_key(v.schema) for v in past.versions if all(p.source == "registry" for p in v.id.published)}
    if proposed is not None and content_key(proposed) in known:
        proposed = None
    steps = reader.steps(series, past, proposed)
    subject = Subject(series.name, series.path, mode, reader.state(series, past), told=told)
    subject = replace(subject, owners=owners.of(series.path), left_out=reader.left_out(past))
    return artist.measured(artist.drawn(subject, past.versions, proposed, list(steps)), candidate)


def _basis(artist: Artist) -> tuple[str, ...]:
    return (f"{artist.messages} messages of each subject were measured.", *assumptions(seed=artist.seed))


def _by_subject(report: Report, series: Sequence[Series]) -> dict[tuple[str, str] | None, Told]:
    """What a report says, by subject and file; under None what is about no subject.

    A finding without a subject belongs to that of its file.
    """
    files = {path: (one.name, one.path) for one in series for path in one.files}
    names = {one.name: (one.name, one.path) for one in reversed(series)}

    def owner(finding: Finding) -> tuple[str, str] | None:
        own = files.get(finding.location.path) if finding.location is not None else None
        if own is not None and own[0] == finding.subject:
            return own
        # What a file's type breaks in another subject is that subject's.
        return names.get(finding.subject, own)

    findings: dict[tuple[str, str] | None, list[Finding]] = {}
    accepted: dict[tuple[str, str] | None, list[Suppressed]] = {}
    undecided: dict[tuple[str, str] | None, list[str]] = {}
    for finding in report.findings:
        findings.setdefault(owner(finding), []).append(finding)
    for suppressed in report.suppressed:
        accepted.setdefault(owner(suppressed.finding), []).append(suppressed)
    for why in report.undecided:
        name, _, rest = why.partition(": ")
        undecided.setdefault(names.get(name), []).append(rest if name in names else why)
    return {
        key: Told(tuple(findings.get(key, ())), tuple(accepted.get(key, ())), tuple(undecided.get(key, ())))
        for key in (None, *((one.name, one.path) for one in series))
    }


def _owners(scope: Scope) -> Owners:
    """What the candidate's CODEOWNERS says."""
    from schemagate.adapters.git import literal

    tree = propose(scope.repo, scope.proposal.kind, [literal(path) for path in PLACES], {}, scope.proposal.commit)
    texts = (tree.text(path) for path in PLACES)
    return read_owners(next((text for text in texts if text is not None), ""))
