"""Takes accepted findings out of a run, and tells which acceptances are stale."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from schemagate.config import Waiver
from schemagate.finding import Finding, Json, Provenance, Suppressed, VersionId
from schemagate.suppress.allows import Allow, unknown_rules

SHORTEST_COMMIT = 7
"""Digits of a commit that a waiver must name at least."""


class Remark(msgspec.Struct, frozen=True):
    """A finding about an acceptance itself, for the engine to grade and tell: place and arguments by rule.

    ``bad-allow`` (problem), ``unused-allow`` (allowed), ``unused-waiver`` (waiver),
    ``expired-waiver`` (waiver, expired).
    """

    rule: str
    path: str
    line: int
    args: Mapping[str, Json]

    @property
    def key(self) -> str:
        """Which acceptance it is about, where it calls one unused: as in ``Applied.met``."""
        if self.rule == "unused-allow":
            return _allow_key(self.path, self.line, self.args["allowed"])
        return _waiver_key(self.line, self.args["waiver"]) if self.rule == "unused-waiver" else ""


class Applied(NamedTuple):
    """What is left to tell, what was accepted, and what is wrong with the acceptances."""

    kept: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    remarks: tuple[Remark, ...]
    met: tuple[str, ...] = ()
    """The acceptances that met a finding."""


class Scope(msgspec.Struct, frozen=True):
    """What a run looked at, so that an acceptance is called unused only where its finding could have come.

    ``rules`` are the rules that ran and ``subjects`` the subjects that were judged; None means all. ``known`` are
    all rules there are; None leaves unknown ones untold.
    """

    rules: Collection[str] | None = None
    subjects: Collection[str] | None = None
    known: Collection[str] | None = None

    def ran(self, rule: str) -> bool:
        """Whether the rule could have found something."""
        return self.rules is None or rule in self.rules

    def decides(self, waiver: Waiver) -> bool:
        """Whether the waiver's finding would have been seen. Without a subject only a whole run tells."""
        return (not waiver.rule or self.ran(waiver.rule)) and (self.subjects is None or waiver.subject in self.subjects)


EVERYTHING = Scope()


def apply(
    findings: Sequence[Finding],
    allows: Mapping[str, Sequence[Allow]],
    waivers: Sequence[Waiver],
    today: dt.date,
    *,
    scope: Scope = EVERYTHING,
    config_path: str = "schemagate.toml",
) -> Applied:
    """Splits findings into kept and suppressed. ``allows`` are by document path, of the judged documents only.

    An inline allow accepts findings of its rules on its line. A waiver accepts what all of its fingerprint, rule,
    subject and path (where said) match, through the day ``expires``, and only against the versions it covers: a
    finding that breaks others too is kept with those, and suppressed with the covered ones.
    """
    accepted = _Accepted(allows, waivers, today)
    kept: list[Finding] = []
    suppressed: list[Suppressed] = []
    for finding in findings:
        rest: Finding | None = finding
        for part in accepted.parts(finding):
            suppressed.append(part)
            rest = rest and _without(rest, part.finding)
        if rest is not None:
            kept.append(rest)
    remarks = [*_allow_remarks(accepted, scope), *_waiver_remarks(accepted, scope, config_path)]
    return Applied(tuple(kept), tuple(suppressed), tuple(remarks), accepted.met())


def covers(waiver: Waiver, version: VersionId) -> bool:
    """Whether a published version existed when the waiver was signed, as the waiver tells it.

    With ``versions``, one of its labels names the version (``main@4f2c1aa`` also by its commit); with ``signed``,
    the version's first publication is known and not later. With neither, every version is covered.
    """
    if not waiver.versions and waiver.signed is None:
        return True
    if any(_names(label, version) for label in waiver.versions):
        return True
    dates = [publication.date[:10] for publication in version.published if publication.date]
    return waiver.signed is not None and bool(dates) and min(dates) <= waiver.signed.isoformat()


def _names(label: str, version: VersionId) -> bool:
    if not version.published:
        return label == version.name
    return any(_is(label, publication) for publication in version.published)


def _is(label: str, publication: Provenance) -> bool:
    if label == publication.label:
        return True
    commit = label.rpartition("@")[2]
    return len(commit) >= SHORTEST_COMMIT and publication.commit.startswith(commit)


