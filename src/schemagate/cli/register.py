"""``schemagate register``: brings a registry to the approved branch's state, and writes the receipt."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from schemagate.cli import options, output
from schemagate.cli.plan import AllowDirty, AnyBranch, PlainFormat, findings, format_of, request_of
from schemagate.errors import UsageError

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
    format_: PlainFormat = "text",
    color: options.Color = "auto",
    verbose: options.Verbose = False,
) -> None:
    """Register what is approved: judge, plan, check everything in advance, write in reference order, verify.

    Safe to run again at any point. Exit codes: 0 done, nothing to do or superseded; 1 something is found or blocked,
    nothing was written; 2 usage or configuration; 3 could not decide, or stopped: run it again.
    """
    from schemagate.app.register import register
    from schemagate.report.plan_json import dump_receipt

    format_of(format_)
    request = request_of(registry, config, no_config=no_config, allow_dirty=allow_dirty, any_branch=any_branch)
    if receipt:
        _writable(Path(receipt))
    done = register(request, _progress)
    if receipt:
        output.write(Path(receipt), lambda: dump_receipt(done))
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


def _writable(path: Path) -> None:
    """UsageError before the first write where the receipt could not be written after the last."""
    folder = path.parent
    if path.is_dir() or (folder.exists() and not os.access(folder, os.W_OK)):
        raise UsageError(f"cannot write the receipt {path}", hint="name a file in a writable directory")
