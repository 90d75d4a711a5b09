"""The schema registry over HTTP: what it holds, what it would say, and the few writes that schemagate makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from schemagate.adapters.registry.failures import Refused

if TYPE_CHECKING:
    from schemagate.adapters.registry.client import Registry
    from schemagate.config.values import RegistrySettings

__all__ = ["Refused", "cache_folder", "connect"]


def connect(
    settings: RegistrySettings, env: Mapping[str, str], *, cache: str | None = None, root: str = ""
) -> Registry:
    """The registry that ``[registry.NAME]`` describes, with the secrets that ``env`` holds; nothing is sent yet.

    ``cache`` is the directory of the disk cache (see :func:`cache_folder`), None for a run without one. Relative
    certificate files are below ``root``. Raises ConfigError for a missing secret, which names its variable, and for
    certificates that cannot be used.
    """
    from schemagate.adapters.registry.client import Registry
    from schemagate.adapters.registry.opening import open_line

    return Registry(open_line(settings, env, cache=cache, root=root))


def cache_folder(env: Mapping[str, str]) -> str:
    """Where this machine keeps disposable files of schemagate: SCHEMAGATE_CACHE_DIR, or where the system has them."""
    from schemagate.adapters.cache import folder

    return folder(env)
