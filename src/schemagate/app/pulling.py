"""Which file each subject of a registry becomes, and the writing of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from schemagate.adapters.files import read_file, replace_file, repo_path, walk
from schemagate.app.entries import Entry, expressible, in_order, with_entries
from schemagate.app.filenames import stems
from schemagate.app.project import Project, own_directory, usable
from schemagate.app.remote import Held
from schemagate.app.same import Meanings
from schemagate.app.sides import DiskTree, load_from
from schemagate.avsc.pretty import pretty
from schemagate.config import MODES, version_of
from schemagate.engine.edits import edits
from schemagate.errors import UsageError
from schemagate.plan.texts import plain, text_key
from schemagate.report.pulled import KEPT, SKIPPED, UNCHANGED, WRITTEN, Pulled, PulledFile
from schemagate.report.words import count
from schemagate.schema.bulk import VersionReader
from schemagate.schema.model import Enum, Fixed, Record, Schema
from schemagate.wire.values import Registered
from schemagate.workspace import Workspace

DEFAULT_DIRECTORY: Final = "schemas"


class Target(msgspec.Struct, frozen=True):
    """One version and the file that it belongs in."""

    path: str
    version: Registered


def versions_of(held: Held, *, every: bool) -> tuple[Registered, ...]:
    """The versions that become files, oldest first."""
    return held.live if every else held.live[-1:]


class Puller:
    """Writes what ``held`` holds below the project's root."""

    def __init__(
        self,
        project: Project,
        reader: VersionReader,
        held: Mapping[str, Held],
        into: str = "",
        *,
        all_versions: bool,
        force: bool,
    ) -> None:
        self._project = project
        self._settings = project.settings
        self._held = held
        self._typed = into
        self._every = all_versions
        self._force = force
        self._meanings = Meanings(reader)
        covered = walk(project.root, [""], self._settings.is_schema_path, own_directory)
        self._space: Workspace = load_from(DiskTree(project.root), covered, reader)
        self._owned = self._named_files()
        self._entries: dict[str, Entry] = {}

    def pulled(self, empty: Pulled, directory: str, config: str = "") -> Pulled:
        """Writes everything; what could not be written is in the result.

        ``into`` and ``config``, the configuration to extend if another than the one found, are as typed in
        ``directory``.
        """
        into = self._directory(directory)
        stem_of = stems(name for name in self._held if name not in self._owned)
        files: list[PulledFile] = []
        for name, held in self._held.items():
            targets = self._obstacle(held) or self._targets(name, held, stem_of.get(name, ""), into)
            if isinstance(targets, str):
                self._entries.pop(name, None)
                files.append(PulledFile(name, SKIPPED, why=targets))
                continue
            done = [self._write(name, held, target) for target in targets]
            files += done
            if any(one.result == KEPT for one in done):
                self._entries.pop(name, None)
        path = repo_path(self._project.root, config, directory) if config else self._settings.path
        if self._entries:
            self._configure(path)
        notes = tuple(self._notes())
        return msgspec.structs.replace(empty, files=tuple(files), config=path, entries=len(self._entries), notes=notes)

    def _directory(self, directory: str) -> str:
        """Where new files go, from the root: as typed, else the first directory of the configuration's paths."""
        if self._typed:
            return repo_path(self._project.root, self._typed, directory)
        plain = (path for path in self._settings.paths if not any(mark in path for mark in "*?") and "." not in path)
        return next((path.strip("/") for path in plain), DEFAULT_DIRECTORY)

    def _named_files(self) -> dict[str, dict[int | None, str]]:
        """Subject → its files here by their ``_vN``, None for one that evolves in place."""
        found: dict[str, dict[int | None, str]] = {}
        for path in self._space.documents:
            for name in self._settings.subject_names(path, _name(self._space.schemas.get(path))):
                found.setdefault(name, {})[version_of(path)[1]] = path
        return found

    def _obstacle(self, held: Held) -> str:
        """Why a subject cannot become files; empty if nothing is in the way."""
        if not expressible(held.state.subject):
            return "its name cannot be written in a configuration"
        for version in versions_of(held, every=self._every):
            if version.version in held.foreign:
                return f"version {version.version} is {held.foreign[version.version]}, not Avro"
            if version.version in held.unreadable:
                return f"version {version.version} cannot be read: {held.unreadable[version.version]}"
        return ""

    def _targets(self, name: str, held: Held, stem: str, into: str) -> list[Target] | str:
        """Where each version belongs; in words, where there is no place for them."""
        if name in self._owned:
            return list(self._in_own_files(held, self._owned[name]))
        versions = versions_of(held, every=self._every)
        twin = self._twin(held)
        if twin:
            self._entries[name] = self._entry(name, held, twin)
            return [Target(twin, versions[-1])]
        for inside in (*self._told_stems(name), stem, f"{stem}/{stem}"):
            base = f"{into}/{inside}".lstrip("/")
            if self._every:
                targets = [Target(f"{base}_v{version.version}.avsc", version) for version in versions]
            else:
                targets = [Target(f"{base}.avsc", versions[-1])]
            if not all(self._settings.is_schema_path(target.path) for target in targets):
                hint = f"choose a directory of {', '.join(self._settings.paths)} with --into"
                raise UsageError(f"the configuration's paths do not cover {targets[0].path}", hint=hint)
            if all(self._settings.subject_rule_for(target.path) is None for target in targets):
                match = f"{base}_v*.avsc" if self._every else targets[0].path
                self._entries[name] = self._entry(name, held, match)
                return targets
            if all(self._called(held, target) == (name,) for target in targets):
                return targets
        return f"`[[subjects]]` calls what stands in {into or 'the root'} otherwise; choose another --into"

    def _called(self, held: Held, target: Target) -> tuple[str, ...]:
        """The subjects that the configuration gives a file with this version."""
        return self._settings.subject_names(target.path, _name(held.schemas.get(target.version.version)))

    def _told_stems(self, name: str) -> Iterator[str]:
        """The file names from which a template of the configuration makes this subject."""
        for template in (template for rule in self._settings.subjects for template in rule.name):
            before, found, after = template.partition("{stem}")
            middle = name[len(before) : len(name) - len(after)]
            if found and name == f"{before}{middle}{after}" and middle and stems([middle])[middle] == middle:
                yield middle

    def _in_own_files(self, held: Held, files: Mapping[int | None, str]) -> Iterator[Target]:
        """The files that define the subject already; a version file is only added."""
        if None in files:
            yield Target(files[None], held.live[-1])
            return
        numbers = sorted(number for number in files if number is not None)
        series = version_of(files[numbers[-1]])[0]
        for version in versions_of(held, every=self._every):
            own = files.get(version.version, "")
            there = (own, *(p for p in files.values() if p != own))
            path = next((p for p in there if self._holds(p, held, version)), "")
            number = version.version if version.version not in numbers else numbers[-1] + 1
            yield Target(path or f"{series}_v{number}.avsc", version)

    def _twin(self, held: Held) -> str:
        """A file that no entry names and that says what the subject's latest version says."""
        for path in self._space.schemas:
            rule = self._settings.subject_rule_for(path)
            if rule is None and version_of(path)[1] is None and self._says(path, held, held.live[-1]):
                return path
        return ""

    def _entry(self, name: str, held: Held, match: str) -> Entry:
        level = held.state.config.level
        mode = level if level in MODES and level != self._settings.mode else ""
        references = "registry" if held.live[-1].payload.references else ""
        return Entry(match, (name,), mode, references)

    def _holds(self, path: str, held: Held, version: Registered) -> bool:
        """Whether a file says what a version says, or did with the types of that time: its text is the version's."""
        if self._says(path, held, version):
            return True
        document = self._space.documents.get(path)
        key = None if document is None else text_key(plain(document.text))
        return key is not None and key == text_key(version.payload.schema)

    def _says(self, path: str, held: Held, version: Registered) -> bool:
        mine, theirs = self._space.schemas.get(path), held.schemas.get(version.version)
        return mine is not None and theirs is not None and self._meanings.key(mine) == self._meanings.key(theirs)

    def _write(self, name: str, held: Held, target: Target) -> PulledFile:
        """Writes one file, or says why it was left as it is."""
        path, version = target.path, target.version
        content = pretty(version.payload.schema).encode("utf-8", "surrogatepass")
        there = read_file(self._project.root, path)
        one = PulledFile(name, UNCHANGED, path, version.version)
        if there == content or self._holds(path, held, version):
            return one
        if isinstance(there, bytes) or there.kind != "missing":
            mine, theirs = self._space.schemas.get(path), held.schemas[version.version]
            if not isinstance(there, bytes):
                return msgspec.structs.replace(one, result=KEPT, why=there.detail)
            if not self._force:
                why = "it says something else" if mine is not None else "it is there, and no schema"
                told = () if mine is None else tuple(edits(mine, theirs))
                return msgspec.structs.replace(one, result=KEPT, why=f"{why}; --force overwrites it", edits=told)
        replace_file(self._project.root, path, content)
        return msgspec.structs.replace(one, result=WRITTEN)

    def _configure(self, path: str) -> None:
        """Appends the entries to the configuration; entries for one file are one."""
        merged: dict[str, Entry] = {}
        for entry in self._entries.values():
            known = merged.get(entry.match)
            merged[entry.match] = (
                entry if known is None else msgspec.structs.replace(known, names=known.names + entry.names)
            )
        data = read_file(self._project.root, path)
        if not isinstance(data, bytes):
            raise UsageError(f"{path} cannot be changed: {data.detail}", hint="make it a plain file of the project")
        text, settings = with_entries(data.decode("utf-8"), path, in_order(list(merged.values())))
        usable(settings)
        replace_file(self._project.root, path, text.encode("utf-8"))

    def _notes(self) -> Iterator[str]:
        latest = {name: held.live[-1].version for name, held in self._held.items()}
        for name, held in self._held.items():
            for one in held.live[-1].payload.references:
                if one.version < latest.get(one.subject, 0):
                    yield (
                        f"{name} refers to version {one.version} of {one.subject}, whose latest is "
                        f"{latest[one.subject]}: `schemagate plan` will want to register it again"
                    )
        free = sorted(name for name, entry in self._entries.items() if entry.mode == "NONE")
        if free:
            shown = ", ".join(free[:5]) + (" ..." if len(free) > 5 else "")
            yield f"the registry guards {count(len(free), 'subject')} with NONE, so nothing is judged: {shown}"


def _name(schema: Schema | None) -> str:
    root = schema.root if schema is not None else None
    return root.name if isinstance(root, Record | Enum | Fixed) else ""
