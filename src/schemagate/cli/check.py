"""``schemagate check``: argv to a request, the report to its formats, the exit code."""

from __future__ import annotations

import datetime as dt
import os
import sys
from typing import Annotated

import typer

from schemagate.cli import output
from schemagate.errors import UsageError

STDIN = "-"


def command(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Tell only of these files and directories; - reads one from stdin.")
    ] = None,
    against: Annotated[str, typer.Option(help="Compare with this git ref instead of the detected base.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Judge every subject, not only the touched ones.")] = False,
    candidate: Annotated[
        str, typer.Option(help="What is judged: worktree, index or HEAD (default: what fits where it runs).")
    ] = "",
    config: Annotated[str, typer.Option(help="Use this configuration file of the repository.")] = "",
    no_config: Annotated[bool, typer.Option("--no-config", help="Ignore the configuration.")] = False,
    format_: Annotated[str, typer.Option("--format", help="Format on standard output: text or json.")] = "text",
    outputs: Annotated[
        list[str] | None, typer.Option("--output", help="FORMAT=FILE: write this format too (repeatable).")
    ] = None,
    fail_on: Annotated[
        str, typer.Option(help="Exit 1 from this severity on: notice, warning or error (default: error).")
    ] = "",
    severity: Annotated[list[str] | None, typer.Option(help="RULE=LEVEL for this run (repeatable).")] = None,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit 0 even with findings.")] = False,
    stdin_filename: Annotated[str, typer.Option(help="The file that standard input stands for.")] = "",
    write_waivers: Annotated[
        bool, typer.Option("--write-waivers", help="Accept what fails now: append waivers to the configuration.")
    ] = False,
    reason: Annotated[str, typer.Option(help="The reason that --write-waivers writes.")] = "",
    owner: Annotated[str, typer.Option(help="The owner that --write-waivers writes.")] = "",
    expires: Annotated[str, typer.Option(help="The last day (YYYY-MM-DD) of the waivers written.")] = "",
    color: Annotated[str, typer.Option(help="auto, always or never.")] = "auto",
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show inherited and accepted findings, and what was compared.")
    ] = False,
) -> None:
    """Judge what is proposed against everything that was published.

    Exit codes: 0 clean, 1 findings at or above --fail-on, 2 usage or configuration, 3 could not decide.
    """
    from schemagate.adapters.ci import read_event
    from schemagate.app.check import check
    from schemagate.app.request import CheckRequest

    files = output.outputs_of(outputs or [])
    output.format_of(format_)
    stdin = _stdin(paths or [], stdin_filename)
    request = CheckRequest(
        directory=os.getcwd(),
        today=dt.datetime.now(tz=dt.UTC).date(),
        env=dict(os.environ),
        event=read_event(os.environ),
        paths=tuple(p for p in paths or [] if p != STDIN),
        config=config or None,
        no_config=no_config,
        against=against,
        candidate=_candidate(candidate),
        everything=everything or write_waivers,
        fail_on=output.severity_of(fail_on, "--fail-on") if fail_on else None,
        severities=output.severities_of(severity or []),
        stdin=stdin,
        stdin_path=stdin_filename,
    )
    report = check(request)
    if write_waivers:
        from schemagate.app.adopt import adopt

        output.say(adopt(request, report, reason=reason, owner=owner, expires=expires))
        raise typer.Exit(3 if report.undecided else 0)
    output.tell(report, format_, files, colour=color, verbose=verbose)
    code = report.exit_code
    raise typer.Exit(0 if exit_zero and code == 1 else code)


def _candidate(name: str) -> str:
    if name and name not in ("worktree", "index", "HEAD"):
        raise UsageError(f"--candidate {name}: no such choice", hint="choose one of worktree, index, HEAD")
    return name


def _stdin(paths: list[str], name: str) -> bytes | None:
    if STDIN not in paths:
        if name:
            raise UsageError("--stdin-filename goes with - as the path", hint="schemagate check - --stdin-filename FILE")
        return None
    if not name:
        raise UsageError("- needs --stdin-filename, so that the text has a place", hint="name the file it stands for")
    return sys.stdin.buffer.read()
