"""``schemagate lint``: schemas on their own, from files alone."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from schemagate.cli import fixes, options, output
from schemagate.cli.request import today


def command(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATHS...", help="Files and directories (default: here); - reads one from stdin."),
    ] = None,
    config: options.Config = "",
    no_config: options.NoConfig = False,
    format_: options.ReportFormat = "text",
    outputs: options.ReportOutputs = None,
    fail_on: options.FailOn = "",
    severity: options.Severities = None,
    exit_zero: options.ExitZero = False,
    stdin_filename: options.StdinFilename = "",
    fix: fixes.Fix = False,
    diff: fixes.Diff = False,
    unsafe_fixes: fixes.UnsafeFixes = False,
    color: options.Color = "auto",
    verbose: options.Verbose = False,
) -> None:
    """Lint schemas one at a time, without git and without a network.

    Exit codes: 0 clean, 1 findings at or above --fail-on, 2 usage or configuration.
    """
    from schemagate.app.lint import LintRequest, lint

    files = output.outputs_of(outputs or [])
    request = LintRequest(
        directory=os.getcwd(),
        today=today(),
        paths=tuple(p for p in paths or [] if p != options.STDIN),
        config=config,
        no_config=no_config,
        fail_on=options.fail_on_of(fail_on),
        severities=options.severities_of(severity or []),
        stdin=options.stdin_of(paths or [], stdin_filename, "lint"),
        stdin_path=stdin_filename,
    )
    if fixes.Asked(fix, diff, unsafe_fixes, waivers=False, stdin=request.stdin is not None, format=format_).wanted:
        from schemagate.app.fix_runs import fix_lint

        report = fixes.carried_out(fix_lint(request, os.environ, unsafe=unsafe_fixes), diff=diff)
    else:
        report = lint(request)
    fixes.tell(report, format_, files, diff=diff, colour=color, verbose=verbose)
    raise typer.Exit(0 if exit_zero and report.exit_code == 1 else report.exit_code)
