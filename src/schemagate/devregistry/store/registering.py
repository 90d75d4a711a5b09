"""Registering, looking up and checking a schema: when it is there already, and what it takes to be new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from schemagate.devregistry.store import refusals, shapes
from schemagate.devregistry.store.desk import IMPORTING, Desk, version_number, wrong_mode
from schemagate.devregistry.store.equality import found_by
from schemagate.devregistry.store.judging import objections
from schemagate.devregistry.store.naming import context_label, context_of, valid
from schemagate.devregistry.store.payloads import Wanted, version_of, wanted, with_version
from schemagate.devregistry.store.reading import Parsed
from schemagate.devregistry.store.state import READWRITE
from schemagate.devregistry.store.values import Answer, Event, Gone, Put, Refusal, Request, Stored


class _Found(msgspec.Struct, frozen=True):
    """A version that a schema found: ``exact`` by its very text, else by being equivalent."""

    version: Stored
    exact: bool


def register(desk: Desk, request: Request, name: str) -> Answer:
    """``POST /subjects/{s}/versions``. What is there already is answered, whatever the mode; what is not is judged."""
    subject = desk.subject(name)
    sent = wanted(request.body)
    if not valid(subject, registering=True):
        raise refusals.invalid_subject(name)
    normalize = desk.normalizing(request, subject)
    latest = sent.version == -1
    found = _find(desk, subject, sent, normalize=normalize, latest=latest)
    if found is not None and _is_it(found.version, sent):
        return Answer(_told(desk, request, found.version, times=not found.exact))
    return _register(desk, request, subject, sent, normalize=normalize)


def _is_it(found: Stored, sent: Wanted) -> bool:
    """Whether the id and the version that were sent, if any, are those of the version that was found."""
    if sent.version in (0, -1):
        return sent.id in (-1, found.id)
    return (sent.id, sent.version) == (found.id, found.version)


def _register(desk: Desk, request: Request, subject: str, sent: Wanted, *, normalize: bool) -> Answer:
    state = desk.state
    _check_mode(desk, subject, sent)
    importing = state.mode(subject) in IMPORTING
    live = state.versions(subject)
    number = max(state.subjects.get(subject, {}), default=0) + 1
    sent = _completed(sent, live, number, importing=importing)
    parsed = desk.reader.parse(subject, sent, normalize=normalize and not importing, trusted=sent.id >= 0)
    given, known = sent.id, _id_of(desk, subject, parsed.wanted)
    if known is not None and given in (-1, known):
        version = _exact(desk, subject, known, deleted=False)
        if version is not None and sent.version == 0:
            return Answer(_told(desk, request, version, times=False))
        given = known
    if sent.version == 0:
        candidates = [version for version in live if given in (-1, version.id)]
        version = _equivalent(desk, parsed, reversed(candidates))
        if version is not None:
            return Answer(_told(desk, request, version, times=False))
    if not importing:
        messages = objections(parsed, live, state.config(subject), desk.reader)
        if messages:
            raise refusals.incompatible(subject, messages)
        if sent.version > 0 and sent.version != number:
            raise refusals.invalid_schema("Version is not one more than previous version")
    new = _stored(parsed, subject, sent.version if sent.version > 0 else number, request.now)
    new = replace(new, id=_checked_id(desk, new, given) if given >= 0 else _next_id(desk, subject))
    events: tuple[Event, ...] = (*_tombstones(desk, new), Put(new))
    return Answer(_told(desk, request, new, times=False), events=events)


def _stored(parsed: Parsed, subject: str, number: int, now: int) -> Stored:
    sent = parsed.wanted
    return Stored(
        subject, number, 0, sent.guid, sent.text, sent.references, sent.schema_type, sent.metadata, sent.rule_set, now
    )


def _told(desk: Desk, request: Request, version: Stored, *, times: bool) -> object:
    return shapes.registered(desk.shown(version, request.query.get("format", "")), times=times)


def _check_mode(desk: Desk, subject: str, sent: Wanted) -> None:
    desk.refuse_if_read_only(subject)
    mode = desk.state.mode(subject)
    if sent.id >= 0 and mode not in IMPORTING:
        raise wrong_mode(subject, "is not in import mode")
    if sent.id < 0 and mode != READWRITE:
        raise wrong_mode(subject, "is not in read-write mode")


def _completed(sent: Wanted, live: Sequence[Stored], number: int | None, *, importing: bool = False) -> Wanted:
    """What a schema takes from the newest version: its text where none is sent, metadata and rules that it leaves out.

    ``number`` is the version that it is to become; the metadata tells it where somebody asked for a number.
    """
    previous = live[-1] if live else None
    if not sent.text.strip():
        if previous is None or importing:
            raise refusals.invalid_schema("Empty schema")
        kept = (previous.text, previous.schema_type, previous.references)
        sent = replace(sent, text=kept[0], schema_type=kept[1], references=kept[2])
    if importing:
        return sent
    if previous is not None and sent.metadata is None:
        sent = replace(sent, metadata=previous.metadata)
    if previous is not None and sent.rule_set is None:
        sent = replace(sent, rule_set=previous.rule_set)
    if number is not None and (sent.version or version_of(sent.metadata) is not None):
        sent = replace(sent, metadata=with_version(sent.metadata, number))
    return sent


def _checked_id(desk: Desk, new: Stored, given: int) -> int:
    existing = desk.state.contexts[context_of(new.subject)].users.get(given) if _context(desk, new.subject) else None
    if existing:
        subject, number = next(iter(existing))
        if desk.state.subjects[subject][number].guid != new.guid:
            label = context_label(new.subject)
            raise refusals.not_permitted(f"Overwrite new schema with id {given} in context {label} is not permitted.")
    return given


def _context(desk: Desk, subject: str) -> bool:
    return context_of(subject) in desk.state.contexts


def _next_id(desk: Desk, subject: str) -> int:
    return desk.state.contexts[context_of(subject)].max_id + 1 if _context(desk, subject) else 1


def _tombstones(desk: Desk, new: Stored) -> Iterable[Event]:
    """Softly deleted versions of the same schema give way to the new one, unless something refers to them."""
    for version in desk.state.versions(new.subject, deleted=True):
        replaced = version.version == new.version
        same = version.deleted and version.id == new.id and version.version < new.version
        if replaced or (same and not desk.state.referring(version.key, deleted=True)):
            yield Gone(version.subject, version.version)


def _id_of(desk: Desk, subject: str, sent: Wanted) -> int | None:
    context = desk.state.contexts.get(context_of(subject))
    return None if context is None else context.guids.get(sent.guid)


def _exact(desk: Desk, subject: str, schema_id: int, *, deleted: bool) -> Stored | None:
    """The subject's newest version with an id."""
    mine = [version for version in desk.state.versions(subject, deleted=True) if version.id == schema_id]
    return mine[-1] if mine and (deleted or not mine[-1].deleted) else None


