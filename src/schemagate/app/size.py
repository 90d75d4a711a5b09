"""What the messages of a project's schemas cost: the schemas and the data read, and each subject measured."""

from __future__ import annotations

import os
from collections.abc import Iterator

import msgspec

from schemagate.adapters.files import read_file, repo_path, walk
from schemagate.adapters.messages import json_value, lines
from schemagate.app.closure import load_closed
from schemagate.app.project import Project, find_project, own_directory
from schemagate.app.sizes import Scale, assumptions
from schemagate.errors import UndecidedError, UsageError
from schemagate.finding import Json
from schemagate.report.size import Row, Sized
from schemagate.schema.datum import Datum
from schemagate.schema.from_json import Misfit, datum_of
from schemagate.schema.model import Enum, Factory, Fixed, Record, Schema
from schemagate.workspace import Source, Workspace

MOST_TOLD = 5
"""Lines of a data file that are told one by one where they do not fit."""


class SizeRequest(msgspec.Struct, frozen=True):
    """One run. ``paths`` are files and directories as typed in ``directory``, none means that directory.

    ``data`` is a file of JSON lines, all of one schema; without it ``messages`` are generated from ``seed``.
    """

    directory: str
    paths: tuple[str, ...] = ()
    data: str = ""
    seed: int = 0
    messages: int = 1_000
    config: str = ""
    no_config: bool = False


def size(request: SizeRequest) -> Sized:
    """Measures. Raises UsageError and ConfigError; what could not be measured is in the rows and in ``undecided``."""
    project = find_project(request.directory, request.config, none=request.no_config)
    named = list(dict.fromkeys(_chosen(request, project)))
    workspace = load_closed(list(_sources(project, named)), lambda: _others(project, named), Factory())
    told = [path for path in named if path not in workspace.superseded]
    scale = Scale(request.seed)
    undecided: list[str] = []
    if request.data:
        rows = [_given(request, _only(told), workspace, project, scale, undecided)]
    else:
        rows = [_generated(request, path, workspace, project, scale) for path in told]
    left_out = () if "zstd" in scale.codecs else ("zstd: pip install 'schemagate[zstd]' (Python 3.14 has it built in)",)
    return Sized(
        tuple(sorted(rows, key=lambda row: (row.subject, row.path))),
        assumptions(seed=None if request.data else request.seed, data=request.data),
        left_out,
        tuple(undecided),
    )


def _generated(request: SizeRequest, path: str, workspace: Workspace, project: Project, scale: Scale) -> Row:
    schema = workspace.schemas.get(path)
    if schema is None:
        return Row(path, path, why="it is no schema that Avro accepts; see `schemagate lint`")
    cost = scale.generated(schema, request.messages)
    subject = _subject(schema, path, project)
    return Row(subject, path, why=cost) if isinstance(cost, str) else Row(subject, path, cost)


def _given(
    request: SizeRequest, path: str, workspace: Workspace, project: Project, scale: Scale, undecided: list[str]
) -> Row:
    schema = workspace.schemas.get(path)
    if schema is None:
        raise UsageError(f"{path} is no schema that Avro accepts", hint=f"schemagate lint {path}")
    cost = scale.given(schema, _data(request, schema, undecided))
    subject = _subject(schema, path, project)
    return Row(subject, path, why=cost) if isinstance(cost, str) else Row(subject, path, cost)


def _data(request: SizeRequest, schema: Schema, undecided: list[str]) -> Iterator[tuple[Datum, Json]]:
    """Each line's datum and JSON; a line that is no datum of the schema is told and left out."""
    lost = 0
    try:
        with open(os.path.join(request.directory, request.data), "rb") as file:
            for number, line in lines(file):
                value = json_value(line, number)
                datum = datum_of(schema, value, lenient=True)
                if not isinstance(datum, Misfit):
                    yield datum, value
                    continue
                lost += 1
                if lost <= MOST_TOLD:
                    undecided.append(f"{request.data}:{number}: {datum}")
    except UndecidedError as error:
        undecided.append(f"{request.data}: {error.message}")
    except OSError as error:
        raise UsageError(f"cannot read {request.data}: {error.strerror}", hint="name a file of JSON lines") from error
    if lost > MOST_TOLD:
        undecided.append(f"{request.data}: {lost - MOST_TOLD} more lines are no data of the schema")


def _only(paths: list[str]) -> str:
    if len(paths) == 1:
        return paths[0]
    hint = "name the one schema that the data was written with"
    raise UsageError(f"--data is about one schema, and there are {len(paths)}", hint=hint)


def _subject(schema: Schema, path: str, project: Project) -> str:
    name = schema.root.name if isinstance(schema.root, Record | Enum | Fixed) else ""
    return ", ".join(project.settings.subject_names(path, name)) or name or path


def _chosen(request: SizeRequest, project: Project) -> Iterator[str]:
    def is_schema(path: str) -> bool:
        return project.settings.is_schema_path(path)

    for typed in request.paths or (os.curdir,):
        full = os.path.join(request.directory, typed)
        if not os.path.lexists(full):
            raise UsageError(f"there is no file or directory {typed}", hint="name schema files or directories")
        start = repo_path(project.root, typed, request.directory)
        if not os.path.isdir(full):
            yield start
            continue
        found = list(walk(project.root, [start], is_schema, own_directory))
        if not found:
            raise UsageError(f"there is no schema (*.avsc) in {typed}", hint="name schema files or directories")
        for path in found:
            rule = project.settings.subject_rule_for(path)
            if rule is None or not rule.shared:
                yield path


def _sources(project: Project, paths: list[str]) -> Iterator[Source]:
    for path in paths:
        data = read_file(project.root, path)
        if not isinstance(data, bytes):
            raise UsageError(f"cannot read {path}: {data.detail}", hint="name schema files")
        yield Source(path, data)


def _others(project: Project, named: list[str]) -> dict[str, bytes]:
    paths = walk(project.root, [""], project.settings.is_schema_path, own_directory) if project.whole else ()
    found = ((path, read_file(project.root, path)) for path in paths if path not in named)
    return {path: data for path, data in found if isinstance(data, bytes)}
