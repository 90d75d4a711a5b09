"""``schemagate migrate``: the compatible way through a breaking change."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from schemagate.cli import options, output
from schemagate.cli.request import today


def command(
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD", callback=options.given, help="What is in use: a file, or REF:PATH (main:schemas/a.avsc)."
        ),
    ],
    new: Annotated[
        str, typer.Argument(metavar="NEW", help="What is wanted; default: what the work tree has in its place.")
    ] = "",
    mode: Annotated[
        str,
        typer.Option(
            "--mode",
            metavar="MODE",
            help="The compatibility mode (default: the configured one).",
            callback=options.mode_of,
        ),
    ] = "",
    write: Annotated[
        str, typer.Option("--write", metavar="DIR", help="Write every version on the way into this directory.")
    ] = "",
    config: options.Config = "",
    no_config: options.NoConfig = False,
    registry: options.Registry = "",
    offline: options.Offline = False,
    format_: options.PlainFormat = "text",
    color: options.Color = "auto",
) -> None:
    """Tell the way from one schema to another: which versions, who deploys first, how long each stays.

    Exit codes: 0 there is a way, 1 no compatible way exists, 2 usage or configuration, 3 could not decide.
    """
    from schemagate.app.migrate import MigrateRequest, migrate

    found = migrate(
        MigrateRequest(
            os.getcwd(),
            old,
            new,
            today(),
            dict(os.environ),
            mode,
            config,
            no_config,
            registry,
            offline,
            write,
        )
    )
    if format_ == "json":
        from schemagate.report.migration_json import dump

        output.say(dump(found))
    else:
        from schemagate.report.migration import render

        output.say(render(found, **output.dress(color)))
    raise typer.Exit(found.exit_code)
