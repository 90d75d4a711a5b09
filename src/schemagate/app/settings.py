"""Finds and reads the configuration: of the candidate, and as the diff base had it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from schemagate.config import Settings
from schemagate.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from schemagate.adapters.git import FileChange, GitRepo
    from schemagate.app.proposal import Proposal

CONFIG_FILES = ("schemagate.toml", "pyproject.toml")
LOST = "\ufffd"
"""What decoding leaves where bytes were no UTF-8."""


def settings_from(path: str, text: str) -> Settings | None:
    """The settings of one configuration file; None for a ``pyproject.toml`` without our table.

    Raises ConfigError with line and column, also for bytes that are no UTF-8: read as something else they would name
    other files than the user means.
    """
    from schemagate.config import PYPROJECT_TABLE, parse_config

    ours = path.rpartition("/")[2] == "pyproject.toml"
    if ours and "schemagate" not in text:
        return None
    before, lost, _ = text.partition(LOST)
    if lost:
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise ConfigError("not valid UTF-8, as TOML has to be", path=path, line=line, column=column)
    if ours:
        return parse_config(text, path, table=PYPROJECT_TABLE)
    return parse_config(text, path, table=None)


def candidate_settings(proposal: Proposal, named: str | None, *, none: bool) -> Settings:
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


def former_settings(repo: GitRepo, settings: Settings, base: str | None, changes: Iterable[FileChange]) -> Settings:
    """The configuration as commit ``base`` had it; the same object where the change leaves it alone.

    A former configuration that can no longer be read counts as none: what replaced it is what is judged.
    """
    names = dict.fromkeys((settings.path, *CONFIG_FILES) if settings.path not in CONFIG_FILES else CONFIG_FILES)
    if not any(path in names for change in changes for path in (change.path, change.old_path)):
        return settings
    entries = repo.tree_files(base, lambda path: path in names) if base is not None else {}
    contents = dict(repo.blobs({entries[name].blob for name in names if name in entries}))
    for name in names:
        data = contents.get(entries[name].blob) if name in entries else None
        if data is None:
            continue
        try:
            found = settings_from(name, data.decode("utf-8", "replace"))
        except ConfigError:
            return Settings()
        if found is not None:
            return found
    return Settings()
