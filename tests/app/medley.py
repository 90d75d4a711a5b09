"""Repositories in which everything that runs over many subjects tells something: made from a seed, large on request."""

from __future__ import annotations

import json
import random
from pathlib import Path

from tests.adapters.repos import Repo

PRIMITIVES = ("string", "int", "long", "double", "boolean", "bytes")
LOOSE = {
    "broken.avsc": '{"type": "record", "name": "Broken", "fields": [\n',
    "choice.avsc": '["null", "string"]\n',
    "lost.avsc": '{"type": "record", "name": "Lost", "fields": [{"name": "a", "type": "com.example.Nowhere"}]}\n',
    "tick.avsc": '{"type": "record", "name": "com.example.Tick", "fields": [{"name": "tock", "type": "Tock"}]}\n',
    "tock.avsc": (
        '{"type": "record", "name": "com.example.Tock",\n "fields": [{"name": "tick", "type": ["null", "Tick"]}]}\n'
    ),
}
CONFIG = """\
paths = ["schemas"]
[rules]
unused-waiver = "warning"
missing-doc = "notice"
[[subjects]]
match = "schemas/topic*.avsc"
name = ["{stem}-value", "{fullname}"]
[[subjects]]
match = "schemas/pair*.avsc"
name = ["pair-value"]
[[subjects]]
match = "schemas/shared2.avsc"
shared = true
[[waivers]]
rule = "field-added-without-default"
subject = "com.example.Event3"
path = "$.new3"
reason = "agreed"
[[waivers]]
rule = "field-added-without-default"
subject = "com.example.Event5"
path = "$.new5"
reason = "agreed once"
expires = 2026-01-31
[[waivers]]
rule = "field-removed-without-default"
subject = "com.example.Nobody"
path = "$.gone"
reason = "nothing needs it"
"""


class Medley:
    """One repository: ``main`` with two commits, and a branch ``change`` that does something to every tenth file."""

    def __init__(self, path: Path, seed: int, size: int = 24) -> None:
        self.random = random.Random(seed)  # noqa: S311 - chance that repeats
        self.size = size
        self.repo = Repo(path)
        self.texts: dict[str, dict[str, object]] = {}
        self._begin()
        self._grow()
        self._change()

    def _begin(self) -> None:
        for n in range(3):
            inner = [{"name": "near", "type": f"com.example.Shared{n - 1}"}] if n else []
            self.texts[f"schemas/shared{n}.avsc"] = self._record(f"Shared{n}", inner)
        for n in range(self.size):
            users = [{"name": "at", "type": f"Shared{n % 3}"}] if n % 4 == 0 else []
            self.texts[f"schemas/event{n}.avsc"] = self._record(f"Event{n}", users)
        for n in range(4):
            kind = {"type": "enum", "name": "Kind", "symbols": ["A", "B", "C"][: 2 + n % 2]}
            self.texts[f"schemas/topic{n}.avsc"] = self._record(f"Topic{n}", [{"name": "kind", "type": kind}])
            self.texts[f"schemas/pair{n}.avsc"] = self._record(f"Pair{n}", [])
            self.texts[f"schemas/item{n % 2}_v{1 + n // 2}.avsc"] = self._record(f"Item{n % 2}", [])
        self.texts["schemas/going.avsc"] = self._record("Going", [])
        self._write().write("schemagate.toml", CONFIG).commit("begin")

    def _grow(self) -> None:
        for path in self.random.sample(sorted(self.texts), self.size // 2):
            if "_v" not in path:
                self._fields(path).append({"name": "more", "type": ["null", "string"], "default": None})
        del self.texts["schemas/going.avsc"]
        self.repo.delete("schemas/going.avsc")
        self._write().commit("grow").branch("change")

    def _change(self) -> None:
        for n in range(0, self.size, 2):
            fields = self._fields(f"schemas/event{n + 1}.avsc")
            fields.append({"name": f"new{n + 1}", "type": "int"})
            self._edit(self._fields(f"schemas/event{n}.avsc"))
        self._edit(self._fields(f"schemas/shared{self.random.randrange(3)}.avsc"))
        self._edit(self._fields("schemas/item0_v1.avsc"))
        self.texts["schemas/item1_v7.avsc"] = self._record("Item1", [])
        self.texts["schemas/back.avsc"] = self._record("Going", [])
        self._write()
        self.repo.move("schemas/event0.avsc", "schemas/moved/event0.avsc").delete("schemas/topic3.avsc")
        self._comment("schemas/event1.avsc", "field-added-without-default")
        self._comment("schemas/event2.avsc", "field-added-without-default")
        self._comment("schemas/shared0.avsc", "field-type-changed, nonsense")
        for name, text in LOOSE.items():
            self.repo.write(f"schemas/{name}", text)
        if self.random.random() < 0.5:
            self.repo.write("schemagate.toml", CONFIG.replace("[rules]", '[rules]\nfield-renamed = "notice"'))

    def _record(self, name: str, fields: list[object]) -> dict[str, object]:
        own = [{"name": f"f{n}", "type": self.random.choice(PRIMITIVES)} for n in range(self.random.randrange(2, 5))]
        return {"type": "record", "name": name, "namespace": "com.example", "fields": [*own, *fields]}

    def _fields(self, path: str) -> list[object]:
        fields = self.texts[path]["fields"]
        assert isinstance(fields, list)
        return fields

    def _edit(self, fields: list) -> None:
        """One of the changes that break."""
        field = fields[0]
        change = self.random.randrange(3)
        if change == 0:
            field["type"] = self.random.choice([kind for kind in PRIMITIVES if kind != field["type"]])
        elif change == 1:
            field["name"] = f"{field['name']}_id"
        else:
            del fields[0]

    def _comment(self, path: str, rules: str) -> None:
        *head, last = json.dumps(self.texts[path], indent=2).splitlines()
        at = next(n for n, line in enumerate(head) if '"fields"' in line) + 1
        head.insert(at, f"    // schemagate: allow[{rules}] agreed")
        self.repo.write(path, "\n".join([*head, last, ""]))

    def _write(self) -> Repo:
        for path, text in self.texts.items():
            self.repo.write(path, json.dumps(text, indent=2) + "\n")
        return self.repo
