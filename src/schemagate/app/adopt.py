"""Adoption: what fails today becomes waivers in the configuration, so that the gate holds from tomorrow on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from schemagate.adapters.files import read_file, replace_file, repo_path
from schemagate.app.settings import CONFIG_FILES, settings_from
from schemagate.config import PYPROJECT_TABLE, Settings
from schemagate.engine.assemble import NEVER_ACCEPTED
from schemagate.errors import ConfigError, UsageError
from schemagate.finding import Finding, Report, Severity
from schemagate.report.adoption import Adoption
from schemagate.rules.catalog import BY_ID
from schemagate.rules.kit import Rule
from schemagate.suppress import waivers_file_edit

if TYPE_CHECKING:
    from schemagate.app.request import CheckRequest


def adopt(request: CheckRequest, report: Report, *, reason: str, owner: str, expires: str) -> Adoption:
    """Writes a waiver for each finding of ``report`` that fails it and that a person can answer for.

    The configuration in use is extended at its end, and none of its text is lost; without one ``schemagate.toml`` is
    made. Raises UsageError without a reason and for a date that is none or past, ConfigError for a configuration that
    cannot take waivers.
    """
    last_day = _terms(request, reason, expires)
    failing = [f for f in report.counted if f.severity >= report.fail_on]
    accepted = [f for f in failing if acceptable(f)]
    remaining = tuple(f for f in failing if not acceptable(f))
    root = _root(request)
    named = repo_path(root, request.config, request.directory) if request.config else None
    path, text, settings = _configuration(root, named)
    notes = []
    if settings.waivers_from_base:
        notes.append("waivers-from-base is set: the waivers count once the baseline branch has them")
    line = text.count("\n") + 1
    if accepted:
        table = PYPROJECT_TABLE if path.rpartition("/")[2] == "pyproject.toml" else None
        edited = waivers_file_edit(text, accepted, reason, owner, last_day, path=path, table=table)
        line = _first_new_line(text, edited)
        replace_file(root, path, edited.encode("utf-8"))
    return Adoption(path, line, tuple(accepted), remaining, report.undecided, tuple(notes))


def acceptable(finding: Finding) -> bool:
    """Whether somebody can answer for it: not for a text that is no schema, nor for the state of waivers themselves."""
    rule: Rule | None = BY_ID.get(finding.rule)
    if rule is None or not finding.fingerprint or rule.kind == "config" or rule.id in NEVER_ACCEPTED:
        return False
    return rule.kind != "validity" or rule.severity < Severity.ERROR


def _terms(request: CheckRequest, reason: str, expires: str) -> dt.date | None:
    if request.no_config:
        raise UsageError("--write-waivers writes into the configuration, which --no-config ignores", hint="drop one")
    if not reason.strip():
        hint = '--reason "published before the gate was there"'
        raise UsageError("--write-waivers needs --reason: why is what fails now acceptable", hint=hint)
    if not expires:
        return None
    try:
        day = dt.date.fromisoformat(expires)
    except ValueError:
        raise UsageError(f"--expires {expires}: expected a date", hint="for example 2026-12-31") from None
    if day < request.today:
        raise UsageError(f"--expires {expires}: that day is past", hint="name the last day on which the waivers hold")
    return day


def _root(request: CheckRequest) -> str:
    from schemagate.adapters.git import open_repo

    with open_repo(request.directory) as repo:
        if repo.is_bare:
            raise UsageError("a bare repository has no files to write waivers to", hint="run it in a work tree")
        return repo.root


def _configuration(root: str, named: str | None) -> tuple[str, str, Settings]:
    """Path, text and meaning of the configuration in use; a new ``schemagate.toml`` where there is none."""
    for path in (named,) if named else CONFIG_FILES:
        data = read_file(root, path)
        if not isinstance(data, bytes):
            if data.kind != "missing":
                raise ConfigError(f"it cannot be changed: {data.detail}", path=path)
            continue
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            raise ConfigError("it is not UTF-8, so nothing is written to it", path=path) from None
        settings = settings_from(path, text)
        if settings is not None and (settings.path or path == CONFIG_FILES[0]):
            return path, text, settings
    if named:
        raise UsageError(f"there is no configuration {named}", hint="name a file of the repository")
    return CONFIG_FILES[0], "", Settings()


def _first_new_line(before: str, after: str) -> int:
    """The line at which the first waiver of the edit begins."""
    added = after[len(before) :]
    blank = len(added) - len(added.lstrip("\r\n"))
    return after[: len(before) + blank].count("\n") + 1
