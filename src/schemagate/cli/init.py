"""``schemagate init``: configuration, workflow and hook for this repository, shown first, written when agreed."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from schemagate.cli import options, output


def command(
    registry: Annotated[
        str,
        typer.Option(metavar="URL|NAME", help="A registry to look at: its address, or the NAME of a configured one."),
    ] = "",
    ci: Annotated[
        str,
        typer.Option(
            metavar="SYSTEM",
            help="github, gitlab, jenkins, azure or none (default: what is seen here).",
            autocompletion=options.completed(("github", "gitlab", "jenkins", "azure", "none")),
        ),
    ] = "",
    action: Annotated[
        str, typer.Option(metavar="OWNER/REPO@SHA", help="schemagate's own action, instead of its package.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    color: options.Color = "auto",
) -> None:
    """Write what makes schemagate part of this repository: configuration, workflow and pre-commit hook.

    Shows everything first, asks on a terminal, and never changes a file that is there. Exit codes: 0 written, shown or
    nothing to do, 2 usage or configuration, 3 could not look.
    """
    from schemagate.app.init import InitRequest, look, root_of, write
    from schemagate.report.started import render, render_end

    setup = look(InitRequest(os.getcwd(), dict(os.environ), registry, ci, action))
    output.say(render(setup, **output.dress(color)))
    wanted = bool(setup.files) and (yes or _agreed(len(setup.files)))
    if wanted:
        write(setup, root_of(os.getcwd()))
    output.say(render_end(setup, written=wanted, colour=output.colour_wanted(color), width=output.columns()))


def _agreed(files: int) -> bool:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return typer.confirm(f"Write {'this file' if files == 1 else f'these {files} files'}?")
