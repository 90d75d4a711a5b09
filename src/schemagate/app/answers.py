"""The registry's own answers about what is proposed: would it take the schema, and does a producer's text resolve."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from schemagate.app.combine import Standing
from schemagate.app.remote import Remote
from schemagate.finding import Json
from schemagate.plan.texts import plain
from schemagate.schema.canonical import to_json
from schemagate.wire.values import Payload, Registered
from schemagate.workspace import Workspace

if TYPE_CHECKING:
    from schemagate.adapters.registry.client import Registry

AT_ONCE: Final = 8
"""Questions that are under way at the same time."""

INVALID: Final = 422
"""The status with which a registry refuses a text as no schema."""

JAVA: Final = "avro.java.string"
"""The property that Java's code generator adds to every string."""


def ask(registry: Registry, remote: Remote, standings: Sequence[Standing], workspace: Workspace) -> None:
    """Puts into ``remote`` whether the registry would take each proposed schema, and which lookups fail.

    Asked is only where something would be registered below existing versions, or is registered already. Raises
    RegistryError.
    """

    def sent_as(one: Standing) -> Payload:
        return Payload(sent_text(one, workspace))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        new = [one for one in standings if _would_register(one)]
        answers = pool.map(lambda one: registry.compatible(one.subject, sent_as(one)), new)
        for one, verdict in zip(new, answers, strict=True):
            remote.verdicts[one.lineage.path, one.subject] = verdict
        there = [one for one in standings if one.proposed]
        sent = [one for one in there if not _is_stored(one, sent_as(one))]
        found = pool.map(lambda one: looked_up(registry, one.subject, sent_as(one)), sent)
        remote.lost.update(one.subject for one, hit in zip(sent, found, strict=True) if hit is None)
    remote.lost_as_java.update(_lost_as_java(registry, [one for one in there if one.subject not in remote.lost]))


def looked_up(
    registry: Registry, subject: str, payload: Payload, *, normalize: bool | None = None
) -> Registered | None:
    """The version that a lookup finds; a text that the registry calls invalid is not found either."""
    from schemagate.adapters.registry import Refused

    try:
        return registry.lookup(subject, payload, normalize=normalize)
    except Refused as refusal:
        if refusal.status != INVALID:
            raise
        return None


def _would_register(one: Standing) -> bool:
    """Whether the registry can say now what it will say then: a mode that is not transitive asks of the latest only."""
    if one.lineage.candidate is None or one.proposed or not one.held.state.exists:
        return False
    if any(version.version in one.held.foreign for version in one.held.live):
        return False  # the schema's type is refused, whatever it says
    return not one.waits or (one.level is not None and one.level.transitive)


def sent_text(one: Standing, workspace: Workspace) -> str:
    """The candidate as a producer sends it that knows nothing of references: in its file's own words, in one text.

    Some registries take another spelling of the same, such as ``{"type": "long"}`` for ``"long"``, for another schema.
    """
    candidate = one.lineage.candidate
    assert candidate is not None
    document = None if candidate.origins else workspace.documents.get(one.lineage.path)
    return to_json(candidate) if document is None else plain(document.text)


def _is_stored(one: Standing, sent: Payload) -> bool:
    """Whether the registry stores this very text, key order aside: then every registry finds it."""
    text = _decoded(sent.schema)
    versions = [version for version in one.held.live if version.version in one.proposed]
    return any(not v.payload.references and _decoded(v.payload.schema) == text for v in versions)


def _decoded(text: str) -> Json:
    """The value of a JSON text; a value of its own for a text that is none or nests too deep."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return object()


def _lost_as_java(registry: Registry, standings: Iterable[Standing]) -> Iterator[str]:
    """The subjects that a Java class with string properties does not find.

    A registry that ignores the property for one subject ignores it for all, so that one question answers for those
    whose versions do not have it.
    """
    lenient: bool | None = None
    for one in standings:
        assert one.lineage.candidate is not None
        sent = as_java(to_json(one.lineage.candidate))
        if not sent:
            continue
        marked = any(JAVA in version.payload.schema for version in one.held.live)
        hit = None if marked else lenient
        if hit is None:
            hit = looked_up(registry, one.subject, Payload(sent)) is not None
            lenient = lenient if marked else hit
        if not hit:
            yield one.subject


def as_java(text: str) -> str:
    """A schema's text as Java's generated classes hold it: each string and each map marked with ``avro.java.string``.

    Empty where there is nothing to mark, or where the text nests too deep to be decoded.
    Source: ``SpecificCompiler.addStringType``, which leaves strings with a logical type alone.
    """
    plain = _decoded(text)
    if not isinstance(plain, str | list | dict):
        return ""
    whole: dict[str, Json] = {"type": plain}
    marked = False
    stack: list[tuple[Json, str | int]] = [(whole, "type")]
    while stack:
        holder, key = stack.pop()
        value = holder[key]
        if value == "string":
            holder[key] = {"type": "string", JAVA: "String"}
            marked = True
        elif isinstance(value, list):
            stack.extend((value, place) for place in range(len(value)))
        elif isinstance(value, dict):
            marked |= _mark(value)
            stack.extend((value, inner) for inner in ("items", "values") if inner in value)
            if isinstance(value.get("type"), list | dict):
                stack.append((value, "type"))
            stack.extend((field, "type") for field in value.get("fields", ()))
    return json.dumps(whole["type"], separators=(",", ":")) if marked else ""


def _mark(value: dict[str, Json]) -> bool:
    kind = value.get("type")
    if JAVA in value or not (kind == "map" or (kind == "string" and "logicalType" not in value)):
        return False
    value[JAVA] = "String"
    return True
