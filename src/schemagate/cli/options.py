"""The options that several commands share, each written once, and what their values mean."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Annotated, TypeAlias, TypeVar

import typer
from typer.models import OptionInfo

from schemagate.cli.output import COLOURS, FORMATS, PLAIN, format_of, say
from schemagate.errors import UsageError
from schemagate.finding import Severity

STDIN = "-"
MOST_DIGITS = 4
"""Of the number of shards."""

Chosen = TypeVar("Chosen", str, bool)


def completed(values: Sequence[str]) -> Callable[[str], list[str]]:
    """What a shell offers for an option or argument that takes one of these."""

    def beginning(incomplete: str) -> list[str]:
        return [value for value in values if value.startswith(incomplete)]

    return beginning


def completed_rule(incomplete: str) -> list[str]:
    """The rules whose id begins so."""
    from schemagate.rules.catalog import BY_ID

    return [rule for rule in sorted(BY_ID) if rule.startswith(incomplete)]


def format_option(formats: Sequence[str]) -> OptionInfo:
    """``--format`` of a command that renders these, and refuses the others before it does anything."""

    def chosen(name: str) -> str:
        return format_of(name, formats)

    listed = f"{', '.join(formats[:-1])} or {formats[-1]}"
    made: OptionInfo = typer.Option(
        "--format",
        metavar="FORMAT",
        help=f"Format on standard output: {listed}.",
        callback=chosen,
        autocompletion=completed(formats),
    )
    return made


def colour_of(choice: str) -> str:
    """A choice of ``--color``."""
    if choice not in COLOURS:
        raise UsageError(f"--color {choice}: no such choice", hint=f"choose one of {', '.join(COLOURS)}")
    return choice


def given(parameter: typer.CallbackParam, text: str) -> str:
    """What must be typed; UsageError for an empty text, which a variable that is not set leaves behind."""
    if not text:
        name = (parameter.human_readable_name or "").upper()
        raise UsageError(f"{name} is empty", hint="is it a variable that is not set?")
    return text


def one_configuration(context: typer.Context, chosen: Chosen) -> Chosen:
    """``--config`` or ``--no-config``, as given; UsageError for both. Whichever is read last sees the other."""
    if chosen and (context.params.get("config") or context.params.get("no_config")):
        raise UsageError("--config and --no-config exclude each other", hint="leave out one of them")
    return chosen


def mode_of(name: str) -> str:
    """A compatibility mode as the registry writes it (``full-transitive`` is one too); empty for an empty text."""
    from schemagate.compat.modes import Mode

    mode = name.upper().replace("-", "_")
    if mode and mode not in list(Mode):
        raise UsageError(f"--mode {name}: no such compatibility mode", hint=f"choose one of {', '.join(Mode)}")
    return mode


Config: TypeAlias = Annotated[
    str,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Use this configuration file instead of the one found.",
        callback=one_configuration,
    ),
]
NoConfig: TypeAlias = Annotated[
    bool, typer.Option("--no-config", help="Ignore the configuration.", callback=one_configuration)
]
ReportFormat: TypeAlias = Annotated[str, format_option(FORMATS)]
PlainFormat: TypeAlias = Annotated[str, format_option(PLAIN)]
PageFormat: TypeAlias = Annotated[str, format_option((*PLAIN, "markdown"))]
ReportOutputs: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--output", metavar="FORMAT=FILE", help="Write any of these formats to a file too (repeatable)."),
]
PlainOutputs: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--output", metavar="FORMAT=FILE", help="Write text or json to a file too (repeatable)."),
]
FailOn: TypeAlias = Annotated[
    str,
    typer.Option(
        "--fail-on",
        metavar="LEVEL",
        help="Exit 1 from this severity on: notice, warning, error (default).",
        autocompletion=completed(("notice", "warning", "error")),
    ),
]
Severities: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--severity",
        metavar="RULE=LEVEL",
        help="A rule's severity in this run: off, notice, warning or error (repeatable).",
        autocompletion=completed_rule,
    ),
]
ExitZero: TypeAlias = Annotated[bool, typer.Option("--exit-zero", help="Exit 0 even with findings.")]
StdinFilename: TypeAlias = Annotated[
    str, typer.Option("--stdin-filename", metavar="FILE", help="The file that standard input stands for.")
]
Color: TypeAlias = Annotated[
    str,
    typer.Option(
        "--color",
        metavar="WHEN",
        help="auto, always or never.",
        callback=colour_of,
        autocompletion=completed(COLOURS),
    ),
]
Verbose: TypeAlias = Annotated[
    bool, typer.Option("--verbose", "-v", help="Show accepted findings in full, and what was looked at.")
]
Registry: TypeAlias = Annotated[
    str, typer.Option("--registry", metavar="NAME", help="Which of several configured registries is asked.")
]
Offline: TypeAlias = Annotated[
    bool, typer.Option("--offline", help="Ask no registry; the report says what was not checked.")
]
IgnoreDeleted: TypeAlias = Annotated[
    bool, typer.Option("--ignore-deleted", help="Leave out what is softly deleted in the registry.")
]


def fail_on_of(level: str) -> Severity | None:
    """The severity that ``--fail-on`` names; None for an empty text, which leaves it to the configuration."""
    return _level(f"--fail-on {level}", level, tuple(Severity)[1:]) if level else None


def severities_of(options: Sequence[str]) -> dict[str, Severity]:
    """``RULE=LEVEL`` options as a mapping; UsageError for a rule that does not exist."""
    if not options:
        return {}
    from schemagate.config.issues import meant
    from schemagate.rules.catalog import BY_ID

    found = {}
    for option in options:
        rule, equals, level = option.partition("=")
        if not equals:
            raise UsageError(f"--severity {option}: expected RULE=LEVEL", hint="for example missing-doc=warning")
        if rule not in BY_ID:
            hint = meant(rule, BY_ID, "`schemagate rules` lists them")
            raise UsageError(f"--severity {option}: there is no rule {rule}", hint=hint)
        found[rule] = _level(f"--severity {option}", level, tuple(Severity))
    return found


def _level(typed: str, name: str, choices: Sequence[Severity]) -> Severity:
    named = {severity.label: severity for severity in choices}
    if name.lower() not in named:
        raise UsageError(f"{typed}: no such severity", hint=f"choose one of {', '.join(named)}")
    return named[name.lower()]


def tell_version(wanted: bool) -> None:
    """Tells the version and ends, where that is asked for."""
    if wanted:
        from schemagate._version import __version__

        say(f"schemagate {__version__}\n")
        raise typer.Exit


def root(
    version: Annotated[
        bool,
        typer.Option("--version", "-V", help="Show the version and exit.", is_eager=True, callback=tell_version),
    ] = False,
) -> None:
    """What stands before the command's name: the application stays a group of commands."""


def shard_of(text: str) -> tuple[int, int] | None:
    """``2/4`` as (2, 4); None for an empty text."""
    if not text:
        return None
    index, slash, count = text.partition("/")
    digits = index.isdecimal() and count.isdecimal() and len(index) <= MOST_DIGITS and len(count) <= MOST_DIGITS
    if not (slash and digits and 1 <= int(index) <= int(count)):
        raise UsageError(f"--shard {text}: expected I/N with I from 1 to N", hint="for example --shard 2/4")
    return int(index), int(count)


def stdin_of(paths: list[str], name: str, command: str) -> bytes | None:
    """Standard input where ``-`` is among the paths; UsageError if ``-`` and its file's name do not come together."""
    if STDIN not in paths:
        if name:
            hint = f"schemagate {command} - --stdin-filename {name}"
            raise UsageError("--stdin-filename goes with - as the path", hint=hint)
        return None
    if not name:
        raise UsageError("- needs --stdin-filename, so that the text has a place", hint="name the file it stands for")
    return sys.stdin.buffer.read()
