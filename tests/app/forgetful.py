"""A registry that leaves out docs and the like: what differs from a version in those alone counts as that version."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

JSON = {"Content-Type": "application/json"}


class _Forgetful(BaseHTTPRequestHandler):
    """Passes everything on, but for lookups and registrations that it takes for an older version."""

    protocol_version = "HTTP/1.1"
    target: ClassVar[str]
    members: ClassVar[tuple[str, ...]]

    def do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = urlsplit(self.path).path.split("/")[1:]
        found = self._taken_for(unquote(path[1]), json.loads(body)) if self._names_a_schema(path) else None
        if found is None:
            status, data = self._ask(self.command, self.path, body)
        else:
            status, data = 200, json.dumps(found if len(path) == 2 else {"id": found["id"]}).encode()
        self.send_response(status)
        for name, value in {**JSON, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = do  # noqa: N815 - the names that http.server calls

    def _names_a_schema(self, path: list[str]) -> bool:
        return self.command == "POST" and path[0] == "subjects" and path[2:] in ([], ["versions"])

    def _taken_for(self, subject: str, body: dict[str, Any]) -> dict[str, Any] | None:
        status, _ = self._ask("POST", f"/subjects/{subject}", json.dumps(body).encode())
        if status == 200:
            return None
        sent = self._short(body["schema"]), body.get("references", [])
        status, data = self._ask("GET", f"/subjects/{subject}/versions")
        for number in reversed(json.loads(data) if status == 200 else []):
            version = json.loads(self._ask("GET", f"/subjects/{subject}/versions/{number}")[1])
            if sent == (self._short(version["schema"]), version.get("references", [])):
                return version
        return None

    def _short(self, text: str) -> object:
        return json.loads(text, object_hook=lambda item: {k: v for k, v in item.items() if k not in self.members})

    def _ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        target = urlsplit(self.target)
        connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=20)
        try:
            connection.request(method, path, body or None, JSON if body else {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def forgetful(url: str, *members: str) -> Iterator[str]:
    """The address of a registry that leaves these members out of every comparison; what it has, ``url`` holds."""
    handler = type("Handler", (_Forgetful,), {"target": url, "members": members})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
