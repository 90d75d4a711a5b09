"""The way through a breaking change: what is governed, what is wanted, and the versions between."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from schemagate.app.diff import DiffRequest, two_sides
from schemagate.app.project import find_project
from schemagate.app.request import CheckRequest
from schemagate.app.sides import GitTree, Tree, load_from
from schemagate.app.way import Ends, Guide
from schemagate.compat.modes import Mode
from schemagate.config import Settings, version_of
from schemagate.engine.lineage import Lineage, Version
from schemagate.errors import UndecidedError, UsageError
from schemagate.finding import Provenance, VersionId
from schemagate.report.migration import Migration, Step
from schemagate.schema.bulk import VersionReader
from schemagate.schema.canonical import content_key
from schemagate.schema.model import Enum, Factory, Fixed, Record, Schema
from schemagate.workspace import Source, Workspace


class MigrateRequest(msgspec.Struct, frozen=True):
    """``old`` and ``new`` as typed in ``directory``; ``mode`` empty is the configured one, FULL_TRANSITIVE without any.

    ``write`` names the directory that the versions are written to, empty for none.
    """

    directory: str
    old: str
    new: str
    today: dt.date
    env: Mapping[str, str] = msgspec.field(default_factory=dict)
    mode: str = ""
    config: str = ""
    no_config: bool = False
    registry: str = ""
    offline: bool = False
    write: str = ""


class _Known(msgspec.Struct, frozen=True):
    """What git knows of the subject: its lineage, the configuration, and what was read with which factory."""

    settings: Settings
    factory: Factory
    lineage: Lineage | None = None
    notes: tuple[str, ...] = ()


def migrate(request: MigrateRequest) -> Migration:
    """Works out the way and writes its versions where that is asked for. Raises UsageError, ConfigError, GitError."""
    sides = DiffRequest(
        request.directory,
        request.old,
        request.new,
        config=request.config,
        no_config=request.no_config,
        env=request.env,
        registry=request.registry,
        offline=request.offline,
    )
    with two_sides(sides) as ((old_tree, old_path), (new_tree, new_path)):
        known = _governed(request, new_tree, new_path)
        reader = VersionReader(known.factory)
        spaces = (load_from(old_tree, [old_path], reader), load_from(new_tree, [new_path], reader))
        old = _schema(spaces[0], old_path, old_tree.label(old_path))
        _schema(spaces[1], new_path, new_tree.label(new_path))
        label = old_tree.label(old_path)
        commit = old_tree.commit if isinstance(old_tree, GitTree) else ""
        start = Version(VersionId("old", (Provenance("git" if commit else "file", label, old_path, commit),)), old)
        ends = _ends(request, known, spaces, (old_path, new_path), start)
    found = _found(request, ends, known)
    return _written(found, request, new_path, ends) if request.write else found


def _schema(space: Workspace, path: str, label: str) -> Schema:
    schema = space.schemas.get(path)
    if schema is None:
        raise UsageError(f"{label} is not a schema that Avro accepts", hint=f"see: schemagate lint {path}")
    return schema


def _governed(request: MigrateRequest, tree: Tree, path: str) -> _Known:
    """The lineage of the new side's file, where a repository has one."""
    project = find_project(request.directory, request.config, none=request.no_config)
    alone = _Known(project.settings, Factory())
    if not _in_repository(request.directory):
        return alone
    from schemagate.app.check import look
    from schemagate.app.gather import gather

    asked = CheckRequest(
        request.directory,
        request.today,
        request.env,
        config=request.config or None,
        no_config=request.no_config,
        everything=True,
        offline=True,
    )
    scope = look(asked)
    with scope.repo:
        at = _path_in(scope.repo.root, tree, path)
        gathered = gather(scope)
    series = version_of(at)[0] if at else ""
    for line in gathered.lineages:
        if line.path == at or (series and version_of(line.path)[0] == series):
            return _Known(scope.settings, gathered.workspace.factory, line)
    other = f"{tree.label(path)} is no schema of this repository, so only {request.old} is governed"
    return _Known(scope.settings, gathered.workspace.factory, None, (other,))


def _in_repository(directory: str) -> bool:
    place = os.path.realpath(directory)
    while True:
        if os.path.lexists(os.path.join(place, ".git")):
            return True
        above = os.path.dirname(place)
        if above == place:
            return False
        place = above


