"""Subjects and their versions: listing, reading and deleting them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

from msgspec.structs import replace

from schemagate.devregistry.store import refusals, shapes
from schemagate.devregistry.store.desk import Desk, version_number
from schemagate.devregistry.store.naming import EVERY_CONTEXT, prefix_filter
from schemagate.devregistry.store.values import Answer, ConfigSet, Event, Gone, ModeSet, Put, Request, Stored

T = TypeVar("T")
MOST_SCHEMAS: Final = 1_000
MOST_LISTED: Final = 20_000
"""The greatest page, which is also the one where no limit is asked for."""


def page(request: Request, items: Sequence[T], most: int = MOST_LISTED) -> list[T]:
    """The part of a list that ``offset`` and ``limit`` ask for."""
    limit = request.number("limit", -1)
    start = max(request.number("offset", 0), 0)
    return list(items[start : start + (limit if 0 < limit <= most else most)])


def subjects(desk: Desk, request: Request) -> Answer:
    matches = prefix_filter(request.query.get("subjectPrefix", EVERY_CONTEXT))
    only = request.flag("deletedOnly")
    deleted = request.flag("deleted")
    found = []
    for subject, versions in desk.state.subjects.items():
        gone = all(version.deleted for version in versions.values())
        if matches(subject) and (gone if only else deleted or not gone):
            found.append(subject)
    return Answer(page(request, sorted(found)))


def schemas(desk: Desk, request: Request) -> Answer:
    """``GET /schemas``: the versions of many subjects at once."""
    matches = prefix_filter(request.query.get("subjectPrefix", ""))
    deleted, latest = request.flag("deleted"), request.flag("latestOnly")
    found: list[Stored] = []
    for subject in sorted(filter(matches, desk.state.subjects)):
        versions = desk.state.versions(subject, deleted=deleted)
        found.extend(versions[-1:] if latest else versions)
    return Answer([shapes.full(version) for version in page(request, found, MOST_SCHEMAS)])


def numbers(desk: Desk, request: Request, name: str) -> Answer:
    subject = desk.subject(name)
    only = request.flag("deletedOnly")
    negative = request.flag("deletedAsNegative")
    deleted = request.flag("deleted") or only or negative
    if not desk.state.has(subject, deleted=deleted):
        raise refusals.no_subject(subject)
    versions = desk.state.versions(subject, deleted=deleted)
    shown = [-v.version if negative and v.deleted else v.version for v in versions if v.deleted or not only]
    return Answer(page(request, shown))


def one(desk: Desk, request: Request, name: str, version: str) -> Answer:
    found = _version(desk, name, version, deleted=request.flag("deleted"))
    return Answer(shapes.full(desk.shown(found, request.query.get("format", ""))))


def text(desk: Desk, request: Request, name: str, version: str) -> Answer:
    found = _version(desk, name, version, deleted=request.flag("deleted"))
    return Answer(desk.shown(found, request.query.get("format", "")).text, raw=True)


def referenced_by(desk: Desk, request: Request, name: str, version: str) -> Answer:
    found = _version(desk, name, version, deleted=True)
    referring = desk.state.referring(found.key, deleted=request.flag("deleted"))
    return Answer(page(request, sorted({each.id for each in referring}), MOST_SCHEMAS))


def with_metadata(desk: Desk, request: Request, name: str) -> Answer:
    """The newest version whose metadata has a property of that name and value."""
    subject = desk.subject(name)
    deleted = request.flag("deleted")
    key, value = request.query.get("key"), request.query.get("value")
    for version in reversed(desk.state.versions(subject, deleted=deleted)):
        if version.metadata is not None and (key is None or _property(version, key) == value):
            return Answer(shapes.full(desk.shown(version, request.query.get("format", ""))))
    raise refusals.no_schema() if desk.state.has(subject, deleted=deleted) else refusals.no_subject(subject)


def _property(version: Stored, key: str) -> object:
    return ((version.metadata or {}).get("properties") or {}).get(key)


def _version(desk: Desk, name: str, version: str, *, deleted: bool) -> Stored:
    subject = desk.subject(name)
    number = version_number(version)
    found = desk.state.anywhere(subject, number, deleted=deleted)
    if found is None:
        known = desk.state.has(subject, deleted=deleted)
        raise refusals.no_version(number) if known else refusals.no_subject(subject)
    return found


def delete_version(desk: Desk, request: Request, name: str, version: str) -> Answer:
    subject = desk.subject(name)
    permanent = request.flag("permanent")
    number = version_number(version)
    found = desk.state.version(subject, number, deleted=True)
    if found is None:
        known = desk.state.has(subject, deleted=True)
        raise refusals.no_version(number) if known else refusals.no_subject(subject)
    if found.deleted and not permanent:
        raise refusals.version_deleted(subject, found.version)
    desk.refuse_if_read_only(subject)
    if desk.state.referring(found.key, deleted=permanent):
        raise refusals.referenced(*found.key)
    if not permanent:
        return Answer(found.version, events=(Put(replace(found, deleted=True)),))
    if not found.deleted:
        raise refusals.version_not_deleted(subject, found.version)
    last = len(desk.state.subjects[subject]) == 1
    events: tuple[Event, ...] = (Gone(subject, found.version), *(_forgotten(desk, subject) if last else ()))
    return Answer(found.version, events=events)


def delete_subject(desk: Desk, request: Request, name: str) -> Answer:
    subject = desk.subject(name)
    permanent = request.flag("permanent")
    if not desk.state.has(subject, deleted=True):
        raise refusals.no_subject(subject)
    if not permanent and not desk.state.has(subject):
        raise refusals.subject_deleted(subject)
    desk.refuse_if_read_only(subject)
    versions = desk.state.versions(subject, deleted=permanent)
    for version in versions:
        others = desk.state.referring(version.key, deleted=permanent)
        if any(other.subject != subject for other in others):
            raise refusals.referenced(*version.key)
        if permanent and not version.deleted:
            raise refusals.subject_not_deleted(subject)
    events: list[Event] = (
        [*(Gone(subject, v.version) for v in reversed(versions)), *_forgotten(desk, subject)]
        if permanent
        else [Put(replace(version, deleted=True)) for version in versions]
    )
    return Answer([version.version for version in versions], events=tuple(events))


def _forgotten(desk: Desk, subject: str) -> Iterator[Event]:
    """A subject without versions keeps no configuration and no mode."""
    if subject in desk.state.configs:
        yield ConfigSet(subject, None)
    if subject in desk.state.modes:
        yield ModeSet(subject, None)
