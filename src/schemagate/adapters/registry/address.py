"""A registry's addresses: taken apart, with user name and password moved out before anything can show them."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import msgspec

from schemagate.errors import ConfigError

_PORTS = {"http": 80, "https": 443}


class Address(msgspec.Struct, frozen=True):
    """One base address without credentials and without a slash at its end."""

    scheme: str
    host: str
    port: int
    path: str = ""

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if _PORTS[self.scheme] == self.port else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    @property
    def url(self) -> str:
        return f"{self.origin}{self.path}"

    def trusts(self, other: Address) -> bool:
        """Whether what is sent here may be sent there too: the same origin, or the same host over TLS instead."""
        if self.host != other.host:
            return False
        same = (self.scheme, self.port) == (other.scheme, other.port)
        return same or (self.scheme, other.scheme, other.port) == ("http", "https", 443)


class Login(msgspec.Struct, frozen=True):
    """User name and password as an address holds them; both empty where it holds none."""

    username: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return "Login(***)"


def parse(text: str, *, source: str) -> tuple[Address, Login]:
    """An ``http`` or ``https`` address. Raises ConfigError that names ``source`` and never repeats the text."""
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _unusable(source) from None
    scheme = parts.scheme.lower()
    # A `/`, `?` or `#` in a password that is not percent-encoded would leave its rest in the path.
    if scheme not in _PORTS or not host or parts.query or parts.fragment or "@" in parts.path or _odd(parts.path):
        raise _unusable(source)
    login = Login(unquote(parts.username or ""), unquote(parts.password or ""))
    return Address(scheme, host, port or _PORTS[scheme], parts.path.rstrip("/")), login


def _odd(path: str) -> bool:
    return any(ord(char) <= 32 or ord(char) == 127 for char in path)


def _unusable(source: str) -> ConfigError:
    return ConfigError(
        f"{source} holds no address such as https://registry.example.com",
        path="environment" if source.startswith("SCHEMAGATE_") else "configuration",
        hint="percent-encode `/`, `?`, `#` and `@` in a user name or password, or use the variables made for them",
    )