def _path_in(root: str, tree: Tree, path: str) -> str:
    """A side's path from the repository's root; empty for one outside of it."""
    if isinstance(tree, GitTree):
        return path
    base = getattr(tree, "root", "")
    if not base:
        return ""
    full = os.path.realpath(os.path.join(base, *path.split("/")))
    top = os.path.realpath(root)
    return os.path.relpath(full, top).replace(os.sep, "/") if full.startswith(top + os.sep) else ""


def _ends(
    request: MigrateRequest,
    known: _Known,
    spaces: tuple[Workspace, Workspace],
    paths: tuple[str, str],
    start: Version,
) -> Ends:
    lineage = known.lineage
    versions = lineage.versions if lineage is not None else ()
    key = content_key(start.schema)
    if all(content_key(version.schema) != key for version in versions):
        start = replace(start, id=replace(start.id, name="old" if versions else "v1"))
        versions = (*versions, start)
    newest = lineage.newest if lineage is not None and lineage.newest is not None else start
    root = spaces[1].schemas[paths[1]].root
    named = root.name if isinstance(root, Record | Enum | Fixed) else ""
    path = lineage.path if lineage is not None else paths[1]
    subject = lineage.subject if lineage is not None else ", ".join(known.settings.subject_names(path, named)) or named
    mode = request.mode or (lineage.mode.value if lineage is not None else known.settings.mode_for(path))
    old_document, new_document = spaces[0].documents[paths[0]], spaces[1].documents[paths[1]]
    around = tuple(Source(name, one.data) for name, one in spaces[1].documents.items() if name != paths[1])
    return Ends(
        subject,
        paths[1],
        Mode(mode),
        tuple(version for version in versions if version.judged),
        newest,
        old_document.text,
        new_document.data,
        around,
    )


def _found(request: MigrateRequest, ends: Ends, known: _Known) -> Migration:
    empty = Migration(
        request.old,
        request.new,
        ends.subject,
        ends.mode.value,
        tuple(version.id for version in ends.versions),
        notes=known.notes,
    )
    try:
        way = Guide(ends, known.settings, known.factory).way()
    except UndecidedError as error:
        return replace(empty, undecided=f"{error.message}; {error.hint}")
    return replace(
        empty,
        breaks=way.breaks,
        steps=tuple(way.steps),
        reached=way.reached,
        left=way.left,
        blocked=way.blocked,
        same=way.same,
    )


def _written(found: Migration, request: MigrateRequest, path: str, ends: Ends) -> Migration:
    """Each version as a file of its own: the next of the series, or numbered in the order of the steps."""
    folder = os.path.join(request.directory, request.write)
    name = path.rpartition("/")[2]
    series, number = version_of(name)
    stem, dot, suffix = name.rpartition(".")
    first = (number or 0) if number is not None else 0
    taken = [version_of(place.path)[1] or 0 for v in ends.versions for place in v.id.published]
    first = max([first - 1, *taken]) if number is not None else 0
    steps: list[Step] = []
    files = []
    for n, step in enumerate(found.steps, 1):
        own = f"{series.rpartition('/')[2]}_v{first + n}.avsc" if number is not None else f"{stem}.{n}{dot}{suffix}"
        files.append((os.path.join(folder, own), step.text.encode("utf-8", "surrogatepass")))
        steps.append(replace(step, file=os.path.join(request.write, own).replace(os.sep, "/")))
    _write_all(folder, files)
    return replace(found, steps=tuple(steps))


def _write_all(folder: str, files: list[tuple[str, bytes]]) -> None:
    """Writes files that are not there yet; UsageError, before anything is written, for one that says something else."""
    for full, data in files:
        if os.path.lexists(full):
            with open(full, "rb") as stream:
                if stream.read(len(data) + 1) != data:
                    raise UsageError(f"{full} is there already, with other content", hint="name another directory")
    try:
        os.makedirs(folder, exist_ok=True)
        for full, data in files:
            if not os.path.lexists(full):
                with open(full, "xb") as stream:
                    stream.write(data)
    except OSError as error:
        hint = "name a directory that can be written"
        raise UsageError(f"cannot write to {folder}: {error.strerror}", hint=hint) from error
