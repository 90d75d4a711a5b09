"""What a configuration says, as values: every setting with its default."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import force_setattr

from schemagate.config import globs, names
from schemagate.finding import Json, Severity

if TYPE_CHECKING:
    from schemagate.config.places import KeyPath, Position

MODES = (
    "BACKWARD",
    "BACKWARD_TRANSITIVE",
    "FORWARD",
    "FORWARD_TRANSITIVE",
    "FULL",
    "FULL_TRANSITIVE",
    "NONE",
)
"""The registry's own names."""
DEFAULT_MODE = "FULL_TRANSITIVE"
DEVELOPMENT_PROFILES = ("dev", "local", "test")
CLIENT_SUFFIXES = (".properties", ".yml", ".yaml", ".json", ".toml")
"""How the names of client configuration files end."""
ROLES = ("producer", "consumer")
STRATEGIES = ("topic", "record", "topic-record")
"""How clients name subjects: by TopicNameStrategy, RecordNameStrategy or TopicRecordNameStrategy."""

_PLACES = frozenset({"line", "positions", "_matches", "_matched"})
"""Fields that say where something is written, or repeat others."""


def _same(one: msgspec.Struct, other: object) -> bool:
    """Whether both say the same, wherever it is written."""
    names = (name for name in one.__struct_fields__ if name not in _PLACES)
    return type(one) is type(other) and all(getattr(one, name) == getattr(other, name) for name in names)


def _hash(one: msgspec.Struct) -> int:
    return hash(tuple(getattr(one, name) for name in one.__struct_fields__ if name not in _PLACES))


class SubjectRule(msgspec.Struct, frozen=True, eq=False):
    """What ``[[subjects]]`` says of the files that ``match`` covers; empty means not said."""

    match: tuple[str, ...]
    name: tuple[str, ...] = ()
    """Templates; each makes a subject of its own."""
    topic: str = ""
    mode: str = ""
    history_from: dt.date | None = None
    """Versions published before this day are not judged against."""
    references: str = ""
    """``registry`` or ``inline``."""
    shared: bool = False
    """Only other schemas use these: they have no subject."""
    rules: Mapping[str, Severity] = msgspec.field(default_factory=dict)
    line: int = 0

    __eq__ = _same
    __hash__ = _hash


class ClientRule(msgspec.Struct, frozen=True, eq=False):
    """What ``[[clients]]`` says of the client configuration files that ``match`` covers; empty means not said."""

    match: tuple[str, ...]
    development: bool = False
    development_profiles: tuple[str, ...] = DEVELOPMENT_PROFILES
    role: str = ""
    subject_name_strategy: str = ""
    registry: str = ""
    line: int = 0

    __eq__ = _same
    __hash__ = _hash


class Retraction(msgspec.Struct, frozen=True, eq=False):
    """A published version that is no longer judged against."""

    subject: str
    version: str
    """Its label: ``main@4f2c1aa``, ``registry 3``."""
    reason: str
    line: int = 0

    __eq__ = _same
    __hash__ = _hash


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding that a person accepts. What is said must all match; see :mod:`schemagate.suppress`."""

    reason: str
    fingerprint: str = ""
    rule: str = ""
    subject: str = ""
    path: str = ""
    """The finding's path inside the schema: ``$.items[].price``."""
    owner: str = ""
    expires: dt.date | None = None
    """The last day on which it holds; None never ends."""
    signed: dt.date | None = None
    """Covers versions published on or before this day."""
    versions: tuple[str, ...] = ()
    """Covers the versions of these labels (``main@4f2c1aa``); with neither this nor ``signed``, every version."""
    line: int = field(default=0, compare=False)


class RegistrySettings(msgspec.Struct, frozen=True, eq=False):
    """``[registry.NAME]``, checked; never a secret. ``options`` holds its other keys as they are written."""

    name: str
    url: tuple[str, ...]
    """Tried in this order."""
    auth: str = "none"
    options: Mapping[str, Json] = msgspec.field(default_factory=dict)
    line: int = 0

    __eq__ = _same
    __hash__ = _hash


