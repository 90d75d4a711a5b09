"""One reason for a finding, between one old and one new schema: not yet merged, placed or graded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from schemagate.finding import NO_ARGS, Direction, Json, Severity, no_args
from schemagate.schema.model import freeze


def no_reasons() -> Mapping[Direction, str]:
    return NO_ARGS  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Cause:
    """What one rule says of one place when ``old`` is compared with ``new``.

    ``pointer`` is into ``document``, on the new side. ``reasons`` complete "... cannot read ...: ", by direction.
    """

    rule: str
    path: str
    document: str
    pointer: str
    part: str = ""
    args: Mapping[str, Json] = field(default_factory=no_args)
    directions: tuple[Direction, ...] = ()
    reasons: Mapping[Direction, str] = field(default_factory=no_reasons)
    severity: Severity | None = None
    also_at: tuple[str, ...] = ()
    words: Mapping[str, Json] = field(default_factory=no_args, compare=False)
    """What helps to tell it and does not tell it apart: no part of its identity."""

    key: tuple[object, ...] = field(init=False, repr=False, compare=False)
    """Equal for the same cause seen against another version or in another direction."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", (self.rule, self.path, freeze(dict(self.args)) if self.args else None))

    def at(self, path: str, pointer: str) -> Cause:
        """The same cause in another place."""
        moved = object.__new__(Cause)
        # Written out, since a run moves causes by the ten thousand and `replace` would freeze the arguments again.
        values = (self.rule, path, self.document, pointer, self.part, self.args, self.directions, self.reasons)
        rest = (self.severity, self.also_at, self.words, (self.rule, path, self.key[2]))
        for name, value in zip(FIELDS, (*values, *rest), strict=True):
            object.__setattr__(moved, name, value)
        return moved


FIELDS = tuple(each.name for each in fields(Cause))
