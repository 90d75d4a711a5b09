"""``schemagate migrate``: the compatible way through a breaking change."""

from __future__ import annotations

import datetime as dt
import os
from typing import Annotated

import typer

from schemagate.cli import options, output
from schemagate.errors import UsageError


def command(
    old: Annotated[str, typer.Argument(help="What is in use: a file, or REF:PATH (main:schemas/a.avsc).")],
    new: Annotated[str, typer.Argument(help="What is wanted; default: what the work tree has in its place.")] = "",
    mode: Annotated[
        str, typer.Option("--mode", metavar="MODE", help="The compatibility mode (default: the configured one).")
    ] = "",
    write: Annotated[
        str, typer.Option("--write", metavar="DIR", help="Write every version on the way into this directory.")
    ] = "",
    config: options.Config = "",
    no_config: options.NoConfig = False,
    registry: options.Registry = "",
    offline: options.Offline = False,
    format_: options.Format = "text",
    color: options.Color = "auto",
) -> None:
    """Tell the way from one schema to another: which versions, who deploys first, how long each stays.

    Exit codes: 0 there is a way, 1 no compatible way exists, 2 usage or configuration, 3 could not decide.
    """
    from schemagate.app.migrate import MigrateRequest, migrate
    from schemagate.compat.modes import Mode

    if format_ not in ("text", "json"):
        raise UsageError(f"migrate has no format {format_}", hint="choose text or json")
    wanted = mode.upper().replace("-", "_")
    if wanted and wanted not in list(Mode):
        raise UsageError(f"--mode {mode}: no such mode", hint=f"choose one of {', '.join(Mode)}")
    found = migrate(
        MigrateRequest(
            os.getcwd(),
            old,
            new,
            dt.datetime.now(tz=dt.UTC).date(),
            dict(os.environ),
            wanted,
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
