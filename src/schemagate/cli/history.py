"""``schemagate history``: every version of a subject, or the list of subjects."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING, Annotated

import typer

from schemagate.cli import options, output

if TYPE_CHECKING:
    from schemagate.app.history import Overview
    from schemagate.report.timeline import Timeline


def command(
    subject: Annotated[str, typer.Argument(help="A subject's name, a unique end of it, or a file.")] = "",
    against: Annotated[
        str, typer.Option(metavar="REF", help="The history of this git ref instead of the baseline.")
    ] = "",
    limit: Annotated[int, typer.Option(min=0, help="Show so many versions, the newest; 0 shows all.")] = 20,
    config: options.Config = "",
    no_config: options.NoConfig = False,
    format_: options.Format = "text",
    color: options.Color = "auto",
) -> None:
    """List the subjects; or tell one subject's versions: when, where, what changed, and who could read what.

    Exit codes: 0 told, 2 usage or configuration, 3 could not look.
    """
    from schemagate.adapters.ci import read_event
    from schemagate.app.history import overview, timeline
    from schemagate.app.request import CheckRequest

    output.format_of(format_)
    request = CheckRequest(
        directory=os.getcwd(),
        today=dt.datetime.now(tz=dt.UTC).date(),
        env=dict(os.environ),
        event=read_event(os.environ),
        config=config or None,
        no_config=no_config,
        against=against,
        everything=True,
    )
    if subject:
        told = timeline(request, subject, limit)
        _tell(told, format_, color)
        raise typer.Exit(3 if any(step.undecided for step in told.steps) else 0)
    _list(overview(request), format_, color)


def _tell(told: Timeline, format_: str, color: str) -> None:
    if format_ == "json":
        from schemagate.report.timeline_json import dump

        output.say(dump(told))
    else:
        from schemagate.report.timeline import render

        output.say(render(told, **output.dress(color)))


def _list(listed: Overview, format_: str, color: str) -> None:
    if format_ == "json":
        from schemagate.report.timeline_json import dump_list

        output.say(dump_list(listed.entries, listed.branch))
    else:
        from schemagate.report.timeline import render_list

        output.say(render_list(listed.entries, listed.branch, **output.dress(color)))
