"""Which request asks for which operation; the store's one door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec.structs import replace

from schemagate.devregistry.store import ids, refusals, registering, settings, versions
from schemagate.devregistry.store.desk import Desk
from schemagate.devregistry.store.naming import join, spelled_context
from schemagate.devregistry.store.values import Answer, Event, Refusal, Request

SERVED_VERSION: Final = "8.3.0"
"""The release of Confluent Schema Registry whose answers these are."""

Operation = Callable[..., Answer]


def _root(desk: Desk, request: Request) -> Answer:  # noqa: ARG001 - every operation is called alike
    return Answer({})


def _types(desk: Desk, request: Request) -> Answer:  # noqa: ARG001
    """All three, as Confluent; clients stop at a type that is missing. Only AVRO is taken."""
    return Answer(["JSON", "PROTOBUF", "AVRO"])


def _contexts(desk: Desk, request: Request) -> Answer:
    return Answer(versions.page(request, sorted(desk.state.contexts)))


def _cluster(desk: Desk, request: Request) -> Answer:  # noqa: ARG001
    clusters = {"schema-registry-cluster": "schemagate-dev-registry"}
    return Answer({"scope": {"path": [], "clusters": clusters}, "id": ""})


def _version(desk: Desk, request: Request) -> Answer:  # noqa: ARG001
    return Answer({"version": SERVED_VERSION, "commitId": "schemagate-dev-registry"})


def _associations(desk: Desk, request: Request, *_: str) -> Answer:  # noqa: ARG001
    return Answer([])


ROUTES: Final[Mapping[str, Mapping[str, Operation]]] = {
    "": {"GET": _root, "POST": _root},
    "subjects": {"GET": versions.subjects},
    "subjects/*": {"POST": registering.look_up, "DELETE": versions.delete_subject},
    "subjects/*/versions": {"GET": versions.numbers, "POST": registering.register},
    "subjects/*/versions/*": {"GET": versions.one, "DELETE": versions.delete_version},
    "subjects/*/versions/*/schema": {"GET": versions.text},
    "subjects/*/versions/*/referencedby": {"GET": versions.referenced_by},
    "subjects/*/metadata": {"GET": versions.with_metadata},
    "schemas": {"GET": versions.schemas},
    "schemas/types": {"GET": _types},
    "schemas/ids/*": {"GET": ids.by_id},
    "schemas/ids/*/schema": {"GET": ids.text},
    "schemas/ids/*/subjects": {"GET": ids.subjects},
    "schemas/ids/*/versions": {"GET": ids.users},
    "schemas/guids/*": {"GET": ids.by_guid},
    "schemas/guids/*/ids": {"GET": ids.ids_of_guid},
    "compatibility/subjects/*/versions": {"POST": registering.check},
    "compatibility/subjects/*/versions/*": {"POST": registering.check},
    "config": {"GET": settings.get_config, "PUT": settings.put_config, "DELETE": settings.delete_config},
    "config/*": {"GET": settings.get_config, "PUT": settings.put_config, "DELETE": settings.delete_config},
    "mode": {"GET": settings.get_mode, "PUT": settings.put_mode, "DELETE": settings.delete_mode},
    "mode/*": {"GET": settings.get_mode, "PUT": settings.put_mode, "DELETE": settings.delete_mode},
    "contexts": {"GET": _contexts},
    "v1/metadata/id": {"GET": _cluster},
    "v1/metadata/version": {"GET": _version},
    "associations/resources/*/*": {"GET": _associations},
}
"""Path, with ``*`` for a segment that is an argument → method → operation."""

CHANGES: Final = frozenset({"PUT", "DELETE", "PATCH"})


class Store:
    """The registry as a state machine. ``level`` is the compatibility level where none was set.

    :meth:`answer` changes nothing: whoever asks keeps the answer's events, applies them, and then answers. One
    request at a time.
    """

    def __init__(self, level: str) -> None:
        self._desk = Desk(level)

    def apply(self, event: Event) -> None:
        self._desk.state.apply(event)

    def answer(self, request: Request) -> Answer:
        """The answer; never raises for what a request holds."""
        try:
            if request.path[:1] == ("contexts",) and len(request.path) > 1:
                request = in_context(request)
            operation, arguments = _route(request)
            return operation(self._desk, request, *arguments)
        except Refusal as refusal:
            return refusal.answer


def writes(method: str, path: tuple[str, ...]) -> bool:
    """Whether a request may change something: a lookup and a compatibility check are posted and do not."""
    if method != "POST":
        return method in CHANGES
    own = path[2:] if path[:1] == ("contexts",) else path
    return (own[:1], own[2:]) == (("subjects",), ("versions",))


def _route(request: Request) -> tuple[Operation, tuple[str, ...]]:
    for pattern, operations in _PATTERNS.get(len(request.path), ()):
        if all(part in ("*", given) for part, given in zip(pattern, request.path, strict=True)):
            method = "GET" if request.method == "HEAD" else request.method
            if method not in operations:
                raise refusals.plain(405, "Method Not Allowed")
            arguments = [given for part, given in zip(pattern, request.path, strict=True) if part == "*"]
            return operations[method], tuple(arguments)
    raise refusals.not_found()


def in_context(request: Request) -> Request:
    """The request behind ``/contexts/{context}/...``: the same with the context in its subject or prefix."""
    context, path = spelled_context(request.path[1]), request.path[2:]
    query = dict(request.query)
    if path[:1] in (("config",), ("mode",)):
        path = (path[0], _within(context, path[1] if len(path) > 1 else ""))
    elif path in (("subjects",), ("schemas",)):
        query["subjectPrefix"] = _within(context, query.get("subjectPrefix", ""))
    elif path[:2] == ("schemas", "ids"):
        query["subject"] = _within(context, query.get("subject", ""))
    elif "subjects" in path[:2]:
        at = path.index("subjects") + 1
        path = (*path[:at], _within(context, path[at]), *path[at + 1 :]) if len(path) > at else path
    return replace(request, path=path, query=query)


def _within(context: str, name: str) -> str:
    return name if name.startswith((":.", ":*:")) else join(context, name)


def _patterns() -> dict[int, list[tuple[tuple[str, ...], Mapping[str, Any]]]]:
    found: dict[int, list[tuple[tuple[str, ...], Mapping[str, Any]]]] = {}
    for path, operations in ROUTES.items():
        pattern = tuple(path.split("/")) if path else ()
        found.setdefault(len(pattern), []).append((pattern, operations))
    return found


_PATTERNS: Final = _patterns()
