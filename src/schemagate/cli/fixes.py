"""What ``lint`` and ``check`` share of fixing: the options, and what is said of what was done."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeAlias

import typer

from schemagate.cli import output
from schemagate.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from schemagate.app.fixing import Fixing
    from schemagate.finding import Report

Fix: TypeAlias = Annotated[
    bool, typer.Option("--fix", help="Write the safe fixes into the files, then judge what is left.")
]
Diff: TypeAlias = Annotated[
    bool, typer.Option("--diff", help="Show what --fix would write, as a diff, and write nothing.")
]
UnsafeFixes: TypeAlias = Annotated[
    bool,
    typer.Option("--unsafe-fixes", help="With --fix or --diff: also fixes that pick a meaning (a default, a name)."),
]


class Asked(NamedTuple):
    """What the options ask for."""

    fix: bool
    diff: bool
    unsafe: bool
    waivers: bool
    stdin: bool
    format: str

    @property
    def wanted(self) -> bool:
        """Whether to fix at all; UsageError for options that do not go together."""
        if self.unsafe and not (self.fix or self.diff):
            raise UsageError("--unsafe-fixes goes with --fix or --diff", hint="--diff shows them and writes nothing")
        if self.stdin and self.fix and not self.diff:
            raise UsageError("--fix cannot write standard input", hint="--diff shows what it would change")
        if self.waivers and (self.fix or self.diff):
            raise UsageError("--write-waivers accepts what --fix would repair", hint="fix first, then write waivers")
        if self.diff and self.format != "text":
            hint = f"add --output {self.format}=FILE for the report"
            raise UsageError("--diff takes standard output for the diff: it does not go with --format", hint=hint)
        return self.fix or self.diff


def carried_out(found: Fixing, *, diff: bool) -> Report:
    """Writes the files, and gives the report on what is left; with ``diff`` shows what would be written instead.

    The diff goes to standard output, for ``git apply``, what it comes to goes to standard error, and the report is on
    the files as they are.
    """
    if not diff:
        from schemagate.app.fixing import write

        write(found)
        return found.after
    output.say(found.diff)
    many = f"{len(found.fixed)} finding{'' if len(found.fixed) == 1 else 's'}"
    files = f"{len(found.changes)} file{'' if len(found.changes) == 1 else 's'}"
    said = f"--fix would repair {many} in {files}" if found.changes else "there is nothing that --fix would change"
    sys.stderr.write(f"schemagate: {said}\n")
    return found.before


def tell(
    report: Report, name: str, files: Sequence[tuple[str, Path]], *, diff: bool, colour: str, verbose: bool
) -> None:
    """The report in its files and on standard output, which ``diff`` has taken already."""
    if diff:
        output.save(report, files, verbose=verbose)
    else:
        output.tell(report, name, files, colour=colour, verbose=verbose)
