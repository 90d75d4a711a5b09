"""A registry against the repository: what only one of the two has, and what the registry guards less."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from schemagate.app.check import look
from schemagate.app.combine import Standing, standings_of
from schemagate.app.consult import Consulted, compare, connected
from schemagate.app.gather import Gathered, gather
from schemagate.app.governance import SOURCES, demands, numbers
from schemagate.app.remote import chosen
from schemagate.app.request import CheckRequest
from schemagate.app.scope import Scope
from schemagate.engine.edits import Edit, edits
from schemagate.errors import UsageError
from schemagate.report.drift import Divergence, Drift, Strayed, Unmanaged
from schemagate.report.words import count
from schemagate.rules.phrases import listed

STATES = {"HEAD": "HEAD", "index": "what is staged", "worktree": "the work tree"}


def drift(request: CheckRequest, prefixes: Sequence[str] = ()) -> Drift:
    """Compares every subject of the repository with the registry.

    ``prefixes`` tell which subjects belong here by their names: of these, what no file defines is drift. Raises
    ConfigError, UsageError, GitError, RegistryError.
    """
    scope = look(replace(request, everything=True))
    with scope.repo:
        settings = chosen(scope.settings, request.registry)
        if settings is None:
            hint = "add a table [registry.NAME] with its `url` to schemagate.toml"
            raise UsageError("no registry is configured, so there is nothing to compare with", hint=hint)
        gathered = gather(scope)
        with connected(settings, scope, request) as registry:
            found = Consulted()
            compare(scope, request, gathered, registry, found)
            there = registry.subjects()
        names = {name for lineage in gathered.lineages for name in lineage.names}
        mine = tuple(prefixes)
        return Drift(
            registry.name,
            registry.url,
            f"{STATES[scope.proposal.kind]} with {scope.branch}'s history",
            len(names),
            tuple(one for one in map(_strayed, standings_of(found.standings).values()) if one.found),
            tuple(Unmanaged(name, mine != () and name.startswith(mine)) for name in there if name not in names),
            tuple(_notes(scope, gathered)),
        )


def _notes(scope: Scope, gathered: Gathered) -> Iterator[str]:
    invalid = sorted({lineage.path for lineage in gathered.lineages if lineage.candidate is None})
    if invalid:
        shown = ", ".join(invalid[:5]) + (" ..." if len(invalid) > 5 else "")
        yield f"{count(len(invalid), 'file')} cannot be read as a schema, `schemagate check` says why: {shown}"
    if gathered.unnamed:
        yield f"{count(len(gathered.unnamed), 'file')} without a subject's name: {', '.join(gathered.unnamed[:5])}"
    guessed = sum(not (rule and rule.name) for rule in map(scope.settings.subject_rule_for, gathered.selected))
    if guessed and guessed == len(gathered.selected):
        yield "no `[[subjects]]` names what the registry calls them: subjects were looked for under their types' names"


def _strayed(one: Standing) -> Strayed:
    found = (*_publishing(one), *_versions(one), *_guarding(one))
    return Strayed(one.subject, one.lineage.path, found)


def _publishing(one: Standing) -> Iterator[Divergence]:
    """What the repository has and the registry lacks, or has behind something else."""
    state = one.held.state
    latest = state.latest
    if one.lineage.candidate is None:
        return
    if latest is None:
        if not state.versions:
            yield Divergence("unpublished", "the registry has no such subject")
    elif not one.proposed:
        text = f"the schema here is none of its {count(len(one.held.live), 'version')}"
        yield Divergence("unpublished", text)
    elif latest.version not in one.proposed:
        text = f"the schema here is {numbers(one.proposed)}, and version {latest.version} is the latest"
        yield Divergence("not latest", text, (*one.proposed, latest.version))
    if one.left_out:
        text = f"{listed(one.left_out)}: the registry takes the schema here for {numbers(one.proposed)} without them"
        yield Divergence("left out", text, one.proposed, counts=False)


def _versions(one: Standing) -> Iterator[Divergence]:
    """What the registry has and the repository lacks."""
    state, latest = one.held.state, one.held.state.latest
    rest = one.unknown
    if latest is not None and latest.version in rest:
        rest = tuple(number for number in rest if number != latest.version)
        text = f"version {latest.version}, the latest, was registered past the repository: git never published it"
        yield Divergence("edited by hand", text, (latest.version,), _edits(one, latest.version))
    if rest:
        yield Divergence("only there", f"{numbers(rest)}: git never published what they hold", rest)
    first = min(one.known, default=0)
    earlier = tuple(version for version in one.same if version < first)
    if earlier:
        yield Divergence("earlier", f"{numbers(earlier)}: from before the repository took over", earlier, counts=False)
    for number, kind in one.held.foreign.items():
        yield Divergence("other type", f"version {number} is {kind}, not Avro", (number,))
    for number, why in one.held.unreadable.items():
        yield Divergence("unreadable", f"version {number}: {why}", (number,))
    if state.versions and not state.exists:
        gone = tuple(version.version for version in state.versions)
        yield Divergence("soft-deleted", f"{numbers(gone)}: deleted softly, and the file is still here", gone)


def _edits(one: Standing, latest: int) -> tuple[Edit, ...]:
    """What was done from the repository's schema to that version."""
    candidate, there = one.lineage.candidate, one.same.get(latest)
    return () if candidate is None or there is None else tuple(edits(candidate, there))


def _guarding(one: Standing) -> Iterator[Divergence]:
    state, level, mode = one.held.state, one.level, one.lineage.mode
    if state.exists and level is not None and not demands(level, mode):
        source = SOURCES.get(state.config.source, "nobody says who set it")
        yield Divergence("weaker mode", f"{level.value} ({source}), configured is {mode.value}")
    if state.exists and state.mode not in ("READWRITE", "FORWARD"):
        yield Divergence("read-only", f"its mode is {state.mode}: nothing can be registered", counts=False)
