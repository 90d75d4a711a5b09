"""``schemagate register``: brings a registry to the approved branch's state, and writes the receipt."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from schemagate.cli import options, output
from schemagate.cli.plan import AllowDirty, AnyBranch, findings, request_of

if TYPE_CHECKING:
    from schemagate.plan.values import Action

ReceiptFile: TypeAlias = Annotated[
    str, typer.Option("--receipt", metavar="FILE", help="Write what was done as JSON, also where it stopped.")
]


def command(
    registry: options.Registry = "",
    receipt: ReceiptFile = "",
    allow_dirty: AllowDirty = False,
    any_branch: AnyBranch = False,
    config: options.Config = "",
    no_config: options.NoConfig = False,
    format_: options.PlainFormat = "text",
    color: options.Color = "auto",
    verbose: options.Verbose = False,
) -> None:
    """Register what is approved: judge, plan, check everything in advance, write in reference order, verify.

    Safe to run again at any point. Exit codes: 0 done, nothing to do or superseded; 1 something is found or blocked,
    nothing was written; 2 usage or configuration; 3 could not decide, or stopped: run it again.
    """
    from schemagate.app.register import register
    from schemagate.report.plan_json import dump_receipt

    request = request_of(registry, config, no_config=no_config, allow_dirty=allow_dirty, any_branch=any_branch)
    file = output.place_of(receipt) if receipt else None
    done = register(request, _progress)
    if file is not None:
        output.write(file, lambda: dump_receipt(done))
    if format_ == "json":
        output.say(dump_receipt(done))
    else:
        from schemagate.report.receipt import render

        findings(done.outlook.report, color, verbose=verbose)
        output.say(render(done, **output.dress(color), verbose=verbose))
    raise typer.Exit(done.exit_code)


def _progress(number: int, count: int, action: Action) -> None:
    """Which write is begun, on a terminal only."""
    if sys.stderr.isatty():
        from schemagate.report.escape import clean

        sys.stderr.write(f"[{number}/{count}] {action.kind} {clean(action.subject)}\n")
