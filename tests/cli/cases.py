"""Runs the command in this process, as a user would type it, and small schemas to run it on."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import NamedTuple

from schemagate.cli.main import main

USER = """\
{
  "type": "record", "name": "User", "namespace": "com.example", "doc": "A user.",
  "fields": [
    {"name": "id", "type": "string"},
    {"name": "user_id", "type": "string"}
  ]
}
"""
RENAMED = USER.replace("user_id", "uuid")
WIDER = USER.replace(
    '"type": "string"}\n  ]', '"type": "string"},\n    {"name": "age", "type": ["null", "int"], "default": null}\n  ]'
)
ADDRESS = '{"type": "record", "name": "com.example.Address", "fields": [{"name": "zip", "type": "int"}]}\n'
ORDER = '{"type": "record", "name": "com.example.Order", "fields": [{"name": "to", "type": "Address"}]}\n'
BROKEN = '{"type": "record", "name": "Broken", "fields": [\n'


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> dict:
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


class Terminal:
    """A directory to run commands in. Output is captured, so it is no terminal; ``columns`` wide."""

    def __init__(self, directory: Path, monkeypatch, capsys, columns: int = 80) -> None:
        self.directory = directory
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        monkeypatch.chdir(directory)
        monkeypatch.setenv("COLUMNS", str(columns))

    def write(self, path: str, text: str) -> Terminal:
        full = self.directory / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(text, encoding="utf-8")
        return self

    def run(self, *arguments: str, stdin: str | bytes = b"") -> Ran:
        data = stdin if isinstance(stdin, bytes) else stdin.encode()
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        self._capsys.readouterr()
        code = main(list(arguments))
        out, err = self._capsys.readouterr()
        return Ran(code, out, err)

    def read(self, path: str) -> str:
        return (self.directory / path).read_bytes().decode()

    def enter(self, path: str) -> Terminal:
        self._monkeypatch.chdir(self.directory / path)
        return self
