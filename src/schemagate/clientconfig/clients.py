"""Puts settings together to clients: what each inherits, by part of the file and by profile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from schemagate.clientconfig.names import STRONG, role_of
from schemagate.clientconfig.profiles import family_of, is_development
from schemagate.clientconfig.read import ClientFile, Placed
from schemagate.clientconfig.values import CONSUMER, PRODUCER, Client, Setting

_OWN: Final = (
    "key.serializer",
    "value.serializer",
    "key.deserializer",
    "value.deserializer",
    "default.key.serde",
    "default.value.serde",
)
_CONVERTERS: Final = ("key.converter", "value.converter")

Scope = tuple[str, ...]


class Terms(msgspec.Struct, frozen=True):
    """What the repository says of a client file."""

    development: bool = False
    profiles: tuple[str, ...] = ("dev", "local", "test")
    """The names of the profiles that are only for development."""
    role: str = ""


def clients_of(files: Sequence[ClientFile], terms: Callable[[str], Terms]) -> Iterator[Client]:
    """The clients of files that are read together (one family), without a profile first, then for each profile."""
    placed = [one for file in files for one in file.placed]
    by_profile: dict[str, list[Placed]] = {}
    for one in placed:
        by_profile.setdefault(one.profile, []).append(one)
    base = by_profile.pop("", [])
    forms = {file.path: file.format for file in files}
    production = [
        _names(more)
        for profile, more in by_profile.items()
        if not is_development(profile, terms(more[0].setting.path).profiles)
    ]
    completed = frozenset.intersection(*production) if production else frozenset()
    yield from _Layer("", base, [], forms, terms, completed).clients()
    for profile, more in by_profile.items():
        yield from _Layer(profile, base, more, forms, terms, frozenset()).clients()


def families(paths: Sequence[str]) -> Mapping[str, list[str]]:
    """The files that are read together, by what they have in common; the one without a profile first.

    A later one wins: beside YAML that is ``.properties``. Source: Spring Boot, "Externalized Configuration".
    """
    found: dict[str, list[str]] = {}
    for path in sorted(paths, key=lambda path: (family_of(path)[1] != "", path.endswith(".properties"), path)):
        found.setdefault(family_of(path)[0], []).append(path)
    return found


def _names(placed: Sequence[Placed]) -> frozenset[str]:
    return frozenset(one.setting.name for one in placed)


class _Layer:
    """What holds under one profile: the base with the profile's own settings over it."""

    def __init__(
        self,
        profile: str,
        base: Sequence[Placed],
        more: Sequence[Placed],
        forms: Mapping[str, str],
        terms: Callable[[str], Terms],
        completed: frozenset[str],
    ) -> None:
        self._profile = profile
        self._forms = forms
        self._terms = terms
        self._completed = completed
        self._own: dict[Scope, dict[str, Placed]] = {}
        for one in (*base, *more):
            self._own.setdefault(one.named.scope, {})[one.setting.name] = one
        self._touched = {one.named.scope for one in (more or base)}

    def clients(self) -> Iterator[Client]:
        """Every client that a setting of this layer reaches."""
        chosen = [scope for scope in self._own if self._is_client(scope)]
        for scope in chosen:
            if any(scope[: len(one)] == one for one in self._touched):
                yield self._client(scope, self._settings(scope), role_of(scope))
        for scope in list(self._own):
            yield from self._converters(scope)

    def _is_client(self, scope: Scope) -> bool:
        own = self._own[scope]
        names = own.keys() - set(_CONVERTERS)
        if scope and scope[-1] in _CONVERTERS:
            return False
        if not any(name in STRONG for name in self._settings(scope) if name not in _CONVERTERS):
            return False
        below = [
            other
            for other in self._own
            if len(other) > len(scope) and other[: len(scope)] == scope and other[-1] not in _CONVERTERS
        ]
        if any(name in own for name in _OWN) or not below:
            return bool(names & (STRONG | {"bootstrap.servers"})) or (bool(names) and bool(role_of(scope)))
        only_readers = all(role_of(other) == CONSUMER for other in below)
        return only_readers and role_of(scope) != CONSUMER and bool(names & STRONG)

    def _settings(self, scope: Scope) -> dict[str, Placed]:
        merged: dict[str, Placed] = {}
        for length in range(len(scope) + 1):
            merged.update(self._own.get(scope[:length], {}))
        return merged

    def _converters(self, scope: Scope) -> Iterator[Client]:
        """A converter is told by its class and set up by what stands under its name; nothing else reaches it."""
        for name in _CONVERTERS:
            inner = (*scope, name)
            own = dict(self._own.get(inner, {}))
            declared = self._own[scope].get(name)
            if declared is None or not ({scope, inner} & self._touched):
                continue
            own[name] = declared
            yield self._client(inner, own, self._converts(scope), kind="converter")

    def _converts(self, scope: Scope) -> str:
        """A sink's converter only reads, a source's only writes; a worker's does both."""
        own = self._own[scope]
        named = own["connector.class"].setting.value if "connector.class" in own else ""
        if "topics" in own or "topics.regex" in own or "Sink" in named:
            return CONSUMER
        return PRODUCER if "Source" in named else ""

    def _client(self, scope: Scope, placed: Mapping[str, Placed], role: str, kind: str = "serializer") -> Client:
        settings = {name: one.setting for name, one in placed.items()}
        first = self._representative(scope, placed)
        path = first.setting.path
        terms = self._terms(path)
        role = terms.role or role or ("" if kind == "converter" else _role(settings))
        worker = kind == "serializer" and any(name in self._own.get((), {}) for name in _CONVERTERS)
        style = "camel" if any(one.named.camel and one.setting.path == path for one in placed.values()) else ""
        return Client(
            path=path,
            scope=".".join(scope),
            kind="override" if first.named.override or worker else kind,
            role=role,
            profile=self._profile,
            development=terms.development or is_development(self._profile, terms.profiles),
            settings=dict(sorted(settings.items(), key=lambda item: (item[1].path != path, item[1].key))),
            prefix=first.named.before if self._dotted(path, first) else first.named.near,
            style=style if style and self._forms[path] != "properties" else self._forms[path],
            framework=_framework(scope, first, kind),
            completed=self._completed,
        )

    def _dotted(self, path: str, first: Placed) -> bool:
        """Whether a key over all levels can stand anywhere in the file."""
        return self._forms[path] == "properties" or first.named.before.startswith(("spring.", "mp.", "kafka."))

    def _representative(self, scope: Scope, placed: Mapping[str, Placed]) -> Placed:
        """The setting after whose pattern another would be written: of this very scope, of the registry's if any."""
        own = self._own.get(scope, {}) or placed
        rows = sorted(own.values(), key=lambda one: (one.profile != self._profile, one.setting.key))
        strong = [one for one in rows if one.setting.name in STRONG]
        return (strong or rows)[0]


def _role(settings: Mapping[str, Setting]) -> str:
    writes = any(name in settings for name in ("key.serializer", "value.serializer"))
    reads = any(name in settings for name in ("key.deserializer", "value.deserializer"))
    if writes != reads:
        return PRODUCER if writes else CONSUMER
    if not writes and any(name in settings for name in ("group.id", "specific.avro.reader", "auto.offset.reset")):
        serdes = any(name in settings for name in ("default.key.serde", "default.value.serde"))
        return "" if serdes else CONSUMER
    return ""


def _framework(scope: Scope, first: Placed, kind: str) -> str:
    if kind == "converter":
        return "connect"
    if scope[:2] == ("spring", "kafka"):
        return "spring"
    if "stream" in scope and first.named.before.startswith("spring.cloud.stream"):
        return "stream"
    return "quarkus" if first.named.before.startswith("mp.messaging") else ""
