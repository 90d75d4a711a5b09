"""Which directions and which versions a compatibility mode asks about."""

from __future__ import annotations

import enum

from schemagate.finding import Direction


class Mode(enum.StrEnum):
    """A compatibility mode, by the registry's own name.

    ``BACKWARD``: the new schema reads what the old one wrote; ``FORWARD``: the old schema reads what the new one
    writes; ``FULL``: both. Without ``_TRANSITIVE`` only the newest version counts, with it every version.
    Source: Confluent Schema Registry's ``CompatibilityLevel``.
    """

    BACKWARD = "BACKWARD"
    BACKWARD_TRANSITIVE = "BACKWARD_TRANSITIVE"
    FORWARD = "FORWARD"
    FORWARD_TRANSITIVE = "FORWARD_TRANSITIVE"
    FULL = "FULL"
    FULL_TRANSITIVE = "FULL_TRANSITIVE"
    NONE = "NONE"

    @property
    def directions(self) -> tuple[Direction, ...]:
        """The directions asked about, backward first; none for ``NONE``."""
        return _DIRECTIONS[self.value.removesuffix("_TRANSITIVE")]

    @property
    def transitive(self) -> bool:
        """Whether every version counts, not only the newest."""
        return self.value.endswith("_TRANSITIVE")

    def covers(self, n_versions: int) -> range:
        """The indexes, oldest first, of those of ``n_versions`` versions that the mode asks about."""
        if self is Mode.NONE:
            return range(0)
        return range(n_versions) if self.transitive else range(max(n_versions - 1, 0), n_versions)

    def asks(self, n_versions: int) -> frozenset[tuple[int, Direction]]:
        """Every question of the mode: (version's index, direction). The union of two modes' is exact."""
        return frozenset((index, way) for index in self.covers(n_versions) for way in self.directions)


_DIRECTIONS: dict[str, tuple[Direction, ...]] = {
    "BACKWARD": (Direction.BACKWARD,),
    "FORWARD": (Direction.FORWARD,),
    "FULL": (Direction.BACKWARD, Direction.FORWARD),
    "NONE": (),
}


def strictest(first: Mode, second: Mode) -> Mode:
    """The weakest mode that asks everything that either asks.

    ``BACKWARD_TRANSITIVE`` with ``FORWARD`` gives ``FULL_TRANSITIVE``, which asks more than the two together:
    where that matters, unite :meth:`Mode.asks`.
    """
    directions = {*first.directions, *second.directions}
    if not directions:
        return Mode.NONE
    name = "FULL" if len(directions) > 1 else directions.pop().name
    return Mode(f"{name}_TRANSITIVE" if first.transitive or second.transitive else name)
