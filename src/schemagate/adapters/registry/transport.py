"""One pooled session: a request goes out, is repeated where that helps, and comes back whole and bounded."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urljoin

import msgspec
import requests
from requests.adapters import HTTPAdapter
from requests.models import PreparedRequest
from requests.structures import CaseInsensitiveDict

from schemagate._version import __version__
from schemagate.adapters.registry import address
from schemagate.adapters.registry.address import Address, Login
from schemagate.adapters.registry.failures import Answer, Fault
from schemagate.adapters.registry.faults import EXPECTED, fault_of
from schemagate.adapters.registry.retries import AGAIN, ELSEWHERE, TRIES, Retries, World
from schemagate.adapters.registry.tls import Tls
from schemagate.errors import ConfigError

WORKERS: Final = 8
"""Requests in flight at most."""
MAX_BODY: Final = 10_000_000
"""Bytes of an answer; a longer one is not read."""
CONNECT_SECONDS: Final = 10.0
ANSWER_SECONDS: Final = 30.0
SPARE_SECONDS: Final = 10.0
"""What one request may wait in vain beyond one whole wait for its answer, all its tries together.

A registry that hangs is told after one wait and a shorter one on a new connection, not after :data:`TRIES` of them.
"""
LARGE: Final = "sent an answer that is too large to be read"
WHOLE: Final = 4
"""An answer that keeps dripping in may take this many times the time to wait for its next byte."""
REDIRECTS: Final = 3

JSON: Final = "application/vnd.schemaregistry.v1+json"
_CHUNK: Final = 65_536
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_KEEPS_METHOD: Final = frozenset({307, 308})
_HEADERS: Final = {
    "User-Agent": f"schemagate/{__version__}",
    "Accept": "application/vnd.schemaregistry.v1+json, application/vnd.schemaregistry+json, application/json",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "keep-alive",
}
FORM: Final = "application/x-www-form-urlencoded"


class Message(msgspec.Struct, frozen=True):
    """What is to be sent. ``path`` begins with a slash, is percent-encoded, and holds no secret."""

    method: str
    path: str
    body: bytes | None = None
    kind: str = JSON
    headers: Mapping[str, str] = {}
    """More of them, for this message only."""
    limit: int = MAX_BODY
    final: frozenset[int] = frozenset()
    """Statuses that are taken as they are, although another try might change them."""


class Outcome(msgspec.Struct, frozen=True):
    """What came of a message after all its tries."""

    answer: Answer | Fault
    tries: int
    waited: float = 0.0
    """Seconds that its tries waited for a connection or an answer that did not come."""


class Line:
    """The connection to one service at one address or several; thread-safe.

    ``authorize`` gives the headers that say who asks; it may use another line to get them. ``proxies`` are those of
    each address.
    """

    def __init__(
        self,
        addresses: Sequence[Address],
        *,
        authorize: Callable[[], Mapping[str, str]],
        tls: Tls,
        proxies: Sequence[dict[str, str]],
        seconds: float | None,
        retries: Retries,
        world: World,
    ) -> None:
        self._addresses = tuple(addresses)
        self._proxies = tuple(proxies)
        self._authorize = authorize
        self._trusted = tls.trusted
        self._answer = seconds or ANSWER_SECONDS
        self._connect = min(self._answer, CONNECT_SECONDS)
        self._tries = TRIES + len(self._addresses) - 1
        # Another address may serve where one hangs, so each is waited for.
        self._patience = len(self._addresses) * self._answer + SPARE_SECONDS
        self._retries = retries
        self._world = world
        self._session = requests.Session()
        self._session.trust_env = False  # nothing from .netrc; proxies and certificates were looked up once
        adapter = _adapter(tls, proxies)
        for prefix in ("http://", "https://"):
            self._session.mount(prefix, adapter)
        self._lock = threading.Lock()
        self._at = 0
        self.requests_made = 0

    def __repr__(self) -> str:
        return f"Line({self.url!r})"

    @property
    def url(self) -> str:
        """The address that is asked at the moment."""
        return self._addresses[self._at].url

    def close(self) -> None:
        self._session.close()

    def send(self, message: Message) -> Outcome:
        """Sends until there is an answer that another try cannot better, or no further try is allowed.

        An answer with an error status is an answer. Sending twice is safe: every request of the registry's protocol
        that schemagate makes has the same effect however often it arrives.
        """
        tries, waited, asked = 0, 0.0, set[int]()
        while True:
            self._retries.hold()
            at = self._at
            asked.add(at)
            tries += 1
            found = self._attempt(message, at, self._patience - waited)
            waited += found.waited if isinstance(found, Fault) else 0.0
            outcome = Outcome(found, tries, waited)
            if isinstance(found, Answer) and (found.status not in AGAIN or found.status in message.final):
                if found.status < 500:
                    self._retries.earn()
                return outcome
            pause = self._retries.heed(found)
            elsewhere = self._turn(found, at, asked)
            if tries >= self._tries or waited >= self._patience:
                return outcome
            if not (elsewhere or isinstance(found, Answer) or found.again):
                return outcome
            wait = self._retries.wait(pause, tries, at_once=elsewhere)
            if wait is None:
                return outcome
            if wait:
                self._retries.sleep(wait)

    def _turn(self, found: Answer | Fault, at: int, asked: set[int]) -> bool:
        """Goes on to the next address where this one does not serve; whether this message has not been there yet."""
        if isinstance(found, Answer) and found.status not in ELSEWHERE:
            return False
        with self._lock:
            if self._at == at:
                self._at = (at + 1) % len(self._addresses)
            return self._at not in asked

    def _attempt(self, message: Message, at: int, patience: float) -> Answer | Fault:
        base = self._addresses[at]
        url, method = base.url + message.path, message.method
        headers = self._authorize()
        for _ in range(REDIRECTS + 1):
            found = self._exchange(message, method, url, headers, at, patience)
            if isinstance(found, Fault) or found.status not in _MOVED:
                return found
            moved = self._follow(found, method, base)
            if isinstance(moved, Fault):
                return moved
            url = moved
        return Fault("redirects in a circle", found.url, again=False, hint="check `url`")

    def _exchange(
        self, message: Message, method: str, url: str, headers: Mapping[str, str], at: int, patience: float
    ) -> Answer | Fault:
        with self._lock:
            self.requests_made += 1
        connect, answer = min(self._connect, patience), min(self._answer, patience)
        try:
            response = self._session.get_adapter(url).send(
                _prepared(message, method, url, headers),
                stream=True,
                timeout=(connect, answer),
                verify=self._trusted,
                proxies=self._proxies[at],
            )
            body = self._read(response, message.limit)
        except EXPECTED as error:
            # Only its meaning is kept: its own words may hold what the request held.
            return fault_of(error, _shown(url), connect=connect, answer=answer)
        if isinstance(body, str):
            response.close()
            return Fault(body, _shown(url), again=False, large=body is LARGE)
        kept = {name: response.headers[name] for name in ("retry-after", "location") if name in response.headers}
        return Answer(response.status_code, body, _shown(url), kept)

    def _read(self, response: requests.Response, limit: int) -> bytes | str:
        """The body, unpacked, or what is wrong with it."""
        until = self._world.clock() + WHOLE * self._answer
        raw: Any = response.raw
        chunks: list[bytes] = []
        length = 0
        while chunk := raw.read1(_CHUNK, decode_content=True):
            length += len(chunk)
            if length > limit:
                return LARGE
            if self._world.clock() > until:
                return f"was still sending its answer after {WHOLE * self._answer:g} s"
            chunks.append(chunk)
        raw.release_conn()
        return b"".join(chunks)

    def _follow(self, found: Answer, method: str, base: Address) -> str | Fault:
        """Where a redirect leads, if what was sent here may be sent there too."""
        try:
            target = urljoin(found.url, found.headers.get("location", ""))
            there, login = address.parse(target.partition("?")[0].partition("#")[0], source="a redirect")
        except (ConfigError, ValueError):
            return Fault("redirects to something that is no address", found.url, again=False, hint="check `url`")
        if base.trusts(there) and login == Login() and (method == "GET" or found.status in _KEEPS_METHOD):
            return target
        # Without the path, which may hold what the other side gave out for one use.
        words = f"redirects to {there.origin}, which is not followed"
        hint = "if the registry is there, set `url` to it; a sign-in page there means that credentials are missing"
        return Fault(words, found.url, again=False, hint=hint)


def _adapter(tls: Tls, proxies: Sequence[dict[str, str]]) -> HTTPAdapter:
    """As many connections as there are workers, with the client's own certificate, also through proxies."""
    adapter = HTTPAdapter(pool_connections=WORKERS, pool_maxsize=WORKERS, max_retries=0)
    if tls.context is not None:
        adapter.init_poolmanager(WORKERS, WORKERS, ssl_context=tls.context)
        for proxy in {proxy for each in proxies for proxy in each.values() if "://" in proxy}:
            adapter.proxy_manager_for(proxy, ssl_context=tls.context)
    return adapter


def _prepared(message: Message, method: str, url: str, headers: Mapping[str, str]) -> PreparedRequest:
    """The request as it goes out. Its address is already encoded, and must stay so: `%2F` is part of a subject."""
    request = PreparedRequest()
    request.method, request.url, request.body = method, url, message.body
    request.headers = CaseInsensitiveDict({**_HEADERS, **headers, **message.headers})
    if message.body is not None:
        request.headers["Content-Type"] = message.kind
        request.headers["Content-Length"] = str(len(message.body))
    return request


def _shown(url: str) -> str:
    """Without the query, which repeats what the message says anyway."""
    return url.partition("?")[0]
