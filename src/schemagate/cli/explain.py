"""``schemagate explain ID``: one rule's page."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from schemagate.cli import options, output
from schemagate.errors import UsageError


def command(
    rule_id: Annotated[
        str,
        typer.Argument(
            metavar="RULE",
            callback=options.given,
            autocompletion=options.completed_rule,
            help="The rule's id, as findings name it.",
        ),
    ],
    config: options.Config = "",
    no_config: options.NoConfig = False,
    format_: options.PageFormat = "text",
    color: options.Color = "auto",
) -> None:
    """Say why a rule is there, what to do, and show what it finds."""
    from schemagate.app.project import find_project
    from schemagate.engine.tell import Grades
    from schemagate.report.catalogue import Listed, markdown, render_page
    from schemagate.rules.catalog import BY_ID

    rule = BY_ID.get(rule_id)
    if rule is None:
        from schemagate.config.issues import meant

        hint = meant(rule_id, BY_ID, "`schemagate rules` lists them")
        raise UsageError(f"there is no rule {rule_id}", hint=hint)
    grades = Grades(find_project(os.getcwd(), config, none=no_config).settings, {})
    one = Listed(rule, grades.of(rule))
    if format_ == "json":
        from schemagate.report.catalogue_json import dump

        output.say(dump([one]))
    elif format_ == "markdown":
        output.say(markdown(rule))
    else:
        output.say(render_page(one, **output.dress(color)))
