"""What a registry holds of some subjects: their state, and every version as a schema of the run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

import msgspec

from schemagate.config import RegistrySettings, Settings
from schemagate.errors import UsageError
from schemagate.rules.catalog import BY_ID
from schemagate.schema.bulk import VersionReader
from schemagate.schema.model import Named, Node, Schema
from schemagate.schema.names import Definition
from schemagate.wire.values import AVRO, Payload, Reference, Registered, SubjectState, Verdict
from schemagate.workspace import own_definitions

if TYPE_CHECKING:
    from schemagate.adapters.registry.client import Registry

MOST_REFERENCES: Final = 1_000
"""Versions of other subjects that one schema may need."""

LAX: Final = frozenset({"bad-default", "recursive-default", "bad-enum-default", "bad-namespace", "bad-name"})
"""What older registries store though Avro's Java library refuses it today: such a version is judged as it reads."""


class Held(msgspec.Struct, frozen=True):
    """One subject of a registry with its versions read, softly deleted ones included."""

    state: SubjectState
    schemas: Mapping[int, Schema] = msgspec.field(default_factory=dict)
    """Version → what it says, for those that are Avro and can be read."""
    unreadable: Mapping[int, str] = msgspec.field(default_factory=dict)
    """Version → why it cannot be read."""
    foreign: Mapping[int, str] = msgspec.field(default_factory=dict)
    """Version → its schema type, where that is not Avro."""

    @property
    def live(self) -> tuple[Registered, ...]:
        """The versions that are not deleted, oldest first."""
        return self.state.live

    def comparable(self, version: Registered) -> bool:
        """Whether the registry would compare a new schema with this version: by its compatibility group."""
        group = self.state.config.compatibility_group
        latest = self.state.latest
        return not group or latest is None or _group(version, group) == _group(latest, group)


def _group(version: Registered, group: str) -> object:
    properties = (version.payload.metadata or {}).get("properties")
    return properties.get(group) if isinstance(properties, Mapping) else None


class Remote(msgspec.Struct):
    """What a run knows of the registry that it asked."""

    name: str
    url: str
    """Without secrets."""
    held: dict[str, Held] = msgspec.field(default_factory=dict)
    verdicts: dict[tuple[str, str], Verdict] = msgspec.field(default_factory=dict)
    """(file, subject) → the registry's own answer, where it was asked."""
    lost: set[str] = msgspec.field(default_factory=set)
    """The subjects in which the registry does not find the text that it holds."""
    lost_as_java: set[str] = msgspec.field(default_factory=set)
    """The subjects in which it does not find that text as Java's generated classes send it."""


def chosen(settings: Settings, name: str = "") -> RegistrySettings | None:
    """The registry that a run uses: the named one, else the only one configured; None where there is none.

    Raises UsageError for a name that is not configured, and where several are and none is named.
    """
    names = ", ".join(one.name for one in settings.registries)
    if name:
        for one in settings.registries:
            if one.name == name:
                return one
        hint = f"the configuration has {names}" if names else f"add a table [registry.{name}] with its `url`"
        raise UsageError(f"--registry {name}: there is no such registry in the configuration", hint=hint)
    if len(settings.registries) > 1:
        raise UsageError(f"{len(settings.registries)} registries are configured", hint=f"--registry NAME: {names}")
    return settings.registries[0] if settings.registries else None


class RemoteReader:
    """Reads what a registry holds into schemas of one factory; each referenced version is fetched once a run."""

    def __init__(self, registry: Registry, reader: VersionReader) -> None:
        self._registry = registry
        self._reader = reader
        self._roots: dict[tuple[str, int], Node | None] = {}
        self._payloads: dict[tuple[str, int], Payload | None] = {}

    def read(self, subjects: Iterable[str]) -> dict[str, Held]:
        """The subjects with all their versions. Raises RegistryError."""
        states = self._registry.states(subjects)
        for state in states.values():
            for version in state.versions:
                self._payloads[version.subject, version.version] = version.payload
        return {subject: self.held(state) for subject, state in states.items()}

    def held(self, state: SubjectState) -> Held:
        """One subject, its versions read. Raises RegistryError where a reference cannot be fetched."""
        schemas: dict[int, Schema] = {}
        unreadable: dict[int, str] = {}
        foreign: dict[int, str] = {}
        for version in state.versions:
            if version.payload.schema_type != AVRO:
                foreign[version.version] = version.payload.schema_type
                continue
            schema = self.schema(version.payload, f"registry:{state.subject}")
            if isinstance(schema, str):
                unreadable[version.version] = schema
            else:
                schemas[version.version] = schema
        return Held(state, schemas, unreadable, foreign)

    def schema(self, payload: Payload, document: str) -> Schema | str:
        """What a payload says with its references; the reason, where it cannot be read."""
        index: dict[str, Definition] = {}
        if payload.references:
            lacking = self._define(payload.references, index)
            if lacking:
                return lacking
        schema = self._reader.read(_encoded(payload.schema), document, index)
        if schema is None:
            return "it is not a JSON text that could be read"
        for problem in schema.problems:
            if problem.refused and problem.rule not in LAX:
                return BY_ID[problem.rule].words(problem.args)
        return schema

    def _define(self, references: Iterable[Reference], index: dict[str, Definition]) -> str:
        """Adds what the references define, directly or through others, to ``index``; what is lacking, in words.

        The definition that comes first counts, as the registry reads them: each before what refers to it.
        """
        seen: set[tuple[str, int]] = set()
        stack: list[tuple[Reference, bool]] = [(one, False) for one in reversed(list(references))]
        while stack:
            reference, ready = stack.pop()
            place = (reference.subject, reference.version)
            if ready:
                document = f"registry:{reference.subject}:{reference.version}"
                for named in _definitions(self._root(place, document)):
                    index.setdefault(named.name, Definition(named, document))
                continue
            if place in seen:
                continue
            seen.add(place)
            if len(seen) > MOST_REFERENCES:
                return f"it needs more than {MOST_REFERENCES:,} versions of other subjects"
            payload = self._payload(place)
            if payload is None:
                return f"it refers to version {reference.version} of {reference.subject}, which the registry lacks"
            stack.append((reference, True))
            stack.extend((one, False) for one in reversed(payload.references))
        return ""

    def _payload(self, place: tuple[str, int]) -> Payload | None:
        if place not in self._payloads:
            found = self._registry.version(*place)
            self._payloads[place] = None if found is None else found.payload
        return self._payloads[place]

    def _root(self, place: tuple[str, int], document: str) -> Node | None:
        """What a referenced text defines, without what it refers to itself."""
        if place not in self._roots:
            payload = self._payloads[place]
            schema = None if payload is None else self._reader.read(_encoded(payload.schema), document)
            self._roots[place] = None if schema is None else schema.root
        return self._roots[place]


def _definitions(root: Node | None) -> Iterator[Named]:
    return iter(own_definitions(root)) if root is not None else iter(())


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
