"""The client configuration files of a run: read where the schemas are read, judged beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from schemagate.adapters.files import Unreadable
from schemagate.config import Settings
from schemagate.config.names import expand
from schemagate.config.values import CLIENT_SUFFIXES
from schemagate.finding import Finding, Problem
from schemagate.workspace import Located

if TYPE_CHECKING:
    from schemagate.app.proposal import Proposal
    from schemagate.app.scope import Scope
    from schemagate.clientconfig.clients import Terms
    from schemagate.clientconfig.listing import Listing
    from schemagate.engine.tell import Teller
    from schemagate.rules.client_facts import Policy
    from schemagate.suppress import Allow

_SUFFIXES = tuple(suffix.removeprefix(".") for suffix in CLIENT_SUFFIXES)
_OWN_TYPE = ("{fullname}", "{name}", "{namespace}")


class ClientsRead(msgspec.Struct, frozen=True):
    """What a run found in client files. ``listings`` are the texts that reports may show."""

    findings: tuple[Finding, ...] = ()
    listings: Mapping[str, Listing] = msgspec.field(default_factory=dict)
    allows: Mapping[str, list[Allow]] = msgspec.field(default_factory=dict)
    """Inline allows by file that the change itself brings."""
    notes: tuple[str, ...] = ()


def judged(
    teller: Teller,
    settings: Settings,
    contents: Mapping[str, bytes | Unreadable],
    schemas: Iterable[str],
) -> ClientsRead:
    """The findings of these files. ``schemas`` are the paths of the repository's schemas."""
    if not contents:
        return ClientsRead()
    from functools import cache

    from schemagate.clientconfig.read import read
    from schemagate.engine.clients import client_findings

    files = {path: read(path, data) for path, data in contents.items() if isinstance(data, bytes)}
    paths = list(schemas)
    subjects = _subjects(settings, paths)

    @cache
    def policy(name: str, registry: str) -> Policy:
        return _policy(settings, subjects, name, registry, any_subject=bool(paths))

    def policy_of(path: str) -> Policy:
        rule = settings.client_rule_for(path)
        return policy(rule.subject_name_strategy if rule else "", rule.registry if rule else "")

    unreadable = (
        teller.located(Located(path, Problem("unreadable-file", {"reason": data.detail})))
        for path, data in contents.items()
        if isinstance(data, Unreadable)
    )
    findings = [finding for finding in unreadable if finding is not None]
    findings += client_findings(teller, files, lambda path: _terms(settings, path), policy_of)
    count = "1 client configuration file" if len(contents) == 1 else f"{len(contents)} client configuration files"
    notes = (f"read {count}: {_few(sorted(contents))}",)
    return ClientsRead(tuple(findings), {path: file.listing for path, file in files.items()}, {}, notes)


def of_change(scope: Scope, teller: Teller, owns: Callable[[str], bool]) -> ClientsRead:
    """The client files that the change touches, with those that are read together with them; all where all is asked.

    Read from the candidate, as the schemas are. Told is of the files that ``owns`` says are this run's.
    """
    settings = scope.settings
    if not settings.clients:
        return ClientsRead()
    from msgspec.structs import replace

    from schemagate.app.proposal import propose

    specs = pathspecs(settings)
    proposal = propose(scope.repo, scope.proposal.kind, specs, scope.proposal.overlay, scope.proposal.commit)
    matched = [path for path in proposal.files if settings.client_rule_for(path) is not None]
    target = proposal.commit if proposal.kind == "HEAD" else proposal.kind
    changes = scope.repo.diff(scope.base.diff_base, target, specs)
    touched = {path for change in changes for path in (change.path, change.old_path) if path}
    chosen = matched if not scope.narrow else _together(matched, touched | proposal.overlay.keys())
    if not chosen:
        return ClientsRead()
    read = judged(teller, settings, _contents(proposal, chosen), scope.schema_paths())
    old = {change.path: change.old_blob or "" for change in changes}
    contents = dict(scope.repo.blobs(dict.fromkeys(blob for path, blob in old.items() if blob and path in chosen)))
    before = {path: contents.get(old.get(path, "")) for path in chosen if path in touched}
    findings = tuple(f for f in read.findings if f.location is None or owns(f.location.path))
    return replace(read, findings=findings, allows=_new_allows(read.listings, before))


