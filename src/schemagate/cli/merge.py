"""``schemagate merge``: the reports of all shards in, the report of the whole run out, with its exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from schemagate.cli import options, output
from schemagate.errors import UsageError

if TYPE_CHECKING:
    from schemagate.finding import Report

LARGEST: Final = 1 << 30
"""Bytes of one report; a larger file is none."""

Reports: TypeAlias = Annotated[
    list[str], typer.Argument(help="The JSON reports of all shards, in any order.", metavar="REPORT...")
]


def command(
    reports: Reports,
    format_: options.ReportFormat = "text",
    outputs: options.ReportOutputs = None,
    exit_zero: options.ExitZero = False,
    color: options.Color = "auto",
    verbose: options.Verbose = False,
) -> None:
    """Make one report of the reports that `check --shard` wrote with --output json=FILE.

    Tells what one run would have told, also what only the whole can know: which waivers nothing needed. Exit codes are
    those of check; 2 where a shard is missing, or where the reports are not of one run.
    """
    from schemagate.report.merge import merge

    files = output.outputs_of(outputs or [])
    whole = merge([(path, _read(path)) for path in reports])
    output.tell(whole, format_, files, colour=color, verbose=verbose)
    raise typer.Exit(0 if exit_zero and whole.exit_code == 1 else whole.exit_code)


def _read(path: str) -> Report:
    """One report; UsageError names the file."""
    from pathlib import Path

    from schemagate.report.json_view import load

    file = Path(path)
    try:
        if file.stat().st_size > LARGEST:
            raise UsageError(f"{path} is too large for a report", hint="name the JSON reports of the shards")
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        hint = "a shard writes it with: schemagate check --shard 1/4 --output json=FILE"
        raise UsageError(f"cannot read {path}: {error.strerror}", hint=hint) from error
    try:
        return load(text)
    except UsageError as error:
        raise UsageError(f"{path}: {error.message}", hint=error.hint) from error