class Settings(msgspec.Struct, frozen=True, eq=False):
    """A whole configuration. ``Settings()`` is what holds where nothing is configured."""

    path: str = ""
    """The file that says so; empty if none does."""
    paths: tuple[str, ...] = ()
    """Empty means every ``*.avsc`` of the repository."""
    exclude: tuple[str, ...] = ()
    mode: str = DEFAULT_MODE
    baseline: str = ""
    """The branch whose history is published; empty means the repository's default branch."""
    release_tags: tuple[str, ...] = ()
    """Globs of tags that publish too."""
    fail_on: Severity = Severity.ERROR
    preset: str = ""
    cache: bool = True
    waivers_from_base: bool = False
    """Waivers, retractions and inline allows count only as the diff base has them."""
    subjects: tuple[SubjectRule, ...] = ()
    clients: tuple[ClientRule, ...] = ()
    retracted: tuple[Retraction, ...] = ()
    registries: tuple[RegistrySettings, ...] = ()
    rules: Mapping[str, Severity] = msgspec.field(default_factory=dict)
    """Rule id → severity, unknown ids included: see ``check_rules``."""
    waivers: tuple[Waiver, ...] = ()
    positions: Mapping[KeyPath, Position] = msgspec.field(default_factory=dict)
    """Where each key is written, below the table that holds the settings."""

    _matches: tuple[str, ...] = ()
    """Every ``match`` of every subject rule; ``_matched`` holds the rule of each. Asked for every file."""
    _matched: tuple[SubjectRule, ...] = ()

    __eq__ = _same
    __hash__ = _hash

    def __post_init__(self) -> None:
        force_setattr(self, "_matches", tuple(glob for rule in self.subjects for glob in rule.match))
        force_setattr(self, "_matched", tuple(rule for rule in self.subjects for _ in rule.match))

    def line_of(self, *key: str | int) -> int | None:
        """The 1-based line of a key; None if it is not written."""
        position = self.positions.get(key)
        return position and position[0]

    def is_schema_path(self, path: str) -> bool:
        """Whether the gate judges this repo-relative POSIX path.

        A directory in ``paths`` means the ``.avsc`` files below it; another suffix counts only where a glob names it
        (``legacy/*.json``). ``exclude`` wins.
        """
        if globs.covers(self.exclude, path):
            return False
        if path.endswith(names.SUFFIX):
            return not self.paths or globs.covers(self.paths, path)
        return globs.covers([glob for glob in self.paths if _names_suffix_of(glob, path)], path)

    def subject_rule_for(self, path: str) -> SubjectRule | None:
        """The first ``[[subjects]]`` whose ``match`` covers the path."""
        found = globs.first_cover(self._matches, path)
        return None if found is None else self._matched[found]

    def names_subjects(self, path: str) -> bool:
        """Whether the configuration says what the subjects of this file are called; else its type's name is taken."""
        rule = self.subject_rule_for(path)
        return rule is not None and bool(rule.name)

    def client_rule_for(self, path: str) -> ClientRule | None:
        """The first ``[[clients]]`` whose ``match`` covers the path, unless ``exclude`` does.

        Of a directory only the files whose format is known by their name.
        """
        if not self.clients or not path.lower().endswith(CLIENT_SUFFIXES) or globs.covers(self.exclude, path):
            return None
        return next((rule for rule in self.clients if globs.covers(rule.match, path)), None)

    def mode_for(self, path: str) -> str:
        """The compatibility mode of the subjects that this file defines."""
        rule = self.subject_rule_for(path)
        return (rule and rule.mode) or self.mode

    def subject_names(self, path: str, fullname: str) -> tuple[str, ...]:
        """The subjects of the schema in this file; ``fullname`` is its type's, empty for a type without a name.

        Empty for ``shared`` files, and where a name cannot be made: no rule names a schema that has no name of its
        own, or a template asks for something that is empty.
        """
        rule = self.subject_rule_for(path)
        if rule is None or not (rule.name or rule.shared):
            return (fullname,) if fullname else ()
        if rule.shared:
            return ()
        made = [names.expand(template, path=path, fullname=fullname, topic=rule.topic) for template in rule.name]
        return tuple(dict.fromkeys(made)) if all(made) else ()


def _names_suffix_of(glob: str, path: str) -> bool:
    """Whether the glob's last segment ends in the path's own suffix, written out."""
    _, dot, suffix = path.rpartition("/")[2].rpartition(".")
    return bool(dot) and glob.rpartition("/")[2].endswith(f".{suffix}")
