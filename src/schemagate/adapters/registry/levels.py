"""Which compatibility level and mode hold for a subject, and who set them."""

from __future__ import annotations

import threading
from typing import Final

import msgspec

from schemagate.adapters.registry.asking import Asker
from schemagate.errors import RegistryError
from schemagate.wire import decode
from schemagate.wire.values import SubjectConfig

READWRITE: Final = "READWRITE"
_NO_LEVEL: Final = "NONE"
_MAY_NOT: Final = frozenset({401, 403})


class Levels:
    """Configuration and modes of one registry. What subjects inherit is asked for once; thread-safe."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._lock = threading.RLock()
        self._inherited: SubjectConfig | None = None
        self._above: SubjectConfig | None = None
        self._mode: str | None = None
        self._says_none = False

    def config(self, subject: str) -> SubjectConfig:
        """What holds for the subject, in one request. One that sets only part of its configuration inherits the rest.

        ``source`` is empty where these credentials may not see the global configuration.
        """
        if self._says_none:
            return self._in_force(subject)
        asked = self._asker.ask("GET", f"/config/{self._asker.segment(subject)}", subject=subject)
        if asked.absent:
            return self._rest(subject)
        own = asked.value(decode.config)
        own = msgspec.structs.replace(own, alias=self._asker.bare(own.alias))
        if own.level == _NO_LEVEL and self._unset_is_none(subject):
            return self._in_force(subject)
        if own.level:
            return msgspec.structs.replace(own, source="subject")
        # What a server says this subject inherits may hold the parts that are its own: the others must not get those.
        rest = self._set_above()
        return msgspec.structs.replace(
            rest,
            normalize=own.normalize or rest.normalize,
            compatibility_group=own.compatibility_group or rest.compatibility_group,
            alias=own.alias,
        )

    def _unset_is_none(self, subject: str) -> bool:
        """Whether this server says NONE of a subject that has no level of its own, as Apicurio does.

        Found out with the first subject for which the two answers differ.
        """
        self._says_none = self._says_none or self._effective(subject).level != _NO_LEVEL
        return self._says_none

    def _in_force(self, subject: str) -> SubjectConfig:
        """What holds, from a server that does not tell apart what the subject itself sets."""
        found, above = self._effective(subject), self._set_above()
        return msgspec.structs.replace(found, source=above.source if found.level == above.level else "subject")

    def _effective(self, subject: str) -> SubjectConfig:
        path = f"/config/{self._asker.segment(subject)}"
        asked = self._asker.ask("GET", path, {"defaultToGlobal": True}, subject=subject)
        return self._set_above() if asked.absent else asked.value(decode.config)

    def everywhere(self) -> SubjectConfig:
        """The global configuration."""
        found = self._asker.ask("GET", "/config").value(decode.config)
        return msgspec.structs.replace(found, source="global" if found.level else "", alias="")

    def mode(self, subject: str) -> str:
        """The mode in force for the subject."""
        path = f"/mode/{self._asker.segment(subject)}"
        asked = self._asker.ask("GET", path, {"defaultToGlobal": True}, subject=subject)
        if asked.status == 405 or asked.absent:
            return self._mode_everywhere_once()
        return asked.value(decode.mode)

    def mode_everywhere(self) -> str:
        """The global mode; READWRITE where the server has no modes."""
        asked = self._asker.ask("GET", "/mode")
        if asked.status == 405 or asked.absent:
            return READWRITE
        return asked.value(decode.mode)

    def _mode_everywhere_once(self) -> str:
        with self._lock:
            if self._mode is None:
                self._mode = self.mode_everywhere()
            return self._mode

    def _rest(self, subject: str) -> SubjectConfig:
        """What a subject inherits that configures nothing: the same for all of them, so one of them is asked."""
        with self._lock:
            if self._inherited is None:
                self._inherited = self._find_rest(subject)
            return self._inherited

    def _find_rest(self, subject: str) -> SubjectConfig:
        path = f"/config/{self._asker.segment(subject)}"
        asked = self._asker.ask("GET", path, {"defaultToGlobal": True}, subject=subject)
        if asked.absent:  # some servers pass nothing on to a subject that has no versions yet
            return self._set_above()
        found = asked.value(decode.config)
        try:
            above = self._set_above()
        except RegistryError as error:
            if error.status not in _MAY_NOT:
                raise
            return msgspec.structs.replace(found, source="", alias="")
        # The default context can have a configuration of its own too, which only this shows.
        source = above.source if above.level == found.level else "context"
        return msgspec.structs.replace(found, source=source, alias="")

    def _set_above(self) -> SubjectConfig:
        """What the configured context sets, else what is set globally."""
        with self._lock:
            if self._above is None:
                self._above = self._of_context() or self.everywhere()
            return self._above

    def _of_context(self) -> SubjectConfig | None:
        if not self._asker.context:
            return None
        asked = self._asker.ask("GET", f"/config/{self._asker.segment('')}")
        found = SubjectConfig() if asked.absent else asked.value(decode.config)
        return msgspec.structs.replace(found, source="context", alias="") if found.level else None
