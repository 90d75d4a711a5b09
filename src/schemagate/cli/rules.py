"""``schemagate rules``: every rule with the severity that it has here."""

from __future__ import annotations

import os
from typing import Annotated, Final

import typer

from schemagate.cli import options, output
from schemagate.errors import UsageError

FAMILIES: Final = ("validity", "lint", "breaking", "change", "history", "registry", "client", "config")
"""What ``report.catalogue.KINDS`` lists: the help is made without loading it."""


def command(
    kind: Annotated[
        str,
        typer.Option(metavar="KIND", help=f"Only one family: {', '.join(FAMILIES)}."),
    ] = "",
    config: options.Config = "",
    no_config: options.NoConfig = False,
    format_: options.PlainFormat = "text",
    color: options.Color = "auto",
) -> None:
    """List the rules with their severities, as the configuration found here sets them."""
    from schemagate.app.project import find_project
    from schemagate.engine.tell import Grades
    from schemagate.report.catalogue import KINDS, Listed, render_list
    from schemagate.rules.catalog import RULES

    if kind and kind not in KINDS:
        raise UsageError(f"--kind {kind}: there is no such family", hint=f"choose one of {', '.join(KINDS)}")
    grades = Grades(find_project(os.getcwd(), config, none=no_config).settings, {})
    listed = [Listed(rule, grades.of(rule)) for rule in RULES if kind in ("", rule.kind)]
    if format_ == "json":
        from schemagate.report.catalogue_json import dump

        output.say(dump(listed))
    else:
        output.say(render_list(listed, **output.dress(color)))
