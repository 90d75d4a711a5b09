"""``schemagate drift``: the registry against the repository."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from schemagate.cli import options, output
from schemagate.cli.request import surroundings

if TYPE_CHECKING:
    from schemagate.report.drift import Drift


def command(
    prefix: Annotated[
        list[str] | None,
        typer.Option(metavar="TEXT", help="Subjects that begin so belong here: unmanaged ones are drift (repeatable)."),
    ] = None,
    registry: options.Registry = "",
    against: Annotated[
        str, typer.Option(metavar="REF", help="The history of this git ref instead of the baseline.")
    ] = "",
    config: options.Config = "",
    ignore_deleted: options.IgnoreDeleted = False,
    format_: options.PlainFormat = "text",
    outputs: options.PlainOutputs = None,
    exit_zero: options.ExitZero = False,
    color: options.Color = "auto",
) -> None:
    """Tell where the registry and the repository differ; writes nothing.

    Exit codes: 0 no drift, 1 drift, 2 usage or configuration, 3 could not look.
    """
    from schemagate.app.drift import drift
    from schemagate.app.request import CheckRequest

    files = output.outputs_of(outputs or [], output.PLAIN)
    request = CheckRequest(
        **surroundings(),
        config=config or None,
        against=against,
        registry=registry,
        ignore_deleted=ignore_deleted,
    )
    found = drift(request, tuple(prefix or ()))
    for name, path in files:
        output.write(path, lambda name=name: _rendered(found, name, "never"))  # type: ignore[misc]
    output.say(_rendered(found, format_, color))
    raise typer.Exit(0 if exit_zero else found.exit_code)


def _rendered(found: Drift, name: str, color: str) -> str:
    if name == "json":
        from schemagate.report.drift_json import dump

        return dump(found)
    from schemagate.report.drift import render

    return render(found, **output.dress(color))
