"""What the way through a change has to respect: the subject's versions in git and in the registry, and its mode."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from functools import reduce
from typing import TYPE_CHECKING, Protocol

import msgspec
from msgspec.structs import replace

from schemagate.app.fellows import users_of
from schemagate.app.project import find_project
from schemagate.app.request import CheckRequest
from schemagate.app.shelf import RegistryTree
from schemagate.app.sides import GitTree, Tree
from schemagate.compat.modes import Mode, strictest
from schemagate.config import Settings, version_of
from schemagate.engine.lineage import Lineage
from schemagate.errors import RegistryError
from schemagate.schema.model import Factory

if TYPE_CHECKING:
    from schemagate.app.gather import Gathered
    from schemagate.app.scope import Scope


class Wish(Protocol):
    """The part of a request that says where to look."""

    @property
    def directory(self) -> str:
        """Where the command was started."""

    @property
    def today(self) -> dt.date:
        """The day of the run."""

    @property
    def env(self) -> Mapping[str, str]:
        """The process's environment, with the registry's secrets."""

    @property
    def config(self) -> str:
        """The configuration file that was named; empty for the one that is found."""

    @property
    def no_config(self) -> bool:
        """Whether there is none."""

    @property
    def registry(self) -> str:
        """The name of one of several."""

    @property
    def offline(self) -> bool:
        """Whether none is asked."""


class Governed(msgspec.Struct, frozen=True):
    """What is known of the subject: its lineage, the configuration, and what was read with which factory.

    ``levels`` are the compatibility levels of its subjects in the registry.
    """

    settings: Settings
    factory: Factory
    lineage: Lineage | None = None
    notes: tuple[str, ...] = ()
    levels: tuple[Mode, ...] = ()
    users: tuple[Lineage, ...] = ()
    """Of the subjects whose schemas use the new side's file."""

    def mode(self, configured: str) -> Mode:
        """The configured mode together with what the registry asks; where only a stricter mode holds both, that."""
        return reduce(strictest, self.levels, Mode(configured))


def governed(wish: Wish, new: tuple[Tree, str], old: tuple[Tree, str]) -> Governed:
    """The lineage of the new side's file, else of the old side's, where a repository has one of them.

    The registry's versions are among them where one is configured. Raises ConfigError, UsageError, GitError, and
    RegistryError where it cannot be asked.
    """
    project = find_project(wish.directory, wish.config, none=wish.no_config)
    alone = Governed(project.settings, Factory())
    if not _in_repository(wish.directory):
        return alone
    from schemagate.app.check import look
    from schemagate.app.gather import gather

    asked = CheckRequest(
        wish.directory,
        wish.today,
        wish.env,
        config=wish.config or None,
        no_config=wish.no_config,
        everything=True,
        registry=wish.registry,
        offline=wish.offline,
    )
    scope = look(asked)
    with scope.repo:
        gathered = gather(scope)
        lines = [_line(scope, gathered, tree, path) for tree, path in (new, old)]
        found = [line for line in lines if line is not None]
        users = users_of(new[1], gathered.lineages) if _path_in(scope.repo.root, *new) == new[1] else ()
        if not found and users:
            note = f"{new[0].label(new[1])} has no subject of its own"
            return Governed(scope.settings, gathered.workspace.factory, None, (note,), users=users)
        if not found:
            wanted, used = (tree.label(path) for tree, path in (new, old))
            note = f"neither {used} nor {wanted} is a schema of this repository, so only {used} is governed"
            return Governed(scope.settings, gathered.workspace.factory, None, (note,))
        line = next((line for line in found if line.versions), found[0])
        return replace(_with_registry(scope, asked, gathered, line), users=users)


def _line(scope: Scope, gathered: Gathered, tree: Tree, path: str) -> Lineage | None:
    """The lineage that one side belongs to: of a series of version files that of the highest.

    A subject of the registry that no file has gets one of its own.
    """
    if isinstance(tree, RegistryTree):
        mine = [one for one in gathered.lineages if tree.subject in one.names]
        alone = Lineage(tree.subject, "", Mode(scope.settings.mode_for("")), None, names=(tree.subject,))
        return next(iter(mine), alone)
    at = _path_in(scope.repo.root, tree, path)
    series = version_of(at)[0] if at else ""
    found = [one for one in gathered.lineages if one.path == at or (series and version_of(one.path)[0] == series)]
    return next((one for one in found if one.path not in gathered.workspace.superseded), next(iter(found), None))


def _with_registry(scope: Scope, asked: CheckRequest, gathered: Gathered, line: Lineage) -> Governed:
    """The lineage with what the registry holds, and with what it asks."""
    from schemagate.app.consult import Consulted, compare, connected
    from schemagate.app.remote import chosen

    known = Governed(scope.settings, gathered.workspace.factory, line)
    if asked.offline:
        names = ", ".join(one.name for one in scope.settings.registries)
        note = f"--offline: registry {names} was not asked; its versions and its mode were not looked at"
        return replace(known, notes=(note,) if names else ())
    settings = chosen(scope.settings, asked.registry)
    if settings is None or not line.names:
        return known
    gathered.lineages, found = [line], Consulted()
    try:
        with connected(settings, scope, asked) as registry:
            compare(scope, asked, gathered, registry, found)
    except RegistryError as error:
        hint = "; ".join(filter(None, (error.hint, "`--offline` goes by git's versions alone, and says so")))
        raise RegistryError(
            error.message, url=error.url, subject=error.subject, status=error.status, code=error.code, hint=hint
        ) from error
    held = [one for one in found.standings if one.held.state.exists]
    levels = tuple(one.level for one in held if one.level is not None)
    said = [f"registry {settings.name}: {one.subject} asks {one.level}" for one in held if one.level is not None]
    combined = next(iter(gathered.lineages), line)
    # What the registry asks is part of the mode here: the steps that are to come are asked the same.
    versions = tuple(replace(version, asked=()) if version.asked else version for version in combined.versions)
    at = next((n for n, version in enumerate(combined.versions) if version is combined.newest), None)
    newest = combined.newest if at is None else versions[at]
    return replace(known, lineage=replace(combined, versions=versions, newest=newest), notes=tuple(said), levels=levels)


def _in_repository(directory: str) -> bool:
    place = os.path.realpath(directory)
    while True:
        if os.path.lexists(os.path.join(place, ".git")):
            return True
        above = os.path.dirname(place)
        if above == place:
            return False
        place = above


def _path_in(root: str, tree: Tree, path: str) -> str:
    """A side's path from the repository's root; empty for one outside of it."""
    if isinstance(tree, GitTree):
        return path
    base = getattr(tree, "root", "")
    if not base:
        return ""
    full = os.path.realpath(os.path.join(base, *path.split("/")))
    top = os.path.realpath(root)
    return os.path.relpath(full, top).replace(os.sep, "/") if full.startswith(top + os.sep) else ""
