"""What a changed configuration lets through that the one before it would have stopped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from schemagate.config.values import CLIENT_SUFFIXES, Settings, SubjectRule, Waiver
from schemagate.finding import Severity

_EXAMPLES = 3
_ANY_FILE = ("_.avsc", "_/_.avsc")
"""Stand for files that neither configuration names."""


class Weakening(msgspec.Struct, frozen=True):
    """One way in which the gate became weaker.

    ``what`` is the key (``mode``, ``subjects.mode``, ``rules``, ``waivers``, ...), ``detail`` a phrase for people,
    ``line`` the 1-based line in the new text, None where a key was removed.
    """

    what: str
    detail: str
    line: int | None = None


class _Pair(msgspec.Struct, frozen=True):
    """One kind of file: the ``[[subjects]]`` that hold for it before and now, with an example."""

    old: SubjectRule | None
    new: SubjectRule | None
    example: str


def weaker(
    old: Settings,
    new: Settings,
    *,
    files: Sequence[str] = (),
    defaults: Mapping[str, Severity] | None = None,
) -> list[Weakening]:
    """Everything in which ``new`` is weaker than ``old``, in the order of the keys; empty if it is as strict.

    ``files`` are repository paths, so that overlapping globs are compared by what they cover; the globs themselves
    are always compared as well. ``defaults`` are the severities of rules that no configuration names; a rule that
    is missing there counts as an error. A preset that is not known here is told as weaker.
    """
    probes = list(dict.fromkeys([*_probes(old, new), *files]))
    pairs = list(_pairs(old, new, probes))
    return [
        *_coverage(old, new, probes),
        *_modes(old, new, pairs),
        *_plain_keys(old, new),
        *_subjects(pairs),
        *_severities(old, new, pairs, defaults or {}),
        *_clients(old, new),
        *_retractions(old, new),
        *_registries(old, new),
        *_waivers(old, new),
    ]


def demands(mode: str) -> frozenset[str]:
    """What a mode asks for, so that one mode is weaker than another if it asks for less or for something else."""
    asked = set()
    for direction in ("BACKWARD", "FORWARD"):
        if mode.startswith((direction, "FULL")):
            asked.add(direction)
            if mode.endswith("_TRANSITIVE"):
                asked.add(f"{direction}_TRANSITIVE")
    return frozenset(asked)


def _probes(old: Settings, new: Settings) -> Iterator[str]:
    """Paths that stand for what each glob covers: a glob covers its own text."""
    yield from _ANY_FILE
    for glob in (*old.paths, *old.exclude, *new.paths, *new.exclude):
        yield from _inside(glob)
    for rule in (*old.subjects, *new.subjects):
        for glob in rule.match:
            yield from _inside(glob)


def _inside(glob: str) -> tuple[str, ...]:
    text = glob.strip("/").removeprefix("./")
    if text in {"", "."}:
        return ()
    return (text,) if text.endswith(".avsc") else (text, f"{text}/_.avsc")


def _pairs(old: Settings, new: Settings, probes: Iterable[str]) -> Iterator[_Pair]:
    seen: set[tuple[int, int]] = set()
    for probe in probes:
        pair = _Pair(old.subject_rule_for(probe), new.subject_rule_for(probe), probe)
        key = (id(pair.old), id(pair.new))
        if key not in seen:
            seen.add(key)
            yield pair


def _coverage(old: Settings, new: Settings, probes: Iterable[str]) -> Iterator[Weakening]:
    if (old.paths, old.exclude) == (new.paths, new.exclude):
        return
    lost = [path for path in probes if old.is_schema_path(path) and not new.is_schema_path(path)]
    if not lost:
        return
    what = "exclude" if set(new.exclude) - set(old.exclude) else "paths"
    real = [path for path in lost if path not in _ANY_FILE and not path.endswith("/_.avsc")]
    more = f" and {len(real) - _EXAMPLES} more" if len(real) > _EXAMPLES else ""
    detail = f"{', '.join(real[:_EXAMPLES])}{more} no longer judged" if real else "fewer files are judged"
    yield Weakening(what, detail, new.line_of(what))


def _modes(old: Settings, new: Settings, pairs: Iterable[_Pair]) -> Iterator[Weakening]:
    told: set[tuple[str, str, int | None]] = set()
    if demands(old.mode) - demands(new.mode):
        told.add((old.mode, new.mode, None))
        yield Weakening("mode", f"from {old.mode} to {new.mode}", new.line_of("mode"))
    for pair in pairs:
        before, now = (pair.old and pair.old.mode) or old.mode, (pair.new and pair.new.mode) or new.mode
        line = pair.new.line if pair.new and pair.new.mode else None
        key = (before, now, line)
        if demands(before) - demands(now) and key not in told:
            told.add(key)
            yield Weakening("subjects.mode", f"from {before} to {now} for files such as {pair.example}", line)


PRESETS = ("minimal", "", "strict")
"""From the weakest to the strictest; empty is the default."""


def _weaker_preset(old: str, new: str) -> bool:
    if old in PRESETS and new in PRESETS:
        return PRESETS.index(new) < PRESETS.index(old)
    return old != new


def _plain_keys(old: Settings, new: Settings) -> Iterator[Weakening]:
    if new.fail_on > old.fail_on:
        yield Weakening("fail-on", f"from {old.fail_on.label} to {new.fail_on.label}", new.line_of("fail-on"))
    if new.baseline != old.baseline:
        detail = f"from {old.baseline or 'the default branch'} to {new.baseline or 'the default branch'}"
        yield Weakening("baseline", detail, new.line_of("baseline"))
    if _weaker_preset(old.preset, new.preset):
        detail = f"from {old.preset or 'the default'} to {new.preset or 'the default'}"
        yield Weakening("preset", detail, new.line_of("preset"))
    for tag in sorted(set(old.release_tags) - set(new.release_tags)):
        yield Weakening("release-tags", f"{tag} no longer publishes", new.line_of("release-tags"))
    if old.waivers_from_base and not new.waivers_from_base:
        detail = "waivers no longer have to come from the base"
        yield Weakening("waivers-from-base", detail, new.line_of("waivers-from-base"))


def _subjects(pairs: Iterable[_Pair]) -> Iterator[Weakening]:
    told = set()
    for pair in pairs:
        was_shared, is_shared = bool(pair.old and pair.old.shared), bool(pair.new and pair.new.shared)
        if pair.new and is_shared and not was_shared:
            told.add(Weakening("subjects.shared", f"files such as {pair.example} lose their subject", pair.new.line))
        before, now = pair.old and pair.old.history_from, pair.new and pair.new.history_from
        if pair.new and now and now > (before or dt.date.min):
            detail = f"from {before or 'the first version'} to {now} for files such as {pair.example}"
            told.add(Weakening("subjects.history-from", detail, pair.new.line))
    yield from sorted(told, key=lambda weakening: (weakening.line or 0, weakening.what, weakening.detail))


def _severities(
    old: Settings, new: Settings, pairs: Iterable[_Pair], defaults: Mapping[str, Severity]
) -> Iterator[Weakening]:
    told: set[Weakening] = set()
    base = [_Pair(None, None, "")]
    for pair in (*base, *pairs):
        mine, yours = (pair.old.rules if pair.old else {}), (pair.new.rules if pair.new else {})
        for rule in sorted({*mine, *yours, *old.rules, *new.rules}):
            default = defaults.get(rule, Severity.ERROR)
            before = mine.get(rule, old.rules.get(rule, default))
            now = yours.get(rule, new.rules.get(rule, default))
            if now >= before:
                continue
            local = pair.new is not None and rule in yours
            line = pair.new.line if pair.new and local else new.line_of("rules", rule)
            detail = f"{rule} from {before.label} to {now.label}"
            weakening = Weakening("subjects.rules" if local else "rules", detail, line)
            if weakening not in told:
                told.add(weakening)
                yield weakening


def _clients(old: Settings, new: Settings) -> Iterator[Weakening]:
    """Client files that nobody looks at any more, or that became a developer's own business."""
    if old.clients == new.clients:
        return
    globs = (glob.removesuffix("/") for rule in old.clients for glob in rule.match)
    for probe in dict.fromkeys(glob if glob.endswith(CLIENT_SUFFIXES) else f"{glob}/_.properties" for glob in globs):
        before, now = old.client_rule_for(probe), new.client_rule_for(probe)
        if before is None:
            continue
        if now is None:
            yield Weakening("clients", f"files such as {probe} are no longer read", new.line_of("clients"))
            continue
        if now.development and not before.development:
            yield Weakening("clients.development", f"files such as {probe} are for development only", now.line)
        more = () if now.development else sorted(set(now.development_profiles) - set(before.development_profiles))
        if more and not before.development:
            detail = f"{', '.join(more)} in files such as {probe}"
            yield Weakening("clients.development-profiles", detail, now.line)


