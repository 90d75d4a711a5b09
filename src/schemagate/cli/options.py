"""The options that several commands share, each written once, and what their values mean."""

from __future__ import annotations

import sys
from typing import Annotated, TypeAlias

import typer

from schemagate.errors import UsageError

STDIN = "-"
PLAIN_FORMATS = ("text", "json")
MOST_DIGITS = 4
"""Of the number of shards."""

Config: TypeAlias = Annotated[
    str, typer.Option("--config", metavar="FILE", help="Use this configuration file instead of the one found.")
]
NoConfig: TypeAlias = Annotated[bool, typer.Option("--no-config", help="Ignore the configuration.")]
Format: TypeAlias = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="Format on standard output: text, json, github, markdown, sarif, junit or gitlab.",
    ),
]
Outputs: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--output", metavar="FORMAT=FILE", help="Write this format to a file too (repeatable)."),
]
FailOn: TypeAlias = Annotated[
    str,
    typer.Option("--fail-on", metavar="LEVEL", help="Exit 1 from this severity on: notice, warning, error (default)."),
]
Severities: TypeAlias = Annotated[
    list[str] | None, typer.Option("--severity", metavar="RULE=LEVEL", help="A rule's severity in this run.")
]
ExitZero: TypeAlias = Annotated[bool, typer.Option("--exit-zero", help="Exit 0 even with findings.")]
StdinFilename: TypeAlias = Annotated[
    str, typer.Option("--stdin-filename", metavar="FILE", help="The file that standard input stands for.")
]
Color: TypeAlias = Annotated[str, typer.Option("--color", metavar="WHEN", help="auto, always or never.")]
Verbose: TypeAlias = Annotated[
    bool, typer.Option("--verbose", "-v", help="Show accepted findings in full, and what was looked at.")
]
Registry: TypeAlias = Annotated[
    str, typer.Option("--registry", metavar="NAME", help="Which of several configured registries is asked.")
]
Offline: TypeAlias = Annotated[
    bool, typer.Option("--offline", help="Ask no registry; the report says what was not checked.")
]
IgnoreDeleted: TypeAlias = Annotated[
    bool, typer.Option("--ignore-deleted", help="Leave out what is softly deleted in the registry.")
]


def shard_of(text: str) -> tuple[int, int] | None:
    """``2/4`` as (2, 4); None for an empty text."""
    if not text:
        return None
    index, slash, count = text.partition("/")
    digits = index.isdecimal() and count.isdecimal() and len(index) <= MOST_DIGITS and len(count) <= MOST_DIGITS
    if not (slash and digits and 1 <= int(index) <= int(count)):
        raise UsageError(f"--shard {text}: expected I/N with I from 1 to N", hint="for example --shard 2/4")
    return int(index), int(count)


def plain(name: str) -> str:
    """A format of the commands that make no report of findings."""
    if name not in PLAIN_FORMATS:
        raise UsageError(f"there is no format {name} here", hint=f"choose one of {', '.join(PLAIN_FORMATS)}")
    return name


def stdin_of(paths: list[str], name: str, command: str) -> bytes | None:
    """Standard input where ``-`` is among the paths; UsageError if ``-`` and its file's name do not come together."""
    if STDIN not in paths:
        if name:
            hint = f"schemagate {command} - --stdin-filename {name}"
            raise UsageError("--stdin-filename goes with - as the path", hint=hint)
        return None
    if not name:
        raise UsageError("- needs --stdin-filename, so that the text has a place", hint="name the file it stands for")
    return sys.stdin.buffer.read()
