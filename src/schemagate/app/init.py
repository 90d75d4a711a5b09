"""Looks at a repository and says which files would make schemagate part of it; writes only what is not there."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from schemagate.app import pipelines, starters
from schemagate.app.project import common_directory
from schemagate.app.settings import CONFIG_FILES, settings_from
from schemagate.app.starters import Facts
from schemagate.config import PYPROJECT_TABLE, Settings
from schemagate.config.names import expand, version_of
from schemagate.errors import UsageError
from schemagate.report.started import NewFile, Setup

if TYPE_CHECKING:
    from schemagate.adapters.git import GitRepo
    from schemagate.config.values import RegistrySettings

SYSTEMS: Final = ("github", "gitlab", "jenkins", "azure", "none")
HOSTS: Final = {"github.com": "github", "gitlab.com": "gitlab", "dev.azure.com": "azure"}
NAMINGS: Final = (
    "{fullname}",
    "{stem}-value",
    "{stem}",
    "{fullname}-value",
    "{name}-value",
    "{name}",
    "{dir}-value",
    "{dir}",
)
"""Templates that are tried on the registry's subjects; of two that fit as many, the first."""
FILES: Final = {
    "gitlab": (".gitlab-ci.yml", pipelines.gitlab, pipelines.gitlab),
    "jenkins": ("Jenkinsfile", pipelines.jenkins, pipelines.jenkins_stages),
    "azure": ("azure-pipelines.yml", pipelines.azure, pipelines.azure_stages),
}
"""The CI system → its file at the root, the file's text, and what an existing one has to be given."""
SIGNS: Final = {path: system for system, (path, _, _) in FILES.items()}
"""A file at the root → the CI system that it is for."""
WORKFLOW: Final = ".github/workflows/schemas.yml"
ACTION: Final = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}")
REGISTRY_NAME: Final = "prod"


class InitRequest(msgspec.Struct, frozen=True):
    """What is asked for. ``registry`` is an address, or the NAME of a configured one; ``ci`` empty for what is seen."""

    directory: str
    env: Mapping[str, str]
    registry: str = ""
    ci: str = ""
    action: str = ""


def look(request: InitRequest) -> Setup:
    """What would be written; nothing is. Raises UsageError, ConfigError, GitError, RegistryError."""
    from schemagate.adapters.git import open_repo

    if request.action and not ACTION.fullmatch(request.action):
        raise UsageError("--action takes OWNER/REPO@ and a whole commit id", hint="a tag can be moved to other code")
    if request.ci and request.ci not in SYSTEMS:
        raise UsageError(f"--ci {request.ci}: no such choice", hint=f"choose one of {', '.join(SYSTEMS)}")
    with open_repo(request.directory) as repo:
        return _Looker(repo, request).setup()


def write(setup: Setup, root: str) -> None:
    """Creates the files. UsageError for one that appeared meanwhile or lies outside; the others stay written."""
    top = os.path.realpath(root)
    for file in setup.files:
        full = os.path.join(top, *file.path.split("/"))
        parent = os.path.dirname(full)
        if os.path.commonpath([top, os.path.realpath(parent)]) != top:
            raise UsageError(f"{file.path} leads outside the repository", hint="a directory in it is a symbolic link")
        try:
            os.makedirs(parent, exist_ok=True)
            with open(full, "x", encoding="utf-8", newline="\n") as stream:
                stream.write(file.text)
        except OSError as error:
            raise UsageError(f"cannot write {file.path}: {error.strerror}", hint="what is there is kept") from error


def root_of(directory: str) -> str:
    """The repository's root. Raises GitError."""
    from schemagate.adapters.git import open_repo

    with open_repo(directory) as repo:
        return repo.root


