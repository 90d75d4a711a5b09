"""Which files of a run a shard judges, and the loading of no more than what these need."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec.structs import replace

from schemagate._version import __version__
from schemagate.avsc.read import read
from schemagate.config import version_of
from schemagate.schema.build import build
from schemagate.schema.bulk import VersionReader
from schemagate.schema.glance import Glance, glance
from schemagate.schema.model import Enum, Factory, Fixed, Record, short_name
from schemagate.workspace import Source, Workspace, load, own_definitions, superseded_files

if TYPE_CHECKING:
    from schemagate.app.request import CheckRequest
    from schemagate.app.scope import Scope

NOTHING: Final = Glance("", frozenset(), frozenset())


class Slice(msgspec.Struct):
    """One shard's part of the files; files that make one subject, or share one, are in the same shard."""

    index: int
    count: int
    keys: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Series of files → what decides about its shard: its subject."""
    names: Mapping[str, str] = msgspec.field(default_factory=dict)
    """File → the full name of its type, also of files that are not loaded."""
    sources: Mapping[str, Source] = msgspec.field(default_factory=dict)
    glances: Mapping[str, Glance] = msgspec.field(default_factory=dict)
    definers: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """Full name → the files that define it, those of older version files left out."""
    only: frozenset[str] | None = None
    """The series that count, whatever the shard; None for the shard's own."""
    _using: dict[str, list[str]] = msgspec.field(default_factory=dict)

    def owns(self, path: str) -> bool:
        """Whether the file, which need not exist any more, is this shard's."""
        series = version_of(path)[0]
        if self.only is not None:
            return series in self.only
        return shard_of(self.keys.get(series, series), self.count) == self.index

    def users(self, paths: Iterable[str]) -> set[str]:
        """The files that use a type of these, directly or through others; perhaps some that only seem to."""
        if not self._using:
            for path, seen in self.glances.items():
                for name in seen.uses:
                    self._using.setdefault(name, []).append(path)
        found: set[str] = set()
        pending = list(paths)
        while pending:
            seen = self.glances.get(pending.pop(), NOTHING)
            more = {path for name in seen.defines for path in self._using.get(name, ())} - found
            found |= more
            pending += more
        return found

    def load(self, wanted: Iterable[str], reader: VersionReader) -> Workspace:
        """The workspace of these files, of all that they need, and of what else defines their names."""
        needed = self._needed(wanted)
        sources = (self.sources[path] for path in sorted(needed))
        workspace = load(sources, reader.factory, version_of, reader)
        definers = dict(self.definers)
        for name in {name for path in needed for name in self.glances[path].defines}:
            others = [path for path in definers.get(name, ()) if path not in needed]
            definers[name] = tuple(sorted([*others, *workspace.definers.get(name, ())]))
        return replace(workspace, definers=definers)

    def _needed(self, wanted: Iterable[str]) -> set[str]:
        series: dict[str, list[str]] = {}
        for path in self.sources:
            series.setdefault(version_of(path)[0], []).append(path)
        needed: set[str] = set()
        asked: set[str] = set()
        pending = {path for path in wanted if path in self.sources}
        names = {name for path in pending for name in self.glances[path].defines}
        while pending:
            new = {other for path in pending for other in series[version_of(path)[0]]} - needed
            needed |= new
            names.update(name for path in new for name in self.glances[path].uses)
            pending = {path for name in names - asked for path in self.definers.get(name, ())} - needed
            asked |= names
        return needed


def shard_of(key: str, count: int) -> int:
    """The shard, from 1, that a key belongs to: the same on every machine and in every version of Python."""
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") % count + 1


def slice_of(scope: Scope, names: Mapping[str, str]) -> Slice:
    """The shard's part of the files, whose types have these ``names``."""
    assert scope.shard is not None
    subjects: dict[str, set[str]] = {}
    for path, name in names.items():
        subjects.setdefault(version_of(path)[0], set()).update(scope.settings.subject_names(path, name))
    return Slice(*scope.shard, keys=_keys(subjects), names=names)


