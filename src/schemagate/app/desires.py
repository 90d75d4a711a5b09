"""What the repository wants a registry to hold: each subject's versions, as texts with what they refer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from schemagate.app.gather import Gathered
from schemagate.app.scope import Scope, retractions
from schemagate.app.texts import Texts
from schemagate.config import Settings, version_of
from schemagate.errors import ConfigError, UsageError
from schemagate.finding import Report
from schemagate.plan.values import Desired, Key, Wanted
from schemagate.schema.canonical import content_key, fingerprint_sha256, to_json
from schemagate.schema.model import Enum, Fixed, Record, Schema
from schemagate.workspace import Workspace

MOST_NAMED = 3
"""Files that one message names."""


class Group(msgspec.Struct, frozen=True):
    """The files of one subject or of several that share them: a ``_vN`` series, or one that evolves in place."""

    paths: tuple[str, ...]
    """Oldest version first."""
    subjects: tuple[str, ...]

    @property
    def tip(self) -> str:
        return self.paths[-1]


class Desires(msgspec.Struct, frozen=True):
    """All that is wanted; ``schemas`` says what each wanted version means."""

    desired: tuple[Desired, ...]
    schemas: Mapping[Key, Schema]


def desires(scope: Scope, gathered: Gathered, report: Report, *, normalize: bool) -> Desires:
    """The subjects of the whole repository; ``report`` is what judging it found.

    Raises UsageError and ConfigError where their names are not settled.
    """
    groups = tuple(_groups(scope.settings, gathered.workspace, scope.schema_paths()))
    texts = Texts(scope.settings, gathered.workspace, {path: g.subjects[0] for g in groups for path in g.paths})
    past = _published(gathered)
    failing = _failing(report)
    desired: list[Desired] = []
    schemas: dict[Key, Schema] = {}
    for group in groups:
        made = [one for path in group.paths if (one := _wanted(path, group, texts, gathered.workspace, past))]
        for subject in group.subjects:
            dropped = {r.version for r in retractions(scope) if r.subject == subject}
            kept = [one for n, one in enumerate(made) if n == len(made) - 1 or one[0].label not in dropped]
            level = scope.settings.mode_for(group.tip)
            obstacles = tuple(_obstacles(group, gathered.workspace, texts))
            against = tuple(dict.fromkeys(row for path in group.paths for row in failing.get(path, ())))
            desired.append(Desired(subject, level, tuple(wanted for wanted, _ in kept), normalize, obstacles, against))
            schemas.update({(subject, n): schema for n, (_, schema) in enumerate(kept)})
    return Desires(tuple(desired), schemas)


def require_names(settings: Settings, paths: Sequence[str]) -> None:
    """Raises UsageError where the configuration does not say how the subjects of these files are called."""
    tips = [ordered[-1] for ordered in _series(paths)]
    rules = [(tip, settings.subject_rule_for(tip)) for tip in tips]
    unnamed = [tip for tip, rule in rules if rule is None or not (rule.name or rule.shared)]
    if unnamed:
        raise _no_name(settings, unnamed)


def _series(paths: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The files of each ``_vN`` series, oldest first; every other file alone."""
    series: dict[str, list[tuple[int, str]]] = {}
    for path in paths:
        name, number = version_of(path)
        series.setdefault(name, []).append((number or 0, path))
    for members in series.values():
        yield tuple(path for _, path in sorted(members))


