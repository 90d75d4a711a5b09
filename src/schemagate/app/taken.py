"""Which version a registry takes a schema for that says more than it keeps: some leave out docs and the like."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from schemagate.app.answers import AT_ONCE, looked_up, sent_text
from schemagate.app.combine import Standing
from schemagate.config import version_of
from schemagate.plan.kept import MEANING, left_out
from schemagate.schema.canonical import content_key, parsing_canonical_form, to_json
from schemagate.schema.model import Record, Schema
from schemagate.wire.values import Payload, Registered
from schemagate.workspace import Workspace

if TYPE_CHECKING:
    from schemagate.adapters.registry.client import Registry


class _Asked(msgspec.Struct, frozen=True):
    """A payload that the registry does not hold, and may take for a version that it does."""

    standing: Standing
    schema: Schema
    payload: Payload


def taken(registry: Registry, standings: Sequence[Standing], workspace: Workspace) -> list[Standing]:
    """The standings, completed by what the registry itself calls registered: most keep every doc, some do not.

    Asked is only about schemas that have the same Parsing Canonical Form as a registered version. Raises RegistryError.
    """
    asked = [one for standing in standings for one in _questions(standing, workspace)]
    if not asked:
        return list(standings)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda one: looked_up(registry, one.standing.subject, one.payload), asked))
    made = {id(standing): standing for standing in standings}
    for one, found in zip(asked, answers, strict=True):
        key = id(one.standing)
        made[key] = _completed(made[key], one, found)
    return [made[id(standing)] for standing in standings]


def _questions(standing: Standing, workspace: Workspace) -> list[_Asked]:
    """About the candidate and git's newest version, where no version says what they say."""
    lineage = standing.lineage
    open_: list[tuple[Schema, str]] = []
    if lineage.candidate is not None and not standing.proposed:
        open_.append((lineage.candidate, sent_text(standing, workspace)))
    if standing.published == () and lineage.newest is not None:
        known = [content_key(schema) for schema, _ in open_]
        if content_key(lineage.newest.schema) not in known:
            open_.append((lineage.newest.schema, ""))
    found = []
    for schema, text in open_:
        like = _akin(standing, schema)
        if like is not None:
            found.append(_Asked(standing, schema, _payload(standing, schema, text, like)))
    return found


def _akin(standing: Standing, schema: Schema) -> Registered | None:
    """The newest version that writes the same bytes."""
    if schema.undefined:
        return None
    outline, form = _outline(schema), parsing_canonical_form(schema)
    for version in reversed(standing.held.live):
        held = standing.held.schemas.get(version.version)
        if held is None or held.undefined or _outline(held) != outline:
            continue
        if parsing_canonical_form(held) == form:
            return version
    return None


def _outline(schema: Schema) -> object:
    """Equal where the canonical form may be: quicker than that."""
    root = schema.root
    return (root.name, tuple(field.name for field in root.fields)) if isinstance(root, Record) else root.kind


def _payload(standing: Standing, schema: Schema, text: str, like: Registered) -> Payload:
    """The schema as it would be registered: with the references of the version that it is compared with."""
    references = like.payload.references
    if not references:
        return Payload(text or to_json(schema))
    return Payload(to_json(schema, leave=standing.held.schemas[like.version].origins.keys()), references)


def _completed(standing: Standing, asked: _Asked, found: Registered | None) -> Standing:
    candidate, newest = standing.lineage.candidate, standing.lineage.newest
    mine = candidate is not None and content_key(asked.schema) == content_key(candidate)
    standing = replace(standing, akin=True) if mine else standing
    held = next((v for v in standing.held.live if found is not None and v.version == found.version), None)
    if held is None:
        return standing
    missing = left_out(asked.payload.schema, held.payload.schema)
    if MEANING & set(missing):
        return standing
    there = (held.version,)
    if newest is not None and standing.published == () and content_key(newest.schema) == content_key(asked.schema):
        standing = replace(standing, published=there)
    if not mine:
        return standing
    settled = standing.settled or version_of(standing.lineage.path)[1] is not None
    return replace(standing, proposed=there, left_out=missing, settled=settled)
