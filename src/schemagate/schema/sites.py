"""Which pairs of types a walk down two schemas has entered, and by which other paths they are reached."""

from __future__ import annotations

from schemagate.schema.model import Enum, Fixed, Record, Schema
from schemagate.schema.walk import Part
from schemagate.schema.whereabouts import Whereabouts


class Walk:
    """What the walks over one pair of schemas share: a pair of types that one has entered, no other enters again.

    ``sites`` lists such a pair's first path and each other path to it.
    """

    __slots__ = ("places", "seen", "sites")

    def __init__(self, old: Schema, new: Schema) -> None:
        self.places = (Whereabouts(old), Whereabouts(new))
        self.seen: dict[tuple[Part, Part], str] = {}
        self.sites: list[tuple[str, str]] = []

    def enters(self, old: Part, new: Part, path: str) -> bool:
        """Whether the pair is met for the first time; parts without a name always are, since they never recur.

        One node serves every place with the same content, so a second meeting need not be a second use.
        """
        if not (isinstance(new, Record | Enum | Fixed) and isinstance(old, Record | Enum | Fixed)):
            return True
        first = self.seen.setdefault((old, new), path)
        if first is path:
            return True
        if len(self.sites) < MOST_SITES and not _inside(path, first):
            self.sites.append((first, path))
        return False

    def also_at(self, path: str) -> tuple[str, ...]:
        """The other paths to a place that was told at ``path``."""
        return tuple(dict.fromkeys(other + path[len(first) :] for first, other in self.sites if _inside(path, first)))


MOST_SITES = 100
"""Other paths to shared types that one walk keeps."""


def _inside(path: str, outer: str) -> bool:
    return path.startswith(outer) and path[len(outer) : len(outer) + 1] in ("", ".", "[", "{", "<")
