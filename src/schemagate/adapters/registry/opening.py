"""From settings and environment to an open line: addresses, sign-in, certificates, proxies, budget, cache."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from schemagate.adapters.cache import Cache, open_cache
from schemagate.adapters.registry import address
from schemagate.adapters.registry.address import Address, Login
from schemagate.adapters.registry.auth import Authorize, Headers, OAuth, fixed, token_fault
from schemagate.adapters.registry.failures import Answer, Fault, Teller
from schemagate.adapters.registry.retries import Retries, World
from schemagate.adapters.registry.secrets import SHORTEST_NAME, Secrets, variable
from schemagate.adapters.registry.tls import Tls, tls
from schemagate.adapters.registry.transport import FORM, Line, Message
from schemagate.config.values import RegistrySettings
from schemagate.finding import Json
from schemagate.wire import decode

REAL_WORLD: Final = World(now=time.time, clock=time.monotonic, chance=random.random)


class Opened(msgspec.Struct, frozen=True):
    """All that a registry's client works with."""

    settings: RegistrySettings
    line: Line
    others: tuple[Line, ...]
    """Lines to whoever gives out tokens."""
    teller: Teller
    cache: Cache | None
    world: World
    home: str
    """The first configured address, which names the registry in the cache."""
    retries: Retries

    def close(self) -> None:
        """Ends all waiting, closes every connection, and the cache."""
        self.retries.stop()
        for line in (self.line, *self.others):
            line.close()
        if self.cache is not None:
            self.cache.close()


def open_line(
    settings: RegistrySettings,
    env: Mapping[str, str],
    *,
    cache: str | None = None,
    root: str = "",
    world: World = REAL_WORLD,
) -> Opened:
    """Everything that can be wrong before the first request is a ConfigError here."""
    secrets = Secrets(settings.name, env)
    teller = Teller(settings.name, settings.auth, secrets)
    addresses, login = _addresses(settings, secrets)
    trust = tls(settings, secrets, env, root)
    retries = Retries(world)

    def line(where: Sequence[Address], authorize: Authorize, trust: Tls) -> Line:
        proxies = [_proxies(place, secrets) for place in where]
        seconds = settings.options.get("timeout")
        return Line(
            where, authorize=authorize, tls=trust, proxies=proxies, seconds=seconds, retries=retries, world=world
        )

    own = fixed(settings, secrets, login)
    issuer = _issuer(settings)
    others: tuple[Line, ...] = ()
    if issuer is None:
        main = line(addresses, lambda: own, trust)
    else:
        tokens = line([issuer], dict, Tls(trust.trusted))
        oauth = OAuth(settings, secrets, fetch=_token_fetcher(tokens, teller), clock=world.clock)
        others, main = (tokens,), line(addresses, lambda: {**own, **oauth.headers()}, trust)
    kept = open_cache(cache, world.now) if cache is not None else None
    return Opened(settings, main, others, teller, kept, world, _home(settings, addresses), retries)


def _home(settings: RegistrySettings, addresses: Sequence[Address]) -> str:
    """One address can lead to several of Confluent Cloud's registries."""
    return f"{addresses[0].url} {settings.options.get('logical-cluster') or ''}"


def _issuer(settings: RegistrySettings) -> Address | None:
    if settings.auth != "oauth":
        return None
    place, _ = address.parse(str(settings.options.get("token-url", "")), source="`token-url`")
    return place


def _addresses(settings: RegistrySettings, secrets: Secrets) -> tuple[tuple[Address, ...], Login]:
    """Those of the environment win; what they hold of a login is taken out."""
    name = variable(settings.name, "URL")
    override = secrets.find("URL")
    texts = [part for part in override.split(",") if part.strip()] if override else list(settings.url)
    source = name if override else f"`url` of [registry.{settings.name}]"
    parsed = [address.parse(text, source=source) for text in texts]
    for _, login in parsed:
        secrets.hide(login.username, shortest=SHORTEST_NAME)
        secrets.hide(login.password)
    login = next((login for _, login in parsed if login.username), Login())
    return tuple(place for place, _ in parsed), login


def _proxies(place: Address, secrets: Secrets) -> dict[str, str]:
    """The proxies for an address, from the environment or the system; what signs in to them is hidden."""
    from requests.utils import get_environ_proxies

    found = dict(get_environ_proxies(place.url))
    for proxy in found.values():
        _, _, rest = proxy.partition("//")
        credentials, at, _ = rest.rpartition("@")
        if at:
            secrets.hide(credentials.partition(":")[2])
            secrets.hide(credentials)
    return found


def _token_fetcher(line: Line, teller: Teller) -> Callable[[bytes, Headers], tuple[Answer, Json]]:
    def fetch(form: bytes, headers: Headers) -> tuple[Answer, Json]:
        outcome = line.send(Message("POST", "", form, kind=FORM, headers=headers))
        answer = outcome.answer
        if isinstance(answer, Fault):
            raise teller.unreachable(answer, tries=outcome.tries, waited=outcome.waited)
        if answer.status != 200:
            raise teller.unexpected(answer, "the request for an OAuth token")
        said = decode.document(answer.body)
        fault = token_fault(said)
        if fault:
            raise teller.nonsense(answer, "the request for an OAuth token", fault)
        return answer, said

    return fetch


__all__ = ["REAL_WORLD", "Opened", "open_line"]
