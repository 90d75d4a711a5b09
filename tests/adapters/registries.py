"""What the tests of the registry's client share: a fake one that is served, and time that passes only in a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemagate.adapters.registry.client import Registry
from schemagate.adapters.registry.opening import open_line
from schemagate.adapters.registry.retries import World
from schemagate.config.values import RegistrySettings


@dataclass
class Time:
    """A clock that only sleeping moves; chance always takes the half."""

    at: float = 1_000_000.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds

    def world(self) -> World:
        return World(now=self.now, clock=self.now, chance=lambda: 0.5, sleep=self.sleep)


def client(
    *urls: str,
    env: Mapping[str, str] | None = None,
    auth: str = "none",
    time: Time | None = None,
    cache: object = None,
    name: str = "prod",
    root: str = "",
    **options: object,
) -> Registry:
    """A registry's client as the configuration would make it; option names take `_` for `-`."""
    settings = RegistrySettings(name, urls, auth, {key.replace("_", "-"): value for key, value in options.items()})
    folder = None if cache is None else str(cache)
    return Registry(open_line(settings, env or {}, cache=folder, root=root, world=(time or Time()).world()))
