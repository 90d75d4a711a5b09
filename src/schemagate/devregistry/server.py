"""The embedded registry over HTTP: a Starlette application, and uvicorn to serve it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request as Incoming
from starlette.responses import Response
from starlette.routing import Route

from schemagate.devregistry import http
from schemagate.devregistry.journal import Journal
from schemagate.devregistry.keeper import Keeper
from schemagate.devregistry.store.values import Refusal, Request
from schemagate.devregistry.users import User
from schemagate.errors import UsageError

MOST_BYTES: Final = 10 * 1024 * 1024
"""The longest body that is read."""
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
BACKLOG: Final = 2048
GRACE: Final = 2
"""Seconds that requests under way are given when the server is told to stop."""


def application(keeper: Keeper, users: tuple[User, ...] = ()) -> Starlette:
    """The registry as an ASGI application. Requests are answered one after the other, on the event loop's thread."""

    async def endpoint(incoming: Incoming) -> Response:
        try:
            media = http.media_type(incoming.headers.get("accept", ""))
        except Refusal as refusal:
            return _response(refusal.answer.body, refusal.status, http.MEDIA[2])
        try:
            answer = keeper.answer(await _request(incoming, users))
        except Refusal as refusal:
            answer = refusal.answer
        return _response(answer.body, answer.status, media, raw=answer.raw)

    routes = [Route("/{path:path}", endpoint, methods=METHODS)]
    return Starlette(routes=routes, exception_handlers={Exception: _failed})


def _failed(_: Incoming, __: Exception) -> Response:
    """A bug of ours as the protocol says it; uvicorn writes the traceback to standard error."""
    return _response({"error_code": 500, "message": "Internal Server Error"}, 500, http.MEDIA[0])


def _response(body: object, status: int, media: str, *, raw: bool = False) -> Response:
    headers = {"WWW-Authenticate": 'Basic realm="schemagate"'} if status == 401 else None
    return Response(http.encoded(body, raw=raw), status, headers, media)


async def _request(incoming: Incoming, users: tuple[User, ...]) -> Request:
    """The request as the store knows it; a Refusal for one that does not get that far."""
    path = http.segments(incoming.scope["raw_path"])
    method = incoming.method
    http.check_rights(method, path, incoming.headers.get("authorization", ""), users)
    body = None
    if method in http.WITH_BODY and path:
        http.check_content(method, incoming.headers.get("content-type", ""))
        body = http.decoded(await _body(incoming))
    query = http.query_of(incoming.scope["query_string"])
    return Request(method, path, query, body, int(time.time() * 1000))


async def _body(incoming: Incoming) -> bytes:
    received = bytearray()
    async for chunk in incoming.stream():
        received += chunk
        if len(received) > MOST_BYTES:
            raise Refusal(413, 413, f"The body is longer than {MOST_BYTES} bytes")
    return bytes(received)


def bound(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. UsageError where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, so that asyncio knows it: it then sends small answers at once (TCP_NODELAY).
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        reason = error.strerror or str(error)
        raise UsageError(f"cannot listen on {host}:{port}: {reason}", hint="--port 0 takes a free port") from error
    return listening


def url_of(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def server_of(app: Starlette) -> uvicorn.Server:
    """What serves the application; ``run(sockets=[...])`` blocks until ``should_exit`` is set."""
    config = uvicorn.Config(
        app,
        access_log=False,
        http="h11",
        lifespan="off",
        log_config=None,
        loop="asyncio",
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=75,
        ws="none",
    )
    return uvicorn.Server(config)


@contextlib.contextmanager
def opened(database: str, level: str) -> Iterator[Keeper]:
    """The registry in a database file, or in ``:memory:``; closed at the end."""
    journal = Journal(database)
    try:
        yield Keeper(journal, level)
    finally:
        journal.close()


def serve(app: Starlette, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Calls ``ready``, then serves until SIGINT or SIGTERM, from ``ready`` on a clean end at any moment."""
    server = server_of(app)

    def end(number: int, frame: object) -> None:  # noqa: ARG001 - the signature of a signal handler
        server.should_exit = True

    # uvicorn has handlers of its own while it runs, and passes a signal on to these when it has stopped.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    ready()
    server.run(sockets=[listening])
