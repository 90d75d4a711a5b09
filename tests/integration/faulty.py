"""A network that misbehaves: an HTTP proxy on loopback that spoils a given share of the requests, by a given seed."""

from __future__ import annotations

import http.client
import random
import select
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

FAULTS = ("drop", "delay", "reset", "reset-after", "truncate", "429", "500", "503", "late")
"""What can become of a request.

``drop``, ``reset`` and the statuses keep it from the registry; with ``delay`` it is only slow; with ``reset-after``,
``truncate`` and ``late`` the registry acts and the client does not learn of it: the connection is reset, the body ends
in the middle, or the answer comes when the client has given up.
"""

PATIENCE = 60.0
"""Seconds after which a late answer is given up, should the client never do so."""


class Network:
    """How one in ``one_in`` requests is spoiled, and what was done so far. Thread-safe."""

    def __init__(self, target: str, *, one_in: int, seed: int, faults: tuple[str, ...] = FAULTS) -> None:
        parts = urlsplit(target)
        self.host, self.port, self.path = parts.hostname, parts.port, parts.path.rstrip("/")
        self.one_in = one_in
        self.faults = faults
        self.url = ""
        self.done: Counter[str] = Counter()
        self.requests = 0
        self._random = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self._lock = threading.Lock()

    def fate(self) -> str:
        """What becomes of the next request: empty for nothing bad."""
        with self._lock:
            self.requests += 1
            if self.one_in == 0 or self._random.random() * self.one_in >= 1:
                return ""
            fault = self._random.choice(self.faults)
            self.done[fault] += 1
            return fault

    @property
    def told(self) -> str:
        """The faults by kind, as one phrase."""
        return ", ".join(f"{count} {fault}" for fault, count in sorted(self.done.items()))


@contextmanager
def faulty(target: str, *, one_in: int, seed: int, faults: tuple[str, ...] = FAULTS) -> Iterator[Network]:
    """Serves ``target`` under ``Network.url`` while the block runs."""
    network = Network(target, one_in=one_in, seed=seed, faults=faults)
    server = _Server(("127.0.0.1", 0), _handler(network))
    network.url = f"http://127.0.0.1:{server.server_port}{network.path}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield network
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A killed client leaves connections that break: that is what this server is for."""


def _handler(network: Network) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        timeout = PATIENCE

        def finish(self) -> None:
            super().finish()
            if (upstream := getattr(self, "upstream", None)) is not None:
                upstream.close()

        def do_GET(self) -> None:
            _serve(self, network)

        do_POST = do_PUT = do_DELETE = do_HEAD = do_GET  # noqa: N815 - the names that the base class calls

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _serve(handler: BaseHTTPRequestHandler, network: Network) -> None:
    body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    fate = network.fate()
    if fate == "drop":
        handler.close_connection = True
    elif fate == "reset":
        _reset(handler)
    elif fate.isdigit():
        headers = {"Retry-After": "0"} if fate == "429" else {}
        _reply(handler, int(fate), b'{"error_code": %s, "message": "not now"}' % fate.encode(), headers)
    else:
        if fate == "delay":
            threading.Event().wait(0.05)
        status, answer, headers = _forwarded(handler, body, network)
        if fate == "reset-after":
            _reset(handler)
        elif fate == "truncate":
            _reply(handler, status, answer, headers, keep=len(answer) // 2)
        else:
            if fate == "late":
                _until_it_gives_up(handler.connection)
            _reply(handler, status, answer, headers)


def _forwarded(handler: BaseHTTPRequestHandler, body: bytes, network: Network) -> tuple[int, bytes, dict[str, str]]:
    """The registry's own answer, over the one connection to it that belongs to the client's."""
    upstream = getattr(handler, "upstream", None)
    if upstream is None:
        upstream = handler.upstream = http.client.HTTPConnection(network.host, network.port, timeout=PATIENCE)
    kept = {name: value for name, value in handler.headers.items() if name.lower() not in {"host", "connection"}}
    try:
        upstream.request(handler.command, handler.path, body or None, kept)
        response = upstream.getresponse()
    except http.client.RemoteDisconnected:
        # The registry closed what was idle; it has seen nothing of this request.
        upstream.close()
        upstream.request(handler.command, handler.path, body or None, kept)
        response = upstream.getresponse()
    return response.status, response.read(), {"Content-Type": response.headers.get("Content-Type", "")}


def _reply(
    handler: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str], *, keep: int | None = None
) -> None:
    """Sends the answer, or only the first ``keep`` bytes of its body."""
    with suppress(OSError):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body if keep is None else body[:keep])
    if keep is not None:
        handler.close_connection = True


def _reset(handler: BaseHTTPRequestHandler) -> None:
    """Ends the connection with a reset: what was sent so far is lost too."""
    with suppress(OSError):
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True


def _until_it_gives_up(connection: socket.socket) -> None:
    """Waits until the other side has closed its end."""
    select.select([connection], [], [], PATIENCE)
