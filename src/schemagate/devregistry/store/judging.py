"""Whether a schema may follow a subject's versions: our engine's verdict, told in the registry's grammar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from schemagate.compat.explain import explain
from schemagate.compat.modes import Mode
from schemagate.compat.solve import Solver
from schemagate.devregistry.store.java_report import AmbiguousFieldError, Reason, reasons
from schemagate.devregistry.store.reading import Parsed, Reader
from schemagate.devregistry.store.values import Stored
from schemagate.errors import UndecidedError
from schemagate.finding import Direction, Json
from schemagate.schema.model import Schema

MOST_SHOWN: Final = 10 * 1024
"""Characters of an old schema in a message."""

WORDS: Final[Mapping[str, str]] = {
    "FIXED_SIZE_MISMATCH": (
        "The size of FIXED type field at path '{path}' in the {reader} schema does not match with the {writer} schema"
    ),
    "TYPE_MISMATCH": (
        "The type (path '{path}') of a field in the {reader} schema does not match with the {writer} schema"
    ),
    "NAME_MISMATCH": "The name of the schema has changed (path '{path}')",
    "MISSING_ENUM_SYMBOLS": (
        "The {reader} schema is missing enum symbols '{message}' at path '{path}' in the {writer} schema"
    ),
    "MISSING_UNION_BRANCH": (
        "The {reader} schema is missing a type inside a union field at path '{path}' in the {writer} schema"
    ),
    "READER_FIELD_MISSING_DEFAULT_VALUE": (
        "The field '{message}' at path '{path}' in the {reader} schema has no default value and is missing in the "
        "{writer} schema"
    ),
}


def objections(candidate: Parsed, history: Sequence[Stored], config: Mapping[str, Json], reader: Reader) -> list[str]:
    """Why the candidate may not follow ``history`` (oldest first) under the configuration in force; empty if it may.

    The newest version that objects is the only one told. Versions of another compatibility group do not count.
    """
    mode = Mode(config["compatibilityLevel"])
    group = config.get("compatibilityGroup")
    if group is not None:
        own = _group(candidate.wanted.metadata, group)
        history = [version for version in history if _group(version.metadata, group) == own]
    covered = mode.covers(len(history))
    for index in reversed(covered):
        messages = _against(candidate, reader.stored(history[index]), history[index], mode, reader)
        if messages:
            validate = str(bool(config.get("validateFields"))).lower()
            return [*messages, f"{{validateFields: '{validate}', compatibility: '{mode.value}'}}"]
    return []


def _group(metadata: Mapping[str, Json] | None, group: str) -> Json:
    return ((metadata or {}).get("properties") or {}).get(group)


def _against(candidate: Parsed, old: Parsed, version: Stored, mode: Mode, reader: Reader) -> list[str]:
    """One version's objections: the old schema's as a reader first, as Confluent asks them."""
    messages: list[str] = []
    if Direction.FORWARD in mode.directions:
        messages += _told(old.schema, candidate.schema, ("old", "new"), reader)
        if messages and len(mode.directions) == 1:
            messages += _shown(version)
    if Direction.BACKWARD in mode.directions:
        own = _told(candidate.schema, old.schema, ("new", "old"), reader)
        messages += own + (_shown(version) if own else [])
    return messages


def _shown(version: Stored) -> list[str]:
    text = version.text
    shown = f"'{text}'" if len(text) <= MOST_SHOWN else f"<truncated> '{text[:MOST_SHOWN]}...'"
    return [f"{{oldSchemaVersion: {version.version}}}", f"{{oldSchema: {shown}}}"]


def _told(reader: Schema, writer: Schema, names: tuple[str, str], shared: Reader) -> list[str]:
    solver = Solver(reader, writer, shared.memo)
    try:
        if solver.compatible():
            return []
        found = reasons(reader, writer) or _ours(reader, writer, solver)
    except (AmbiguousFieldError, UndecidedError) as error:
        return [f"Unexpected exception during compatibility check: {error}"]
    return [_worded(reason, names) for reason in found]


def _ours(reader: Schema, writer: Schema, solver: Solver) -> list[Reason]:
    """Where Java's checker sees nothing wrong for having kept a result too early, what is wrong all the same."""
    return [
        Reason(one.kind, one.reader_pointer or "/", f"expected: {one.expected}, found: {one.found}")
        for one in explain(reader, writer, solver)
    ]


def _worded(reason: Reason, names: tuple[str, str]) -> str:
    words = WORDS.get(reason.kind, "The {reader} schema cannot read the {writer} schema at path '{path}'")
    text = words.format(path=reason.location, message=reason.message, reader=names[0], writer=names[1])
    return f"{{errorType:'{reason.kind}', description:'{text}', additionalInfo:'{reason.message}'}}"
