"""One reason for a finding, between one old and one new schema: not yet merged, placed or graded."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import force_setattr

from schemagate.finding import NO_ARGS, Direction, Json, Severity, no_args
from schemagate.schema.model import freeze


def no_reasons() -> Mapping[Direction, str]:
    return NO_ARGS  # type: ignore[return-value]


class Cause(msgspec.Struct, frozen=True):
    """What one rule says of one place when ``old`` is compared with ``new``.

    ``pointer`` is into ``document``, on the new side. ``reasons`` complete "... cannot read ...: ", by direction.
    """

    rule: str
    path: str
    document: str
    pointer: str
    part: str = ""
    args: Mapping[str, Json] = msgspec.field(default_factory=no_args)
    directions: tuple[Direction, ...] = ()
    reasons: Mapping[Direction, str] = msgspec.field(default_factory=no_reasons)
    severity: Severity | None = None
    also_at: tuple[str, ...] = ()
    words: Mapping[str, Json] = msgspec.field(default_factory=no_args)
    """What helps to tell it and does not tell it apart: no part of its key."""

    key: tuple[object, ...] = ()
    """Equal for the same cause seen against another version or in another direction; made where it is not given."""

    def __post_init__(self) -> None:
        if not self.key:
            force_setattr(self, "key", (self.rule, self.path, freeze(dict(self.args)) if self.args else None))

    def at(self, path: str, pointer: str) -> Cause:
        """The same cause in another place."""
        # Written out, since a run moves causes by the ten thousand and the arguments need not be frozen again.
        return Cause(
            self.rule,
            path,
            self.document,
            pointer,
            self.part,
            self.args,
            self.directions,
            self.reasons,
            self.severity,
            self.also_at,
            self.words,
            (self.rule, path, self.key[2]),
        )
