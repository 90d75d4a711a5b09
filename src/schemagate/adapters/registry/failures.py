"""What is told when a registry cannot be reached, refuses, or answers what its protocol does not know."""

from __future__ import annotations

from typing import Final

import msgspec

from schemagate.adapters.registry.permissions import missing
from schemagate.adapters.registry.secrets import Secrets, variable
from schemagate.errors import RegistryError
from schemagate.wire.decode import Complaint, complaint

REFUSALS: Final = frozenset({401, 403, 409, 413, 422})
"""The registry understood our request and says no to it."""
READ_ONLY: Final = 42205

_VARIABLES: Final = {
    "basic": ("USERNAME", "PASSWORD"),
    "bearer": ("TOKEN",),
    "oauth": ("CLIENT_SECRET",),
}


class Refused(RegistryError):  # noqa: N818 - an answer, more than an error
    """The registry answered and said no to our own request: 401, 403, 409, 413 or 422.

    ``reason`` holds its own words, clipped, untrusted; ``message`` tells them with address, subject, status and code.
    """

    def __init__(
        self,
        message: str,
        *,
        url: str,
        subject: str = "",
        status: int = 0,
        code: int = 0,
        hint: str = "",
        reason: str = "",
    ) -> None:
        super().__init__(message, url=url, subject=subject, status=status, code=code, hint=hint)
        self.reason = reason


class TooLargeError(RegistryError):
    """The answer is longer than what is read of one."""


class Answer(msgspec.Struct, frozen=True):
    """One HTTP answer, read whole. ``url`` has no secret in it."""

    status: int
    body: bytes
    url: str
    headers: dict[str, str] = {}
    """Only ``retry-after`` and ``location``, where given."""


class Fault(msgspec.Struct, frozen=True):
    """No usable answer: ``words`` say why, ``again`` whether another try may help."""

    words: str
    url: str
    again: bool = True
    hint: str = ""
    large: bool = False
    """The answer was longer than what is read of one."""
    waited: float = 0.0
    """Seconds that passed in vain before it was given up; 0 where something else ended it."""


class Teller:
    """Words errors for one registry: every one with its name, address, subject, status, code and a way on."""

    __slots__ = ("_auth", "_name", "secrets")

    def __init__(self, name: str, auth: str, secrets: Secrets) -> None:
        self._name = name
        self._auth = auth
        self.secrets = secrets

    def unreachable(self, fault: Fault, *, tries: int = 1, waited: float = 0.0, subject: str = "") -> RegistryError:
        """Nothing that could be used came back; ``waited`` are the seconds that all tries waited in vain."""
        whole = f", {waited:g} s of waiting in all" if waited > fault.waited else ""
        after = f" (after {tries} tries{whole})" if tries > 1 else ""
        hint = fault.hint or f"check `url` of [registry.{self._name}], the network and the proxy variables"
        if fault.waited:
            hint += "; where it is only slow, give it a longer `timeout`"
        kind = TooLargeError if fault.large else RegistryError
        return self._error(kind, fault.words + after, fault.url, subject, hint=hint)

    def unexpected(self, answer: Answer, doing: str, *, subject: str = "") -> RegistryError:
        """An error status that nothing better is known about."""
        said = complaint(self.secrets.scrub_body(answer.body))
        words = f"answered {doing} with status {answer.status}" + (f", code {said.code}" if said.code else "")
        if said.message:
            words += f': "{said.message}"'
        elif said.kind == "html":
            words += " and an HTML page"
        kind = Refused if answer.status in REFUSALS else RegistryError
        return self._error(
            kind, words, answer.url, subject, answer.status, said, hint=self._hint(answer.status, said, doing, subject)
        )

    def nonsense(self, answer: Answer, doing: str, reason: str, *, subject: str = "") -> RegistryError:
        """An answer with a good status that holds something else than the protocol says."""
        hint = (
            f"check that `url` of [registry.{self._name}] is the registry's own address with its whole path: "
            "a proxy, a sign-in page or another service may be answering"
        )
        words = f"answered {doing} with status {answer.status}, but {reason}"
        return self._error(RegistryError, words, answer.url, subject, answer.status, hint=hint)

    def _error(
        self,
        kind: type[RegistryError],
        words: str,
        url: str,
        subject: str,
        status: int = 0,
        said: Complaint | None = None,
        *,
        hint: str,
    ) -> RegistryError:
        of = f", subject {subject}" if subject else ""
        message = self.secrets.scrub(f"registry {self._name} ({url}{of}) {words}")
        code = said.code if said else 0
        error = kind(message, url=url, subject=subject, status=status, code=code, hint=self.secrets.scrub(hint))
        if isinstance(error, Refused) and said:
            error.reason = self.secrets.scrub(said.message)
        return error

    def _hint(self, status: int, said: Complaint, doing: str, subject: str) -> str:
        if status == 401:
            return self._sign_in()
        if status == 403:
            general = "these credentials may not do this: ask who runs the registry for the permission"
            return missing(doing, subject) or general
        if status == 404 and not 40400 < said.code < 40500:
            where = f"`url` of [registry.{self._name}]"
            return f"check that {where} holds the registry's whole path (Apicurio: …/apis/ccompat/v7)"
        if status == 429:
            return "the registry limits how often it is asked; run again later, or ask for a higher limit"
        if status == 409 and doing.startswith("POST"):
            return "`schemagate check` shows which versions this breaks, and why"
        if said.code == READ_ONLY:
            return "the registry or the subject is read-only: see its mode (GET /mode)"
        if status == 413:
            return "the schema is larger than the registry or a proxy before it accepts"
        if status >= 500:
            return "the registry is failing: see its logs, then run again"
        return "the registry's words above say what it does not accept"

    def _sign_in(self) -> str:
        if self._auth == "mtls":
            return f"the certificate was refused: check `cert-file` and `key-file` of [registry.{self._name}]"
        names = [variable(self._name, part) for part in _VARIABLES.get(self._auth, ())]
        if not names:
            return f'this registry wants to know who asks: set `auth` in [registry.{self._name}] ("basic", "bearer", …)'
        return f'`auth = "{self._auth}"` was refused: check {" and ".join(names)}'
