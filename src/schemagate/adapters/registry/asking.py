"""One question to the registry and what its answer means: subjects in their context, 404s told apart, odd bodies."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Final, TypeVar
from urllib.parse import quote, urlencode

import msgspec

from schemagate.adapters.registry.failures import Answer, Fault
from schemagate.adapters.registry.opening import Opened
from schemagate.adapters.registry.transport import MAX_BODY, Message
from schemagate.errors import RegistryError
from schemagate.finding import Json
from schemagate.wire import decode
from schemagate.wire.decode import Odd
from schemagate.wire.values import Registered

T = TypeVar("T")
Query = Mapping[str, str | int | bool]

DEFAULT_CONTEXT: Final = "."
_NOTHING: Final[Query] = {}


class Question:
    """A question that was answered: what the answer means, and what is told where it means nothing."""

    __slots__ = ("_asker", "answer", "doing", "subject")

    def __init__(self, asker: Asker, answer: Answer, doing: str, subject: str) -> None:
        self._asker = asker
        self.answer = answer
        self.doing = doing
        self.subject = subject

    @property
    def status(self) -> int:
        return self.answer.status

    @property
    def good(self) -> bool:
        return 200 <= self.answer.status < 300

    def value(self, read: Callable[[Json], T | Odd]) -> T:
        """What a good answer holds. Raises RegistryError for an error status, and for what ``read`` calls odd."""
        if not self.good:
            raise self.error()
        said = decode.document(self.answer.body)
        found = said if isinstance(said, Odd) else read(said)
        if isinstance(found, Odd):
            raise self.nonsense(found.reason)
        return found

    def error(self) -> RegistryError:
        return self._asker.teller.unexpected(self.answer, self.doing, subject=self.subject)

    def nonsense(self, reason: str) -> RegistryError:
        return self._asker.teller.nonsense(self.answer, self.doing, reason, subject=self.subject)

    @property
    def complaint(self) -> decode.Complaint:
        return decode.complaint(self.answer.body)

    @property
    def unknown_to_protocol(self) -> bool:
        """404 or 405 without one of the registry's own codes: this server has no such endpoint, or is no registry."""
        return self.status in {404, 405, 501} and not _own(self.complaint.code)

    @property
    def absent(self) -> bool:
        """Whether the registry says that there is no such subject, version or schema.

        A 404 that carries none of its codes counts only from a server that is known to be a registry: behind a wrong
        path everything is 404, and nothing must look new because of that.
        """
        if self.status != 404:
            return False
        return _own(self.complaint.code) or self._asker.is_registry()


class Asker:
    """Sends questions; knows the context that the configuration names, and whether this is a registry at all."""

    def __init__(self, opened: Opened) -> None:
        self.teller = opened.teller
        self.context = _context(str(opened.settings.options.get("context") or ""))
        self._line = opened.line
        self._lock = threading.Lock()
        self._registry: bool | None = None

    def ask(
        self,
        method: str,
        path: str,
        query: Query = _NOTHING,
        *,
        body: bytes | None = None,
        subject: str = "",
        limit: int = MAX_BODY,
        final: frozenset[int] = frozenset(),
    ) -> Question:
        """The answer, whatever its status. Raises RegistryError where there is none."""
        text = f"?{urlencode({key: _spelled(value) for key, value in query.items()})}" if query else ""
        outcome = self._line.send(Message(method, path + text, body, limit=limit, final=final))
        if isinstance(outcome.answer, Fault):
            raise self.teller.unreachable(outcome.answer, tries=outcome.tries, waited=outcome.waited, subject=subject)
        answer = outcome.answer
        if answer.status >= 300:  # it may repeat what it was sent
            answer = msgspec.structs.replace(answer, body=self.teller.secrets.scrub_body(answer.body))
        return Question(self, answer, f"{method} {path}", subject)

    def qualified(self, subject: str) -> str:
        """The name that the server knows: with the context, unless the subject already names one."""
        return subject if subject.startswith(":.") or not self.context else f":{self.context}:{subject}"

    def segment(self, subject: str) -> str:
        """The qualified name as one segment of a path.

        A colon stays as it is, which a segment may hold: AxonOps finds the context only so.
        """
        return quote(self.qualified(subject), safe=":")

    def bare(self, subject: str) -> str:
        """A name as the configuration writes it: without the context that the configuration names."""
        return subject.removeprefix(f":{self.context}:") if self.context else subject

    def in_context(self, version: Registered) -> Registered:
        """The version with its subject and the subjects that it refers to as the configuration writes them."""
        if not self.context:
            return version
        references = tuple(
            msgspec.structs.replace(reference, subject=self.bare(reference.subject))
            for reference in version.payload.references
        )
        payload = msgspec.structs.replace(version.payload, references=references)
        return msgspec.structs.replace(version, subject=self.bare(version.subject), payload=payload)

    def own(self, version: Registered, asked: str) -> Registered | None:
        """The version, if it is one of the context that was asked.

        An unqualified subject that the default context lacks is searched by the server in all the others.
        """
        found = self.in_context(version)
        if found.subject.startswith(":.") and found.subject.split(":")[1] not in asked.split(":")[:2]:
            return None
        return found

    def is_registry(self) -> bool:
        """Whether the address leads to a registry: it lists the types of schemas that it takes. Asked once."""
        with self._lock:
            if self._registry is None:
                asked = self.ask("GET", "/schemas/types")
                self._registry = asked.good and not isinstance(decode.names(decode.document(asked.answer.body)), Odd)
            return self._registry


def _own(code: int) -> bool:
    return 40400 < code < 40500


def _context(written: str) -> str:
    """``.prod`` for ``prod``, ``.prod`` and ``:.prod:``; empty for the default one."""
    name = written.strip(":")
    if name in {"", DEFAULT_CONTEXT}:
        return ""
    return name if name.startswith(".") else f".{name}"


def _spelled(value: str | int | bool) -> str:  # noqa: FBT001 - a value of a query
    return str(value).lower() if isinstance(value, bool) else str(value)
