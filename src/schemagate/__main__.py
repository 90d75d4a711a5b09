"""The command's first step: is this Python new enough, is it only ``--version``; the rest is ``schemagate.cli``.

Its syntax stays that of Python 3.6, so that an old Python gets far enough to say what is needed.
"""

import atexit
import gc
import os
import sys

from schemagate._version import __version__

MINIMUM_PYTHON = (3, 11)


def main() -> int:
    """Run the command on ``sys.argv``; the result is the exit code."""
    if sys.version_info < MINIMUM_PYTHON:
        needed, found = (".".join(map(str, version)) for version in (MINIMUM_PYTHON, sys.version_info[:3]))
        sys.stderr.write(f"schemagate needs Python {needed} or newer; this is {found} ({sys.executable})\n")
        return 2
    if sys.argv[1:2] in (["--version"], ["-V"]):  # answered before typer is imported: five times as fast
        sys.stdout.write(f"schemagate {__version__}\n")
        return 0

    from schemagate.cli.main import main as run

    return run(sys.argv[1:])


def command() -> None:
    """Run the command as this process's whole work, and end the process."""
    # A run makes many small objects that live until its end, and hardly a cycle: collecting costs a sixth of it.
    gc.disable()
    code = main()
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):  # nobody listens any more: Python's own end says what is to be said
        sys.exit(code)
    atexit._run_exitfuncs()  # noqa: SLF001 - there is no public name for "as at any other end"
    # What a run over thousands of versions has made is not taken apart piece by piece: that costs a tenth of the run.
    os._exit(code)


if __name__ == "__main__":
    command()