def names_of(workspace: Workspace) -> dict[str, str]:
    """The full name of each loaded file's own type, empty where it has none."""
    roots = {path: schema.root for path, schema in workspace.schemas.items()}
    return {path: root.name if isinstance(root, Record | Enum | Fixed) else "" for path, root in roots.items()}


def load_slice(scope: Scope, reader: VersionReader) -> tuple[Workspace, Slice]:
    """What a shard of a run over all files needs: its own files read whole, of all others a glance.

    Files that the change adds or moves are read too where something went away: they may continue it.
    """
    sources = {source.path: source for source in scope.proposal.sources(scope.schema_paths())}
    glances = {path: _glance(source, reader.factory) for path, source in sorted(sources.items())}
    replaced = superseded_files(sources, version_of)
    definers: dict[str, list[str]] = {}
    for path, seen in glances.items():
        for name in seen.defines if path not in replaced else ():
            definers.setdefault(name, []).append(path)
    part = replace(
        slice_of(scope, {path: seen.name for path, seen in glances.items()}),
        sources=sources,
        glances=glances,
        definers={name: tuple(paths) for name, paths in definers.items()},
    )
    own = {path for path in sources if part.owns(path)}
    if any(change.status in ("D", "R") for change in scope.changes):
        own |= scope.touched() & sources.keys()
    return part.load(own, reader), part


def identity(scope: Scope, request: CheckRequest) -> dict[str, str]:
    """What all shards of one run must have in common, by what it is."""
    proposal, base = scope.proposal, scope.base
    options = {
        "--all": scope.everything,
        "--config": request.config,
        "--no-config": request.no_config,
        "--fail-on": request.fail_on.label if request.fail_on is not None else "",
        "--severity": ",".join(f"{rule}={level.label}" for rule, level in sorted(request.severities.items())),
        "--registry": request.registry,
        "--offline": request.offline,
        "--ignore-deleted": request.ignore_deleted,
        "paths": ",".join(sorted(scope.only)),
    }
    said = (f"{name}" if value is True else f"{name} {value}" for name, value in options.items() if value)
    return {
        "version of schemagate": __version__,
        "commit": proposal.commit if proposal.kind == "HEAD" else f"{proposal.kind} {_content(scope)}",
        "diff base": base.diff_base or "none",
        "baseline": f"{scope.branch} {base.tip or 'none'}",
        "options": " ".join(said) or "none",
    }


def _content(scope: Scope) -> str:
    """Twelve digits that change with every proposed file, whether git has its content or not."""
    digest = hashlib.sha256()
    loose = [path for path, blob in scope.proposal.files.items() if blob is None]
    for path, data in sorted(replace(scope.proposal, problems=[]).bytes_of(loose).items()):
        digest.update(f"{path}\0{hashlib.sha256(data).hexdigest()}\n".encode("utf-8", "surrogatepass"))
    for path, blob in sorted(scope.proposal.files.items(), key=lambda item: item[0]):
        digest.update(f"{path}\0{blob}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:12]


def _keys(subjects: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Series → the first, by the alphabet, of all subjects that it is tied to by what it shares with other series."""
    first: dict[str, str] = {}

    def top(name: str) -> str:
        while first.setdefault(name, name) != name:
            name = first[name]
        return name

    for names in subjects.values():
        tops = {top(name) for name in names}
        first.update(dict.fromkeys(tops, min(tops, default="")))
    return {series: min(map(top, names)) for series, names in subjects.items() if names}


def _glance(source: Source, factory: Factory) -> Glance:
    """The file's names; one that no quick look understands is read."""
    seen = None if source.path.lower().endswith((".avdl", ".avpr")) else glance(source.data)
    if seen is not None:
        return seen
    document = read(source.data, source.path)
    root = build(document.value, factory, document=source.path).root if document.readable else None
    if root is None:
        return NOTHING
    uses = frozenset(_spellings(root.free))
    name = root.name if isinstance(root, Record | Enum | Fixed) else ""
    return Glance(name, frozenset(named.name for named in own_definitions(root)), uses)


def _spellings(names: Iterable[str]) -> Iterator[str]:
    """Each name, and what it is called where it stands for a type of the null namespace."""
    for name in names:
        yield name
        yield short_name(name)
