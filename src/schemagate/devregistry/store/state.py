"""All that the registry knows, and how each event changes it: the only way in which it changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias, TypeVar

from schemagate.devregistry.store.naming import DEFAULT_CONTEXT, context_of, join, normal, split
from schemagate.devregistry.store.values import GLOBAL, ConfigSet, Event, Gone, Put, Seen, Stored
from schemagate.finding import Json
from schemagate.wire.values import Reference

T = TypeVar("T")
Key: TypeAlias = tuple[str, int]
"""A subject and a version."""

READWRITE: Final = "READWRITE"


class Context:
    """One context's ids: which versions have each, and the greatest one ever given out."""

    def __init__(self) -> None:
        self.max_id = 0
        self.users: dict[int, dict[Key, None]] = {}
        self.guids: dict[str, int] = {}


class State:
    """Subjects, contexts, levels and modes. ``level`` is the one that holds where none was set."""

    def __init__(self, level: str) -> None:
        self.level = level
        self.subjects: dict[str, dict[int, Stored]] = {}
        self.contexts: dict[str, Context] = {DEFAULT_CONTEXT: Context()}
        self.configs: dict[str, Mapping[str, Json]] = {}
        self.modes: dict[str, str] = {}
        self.referrers: dict[Key, dict[Key, None]] = {}

    def apply(self, event: Event) -> None:
        if isinstance(event, Put):
            self._put(event.version)
        elif isinstance(event, Gone):
            self._remove((event.subject, event.version))
        elif isinstance(event, Seen):
            context = self.contexts.setdefault(event.context, Context())
            context.max_id = max(context.max_id, event.max_id)
        elif isinstance(event, ConfigSet):
            _set(self.configs, event.subject, event.config)
        else:
            _set(self.modes, event.subject, event.mode)

    def _put(self, version: Stored) -> None:
        versions = self.subjects.setdefault(version.subject, {})
        newest = max(versions, default=0)
        versions[version.version] = version
        if version.version < newest:
            self.subjects[version.subject] = dict(sorted(versions.items()))
        context = self.contexts.setdefault(context_of(version.subject), Context())
        context.max_id = max(context.max_id, version.id)
        context.users.setdefault(version.id, {})[version.key] = None
        context.guids[version.guid] = version.id
        for reference in version.references:
            self.referrers.setdefault(target(version.subject, reference), {})[version.key] = None

    def _remove(self, key: Key) -> None:
        subject, number = key
        version = self.subjects[subject].pop(number)
        if not self.subjects[subject]:
            del self.subjects[subject]
        context = self.contexts[context_of(subject)]
        users = context.users[version.id]
        del users[key]
        if not users:
            del context.users[version.id]
            if context.guids.get(version.guid) == version.id:
                del context.guids[version.guid]
        for reference in version.references:
            self.referrers.get(target(subject, reference), {}).pop(key, None)

    def versions(self, subject: str, *, deleted: bool = False) -> list[Stored]:
        """Oldest first."""
        return [v for v in self.subjects.get(subject, {}).values() if deleted or not v.deleted]

    def version(self, subject: str, number: int, *, deleted: bool = False) -> Stored | None:
        """One version; -1 is the newest that is not deleted."""
        if number == -1:
            live = self.versions(subject)
            return live[-1] if live else None
        found = self.subjects.get(subject, {}).get(number)
        return found if found is not None and (deleted or not found.deleted) else None

    def anywhere(self, subject: str, number: int, *, deleted: bool) -> Stored | None:
        """The same; a subject without a context is then sought in the other contexts too."""
        return next(filter(None, (self.version(s, number, deleted=deleted) for s in self.spellings(subject))), None)

    def spellings(self, subject: str) -> Iterator[str]:
        """The subject, and if it names no context, its namesake in each other."""
        yield subject
        context, name = split(subject)
        if context == DEFAULT_CONTEXT:
            yield from (join(other, name) for other in self.contexts if other != DEFAULT_CONTEXT)

    def has(self, subject: str, *, deleted: bool = False) -> bool:
        return bool(self.versions(subject, deleted=deleted))

    def by_id(self, schema_id: int, subject: str = "") -> Stored | None:
        """The first version with an id, in the subject's context; a plain one is sought in the others too."""
        context, name = split(subject)
        users = self.contexts[context].users.get(schema_id) if context in self.contexts else None
        if not users and name and context == DEFAULT_CONTEXT:
            for other in self.contexts.values():
                users = {k: None for k in other.users.get(schema_id, {}) if split(k[0])[1] == name}
                if users:
                    break
        if not users:
            return None
        first, number = next(iter(users))
        return self.subjects[first][number]

    def users_of(self, version: Stored) -> list[Stored]:
        """Every version with the same id in the same context."""
        users = self.contexts[context_of(version.subject)].users[version.id]
        return [self.subjects[subject][number] for subject, number in users]

    def referring(self, key: Key, *, deleted: bool) -> list[Stored]:
        """The versions that refer to one."""
        found = [self.subjects[subject][number] for subject, number in self.referrers.get(key, {})]
        return [version for version in found if deleted or not version.deleted]

    def config(self, subject: str) -> Mapping[str, Json]:
        """The configuration in force: the subject's own over the global one, else its context's, else the global."""
        top = {"compatibilityLevel": self.level, **self.configs.get(GLOBAL, {})}
        own = self.configs.get(subject)
        if own is None:
            own = self.configs.get(join(context_of(subject), "") or GLOBAL, {})
        return {**top, **own}

    def mode(self, subject: str) -> str:
        """The mode in force: the subject's own, else its context's, else the global one."""
        for place in (subject, join(context_of(subject), ""), GLOBAL):
            if place in self.modes:
                return self.modes[place]
        return READWRITE


def target(referrer: str, reference: Reference) -> Key:
    """The version that a reference means: an unqualified subject is one of the referrer's context."""
    subject = reference.subject
    return (normal(subject) if subject.startswith(":.") else join(context_of(referrer), subject)), reference.version


def _set(table: dict[str, T], key: str, value: T | None) -> None:
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value
