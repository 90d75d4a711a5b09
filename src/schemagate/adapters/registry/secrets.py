"""Where the registry's secrets come from, and how they stay out of everything that is told."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, quote_plus

from schemagate.errors import ConfigError

HIDDEN: Final = "***"
SHORTEST: Final = 4
SHORTEST_NAME: Final = 12
"""User names that are API keys are longer than this; `user` and `admin` are words."""


def variable(registry: str, part: str) -> str:
    """The environment variable of a registry's setting: ``prod-eu``, ``TOKEN`` → SCHEMAGATE_REGISTRY_PROD_EU_TOKEN."""
    return f"SCHEMAGATE_REGISTRY_{registry.upper().replace('-', '_')}_{part}"


class Secrets:
    """The secrets of one registry, which are read from the environment and never shown."""

    __slots__ = ("_env", "_forms", "_lock", "_registry")

    def __init__(self, registry: str, env: Mapping[str, str]) -> None:
        self._registry = registry
        self._env = env
        self._forms: tuple[str, ...] = ()
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Secrets({self._registry!r})"

    def find(self, part: str) -> str:
        """The value of a variable, empty where it is not set; not hidden yet.

        Raises ConfigError for one that no header can hold.
        """
        name = variable(self._registry, part)
        value = self._env.get(name, "").strip("\r\n\t ")
        if any(ord(char) < 32 or ord(char) == 127 for char in value):
            raise ConfigError(
                f"{name} holds a line break or another control character",
                path="environment",
                hint="set the variable to the bare value, on one line",
            )
        return value

    def need(self, part: str, why: str) -> str:
        """The value of a variable that has to be set. Raises ConfigError that names it."""
        value = self.find(part)
        if not value:
            name = variable(self._registry, part)
            raise ConfigError(
                f"{name} is not set, but {why} of [registry.{self._registry}] needs it",
                path="environment",
                hint=(
                    f"set {name}; in a pipeline, from its secret store. A variable that is empty counts as not set. "
                    "`schemagate check --offline` asks no registry"
                ),
            )
        return value

    def hide(self, secret: str, *, shortest: int = SHORTEST) -> None:
        """From now on this text is taken out of everything that goes through :meth:`scrub`.

        Nothing is done for texts of fewer than ``shortest`` characters: they occur in words that hold no secret.
        """
        if len(secret) < shortest:
            return
        raw = secret.encode("utf-8", "surrogateescape")
        inside_json = (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
        encoded = (quote(raw, safe=""), quote_plus(raw), base64.b64encode(raw).decode("ascii"))
        forms = (secret, *inside_json, *encoded)
        with self._lock:
            # The longest first: a secret may be part of another one.
            self._forms = tuple(sorted({*self._forms, *forms}, key=lambda form: (-len(form), form)))

    def scrub(self, text: str) -> str:
        """The text without any secret: a server or a proxy may repeat what it was sent."""
        for form in self._forms:
            text = text.replace(form, HIDDEN)
        return text

    def scrub_body(self, body: bytes) -> bytes:
        """The same for a body, before anything is cut off it: half a secret would no longer be found."""
        return self.scrub(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
