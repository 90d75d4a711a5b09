"""``registry_server.py SUBJECTS VERSIONS BULK LOG``: a registry made of prepared answers, as cheap to ask as can be.

Prints its address. What is asked for is kept, and written to LOG when it gets SIGTERM.
"""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.events import born, live
from bench.repositories import told

FIELDS = 20
MISSING = {"error_code": 40408, "message": "not configured"}


class Answers:
    """What every path is answered with, ready to be sent."""

    def __init__(self, subjects: int, versions: int, *, bulk: bool) -> None:
        self.ready: dict[str, bytes] = {
            "/config": packed({"compatibilityLevel": "FULL_TRANSITIVE"}),
            "/mode": packed({"mode": "READWRITE"}),
        }
        self.schemas: dict[str, list[dict[str, object]]] = {}
        self.bulk = bulk
        numbers = list(range(1, versions + 1))
        for number, name in enumerate(names(subjects)):
            self.schemas[name] = list(history(name, number, versions))
            self.ready[f"/subjects/{name}/versions"] = packed(numbers)
            self.ready[f"/config/{name}"] = packed(MISSING, 404)
            self.ready[f"/mode/{name}"] = self.ready["/mode"]
            for version in self.schemas[name]:
                self.ready[f"/subjects/{name}/versions/{version['version']}"] = packed(version)

    def to(self, target: str) -> bytes:
        parts = urlsplit(target)
        path = unquote(parts.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        if path.startswith("/config/") and "defaultToGlobal" in query:
            return self.ready["/config"]
        if path == "/schemas" and self.bulk:
            found = self.schemas[query["subjectPrefix"]]
            return self.ready.setdefault(target, packed(found[: int(query["limit"])]))
        return self.ready.get(path) or packed({"error_code": 404, "message": "HTTP 404 Not Found"}, 404)


def names(subjects: int) -> Iterator[str]:
    for number in range(subjects):
        yield f"topic{number:04}-value"


def history(name: str, number: int, versions: int) -> Iterator[dict[str, object]]:
    event = born(random.Random(number), number, FIELDS)
    for version in range(1, versions + 1):
        id_ = number * versions + version
        yield {"subject": name, "version": version, "id": id_, "schema": told(event.schema).decode()}
        live(event)


def packed(body: object, status: int = 200) -> bytes:
    raw = json.dumps(body).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/vnd.schemaregistry.v1+json\r\nContent-Length: {len(raw)}"
    return head.encode() + b"\r\n\r\n" + raw


class Conversation(asyncio.Protocol):
    """One kept-alive connection of a client that asks without bodies and waits for each answer."""

    def __init__(self, answers: Answers, asked: list[str]) -> None:
        self.answers, self.asked, self.pending = answers, asked, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.pending += data
        while b"\r\n\r\n" in self.pending:
            head, _, self.pending = self.pending.partition(b"\r\n\r\n")
            target = head.split(b" ", 2)[1].decode()
            self.asked.append(target)
            self.transport.write(self.answers.to(target))


async def serve(answers: Answers, asked: list[str]) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    server = await loop.create_server(lambda: Conversation(answers, asked), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await ended.wait()
    server.close()


if __name__ == "__main__":
    made = Answers(int(sys.argv[1]), int(sys.argv[2]), bulk=sys.argv[3] == "bulk")
    asked: list[str] = []
    asyncio.run(serve(made, asked))
    Path(sys.argv[4]).write_text("\n".join(asked), encoding="utf-8")