def pathspecs(settings: Settings) -> tuple[str, ...]:
    """The git pathspecs of every file that may be a client's: by the suffixes that the globs name, else by all."""
    globs = [glob for rule in settings.clients for glob in rule.match]
    named = {glob.rpartition(".")[2] for glob in globs if glob.rpartition("/")[2].rpartition(".")[2] in _SUFFIXES}
    whole = all(glob.rpartition("/")[2].rpartition(".")[2] in _SUFFIXES for glob in globs)
    return tuple(f"*.{suffix}" for suffix in (sorted(named) if whole else _SUFFIXES))


def with_family(named: Iterable[str], matched: Sequence[str]) -> list[str]:
    """The named files, and the matched ones that are read together with them."""
    names = list(named)
    return _together(list(dict.fromkeys((*names, *matched))), set(names)) if names else []


def _together(matched: Sequence[str], touched: set[str]) -> list[str]:
    from schemagate.clientconfig.profiles import family_of

    families = {family_of(path)[0] for path in touched}
    return [path for path in matched if path in touched or family_of(path)[0] in families]


def _contents(proposal: Proposal, chosen: Sequence[str]) -> dict[str, bytes | Unreadable]:
    found: dict[str, bytes | Unreadable] = dict(proposal.bytes_of(chosen))
    for located in proposal.problems:
        found.setdefault(located.document, Unreadable("refused", str(located.problem.args.get("reason", ""))))
    return found


def _new_allows(listings: Mapping[str, Listing], before: Mapping[str, bytes | None]) -> dict[str, list[Allow]]:
    from schemagate.app.weakened import not_before
    from schemagate.clientconfig.read import read
    from schemagate.engine.assemble import allows_of

    added = {}
    for path, data in before.items():
        allows = [allow for allow in allows_of(listings[path]) if not allow.problem] if path in listings else []
        old = allows_of(read(path, data).listing) if allows and data is not None else []
        new = not_before(allows, old)
        if new:
            added[path] = new
    return added


def _terms(settings: Settings, path: str) -> Terms:
    from schemagate.clientconfig.clients import Terms

    rule = settings.client_rule_for(path)
    return Terms() if rule is None else Terms(rule.development, rule.development_profiles, rule.role)


def _subjects(settings: Settings, schemas: Iterable[str]) -> frozenset[str]:
    """The subjects that are named after topics alone, as far as the configuration names them."""
    found = set()
    for path in schemas:
        rule = settings.subject_rule_for(path)
        for template in rule.name if rule is not None and not rule.shared else ():
            if not any(part in template for part in _OWN_TYPE):
                found.add(expand(template, path=path, fullname="", topic=rule.topic if rule is not None else ""))
    return frozenset(found - {""})


def _policy(settings: Settings, subjects: frozenset[str], strategy: str, registry: str, *, any_subject: bool) -> Policy:
    from schemagate.rules.client_facts import Policy

    strategies = frozenset({strategy}) if strategy else frozenset(_strategies(settings))
    asked = {bool(r.options.get("normalize")) for r in settings.registries if registry in {"", r.name}}
    return Policy(
        strategies=frozenset() if "" in strategies else strategies,
        subjects=subjects,
        any_subject=any_subject,
        normalize=asked.pop() if len(asked) == 1 else None,
    )


def _strategies(settings: Settings) -> Iterator[str]:
    """The strategy that each template of the configuration means; empty for one that no strategy makes."""
    for rule in settings.subjects:
        for template in rule.name if not rule.shared else ():
            body = template.removesuffix("-value").removesuffix("-key")
            typed = any(part in template for part in _OWN_TYPE)
            if body != template and not typed:
                yield "topic"
            elif template in {"{fullname}", "{namespace}.{name}"}:
                yield "record"
            elif template.endswith("-{fullname}") and not any(part in template[:-11] for part in _OWN_TYPE):
                yield "topic-record"
            else:
                yield ""


def _few(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    return f"{', '.join(paths[:3])}{more}"
