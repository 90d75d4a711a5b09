"""The project around a directory, without git: where its tree begins and which configuration it has."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

import msgspec

from schemagate.adapters.files import read_file
from schemagate.app.settings import CONFIG_FILES, settings_from
from schemagate.config import Settings
from schemagate.errors import ConfigError, UsageError
from schemagate.rules.catalog import BY_ID
from schemagate.rules.presets import PRESETS

FOREIGN = frozenset({"node_modules", "__pycache__"})
"""Directories of package managers and compilers."""


class Project(msgspec.Struct, frozen=True):
    """``root`` is absolute and what paths are told relative to.

    ``whole`` tells that it is a project's own top, so that everything below it belongs together.
    """

    root: str
    settings: Settings
    whole: bool


def find_project(directory: str, named: str = "", *, none: bool = False) -> Project:
    """The project around ``directory``: the nearest directory above with a configuration, else with a ``.git``.

    ``named`` is a configuration file (as typed, from ``directory``) to use instead; ``none`` uses none.
    Raises ConfigError, UsageError.
    """
    start = os.path.realpath(directory)
    chosen = _named(start, named) if named and not none else None
    for place in _upward(start):
        found = Settings() if none or chosen is not None else _configured(place)
        if found is not None and found.path:
            return Project(place, usable(found), whole=True)
        if os.path.lexists(os.path.join(place, ".git")):
            return Project(place, chosen or Settings(), whole=True)
    return Project(start, chosen or Settings(), whole=False)


def usable(settings: Settings) -> Settings:
    """The settings, if every rule and preset that they name exists; else ConfigError for the first that does not."""
    if not settings.path:
        return settings
    from schemagate.config import check_rules

    for issue in check_rules(settings, BY_ID, PRESETS):
        raise ConfigError(issue.message, path=issue.path, line=issue.line, column=issue.column, hint=issue.hint)
    return settings


def _upward(start: str) -> Iterator[str]:
    place = start
    while True:
        yield place
        above = os.path.dirname(place)
        if above == place:
            return
        place = above


def _configured(place: str) -> Settings | None:
    for name in CONFIG_FILES:
        data = read_file(place, name) if os.path.isfile(os.path.join(place, name)) else None
        settings = settings_from(name, data.decode("utf-8", "replace")) if isinstance(data, bytes) else None
        if settings is not None and settings.path:
            return settings
    return None


def _named(start: str, named: str) -> Settings:
    full = os.path.normpath(os.path.join(start, named))
    data = read_file(os.path.dirname(full), os.path.basename(full))
    if not isinstance(data, bytes):
        raise UsageError(f"there is no usable configuration {named}: {data.detail}", hint="name a TOML file")
    settings = settings_from(named.replace(os.sep, "/"), data.decode("utf-8", "replace"))
    return usable(settings or Settings())


def common_directory(files: Sequence[str]) -> str:
    """The deepest directory that holds all of these repo-relative files; empty for the root."""
    parents = [path.rpartition("/")[0].split("/") for path in files]
    shared: list[str] = []
    for steps in zip(*parents, strict=False):
        if len(set(steps)) > 1:
            break
        shared.append(steps[0])
    return "/".join(shared)


def own_directory(path: str) -> bool:
    """Whether a directory may hold the project's own files: not a hidden one, nor a package manager's."""
    name = path.rpartition("/")[2]
    return not name.startswith(".") and name not in FOREIGN