def _retractions(old: Settings, new: Settings) -> Iterator[Weakening]:
    known = {(r.subject, r.version) for r in old.retracted}
    for retraction in new.retracted:
        if (retraction.subject, retraction.version) not in known:
            yield Weakening("retracted", f"{retraction.version} of {retraction.subject}", retraction.line)


def _registries(old: Settings, new: Settings) -> Iterator[Weakening]:
    now = {registry.name: registry for registry in new.registries}
    for registry in old.registries:
        if registry.name not in now:
            yield Weakening("registry", f"{registry.name} is no longer asked")
        elif now[registry.name].url != registry.url:
            yield Weakening("registry", f"{registry.name} has another address", now[registry.name].line)


def _waivers(old: Settings, new: Settings) -> Iterator[Weakening]:
    known: dict[tuple[str, ...], list[Waiver]] = {}
    for waiver in old.waivers:
        known.setdefault(_identity(waiver), []).append(waiver)
    for waiver in new.waivers:
        before = known.get(_identity(waiver), [])
        if any(not _covers_more(earlier, waiver) for earlier in before):
            continue
        name = waiver.fingerprint or f"{waiver.rule} in {waiver.subject} at {waiver.path}"
        yield Weakening("waivers", f"{name} {'covers more' if before else 'is new'}", waiver.line)


def _identity(waiver: Waiver) -> tuple[str, ...]:
    if waiver.fingerprint:
        return (waiver.fingerprint,)
    return (waiver.rule, waiver.subject, waiver.path)


def _covers_more(old: Waiver, new: Waiver) -> bool:
    last = dt.date.max
    if (new.expires or last) > (old.expires or last):
        return True
    if not (old.signed or old.versions):
        return False
    if not (new.signed or new.versions):
        return True
    first = dt.date.min
    return (new.signed or first) > (old.signed or first) or not set(new.versions) <= set(old.versions)
