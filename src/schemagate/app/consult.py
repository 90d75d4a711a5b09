"""Asks the registry about the lineages of a run, and says what was not asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING

import msgspec

from schemagate.app.answers import ask
from schemagate.app.combine import Combiner, Standing
from schemagate.app.gather import Gathered, retractions
from schemagate.app.governance import demands
from schemagate.app.remote import Remote, RemoteReader, chosen
from schemagate.app.request import CheckRequest
from schemagate.app.same import Meanings
from schemagate.app.scope import Scope
from schemagate.config import RegistrySettings
from schemagate.errors import RegistryError
from schemagate.report.words import count
from schemagate.schema.bulk import VersionReader

if TYPE_CHECKING:
    from schemagate.adapters.registry.client import Registry


class Consulted(msgspec.Struct):
    """What came of asking: nothing in ``remote`` where nothing was asked."""

    remote: Remote | None = None
    standings: list[Standing] = msgspec.field(default_factory=list)
    notes: list[str] = msgspec.field(default_factory=list)
    undecided: list[str] = msgspec.field(default_factory=list)


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
        found.undecided.append(f"{error.message}; {error.hint}" if error.hint else error.message)
    return found


def _moves(scope: Scope, settings: RegistrySettings) -> bool:
    """Whether a pull request would send credentials to an address that only it names."""
    former = next((one for one in scope.former.registries if one.name == settings.name), None)
    if former is None or settings.auth == "none" or scope.context.kind != "pull_request":
        return False
    return any(_addresses(settings)[key] - _addresses(former)[key] for key in ("url", "token-url"))


def _addresses(settings: RegistrySettings) -> dict[str, set[str]]:
    return {"url": set(settings.url), "token-url": {str(settings.options.get("token-url", ""))}}


def connected(settings: RegistrySettings, scope: Scope, request: CheckRequest) -> Registry:
    """The registry that a run uses; nothing is sent yet.

    Raises ConfigError, and RegistryError where a pull request would send credentials to an address of its own.
    """
    from schemagate.adapters.registry import cache_folder, connect

    if _moves(scope, settings):
        raise RegistryError(
            f"registry {settings.name} was not asked: this change gives it another address, and its credentials are "
            "not sent there before somebody has merged that",
            url="",
            hint="make the address a change of its own, or look at git's versions alone with --offline",
        )
    cache = cache_folder(request.env) if scope.settings.cache else None
    return connect(settings, request.env, cache=cache, root=scope.repo.root)


def _consult(scope: Scope, request: CheckRequest, gathered: Gathered, registry: Registry, found: Consulted) -> None:
    compare(scope, request, gathered, registry, found)
    assert found.remote is not None
    if found.remote.held:
        ask(registry, found.remote, found.standings)
        found.notes += _notes(scope, request, registry, found)


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
    lineages, gathered.lineages = gathered.lineages, []
    for lineage in lineages:
        combined, standings = combiner.combine(lineage, remote.held)
        # A version file that a higher one replaces is no proposal any more once the registry has it.
        settled = lineage.path in gathered.workspace.superseded and standings and all(s.settled for s in standings)
        if not settled:
            gathered.lineages.append(combined)
            found.standings += standings


def _notes(scope: Scope, request: CheckRequest, registry: Registry, found: Consulted) -> Iterator[str]:
    """What was asked, so that silence is evidence, and what the reader should know of it."""
    assert found.remote is not None
    held = found.remote.held.values()
    versions = sum(len(one.state.versions) for one in held)
    there = sum(one.state.exists for one in held)
    known = f"{count(there, 'subject')} of {len(held)}" if there < len(held) else count(there, "subject")
    yield f"registry {registry.name} ({registry.url}) holds {known} with {count(versions, 'version')}{_answers(found)}"
    deleted = sum(version.deleted for one in held for version in one.state.versions)
    if deleted:
        what = "left out" if request.ignore_deleted else "judged too, since data written with it may still be there"
        yield f"{count(deleted, 'softly deleted version')} {what}"
    guessed = [one for one in found.standings if not one.held.state.versions and not _is_named(scope, one)]
    if guessed:
        shown = guessed[0].subject
        yield (
            f"{count(len(guessed), 'subject')} without a configured name, such as {shown}: the registry has none under "
            "its type's name; `[[subjects]]` says what a file is called there"
        )
    for one in found.standings:
        level, mode = one.level, one.lineage.mode
        if level is not None and one.held.state.exists and not demands(mode, level):
            yield f"{one.subject}: the registry's {level.value} asks more than the configured {mode.value}; both count"


def _answers(found: Consulted) -> str:
    """What the registry said of what is proposed, where it was asked."""
    assert found.remote is not None
    verdicts = found.remote.verdicts
    if not verdicts:
        return ""
    refused = sorted({subject for (_, subject), verdict in verdicts.items() if not verdict.compatible})
    shown = ", ".join(refused[:5]) + (f" and {len(refused) - 5} more" if len(refused) > 5 else "")
    return f"; of {count(len(verdicts), 'proposed schema')} it refuses {shown or 'none'}"


def _is_named(scope: Scope, one: Standing) -> bool:
    rule = scope.settings.subject_rule_for(one.lineage.path)
    return rule is not None and bool(rule.name)
