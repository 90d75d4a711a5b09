"""Who of a subject's versions can read whom: every pair, both ways, with the reasons, each said once."""

from __future__ import annotations

import enum
from collections.abc import Sequence

import msgspec

from schemagate.compat.solve import Memo
from schemagate.engine.cause import Cause
from schemagate.engine.fieldwise import Known
from schemagate.engine.judge import Judge
from schemagate.engine.lineage import Version
from schemagate.engine.tell import Grades
from schemagate.errors import UndecidedError
from schemagate.finding import Direction, Severity
from schemagate.rules.catalog import BY_ID, CHANGE
from schemagate.schema.model import Record


class Level(enum.IntEnum):
    """What becomes of a message that a reader gets from a writer."""

    FINE = 0
    UNSAFE = 1
    """It is decoded, and may come out as something else than was written."""
    BROKEN = 2
    UNDECIDED = 3


class Reason(msgspec.Struct, frozen=True):
    """One reason, of the rule that says so; an empty rule is what stopped the comparison."""

    path: str
    text: str
    rule: str = ""
    level: Level = Level.UNDECIDED


class Verdict(msgspec.Struct, frozen=True):
    """What holds for one or many pairs; ``reasons`` are indexes into :attr:`Matrix.reasons`."""

    level: Level
    reasons: tuple[int, ...] = ()


class Matrix(msgspec.Struct, frozen=True):
    """``rows[reader][writer]`` is an index into ``verdicts``, of which the first is :attr:`Level.FINE`."""

    rows: tuple[tuple[int, ...], ...] = ()
    verdicts: tuple[Verdict, ...] = (Verdict(Level.FINE),)
    reasons: tuple[Reason, ...] = ()

    def of(self, reader: int, writer: int) -> Verdict:
        """The verdict on one pair of versions, by their positions, oldest first."""
        return self.verdicts[self.rows[reader][writer]]


def matrix(versions: Sequence[Version], path: str, grades: Grades, memo: Memo | None = None) -> Matrix:
    """Every version against every other, both ways, graded as the file ``path`` is.

    A change that the grades call a notice is fine. A version never disagrees with itself.
    """
    drawing = _Drawing(grades, path, len(versions))
    judge = Judge(CHANGE, memo)
    known: dict[str, Known] = {}
    for new, version in enumerate(versions):
        root = version.schema.root
        shared = known.setdefault(root.name, {}) if isinstance(root, Record) else {}
        try:
            for old, (_, causes) in enumerate(judge.pairs(version.schema, versions[:new], shared)):
                for cause in causes:
                    drawing.add(new, old, cause)
        except UndecidedError as error:
            drawing.undecided(new, error.message)
    return drawing.done()


class _Drawing:
    """The matrix while it is filled."""

    def __init__(self, grades: Grades, path: str, size: int) -> None:
        self._grades = grades
        self._path = path
        self._size = size
        self._known: dict[tuple[object, Direction], tuple[Level, Reason] | None] = {}
        self._reasons: dict[Reason, int] = {}
        self._cells: dict[tuple[int, int], tuple[Level, dict[int, None]]] = {}

    def add(self, new: int, old: int, cause: Cause) -> None:
        """What one cause says of the newer version against an older one."""
        for direction in cause.directions:
            told = self._told(cause, direction)
            if told is not None:
                self._tell((new, old) if direction is Direction.BACKWARD else (old, new), *told)

    def _told(self, cause: Cause, direction: Direction) -> tuple[Level, Reason] | None:
        """How a cause weighs in one direction, and its words; None for what is not worth a mark."""
        key = (cause.key, direction)
        if key not in self._known:
            rule = BY_ID[cause.rule]
            level = Level.BROKEN if rule.kind == "breaking" else Level.UNSAFE
            severity = self._grades.of(rule, self._path, cause.severity)
            text = cause.reasons.get(direction) or rule.words({**cause.args, "who": "", "path": cause.path})
            quiet = severity is Severity.OFF or (level is Level.UNSAFE and severity < Severity.WARNING)
            self._known[key] = None if quiet else (level, Reason(cause.path, text, cause.rule, level))
        return self._known[key]

    def undecided(self, new: int, why: str) -> None:
        """Nothing is known of this version and the older ones."""
        for old in range(new):
            for cell in ((new, old), (old, new)):
                self._tell(cell, Level.UNDECIDED, Reason("", why))

    def _tell(self, cell: tuple[int, int], level: Level, reason: Reason) -> None:
        known, reasons = self._cells.get(cell, (Level.FINE, {}))
        reasons[self._reasons.setdefault(reason, len(self._reasons))] = None
        self._cells[cell] = (max(known, level), reasons)

    def done(self) -> Matrix:
        verdicts = {Verdict(Level.FINE): 0}
        rows = [[0] * self._size for _ in range(self._size)]
        for (reader, writer), (level, reasons) in self._cells.items():
            verdict = Verdict(level, tuple(reasons))
            rows[reader][writer] = verdicts.setdefault(verdict, len(verdicts))
        return Matrix(tuple(map(tuple, rows)), tuple(verdicts), tuple(self._reasons))
