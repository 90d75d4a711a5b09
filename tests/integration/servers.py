"""Registries and a broker as processes: started on a free port, asked until they answer, always stopped."""

from __future__ import annotations

import base64
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.integration.chosen import THINGS

LOOPBACK = "127.0.0.1"
LEVEL = "FULL_TRANSITIVE"
PATIENCE = 120.0
"""Seconds until a server counts as not starting; a machine may be busy."""

CONTENT = "application/vnd.schemaregistry.v1+json"


class Answer(NamedTuple):
    status: int
    body: object


def call(url: str, method: str = "GET", body: object = None) -> Answer:
    """One request as curl would send it, without the client under test."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": CONTENT}
    request = urllib.request.Request(url, data=data, method=method, headers=headers)  # noqa: S310 - our own address
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - as above
            return Answer(response.status, _parsed(response.read()))
    except urllib.error.HTTPError as error:
        return Answer(error.code, _parsed(error.read()))


def _parsed(raw: bytes) -> object:
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode("utf-8", "replace")


class Served(NamedTuple):
    """A registry that answers. ``key`` is the server's (see ``SERVERS``)."""

    key: str
    url: str

    def call(self, method: str, path: str, body: object = None) -> Answer:
        return call(self.url + path, method, body)

    def text(self, subject: str, schema: object, *, references: list[dict] | None = None, **more: object) -> int:
        """Registers past schemagate, as anybody with curl could, and gives back the id."""
        text = schema if isinstance(schema, str) else json.dumps(schema)
        answer = self.call(
            "POST",
            f"/subjects/{urllib.parse.quote(subject, safe=':')}/versions",
            {"schema": text, "references": references or [], **more},
        )
        assert answer.status == 200, answer
        assert isinstance(answer.body, dict)
        return answer.body["id"]

    def subjects(self) -> list[str]:
        return sorted(self.call("GET", "/subjects").body or [])

    def versions(self, subject: str) -> list[int]:
        answer = self.call("GET", f"/subjects/{urllib.parse.quote(subject, safe=':')}/versions")
        return answer.body if answer.status == 200 else []

    def wipe(self) -> None:
        """Deletes every subject for good; a referenced one goes after those that refer to it."""
        self.call("PUT", "/mode", {"mode": "READWRITE"})
        for _ in range(4):
            names = self._everything()
            for name in names:
                quoted = urllib.parse.quote(name, safe=":")
                self.call("DELETE", f"/mode/{quoted}")
                self.call("DELETE", f"/subjects/{quoted}")
                self.call("DELETE", f"/subjects/{quoted}?permanent=true")
                self.call("DELETE", f"/config/{quoted}")
            if not names:
                break
        self.call("PUT", "/config", {"compatibility": LEVEL})

    def _everything(self) -> set[str]:
        """The subjects of every context, softly deleted ones included; AxonOps lists other contexts only by path."""
        names = set(self.call("GET", "/subjects?deleted=true").body or [])
        for context in self.call("GET", "/contexts").body or []:
            if context.strip(":.") and "/" not in context:
                inside = self.call("GET", f"/contexts/{context}/subjects?deleted=true").body
                names |= {f":{context}:{name.rpartition(':')[2]}" for name in inside or []}
        return names


class Server(NamedTuple):
    """A kind of registry. ``needs`` are the things to install for it; ``start`` serves an empty one for a while."""

    key: str
    title: str
    needs: tuple[str, ...]
    start: Callable[[Path], Iterator[Served]]


def free_port() -> int:
    """A port that nobody listens on, below those that the system hands to outgoing connections."""
    for _ in range(200):
        port = random.randint(20_000, 32_000)  # noqa: S311 - any will do
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return port
    raise AssertionError("no free port found")


