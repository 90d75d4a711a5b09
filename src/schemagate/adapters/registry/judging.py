"""The registry's own verdict on a schema: as registering would judge, else version by version."""

from __future__ import annotations

import re

import msgspec

from schemagate.adapters.registry.asking import Asker, Question
from schemagate.adapters.registry.levels import Levels
from schemagate.wire import decode
from schemagate.wire.encode import payload_body
from schemagate.wire.values import Payload, Verdict

_TRANSITIVE = re.compile(r"_TRANSITIVE\Z")


class Judge:
    """Asks for verdicts. Whether the server judges against all versions at once is found out with the first."""

    def __init__(self, asker: Asker, levels: Levels) -> None:
        self._asker = asker
        self._levels = levels
        self._whole: bool | None = None

    def verdict(self, subject: str, payload: Payload, *, normalize: bool) -> Verdict:
        """Whether the registry would take the payload as the subject's next version.

        A schema that it calls invalid is refused too (its own words are in ``messages``). A subject without versions
        takes anything that is valid. Raises RegistryError where the registry does not say.
        """
        body = payload_body(payload)
        if self._whole is not False:
            asked = self._post(subject, "versions", body, normalize=normalize)
            if not asked.unknown_to_protocol:
                self._whole = True
                return self._read(asked, how="all")
            if not self._asker.is_registry():
                raise asked.error()
            self._whole = False
        return self._each(subject, body, normalize=normalize)

    def _each(self, subject: str, body: bytes, *, normalize: bool) -> Verdict:
        level = self._levels.config(subject).level
        versions = self._live(subject) if level != "NONE" else ()
        if not _TRANSITIVE.search(level):
            versions = versions[-1:]
        messages: list[str] = []
        refused: list[int] = []
        for version in reversed(versions):
            asked = self._post(subject, f"versions/{version}", body, normalize=normalize)
            found = self._read(asked, how="each")
            if not found.compatible:
                messages += [message for message in found.messages if message not in messages]
                refused.append(version)
        return Verdict(not refused, tuple(messages[: decode.MAX_MESSAGES]), tuple(sorted(refused)), how="each")

    def _live(self, subject: str) -> tuple[int, ...]:
        asked = self._asker.ask("GET", f"/subjects/{self._asker.segment(subject)}/versions", subject=subject)
        return () if asked.absent else asked.value(decode.versions)

    def _post(self, subject: str, which: str, body: bytes, *, normalize: bool) -> Question:
        query = {"verbose": True} | ({"normalize": True} if normalize else {})
        path = f"/compatibility/subjects/{self._asker.segment(subject)}/{which}"
        # A server without the endpoint may fail over the unknown path; asking again would not change that.
        return self._asker.ask("POST", path, query, body=body, subject=subject)

    def _read(self, asked: Question, *, how: str) -> Verdict:
        if asked.status in {409, 422}:
            return Verdict(compatible=False, messages=tuple(filter(None, [asked.complaint.message])), how=how)
        if asked.absent:
            return Verdict(compatible=True, how=how)
        found = asked.value(decode.verdict)
        messages = tuple(map(self._asker.teller.secrets.scrub, found.messages))
        return msgspec.structs.replace(found, messages=messages, how=how)
