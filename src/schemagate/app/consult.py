"""Asks the registry about the lineages of a run, and says what was not asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from itertools import islice
from typing import TYPE_CHECKING, Final

import msgspec

from schemagate.app.answers import ask
from schemagate.app.combine import Combiner, Standing
from schemagate.app.gather import Gathered
from schemagate.app.governance import demands
from schemagate.app.project import Project
from schemagate.app.remote import Remote, RemoteReader, chosen
from schemagate.app.request import CheckRequest
from schemagate.app.same import Meanings
from schemagate.app.scope import Scope, retractions
from schemagate.app.taken import taken
from schemagate.config import RegistrySettings, Settings
from schemagate.errors import RegistryError
from schemagate.plan.words import unkept
from schemagate.report.asked import registry_notes
from schemagate.schema.bulk import VersionReader
from schemagate.shard import Asked

if TYPE_CHECKING:
    from schemagate.adapters.registry.client import Registry


PULL_REQUEST: Final = "pull_request"
"""The surroundings in which a configuration may be a stranger's."""


class Consulted(msgspec.Struct):
    """What came of asking: nothing in ``remote`` where nothing was asked."""

    remote: Remote | None = None
    standings: list[Standing] = msgspec.field(default_factory=list)
    notes: list[str] = msgspec.field(default_factory=list)
    undecided: list[str] = msgspec.field(default_factory=list)
    asked: Asked | None = None


def consult(scope: Scope, request: CheckRequest, gathered: Gathered, registry: Registry | None) -> Consulted:
    """Takes the registry's versions into the lineages of ``gathered`` and asks for its own answers.

    A registry that cannot be asked is ``undecided``; what it answered until then still counts. Raises UsageError,
    ConfigError.
    """
    found = Consulted()
    if request.offline and registry is None:
        names = ", ".join(one.name for one in scope.settings.registries)
        found.notes.append(
            f"--offline: registry {names} was not asked; its versions, its modes and its own answer were not checked"
        )
        return found
    settings = None if registry is not None else chosen(scope.settings, request.registry)
    try:
        with nullcontext(registry) if settings is None else connected(settings, scope, request) as opened:
            if opened is not None:
                _consult(scope, request, gathered, opened, found)
    except RegistryError as error:
        without = "" if registry is not None else "`--offline` judges git's versions alone, and says so"
        found.undecided.append("; ".join(filter(None, (error.message, error.hint, without))))
    return found


def _moves(scope: Scope, settings: RegistrySettings) -> bool:
    """Whether a pull request would send credentials to an address that only it names."""
    former = next((one for one in scope.former.registries if one.name == settings.name), None)
    if former is None or settings.auth == "none" or scope.context.kind != PULL_REQUEST:
        return False
    return any(_addresses(settings)[key] - _addresses(former)[key] for key in ("url", "token-url"))


def _addresses(settings: RegistrySettings) -> dict[str, set[str]]:
    return {"url": set(settings.url), "token-url": {str(settings.options.get("token-url", ""))}}


def connected(settings: RegistrySettings, scope: Scope, request: CheckRequest) -> Registry:
    """The registry that a run uses; nothing is sent yet.

    Raises ConfigError, and RegistryError where a pull request would send credentials to an address of its own.
    """
    _stay(scope, settings)
    return _opened(settings, scope.settings, request.env, scope.repo.root)


def connected_alone(
    project: Project, settings: RegistrySettings, env: Mapping[str, str], *, directory: str, config: str
) -> Registry:
    """The registry for a command that judges no change of the project; nothing is sent yet.

    In a pull request the change is looked at all the same, for its registries' addresses; ``config`` is as typed in
    ``directory``. Raises as :func:`connected`, and GitError where it cannot be looked at.
    """
    from schemagate.adapters.ci import detect, read_event

    if settings.auth != "none" and detect(env).kind == PULL_REQUEST:
        from schemagate.app.check import look

        # No waiver is looked at, so that any day will do.
        scope = look(CheckRequest(directory, dt.date.min, env, read_event(env), config=config or None))
        with scope.repo:
            _stay(scope, settings)
    return _opened(settings, project.settings, env, project.root)


