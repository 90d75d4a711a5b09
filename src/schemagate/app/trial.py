"""Tries a change in memory: what would be told of a file, and of everything that uses it, if it said something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from schemagate.app.verdicts import Verdicts
from schemagate.avsc.read import read
from schemagate.compat.solve import Memo
from schemagate.config import version_of
from schemagate.engine.documents import document_findings
from schemagate.engine.judge import Judge
from schemagate.engine.lineage import Lineage, Version
from schemagate.engine.tell import Teller
from schemagate.errors import UndecidedError
from schemagate.finding import Finding, Report, Severity
from schemagate.rules.catalog import CHANGE
from schemagate.schema.bulk import VersionReader
from schemagate.schema.model import Schema, freeze
from schemagate.workspace import Source, Workspace, load

MOST_FILES: Final = 200
"""A file that so many others use is not tried: each try would read them all."""


class Ground(msgspec.Struct, frozen=True):
    """What a report was made of: enough to ask what it would say of other texts.

    ``root`` is the absolute directory that paths start from, ``fixed`` the files that may not change since they are
    published as they stand. ``reader`` has read the documents, so that it knows their fields again, and
    ``verdicts`` are what the lineages were found to be.
    """

    report: Report
    teller: Teller
    lineages: Sequence[Lineage] = ()
    root: str = ""
    fixed: Collection[str] = frozenset()
    reader: VersionReader | None = None
    verdicts: Verdicts | None = None
    names: Mapping[str, str] = msgspec.field(default_factory=dict)
    """File → the full name of its type, also of files that a shard has not loaded."""
    crowded: Collection[str] = frozenset()
    """Files that are not tried: too many others use them, or these are not known."""

    @property
    def workspace(self) -> Workspace:
        return self.teller.workspace


class Told(msgspec.Struct, frozen=True):
    """What is told of some files: how often each finding, how grave it is, and which files hold a schema at all."""

    counts: Counter[str]
    findings: dict[str, Finding]
    schemas: frozenset[str] = frozenset()

    def add(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.counts[finding.fingerprint] += 1
            self.findings[finding.fingerprint] = finding


class Trials:
    """The trials of one run. Verdicts are shared between them, and what is told before the change is told once."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._reader = ground.reader or VersionReader(ground.workspace.factory)
        self._verdicts = ground.verdicts or Verdicts(Judge(CHANGE, Memo(), keep=True))
        self._before: dict[str, Told] = {}
        self._users: dict[str, set[str]] | None = None
        self.files_read = 0
        self.first_reads: dict[str, int] = {}
        """File → how many files were read for what was told before any change to it."""

    def affected(self, path: str) -> frozenset[str] | None:
        """The file and those that use its types; None where they are too many to try anything."""
        if path in self._ground.crowded:
            return None
        if self._users is None:
            self._users = {}
            for user in self._ground.workspace.schemas:
                for used in self._ground.workspace.dependencies(user):
                    self._users.setdefault(used, set()).add(user)
        found = frozenset((path, *self._users.get(path, ())))
        return found if len(found) <= MOST_FILES else None

    def clean(self, findings: Sequence[Finding], path: str, data: bytes) -> bool:
        """Whether the findings are gone if the file holds ``data``, and nothing else is told that was not before.

        A notice may come where something graver goes. Of a file that held no schema nobody could tell what lint
        now sees in it; a break is none the less one too many. What cannot be decided is not clean.
        """
        affected = self.affected(path)
        if affected is None:
            return False
        try:
            if path not in self._before:
                read = self.files_read
                *_, self._before[path] = self._told(affected, {})
                self.first_reads[path] = self.files_read - read
            before = self._before[path]
            # What is unclean by what the documents say is not judged.
            return all(_clean(findings, path, before, after) for after in self._told(affected, {path: data}))
        except UndecidedError:
            return False

    def _told(self, affected: frozenset[str], changed: Mapping[str, bytes]) -> Iterator[Told]:
        """What is told of the files' documents, and then what is told in all."""
        space = self._space(affected, changed)
        teller = replace(self._ground.teller, workspace=space, placing=False)
        told = Told(Counter(), {}, frozenset(space.schemas))
        told.add(document_findings(teller, affected))
        yield told
        told.add(self._judged(teller, affected, changed))
        yield told

    def _judged(self, teller: Teller, affected: frozenset[str], changed: Mapping[str, bytes]) -> Iterator[Finding]:
        for lineage in self._ground.lineages:
            if lineage.path in affected:
                tried = replaced(lineage, teller.workspace.schemas, changed)
                for one in self._verdicts.of(tried, lineage):
                    told = teller.judged(one, tried)
                    if told is not None:
                        yield told

    def _space(self, affected: frozenset[str], changed: Mapping[str, bytes]) -> Workspace:
        whole = self._ground.workspace
        alone = None if changed or len(affected) > 1 else self._alone(*affected)
        if alone is not None:
            self.files_read += 1
            return alone
        needed = {*affected, *(other for path in affected for other in whole.dependencies(path))}
        sources = [Source(path, changed.get(path, whole.documents[path].data)) for path in needed & {*whole.documents}]
        self.files_read += len(sources)
        return load(sources, whole.factory, version_of, self._reader)

    def _alone(self, path: str) -> Workspace | None:
        """What :func:`load` makes of one file that needs no other, its text not read again; None of any other file."""
        whole = self._ground.workspace
        document = whole.documents.get(path)
        if document is None or document.problems or not document.readable:
            return None
        schema = self._reader.closed(document.data, path)
        if schema is None or schema.problems:
            return None
        return Workspace(whole.factory, {path: document}, {path: schema})


def _clean(findings: Sequence[Finding], path: str, before: Told, after: Told) -> bool:
    """See :meth:`Trials.clean`, of all that is told so far."""
    gone = Counter(finding.fingerprint for finding in findings)
    if any(after.counts.get(one, 0) > before.counts.get(one, 0) - n for one, n in gone.items()):
        return False
    gravest = max(finding.severity for finding in findings)
    for fingerprint, count in after.counts.items():
        if count > before.counts.get(fingerprint, 0):
            come = after.findings[fingerprint]
            uncovered = path not in before.schemas and path in after.schemas and not come.against
            if not uncovered and not come.severity <= Severity.NOTICE < gravest:
                return False
    return True


def replaced(lineage: Lineage, schemas: Mapping[str, Schema], changed: Collection[str]) -> Lineage:
    """The lineage with other candidates: its own, and those that a later file of its series is judged against."""
    if lineage.candidate is None and lineage.path not in schemas:
        return lineage
    versions = tuple(_version(version, schemas, changed) for version in lineage.versions)
    newest = next((v for v in versions if lineage.newest is not None and v.id == lineage.newest.id), None)
    return replace(lineage, candidate=schemas.get(lineage.path), versions=versions, newest=newest)


def _version(version: Version, schemas: Mapping[str, Schema], changed: Collection[str]) -> Version:
    places = version.id.published
    proposed = len(places) == 1 and places[0].source == "file" and places[0].path in changed
    schema = schemas.get(places[0].path) if proposed else None
    return version if schema is None else replace(version, schema=schema)


def same_values(before: bytes, after: bytes, rule: str) -> bool:
    """Whether two texts say the same, value by value, and the second has one problem of the rule less and no other."""
    old, new = read(before), read(after)
    if not new.readable or freeze(old.value) != freeze(new.value):
        return False
    counts = [Counter(problem.rule for problem in document.problems) for document in (old, new)]
    return counts[1][rule] < counts[0][rule] and all(counts[1][name] <= counts[0][name] for name in counts[1])
