"""``schemagate size``: what a message costs as JSON and as Avro, alone and in compressed batches."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from schemagate.cli import options, output


def command(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="PATHS...", help="Schema files and directories (default: here).")
    ] = None,
    data: Annotated[
        str, typer.Option(metavar="FILE", help="JSON lines of one schema, measured in place of generated data.")
    ] = "",
    seed: Annotated[
        int, typer.Option(metavar="NUMBER", min=0, help="What the generated data begins with: the same gives the same.")
    ] = 0,
    messages: Annotated[
        int, typer.Option(metavar="NUMBER", min=1, max=100_000, help="Generated messages of each schema.")
    ] = 1_000,
    config: options.Config = "",
    no_config: options.NoConfig = False,
    format_: options.PlainFormat = "text",
    color: options.Color = "auto",
) -> None:
    """Measure messages as JSON with field names and as Avro with the registry's 5-byte header.

    Exit codes: 0 measured, 2 usage or configuration, 3 something could not be measured.
    """
    from schemagate.app.size import SizeRequest, size

    request = SizeRequest(os.getcwd(), tuple(paths or ()), data, seed, messages, config, no_config)
    sized = size(request)
    if format_ == "json":
        from schemagate.report.size_json import dump

        output.say(dump(sized))
    else:
        from schemagate.report.size import render

        output.say(render(sized, **output.dress(color)))
    if sized.exit_code:
        raise typer.Exit(sized.exit_code)
