"""Lint: schemas one at a time, from files alone; what they use of each other resolves."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from schemagate.adapters.files import Unreadable, is_lfs_pointer, read_file, repo_path, walk
from schemagate.app.clients import judged, with_family
from schemagate.app.closure import load_closed, undefined
from schemagate.app.project import Project, common_directory, find_project, own_directory
from schemagate.app.repair import repair
from schemagate.app.trial import Ground
from schemagate.engine.assemble import Parts, assemble
from schemagate.engine.documents import document_findings
from schemagate.engine.tell import Grades, Teller
from schemagate.errors import UsageError
from schemagate.finding import Compared, Finding, Problem, Report, Severity
from schemagate.rules.catalog import BY_ID, of_kind
from schemagate.schema.model import Enum, Factory, Fixed, Record
from schemagate.workspace import Located, Source, Workspace


class LintRequest(msgspec.Struct, frozen=True):
    """One run. ``paths`` are files and directories as typed in ``directory``; none means that directory.

    ``stdin`` is what ``stdin_path`` holds in an editor. ``config`` is a file, empty for the one found.
    """

    directory: str
    today: dt.date
    paths: tuple[str, ...] = ()
    config: str = ""
    no_config: bool = False
    fail_on: Severity | None = None
    severities: Mapping[str, Severity] = msgspec.field(default_factory=dict)
    stdin: bytes | None = None
    stdin_path: str = ""
    overlay: Mapping[str, bytes] = msgspec.field(default_factory=dict)
    """Path → content that is linted in place of the file's: what a fix would write."""


def lint(request: LintRequest) -> Report:
    """Lints the named schemas. Raises UsageError for a path that does not exist and where there is no schema at all."""
    return repair(examine(request))


def examine(request: LintRequest) -> Ground:
    """What :func:`lint` finds, before any repair is sought, with all that it was made of."""
    run = _Run(request)
    sources = run.sources()
    workspace = load_closed(sources, run.others, Factory())
    teller = Teller(workspace, Grades(run.project.settings, request.severities), BY_ID)
    settings = run.project.settings
    clients = judged(teller, settings, {path: run.content(path) for path in run.clients}, run.schemas())
    parts = Parts(
        findings=[*_findings(teller, run), *clients.findings],
        teller=teller,
        today=request.today,
        compared=list(_looked_at(workspace, run)),
        notes=[*run.notes(workspace), *clients.notes],
        waivers=settings.waivers,
        config_path=settings.path,
        fail_on=settings.fail_on if request.fail_on is None else request.fail_on,
        command="lint",
        judged=(),
        files={**run.named, **clients.listings},
        listings=clients.listings,
        ran=frozenset(rule.id for kind in ("validity", "lint", "client") for rule in of_kind(kind)),
    )
    return Ground(assemble(parts), teller, (), run.project.root, workspace.superseded)


def _findings(teller: Teller, run: _Run) -> Iterator[Finding]:
    yield from document_findings(teller, frozenset(run.named), run.problems)


def _looked_at(workspace: Workspace, run: _Run) -> Iterator[Compared]:
    for path in run.named:
        if path in workspace.superseded:
            continue
        schema = workspace.schemas.get(path)
        named = schema.root.name if schema and isinstance(schema.root, Record | Enum | Fixed) else ""
        subjects = run.project.settings.subject_names(path, named)
        yield Compared(", ".join(subjects), path, "", "linted")


