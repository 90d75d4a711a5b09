"""Finds the witness of one finding: encodes a datum, decodes it, and says what each reader makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from schemagate.compat.decode import DecoderConflict
from schemagate.compat.explain import Incompatibility
from schemagate.compat.solve import Memo
from schemagate.compat.witness import trials
from schemagate.engine.breaks import refuted
from schemagate.engine.cause import Cause
from schemagate.engine.effect import JAVA, NEW, OLD, WRITTEN_ON
from schemagate.engine.effects import BY_RULE, effects
from schemagate.engine.judge import likely
from schemagate.engine.lineage import Lineage, Version
from schemagate.errors import UndecidedError
from schemagate.finding import Direction, Finding, Reading, Witness
from schemagate.rules.catalog import BREAKING, BY_ID
from schemagate.schema.align import Change, align
from schemagate.schema.datum import Smallest, plain
from schemagate.schema.model import Schema

if TYPE_CHECKING:
    from schemagate.adapters.confirm import Ran, Workbench

MOST_VERSIONS: Final = 4
"""Versions and directions that are tried for one finding, the newest first."""
CANDIDATE: Final = "this schema"
BREAKS: Final = frozenset(rule.id for rule in BREAKING)
SUBJECT_RENAMED: Final = "subject-renamed"


class Prover:
    """Finds witnesses for findings about these lineages; what one finding worked out serves the others."""

    def __init__(self, lineages: Iterable[Lineage]) -> None:
        from schemagate.adapters.confirm import Workbench

        self._lineages: dict[str, list[Lineage]] = {}
        for lineage in lineages:
            self._lineages.setdefault(lineage.subject, []).append(lineage)
        self._bench: Workbench = Workbench()
        self._memo = Memo()
        self._smallest: dict[int, Smallest] = {}
        self._refuted: dict[tuple[int, int, Direction], list[tuple[Cause, Incompatibility | DecoderConflict]]] = {}
        self._changes: dict[tuple[int, int], list[Change[Any]]] = {}

    def witness(self, finding: Finding) -> Witness | None:
        """The newest version's first. Of a break, the first that is confirmed, else where the libraries disagree."""
        fallback: Witness | None = None
        for lineage, version, direction in self._pairs(finding):
            found = self._of_pair(finding, lineage, version, direction)
            if found is not None and (found.confirmed or finding.rule in BY_RULE):
                return found
            fallback = fallback or found
        return fallback

    def _pairs(self, finding: Finding) -> Iterator[tuple[Lineage, Version, Direction]]:
        ways = list(Direction)
        ages = {name: age for age, name in enumerate(dict.fromkeys(one.version.name for one in finding.against))}
        newest_first = sorted(finding.against, key=lambda one: (-ages[one.version.name], ways.index(one.direction)))
        for one in newest_first[:MOST_VERSIONS]:
            for lineage in self._lineages.get(finding.subject, ()):
                version = next((v for v in lineage.versions if v.id == one.version), None)
                if lineage.candidate is not None and version is not None:
                    yield lineage, version, one.direction

    def _of_pair(self, finding: Finding, lineage: Lineage, version: Version, way: Direction) -> Witness | None:
        assert lineage.candidate is not None
        if finding.rule == SUBJECT_RENAMED:
            return self._broken(finding, lineage, version, way) or self._moved(finding, lineage, version, way)
        if finding.rule in BREAKS:
            return self._broken(finding, lineage, version, way)
        rule = BY_ID[finding.rule]
        for change in self._aligned(lineage, version):
            if change.path == finding.path and _same_finding(rule, change, finding):
                return self._changed(change, finding, version, way)
        return None

    def _broken(self, finding: Finding, lineage: Lineage, version: Version, way: Direction) -> Witness | None:
        new, old = lineage.candidate, version.schema
        assert new is not None
        reader, writer = (new, old) if way is Direction.BACKWARD else (old, new)
        found = self._refutations(lineage, version, way)
        causes = [reason for cause, reason in found if _is_cause(cause, finding)]
        if not causes:
            return None
        sole = len({id(reason) for _, reason in found}) == 1
        tried = [t for t in trials(writer, causes, self._small(writer)) if _is_symbol(t.datum, finding, t.cause)]
        ran = self._bench.refusal(reader, writer, tried, sole=sole)
        if ran is None:
            return None
        ours, theirs = _labels(version, way)
        return Witness(plain(ran.trial.datum), theirs, tuple(_readings(ran, ours)), direction=way)

    def _moved(self, finding: Finding, lineage: Lineage, version: Version, way: Direction) -> Witness | None:
        """Of a subject whose type only went to another namespace: who goes by full names."""
        renamed = next((c for c in self._aligned(lineage, version) if c.path == "$" and c.how == "place"), None)
        if renamed is None:
            return None
        found = self._changed(renamed, replace(finding, rule="namespace-changed"), version, way)
        # What fails or differs when it is run does so for another finding's sake: the name alone disturbs no bytes.
        return None if found is None or found.confirmed else found

    def _small(self, schema: Schema) -> Smallest:
        known = self._smallest.get(id(schema))
        if known is None:
            known = self._smallest[id(schema)] = Smallest(schema)
        return known

    def _refutations(
        self, lineage: Lineage, version: Version, way: Direction
    ) -> list[tuple[Cause, Incompatibility | DecoderConflict]]:
        new, old = lineage.candidate, version.schema
        assert new is not None
        key = (id(new), id(old), way)
        if key not in self._refuted:
            renames = likely(lineage.newest.schema, new) if lineage.newest is not None else frozenset()
            try:
                self._refuted[key] = list(refuted(old, new, (way,), self._memo, renames))
            except UndecidedError:
                # The run has judged this pair, or said that it could not; a proof is no second verdict.
                self._refuted[key] = []
        return self._refuted[key]

    def _aligned(self, lineage: Lineage, version: Version) -> list[Change[Any]]:
        new, old = lineage.candidate, version.schema
        assert new is not None
        key = (id(new), id(old))
        if key not in self._changes:
            renames = likely(lineage.newest.schema, new) if lineage.newest is not None else frozenset()
            self._changes[key] = list(align(old, new, renames))
        return self._changes[key]

    def _changed(self, change: Change[Any], finding: Finding, version: Version, way: Direction) -> Witness | None:
        from schemagate.adapters.confirm import library, observed, writes

        _, theirs = _labels(version, way)
        for effect in effects(change, way, finding, self._small):
            readings: list[Reading] = []
            for reader in effect.readers:
                label = version.id.name if reader.old else CANDIDATE
                seen = observed(self._bench, effect.writer, reader.schema, effect.datum, reader.chain)
                if seen is None:
                    return None
                readings.append(Reading(_asked(label, seen.alone), library(), value=seen.value, error=seen.error))
            if effect.again is not None and not (readings[-1].error or writes(effect.again, effect.before)):
                error = "the number has more digits than the type's precision"
                readings.append(Reading(f"{readings[-1].reader} {WRITTEN_ON}", library(), error=error))
            readings.extend(_named(effect.known, readings, version.id.name))
            found = Witness(
                plain(effect.shown), effect.supposed or theirs, tuple(readings), effect.path, effect.before, way
            )
            if _tells(found, supposed=bool(effect.supposed)):
                return found
        return None


