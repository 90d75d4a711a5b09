"""``schemagate verify``: real data, decoded with every version that a consumer may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from schemagate.cli import options, output
from schemagate.cli.request import surroundings

if TYPE_CHECKING:
    from schemagate.report.verification import Verification

Paths: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(metavar="PATHS...", help="The file of the schema whose data it is, where several may be meant."),
]
Data: TypeAlias = Annotated[
    str, typer.Option(metavar="FILE", help="An Avro container file, JSON lines, or registry-framed messages.")
]
Subject: TypeAlias = Annotated[str, typer.Option(metavar="NAME", help="The subject whose data it is.")]
Kind: TypeAlias = Annotated[
    str,
    typer.Option(
        "--as", metavar="KIND", help="container, json, messages (one a line) or delimited; default: by its content."
    ),
]
Writer: TypeAlias = Annotated[
    str, typer.Option(metavar="WRITER", help="What JSON lines were written with: a file, or a version such as v2.")
]
Against: TypeAlias = Annotated[
    str, typer.Option(metavar="REF", help="The versions of this git ref instead of the baseline.")
]


def command(
    paths: Paths = None,
    data: Data = "",
    subject: Subject = "",
    kind: Kind = "",
    schema: Writer = "",
    against: Against = "",
    config: options.Config = "",
    no_config: options.NoConfig = False,
    registry: options.Registry = "",
    offline: options.Offline = False,
    format_: options.PlainFormat = "text",
    color: options.Color = "auto",
) -> None:
    """Decode real data with the candidate and every published version, and say which fail: before a waiver is signed.

    Exit codes: 0 all read all of it, 1 a version fails, 2 usage or configuration, 3 could not look.
    """
    from schemagate.app.request import CheckRequest
    from schemagate.app.verify import VerifyRequest, verify
    from schemagate.errors import UsageError

    if not data:
        raise UsageError("verify needs data", hint="schemagate verify --data orders.avro")
    check = CheckRequest(
        **surroundings(),
        paths=tuple(paths or ()),
        config=config or None,
        no_config=no_config,
        against=against,
        registry=registry,
        offline=offline,
    )
    found = verify(VerifyRequest(check, data, subject, kind, schema))
    output.say(_told(found, format_, color))
    raise typer.Exit(found.exit_code)


def _told(found: Verification, format_: str, color: str) -> str:
    from schemagate.report.verification import dump, render

    return dump(found) if format_ == "json" else render(found, **output.dress(color))
