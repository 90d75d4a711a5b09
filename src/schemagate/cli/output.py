"""Where a report goes: standard output in one format, files in others; and how a terminal is dressed."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypedDict

from schemagate.errors import UsageError
from schemagate.finding import Report, Severity

PROGRAMS: Final = {
    "json": ("json_view", "dump"),
    "github": ("github", "render"),
    "markdown": ("markdown", "render"),
    "markdown-comment": ("markdown", "comment"),
    "sarif": ("sarif", "render"),
    "junit": ("junit", "render"),
    "gitlab": ("gitlab", "render"),
}
"""Format → its module below ``schemagate.report`` and the function that makes the text."""
FORMATS: Final = ("text", *PROGRAMS)
PLAIN_WIDTH: Final = 100
"""Columns of text that is not written to a terminal."""


def severity_of(name: str, option: str) -> Severity:
    """A severity by its name; UsageError names the option and the choices."""
    try:
        return Severity[name.upper()]
    except KeyError:
        choices = ", ".join(s.label for s in Severity)
        raise UsageError(f"{option} {name}: no such severity", hint=f"choose one of {choices}") from None


def severities_of(options: Sequence[str]) -> dict[str, Severity]:
    """``rule=level`` options as a mapping."""
    found = {}
    for option in options:
        rule, equals, level = option.partition("=")
        if not equals:
            raise UsageError(f"--severity {option}: expected RULE=LEVEL", hint="for example missing-doc=warning")
        found[rule] = severity_of(level, "--severity")
    return found


def outputs_of(options: Sequence[str]) -> list[tuple[str, Path]]:
    """``format=file`` options, checked before the run so that nothing is judged in vain."""
    found = []
    for option in options:
        name, equals, path = option.partition("=")
        if not equals or not path:
            raise UsageError(f"--output {option}: expected FORMAT=FILE", hint="for example json=report.json")
        found.append((format_of(name), Path(path)))
    return found


def format_of(name: str) -> str:
    """A known format's name."""
    if name not in FORMATS:
        raise UsageError(f"there is no format {name}", hint=f"choose one of {', '.join(FORMATS)}")
    return name


def colour_wanted(choice: str) -> bool:
    """Colour as asked; ``auto`` follows NO_COLOR, FORCE_COLOR and the terminal, in this order."""
    if choice in ("always", "never"):
        return choice == "always"
    if choice != "auto":
        raise UsageError(f"--color {choice}: no such choice", hint="choose one of auto, always, never")
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def columns() -> int:
    """The width to write for: the terminal's, COLUMNS, or a fixed one."""
    fallback = PLAIN_WIDTH if not sys.stdout.isatty() else 80
    return shutil.get_terminal_size((fallback, 24)).columns


class Dress(TypedDict):
    """What every renderer of text is told of its surroundings."""

    colour: bool
    width: int
    ascii: bool


def dress(colour: str) -> Dress:
    """How text for standard output is dressed."""
    return Dress(colour=colour_wanted(colour), width=columns(), ascii=not _speaks_unicode())


def rendered(report: Report, name: str, *, colour: bool, verbose: bool) -> str:
    """The report in one format."""
    if name != "text":
        return _for_programs(report, name)
    from schemagate.report.text import render
    from schemagate.suppress import waiver_text

    return render(
        report,
        colour=colour,
        width=columns(),
        ascii=not _speaks_unicode(),
        verbose=verbose,
        waiver=waiver_text,
    )


def _for_programs(report: Report, name: str) -> str:
    """Formats that do not depend on who looks at them; each module is loaded only where it is asked for."""
    module, render = PROGRAMS[name]
    made: str = getattr(importlib.import_module(f"schemagate.report.{module}"), render)(report)
    return made


def tell(report: Report, name: str, files: Sequence[tuple[str, Path]], *, colour: str, verbose: bool) -> None:
    """Writes the report to its files, then to standard output."""
    save(report, files, verbose=verbose)
    say(rendered(report, name, colour=name == "text" and colour_wanted(colour), verbose=verbose))


def save(report: Report, files: Sequence[tuple[str, Path]], *, verbose: bool) -> None:
    """Writes the report to its files."""
    for other, path in files:
        write(path, lambda other=other: rendered(report, other, colour=False, verbose=verbose))  # type: ignore[misc]


def say(text: str) -> None:
    """Writes to standard output, whatever its encoding can hold."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()


def _speaks_unicode() -> bool:
    try:
        "─│└╭…•".encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def write(path: Path, make: Callable[[], str]) -> None:
    """Writes a file whole or not at all; UsageError where that cannot be done.

    A pipe or a device, and whatever stands below ``/dev``, is written to and stays what it is. A symbolic link to a
    file is replaced, not followed: a proposed change may have put it there.
    """
    from schemagate.adapters.files import put_whole

    content = make().encode("utf-8")
    try:
        if path.is_relative_to("/dev") or (path.exists() and not path.is_file()):
            path.write_bytes(content)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            put_whole(str(path), content)
    except OSError as error:
        raise UsageError(
            f"cannot write {path}: {error.strerror}", hint="name a file in a writable directory"
        ) from error
