"""How versions look in answers."""

from __future__ import annotations

from collections.abc import Mapping

from schemagate.devregistry.store.values import Stored
from schemagate.finding import Json
from schemagate.wire.values import Reference


def full(version: Stored) -> dict[str, Json]:
    """A version with everything: as the list of versions and one version are answered."""
    return {"subject": version.subject, "version": version.version, "id": version.id, **_rest(version)}


def by_id(version: Stored) -> dict[str, Json]:
    """The same for who asked with the id."""
    return {"subject": version.subject, "version": version.version, **_rest(version)}


def by_guid(version: Stored) -> dict[str, Json]:
    return _rest(version)


def registered(version: Stored, *, times: bool) -> dict[str, Json]:
    """The answer to a registration; with ``times`` when a version that was there already was found."""
    rest = _rest(version)
    if not times:
        del rest["ts"], rest["deleted"]
    return {"id": version.id, "version": version.version, **rest}


def matched(version: Stored, *, times: bool) -> dict[str, Json]:
    """The answer to a lookup; what was found by its very text has no times."""
    shown = full(version)
    if not times:
        del shown["ts"], shown["deleted"]
    return shown


def _rest(version: Stored) -> dict[str, Json]:
    return {
        "guid": version.guid,
        "schemaType": version.schema_type,
        **_extras(version.references, version.metadata, version.rule_set),
        "schema": version.text,
        "ts": version.ts,
        "deleted": version.deleted,
    }


def _extras(
    references: tuple[Reference, ...], metadata: Mapping[str, Json] | None, rule_set: Mapping[str, Json] | None
) -> dict[str, Json]:
    found: dict[str, Json] = {}
    if references:
        found["references"] = [{"name": r.name, "subject": r.subject, "version": r.version} for r in references]
    if metadata is not None:
        found["metadata"] = dict(metadata)
    if rule_set is not None:
        found["ruleSet"] = dict(rule_set)
    return found
