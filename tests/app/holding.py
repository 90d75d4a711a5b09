"""A registry that answers from memory what the tests of the gate ask one, counting the questions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Self

from schemagate.adapters.registry import Refused
from schemagate.app.same import Meanings
from schemagate.errors import RegistryError
from schemagate.schema.bulk import VersionReader
from schemagate.schema.model import Factory
from schemagate.wire.values import Payload, Reference, Registered, SubjectConfig, SubjectState, Verdict

URL = "https://registry.example.com"
CONFIG = f'[registry.prod]\nurl = "{URL}"\n'


class Holding:
    """What a registry holds; the part of the client that reading and judging use."""

    name = "prod"
    url = URL

    def __init__(self) -> None:
        self.states_: dict[str, SubjectState] = {}
        self.answers: dict[str, Verdict] = {}
        self.asked: list[str] = []
        self.down = False
        self.lenient = False
        """Whether lookups leave ``avro.java.string`` out."""
        self.literal = False
        """Whether only texts that differ in layout and order of members are the same, as on Karapace."""
        self.global_ = SubjectConfig("FULL_TRANSITIVE", "global")
        self._next = 1

    def put(
        self,
        subject: str,
        *texts: str | Payload,
        level: str = "FULL_TRANSITIVE",
        source: str = "subject",
        mode: str = "READWRITE",
        deleted: Iterable[int] = (),
        group: str = "",
    ) -> Holding:
        """A subject with these versions, from 1 on."""
        versions = []
        for number, text in enumerate(texts, 1):
            payload = text if isinstance(text, Payload) else Payload(text)
            versions.append(Registered(subject, number, self._next, payload, deleted=number in set(deleted)))
            self._next += 1
        config = SubjectConfig(level, source, compatibility_group=group)
        self.states_[subject] = SubjectState(subject, tuple(versions), config, mode)
        return self

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.down:
            raise RegistryError(
                f"{URL} cannot be reached: connection refused", url=URL, hint="check the address and the network"
            )

    def states(self, subjects: Iterable[str], **_: bool) -> dict[str, SubjectState]:
        wanted = list(subjects)
        self._ask(f"states {' '.join(sorted(wanted))}")
        return {subject: self.states_.get(subject, SubjectState(subject, config=self.global_)) for subject in wanted}

    def state(self, subject: str) -> SubjectState:
        return self.states([subject])[subject]

    def subjects(self, *, prefix: str = "", deleted: bool = False) -> list[str]:
        self._ask("subjects")
        return sorted(s for s, state in self.states_.items() if s.startswith(prefix) and (deleted or state.exists))

    def version(self, subject: str, version: int | None = None) -> Registered | None:
        self._ask(f"version {subject} {version}")
        state = self.states_.get(subject)
        if state is None or version is None:
            return state.latest if state is not None else None
        return next((one for one in state.versions if one.version == version), None)

    def lookup(self, subject: str, payload: Payload, **_: bool) -> Registered | None:
        java = "avro.java.string" in payload.schema
        self._ask(f"lookup {subject}{' java' if java else ''}")
        if subject not in self.states_ or (java and not self.lenient):
            return None
        if java:
            return self.states_[subject].latest
        if self.literal:
            same = (v for v in self.states_[subject].live if json.loads(v.payload.schema) == json.loads(payload.schema))
            return next(same, None)
        reader = VersionReader(Factory())
        meanings = Meanings(reader)
        wanted = meanings.key(reader.read(payload.schema.encode(), ""))
        for one in self.states_[subject].live:
            if not one.payload.references and meanings.key(reader.read(one.payload.schema.encode(), "")) == wanted:
                return one
        return next((one for one in self.states_[subject].live if one.payload.references), None)

    def compatible(self, subject: str, _payload: Payload, **_: bool) -> Verdict:
        self._ask(f"compatible {subject}")
        return self.answers.get(subject, Verdict(compatible=True))

    def global_config(self) -> SubjectConfig:
        self._ask("config")
        return self.global_

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.asked.append("closed")

    @property
    def requests_made(self) -> int:
        return len(self.asked)


def refers(text: str, *references: tuple[str, str, int]) -> Payload:
    """A text with references, each (name, subject, version)."""
    return Payload(text, tuple(Reference(*one) for one in references))


Connect = Callable[..., Holding]


def connecting(holding: Holding) -> Connect:
    """What stands in for ``connect``."""

    def connect(*_: object, **__: object) -> Holding:
        return holding

    return connect


__all__ = ["CONFIG", "URL", "Connect", "Holding", "Refused", "connecting", "refers"]
