"""The way through a breaking change: what is governed, what is wanted, and the versions between."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from schemagate.app.diff import DiffRequest, two_sides
from schemagate.app.fellows import MOST_FELLOWS, said
from schemagate.app.governed import Governed, governed
from schemagate.app.shelf import RegistryTree
from schemagate.app.sides import GitTree, load_from
from schemagate.app.way import Ends, Guide
from schemagate.compat.modes import Mode
from schemagate.config import version_of
from schemagate.engine.lineage import Version
from schemagate.errors import UndecidedError, UsageError
from schemagate.finding import Provenance, VersionId
from schemagate.report.migration import Migration, Step
from schemagate.schema.bulk import VersionReader
from schemagate.schema.canonical import content_key
from schemagate.schema.model import Enum, Fixed, Record, Schema
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


def migrate(request: MigrateRequest) -> Migration:
    """Works out the way and writes its versions where that is asked for.

    Raises UsageError, ConfigError, GitError, RegistryError.
    """
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
        known = governed(request, (new_tree, new_path), (old_tree, old_path))
        reader = VersionReader(known.factory)
        users = [one.path for one in known.users[:MOST_FELLOWS]]
        spaces = (load_from(old_tree, [old_path], reader), load_from(new_tree, [new_path, *users], reader))
        old = _schema(spaces[0], old_path, old_tree.label(old_path))
        _schema(spaces[1], new_path, new_tree.label(new_path))
        label = old_tree.label(old_path)
        commit = old_tree.commit if isinstance(old_tree, GitTree) else ""
        source = "registry" if isinstance(old_tree, RegistryTree) else "git" if commit else "file"
        start = Version(VersionId("old", (Provenance(source, label, old_path, commit),)), old)
        ends = _ends(request, known, spaces, (old_path, new_path), start)
        wanted = request.new or new_tree.label(new_path)
    found = _found(request, wanted, ends, known)
    return _written(found, request, new_path, ends) if request.write else found


def _schema(space: Workspace, path: str, label: str) -> Schema:
    schema = space.schemas.get(path)
    if schema is None:
        raise UsageError(f"{label} is not a schema that Avro accepts", hint=f"see: schemagate lint {path}")
    return schema


def _ends(
    request: MigrateRequest,
    known: Governed,
    spaces: tuple[Workspace, Workspace],
    paths: tuple[str, str],
    start: Version,
) -> Ends:
    lineage = known.lineage
    versions = lineage.versions if lineage is not None else ()
    key = content_key(start.schema)
    same = next((version for version in versions if content_key(version.schema) == key), None)
    if same is None:
        same = replace(start, id=replace(start.id, name="old" if versions else "v1"))
        versions = (*versions, same)
    newest = lineage.newest if lineage is not None and lineage.newest is not None else same
    root = spaces[1].schemas[paths[1]].root
    named = root.name if isinstance(root, Record | Enum | Fixed) else ""
    path = lineage.path if lineage is not None else paths[1]
    subject = lineage.subject if lineage is not None else ", ".join(known.settings.subject_names(path, named)) or named
    configured = lineage.mode.value if lineage is not None else known.settings.mode_for(path)
    old_document, new_document = spaces[0].documents[paths[0]], spaces[1].documents[paths[1]]
    around = tuple(Source(name, one.data) for name, one in spaces[1].documents.items() if name != paths[1])
    return Ends(
        subject,
        paths[1],
        Mode(request.mode) if request.mode else known.mode(configured),
        tuple(version for version in versions if version.judged),
        newest,
        old_document.text,
        new_document.data,
        around,
        tuple(one for one in known.users if one.path in spaces[1].schemas),
    )


def _found(request: MigrateRequest, wanted: str, ends: Ends, known: Governed) -> Migration:
    empty = Migration(
        request.old,
        wanted,
        ends.subject,
        ends.mode.value,
        tuple(version.id for version in ends.versions),
        notes=(*known.notes, said(ends.users, ends.path)) if ends.users else known.notes,
    )
    try:
        way = Guide(ends, known.settings, known.factory).way()
    except UndecidedError as error:
        return replace(empty, undecided=f"{error.message}; {error.hint}")
    standing = {finding.location.path if finding.location is not None else ends.path for finding in way.blocked}
    via = () if ends.path in standing else tuple(sorted(standing))
    return replace(
        empty,
        notes=(*empty.notes, *(_planned_there(request, path, ends) for path in via)),
        via=via,
        breaks=way.breaks,
        steps=tuple(way.steps),
        reached=way.reached,
        left=way.left,
        blocked=way.blocked,
        same=way.same,
    )


def _planned_there(request: MigrateRequest, path: str, ends: Ends) -> str:
    """What to ask for where the changed type is another file's."""
    ref = request.old.rpartition(":")[0] if request.old.endswith(f":{ends.path}") else ""
    command = f"schemagate migrate {ref}:{path} {path}" if ref else f"schemagate migrate OLD {path}"
    return f"the type that changed is defined in {path}: `{command}` plans the way, for all that use it"


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
