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
from schemagate.finding import Report

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
"""Of a report of findings."""
PLAIN: Final = ("text", "json")
"""Of what is no report of findings."""
COLOURS: Final = ("auto", "always", "never")
_SUMMARY_BYTES: Final = 1024 * 1024
"""GitHub refuses a step summary above."""
PLAIN_WIDTH: Final = 100
"""Columns of text that is not written to a terminal."""


def outputs_of(options: Sequence[str], formats: Sequence[str] = FORMATS) -> list[tuple[str, Path]]:
    """``format=file`` options, checked before the run so that nothing is judged in vain."""
    found = []
    for option in options:
        name, equals, path = option.partition("=")
        if not equals or not path:
            raise UsageError(f"--output {option}: expected FORMAT=FILE", hint="for example json=report.json")
        found.append((format_of(name, formats), place_of(path)))
    return found


def place_of(name: str) -> Path:
    """A file that can be written as far as is seen from here; UsageError before the run where it cannot."""
    path = Path(name)
    folder = path.parent
    beside = not _stays(path) and folder.exists()
    if path.is_dir() or (beside and not (folder.is_dir() and os.access(folder, os.W_OK))):
        raise UsageError(f"cannot write {path}", hint="name a file in a writable directory")
    return path


def format_of(name: str, formats: Sequence[str]) -> str:
    """The name, if it is one of the formats that the command renders; else UsageError with the list."""
    if name not in formats:
        raise UsageError(f"there is no format {name} here", hint=f"choose one of {', '.join(formats)}")
    return name


def colour_wanted(choice: str) -> bool:
    """Colour as asked; ``auto`` follows NO_COLOR, FORCE_COLOR and the terminal, in this order."""
    if choice in ("always", "never"):
        return choice == "always"
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
    """Writes the report to standard output, then to its files: a full disk hides no finding."""
    say(rendered(report, name, colour=name == "text" and colour_wanted(colour), verbose=verbose))
    save(report, files, verbose=verbose)


def save(report: Report, files: Sequence[tuple[str, Path]], *, verbose: bool) -> None:
    """Writes the report to its files."""
    for other, path in files:
        write(path, lambda other=other: rendered(report, other, colour=False, verbose=verbose))  # type: ignore[misc]


def say(text: str) -> None:
    """Writes to standard output, whatever its encoding can hold.

    Who closes the pipe early has seen enough: the run goes on, and ends with the exit code of what it found.
    """
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except OSError as error:
        sys.stdout = open(os.devnull, "w", encoding=encoding)  # noqa: SIM115, PTH123 - stays open until the end
        if not isinstance(error, BrokenPipeError):
            hint = "make room there, or write a file: --output FORMAT=FILE"
            raise UsageError(f"cannot write to standard output: {error.strerror}", hint=hint) from error


def _speaks_unicode() -> bool:
    try:
        "─│└╭…•".encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _stays(path: Path) -> bool:
    """Whether it is written to as it is, where a file would be made anew beside it."""
    return path.is_relative_to("/dev") or (path.exists() and not path.is_file())


def _told_before(path: Path, size: int) -> bytes:
    """What the step's summary says already, if there is room for both: a step may run the tool more than once."""
    if str(path) != os.environ.get("GITHUB_STEP_SUMMARY") or not path.is_file() or path.is_symlink():
        return b""
    before = path.read_bytes() if path.stat().st_size + size < _SUMMARY_BYTES else b""
    return before + b"\n" if before and not before.endswith(b"\n\n") else before


def write(path: Path, make: Callable[[], str]) -> None:
    """Writes a file whole or not at all; UsageError where that cannot be done.

    A pipe or a device, and whatever stands below ``/dev``, is written to and stays what it is. A symbolic link to a
    file is replaced, not followed: a proposed change may have put it there. GitHub's step summary is added to.
    """
    from schemagate.adapters.files import put_whole

    content = make().encode("utf-8")
    try:
        if _stays(path):
            path.write_bytes(content)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            put_whole(str(path), _told_before(path, len(content)) + content)
    except OSError as error:
        raise UsageError(
            f"cannot write {path}: {error.strerror}", hint="name a file in a writable directory"
        ) from error
