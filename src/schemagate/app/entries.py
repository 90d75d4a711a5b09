"""``[[subjects]]`` entries for files that were pulled, appended to the configuration in use."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence

import msgspec

from schemagate.app.settings import settings_from
from schemagate.config import PYPROJECT_TABLE, Settings
from schemagate.errors import ConfigError
from schemagate.suppress.write import quoted


class Entry(msgspec.Struct, frozen=True):
    """What one subject's entry says; ``mode`` and ``references`` only where they differ from what holds anyway."""

    match: str
    names: tuple[str, ...]
    mode: str = ""
    references: str = ""


def in_order(entries: Sequence[Entry]) -> list[Entry]:
    """The entries so that none hides another, as the first match wins: exact files first, then the longer globs."""
    return sorted(entries, key=lambda one: ("*" in one.match, -len(one.match), one.match))


def with_entries(text: str, path: str, entries: Sequence[Entry]) -> tuple[str, Settings]:
    """The configuration's text with the entries at its end, and what it means then. Line ends are the text's own.

    Raises ConfigError where the text cannot take ``[[subjects]]`` tables at its end.
    """
    table = f"{PYPROJECT_TABLE}." if path.rpartition("/")[2] == "pyproject.toml" else ""
    newline = "\r\n" if "\r\n" in text else "\n"
    head = text if not text or text.endswith("\n") else text + newline
    edited = head + "".join(newline + _block(entry, table).replace("\n", newline) for entry in entries)
    try:
        tomllib.loads(edited.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError:
        message = "`subjects` is written so that no `[[subjects]]` table can follow"
        raise ConfigError(message, path=path, hint="write each as a table of its own, `[[subjects]]`") from None
    return edited, settings_from(path, edited) or Settings()


def _block(entry: Entry, table: str) -> str:
    rows = [f"[[{table}subjects]]", f"match = {quoted(entry.match)}", f"name = {_names(entry.names)}"]
    rows += [f"mode = {quoted(entry.mode)}"] if entry.mode else []
    rows += [f"references = {quoted(entry.references)}"] if entry.references else []
    return "\n".join(rows) + "\n"


def _names(names: Sequence[str]) -> str:
    return quoted(names[0]) if len(names) == 1 else f"[{', '.join(map(quoted, names))}]"


def expressible(subject: str) -> bool:
    """Whether a name template can say this subject: it is stripped, and braces have a meaning there."""
    printable = all(char.isprintable() for char in subject)
    return printable and subject == subject.strip() != "" and not {"{", "}"} & set(subject)
