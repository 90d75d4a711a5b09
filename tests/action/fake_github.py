"""GitHub's comments on one pull request, as its REST interface shows them, on a free port of this machine."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

BOT = {"login": "github-actions[bot]", "type": "Bot"}
PERSON = {"login": "mallory", "type": "User"}


class GitHub:
    """Comments, and every request that was made. ``refusals`` maps a method to the status that answers it."""

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = []
        self.requests: list[str] = []
        self.refusals: dict[str, list[int]] = {}
        self.tokens: set[str] = set()
        self.url = ""

    def write(self, body: str, user: dict[str, str] = BOT) -> dict[str, Any]:
        comment = {"id": 1000 + len(self.comments), "body": body, "user": user}
        self.comments.append(comment)
        return comment

    @property
    def bodies(self) -> list[str]:
        return [comment["body"] for comment in self.comments]

    def answer(self, method: str, target: str, body: bytes, token: str) -> tuple[int, Any]:
        self.requests.append(f"{method} {target}")
        self.tokens.add(token)
        if self.refusals.get(method):
            return self.refusals[method].pop(0), {"message": f"no, {token}"}
        parts = urlsplit(target)
        if parts.path == "/user":
            return 403, {"message": "Resource not accessible by integration"}
        if method == "GET":
            query = {name: int(values[0]) for name, values in parse_qs(parts.query).items()}
            size, page = query.get("per_page", 30), query.get("page", 1)
            return 200, self.comments[(page - 1) * size : page * size]
        text = json.loads(body)["body"]
        if len(text) > 65_536:
            return 422, {"message": "Body is too long (maximum is 65536 characters)"}
        if method == "POST":
            return 201, self.write(text)
        (found,) = [c for c in self.comments if parts.path.endswith(f"/comments/{c['id']}")]
        found["body"] = text
        return 200, found


@contextlib.contextmanager
def running() -> Iterator[GitHub]:
    """A server until the end of the block."""
    github = GitHub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version: ClassVar[str] = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, value = github.answer(self.command, self.path, body, self.headers.get("Authorization", ""))
            data = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = _answer  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            """Nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    github.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield github
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
