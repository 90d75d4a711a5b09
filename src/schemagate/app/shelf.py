"""The registry as a place where a side of a comparison can come from, and the project's own file for a subject."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Protocol

import msgspec

from schemagate.adapters.files import walk
from schemagate.app.project import Project, own_directory
from schemagate.app.remote import MOST_REFERENCES, chosen
from schemagate.app.sides import DiskTree, load_from
from schemagate.errors import UsageError
from schemagate.schema.bulk import VersionReader
from schemagate.schema.model import Enum, Fixed, Record
from schemagate.wire.values import AVRO, Reference, Registered
from schemagate.workspace import Located, Source

if TYPE_CHECKING:
    from schemagate.adapters.registry.client import Registry

LATEST = ("latest", "-1")


class Wish(Protocol):
    """The part of a request that says which registry is asked."""

    @property
    def env(self) -> Mapping[str, str]:
        """The process's environment, with the registry's secrets."""

    @property
    def registry(self) -> str:
        """The name of one of several."""

    @property
    def directory(self) -> str:
        """Where the command was started."""

    @property
    def config(self) -> str:
        """The configuration file that was named; empty for the one that is found."""

    @property
    def offline(self) -> bool:
        """Whether none is asked."""


class RegistryTree(msgspec.Struct):
    """One version of a subject, with the texts that it refers to."""

    subject: str
    version: Registered
    needed: Mapping[str, bytes] = msgspec.field(default_factory=dict)
    problems: list[Located] = msgspec.field(default_factory=list)

    @property
    def path(self) -> str:
        """What stands for a file's path."""
        return f"{self.subject}:{self.version.version}"

    def label(self, path: str) -> str:
        return path

    def sources(self, paths: Iterable[str]) -> list[Source]:
        text = self.version.payload.schema.encode("utf-8", "surrogatepass")
        return [Source(path, text) for path in paths if path == self.path]

    def others(self) -> Mapping[str, bytes]:
        return self.needed


class Shelf:
    """What the registry holds under the names that were typed; it is connected to when first asked."""

    def __init__(self, wish: Wish, project: Project) -> None:
        self._wish = wish
        self._project = project
        self._stack = ExitStack()
        self._registry: Registry | None = None
        self._trees: dict[str, RegistryTree | None] = {}

    def close(self) -> None:
        """Ends the connection."""
        self._stack.close()

    def nor(self) -> str:
        """The end of "neither this nor that": what was asked."""
        return "" if self._registry is None else f" nor a subject of registry {self._registry.name}"

    def holds(self, typed: str) -> bool:
        """Whether ``SUBJECT`` or ``SUBJECT:VERSION`` is there. Raises RegistryError, ConfigError, UsageError."""
        if typed not in self._trees:
            self._trees[typed] = self._find(typed)
        return self._trees[typed] is not None

    def tree(self, typed: str) -> RegistryTree:
        """What :meth:`holds` found."""
        found = self._trees[typed]
        assert found is not None
        return found

    def _find(self, typed: str) -> RegistryTree | None:
        settings = None if self._wish.offline else chosen(self._project.settings, self._wish.registry)
        if settings is None:
            return None
        if self._registry is None:
            from schemagate.app.consult import connected_alone

            wish = self._wish
            opened = connected_alone(self._project, settings, wish.env, directory=wish.directory, config=wish.config)
            self._registry = self._stack.enter_context(opened)
        for subject, number in _readings(typed):
            version = self._registry.version(subject, number)
            if version is not None:
                if version.payload.schema_type != AVRO:
                    raise UsageError(f"{typed} is a {version.payload.schema_type} schema", hint="name an Avro subject")
                return RegistryTree(subject, version, self._needed(version.payload.references))
        return None

    def _needed(self, references: Iterable[Reference]) -> dict[str, bytes]:
        """Every text that is referred to, directly or through others."""
        assert self._registry is not None
        found: dict[str, bytes] = {}
        pending = list(references)
        while pending and len(found) < MOST_REFERENCES:
            one = pending.pop()
            place = f"{one.subject}:{one.version}"
            version = self._registry.version(one.subject, one.version) if place not in found else None
            if version is not None:
                found[place] = version.payload.schema.encode("utf-8", "surrogatepass")
                pending.extend(version.payload.references)
        return found


def _readings(typed: str) -> Iterable[tuple[str, int | None]]:
    """What was typed as subject and version, None for the latest; a subject's own name may hold colons."""
    subject, colon, number = typed.rpartition(":")
    if colon and number in LATEST:
        yield subject, None
    elif colon and number.isascii() and number.isdigit() and len(number) < 10:
        yield subject, int(number)
    yield typed, None


def file_of(project: Project, subject: str, reader: VersionReader) -> str:
    """The project's file that defines the subject, the highest of a ``_vN`` series. UsageError if there is none."""
    settings = project.settings
    tree = DiskTree(project.root)
    space = load_from(tree, walk(project.root, [""], settings.is_schema_path, own_directory), reader)
    for path, schema in space.schemas.items():
        root = schema.root
        name = root.name if isinstance(root, Record | Enum | Fixed) else ""
        if path not in space.superseded and subject in settings.subject_names(path, name):
            return path
    hint = f"name the other side, for example: schemagate diff {subject} schemas/a.avsc"
    raise UsageError(f"no schema here is called {subject}, so there is nothing to compare it with", hint=hint)
