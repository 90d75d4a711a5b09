"""The store and its journal as one: what a request changes is kept before it is answered."""

from __future__ import annotations

import threading
from typing import Final

from schemagate.devregistry.journal import Journal
from schemagate.devregistry.store.routes import Store
from schemagate.devregistry.store.values import Answer, Request
from schemagate.errors import UndecidedError

STORE_FAILED: Final = 50001
"""The protocol's code for a backend that failed."""


class Keeper:
    """Answers one request at a time, from any thread. ``level`` is the compatibility level where none was set."""

    def __init__(self, journal: Journal, level: str) -> None:
        self._journal = journal
        self._store = Store(level)
        self._lock = threading.Lock()
        for event in journal.events():
            self._store.apply(event)

    def answer(self, request: Request) -> Answer:
        with self._lock:
            answer = self._store.answer(request)
            if answer.events:
                try:
                    self._journal.write(answer.events)
                except UndecidedError as error:
                    return Answer({"error_code": STORE_FAILED, "message": error.message}, 500)
                for event in answer.events:
                    self._store.apply(event)
            return answer