class _Run:
    """What one run reads. ``named`` are the files that are told of, in the order found."""

    def __init__(self, request: LintRequest) -> None:
        self._request = request
        self.project = self._around()
        self.problems: list[Located] = []
        chosen = dict.fromkeys(self._chosen())
        clients = [path for path in chosen if self._is_client(path)]
        self.clients = with_family(clients, list(self._beside(clients)))
        self.named: dict[str, None] = dict.fromkeys(path for path in chosen if path not in clients)
        self._elsewhere = 0

    def _around(self) -> Project:
        """The project of the current directory; where files outside of it are named, the project of those."""
        request = self._request
        project = find_project(request.directory, request.config, none=request.no_config)
        typed = [p for p in (*request.paths, request.stdin_path) if p]
        full = [os.path.realpath(os.path.join(request.directory, path)) for path in typed]
        top = project.root.rstrip(os.sep) + os.sep
        if all(path == project.root or path.startswith(top) for path in full):
            return project
        shared = os.path.commonpath([path if os.path.isdir(path) else os.path.dirname(path) for path in full])
        other = find_project(shared, none=request.no_config or bool(request.config))
        return Project(other.root, project.settings, other.whole) if request.config else other

    def _chosen(self) -> Iterator[str]:
        request, root = self._request, self.project.root
        typed = request.paths or (() if request.stdin is not None else (os.curdir,))
        if request.stdin is not None:
            yield repo_path(root, request.stdin_path, request.directory)
        for path in typed:
            full = os.path.join(request.directory, path)
            if not os.path.lexists(full):
                raise UsageError(f"there is no file or directory {path}", hint="name schema files or directories")
            start = repo_path(root, path, request.directory)
            if not os.path.isdir(full):
                self._require_known(path, start)
                yield start
                continue
            found = list(walk(root, [start], lambda p: self._is_schema(p) or self._is_client(p), own_directory))
            if not found:
                raise self._nothing(path, start)
            yield from found

    def _is_schema(self, path: str) -> bool:
        return self.project.settings.is_schema_path(path)

    def _is_client(self, path: str) -> bool:
        return self.project.settings.client_rule_for(path) is not None

    def _beside(self, clients: Sequence[str]) -> Iterator[str]:
        """The client files of the directories of these."""
        places = dict.fromkeys(path.rpartition("/")[0] for path in clients)
        yield from walk(self.project.root, places, self._is_client, own_directory)

    def _require_known(self, typed: str, path: str) -> None:
        """UsageError for a client configuration that nothing names as one: as a schema it would only be told wrong."""
        is_configuration = path.lower().endswith((".properties", ".yml", ".yaml", ".toml"))
        if is_configuration and not self._is_client(path) and not self._is_schema(path):
            config = self.project.settings.path or "schemagate.toml"
            raise UsageError(
                f"{typed} is no schema, and no [[clients]] entry names it as client configuration",
                hint=f'to judge it, add to {config}:\n[[clients]]\nmatch = "{path}"',
            )

    def _nothing(self, typed: str, start: str) -> UsageError:
        left_out = next(walk(self.project.root, [start], lambda path: path.endswith(".avsc"), own_directory), None)
        if left_out is None:
            return UsageError(f"there is no schema (*.avsc) in {typed}", hint="name schema files or directories")
        config = self.project.settings.path
        return UsageError(
            f"{config} leaves out every schema in {typed}, for example {left_out}",
            hint="see `paths` and `exclude` there, name the files themselves, or use --no-config",
        )

    def sources(self) -> list[Source]:
        """The named files' content; what cannot be read becomes a problem."""
        sources = []
        for path in self.named:
            data = self.content(path)
            if isinstance(data, Unreadable):
                self.problems.append(Located(path, Problem("unreadable-file", {"reason": data.detail})))
            elif is_lfs_pointer(data):
                self.problems.append(Located(path, Problem("lfs-pointer")))
            else:
                sources.append(Source(path, data))
        return sources

    def content(self, path: str) -> bytes | Unreadable:
        """What a file holds, or will hold: an editor's buffer and the fix under trial come first."""
        request = self._request
        if request.stdin is not None and path == repo_path(self.project.root, request.stdin_path, request.directory):
            return request.stdin
        if path in request.overlay:
            return request.overlay[path]
        return read_file(self.project.root, path)

    def schemas(self) -> Iterator[str]:
        """Every schema of the project, where the clients have to be compared with them."""
        start = "" if self.project.whole else common_directory([*self.named, *self.clients])
        if self.clients:
            yield from walk(self.project.root, [start], self._is_schema, own_directory)

    def others(self) -> Mapping[str, bytes]:
        """The rest of the project's schemas; without a project, those beside and below the named files."""
        root = self.project.root
        start = "" if self.project.whole else common_directory(list(self.named))
        paths = [p for p in walk(root, [start], self._is_schema, own_directory) if p not in self.named]
        self._elsewhere = len(paths)
        found = ((path, read_file(root, path)) for path in paths)
        return {path: data for path, data in found if isinstance(data, bytes)}

    def notes(self, workspace: Workspace) -> list[str]:
        """Where names were looked for in vain."""
        missing = sorted(undefined(workspace))
        if not missing:
            return []
        files = "1 other file" if self._elsewhere == 1 else f"{self._elsewhere:,} other files"
        return [f"looked for {', '.join(missing[:5])} in {files} below {self.project.root}"]
