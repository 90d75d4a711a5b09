"""The reference of the configuration: every key that the checks know, with what it takes, table by table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from schemagate.config.keys import CONFIG, Day, Flag, Key, Named, Seconds, Table, Tables, Text, Texts

INTRODUCTION: Final = """\
# Every key

The keys of `schemagate.toml`, from the table that checks it and that its [JSON Schema](schemagate.schema.json) is made
of. [Configuration](configuration.md) tells what they are for, with examples.
"""


def page() -> str:
    """The page, as Markdown."""
    sections = ["\n".join(_section(title, table)) for title, table in _tables()]
    return "\n".join([INTRODUCTION, *sections])


def _tables() -> Iterator[tuple[str, Table]]:
    """Every table of the configuration with what it is called, from the top down."""
    left: list[tuple[str, Table]] = [("", CONFIG)]
    while left:
        prefix, table = left.pop(0)
        yield (prefix or "Top level", table)
        for name, key in table.keys.items():
            path = f"{prefix.strip('[]`')}.{name}" if prefix else name
            inner = _inner(key)
            if inner is not None:
                left.append((f"`{_heading(path, key)}`", inner))


def _inner(key: Key) -> Table | None:
    match key:
        case Table():
            return key
        case Tables():
            return key.table
        case Named(value=Table() as table):
            return table
    return None


def _heading(path: str, key: Key) -> str:
    match key:
        case Tables():
            return f"[[{path}]]"
        case Named(value=Table()):
            return f"[{path}.NAME]"
    return f"[{path}]"


def _section(title: str, table: Table) -> Iterator[str]:
    yield f"## {title}\n"
    if table is not CONFIG:
        yield f"{table.doc}\n"
    yield "| key | takes | default | what it says |"
    yield "| --- | --- | --- | --- |"
    for name, key in table.keys.items():
        shown = f"`{_heading(name, key)}`" if isinstance(key, Table | Tables | Named) else f"`{name}`"
        inherits = table is not CONFIG and CONFIG.keys.get(name) is key
        needed = "required" if name in table.required else "as at the top level" if inherits else _default(key)
        doc = key.doc.replace("|", "\\|").replace("*", "\\*")
        yield f"| {shown} | {_takes(key)} | {needed} | {doc} |"
    yield ""


def _takes(key: Key) -> str:
    match key:
        case Text(choices=choices) if choices:
            return ", ".join(f"`{choice}`" for choice in choices)
        case Text():
            return "a text"
        case Texts(item=item, lone=lone):
            of = f": {_takes(item)}" if item.choices else ""
            return f"a text, or a list of texts{of}" if lone else f"a list of texts{of}"
        case Flag():
            return "`true` or `false`"
        case Seconds():
            return "seconds"
        case Day():
            return "a date"
        case Table():
            return "a table"
        case Tables():
            return "any number of tables"
        case Named(value=value):
            return "tables by name" if isinstance(value, Table) else f"{_takes(value)}, by name"


def _default(key: Key) -> str:
    match key:
        case Text(default=default) if default:
            return f"`{default}`"
        case Texts(default=several) if several:
            return ", ".join(f"`{one}`" for one in several)
        case Flag(default=on):
            return f"`{str(on).lower()}`"
    return ""
