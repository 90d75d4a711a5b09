"""Adopts a registry: its subjects as ``.avsc`` files of the project, with the configuration that names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from schemagate.app.project import find_project
from schemagate.app.pulling import Puller, versions_of
from schemagate.app.remote import Held, RemoteReader, chosen
from schemagate.errors import UsageError
from schemagate.report.pulled import Pulled
from schemagate.schema.bulk import VersionReader
from schemagate.schema.model import Factory

if TYPE_CHECKING:
    from schemagate.adapters.registry.client import Registry


class PullRequest(msgspec.Struct, frozen=True):
    """What is pulled: the named ``subjects``, else all that begin with ``prefix``; ``into`` is a directory as typed."""

    directory: str
    env: Mapping[str, str]
    subjects: tuple[str, ...] = ()
    prefix: str = ""
    into: str = ""
    all_versions: bool = False
    force: bool = False
    registry: str = ""
    config: str = ""


def pull(request: PullRequest) -> Pulled:
    """Writes the registry's subjects as files, and nothing to the registry.

    A file that says something else than the registry is kept unless ``force``. Raises UsageError, ConfigError,
    RegistryError.
    """
    project = find_project(request.directory, request.config)
    settings = chosen(project.settings, request.registry)
    if settings is None:
        hint = "add a table [registry.NAME] with its `url` to schemagate.toml"
        raise UsageError("no registry is configured, so there is nothing to pull", hint=hint)
    from schemagate.app.consult import connected_alone

    reader = VersionReader(Factory())
    with connected_alone(
        project, settings, request.env, directory=request.directory, config=request.config
    ) as registry:
        held = _read(registry, RemoteReader(registry, reader), request)
        empty = Pulled(registry.name, registry.url)
    puller = Puller(project, reader, held, request.into, all_versions=request.all_versions, force=request.force)
    return puller.pulled(empty, request.directory, request.config)


def _read(registry: Registry, remote: RemoteReader, request: PullRequest) -> dict[str, Held]:
    """The wanted subjects, and those that they refer to, by name."""
    wanted = list(dict.fromkeys(request.subjects)) or registry.subjects(prefix=request.prefix)
    held: dict[str, Held] = {}
    while wanted:
        held.update(remote.read(wanted))
        versions = [v for name in wanted for v in versions_of(held[name], every=request.all_versions)]
        wanted = sorted({one.subject for v in versions for one in v.payload.references} - held.keys())
    missing = [name for name in request.subjects if not held[name].state.exists]
    if missing:
        hint = "`schemagate drift` lists the subjects that no file defines"
        raise UsageError(f"registry {registry.name} has no subject {', '.join(missing)}", hint=hint)
    return {name: one for name, one in sorted(held.items()) if one.state.exists}
