"""``schemagate pull``: the registry's subjects as files, with the configuration that names them."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from schemagate.cli import options, output


def command(
    subjects: Annotated[
        list[str] | None, typer.Argument(metavar="SUBJECTS...", help="Only these subjects (default: all).")
    ] = None,
    prefix: Annotated[str, typer.Option(metavar="TEXT", help="Only subjects that begin so.")] = "",
    into: Annotated[
        str, typer.Option(metavar="DIR", help="Where new files go (default: the first of `paths`, else schemas).")
    ] = "",
    all_versions: Annotated[
        bool, typer.Option("--all-versions", help="Every version as a file `_vN`, not only the latest.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that say something else.")] = False,
    registry: options.Registry = "",
    config: options.Config = "",
    format_: options.PlainFormat = "text",
    color: options.Color = "auto",
) -> None:
    """Write the registry's subjects as .avsc files, and entries for them into the configuration.

    Exit codes: 0 done, 1 a file was kept or a subject skipped, 2 usage or configuration, 3 could not look.
    """
    from schemagate.app.pull import PullRequest, pull
    from schemagate.report.pulled import dump, render

    wanted = tuple(subjects or ())
    request = PullRequest(os.getcwd(), dict(os.environ), wanted, prefix, into, all_versions, force, registry, config)
    pulled = pull(request)
    output.say(dump(pulled) if format_ == "json" else render(pulled, **output.dress(color)))
    raise typer.Exit(pulled.exit_code)