def _named(known: Iterable[Reading], ran: Sequence[Reading], old: str) -> Iterator[Reading]:
    """What is known, for readers as the witness names them."""
    names = {OLD: old, NEW: CANDIDATE}
    for reading in known:
        last = ran[-1].reader if ran else ""
        name = last if reading.reader == WRITTEN_ON else names.get(reading.reader, last)
        yield replace(reading, reader=name)


def _tells(witness: Witness, *, supposed: bool) -> bool:
    """Whether some reader gets something else than was written, or than the other reader gets."""
    if any(reading.error for reading in witness.readings):
        return True
    values = [r.value for r in witness.readings if r.value is not None or r.ran]
    if supposed:
        return any(value != values[0] for value in values)
    return any(value != witness.before for value in values)


def _labels(version: Version, way: Direction) -> tuple[str, str]:
    """Who reads and who writes."""
    return (CANDIDATE, version.id.name) if way is Direction.BACKWARD else (version.id.name, CANDIDATE)


def _asked(reader: str, alone: str) -> str:
    return f"{reader} for `{alone}` alone" if alone else reader


def _readings(ran: Ran, reader: str) -> Iterator[Reading]:
    from schemagate.adapters.confirm import library, told

    name = _asked(reader, ran.alone)
    yield Reading(name, library(), value=None if ran.error else told(ran.value), error=ran.error)
    cause = ran.trial.cause
    if isinstance(cause, DecoderConflict):
        yield Reading(name, JAVA, ran=False, how=f"takes the branch {cause.picked} for its full name and throws")
    elif not ran.error:
        yield Reading(name, f"{JAVA}'s checker", ran=False, how="refuses the pair")


def _is_cause(cause: Cause, finding: Finding) -> bool:
    """Whether the finding tells this cause, alone or together with others of its kind."""
    if finding.rule == SUBJECT_RENAMED:
        return cause.path == "$" and cause.rule == "type-renamed"
    if (cause.rule, cause.path) != (finding.rule, finding.path):
        return False
    symbols = cause.args.get("symbols")
    return set(symbols) <= set(finding.args["symbols"]) if symbols else dict(cause.args) == dict(finding.args)


def _is_symbol(datum: object, finding: Finding, cause: Incompatibility | DecoderConflict) -> bool:
    """Of an enum's missing symbols, those that the finding is about."""
    symbols = finding.args.get("symbols")
    if not symbols or not isinstance(cause, Incompatibility) or cause.kind != "MISSING_ENUM_SYMBOLS":
        return True
    held = _strings(datum)
    return any(symbol in held for symbol in symbols)


def _strings(datum: object) -> set[str]:
    found: set[str] = set()
    stack: Sequence[object] = [plain(datum)]
    pending = list(stack)
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            found.add(item)
        elif isinstance(item, dict):
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
    return found


def _same_finding(rule: Any, change: Change[Any], finding: Finding) -> bool:  # noqa: ANN401 - a rule of the catalog
    """Whether the rule says this very thing of the change: of its parts, or of the logical types that they carry."""
    old, new = change.old, change.new
    seen = [change] if all(isinstance(part, rule.on) for part in (old, new) if part is not None) else []
    before, after = getattr(old, "logical", None), getattr(new, "logical", None)
    if before is not None and after is not None and isinstance(before, rule.on) and isinstance(after, rule.on):
        seen.append(change.of(before, after))
    return any(dict(one.args) == dict(finding.args) for each in seen for one in rule.run(each))
