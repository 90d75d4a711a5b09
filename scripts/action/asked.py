"""What the action's inputs ask for: the tool's arguments, its environment, and what must be kept out of every log."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from schemagate.adapters.registry.address import parse
from schemagate.adapters.registry.secrets import SHORTEST_NAME, variable
from schemagate.errors import ConfigError

PREFIX: Final = "SCHEMAGATE_ACTION_"
"""How the variables begin that hold the inputs; the tool gets none of them."""

BELONGS: Final = {
    "PATHS": ("check",),
    "FAIL_ON": ("check",),
    "SEVERITY": ("check",),
    "SARIF": ("check",),
    "AGAINST": ("check", "drift"),
    "PREFIX": ("drift",),
}
"""Input → the commands that it means something to."""

INPUT_NAMES: Final = {"SARIF": "sarif-file"}
CREDENTIALS: Final = ("URL", "USERNAME", "PASSWORD", "TOKEN", "CLIENT_SECRET", "KEY_PASSWORD")
"""Parts of a registry's variables, ``SCHEMAGATE_REGISTRY_<NAME>_<PART>``, each an input of its own."""
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
GIVEN: Final = re.compile(rf"SCHEMAGATE_REGISTRY_\w+_({'|'.join(CREDENTIALS)})")


class RefusedError(Exception):
    """An input that cannot be meant so. The text says which, and what to do."""


class Files(NamedTuple):
    """Where the tool writes what the action shows and passes on."""

    folder: Path

    @property
    def report(self) -> Path:
        return self.folder / "report.json"

    @property
    def text(self) -> Path:
        return self.folder / "report.txt"

    @property
    def summary(self) -> Path:
        return self.folder / "summary.md"

    @property
    def comment(self) -> Path:
        return self.folder / "comment.md"

    @property
    def sarif(self) -> Path:
        return self.folder / "report.sarif"


class Asked(NamedTuple):
    """One run of the tool."""

    command: str
    arguments: tuple[str, ...]
    env: dict[str, str]
    """What the tool's environment has beyond the job's."""
    secrets: tuple[str, ...]
    why_offline: str
    """Why this run has no secrets, where that is why no registry is asked."""
    sarif: Path


def asked(env: Mapping[str, str], event: Mapping[str, Any], files: Files) -> Asked:
    """The run that the inputs in ``env`` describe. Raises RefusedError."""
    command = _value(env, "COMMAND") or "check"
    if command not in {"check", "register", "drift"}:
        raise RefusedError(f"`command: {command}` is none of check, register and drift")
    for name, commands in BELONGS.items():
        if _value(env, name) and command not in commands:
            raise RefusedError(f"`{_input(name)}` goes with `command: {' or '.join(commands)}`, not with {command}")
    why = "" if command != "check" else _why_offline(env, event)
    sarif = Path(_value(env, "SARIF") or files.sarif)
    arguments = [command, *_outputs(command, files, sarif.absolute()), *_options(env)]
    if command == "check":
        arguments += [f"--severity={line}" for line in _lines(env, "SEVERITY")]
        arguments += ["--all"] if _flag(env, "ALL") else []
        arguments += ["--offline"] if why or _value(env, "OFFLINE") == "always" else []
        arguments += ["--", *_lines(env, "PATHS")]
    elif command == "drift":
        arguments += [f"--prefix={line}" for line in _lines(env, "PREFIX")]
    given = _registry(env)
    return Asked(command, tuple(arguments), given, tuple(_hidden(given)), why, sarif)


def _outputs(command: str, files: Files, sarif: Path) -> list[str]:
    """One run writes everything: what is annotated or read goes to standard output, the rest to files."""
    if command == "register":
        return ["--color=never", f"--receipt={files.report}"]
    if command == "drift":
        return ["--color=never", f"--output=json={files.report}"]
    written = {
        "json": files.report,
        "text": files.text,
        "markdown": files.summary,
        "markdown-comment": files.comment,
        "sarif": sarif,
    }
    return ["--format=github", *(f"--output={name}={path}" for name, path in written.items())]


def _options(env: Mapping[str, str]) -> list[str]:
    """In one word each, so that no value can be taken for an option."""
    named = {"--config": "CONFIG", "--registry": "REGISTRY", "--fail-on": "FAIL_ON", "--against": "AGAINST"}
    return [f"{option}={_value(env, name)}" for option, name in named.items() if _value(env, name)]


def _registry(env: Mapping[str, str]) -> dict[str, str]:
    given = {part: _value(env, part) for part in CREDENTIALS if _value(env, part)}
    name = _value(env, "REGISTRY")
    if given and not name:
        first = _input(next(iter(given)))
        raise RefusedError(
            f"`registry-{first}` needs `registry` too: which [registry.NAME] of the configuration it is for"
        )
    if name and not NAME.fullmatch(name):
        raise RefusedError("`registry` is not the name of a [registry.NAME]: letters, digits, - and _")
    return {variable(name, part): value for part, value in given.items()}


def _hidden(given: Mapping[str, str]) -> list[str]:
    """Whatever of the registry's variables must not be read in a log, the addresses with it."""
    found: list[str] = []
    for name, value in given.items():
        if name.endswith("_URL"):
            for text in value.split(","):
                found += _of_address(text.strip())
        elif not name.endswith("_USERNAME") or len(value) >= SHORTEST_NAME:
            found += value.splitlines()
    return [text for text in dict.fromkeys(found) if text]


def _of_address(text: str) -> list[str]:
    try:
        place, login = parse(text, source="`registry-url`")
    except ConfigError:  # the tool says so itself
        return [text]
    name = [login.username] if len(login.username) >= SHORTEST_NAME else []
    return [text, text.rstrip("/"), place.url, login.password, *name]


def _why_offline(env: Mapping[str, str], event: Mapping[str, Any]) -> str:
    choice = _value(env, "OFFLINE") or "auto"
    if choice not in {"auto", "always", "never"}:
        raise RefusedError(f"`offline: {choice}` is none of auto, always and never")
    if choice == "always" and env.get("GITHUB_EVENT_NAME") == "merge_group":
        raise RefusedError("`offline: always` cannot be in a merge queue: what it merges is registered next")
    if choice != "auto" or any(_value(env, part) for part in CREDENTIALS):
        return ""
    return "" if any(GIVEN.fullmatch(name) and value for name, value in env.items()) else _without_secrets(env, event)


def _without_secrets(env: Mapping[str, str], event: Mapping[str, Any]) -> str:
    """Why GitHub hands this run no secrets; empty where it does. Source: GitHub, "Events that trigger workflows"."""
    if env.get("GITHUB_EVENT_NAME") != "pull_request":
        return ""
    pull = event.get("pull_request") or {}
    head, base = ((pull.get(side) or {}).get("repo") or {} for side in ("head", "base"))
    if head.get("full_name") != base.get("full_name"):
        return "this pull request comes from a fork"
    return "this pull request is Dependabot's" if env.get("GITHUB_ACTOR") == "dependabot[bot]" else ""


def _value(env: Mapping[str, str], name: str) -> str:
    return env.get(PREFIX + name, "").strip()


def _lines(env: Mapping[str, str], name: str) -> list[str]:
    return [line.strip() for line in _value(env, name).splitlines() if line.strip()]


def _flag(env: Mapping[str, str], name: str) -> bool:
    value = _value(env, name) or "false"
    if value not in {"true", "false"}:
        raise RefusedError(f"`{_input(name)}: {value}` is neither true nor false")
    return value == "true"


def _input(name: str) -> str:
    return INPUT_NAMES.get(name, name.lower().replace("_", "-"))
