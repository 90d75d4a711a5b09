"""When a request is sent again, how long it waits before, and when a run has asked a sick registry often enough."""

from __future__ import annotations

import threading
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Final

import msgspec

from schemagate.adapters.registry.failures import Answer, Fault

AGAIN: Final = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses that another try may change; 501, 505 and the like never do."""
ELSEWHERE: Final = frozenset({502, 503, 504})
"""Statuses for which another address of the same registry is asked next."""
TRIES: Final = 6
"""Of one request, the first included; each further address of the registry allows one more."""
FIRST_WAIT: Final = 0.2
"""Seconds; doubles with each try."""
LONGEST_WAIT: Final = 8.0
LONGEST_RETRY_AFTER: Final = 60.0
"""A registry that asks for a longer pause gets this one."""
ALLOWANCE: Final = 30.0
"""Retries that a run may spend before it has had a single good answer."""
EARNED: Final = 0.5
"""What each good answer gives back, up to the allowance: a registry with one fault in five is worked with."""


class World(msgspec.Struct, frozen=True):
    """Time and chance, handed in so that tests can hold them."""

    now: Callable[[], float]
    """Seconds since 1970."""
    clock: Callable[[], float]
    """Seconds that only grow."""
    chance: Callable[[], float]
    """A number from 0 to below 1."""
    sleep: Callable[[float], object] | None = None
    """Takes seconds; None really waits."""


class Retries:
    """One run's budget of retries, and the pause that a registry asked for; shared by all threads."""

    __slots__ = ("_left", "_lock", "_not_before", "_stopped", "_world")

    def __init__(self, world: World) -> None:
        self._world = world
        self._left = ALLOWANCE
        self._not_before = 0.0
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Ends every pause, and lets nothing be sent again: whoever asked no longer waits for it."""
        self._stopped.set()

    def sleep(self, seconds: float) -> None:
        (self._world.sleep or self._stopped.wait)(seconds)

    def hold(self) -> None:
        """Waits until a pause that the registry asked any thread for is over."""
        with self._lock:
            rest = self._not_before - self._world.clock()
        if rest > 0:
            self.sleep(rest)

    def earn(self) -> None:
        """Counts a good answer."""
        with self._lock:
            self._left = min(ALLOWANCE, self._left + EARNED)

    def heed(self, outcome: Answer | Fault) -> float:
        """The seconds of pause that an answer asks for; every thread keeps to them."""
        pause = self._asked_for(outcome)
        if pause:
            with self._lock:
                self._not_before = max(self._not_before, self._world.clock() + pause)
        return pause

    def wait(self, pause: float, tries: int, *, at_once: bool) -> float | None:
        """Seconds to wait before the next try after ``tries`` of them; None where the run may not try again.

        ``at_once``: there is an address that this request has not tried, so nothing is waited for. Full jitter: any
        time up to a limit that doubles, on top of the pause that the registry asked for.
        """
        with self._lock:
            if self._left < 1 or self._stopped.is_set():
                return None
            self._left -= 1
        if at_once and not pause:
            return 0.0
        limit = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (tries - 1))
        return pause + self._world.chance() * limit

    def _asked_for(self, outcome: Answer | Fault) -> float:
        if isinstance(outcome, Fault):
            return 0.0
        said = outcome.headers.get("retry-after", "")
        return min(LONGEST_RETRY_AFTER, max(0.0, retry_after(said, self._world.now()) or 0.0))


def retry_after(said: str, now: float) -> float | None:
    """Seconds that a Retry-After header asks for: a number of them, or a date (RFC 9110, 10.2.3); None if neither."""
    text = said.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return parsedate_to_datetime(text).timestamp() - now
    except (ValueError, TypeError, OverflowError):
        return None
