"""``schemagate check``: argv to a request, the report to its formats, the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from schemagate.cli import fixes, options, output
from schemagate.cli.request import surroundings
from schemagate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from schemagate.app.request import CheckRequest
    from schemagate.finding import Report

WITHOUT: Final = "run the whole without --shard"
CANDIDATES: Final = ("worktree", "index", "HEAD")

Paths: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(metavar="PATHS...", help="Tell only of these files and directories; - reads one from stdin."),
]
Against: TypeAlias = Annotated[
    str, typer.Option("--against", metavar="REF", help="Compare with this git ref instead of the detected base.")
]
Everything: TypeAlias = Annotated[bool, typer.Option("--all", help="Judge every subject, not only the touched ones.")]
Candidate: TypeAlias = Annotated[
    str,
    typer.Option(
        "--candidate", metavar="WHAT", help="What is judged: worktree, index or HEAD (default: what fits here)."
    ),
]
WriteWaivers: TypeAlias = Annotated[
    bool, typer.Option("--write-waivers", help="Accept what fails now: append waivers to the configuration.")
]
Reason: TypeAlias = Annotated[str, typer.Option("--reason", metavar="TEXT", help="The reason of the waivers written.")]
Owner: TypeAlias = Annotated[str, typer.Option("--owner", metavar="NAME", help="The owner of the waivers written.")]
Expires: TypeAlias = Annotated[
    str, typer.Option("--expires", metavar="DATE", help="The last day (YYYY-MM-DD) of the waivers written.")
]
Shard: TypeAlias = Annotated[
    str, typer.Option("--shard", metavar="I/N", help="Judge part I of N of the subjects; `merge` joins the reports.")
]


def command(
    paths: Paths = None,
    against: Against = "",
    everything: Everything = False,
    candidate: Candidate = "",
    config: options.Config = "",
    no_config: options.NoConfig = False,
    format_: options.ReportFormat = "text",
    outputs: options.ReportOutputs = None,
    fail_on: options.FailOn = "",
    severity: options.Severities = None,
    exit_zero: options.ExitZero = False,
    stdin_filename: options.StdinFilename = "",
    registry: options.Registry = "",
    offline: options.Offline = False,
    ignore_deleted: options.IgnoreDeleted = False,
    shard: Shard = "",
    fix: fixes.Fix = False,
    diff: fixes.Diff = False,
    unsafe_fixes: fixes.UnsafeFixes = False,
    write_waivers: WriteWaivers = False,
    reason: Reason = "",
    owner: Owner = "",
    expires: Expires = "",
    color: options.Color = "auto",
    verbose: options.Verbose = False,
) -> None:
    """Judge what is proposed against everything that was published.

    Exit codes: 0 clean, 1 findings at or above --fail-on, 2 usage or configuration, 3 could not decide.
    """
    from schemagate.app.request import CheckRequest

    files = output.outputs_of(outputs or [])
    request = CheckRequest(
        **surroundings(),
        paths=tuple(p for p in paths or [] if p != options.STDIN),
        config=config or None,
        no_config=no_config,
        against=against,
        candidate=_candidate(candidate),
        everything=everything or write_waivers,
        fail_on=options.fail_on_of(fail_on),
        severities=options.severities_of(severity or []),
        stdin=options.stdin_of(paths or [], stdin_filename, "check"),
        stdin_path=stdin_filename,
        registry=registry,
        offline=offline,
        ignore_deleted=ignore_deleted,
        shard=options.shard_of(shard),
    )
    asked = fixes.Asked(fix, diff, unsafe_fixes, write_waivers, request.stdin is not None, format_)
    if request.shard is not None and (asked.wanted or write_waivers):
        raise UsageError("--shard only judges: it goes with none of --fix, --diff, --write-waivers", hint=WITHOUT)
    _alone(format_, files, reason, owner, expires, written=write_waivers)
    report = _fixed(request, asked) if asked.wanted else _judged(request)
    if write_waivers:
        raise typer.Exit(_adopted(request, report, reason, owner, expires))
    fixes.tell(report, format_, files, diff=diff, colour=color, verbose=verbose)
    raise typer.Exit(0 if exit_zero and report.exit_code == 1 else report.exit_code)


def _judged(request: CheckRequest) -> Report:
    from schemagate.app.check import check

    return check(request)


def _fixed(request: CheckRequest, asked: fixes.Asked) -> Report:
    from schemagate.app.fix_runs import fix_check

    return fixes.carried_out(fix_check(request, unsafe=asked.unsafe), diff=asked.diff)


def _adopted(request: CheckRequest, report: Report, reason: str, owner: str, expires: str) -> int:
    """Writes the waivers and says so; the exit code tells whether anything is left that no waiver can accept."""
    from schemagate.app.adopt import adopt
    from schemagate.report.adoption import render

    adoption = adopt(request, report, reason=reason, owner=owner, expires=expires)
    output.say(render(adoption))
    return 3 if report.undecided else int(bool(adoption.remaining))


def _alone(
    format_: str, files: Sequence[tuple[str, Path]], reason: str, owner: str, expires: str, *, written: bool
) -> None:
    """UsageError for what would be left out in silence: a report while waivers are written, terms while none are."""
    if written and (format_ != "text" or files):
        raise UsageError(
            "--write-waivers tells what it wrote: it goes with neither --format nor --output",
            hint="run check again for the report",
        )
    if not written and (reason or owner or expires):
        raise UsageError("--reason, --owner and --expires go with --write-waivers", hint="see: schemagate check --help")


def _candidate(name: str) -> str:
    if name and name not in CANDIDATES:
        raise UsageError(f"--candidate {name}: no such choice", hint=f"choose one of {', '.join(CANDIDATES)}")
    return name
