"""Requests to a registry: values → the JSON that it reads."""

from __future__ import annotations

import msgspec

from schemagate.finding import Json
from schemagate.wire.values import AVRO, Payload


def payload_body(payload: Payload) -> bytes:
    """The body that registers, looks up or judges a payload. What is empty is left out, as is the type AVRO."""
    body: dict[str, Json] = {"schema": payload.schema}
    if payload.schema_type != AVRO:
        body["schemaType"] = payload.schema_type
    if payload.references:
        body["references"] = [
            {"name": reference.name, "subject": reference.subject, "version": reference.version}
            for reference in payload.references
        ]
    if payload.metadata is not None:
        body["metadata"] = dict(payload.metadata)
    if payload.rule_set is not None:
        body["ruleSet"] = dict(payload.rule_set)
    return msgspec.json.encode(body)


def level_body(level: str) -> bytes:
    """The body that sets a compatibility level and leaves the rest of a subject's configuration as it is."""
    return msgspec.json.encode({"compatibility": level})