def _equivalent(desk: Desk, parsed: Parsed, versions: Iterable[Stored]) -> Stored | None:
    for version in versions:
        if found_by(parsed, desk.reader.stored(version), version.version):
            return version
    return None


def _find(
    desk: Desk, subject: str, sent: Wanted, *, normalize: bool, deleted: bool = False, latest: bool = False
) -> _Found | None:
    """The version that is this schema: by its very text first, then the newest that is equivalent."""
    if not sent.text.strip():
        return None
    parsed = desk.reader.parse(subject, sent, normalize=normalize, trusted=True)
    if not latest:
        known = _id_of(desk, subject, parsed.wanted)
        version = None if known is None else _exact(desk, subject, known, deleted=deleted)
        if version is not None:
            return _Found(version, exact=True)
    versions = desk.state.versions(subject, deleted=deleted)
    version = _equivalent(desk, parsed, versions[-1:] if latest else reversed(versions))
    return None if version is None else _Found(version, exact=False)


def look_up(desk: Desk, request: Request, name: str) -> Answer:
    """``POST /subjects/{s}``. A subject without a context is sought in the other contexts too."""
    subject = desk.subject(name)
    sent = wanted(request.body)
    deleted = request.flag("deleted")
    for place in desk.state.spellings(subject):
        try:
            found = _look_up(desk, place, sent, normalize=desk.normalizing(request, place), deleted=deleted)
        except Refusal:
            if place == subject:
                raise
            continue
        if found is not None:
            shown = desk.shown(found.version, request.query.get("format", ""))
            return Answer(shapes.matched(shown, times=not found.exact))
    raise refusals.no_schema() if desk.state.has(subject, deleted=deleted) else refusals.no_subject(subject)


def _look_up(desk: Desk, subject: str, sent: Wanted, *, normalize: bool, deleted: bool) -> _Found | None:
    found = _find(desk, subject, sent, normalize=normalize, deleted=deleted)
    live = desk.state.versions(subject)
    if found is not None or not live or not sent.text.strip():
        return found
    completed = _completed(sent, live, None)
    if completed == sent:
        return None
    return _find(desk, subject, completed, normalize=normalize, deleted=deleted)


def check(desk: Desk, request: Request, name: str, version: str = "") -> Answer:
    """``POST /compatibility/subjects/{s}/versions[/{v}]``: judged as registering would, or against one version."""
    subject = desk.subject(name)
    history = desk.state.versions(subject)
    if version:
        number = version_number(version)
        one = desk.state.version(subject, number)
        if one is None and number != -1:
            raise refusals.no_version(number)
        history = [] if one is None else [one]
    verbose = request.flag("verbose")
    try:
        messages = _judged(desk, request, subject, history)
    except Refusal as refusal:
        if not verbose or refusal.code != refusals.INVALID_SCHEMA:
            raise
        messages = [refusal.message]
    return Answer({"is_compatible": not messages} | ({"messages": messages} if verbose else {}))


def _judged(desk: Desk, request: Request, subject: str, history: Sequence[Stored]) -> list[str]:
    sent = wanted(request.body)
    if not sent.text.strip():
        raise refusals.invalid_schema("Empty schema")
    normalize = desk.normalizing(request, subject)
    parsed = desk.reader.parse(subject, sent, normalize=normalize)
    return objections(parsed, history, desk.state.config(subject), desk.reader)
