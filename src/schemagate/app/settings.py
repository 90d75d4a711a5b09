"""Finds and reads the configuration: of the candidate, and as the diff base had it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemagate.config import PYPROJECT_TABLE, Settings, parse_config
from schemagate.errors import UsageError

if TYPE_CHECKING:
    from schemagate.adapters.git import FileChange, GitRepo
    from schemagate.app.proposal import Proposal

CONFIG_FILES = ("schemagate.toml", "pyproject.toml")


def settings_from(path: str, text: str) -> Settings | None:
    """The settings of one configuration file; None for a ``pyproject.toml`` without our table.

    Raises ConfigError with line and column.
    """
    if path.rpartition("/")[2] == "pyproject.toml":
        return parse_config(text, path, table=PYPROJECT_TABLE) if "schemagate" in text else None
    return parse_config(text, path, table=None)


def candidate_settings(proposal: Proposal, named: str | None, none: bool) -> Settings:
    """The candidate's configuration: the named file, else the repository's ``schemagate.toml``, else its pyproject."""
    if none:
        return Settings()
    for path in (named,) if named else CONFIG_FILES:
        text = proposal.text(path)
        if text is None:
            continue
        settings = settings_from(path, text)
        if settings is not None:
            return settings
    if named:
        raise UsageError(f"there is no configuration {named}", hint="name a file of the repository, from its root")
    return Settings()


def former_settings(repo: GitRepo, settings: Settings, changes: tuple[FileChange, ...]) -> Settings:
    """The configuration as the diff base had it; the same object where the change leaves it alone.

    A former configuration that can no longer be read counts as none: what replaced it is what is judged.
    """
    changed = [c for c in changes if c.old_path in CONFIG_FILES or c.path == settings.path]
    if not changed:
        return settings
    for wanted in CONFIG_FILES:
        for change in changed:
            if change.old_path == wanted and change.old_blob:
                data = next((data for _, data in repo.blobs([change.old_blob])), None)
                found = settings_from(wanted, data.decode("utf-8", "replace")) if data is not None else None
                if found is not None:
                    return found
    return Settings() if any(c.path == settings.path for c in changed) else settings
