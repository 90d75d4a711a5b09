"""Compatibility levels and modes: of the registry, of a context, of a subject."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from schemagate.compat.modes import Mode
from schemagate.devregistry.store import refusals
from schemagate.devregistry.store.desk import Desk
from schemagate.devregistry.store.naming import DEFAULT_CONTEXT, join, split, valid
from schemagate.devregistry.store.state import READWRITE
from schemagate.devregistry.store.values import GLOBAL, Answer, ConfigSet, Event, Gone, ModeSet, Request
from schemagate.finding import Json

FLAGS: Final = ("normalize", "validateFields", "validateNewSchemas", "validateRules")
TEXTS: Final = ("alias", "compatibilityGroup", "compatibilityPolicy")
OBJECTS: Final = ("defaultMetadata", "overrideMetadata", "defaultRuleSet", "overrideRuleSet")
MODES: Final = frozenset({"READWRITE", "READONLY", "READONLY_OVERRIDE", "IMPORT", "FORWARD"})


def _place(name: str) -> str:
    """Where a subject's settings are kept; the default context's are the registry's own."""
    context, subject = split(name)
    return GLOBAL if context == DEFAULT_CONTEXT and not subject else join(context, subject)


def get_config(desk: Desk, request: Request, name: str = "") -> Answer:
    place = _place(name)
    if request.flag("defaultToGlobal"):
        return Answer(_shown(desk.state.config(place)))
    own = desk.state.configs.get(place)
    if own is None and place != GLOBAL:
        raise refusals.no_level(place)
    return Answer(_shown({"compatibilityLevel": desk.state.level, **(own or {})}))


def put_config(desk: Desk, request: Request, name: str = "") -> Answer:
    """What is sent changes, what is null is cleared, the rest stays."""
    place = _place(name)
    if name and not valid(place, registering=False):
        raise refusals.invalid_subject(name)
    changes = _changes(request.body)
    desk.refuse_if_read_only(place)
    merged = {**desk.state.configs.get(place, {}), **changes}
    config = {key: value for key, value in merged.items() if value is not None}
    echo = {("compatibility" if key == "compatibilityLevel" else key): value for key, value in config.items()}
    return Answer(echo, events=(ConfigSet(place, config),))


def delete_config(desk: Desk, request: Request, name: str = "") -> Answer:
    place = _place(name)
    own = desk.state.configs.get(place)
    if own is None and place != GLOBAL:
        raise refusals.no_subject(place)
    desk.refuse_if_read_only(place)
    return Answer(get_config(desk, _plain(request), name).body, events=(ConfigSet(place, None),))


def _plain(request: Request) -> Request:
    return Request(request.method, request.path)


def _shown(config: Mapping[str, Json]) -> Json:
    return dict(config)


def _changes(body: Json) -> dict[str, Json]:
    if not isinstance(body, dict):
        raise refusals.bad_request("Cannot deserialize value of type `ConfigUpdateRequest`: expected an object")
    changes: dict[str, Json] = {}
    if "compatibility" in body:
        changes["compatibilityLevel"] = _level(body["compatibility"])
    for keys, kind, what in ((FLAGS, bool, "true or false"), (TEXTS, str, "a string"), (OBJECTS, dict, "an object")):
        for key in keys:
            value = body.get(key)
            if value is not None and not isinstance(value, kind):
                raise refusals.bad_request(f"Cannot deserialize `{key}`: expected {what}")
            if key in body:
                changes[key] = value
    return changes


def _level(given: Json) -> str | None:
    if given is None:
        return None
    try:
        return Mode(str(given).upper()).value
    except ValueError:
        raise refusals.invalid_level() from None


def get_mode(desk: Desk, request: Request, name: str = "") -> Answer:
    place = _place(name)
    own = desk.state.mode(place) if request.flag("defaultToGlobal") else desk.state.modes.get(place)
    if own is None and place != GLOBAL:
        raise refusals.no_mode(place)
    return Answer({"mode": own or READWRITE})


def put_mode(desk: Desk, request: Request, name: str = "") -> Answer:
    place = _place(name)
    if name and not valid(place, registering=False):
        raise refusals.invalid_subject(name)
    given = request.body.get("mode") if isinstance(request.body, dict) else None
    mode = str(given or "").upper()
    if mode not in MODES or (mode == "FORWARD" and place != GLOBAL):
        raise refusals.invalid_mode()
    events: list[Event] = []
    if mode == "IMPORT" and desk.state.mode(place) != "IMPORT" and not request.flag("force"):
        events.extend(_emptied(desk, place))
    return Answer({"mode": given}, events=(*events, ModeSet(place, mode)))


def _emptied(desk: Desk, place: str) -> list[Event]:
    """What goes before an import: softly deleted versions; any other forbids it."""
    context, name = split(place)
    within = [s for s in desk.state.subjects if s == place or (not name and split(s)[0] == context)]
    if any(desk.state.has(subject) for subject in within):
        raise refusals.not_permitted("Cannot import since found existing subjects")
    versions = [v for subject in within for v in desk.state.versions(subject, deleted=True)]
    for version in versions:
        if desk.state.referring(version.key, deleted=True):
            raise refusals.referenced(*version.key)
    return [Gone(version.subject, version.version) for version in versions]


def delete_mode(desk: Desk, request: Request, name: str = "") -> Answer:  # noqa: ARG001 - as every operation
    place = _place(name)
    own = desk.state.modes.get(place)
    if own is None and place != GLOBAL:
        raise refusals.no_subject(place)
    return Answer({"mode": own or READWRITE}, events=(ModeSet(place, None),))
