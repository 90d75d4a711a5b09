"""What a run's judge found of each lineage, for whoever asks again about one that nothing has changed."""

from __future__ import annotations

from schemagate.engine.judge import Judge, Judged
from schemagate.engine.lineage import Lineage
from schemagate.schema.model import Schema


class Verdicts:
    """Judges lineages, and remembers those that it was told to keep together with what was found."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._kept: dict[int, tuple[Lineage, list[Judged]]] = {}

    def keep(self, lineage: Lineage) -> list[Judged]:
        """See :meth:`Judge.judge`; the answer is kept for this very object."""
        found = self._judge.judge(lineage)
        self._kept[id(lineage)] = lineage, found
        return found

    def of(self, lineage: Lineage, former: Lineage) -> list[Judged]:
        """See :meth:`Judge.judge`; what was found of ``former`` if that was kept and says the same."""
        kept = self._kept.get(id(former))
        if kept is not None and _same(lineage, former):
            return kept[1]
        return self._judge.judge(lineage)


def _same(one: Lineage, other: Lineage) -> bool:
    """Whether two stages of one lineage hold the same schemas."""
    if one is other:
        return True
    if not _alike(one.candidate, other.candidate) or len(one.versions) != len(other.versions):
        return False
    return all(left is right for left, right in zip(one.versions, other.versions, strict=True))


def _alike(one: Schema | None, other: Schema | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.root is other.root and one.document == other.document and one.types == other.types
