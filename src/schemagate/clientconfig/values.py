"""The values of client configuration: entries as a file writes them, clients as they run with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from schemagate.avsc.tree import Span

MOST_BYTES: Final = 256 * 1024
"""A larger file is no client's configuration, and is not parsed."""
MOST_ENTRIES: Final = 20_000
MOST_DEPTH: Final = 64

PRODUCER: Final = "producer"
CONSUMER: Final = "consumer"


class Entry(msgspec.Struct, frozen=True):
    """One key with its value, wherever it stands in a file.

    ``keys`` is the way to it, one text a level, each still dotted where the file writes it dotted.
    """

    keys: tuple[str, ...]
    value: str
    key: Span
    place: Span
    """The value's characters as they are written."""
    part: int = 0
    """Which document of a file that holds several."""


class Fault(msgspec.Struct, frozen=True):
    """Something that the file's own format does not allow; ``what`` never repeats a value of the file."""

    what: str
    at: Span = (0, 0)
    fatal: bool = True
    """Nothing of the file can be trusted."""
    key: str = ""
    """The key that is written twice."""


class Parsed(msgspec.Struct, frozen=True):
    """What a reader of one format understood. ``comments`` are those of formats that mark them with ``#``."""

    entries: tuple[Entry, ...] = ()
    faults: tuple[Fault, ...] = ()
    comments: tuple[tuple[Span, str], ...] = ()


class Setting(msgspec.Struct, frozen=True):
    """A setting of a client library by its dotted name, with where it is written."""

    name: str
    written: str
    """As the file has it, placeholders included. Never shown: it may hold a secret."""
    value: str
    """What the file alone makes of it: a placeholder stands for its default."""
    path: str
    key: Span
    place: Span
    raw: str = ""
    """The whole key as this file writes it."""
    open: bool = False
    """Decided elsewhere: a placeholder without a default is in it."""
    secret: bool = False

    @property
    def span(self) -> Span:
        """What a finding points at: the entry, or its key alone where the value is a secret."""
        elsewhere = self.secret or self.place[0] < self.key[0]
        return self.key if elsewhere else (self.key[0], max(self.place[1], self.key[1]))

    @property
    def on(self) -> bool | None:
        """The value as a switch; None where it is none, or decided elsewhere."""
        return None if self.open else {"true": True, "false": False}.get(self.value.strip().lower())


class Client(msgspec.Struct, frozen=True):
    """One producer, consumer or converter, with everything that is set for it, inherited settings included."""

    path: str
    scope: str
    """Where in the file it is configured: ``spring.kafka.producer``; empty for the file as a whole."""
    kind: str
    """``serializer`` (a client of Kafka or of the registry), ``converter`` (Kafka Connect) or ``override``."""
    role: str
    """``producer``, ``consumer``; empty where the file does not tell."""
    profile: str
    """The profile under which this holds; empty for what holds without one."""
    development: bool
    settings: Mapping[str, Setting]
    prefix: str = ""
    """What a setting that is added to this client begins with."""
    style: str = "properties"
    """How a line is written: ``properties``, ``yaml``, ``json``, ``toml``; ``camel`` for the names of JavaScript."""
    framework: str = ""
    """``spring``, ``quarkus``, ``connect``; empty for none."""
    completed: frozenset[str] = frozenset()
    """The settings that every production profile brings: they are not missing where no profile is named."""

    def get(self, *names: str) -> Setting | None:
        """The first of these that is set."""
        return next((self.settings[name] for name in names if name in self.settings), None)

    def value(self, name: str) -> str:
        """What a setting is set to; empty where it is not."""
        setting = self.settings.get(name)
        return "" if setting is None else setting.value

    def on(self, name: str) -> bool:
        """Whether a switch is surely on."""
        setting = self.settings.get(name)
        return setting is not None and setting.on is True

    def off(self, name: str) -> bool:
        """Whether a switch is surely off."""
        setting = self.settings.get(name)
        return setting is not None and setting.on is False

    def lacks(self, *names: str) -> bool:
        """Whether none of these is set, here or by every production profile."""
        return not any(name in self.settings or name in self.completed for name in names)

    def anchor(self, *names: str) -> Setting:
        """A setting to point at: the first of these, else the first of this client's own file."""
        found = self.get(*names)
        if found is not None:
            return found
        own = [setting for setting in self.settings.values() if setting.path == self.path]
        return min(own or self.settings.values(), key=lambda setting: setting.key)

    def line(self, name: str, value: str) -> str:
        """A line that sets this for the client, as its file would write it.

        A switch is no text: Python's client refuses one. Kafka Connect's JSON has nothing but texts.
        """
        text = value if value in {"true", "false"} and self.framework != "connect" else f'"{value}"'
        if self.style == "camel":
            first, *rest = name.split(".")
            return f'"{first}{"".join(word.capitalize() for word in rest)}": {text}'
        key = f"{self.prefix}{name}"
        if self.style == "json":
            return f'"{key}": {text}'
        if self.style == "toml":
            return f'"{key}" = {text}'
        return f"{key}: {value}" if self.style == "yaml" else f"{key}={value}"

    def mentions(self, *parts: str) -> Iterator[Setting]:
        """The settings whose name contains one of these."""
        yield from (s for s in self.settings.values() if any(part in s.name for part in parts))
