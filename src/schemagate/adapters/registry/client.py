"""The registry as the use cases see it: subjects, versions, verdicts, and the two writes that schemagate makes."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from types import TracebackType
from typing import Final, Self

import msgspec

from schemagate.adapters.cache import key_of
from schemagate.adapters.registry.asking import Asker
from schemagate.adapters.registry.judging import Judge
from schemagate.adapters.registry.levels import Levels
from schemagate.adapters.registry.opening import Opened
from schemagate.adapters.registry.reading import Reader
from schemagate.wire import decode
from schemagate.wire.encode import level_body, payload_body
from schemagate.wire.values import Payload, Registered, SubjectConfig, SubjectState, Verdict

LATEST: Final = "latest"


class Registry:
    """One configured registry; a context manager; thread-safe.

    Subjects are given and come back as the configuration writes them: a configured context is added on the way out and
    taken off on the way in. Every method raises RegistryError where the registry cannot be reached or answers what its
    protocol does not know, and :class:`Refused` where it says no to the request itself.
    """

    def __init__(self, opened: Opened) -> None:
        self.name = opened.settings.name
        self.normalize = bool(opened.settings.options.get("normalize", False))
        """What the configuration says; holds wherever a method is not told otherwise."""
        self._opened = opened
        self._asker = Asker(opened)
        self._levels = Levels(self._asker)
        self._reader = Reader(self._asker, self._levels, opened)
        self._judge = Judge(self._asker, self._levels)
        self._lock = threading.Lock()
        self._versions: dict[tuple[str, int], Registered] = {}
        self._payloads: dict[int, Payload] = {}

    def __repr__(self) -> str:
        return f"Registry({self.name!r}, {self.url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._opened.retries.stop()
        self._reader.close()
        self._opened.close()

    @property
    def url(self) -> str:
        """Its address, without any secret."""
        return self._opened.line.url

    @property
    def requests_made(self) -> int:
        """How many requests went out so far, repeated ones included."""
        return self._opened.line.requests_made

    def states(self, subjects: Iterable[str], *, with_versions: bool = True) -> dict[str, SubjectState]:
        """Configuration, mode and versions of each subject, softly deleted ones included.

        For S subjects with V versions each, at most S·(V+4)+10 requests, 3 to 4 for each subject where the server
        hands out a subject's versions at once, and 4·S+10 where the versions are in the disk cache.
        """
        return self._reader.states(subjects, with_versions=with_versions)

    def state(self, subject: str) -> SubjectState:
        """One subject's state, as :meth:`states` tells it."""
        return self.states([subject])[subject]

    def subjects(self, *, prefix: str = "", deleted: bool = False) -> list[str]:
        """The subjects of the configured context whose names begin with ``prefix``, sorted.

        ``deleted`` adds those of which all versions are softly deleted.
        """
        start = self._asker.qualified(prefix)
        query = {"deleted": deleted} | ({"subjectPrefix": start} if start else {})
        found = self._asker.ask("GET", "/subjects", query).value(decode.names)
        # Without a prefix, Confluent lists every context's subjects; some servers ignore the prefix.
        mine = (name for name in found if name.startswith(start))
        bare = {self._asker.bare(name) for name in mine}
        return sorted(name for name in bare if prefix.startswith(":.") or not name.startswith(":."))

    def version(self, subject: str, version: int | None = None) -> Registered | None:
        """One version, softly deleted or not; without a number, the newest that is not deleted. None if there is none.

        A version is asked for once in a run; the newest each time.
        """
        with self._lock:
            known = self._versions.get((subject, version)) if version is not None else None
        if known is not None:
            return known
        found = self._reader.fetch(subject, version)
        if found is not None and version is not None:
            with self._lock:
                self._versions[subject, version] = found
        return found

    def by_id(self, schema_id: int, *, subject: str = "") -> Payload | None:
        """The schema with this id, also when all versions with it are deleted. None if there is none.

        ``subject`` tells servers with several contexts where to look; the configured context is used without it.
        """
        with self._lock:
            known = self._payloads.get(schema_id)
        if known is None:
            known = self._kept(schema_id) or self._asked(schema_id, subject)
            if known is not None:
                with self._lock:
                    self._payloads[schema_id] = known
        return known

    def lookup(
        self, subject: str, payload: Payload, *, normalize: bool | None = None, deleted: bool = False
    ) -> Registered | None:
        """The version of the subject that the registry takes this payload for; None if it has none such.

        Raises :class:`Refused` for a schema that it calls invalid.
        """
        query = {"deleted": deleted, "normalize": self.normalize if normalize is None else normalize}
        path = f"/subjects/{self._asker.segment(subject)}"
        asked = self._asker.ask("POST", path, query, body=payload_body(payload), subject=subject)
        if asked.absent:
            return None
        return self._asker.own(asked.value(decode.registered), subject)

    def compatible(self, subject: str, payload: Payload, *, normalize: bool | None = None) -> Verdict:
        """The registry's own verdict, judged as registering would; see :meth:`Judge.verdict`."""
        return self._judge.verdict(subject, payload, normalize=self.normalize if normalize is None else normalize)

    def register(self, subject: str, payload: Payload, *, normalize: bool | None = None) -> int:
        """Registers the payload and returns its id: that of the version that is already there, if there is one.

        Sent again where the answer is lost, which changes nothing on the server. Raises :class:`Refused` for 401, 403,
        409, 413 and 422.
        """
        wanted = self.normalize if normalize is None else normalize
        path = f"/subjects/{self._asker.segment(subject)}/versions"
        asked = self._asker.ask(
            "POST", path, {"normalize": True} if wanted else {}, body=payload_body(payload), subject=subject
        )
        return asked.value(decode.identifier)

    def global_config(self) -> SubjectConfig:
        """What holds where neither subject nor context say otherwise."""
        return self._levels.everywhere()

    def global_mode(self) -> str:
        """The registry's mode; READWRITE where it has none."""
        return self._levels.mode_everywhere()

    def set_level(self, subject: str, level: str) -> None:
        """Gives the subject this compatibility level and leaves the rest of its configuration.

        Raises :class:`Refused`: 401 and 403 mean that these credentials may not configure subjects.
        """
        path = f"/config/{self._asker.segment(subject)}"
        asked = self._asker.ask("PUT", path, body=level_body(level), subject=subject)
        asked.value(decode.config)

    def _kept(self, schema_id: int) -> Payload | None:
        cache = self._opened.cache
        key = self._id_key(schema_id)
        raw = cache.get([key]).get(key) if cache else None
        if raw is None:
            return None
        try:
            return msgspec.msgpack.decode(raw, type=Payload)
        except (ValueError, RecursionError):
            return None

    def _asked(self, schema_id: int, subject: str) -> Payload | None:
        where = self._asker.qualified(subject)
        query = {"subject": where} if where else {}
        asked = self._asker.ask("GET", f"/schemas/ids/{schema_id}", query, subject=subject)
        if asked.absent:
            return None
        found = asked.value(decode.payload)
        if self._opened.cache:
            self._opened.cache.put({self._id_key(schema_id): msgspec.msgpack.encode(found)})
        return found

    def _id_key(self, schema_id: int) -> bytes:
        return key_of("id", self._opened.home, self._asker.context, schema_id)