@contextmanager
def process(
    command: list[str], log: Path, ready: Callable[[], bool], env: dict[str, str] | None = None
) -> Iterator[int]:
    """Runs a command until the block ends; the block starts when ``ready`` says so. Gives its process id."""
    with log.open("wb") as out:
        running = subprocess.Popen(
            command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, cwd=log.parent, env={**os.environ, **(env or {})}
        )
    try:
        _await(running, log, ready)
        yield running.pid
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def _await(running: subprocess.Popen, log: Path, ready: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not ready():
        tail = log.read_text("utf-8", errors="replace")[-2000:]
        assert running.poll() is None, f"{running.args[0]} ended with {running.returncode}:\n{tail}"
        assert time.monotonic() < end, f"{running.args[0]} does not answer:\n{tail}"
        time.sleep(0.05)


def answers(url: str) -> Callable[[], bool]:
    def ready() -> bool:
        try:
            return call(url).status == 200
        except OSError:
            return False

    return ready


@contextmanager
def embedded(folder: Path, *options: str, level: str = LEVEL, env: dict[str, str] | None = None) -> Iterator[Served]:
    """``schemagate dev-registry``, as a user starts it."""
    port = free_port()
    url = f"http://{LOOPBACK}:{port}"
    command = [sys.executable, "-m", "schemagate", "dev-registry", "--port", str(port), "--mode", level, *options]
    if "--database" not in options:
        command += ["--database", ":memory:"]
    with process(command, folder / "embedded.log", _listening(port), env):
        yield Served("embedded", url)


def _listening(port: int) -> Callable[[], bool]:
    """True once somebody accepts connections there: a registry that asks for a password answers no plain request."""

    def ready() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((LOOPBACK, port)) == 0

    return ready


@contextmanager
def axonops(folder: Path, *, level: str = LEVEL) -> Iterator[Served]:
    port = free_port()
    url = f"http://{LOOPBACK}:{port}"
    env = {
        "SCHEMA_REGISTRY_HOST": LOOPBACK,
        "SCHEMA_REGISTRY_PORT": str(port),
        "SCHEMA_REGISTRY_STORAGE_TYPE": "memory",
        "SCHEMA_REGISTRY_COMPATIBILITY_LEVEL": level,
    }
    binary = THINGS["axonops"].folder / "schema-registry"
    with process([str(binary)], folder / "axonops.log", answers(f"{url}/subjects"), env):
        yield Served("axonops", url)


@contextmanager
def apicurio(folder: Path, *, level: str = LEVEL) -> Iterator[Served]:
    """Its ``ccompat`` API, in memory; its own default level is NONE, so it is set as an administrator would."""
    port = free_port()
    url = f"http://{LOOPBACK}:{port}/apis/ccompat/v8"
    jar = THINGS["apicurio"].folder / "quarkus-run.jar"
    options = [
        f"-Dquarkus.{interface}.{key}={value}"
        for interface, number in (("http", port), ("management", free_port()))
        for key, value in (("host", LOOPBACK), ("port", number))
    ]
    command = [_java(21), "-Xmx400m", *options, "-jar", str(jar)]
    with process(command, folder / "apicurio.log", answers(f"{url}/subjects")):
        assert call(f"{url}/config", "PUT", {"compatibility": level}).status == 200
        yield Served("apicurio", url)


def _java(oldest: int) -> str:
    from things import java

    found = java(oldest)
    assert found is not None, f"no Java {oldest} or newer"
    return found


@contextmanager
def kafka(folder: Path) -> Iterator[str]:
    """One Kafka node in KRaft mode that is broker and controller; gives its address."""
    broker, controller = f"{LOOPBACK}:{free_port()}", f"{LOOPBACK}:{free_port()}"
    config = folder / "server.properties"
    config.write_text(
        "process.roles=broker,controller\n"
        "node.id=1\n"
        f"listeners=PLAINTEXT://{broker},CONTROLLER://{controller}\n"
        f"advertised.listeners=PLAINTEXT://{broker}\n"
        "controller.listener.names=CONTROLLER\n"
        "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT\n"
        f"controller.quorum.bootstrap.servers={controller}\n"
        f"log.dirs={folder / 'kafka-logs'}\n"
        "offsets.topic.replication.factor=1\n"
        "offsets.topic.num.partitions=1\n"
        "transaction.state.log.replication.factor=1\n"
        "transaction.state.log.min.isr=1\n"
        "share.coordinator.state.topic.replication.factor=1\n"
        "share.coordinator.state.topic.min.isr=1\n"
        "group.initial.rebalance.delay.ms=0\n",
        encoding="utf-8",
    )
    classes = str(THINGS["kafka"].folder / "lib" / "*")
    java = [_java(17), "-Xmx400m", "-cp", classes]
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    tool = "kafka.tools.StorageTool"
    subprocess.run(
        [*java, tool, "format", "--standalone", "-t", cluster, "-c", str(config)], check=True, capture_output=True
    )
    port = int(broker.partition(":")[2])
    with process([*java, "kafka.Kafka", str(config)], folder / "kafka.log", _listening(port)):
        yield broker


SERVERS = {
    server.key: server
    for server in (
        Server("embedded", "the embedded registry", (), embedded),
        Server("axonops", "AxonOps Schema Registry 0.2.1", ("axonops",), axonops),
        Server("apicurio", "Apicurio Registry 3.3.3 (ccompat v8)", ("apicurio",), apicurio),
    )
}
