"""TLS as configured: whose certificates are trusted, and with which one this client shows who it is."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping

import msgspec

from schemagate.adapters.registry.secrets import Secrets, variable
from schemagate.config.values import RegistrySettings
from schemagate.errors import ConfigError

_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


class Tls(msgspec.Struct, frozen=True):
    """``trusted``: a PEM file or a directory, True for the usual ones; ``context`` holds a client's certificate."""

    trusted: str | bool = True
    context: ssl.SSLContext | None = None


def tls(settings: RegistrySettings, secrets: Secrets, env: Mapping[str, str], root: str) -> Tls:
    """Raises ConfigError for files that are missing or do not fit one another, and for a key without its password."""
    trusted: str | bool = True
    written = settings.options.get("ca-file")
    if written:
        trusted = _file(settings, "ca-file", root)
        try:
            ssl.create_default_context(cafile=trusted)
        except (ssl.SSLError, OSError):
            raise _unusable(settings, "ca-file", "holds no PEM certificate") from None
    else:
        trusted = next((env[name] for name in _BUNDLES if env.get(name) and os.path.exists(env[name])), True)
    if not settings.options.get("cert-file"):
        return Tls(trusted)
    return Tls(trusted, _context(settings, secrets, root))


def _context(settings: RegistrySettings, secrets: Secrets, root: str) -> ssl.SSLContext:
    from urllib3.util.ssl_ import create_urllib3_context

    context = create_urllib3_context()
    certificate = _file(settings, "cert-file", root)
    key = _file(settings, "key-file", root) if settings.options.get("key-file") else None
    password = secrets.find("KEY_PASSWORD")
    secrets.hide(password)
    asked: list[bool] = []

    def answer() -> str:
        """Without it, OpenSSL would ask on the terminal."""
        asked.append(True)
        return password

    problem = ""
    try:
        context.load_cert_chain(certificate, key, answer)
    except (ssl.SSLError, OSError, ValueError):
        problem = "key-file" if key else "cert-file"
    if problem and asked:
        name = variable(settings.name, "KEY_PASSWORD")
        word = "is not set" if not password else "does not open it"
        raise _unusable(settings, problem, f"is encrypted and {name} {word}", f"set {name} to its password")
    if problem:
        raise _unusable(settings, problem, "holds no PEM key that fits the certificate in `cert-file`")
    return context


def _file(settings: RegistrySettings, option: str, root: str) -> str:
    path = os.path.join(root, os.path.expanduser(str(settings.options[option])))
    if not os.access(path, os.R_OK) or os.path.isdir(path):
        raise _unusable(settings, option, "cannot be read", "a relative path counts from the repository's root")
    return path


def _unusable(settings: RegistrySettings, option: str, what: str, hint: str = "") -> ConfigError:
    return ConfigError(
        f"`{option}` of [registry.{settings.name}] {what}: {settings.options[option]}",
        path="configuration",
        hint=hint or "it must name a PEM file",
    )
