"""A proxy between a client and a registry that may kill the client, lose an answer, or let somebody else in."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import urlsplit

Meddle = Callable[[int, str, str], None]
"""(number of the request from 1, ``METHOD /path``, ``before`` or ``after`` the registry did it)."""


class LoseError(Exception):
    """Raised by who meddles: the client gets no answer."""


class _Between(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    target: ClassVar[str]
    meddle: ClassVar[Meddle]
    lock: ClassVar[threading.Lock]
    count: ClassVar[list[int]]

    def _pass(self) -> None:
        with self.lock:
            self.count[0] += 1
            number = self.count[0]
        what = f"{self.command} {urlsplit(self.path).path}"
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            type(self).meddle(number, what, "before")
            status, headers, data = self._forward(body)
            type(self).meddle(number, what, "after")
        except LoseError:
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Type", headers)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _forward(self, body: bytes) -> tuple[int, str, bytes]:
        target = urlsplit(self.target)
        connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=20)
        try:
            kept = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
            connection.request(self.command, self.path, body or None, kept)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Content-Type", ""), answer.read()
        finally:
            connection.close()

    do_GET = do_POST = do_PUT = do_DELETE = _pass  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A client that was killed in the middle of an answer is no news."""


@contextmanager
def between(url: str, meddle: Meddle) -> Iterator[str]:
    """The URL of a proxy before the registry at ``url``."""
    members = {"target": url, "meddle": staticmethod(meddle), "lock": threading.Lock(), "count": [0]}
    handler = type("Handler", (_Between,), members)
    server = _Server(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
