"""What the demo and the pictures play with: a small git repository, a registry, a producer and a consumer."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fastavro
import requests

import schemagate
from schemagate.schema.canonical import to_json
from schemagate.wire.frame import pack, unpack

ROOT = Path(__file__).resolve().parent.parent
PUBLISHED = "schemas/avro/user_created_v1.avsc"
PROPOSED = "schemas/avro/user_created_v2.avsc"
SUBJECT = "user-created-value"

USER_ID = '{"name": "user_id", "type": "string"}'
UUID = '{"name": "uuid", "type": "string"}'
NULLABLE_UUID = '{"name": "uuid", "type": ["null", "string"], "default": null}'

CONFIG = """\
paths = ["schemas/avro"]
mode = "FULL_TRANSITIVE"

[[subjects]]
match = "schemas/avro/user_created*.avsc"
name = "{topic}-value"
topic = "user-created"
"""
REGISTRY = """
[registry.dev]
url = "%s"
"""

KEPT = re.compile(
    "PATH|PATHEXT|SYSTEMROOT|COMSPEC|WINDIR|TEMP|TMP|TMPDIR|LANG|LC_.*|TERM|COLUMNS|NO_COLOR|FORCE_COLOR|PYTHON.*",
    re.IGNORECASE,
)
"""What a command sees of the surroundings: nothing of a CI system, of a hook's GIT_DIR or of anybody's git config."""
SECONDS = 30
"""How long the registry may take to begin, and to end."""


class SurpriseError(Exception):
    """The story did not go as it promises."""


class Repository:
    """A git repository in ``home`` with version 1 of the event published on ``main``.

    Names, dates and configuration are fixed, so that it has the same commits on every machine.
    """

    def __init__(self, home: Path, registry: str = "") -> None:
        self.path = home / "shop"
        self.environment = _environment(home)
        self.version_1 = (ROOT / PUBLISHED).read_text(encoding="utf-8")
        self.path.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        if registry:
            self.write("schemagate.toml", CONFIG + REGISTRY % registry)
        self.write(PUBLISHED, self.version_1)
        self.commit("Publish UserCreated")

    def git(self, *arguments: str) -> None:
        subprocess.run([found("git"), *arguments], cwd=self.path, env=self.environment, check=True)

    def commit(self, message: str) -> None:
        self.git("add", ".")
        self.git("commit", "--quiet", f"--message={message}")

    def write(self, path: str, text: str) -> None:
        target = self.path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")

    def read(self, path: str) -> str:
        return (self.path / path).read_text(encoding="utf-8")

    def propose(self, *fields: str) -> None:
        """Write version 2: version 1 without its comments, with ``fields`` in the place of ``user_id``."""
        body = "".join(line for line in self.version_1.splitlines(keepends=True) if not re.match(r"\s*(//|$)", line))
        if USER_ID not in body:
            raise SurpriseError(f"{PUBLISHED} has no field {USER_ID}")
        self.write(PROPOSED, body.replace(USER_ID, ",\n    ".join(fields)))

    def schemagate(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the installed command here; its output comes back, its complaints go where ours go."""
        return subprocess.run(
            [command(), *arguments],
            cwd=self.path,
            env=self.environment | variables,
            check=False,
            encoding="utf-8",
            stdout=subprocess.PIPE,
        )


class Registry:
    """What a producer and a consumer ask a schema registry, over HTTP and with no word of schemagate's."""

    def __init__(self, url: str) -> None:
        self.url = url

    def id_of(self, subject: str, schema: str) -> int:
        """The id of exactly this schema: the lookup of a producer whose ``auto.register.schemas`` is ``false``."""
        return int(self._answer("post", f"/subjects/{subject}", {"schema": schema})["id"])

    def schema(self, schema_id: int) -> dict[str, Any]:
        """What the id in a message means."""
        meant: dict[str, Any] = json.loads(self._answer("get", f"/schemas/ids/{schema_id}")["schema"])
        return meant

    def _answer(self, method: str, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
        response = requests.request(method, self.url + path, json=body, timeout=SECONDS)
        if not response.ok:
            raise SurpriseError(f"{method.upper()} {path} was answered {response.status_code}: {response.text}")
        answer: dict[str, Any] = response.json()
        return answer


@contextlib.contextmanager
def registry() -> Iterator[Registry]:
    """The embedded registry as a process of its own, in memory, until the block ends."""
    process = subprocess.Popen(
        [command(), "dev-registry", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    )
    try:
        url = (process.stdout.readline() if process.stdout else "").strip()
        if not url.startswith("http://"):
            raise SurpriseError("the embedded registry did not begin")
        yield Registry(url)
    finally:
        process.terminate()
        process.wait(SECONDS)
        if process.stdout:
            process.stdout.close()


def produce(asked: Registry, avsc: str, event: dict[str, Any]) -> bytes:
    """A message as a producer writes it: the id that the registry knows its schema by, then Avro's binary."""
    text = to_json(schemagate.parse(avsc))
    binary = io.BytesIO()
    fastavro.schemaless_writer(binary, json.loads(text), event)
    return pack(asked.id_of(SUBJECT, text), binary.getvalue())


def consume(asked: Registry, avsc: str, message: bytes) -> dict[str, Any]:
    """The event as a consumer that was built with ``avsc`` reads it: the id says what wrote it."""
    schema_id, binary = unpack(message)
    reader = json.loads(to_json(schemagate.parse(avsc)))
    event = fastavro.schemaless_reader(io.BytesIO(binary), asked.schema(schema_id), reader)
    if not isinstance(event, dict):
        raise SurpriseError(f"a message was read as {event!r}")
    return event


def command() -> str:
    """The installed ``schemagate`` of this environment."""
    return found("schemagate", sysconfig.get_path("scripts"))


def found(name: str, folder: str | None = None) -> str:
    path = shutil.which(name, path=folder)
    if path is None:
        raise SurpriseError(f"there is no `{name}` command" + (f" in {folder}" if folder else ""))
    return path


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if KEPT.fullmatch(name)}
    person = {"NAME": "Ada", "EMAIL": "ada@example.com", "DATE": "2026-01-05T09:00:00+00:00"}
    people = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in person.items()}
    folders = dict.fromkeys(("HOME", "USERPROFILE", "XDG_CACHE_HOME", "LOCALAPPDATA"), str(home))
    quiet = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "PYTHONUTF8": "1"}
    return kept | people | folders | quiet
