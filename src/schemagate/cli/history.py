"""``schemagate history``: every version of a subject, or the list of subjects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from schemagate.cli import options, output
from schemagate.cli.request import surroundings
from schemagate.errors import UsageError

if TYPE_CHECKING:
    from schemagate.app.request import CheckRequest
NEWEST: Final = 20
"""Versions that are told where nothing else is asked for."""


def command(
    subject: Annotated[
        str, typer.Argument(metavar="SUBJECT", help="A subject's name, a unique end of it, or a file.")
    ] = "",
    against: Annotated[
        str, typer.Option(metavar="REF", help="The history of this git ref instead of the baseline.")
    ] = "",
    limit: Annotated[
        int, typer.Option(metavar="NUMBER", min=0, help="Show so many versions, the newest; 0 shows all.")
    ] = NEWEST,
    config: options.Config = "",
    no_config: options.NoConfig = False,
    html: Annotated[
        str, typer.Option(metavar="FILE", help="Write a page with the pictures: one file that loads nothing.")
    ] = "",
    source: Annotated[
        str, typer.Option("--from", metavar="SOURCE", help="With --html: git, registry or both; both where one is set.")
    ] = "",
    registry: options.Registry = "",
    offline: options.Offline = False,
    format_: options.PlainFormat = "text",
    color: options.Color = "auto",
) -> None:
    """List the subjects; or tell one subject's versions: when, where, what changed, and who could read what.

    Exit codes: 0 told, 2 usage or configuration, 3 could not look.
    """
    request = _request(against, config, registry, no_config=no_config, offline=offline)
    if html and (format_ != "text" or limit != NEWEST):
        raise UsageError("--html shows everything: it goes with neither --format nor --limit", hint="leave them out")
    if html:
        _draw(request, subject, source, html)
    elif source or registry or offline:
        hint = "schemagate history --html history.html --from both"
        raise UsageError("--from, --registry and --offline go with --html", hint=hint)
    elif subject:
        _tell(request, subject, limit, format_, color)
    else:
        _list(request, format_, color)


def _request(against: str, config: str, registry: str, *, no_config: bool, offline: bool) -> CheckRequest:
    from schemagate.app.request import CheckRequest

    return CheckRequest(
        **surroundings(),
        config=config or None,
        no_config=no_config,
        against=against,
        everything=True,
        registry=registry,
        offline=offline,
    )


def _draw(request: CheckRequest, subject: str, source: str, file: str) -> None:
    from schemagate.adapters.assets import site_asset
    from schemagate.app.atlas import AtlasRequest, atlas
    from schemagate.report.site.page import SCRIPTS, STYLES, Assets, page
    from schemagate.report.words import count

    place = output.place_of(file)
    site = atlas(AtlasRequest(request, subject, source))
    assets = Assets(site_asset(STYLES, "css"), site_asset(SCRIPTS, "js"))
    text = page(site, assets)
    output.write(place, lambda: text)
    undecided = len(site.undecided) + sum(bool(one.told.undecided) for one in site.subjects)
    told = f"{file}: {count(len(site.subjects), 'subject')}, {len(text) / 1e6:.1f} MB"
    output.say(told + (f", {undecided} undecided" if undecided else "") + "\n")
    if undecided:
        raise typer.Exit(3)


def _tell(request: CheckRequest, subject: str, limit: int, format_: str, color: str) -> None:
    from schemagate.app.history import timeline

    told = timeline(request, subject, limit)
    if format_ == "json":
        from schemagate.report.timeline_json import dump

        output.say(dump(told))
    else:
        from schemagate.report.timeline import render

        output.say(render(told, **output.dress(color)))
    raise typer.Exit(3 if any(step.undecided for step in told.steps) else 0)


def _list(request: CheckRequest, format_: str, color: str) -> None:
    from schemagate.app.history import overview

    listed = overview(request)
    if format_ == "json":
        from schemagate.report.timeline_json import dump_list

        output.say(dump_list(listed.entries, listed.branch))
    else:
        from schemagate.report.timeline import render_list

        output.say(render_list(listed.entries, listed.branch, **output.dress(color)))
