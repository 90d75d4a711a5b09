"""A typer command that does nothing with the one file that it is given: what any such command costs."""

from __future__ import annotations

import typer


def command(path: str) -> None:
    """Looks the other way."""
    del path


if __name__ == "__main__":
    typer.run(command)
