"""Schemas by what is global to a context: ids, and guids, which are the same everywhere."""

from __future__ import annotations

from schemagate.devregistry.store import refusals, shapes
from schemagate.devregistry.store.desk import Desk
from schemagate.devregistry.store.naming import context_of, split
from schemagate.devregistry.store.values import Answer, Request, Stored
from schemagate.devregistry.store.versions import page


def by_id(desk: Desk, request: Request, given: str) -> Answer:
    found = _found(desk, request, given)
    if found is None:
        raise refusals.no_schema(given)
    body = shapes.by_id(desk.shown(found, request.query.get("format", "")))
    if request.flag("fetchMaxId"):
        body["maxId"] = desk.state.contexts[context_of(found.subject)].max_id
    return Answer(body)


def text(desk: Desk, request: Request, given: str) -> Answer:
    found = _found(desk, request, given)
    if found is None:
        raise refusals.no_schema(given)
    return Answer(desk.shown(found, request.query.get("format", "")).text, raw=True)


def users(desk: Desk, request: Request, given: str) -> Answer:
    """``/schemas/ids/{id}/versions``: every version with the id."""
    versions = _users(desk, request, given)
    return Answer(page(request, [{"subject": v.subject, "version": v.version} for v in versions]))


def subjects(desk: Desk, request: Request, given: str) -> Answer:
    versions = _users(desk, request, given)
    return Answer(page(request, list(dict.fromkeys(version.subject for version in versions))))


def _users(desk: Desk, request: Request, given: str) -> list[Stored]:
    found = _found(desk, request, given)
    if found is None:
        raise refusals.no_schema()
    own = split(request.query.get("subject", ""))[1]
    versions = sorted(desk.state.users_of(found), key=lambda version: version.key)
    deleted = request.flag("deleted")
    return [v for v in versions if (deleted or not v.deleted) and (not own or split(v.subject)[1] == own)]


def _found(desk: Desk, request: Request, given: str) -> Stored | None:
    if not given.isascii() or not given.removeprefix("-").isdigit() or len(given) > 11:
        raise refusals.not_found()
    subject = request.query.get("subject", "")
    return desk.state.by_id(int(given), desk.subject(subject) if subject else "")


def by_guid(desk: Desk, request: Request, guid: str) -> Answer:
    for context in desk.state.contexts.values():
        schema_id = context.guids.get(guid.lower())
        if schema_id is not None:
            subject, number = next(iter(context.users[schema_id]))
            version = desk.state.subjects[subject][number]
            return Answer(shapes.by_guid(desk.shown(version, request.query.get("format", ""))))
    raise refusals.no_schema(guid)


def ids_of_guid(desk: Desk, request: Request, guid: str) -> Answer:
    found = [
        {"context": name, "id": context.guids[guid.lower()]}
        for name, context in sorted(desk.state.contexts.items())
        if guid.lower() in context.guids
    ]
    return Answer(page(request, found))
