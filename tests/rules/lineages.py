"""How the tests judge an old and a new text: by the engine, as `check` does."""

from __future__ import annotations

import json
from collections.abc import Sequence

from schemagate.avsc.read import read
from schemagate.compat.modes import Mode
from schemagate.engine.cause import Cause
from schemagate.engine.changes import ChangeRules
from schemagate.engine.judge import Judge, Judged, likely
from schemagate.engine.lineage import Lineage, Version
from schemagate.finding import Severity, VersionId
from schemagate.rules.catalog import BY_ID, change_rules
from schemagate.schema.model import Factory, Schema
from schemagate.schema.names import schema_of

Text = str | dict | list


def schemas(*texts: Text) -> list[Schema]:
    """The schemas of texts or JSON values, made by one factory."""
    factory = Factory()
    return [schema_of(read(_text(text).encode(), "x.avsc").value, factory, "x.avsc") for text in texts]


def _text(text: Text) -> str:
    return text if isinstance(text, str) else json.dumps(text)


def changes(old: Text, new: Text) -> list[Cause]:
    """What the change rules alone say, with the renames that are likely."""
    before, after = schemas(old, new)
    return list(ChangeRules(change_rules(), likely(before, after)).causes(before, after))


def judged(*texts: Text, mode: Mode = Mode.FULL_TRANSITIVE) -> list[Judged]:
    """The last text as the candidate after the others, which are published as v1, v2, …"""
    *published, candidate = schemas(*texts)
    versions = tuple(Version(VersionId(f"v{number}"), schema) for number, schema in enumerate(published, 1))
    return Judge(change_rules()).judge(Lineage("s", "x.avsc", mode, candidate, versions, versions[-1]))


def grade(cause: Cause) -> Severity:
    """How much a cause weighs where nobody says otherwise."""
    return BY_ID[cause.rule].severity if cause.severity is None else cause.severity


def told(*texts: Text, mode: Mode = Mode.FULL_TRANSITIVE) -> list[tuple[str, str, str]]:
    """Rule, path and grade of what is judged, the inherited left out."""
    return [
        (one.cause.rule, one.cause.path, grade(one.cause).label)
        for one in judged(*texts, mode=mode)
        if not one.inherited
    ]


def reasons(rule: str, *texts: Text, mode: Mode = Mode.FULL_TRANSITIVE) -> list[tuple[str, str, str]]:
    """What one rule says against each version: its name, the direction and the reason."""
    return [
        (against.version.name, against.direction.value, against.reason)
        for one in judged(*texts, mode=mode)
        if one.cause.rule == rule and not one.inherited
        for against in one.against
    ]


def record(*fields: dict, **members: object) -> dict:
    """A record ``com.example.R``."""
    return {"type": "record", "name": "R", "namespace": "com.example", "fields": list(fields), **members}


def field(type_: object, name: str = "f", **members: object) -> dict:
    return {"name": name, "type": type_, **members}


def logical(base: str, type_: str, /, **members: object) -> dict:
    return {"type": base, "logicalType": type_, **members}


def decimal(precision: int, scale: int = 0) -> dict:
    return logical("bytes", "decimal", precision=precision, scale=scale)


def enum(*symbols: str, **members: object) -> dict:
    return {"type": "enum", "name": "E", "namespace": "com.example", "symbols": list(symbols), **members}


def sides(old: object, new: object, **members: object) -> tuple[dict, dict]:
    """Two records whose field `f` has one type and then the other."""
    return record(field(old, **members)), record(field(new, **members))


def unique(rows: Sequence[tuple[str, str, str]]) -> list[str]:
    """The rules named in what :func:`told` returns."""
    return sorted({rule for rule, _, _ in rows})
