"""The command line: which command, its exit code, and what is said when something goes wrong."""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING, Final

from schemagate.errors import ConfigError, SchemagateError

if TYPE_CHECKING:
    import typer

COMMANDS: Final = {
    "check": "The gate: lint, and compatibility with all that is published.",
    "merge": "One report from the reports of all shards of a check.",
    "lint": "One schema at a time, without git.",
    "diff": "What changed between two schemas, and what it means.",
    "plan": "What register would do: every write, in order, and why.",
    "register": "Registers what is merged: safe to run again at any point.",
    "drift": "The registry against the repository.",
    "pull": "The registry's subjects as files, with a configuration.",
    "migrate": "The compatible way through a breaking change, step by step.",
    "history": "Every version of a subject: when, where, what changed.",
    "size": "What a message costs: JSON against Avro, alone and batched.",
    "verify": "Real data, read with every version that a consumer may hold.",
    "rules": "The rules, with their severities.",
    "explain": "One rule's page: why, and what to do.",
    "dev-registry": "A schema registry for development, in one SQLite file.",
    "init": "Configuration, workflow and hook for this repository.",
}
"""Each lives in ``schemagate.cli.<name>`` (``-`` is ``_`` there) as ``command``; only the one run is imported.

Each is short enough for a line of 80 columns; the whole help of a command is its docstring."""

ABOUT: Final = "The gate between a change to an Avro schema and everyone who reads the data."
INTERRUPTED: Final = 130
BUG: Final = 70


def main(argv: list[str] | None = None) -> int:
    """Runs one command; returns the process's exit code and never raises."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    _open_what_is_closed()
    try:
        build(_typed() or arguments)(args=arguments, prog_name="schemagate")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except SchemagateError as error:
        _complain(error)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the one place where a bug of ours becomes exit 70
        return _confess(error)
    return 0


def _open_what_is_closed() -> None:
    """Python has None for a stream that was closed (``>&-``): the verdict is still the exit code."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - open until the end


def build(arguments: list[str] | None = None) -> typer.Typer:
    """The application; with arguments, only the command that they name is imported."""
    import typer

    from schemagate.cli.options import root

    app = typer.Typer(
        help=ABOUT,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    wanted = next((a for a in arguments or () if not a.startswith("-")), None)
    # A command's own words follow: nobody will see the others, and a parser of each would be made for nothing.
    alone = arguments is not None and wanted in COMMANDS and arguments[:1] == [wanted] and not _typed()
    for name, about in COMMANDS.items():
        if alone and name != wanted:
            continue
        if arguments is None or wanted == name:
            module = importlib.import_module(f"schemagate.cli.{name.replace('-', '_')}")
            app.command(name, short_help=about)(module.command)
        else:
            app.command(name, short_help=about)(_unused)
    app.callback()(root)
    return app


def _typed() -> list[str]:
    """The words so far, where a shell asks how they may go on; empty in every other run.

    bash hands them over in ``COMP_WORDS``, the other shells in ``_TYPER_COMPLETE_ARGS``, behind the program's name.
    """
    if "_SCHEMAGATE_COMPLETE" not in os.environ:
        return []
    words = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", "")
    return words.split()[1:]


def _unused() -> None:
    """Stands in, in the help, for a command that this run does not need."""


def _complain(error: SchemagateError) -> None:
    from schemagate.report.escape import clean, guard

    place = ""
    if isinstance(error, ConfigError):
        place = ":".join(str(part) for part in (error.path, error.line, error.column) if part is not None) + ": "
    for line in (f"schemagate: {place}{error.message}", *(f"  {row}" for row in error.hint.splitlines())):
        sys.stderr.write(guard(clean(line)) + "\n")


def _confess(error: Exception) -> int:
    import traceback

    from schemagate._version import __version__

    sys.stderr.write("".join(traceback.format_exception(error)))
    sys.stderr.write(
        f"schemagate {__version__}: this is a bug in schemagate, not in your schemas.\n"
        "  Please report it with the lines above and, if you may share it, the schema.\n"
    )
    return BUG