def _opened(settings: RegistrySettings, whole: Settings, env: Mapping[str, str], root: str) -> Registry:
    from schemagate.adapters.registry import cache_folder, connect

    return connect(settings, env, cache=cache_folder(env) if whole.cache else None, root=root)


def _stay(scope: Scope, settings: RegistrySettings) -> None:
    """Raises RegistryError where a pull request would send credentials to an address of its own."""
    if _moves(scope, settings):
        raise RegistryError(
            f"registry {settings.name} was not asked: this change gives it another address, and its credentials are "
            "not sent there before somebody has merged that",
            url="",
            hint="make the address a change of its own",
        )


def _consult(scope: Scope, request: CheckRequest, gathered: Gathered, registry: Registry, found: Consulted) -> None:
    compare(scope, request, gathered, registry, found)
    assert found.remote is not None
    if found.remote.held:
        ask(registry, found.remote, found.standings, gathered.workspace)
        found.asked = _asked(scope, request, found)
        found.notes += registry_notes(found.asked)
        found.notes += _unkept(found.standings)


def compare(scope: Scope, request: CheckRequest, gathered: Gathered, registry: Registry, found: Consulted) -> None:
    """Takes the registry's versions into the lineages of ``gathered``. Raises RegistryError.

    ``found`` gets what the registry holds, and how each subject stands there.
    """
    reader = gathered.reader or VersionReader(gathered.workspace.factory)
    names = dict.fromkeys(name for lineage in gathered.lineages for name in lineage.names)
    remote = found.remote = Remote(registry.name, registry.url)
    if not names:
        return
    remote.held = RemoteReader(registry, reader).read(names)
    retracted = frozenset((one.subject, one.version) for one in retractions(scope))
    combiner = Combiner(Meanings(reader), retracted, request.ignore_deleted)
    combined = [combiner.combine(lineage, remote.held) for lineage in gathered.lineages]
    known = iter(taken(registry, [one for _, standings in combined for one in standings], gathered.workspace))
    gathered.lineages = []
    for lineage, own in combined:
        standings = list(islice(known, len(own)))
        # A version file that a higher one replaces is no proposal any more once the registry has it.
        settled = lineage.path in gathered.workspace.superseded and standings and all(s.settled for s in standings)
        if not settled:
            gathered.lineages.append(lineage)
            found.standings += standings


def _asked(scope: Scope, request: CheckRequest, found: Consulted) -> Asked:
    """What was asked, and what the reader should know of it."""
    assert found.remote is not None
    remote, held = found.remote, found.remote.held.values()
    refused = {subject for (_, subject), verdict in remote.verdicts.items() if not verdict.compatible}
    guessed = {one.subject for one in found.standings if not one.held.state.versions and not _is_named(scope, one)}
    return Asked(
        remote.name,
        remote.url,
        len(held),
        sum(one.state.exists for one in held),
        sum(len(one.state.versions) for one in held),
        sum(version.deleted for one in held for version in one.state.versions),
        request.ignore_deleted,
        len(remote.verdicts),
        tuple(sorted(refused)),
        tuple(sorted(guessed)),
        tuple(sorted(_stricter(found.standings))),
        tuple(sorted(remote.lost_as_java)),
    )


def _stricter(standings: Iterable[Standing]) -> Iterator[str]:
    for one in standings:
        level, mode = one.level, one.lineage.mode
        if level is not None and one.held.state.exists and not demands(mode, level):
            yield f"{one.subject}: the registry's {level.value} asks more than the configured {mode.value}; both count"


def _unkept(standings: Iterable[Standing]) -> Iterator[str]:
    for one in standings:
        if one.left_out:
            yield f"{one.subject}: {unkept(one.left_out, one.proposed[-1])}"


def _is_named(scope: Scope, one: Standing) -> bool:
    rule = scope.settings.subject_rule_for(one.lineage.path)
    return rule is not None and bool(rule.name)
