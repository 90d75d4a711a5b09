"""From a configuration's text to its settings."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from types import MappingProxyType

from schemagate.config.check import Checker, day, table_at
from schemagate.config.issues import ConfigIssue, InvalidConfigError, meant, shown
from schemagate.config.keys import CONFIG
from schemagate.config.meaning import contradictions, texts
from schemagate.config.places import KeyPath, Position, find_places
from schemagate.config.values import (
    DEFAULT_MODE,
    DEVELOPMENT_PROFILES,
    ClientRule,
    RegistrySettings,
    Retraction,
    Settings,
    SubjectRule,
    Waiver,
)
from schemagate.finding import Json, Severity

PYPROJECT_TABLE = "tool.schemagate"

_SYNTAX_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)\s*\Z")


def parse_config(text: str, path: str, *, table: str | None = None) -> Settings:
    """The settings that a TOML text holds, at the top or in ``table`` (``tool.schemagate`` of a pyproject.toml).

    ``path`` is repo-relative and only names the file. A text without the table is ``Settings()``, whose own ``path``
    is empty. A byte order mark is passed over. Raises :class:`InvalidConfigError` with everything that is wrong.
    """
    text = text.removeprefix("\ufeff")
    document = _document(text, path)
    root: KeyPath = tuple(table.split(".")) if table else ()
    raw = table_at(document, root)
    if raw is None:
        return Settings()
    places = find_places(text)
    checker = Checker(path, places, root)
    issues = [*checker.check(CONFIG, raw, ()), *contradictions(checker, raw)]
    if issues:
        raise InvalidConfigError(sorted(issues, key=lambda issue: (issue.line, issue.column)))
    positions = {**places.values, **places.keys}
    return _settings(raw, path, {key[len(root) :]: at for key, at in positions.items() if key[: len(root)] == root})


def check_rules(
    settings: Settings, known_ids: Collection[str], known_presets: Collection[str] | None = None
) -> list[ConfigIssue]:
    """The rule ids (and the preset, where the known ones are given) that the settings name and nobody knows."""
    named: list[tuple[KeyPath, str]] = [(("rules", rule), rule) for rule in settings.rules]
    for index, subject in enumerate(settings.subjects):
        named += [(("subjects", index, "rules", rule), rule) for rule in subject.rules]
    for index, waiver in enumerate(settings.waivers):
        if waiver.rule:
            named.append((("waivers", index, "rule"), waiver.rule))
    unknown = [
        (key, f"unknown rule `{shown(rule)}`", meant(rule, known_ids, "`schemagate rules` lists them"))
        for key, rule in named
        if rule not in known_ids
    ]
    if settings.preset and known_presets is not None and settings.preset not in known_presets:
        hint = meant(settings.preset, known_presets, f"known are {', '.join(sorted(known_presets))}")
        unknown.append((("preset",), f'unknown preset "{shown(settings.preset)}"', hint))
    issues = [
        ConfigIssue(message, settings.path, *settings.positions.get(key, (1, 1)), hint)
        for key, message, hint in unknown
    ]
    return sorted(issues, key=lambda issue: (issue.line, issue.column))


def _document(text: str, path: str) -> dict[str, Json]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidConfigError([_syntax_issue(str(error), text, path)]) from None
    except RecursionError:
        raise InvalidConfigError([ConfigIssue("lists or tables are nested too deeply", path, 1, 1)]) from None
    except ValueError as error:  # an integer longer than Python converts
        raise InvalidConfigError([ConfigIssue(f"a value cannot be read: {shown(str(error))}", path, 1, 1)]) from None


def _syntax_issue(message: str, text: str, path: str) -> ConfigIssue:
    place = _SYNTAX_PLACE.search(message)
    if place is None or place[1] is None:
        line, column = text.count("\n") + 1, len(text) - text.rfind("\n")
    else:
        line, column = int(place[1]), int(place[2])
    words = _SYNTAX_PLACE.sub("", message)
    return ConfigIssue(f"not valid TOML: {words[:1].lower()}{words[1:]}", path, line, column)


def _settings(raw: Mapping[str, Json], path: str, positions: Mapping[KeyPath, Position]) -> Settings:
    def line(*key: str | int) -> int:
        return positions.get(key, (0, 0))[0]

    return Settings(
        path=path,
        paths=texts(raw.get("paths", [])),
        exclude=texts(raw.get("exclude", [])),
        mode=raw.get("mode", DEFAULT_MODE),
        baseline=raw.get("baseline", ""),
        release_tags=texts(raw.get("release-tags", [])),
        fail_on=Severity[raw.get("fail-on", "error").upper()],
        preset=raw.get("preset", ""),
        cache=raw.get("cache", True),
        waivers_from_base=raw.get("waivers-from-base", False),
        subjects=tuple(_subject(s, line("subjects", i)) for i, s in enumerate(raw.get("subjects", []))),
        clients=tuple(_client(c, line("clients", i)) for i, c in enumerate(raw.get("clients", []))),
        retracted=tuple(Retraction(**r, line=line("retracted", i)) for i, r in enumerate(raw.get("retracted", []))),
        registries=tuple(_registry(n, r, line("registry", n)) for n, r in raw.get("registry", {}).items()),
        rules=_severities(raw.get("rules", {})),
        waivers=tuple(_waiver(w, line("waivers", i)) for i, w in enumerate(raw.get("waivers", []))),
        positions=MappingProxyType(dict(positions)),
    )


def _severities(raw: Mapping[str, str]) -> Mapping[str, Severity]:
    return MappingProxyType({rule: Severity[severity.upper()] for rule, severity in raw.items()})


def _subject(raw: Mapping[str, Json], line: int) -> SubjectRule:
    return SubjectRule(
        match=texts(raw["match"]),
        name=texts(raw.get("name", [])),
        topic=raw.get("topic", ""),
        mode=raw.get("mode", ""),
        history_from=day(raw.get("history-from")),
        references=raw.get("references", ""),
        shared=raw.get("shared", False),
        rules=_severities(raw.get("rules", {})),
        line=line,
    )


def _client(raw: Mapping[str, Json], line: int) -> ClientRule:
    return ClientRule(
        match=texts(raw["match"]),
        development=raw.get("development", False),
        development_profiles=texts(raw.get("development-profiles", list(DEVELOPMENT_PROFILES))),
        role=raw.get("role", ""),
        subject_name_strategy=raw.get("subject-name-strategy", ""),
        registry=raw.get("registry", ""),
        line=line,
    )


def _waiver(raw: Mapping[str, Json], line: int) -> Waiver:
    return Waiver(
        reason=raw["reason"].strip(),
        fingerprint=raw.get("fingerprint", ""),
        rule=raw.get("rule", ""),
        subject=raw.get("subject", ""),
        path=raw.get("path", ""),
        owner=raw.get("owner", ""),
        expires=day(raw.get("expires")),
        signed=day(raw.get("signed")),
        versions=texts(raw.get("versions", [])),
        line=line,
    )


def _registry(name: str, raw: Mapping[str, Json], line: int) -> RegistrySettings:
    options = {key: value for key, value in raw.items() if key not in {"url", "auth"}}
    return RegistrySettings(name, texts(raw["url"]), raw.get("auth", "none"), MappingProxyType(options), line)
