"""A running embedded registry for tests: in a thread of this process, or as the command in its own.

``with running() as registry: registry.url`` starts in a few hundredths of a second; ``command()`` is for what needs a
process: signals, kills, the environment.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from schemagate.devregistry import server
from schemagate.devregistry.users import User

SOURCE = Path(__file__).resolve().parents[2] / "src"
JSON_TYPE = "application/vnd.schemaregistry.v1+json"


class Reply(NamedTuple):
    status: int
    body: Any
    """The decoded JSON; the text where it is none."""


class Client(NamedTuple):
    """A bare client of a registry."""

    url: str

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Reply:
        """One request; header names with ``_`` for ``-``. A ``str`` or ``bytes`` body is sent as it is."""
        data = body.encode() if isinstance(body, str) else body
        if data is not None and not isinstance(data, bytes):
            data = json.dumps(data).encode()
        sent = {"Accept": JSON_TYPE} | ({"Content-Type": JSON_TYPE} if data is not None else {})
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=sent)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
                return Reply(response.status, _decoded(response.read()))
        except urllib.error.HTTPError as error:
            return Reply(error.code, _decoded(error.read()))

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers).body

    def register(self, subject: str, schema: object, **more: object) -> Reply:
        return self.ask("POST", f"/subjects/{subject}/versions", {"schema": text_of(schema), **more})

    def look_up(self, subject: str, schema: object, query: str = "", **more: object) -> Reply:
        return self.ask("POST", f"/subjects/{subject}{query}", {"schema": text_of(schema), **more})

    def set_level(self, subject: str, level: str) -> Reply:
        return self.ask("PUT", f"/config/{subject}" if subject else "/config", {"compatibility": level})


def text_of(schema: object) -> str:
    return schema if isinstance(schema, str) else json.dumps(schema)


def _decoded(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return data.decode()


@contextlib.contextmanager
def running(
    level: str = "FULL_TRANSITIVE", database: str = ":memory:", users: tuple[User, ...] = ()
) -> Iterator[Client]:
    """A registry of this process on a free port."""
    with server.opened(database, level) as keeper, server.bound("127.0.0.1", 0) as listening:
        served = server.server_of(server.application(keeper, users))
        thread = threading.Thread(target=served.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            while not served.started and thread.is_alive():
                time.sleep(0.005)
            yield Client(server.url_of(listening))
        finally:
            served.should_exit = True
            thread.join(timeout=10)


class Process(NamedTuple):
    popen: subprocess.Popen[str]
    client: Client

    def kill(self) -> None:
        """As ``kill -9``."""
        self.popen.kill()
        self.popen.communicate(timeout=10)


def start(*arguments: str, env: Mapping[str, str] | None = None) -> Process:
    """``schemagate dev-registry --port 0 ARGUMENTS``, once it has printed its URL."""
    popen = subprocess.Popen(
        [sys.executable, "-m", "schemagate", "dev-registry", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE), **(env or {})},
    )
    assert popen.stdout is not None and popen.stderr is not None
    url = popen.stdout.readline().strip()
    if not url:
        popen.wait(timeout=10)
        raise AssertionError(popen.stderr.read())
    return Process(popen, Client(url))


@contextlib.contextmanager
def command(*arguments: str, env: Mapping[str, str] | None = None) -> Iterator[Process]:
    """The command as a process, ended at the end."""
    process = start(*arguments, env=env)
    try:
        yield process
    finally:
        if process.popen.poll() is None:
            process.popen.terminate()
        process.popen.communicate(timeout=10)
