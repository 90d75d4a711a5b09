"""Runs a client's program on one task; see ``clients/serde.py`` for what a task is."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.integration.chosen import THINGS, need
from things import java

HERE = Path(__file__).parent / "clients"


def _python(program: str) -> list[str]:
    programs = "Scripts" if os.name == "nt" else "bin"
    return [str(THINGS["python"].folder / programs / "python"), "-W", "ignore", str(HERE / program)]


def _node(program: str) -> list[str]:
    return ["node", str(HERE / program), str(THINGS["node"].folder)]


def _java(program: str) -> list[str]:
    found = java(17)
    assert found is not None
    return [found, "-cp", str(THINGS["java"].folder / "lib" / "*"), str(HERE / program)]


class Program(NamedTuple):
    """One client. ``thing`` is what has to be installed for it."""

    title: str
    thing: str
    command: Callable[[], list[str]]

    def __call__(self, **task: object) -> dict:
        """The result of a task: ``frame`` or ``value``, or ``error`` with what the client raised."""
        ran = subprocess.run(
            self.command(),
            input=json.dumps(task),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ran.returncode == 0, f"{self.title}:\n{ran.stderr}"
        return json.loads(ran.stdout)


CLIENTS = {
    "confluent-kafka": Program("confluent-kafka 2.16", "python", lambda: _python("serde.py")),
    "psrc": Program("python-schema-registry-client 2.6", "python", lambda: _python("psrc.py")),
    "java": Program("Confluent's KafkaAvroSerializer 7.0.16", "java", lambda: _java("Serde.java")),
    "kafkajs": Program("@kafkajs/confluent-schema-registry 3.9", "node", lambda: _node("kafkajs.mjs")),
    "confluentinc": Program("@confluentinc/schemaregistry 1.10", "node", lambda: _node("confluentinc.mjs")),
}


def client(key: str) -> Program:
    """The client, or the test is left out."""
    need(CLIENTS[key].thing)
    return CLIENTS[key]