def _groups(settings: Settings, workspace: Workspace, paths: Sequence[str]) -> Iterator[Group]:
    unnamed: list[str] = []
    owners: dict[str, str] = {}
    for ordered in _series(paths):
        tip = ordered[-1]
        rule = settings.subject_rule_for(tip)
        if rule is not None and rule.shared:
            continue
        names = settings.subject_names(tip, _own_name(workspace.schemas.get(tip))) if rule and rule.name else ()
        if not names and tip in workspace.schemas:
            unnamed.append(tip)
        for name in names:
            if name in owners:
                raise ConfigError(
                    f"{owners[name]} and {tip} would both be registered as {name}",
                    path=settings.path or "schemagate.toml",
                    line=rule.line if rule is not None else None,
                    hint="a subject has one schema: use a name with {fullname} or {stem}, or call one file a version "
                    "of the other (`name_v1.avsc`, `name_v2.avsc`)",
                )
            owners[name] = tip
        yield Group(ordered, names or (tip,))
    if unnamed:
        raise _no_name(settings, unnamed)


def _no_name(settings: Settings, unnamed: Sequence[str]) -> UsageError:
    """What to add to the configuration, for the first file."""
    first = unnamed[0]
    series, number = version_of(first)
    stem = series.rpartition("/")[2]
    shown = ", ".join(unnamed[:MOST_NAMED])
    more = f" and {len(unnamed) - MOST_NAMED} more" if len(unnamed) > MOST_NAMED else ""
    whose = "its subject" if len(unnamed) == 1 else "their subjects"
    table = "[[tool.schemagate.subjects]]" if settings.path.endswith("pyproject.toml") else "[[subjects]]"
    return UsageError(
        f"{shown}{more}: no configuration says how {whose} are called in the registry".replace(
            "subject are", "subject is"
        ),
        hint=f"add to {settings.path or 'schemagate.toml'}:\n"
        f"{table}\n"
        f'match = "{series}{"_v*" if number is not None else ""}.avsc"\n'
        'name = "{topic}-value"    # or "{fullname}", "{topic}-{fullname}" ...\n'
        f'topic = "{stem.replace("_", "-")}"\n'
        "or `shared = true` for types that only other schemas use",
    )


def _wanted(
    path: str, group: Group, texts: Texts, workspace: Workspace, past: Mapping[str, Schema]
) -> tuple[Wanted, Schema] | None:
    schema = workspace.schemas.get(path)
    if schema is None:
        return None
    number = version_of(path)[1]
    label = f"v{number}" if number is not None else ""
    then = past.get(path)
    if path != group.tip and then is not None and then.origins and content_key(then) != content_key(schema):
        # An older version means what its types were when it was published, and those are in no other file any more.
        text = to_json(then)
        return Wanted(path, text, text, label, (), fingerprint_sha256(then).hex()), then
    written = texts.of(path)
    return Wanted(path, written.text, written.inlined, label, written.uses, fingerprint_sha256(schema).hex()), schema


def _published(gathered: Gathered) -> dict[str, Schema]:
    """Version file → what it said when git published it first."""
    found: dict[str, Schema] = {}
    for lineage in gathered.lineages:
        for version in lineage.versions:
            for place in version.id.published:
                if place.source == "git" and version_of(place.path)[1] is not None:
                    found.setdefault(place.path, version.schema)
    return found


def _failing(report: Report) -> dict[str, list[str]]:
    """File → what fails there. What the registry has against it is the plan's own to tell."""
    kinds = {rule.id: rule.kind for rule in report.rules}
    found: dict[str, list[str]] = {}
    for finding in report.counted:
        if (
            finding.severity >= report.fail_on
            and finding.location is not None
            and kinds.get(finding.rule) != "registry"
        ):
            found.setdefault(finding.location.path, []).append(f"{finding.message} [{finding.rule}]")
    return found


def _obstacles(group: Group, workspace: Workspace, texts: Texts) -> Iterator[str]:
    for path in group.paths:
        if path not in workspace.schemas:
            yield f"{path} cannot be read as a schema"
        elif obstacle := texts.of(path).obstacle:
            yield f'{obstacle}; give the type a file and a subject of its own, or set `references = "inline"`'


def _own_name(schema: Schema | None) -> str:
    root = schema.root if schema is not None else None
    return root.name if isinstance(root, Record | Enum | Fixed) else ""
