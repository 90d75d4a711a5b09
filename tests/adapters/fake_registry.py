"""A registry to test the client with: it keeps what it is given, judges as it is told, and misbehaves on demand."""

from __future__ import annotations

import json
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Reply = tuple[int, Any] | tuple[int, Any, dict[str, str]]
Trick = Callable[["Handler"], Reply | None]
"""Answers in the registry's place: a reply, or None after it has written (or not) to the handler's socket itself."""


def record(*fields: str, name: str = "com.acme.User") -> str:
    """The text of a record of nullable strings."""
    made = [{"name": each, "type": ["null", "string"], "default": None} for each in fields]
    return json.dumps({"type": "record", "name": name, "fields": made}, separators=(",", ":"))


@dataclass
class Version:
    id: int
    body: dict[str, Any]
    deleted: bool = False


@dataclass
class Fake:
    """The state, the switches, and what was asked for."""

    subjects: dict[str, dict[int, Version]] = field(default_factory=dict)
    config: dict[str, dict[str, Any]] = field(default_factory=lambda: {"": {"compatibilityLevel": "BACKWARD"}})
    modes: dict[str, str] = field(default_factory=dict)
    bulk: bool = True
    flags: bool = True
    """Whether schema objects say `deleted`, as Confluent's do from 8.0 on."""
    whole: bool = True
    """Whether it judges against all versions at once."""
    inherits: bool = True
    """Whether `defaultToGlobal` holds for subjects without versions."""
    says_none: bool = False
    """Whether it calls the level of a subject NONE that has none of its own."""
    incompatible: set[int] = field(default_factory=set)
    """Versions that nothing is compatible with."""
    refusal: Reply | None = None
    """The answer to every registration."""
    tricks: list[Trick] = field(default_factory=list)
    """Used up one a request, first to last."""
    always: Trick | None = None
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    connections: int = 0
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, subject: str, *schemas: str, **more: Any) -> None:
        """Registers schemas without judging them."""
        for schema in schemas:
            self.register(subject, {"schema": schema, **more})

    def register(self, subject: str, body: dict[str, Any]) -> int:
        versions = self.subjects.setdefault(subject, {})
        known = [v for each in self.subjects.values() for v in each.values()]
        new = max((version.id for version in known), default=0) + 1
        number = next((version.id for version in known if version.body == body), new)
        for version in versions.values():
            if version.id == number and not version.deleted:
                return number
        versions[max(versions, default=0) + 1] = Version(number, body)
        return number

    def forget(self, subject: str) -> None:
        """Deletes a subject for good."""
        del self.subjects[subject]

    def count(self, pattern: str) -> int:
        return sum(1 for asked in self.asked if re.search(pattern, asked))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake: Fake
    disable_nagle_algorithm = True

    def log_message(self, *_args: object) -> None:
        """Nothing: the tests look at `Fake.asked`."""

    def setup(self) -> None:
        super().setup()
        with self.fake.lock:
            self.fake.connections += 1

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, ValueError):
            self.close_connection = True

    def do(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.raw = self.rfile.read(length)
        with self.fake.lock:
            self.fake.asked.append(f"{self.command} {self.path}")
            self.fake.headers.append({key.lower(): value for key, value in self.headers.items()})
            trick = self.fake.tricks.pop(0) if self.fake.tricks else self.fake.always
        if trick is not None:
            reply = trick(self)
            if reply is None:
                return
        else:
            with self.fake.lock:
                reply = answer(self.fake, self.command, self.path, self.raw)
        self.write(*reply)

    do_GET = do_POST = do_PUT = do_DELETE = do  # noqa: N815 - the names that http.server calls

    def write(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(raw)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)
        self.wfile.flush()


def answer(fake: Fake, method: str, target: str, raw: bytes) -> Reply:
    parts = urlsplit(target)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    path = [unquote(part) for part in parts.path.split("/")[1:]]
    body = json.loads(raw) if raw else {}
    match method, path:
        case "GET", ["schemas", "types"]:
            return 200, ["JSON", "PROTOBUF", "AVRO"]
        case "GET", ["schemas"] if fake.bulk:
            return bulk(fake, query)
        case "GET", ["schemas", "ids", number]:
            found = [v for each in fake.subjects.values() for v in each.values() if v.id == int(number)]
            return (200, found[0].body) if found else (404, {"error_code": 40403, "message": "Schema not found"})
        case "GET", ["subjects"]:
            names = (name for name, versions in fake.subjects.items() if visible(versions, query))
            return 200, sorted(name for name in names if name.startswith(query.get("subjectPrefix", "")))
        case _, ["config", *rest]:
            return config(fake, method, rest, query, body)
        case "GET", ["mode", *rest]:
            return mode(fake, rest)
        case _, ["subjects", subject, *rest]:
            return of_subject(fake, method, subject, rest, query, body)
        case "POST", ["compatibility", "subjects", subject, "versions", *rest]:
            return judge(fake, subject, rest)
    return 404, {"error_code": 404, "message": "HTTP 404 Not Found"}


def visible(versions: dict[int, Version], query: dict[str, str]) -> dict[int, Version]:
    return {n: v for n, v in versions.items() if not v.deleted or query.get("deleted") == "true"}


def shown(fake: Fake, subject: str, number: int) -> dict[str, Any]:
    version = fake.subjects[subject][number]
    flag = {"deleted": version.deleted, "guid": f"guid-{version.id}"} if fake.flags else {}
    return {"subject": subject, "version": number, "id": version.id, **flag, **version.body}


def bulk(fake: Fake, query: dict[str, str]) -> Reply:
    found = [
        shown(fake, subject, number)
        for subject in sorted(fake.subjects)
        if subject.startswith(query.get("subjectPrefix", ""))
        for number in sorted(visible(fake.subjects[subject], query))
    ]
    start = int(query.get("offset", 0))
    return 200, found[start : start + int(query.get("limit", 1000))]


def config(fake: Fake, method: str, rest: list[str], query: dict[str, str], body: dict[str, Any]) -> Reply:
    name = rest[0] if rest else ""
    if method == "PUT":
        fake.config[name] = {**fake.config.get(name, {}), "compatibilityLevel": body["compatibility"]}
        return 200, {"compatibility": body["compatibility"]}
    if name in fake.config:
        return 200, fake.config[name]
    if query.get("defaultToGlobal") == "true" and (fake.inherits or name in fake.subjects):
        context = name[: name.index(":", 1) + 1] if name.startswith(":.") else ""
        return 200, fake.config.get(context) or fake.config[""]
    if fake.says_none and name in fake.subjects:
        return 200, {"compatibilityLevel": "NONE"}
    return 404, {
        "error_code": 40408,
        "message": f"Subject '{name}' does not have subject-level compatibility configured",
    }


def mode(fake: Fake, rest: list[str]) -> Reply:
    return 200, {"mode": fake.modes.get(rest[0] if rest else "", fake.modes.get("", "READWRITE"))}


def of_subject(
    fake: Fake, method: str, subject: str, rest: list[str], query: dict[str, str], body: dict[str, Any]
) -> Reply:
    if method == "POST" and rest == ["versions"]:
        return fake.refusal or (200, {"id": fake.register(subject, body)})
    versions = visible(fake.subjects.get(subject, {}), query)
    if not versions:
        return 404, {"error_code": 40401, "message": f"Subject '{subject}' not found."}
    if method == "POST":
        found = [n for n, v in versions.items() if v.body["schema"] == body["schema"]]
        return (
            (200, shown(fake, subject, found[-1]))
            if found
            else (404, {"error_code": 40403, "message": "Schema not found"})
        )
    if rest == ["versions"]:
        return 200, sorted(versions)
    number = max(versions) if rest[1] == "latest" else int(rest[1])
    if number not in versions:
        return 404, {"error_code": 40402, "message": f"Version {number} not found."}
    return 200, shown(fake, subject, number)


def judge(fake: Fake, subject: str, rest: list[str]) -> Reply:
    if not rest and not fake.whole:
        return 404, "Not Found"
    known = visible(fake.subjects.get(subject, {}), {})
    asked = known if not rest else {int(rest[0])}
    broken = sorted(fake.incompatible & set(asked), reverse=True)
    messages = [f"{{oldSchemaVersion: {broken[0]}}}", "{errorType:'NAME_MISMATCH'}"] if broken else []
    return 200, {"is_compatible": not broken, "messages": messages}


@contextmanager
def serving(fake: Fake, tls: ssl.SSLContext | None = None) -> Iterator[Fake]:
    """Serves on a free port of this machine until the block ends."""
    handler = type("Bound", (Handler,), {"fake": fake})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.block_on_close = False
    server.handle_error = lambda *_args: None  # clients that go away are what some tests are about
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    fake.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def says(status: int, body: Any = b"", headers: dict[str, str] | None = None) -> Trick:
    """Answers with this."""
    return lambda _handler: (status, body, headers or {})


def resets(handler: Handler) -> None:
    """Closes the connection with a reset, without an answer."""
    import socket
    import struct

    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


def hangs_up(handler: Handler) -> None:
    """Closes the connection in good order, without an answer."""
    handler.close_connection = True


def truncates(handler: Handler) -> None:
    """Promises more than it sends."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'["half')
    handler.close_connection = True


def sleeps(seconds: float) -> Trick:
    """Answers as the registry would, but late."""

    def late(handler: Handler) -> Reply:
        time.sleep(seconds)
        return answer(handler.fake, handler.command, handler.path, handler.raw)

    return late


def acts_then(trick: Trick) -> Trick:
    """Does what it is asked for, and answers with something else: the answer is lost."""

    def act(handler: Handler) -> Reply | None:
        answer(handler.fake, handler.command, handler.path, handler.raw)
        return trick(handler)

    return act
