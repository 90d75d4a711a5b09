"""How a request says who asks: the Authorization header of each kind of sign-in, and Confluent Cloud's two headers."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from typing import Final
from urllib.parse import quote_plus, urlencode

from schemagate.adapters.registry.address import Login
from schemagate.adapters.registry.failures import Answer
from schemagate.adapters.registry.secrets import SHORTEST_NAME, Secrets, variable
from schemagate.config.values import RegistrySettings
from schemagate.errors import ConfigError
from schemagate.finding import Json
from schemagate.wire import decode

DEFAULT_LIFE: Final = 300.0
"""Seconds that a token lives whose answer does not say."""
MARGIN: Final = 0.8
"""A token is replaced when this part of its life is over."""

Headers = dict[str, str]
Authorize = Callable[[], Headers]
"""The headers that a request needs now; may fetch a token first."""


def fixed(settings: RegistrySettings, secrets: Secrets, login: Login) -> Headers:
    """The headers that stay the same for the whole run; for ``oauth``, all but its token.

    Raises ConfigError where a secret that ``auth`` needs is missing, and names its variable. User name and password in
    an address that came from the environment count as ``basic`` where the configuration says ``none``.
    """
    headers = _cloud(settings)
    why = f'`auth = "{settings.auth}"`'
    if settings.auth == "basic" or (settings.auth == "none" and login.username):
        # From the variables if they are set, else from the address.
        username = secrets.find("USERNAME") or login.username or secrets.need("USERNAME", why)
        password = secrets.find("PASSWORD") or login.password or secrets.need("PASSWORD", why)
        headers["Authorization"] = basic(username, password, secrets)
    elif settings.auth == "bearer":
        headers["Authorization"] = f"Bearer {_token(settings, secrets)}"
    return headers


def basic(username: str, password: str, secrets: Secrets) -> str:
    """RFC 7617, UTF-8."""
    secrets.hide(username, shortest=SHORTEST_NAME)
    secrets.hide(password)
    encoded = base64.b64encode(f"{username}:{password}".encode("utf-8", "surrogateescape")).decode("ascii")
    secrets.hide(encoded)
    return f"Basic {encoded}"


class OAuth:
    """Client credentials (RFC 6749, 4.4): fetches a token when the first request needs one, and again before it ends.

    ``fetch`` posts a form to the token's address, with headers of its own; ``clock`` counts seconds.
    """

    __slots__ = ("_clock", "_ends", "_fetch", "_headers", "_lock", "_scope", "_secrets", "_sign_in")

    def __init__(
        self,
        settings: RegistrySettings,
        secrets: Secrets,
        *,
        fetch: Callable[[bytes, Headers], tuple[Answer, Json]],
        clock: Callable[[], float],
    ) -> None:
        secret = secrets.need("CLIENT_SECRET", '`auth = "oauth"`')
        secrets.hide(secret)
        client = str(settings.options.get("client-id") or "")
        self._sign_in = basic(quote_plus(client), quote_plus(secret), secrets)
        self._scope = str(settings.options.get("scope") or "")
        self._secrets = secrets
        self._fetch = fetch
        self._clock = clock
        self._lock = threading.Lock()
        self._headers: Headers = {}
        self._ends = 0.0

    def __repr__(self) -> str:
        return "OAuth(***)"

    def headers(self) -> Headers:
        """The Authorization header with a token that still lives. Raises RegistryError where none is to be had."""
        with self._lock:
            if not self._headers or self._clock() >= self._ends:
                self._renew()
            return self._headers

    def _renew(self) -> None:
        form = {"grant_type": "client_credentials"} | ({"scope": self._scope} if self._scope else {})
        started = self._clock()
        _, said = self._fetch(urlencode(form).encode("ascii"), {"Authorization": self._sign_in})
        token, life = token_of(said)
        self._secrets.hide(token)
        self._headers = {"Authorization": f"Bearer {token}"}
        self._ends = started + life * MARGIN


def token_of(value: Json) -> tuple[str, float]:
    """Token and life in seconds of a token's answer; an empty token where it holds none that a header can carry."""
    if not isinstance(value, dict):
        return "", 0.0
    token, life = value.get("access_token"), value.get("expires_in")
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or " " in token:
        return "", 0.0
    if isinstance(life, str) and life.isdigit():
        life = int(life[:9])
    if isinstance(life, int | float) and not isinstance(life, bool) and life > 0:
        return token, float(life)
    return token, DEFAULT_LIFE


def token_fault(value: Json | decode.Odd) -> str:
    """What is wrong with a token's answer; empty if nothing is."""
    if isinstance(value, decode.Odd):
        return value.reason
    return "" if token_of(value)[0] else "an object with the text `access_token` was expected"


def _cloud(settings: RegistrySettings) -> Headers:
    names = {"logical-cluster": "target-sr-cluster", "identity-pool": "Confluent-Identity-Pool-Id"}
    return {header: str(settings.options[key]) for key, header in names.items() if settings.options.get(key)}


def _token(settings: RegistrySettings, secrets: Secrets) -> str:
    """Raises ConfigError for what cannot be a token (RFC 6750, 2.1)."""
    token = secrets.need("TOKEN", f'`auth = "{settings.auth}"`')
    secrets.hide(token)
    if token.isascii() and " " not in token:
        return token
    name = variable(settings.name, "TOKEN")
    raise ConfigError(
        f"{name} holds something that is no token",
        path="environment",
        hint="set it to the token alone, without `Bearer`",
    )
