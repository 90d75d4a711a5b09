"""A subject's versions in one request, from servers that list schemas by the beginning of their subject's name."""

from __future__ import annotations

import threading
from typing import Final

import msgspec

from schemagate.adapters.registry.asking import Asker, Query, Question
from schemagate.adapters.registry.failures import TooLargeError
from schemagate.adapters.registry.transport import MAX_BODY
from schemagate.finding import Json
from schemagate.wire import decode
from schemagate.wire.decode import Odd
from schemagate.wire.values import Registered

PAGES: Final = (64, 256, 1000)
"""Schemas that are asked for at a time; the last is the most that Confluent gives."""
MOST_PAGES: Final = 100
TRIAL_BYTES: Final = 4_000_000
"""Of the first answer: a server that ignores the prefix would send everything that it has."""
_NOT_SERVED: Final = frozenset({500, 501})


class Page(msgspec.Struct, frozen=True):
    """All versions of a subject, deleted ones included; ``flagged``: each says whether it is."""

    versions: tuple[Registered, ...]
    flagged: bool


class _Unserved(Exception):  # noqa: N818 - no error: the run goes on without
    """This server's answer is not what the request asks for."""


class Bulk:
    """``GET /schemas?subjectPrefix=…``, which is tried on the first subject that has versions.

    It is believed only if it shows exactly those that the subject's own list has.
    """

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._serves: bool | None = None
        self._lock = threading.Lock()

    @property
    def proven(self) -> bool:
        return self._serves is True

    def read(self, subject: str, versions: tuple[int, ...] | None) -> Page | None:
        """The subject's versions, or None where they have to be asked for one by one.

        ``versions`` is what the subject's own list says, if it was read; an answer that differs is not used. Nothing
        at all is no answer either: a subject must not look new because a server does not understand the question.
        """
        if self._serves is None:
            with self._lock:
                if self._serves is None:
                    page = self._try(subject, TRIAL_BYTES)
                    self._serves = page is not None and _same(page, versions)
                    return page if self._serves else None
        if not self._serves:
            return None
        page = self._try(subject, 0)
        return page if page is not None and page.versions and _same(page, versions) else None

    def _try(self, subject: str, limit: int) -> Page | None:
        try:
            return self._all(self._asker.qualified(subject), subject, limit)
        except _Unserved:
            return None

    def _all(self, prefix: str, subject: str, limit: int) -> Page:
        mine: list[Registered] = []
        flagged, seen, others = True, 0, False
        for number in range(MOST_PAGES):
            size = PAGES[min(number, len(PAGES) - 1)]
            items = _items(self._ask(prefix, subject, seen, size, limit), size)
            for item in items:
                version = decode.registered(item)
                if isinstance(version, Odd) or not version.subject.startswith(prefix):
                    raise _Unserved
                if version.subject != prefix:
                    others = True
                    continue
                if others:  # sorted by subject, this one comes before all that begin with its name
                    raise _Unserved
                mine.append(self._asker.in_context(version))
                flagged = flagged and decode.says_deleted(item)
            seen += len(items)
            if others or len(items) < size:
                return Page(tuple(mine), flagged)
        raise _Unserved

    def _ask(self, prefix: str, subject: str, offset: int, size: int, limit: int) -> Question:
        query: Query = {"subjectPrefix": prefix, "deleted": True, "offset": offset, "limit": size}
        try:
            asked = self._asker.ask(
                "GET", "/schemas", query, subject=subject, limit=limit or MAX_BODY, final=_NOT_SERVED
            )
        except TooLargeError:
            raise _Unserved from None
        if asked.good:
            return asked
        if asked.status in {401, 429} or asked.status > 501:
            raise asked.error()
        raise _Unserved


def _items(asked: Question, size: int) -> list[Json]:
    said = decode.document(asked.answer.body)
    if not isinstance(said, list) or len(said) > size:
        raise _Unserved
    return said


def _same(page: Page, versions: tuple[int, ...] | None) -> bool:
    return versions is None or tuple(sorted(version.version for version in page.versions)) == versions
