"""``schemagate plan``: what ``register`` would do; writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from schemagate.cli import options, output
from schemagate.cli.request import surroundings

if TYPE_CHECKING:
    from schemagate.app.plan import PlanRequest
    from schemagate.finding import Report
    from schemagate.plan.outlook import Outlook

AllowDirty: TypeAlias = Annotated[
    bool, typer.Option("--allow-dirty", help="Take the work tree as it is, not what is committed (for development).")
]
AnyBranch: TypeAlias = Annotated[
    bool, typer.Option("--any-branch", help="Take any commit, not only the approved branch's tip (for development).")
]
ExitCode: TypeAlias = Annotated[
    bool, typer.Option("--exit-code", help="Exit 0 with nothing to do, 1 if something is blocked, 4 with changes.")
]


def command(
    registry: options.Registry = "",
    exit_code: ExitCode = False,
    allow_dirty: AllowDirty = False,
    any_branch: AnyBranch = False,
    config: options.Config = "",
    no_config: options.NoConfig = False,
    format_: options.PlainFormat = "text",
    color: options.Color = "auto",
    verbose: options.Verbose = False,
) -> None:
    """Tell what `register` would do for the commit that is checked out, in its order, and why.

    Exit codes: 0 told (--exit-code: nothing to do), 1 something is found or blocked, 2 usage or configuration,
    3 could not decide, 4 with --exit-code: there is something to do.
    """
    from schemagate.app.plan import plan

    outlook = plan(request_of(registry, config, no_config=no_config, allow_dirty=allow_dirty, any_branch=any_branch))
    if format_ == "json":
        from schemagate.report.plan_json import dump_plan

        output.say(dump_plan(outlook))
    else:
        tell(outlook, color, verbose=verbose)
    raise typer.Exit(outlook.exit_code(detailed=exit_code))


def tell(outlook: Outlook, color: str, *, verbose: bool) -> None:
    """The findings where judging fails, then the plan."""
    from schemagate.report.plan import render

    findings(outlook.report, color, verbose=verbose)
    output.say(render(outlook, **output.dress(color), verbose=verbose))


def findings(report: Report, color: str, *, verbose: bool) -> None:
    """What the judging found, where it forbids registering."""
    if report.exit_code:
        output.say(output.rendered(report, "text", colour=output.colour_wanted(color), verbose=verbose) + "\n")


def request_of(registry: str, config: str, *, no_config: bool, allow_dirty: bool, any_branch: bool) -> PlanRequest:
    """What both `plan` and `register` ask for."""
    from schemagate.app.plan import PlanRequest
    from schemagate.app.request import CheckRequest

    check = CheckRequest(
        **surroundings(),
        config=config or None,
        no_config=no_config,
        registry=registry,
    )
    return PlanRequest(check, allow_dirty, any_branch)
