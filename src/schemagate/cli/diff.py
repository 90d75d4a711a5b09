"""``schemagate diff``: what changed between two schemas, and what it means."""

from __future__ import annotations

import os
from typing import Annotated, TypeAlias

import typer

from schemagate.cli import options, output

Old: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="OLD",
        callback=options.given,
        help="A file, REF:PATH (main:a.avsc), a git ref, or SUBJECT[:VERSION].",
    ),
]
New: TypeAlias = Annotated[
    str, typer.Argument(metavar="NEW", help="The same; default: what the work tree has in its place.")
]
Mode: TypeAlias = Annotated[
    str,
    typer.Option(
        "--mode",
        metavar="MODE",
        help="Exit 1 if the change breaks this compatibility mode (FULL ...).",
        callback=options.mode_of,
    ),
]


def command(
    old: Old,
    new: New = "",
    mode: Mode = "",
    config: options.Config = "",
    no_config: options.NoConfig = False,
    registry: options.Registry = "",
    offline: options.Offline = False,
    format_: options.PlainFormat = "text",
    color: options.Color = "auto",
) -> None:
    """Tell what changed between two schemas, or between two commits, and who can read what afterwards.

    Exit codes: 0 told, 1 --mode is broken or Avro refuses a side, 2 usage or configuration, 3 could not decide.
    """
    from schemagate.app.diff import DiffRequest, diff

    request = DiffRequest(
        os.getcwd(), old, new, mode, config, no_config, dict(os.environ), registry=registry, offline=offline
    )
    difference = diff(request)
    if format_ == "json":
        from schemagate.report.difference_json import dump

        output.say(dump(difference))
    else:
        from schemagate.report.difference import render

        output.say(render(difference, **output.dress(color)))
        if difference.problems is not None:
            output.say(
                "\n" + output.rendered(difference.problems, "text", colour=output.colour_wanted(color), verbose=False)
            )
    raise typer.Exit(difference.exit_code)