class _Looker:
    def __init__(self, repo: GitRepo, request: InitRequest) -> None:
        self._repo = repo
        self._request = request
        self._notes: list[str] = []
        self._kept: list[tuple[str, str]] = []
        self._settings, self._config = self._configured()

    def setup(self) -> Setup:
        names = self._schemas()
        if not names:
            self._notes.append("there is no .avsc file yet: `paths` says where they will be, so change it as you like")
        registry = self._registry()
        naming, shown = self._naming(registry, names) if registry is not None and not self._config else ("", "")
        branch = self._repo.default_branch()
        facts = Facts(
            self._settings.paths or starting_paths(names),
            branch.name.rpartition("/")[2] if branch is not None else "main",
            registry.name if registry is not None else "",
            registry.url[0] if registry is not None else "",
            registry.auth if registry is not None else "none",
            naming,
            shown,
            self._request.action,
        )
        files = [*self._configuration(facts), *self._pipeline(facts), *self._hook()]
        return Setup(tuple(files), tuple(self._kept), tuple(self._notes))

    def _configured(self) -> tuple[Settings, str]:
        for name in CONFIG_FILES:
            text = self._text(name)
            found = settings_from(name, text) if text is not None else None
            if found is not None:
                return found, name
        return Settings(), ""

    def _text(self, name: str) -> str | None:
        from schemagate.adapters.files import read_file

        data = read_file(self._repo.root, name)
        return data.decode("utf-8", "replace") if isinstance(data, bytes) else None

    def _exists(self, path: str) -> bool:
        return os.path.lexists(os.path.join(self._repo.root, *path.split("/")))

    def _schemas(self) -> dict[str, str]:
        """Every schema that git knows or would add, with its full name; empty where it has none."""
        from schemagate.app.sides import load_from, work_tree
        from schemagate.schema.bulk import VersionReader
        from schemagate.schema.model import Enum, Factory, Fixed, Record

        tree = work_tree(self._repo)
        space = load_from(
            tree, [path for path in tree.proposal.files if path.endswith(".avsc")], VersionReader(Factory())
        )
        roots = {path: space.schemas[path].root if path in space.schemas else None for path in space.documents}
        return {path: root.name if isinstance(root, Record | Enum | Fixed) else "" for path, root in roots.items()}

    def _registry(self) -> RegistrySettings | None:
        from schemagate.app.remote import chosen

        if "://" in self._request.registry:
            return registry_at(self._request.registry, self._request.env)
        if not self._request.registry and len(self._settings.registries) > 1:
            return None
        return chosen(self._settings, self._request.registry)

    def _naming(self, registry: RegistrySettings, names: Mapping[str, str]) -> tuple[str, str]:
        """The template that fits most subjects, and on what that rests."""
        from schemagate.adapters.registry import connect

        with connect(registry, self._request.env, root=self._repo.root) as line:
            subjects = line.subjects()
        naming, fits = naming_of(names, subjects)
        if not subjects:
            self._notes.append(f"registry {registry.name} has no subject yet, so it shows no naming")
            return "", ""
        if not fits:
            self._notes.append(
                f"none of the {len(subjects):,} subjects of registry {registry.name} is called after a file or a type "
                "here; `schemagate pull` writes them as files, with their names"
            )
            return "", ""
        series = {version_of(path)[0] for path in names}
        if fits < len(series):
            self._notes.append(
                f"{len(series) - fits:,} of {len(series):,} schemas have no subject called {naming}: new ones, or they "
                "need an entry of their own before this one"
            )
        shown = f"{fits:,} of the {len(subjects):,} subjects of the registry are called so."
        return naming, shown

    def _configuration(self, facts: Facts) -> Iterable[NewFile]:
        from schemagate.config import config_json_schema_text

        if self._config:
            lacks = (
                "is there"
                if self._settings.registries or not facts.url
                else f"has no registry; add\n{_table(facts, self._config)}"
            )
            self._kept.append((self._config, lacks))
            return
        yield NewFile("schemagate.toml", starters.config(facts))
        if not self._exists(starters.SCHEMA_FILE):
            yield NewFile(starters.SCHEMA_FILE, config_json_schema_text(), generated=True)

    def _pipeline(self, facts: Facts) -> Iterable[NewFile]:
        system = self._request.ci or self._system()
        if system == "github":
            yield from self._unless_there(WORKFLOW, starters.github(facts), "is there")
        elif system in FILES:
            path, whole, part = FILES[system]
            lacks = (
                "has the gate" if "schemagate" in (self._text(path) or "") else f"lacks the gate; add\n{part(facts)}"
            )
            yield from self._unless_there(path, whole(facts), lacks)
        elif not system:
            self._notes.append("no CI system was recognised; --ci names one, and without it nothing is gated")

    def _system(self) -> str:
        """By a file of its own, else by where the remote is."""
        if self._exists(".github"):
            return "github"
        for name, system in SIGNS.items():
            if self._exists(name):
                return system
        remotes = [v for key, v in self._repo.settings.items() if key.startswith("remote.") and key.endswith(".url")]
        return next((system for host, system in HOSTS.items() for url in remotes if host in url), "")

    def _hook(self) -> Iterable[NewFile]:
        there = self._text(".pre-commit-config.yaml")
        if there is not None and "schemagate" in there:
            self._kept.append((".pre-commit-config.yaml", "has the hook"))
            return
        lacks = "lacks the hook; add\n" + "\n".join(starters.hook())
        yield from self._unless_there(".pre-commit-config.yaml", starters.pre_commit(), lacks)

    def _unless_there(self, path: str, text: str, lacks: str) -> Iterable[NewFile]:
        if self._exists(path):
            self._kept.append((path, lacks))
        else:
            yield NewFile(path, text)


def starting_paths(files: Iterable[str]) -> tuple[str, ...]:
    """Where schemas live: for each top-level directory the deepest one that holds all of its schemas."""
    by_top: dict[str, list[str]] = {}
    for path in files:
        top, slash, _ = path.partition("/")
        by_top.setdefault(top if slash else "", []).append(path)
    if not by_top:
        return ("schemas",)
    return () if "" in by_top else tuple(sorted(map(common_directory, by_top.values())))


def naming_of(names: Mapping[str, str], subjects: Sequence[str]) -> tuple[str, int]:
    """The template under which most of the files, by path and full name, have a subject; and how many have."""
    there = frozenset(subjects)
    fits: Counter[str] = Counter()
    for template in NAMINGS:
        made = {expand(template, path=path, fullname=name, topic="") for path, name in names.items() if name}
        fits[template] = len(made & there)
    best = max(NAMINGS, key=lambda template: fits[template])
    return best, fits[best]


def registry_at(url: str, env: Mapping[str, str]) -> RegistrySettings:
    """A registry that no configuration knows yet; how to sign in is read off the variables that are set."""
    from schemagate.adapters.registry.address import parse
    from schemagate.config.values import RegistrySettings

    place, login = parse(url, source="--registry")
    if login.username or login.password:
        raise UsageError(
            "--registry holds a user name or a password, which would be written into the configuration",
            hint=f"set SCHEMAGATE_REGISTRY_{REGISTRY_NAME.upper()}_USERNAME and _PASSWORD instead",
        )
    given = {part for part in ("USERNAME", "TOKEN") if env.get(f"SCHEMAGATE_REGISTRY_{REGISTRY_NAME.upper()}_{part}")}
    auth = "basic" if "USERNAME" in given else "bearer" if given else "none"
    return RegistrySettings(REGISTRY_NAME, (place.url,), auth)


def _table(facts: Facts, path: str) -> str:
    above = f"{PYPROJECT_TABLE}." if path == "pyproject.toml" else ""
    return f'[{above}registry.{facts.registry}]\nurl = "{facts.url}"\nauth = "{facts.auth}"'
