"""A subject's candidate and its published versions, as the engine judges them."""

from __future__ import annotations

import msgspec

from schemagate.compat.modes import Mode
from schemagate.finding import Direction, VersionId
from schemagate.schema.model import Schema


class Version(msgspec.Struct, frozen=True):
    """One distinct published schema with everywhere it was published."""

    id: VersionId
    schema: Schema
    judged: bool = True
    """False for what was retracted, or published before the subject's ``history-from``."""
    latest: bool = False
    """Whether it is the newest one of a registry: modes that look only at the newest version look at it too."""
    asked: tuple[Direction, ...] = ()
    """The directions that a registry asks of it, beside those of the lineage's mode."""


class Lineage(msgspec.Struct, frozen=True):
    """One subject: its file, its candidate and its versions, oldest first.

    ``newest`` is the version in force at the baseline's tip (None for a new subject), ``via`` the changed file
    through whose type an untouched subject is judged, ``former_names`` the names the subject had when last published.
    """

    subject: str
    path: str
    mode: Mode
    candidate: Schema | None
    versions: tuple[Version, ...] = ()
    newest: Version | None = None
    change: str = "changed"
    via: str = ""
    former_names: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """The subjects that the file's schema has in a registry; none where nothing names it."""

    @property
    def judged(self) -> tuple[Version, ...]:
        return tuple(v for v in self.versions if v.judged)