class _Accepted(msgspec.Struct):
    """The acceptances of a run, and which of them met a finding. Mutable for the length of one ``apply``."""

    allows: Mapping[str, Sequence[Allow]]
    waivers: Sequence[Waiver]
    today: dt.date
    used_allows: set[tuple[str, int, str]] = msgspec.field(default_factory=set)
    """Path, line of the comment, rule."""
    met_waivers: set[int] = msgspec.field(default_factory=set)
    """Indexes into ``waivers``."""
    by_place: dict[tuple[str, int, str], Allow] = msgspec.field(default_factory=dict)
    by_key: dict[str, list[int]] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        for path, allows in self.allows.items():
            for allow in allows:
                if not allow.problem:
                    self.by_place.update({(path, allow.applies_to_line, rule): allow for rule in allow.rules})
        for index, waiver in enumerate(self.waivers):
            self.by_key.setdefault(waiver.fingerprint or waiver.rule, []).append(index)

    def met(self) -> tuple[str, ...]:
        """The keys of the acceptances that met a finding so far."""
        allows = (_allow_key(*used) for used in self.used_allows)
        waivers = (
            _waiver_key(self.waivers[index].line, _waiver_name(self.waivers[index])) for index in self.met_waivers
        )
        return tuple(sorted({*allows, *waivers}))

    def parts(self, finding: Finding) -> Iterator[Suppressed]:
        """The finding as far as it is accepted: whole, or one part for each waiver that covers some versions."""
        allow = self._allow(finding)
        rest: Finding | None = finding
        for index in self._matching(finding):
            self.met_waivers.add(index)
            waiver = self.waivers[index]
            if allow is not None or rest is None or expired(waiver, self.today):
                continue
            part = _covered(rest, waiver)
            if part is not None:
                expires = waiver.expires.isoformat() if waiver.expires else ""
                yield Suppressed(part, "waiver", waiver.reason, waiver.owner, expires)
                rest = _without(rest, part)
        if allow is not None:
            yield Suppressed(finding, "inline", allow.reason)

    def _allow(self, finding: Finding) -> Allow | None:
        if finding.location is None:
            return None
        place = (finding.location.path, finding.location.line, finding.rule)
        allow = self.by_place.get(place)
        if allow is not None:
            self.used_allows.add((finding.location.path, allow.line, finding.rule))
        return allow

    def _matching(self, finding: Finding) -> Iterator[int]:
        keys = [finding.fingerprint, finding.rule] if finding.fingerprint else [finding.rule]
        for index in (index for key in keys for index in self.by_key.get(key, ())):
            waiver = self.waivers[index]
            said = (
                (waiver.fingerprint, finding.fingerprint),
                (waiver.rule, finding.rule),
                (waiver.subject, finding.subject),
                (waiver.path, finding.path),
            )
            if all(not wanted or wanted == found for wanted, found in said):
                yield index


def expired(waiver: Waiver, today: dt.date) -> bool:
    """Whether the waiver's last day is past."""
    return waiver.expires is not None and waiver.expires < today


def _covered(finding: Finding, waiver: Waiver) -> Finding | None:
    if not finding.against:
        return finding
    against = tuple(broken for broken in finding.against if covers(waiver, broken.version))
    return replace(finding, against=against) if against else None


def _without(finding: Finding, part: Finding) -> Finding | None:
    """What is left of a finding; None if nothing."""
    gone = {id(broken) for broken in part.against}
    against = tuple(broken for broken in finding.against if id(broken) not in gone)
    return replace(finding, against=against) if against else None


def _allow_remarks(accepted: _Accepted, scope: Scope) -> Iterator[Remark]:
    for path, allows in accepted.allows.items():
        unknown = set() if scope.known is None else set(unknown_rules(allows, scope.known))
        for allow in allows:
            if allow.problem:
                yield Remark("bad-allow", path, allow.line, {"problem": allow.problem})
            for rule in () if allow.problem else allow.rules:
                if (allow, rule) in unknown:
                    yield Remark("bad-allow", path, allow.line, {"problem": f"names a rule that is not known: {rule}"})
                elif scope.ran(rule) and (path, allow.line, rule) not in accepted.used_allows:
                    yield Remark("unused-allow", path, allow.line, {"allowed": rule})


def _waiver_remarks(accepted: _Accepted, scope: Scope, config_path: str) -> Iterator[Remark]:
    for index, waiver in enumerate(accepted.waivers):
        name = _waiver_name(waiver)
        if index not in accepted.met_waivers:
            if scope.decides(waiver):
                yield Remark("unused-waiver", config_path, waiver.line, {"waiver": name})
        elif waiver.expires is not None and expired(waiver, accepted.today):
            args = {"waiver": name, "expired": waiver.expires.isoformat()}
            yield Remark("expired-waiver", config_path, waiver.line, args)


def _waiver_name(waiver: Waiver) -> str:
    return waiver.fingerprint or f"{waiver.rule} in {waiver.subject} at {waiver.path}"


def _waiver_key(line: int, name: str) -> str:
    return f"waiver {line} {name}"


def _allow_key(path: str, line: int, rule: str) -> str:
    return f"allow {path}:{line} {rule}"
