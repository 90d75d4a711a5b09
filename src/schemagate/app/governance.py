"""What a registry beside the repository gives to tell: what differs, what is refused, what it leaves unguarded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from schemagate.app.combine import Standing, standings_of
from schemagate.app.remote import Remote
from schemagate.compat.modes import Mode
from schemagate.compat.solve import Memo, Solver
from schemagate.engine.tell import Teller
from schemagate.errors import UndecidedError
from schemagate.finding import Direction, Finding, Json, Region, Related, Report, Severity
from schemagate.report.asked import lost_words
from schemagate.rules.phrases import listed
from schemagate.wire.values import Verdict

SOURCES: Mapping[str, str] = {
    "subject": "set for the subject",
    "context": "set for its context",
    "global": "set for the whole registry",
    "default": "its default",
}
"""Who set a level, in words."""

MOST_WORDS = 3
"""Messages of a registry that one finding shows."""


class Governance(msgspec.Struct, frozen=True):
    """Tells of the subjects of one run; ``place`` gives where a file's findings stand."""

    teller: Teller
    remote: Remote
    standings: Sequence[Standing]
    place: Callable[[str], Region]
    branch: str
    memo: Memo
    ignore_deleted: bool = False
    """Whether somebody has said that what is deleted softly is gone."""

    def findings(self) -> Iterator[Finding]:
        """Everything but what depends on which findings are accepted, see :meth:`refusals`."""
        for one in standings_of(self.standings).values():
            yield from self._state(one)
            yield from self._versions(one)
        yield from self._lookups()
        for one in self.standings:
            yield from self._disagreement(one)

    def refusals(self, report: Report) -> Iterator[Finding]:
        """What the registry refuses though nothing that is told of the subject fails the run."""
        counted = [f for f in report.counted if f.severity >= report.fail_on]
        # A subject can break through another file's type, where the finding then stands.
        failing = {f.subject for f in counted} | {f.location.path for f in counted if f.location is not None}
        for one in self.standings:
            verdict = self._verdict(one)
            if verdict is None or verdict.compatible or failing & {one.lineage.path, one.lineage.subject}:
                continue
            yield from self._told("registry-refuses", one, {}, self._words(verdict))

    def _told(
        self,
        rule: str,
        one: Standing,
        args: Mapping[str, Json],
        related: tuple[Related, ...] = (),
        own: Severity | None = None,
    ) -> Iterator[Finding]:
        path = one.lineage.path
        finding = self.teller.told(
            rule,
            path,
            {"subject": one.subject, **args},
            subject=one.subject,
            region=self.place(path),
            related=related,
            own=own,
        )
        if finding is not None:
            yield finding

    def _state(self, one: Standing) -> Iterator[Finding]:
        """The subject's mode, its configuration, and whether it is there at all."""
        held = one.held
        level, mode = one.level, one.lineage.mode
        if held.state.exists and level is not None and not demands(level, mode):
            source = SOURCES.get(held.state.config.source, "nobody says who set it")
            yield from self._told(
                "registry-mode-weaker", one, {"level": level.value, "source": source, "mode": mode.value}
            )
        if held.state.mode not in ("READWRITE", "FORWARD"):
            own = Severity.NOTICE if one.proposed else None
            yield from self._told("registry-read-only", one, {"mode": held.state.mode}, own=own)
        if held.state.versions and not held.state.exists and not self.ignore_deleted:
            yield from self._told("subject-soft-deleted", one, {})

    def _versions(self, one: Standing) -> Iterator[Finding]:
        held = one.held
        live = {version.version for version in held.live}
        if one.unknown:
            yield from self._told("registry-version-not-in-git", one, {"versions": numbers(one.unknown)})
        if one.published == () and held.state.exists:
            yield from self._told("git-version-not-in-registry", one, {"branch": self.branch})
        latest = held.state.latest
        if one.proposed and latest is not None and latest.version not in one.proposed:
            args = {"version": one.proposed[-1], "latest": latest.version}
            unchanged = one.lineage.change == "unchanged"
            yield from self._told("latest-differs", one, args, own=Severity.WARNING if unchanged else None)
        kinds: dict[str, list[int]] = {}
        for number, kind in held.foreign.items():
            if number in live:
                kinds.setdefault(kind, []).append(number)
        for kind, found in kinds.items():
            yield from self._told("schema-type-other", one, {"versions": numbers(found), "type": kind})
        for number, why in held.unreadable.items():
            yield from self._told("registry-version-unreadable", one, {"version": numbers([number]), "why": why})

    def _lookups(self) -> Iterator[Finding]:
        for one in standings_of(self.standings).values():
            if one.subject in self.remote.lost:
                yield from self._told("lookup-would-fail", one, {"sent": "this file's text"})
        lost = sorted(self.remote.lost_as_java)
        if lost:
            finding = self.teller.told(
                "lookup-would-fail",
                self.lost_at(),
                {"sent": "the text of a Java class, whose strings carry `avro.java.string`,"},
                related=(Related(lost_words(lost)),),
                own=Severity.NOTICE,
            )
            if finding is not None:
                yield finding

    def lost_at(self) -> str:
        """The file for which it is told that Java's text would not be found; empty where it would be everywhere."""
        return min((one.lineage.path for one in self.standings if one.subject in self.remote.lost_as_java), default="")

    def _verdict(self, one: Standing) -> Verdict | None:
        return self.remote.verdicts.get((one.lineage.path, one.subject))

    def _disagreement(self, one: Standing) -> Iterator[Finding]:
        """Where the registry's answer is not what its own mode and versions give here."""
        verdict = self._verdict(one)
        if verdict is None:
            return
        try:
            broken = self._broken(one)
        except UndecidedError:
            return
        if broken is None or bool(broken) is not verdict.compatible:
            return
        ours = tuple(Related(f"schemagate: {row}") for row in broken[:MOST_WORDS])
        if verdict.compatible:
            args = {"ours": "incompatible", "theirs": "accepts it"}
            yield from self._told("registry-disagrees", one, args, ours, Severity.WARNING)
        else:
            level = one.level.value if one.level is not None else "its mode"
            ours = (Related(f"schemagate: nothing that {level} asks about breaks"),)
            args = {"ours": "compatible", "theirs": "refuses it"}
            yield from self._told("registry-disagrees", one, args, ours + self._words(verdict))

    def _broken(self, one: Standing) -> list[str] | None:
        """What breaks of what the registry's own mode asks, in words; None where its mode is not known."""
        level, candidate = one.level, one.lineage.candidate
        if level is None or candidate is None:
            return None
        comparable = [version for version in one.held.live if one.held.comparable(version)]
        broken = []
        for version in comparable if level.transitive else comparable[-1:]:
            published = one.same.get(version.version)
            if published is None:
                # A version that only the registry can read: its answer cannot be checked.
                return None
            for way in level.directions:
                readers = (candidate, published) if way is Direction.BACKWARD else (published, candidate)
                if not Solver(*readers, self.memo).compatible():
                    who = "the proposed schema cannot read" if way is Direction.BACKWARD else "cannot be read by"
                    broken.append(f"{who} version {version.version}")
        return broken

    def _words(self, verdict: Verdict) -> tuple[Related, ...]:
        """What the registry said, its first messages."""
        said = [f"registry {self.remote.name}: {message}" for message in verdict.messages[:MOST_WORDS]]
        if verdict.versions:
            said.append(f"registry {self.remote.name}: refused against {numbers(verdict.versions)}")
        return tuple(map(Related, said)) or (Related(f"registry {self.remote.name} gives no reason"),)


def demands(level: Mode, mode: Mode) -> bool:
    """Whether a registry's level asks everything that the configured mode asks."""
    ways = set(level.directions) >= set(mode.directions)
    return ways and (level.transitive or not mode.transitive or not mode.directions)


def numbers(versions: Sequence[int]) -> str:
    """``version 3``, ``versions 3 and 5``, ``versions 3 to 9``."""
    if len(versions) == 1:
        return f"version {versions[0]}"
    first, last = versions[0], versions[-1]
    if len(versions) > 2 and last - first == len(versions) - 1:
        return f"versions {first} to {last}"
    return f"versions {listed([str(version) for version in versions])}"
