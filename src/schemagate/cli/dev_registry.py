"""``schemagate dev-registry``: a schema registry for development and tests, without Kafka and without a cluster."""

from __future__ import annotations

import gc
import ipaddress
import os
import sys
from typing import Annotated, Final

import typer

from schemagate.cli import options, output
from schemagate.errors import UsageError

MEMORY: Final = ":memory:"
LEVEL: Final = "FULL_TRANSITIVE"


def command(
    port: Annotated[int, typer.Option(metavar="NUMBER", min=0, max=65535, help="The port; 0 takes a free one.")] = 8081,
    database: Annotated[
        str, typer.Option(metavar="FILE", help="The SQLite file that keeps everything; :memory: keeps nothing.")
    ] = MEMORY,
    mode: Annotated[
        str,
        typer.Option(
            "--mode", metavar="MODE", help="The compatibility level where none was set.", callback=options.mode_of
        ),
    ] = LEVEL,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="The address to listen on.")] = "127.0.0.1",
    not_for_production: Annotated[
        bool,
        typer.Option(
            "--not-for-production",
            help="Listen beyond this machine: no TLS, no audit, no replicas, so never what services depend on.",
        ),
    ] = False,
) -> None:
    """Serve a Confluent-compatible schema registry from one SQLite file, on this machine only.

    Prints its URL on standard output, in one line, when it is ready. SIGINT and SIGTERM end it with exit code 0.
    """
    from schemagate.devregistry import extra

    _check_host(host, allowed=not_for_production)
    extra.check()
    from schemagate.devregistry import server
    from schemagate.devregistry.users import users_of

    users = users_of(os.environ)
    with server.opened(database, mode or LEVEL) as keeper, server.bound(host, port) as listening:
        app = server.application(keeper, users)
        kept = "in memory, gone when it ends (--database FILE keeps it)" if database == MEMORY else database
        sys.stderr.write(
            f"schemagate dev-registry: {mode or LEVEL}, {kept}; for development and tests. Ctrl-C ends it.\n"
        )
        gc.enable()  # A command that ends soon does without; a server must not.
        server.serve(app, listening, lambda: output.say(f"{server.url_of(listening)}\n"))


def _check_host(host: str, *, allowed: bool) -> None:
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback and not allowed:
        raise UsageError(
            f"--host {host}: the embedded registry listens on this machine only",
            hint="it has no TLS, no audit and no replicas: services must not depend on it\n"
            "to reach it from a container or another test machine all the same, add --not-for-production",
        )
