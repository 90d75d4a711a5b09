"""What the tests of ``plan`` and ``register`` share: a repository, a running registry, and both commands."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path

from tests.adapters.repos import Repo
from tests.devregistry.running import Client

from schemagate.app.plan import PlanRequest, plan
from schemagate.app.register import register
from schemagate.app.request import CheckRequest
from schemagate.plan.outlook import Outlook, Receipt

TODAY = dt.date(2026, 12, 1)
NAMED = '[[subjects]]\nmatch = "*.avsc"\nname = "{fullname}"\n'
OPTIONAL = {"type": ["null", "string"], "default": None}


def record(name: str, /, doc: str = "A thing.", **fields: object) -> str:
    """A record in ``com.acme``; a field is a type, or a dict with ``type``."""
    rows = [
        {"name": key, **(v if isinstance(v, dict) and "default" in v else {"type": v})} for key, v in fields.items()
    ]
    return json.dumps({"type": "record", "name": name, "namespace": "com.acme", "doc": doc, "fields": rows})


class Shop:
    """A repository that publishes to a registry."""

    def __init__(self, path: Path, client: Client, config: str = NAMED) -> None:
        self.repo = Repo(path)
        self.client = client
        self.env: dict[str, str] = {"SCHEMAGATE_CACHE_DIR": str(path.parent / "cache")}
        self.configure(config)

    def configure(self, config: str) -> Shop:
        self.repo.write("schemagate.toml", f'{config}\n[registry.dev]\nurl = "{self.client.url}"\n')
        return self

    def commit(self, **files: str) -> Shop:
        """Writes ``NAME.avsc`` for each and commits everything."""
        for name, text in files.items():
            self.repo.write(f"{name}.avsc", text)
        self.repo.commit("change")
        return self

    def request(self, env: Mapping[str, str] | None = None, **options: bool) -> PlanRequest:
        check = CheckRequest(str(self.repo.path), TODAY, {**self.env, **(env or {})})
        return PlanRequest(check, **options)

    def plan(self, env: Mapping[str, str] | None = None, **options: bool) -> Outlook:
        return plan(self.request(env, **options))

    def register(self, env: Mapping[str, str] | None = None, **options: bool) -> Receipt:
        return register(self.request(env, **options))

    def stored(self, subject: str) -> list[dict[str, object]]:
        """Every version that the registry holds."""
        numbers = self.client.get(f"/subjects/{subject}/versions")
        return [self.client.get(f"/subjects/{subject}/versions/{number}") for number in numbers]

    def schemas(self, subject: str) -> list[object]:
        """What the versions say."""
        return [json.loads(str(version["schema"])) for version in self.stored(subject)]

    def numbers(self) -> dict[str, list[int]]:
        """The versions of every subject."""
        return {subject: self.client.get(f"/subjects/{subject}/versions") for subject in self.client.get("/subjects")}


def actions(outlook: Outlook) -> list[str]:
    """Each action as ``kind subject label version``."""
    return [
        " ".join(word for word in (a.kind, a.subject, a.label, f"{a.version or ''}", a.level) if word)
        for a in outlook.plan.actions
    ]


def entries(receipt: Receipt) -> list[str]:
    """Each entry as ``result subject label version``."""
    return [
        " ".join(word for word in (e.result, e.subject, e.label, f"{e.version or ''}", e.level) if word)
        for e in receipt.entries
    ]
