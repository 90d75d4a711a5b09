"""A repository of schemas in which `schemagate` runs as a pipeline runs it, against one registry."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.adapters.repos import ISOLATED, Repo
from tests.integration.schemas import text
from tests.integration.servers import LEVEL, Served

CONFIG = """\
paths = ["schemas"]
mode = "{mode}"

[[subjects]]
match = "schemas/shared/*.avsc"
name = ["{{fullname}}"]

[[subjects]]
match = "schemas/*.avsc"
name = ["{{stem}}-value"]

[registry.it]
url = "{url}"
"""


class Ran(NamedTuple):
    """``out`` is what a script reads, ``err`` what a person does."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict:
        return json.loads(self.out)


class Publisher:
    """Writes schemas, commits them, runs commands. Every file ``schemas/NAME.avsc`` is the subject ``NAME-value``."""

    def __init__(
        self, folder: Path, served: Served, *, mode: str = LEVEL, more: str = "", env: dict[str, str] | None = None
    ) -> None:
        self.repo = Repo(folder)
        self.served = served
        self.env = env or {}
        self.repo.write("schemagate.toml", CONFIG.format(url=served.url, mode=mode) + more)

    def write(self, name: str, schema: object) -> Publisher:
        self.repo.write(f"schemas/{name}.avsc", text(schema) + "\n")
        return self

    def commit(self, message: str = "Change schemas") -> Publisher:
        self.repo.commit(message)
        return self

    def run(self, *arguments: str) -> Ran:
        """``schemagate`` as a process of its own, as in a pipeline."""
        surroundings = {
            name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "SCHEMAGATE_"))
        }
        ran = subprocess.run(
            [sys.executable, "-m", "schemagate", *arguments],
            cwd=self.repo.path,
            env={**surroundings, **ISOLATED, "COLUMNS": "120", **self.env},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Ran(ran.returncode, ran.stdout, ran.stderr)

    def register(self, message: str = "Change schemas") -> Publisher:
        """Commits what was written and registers it; fails the test if that does not end well."""
        self.commit(message)
        ran = self.run("register")
        assert ran.code == 0, f"exit {ran.code}\n{ran.out}\n{ran.err}"
        return self
