"""A request's body as a value: the schema to register, look up or judge, and what goes with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from schemagate.devregistry.store import refusals
from schemagate.devregistry.store.values import Refusal, Stored
from schemagate.finding import Json
from schemagate.wire.values import AVRO, Reference

VERSION_PROPERTY: Final = "confluent:version"
RULE_LISTS: Final = ("migrationRules", "domainRules", "encodingRules")
MIGRATION_MODES: Final = frozenset({"UPGRADE", "DOWNGRADE", "UPDOWN"})
DOMAIN_MODES: Final = frozenset({"WRITE", "READ", "WRITEREAD"})
RULE_KINDS: Final = frozenset({"TRANSFORM", "CONDITION"})


class Wanted(msgspec.Struct, frozen=True):
    """What a body asks for. ``version`` 0 and ``id`` -1 mean none; version -1 is the next one."""

    text: str = ""
    schema_type: str = AVRO
    references: tuple[Reference, ...] = ()
    metadata: Mapping[str, Json] | None = None
    rule_set: Mapping[str, Json] | None = None
    version: int = 0
    id: int = -1

    @property
    def guid(self) -> str:
        return guid(self.text, self.references, self.metadata, self.rule_set)


def wanted(body: Json) -> Wanted:
    """The body of a registration, a lookup or a check; a Refusal (400) for members of a wrong type."""
    if not isinstance(body, dict):
        kind = {list: "Array", str: "String", bool: "Boolean"}.get(type(body), "Number")
        token = {"Array": "START_ARRAY", "String": "VALUE_STRING"}.get(kind, "VALUE")
        raise refusals.bad_request(
            f"Cannot deserialize value of type `RegisterSchemaRequest` from {kind} value (token `JsonToken.{token}`)"
        )
    rule_set = _object(body, "ruleSet")
    return Wanted(
        _text(body, "schema"),
        _text(body, "schemaType") or AVRO,
        tuple(_reference(each) for each in _list(body, "references")),
        _metadata(_object(body, "metadata")),
        None if rule_set is None else _rules(rule_set),
        _integer(body, "version", 0),
        _integer(body, "id", -1),
    )


def _wrong(key: str, expected: str) -> Refusal:
    return refusals.bad_request(f"Cannot deserialize `{key}`: expected {expected}")


def _text(holder: Mapping[str, Json], key: str) -> str:
    value = holder.get(key)
    if value is not None and not isinstance(value, str):
        raise _wrong(key, "a string")
    return value or ""


def _integer(holder: Mapping[str, Json], key: str, fallback: int) -> int:
    value = holder.get(key)
    if value is None:
        return fallback
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**31:
        raise _wrong(key, "an integer")
    return value


def _list(holder: Mapping[str, Json], key: str) -> list[Json]:
    value = holder.get(key)
    if value is not None and not isinstance(value, list):
        raise _wrong(key, "a list")
    return value or []


def _object(holder: Mapping[str, Json], key: str) -> dict[str, Json] | None:
    value = holder.get(key)
    if value is not None and not isinstance(value, dict):
        raise _wrong(key, "an object")
    return value


def _words(holder: Mapping[str, Json], key: str) -> list[str]:
    """A list of strings, in order and each once."""
    found = _list(holder, key)
    if not all(isinstance(word, str) for word in found):
        raise _wrong(key, "a list of strings")
    return sorted(set(found))


def _reference(value: Json) -> Reference:
    """A reference as sent; what is missing is an empty text or version 0, which resolving it refuses."""
    if not isinstance(value, dict):
        raise _wrong("references", "a list of objects")
    return Reference(_text(value, "name"), _text(value, "subject"), _integer(value, "version", 0))


def _metadata(value: dict[str, Json] | None) -> dict[str, Json] | None:
    """Tags, properties and sensitive names in order, which the guid depends on; empty ones left out."""
    if value is None:
        return None
    tags = {path: _words(each, path) for each in [_object(value, "tags") or {}] for path in sorted(each)}
    properties = {key: _text({key: text}, key) for key, text in sorted((_object(value, "properties") or {}).items())}
    sensitive = _words(value, "sensitive")
    found = {"tags": tags, "properties": properties, "sensitive": sensitive}
    return {key: part for key, part in found.items() if part}


def _rules(value: dict[str, Json]) -> dict[str, Json]:
    for key in RULE_LISTS:
        modes = MIGRATION_MODES if key == "migrationRules" else DOMAIN_MODES
        names: set[str] = set()
        for rule in _list(value, key):
            if not isinstance(rule, dict):
                raise _wrong(key, "a list of objects")
            _check_rule(rule, modes)
            if rule["name"] in names:
                raise refusals.invalid_rules(f"Found rule with duplicate name '{rule['name']}'")
            names.add(rule["name"])
    _text(value, "enableAt")
    return {key: value[key] for key in (*RULE_LISTS, "enableAt") if value.get(key)}


def _check_rule(rule: dict[str, Json], modes: frozenset[str]) -> None:
    name = _text(rule, "name")
    _words(rule, "tags")
    params = _object(rule, "params") or {}
    for key in params:
        _text(params, key)
    for key in ("doc", "expr", "onSuccess", "onFailure"):
        _text(rule, key)
    if not name:
        raise refusals.invalid_rules("Missing rule name")
    if not _text(rule, "type"):
        raise refusals.invalid_rules(f"Missing rule type in rule '{name}'")
    if _text(rule, "mode") not in modes:
        raise refusals.invalid_rules(f"Rule '{name}' can only have the mode {', '.join(sorted(modes))}")
    if _text(rule, "kind") not in RULE_KINDS:
        raise refusals.invalid_rules(f"Rule '{name}' can only have the kind {', '.join(sorted(RULE_KINDS))}")


def version_of(metadata: Mapping[str, Json] | None) -> str | None:
    """The version that the metadata carries; None if none."""
    return ((metadata or {}).get("properties") or {}).get(VERSION_PROPERTY)


def with_version(metadata: Mapping[str, Json] | None, version: int | None) -> dict[str, Json]:
    """The metadata with that version, or without any."""
    properties = {k: v for k, v in ((metadata or {}).get("properties") or {}).items() if k != VERSION_PROPERTY}
    if version is not None:
        properties[VERSION_PROPERTY] = str(version)
    rest = {key: part for key, part in (metadata or {}).items() if key != "properties"}
    merged = rest | ({"properties": dict(sorted(properties.items()))} if properties else {})
    return {key: merged[key] for key in ("tags", "properties", "sensitive") if key in merged}


def guid(
    text: str,
    references: tuple[Reference, ...],
    metadata: Mapping[str, Json] | None,
    rule_set: Mapping[str, Json] | None,
) -> str:
    """The MD5 of all that makes a registered schema what it is, written as a UUID."""
    digest = hashlib.md5(usedforsecurity=False)
    for part in _parts(text, references, metadata, rule_set):
        digest.update(part if isinstance(part, bytes) else part.encode("utf-8", "replace"))
    hexed = digest.hexdigest()
    return "-".join((hexed[:8], hexed[8:12], hexed[12:16], hexed[16:20], hexed[20:]))


def _parts(
    text: str,
    references: tuple[Reference, ...],
    metadata: Mapping[str, Json] | None,
    rule_set: Mapping[str, Json] | None,
) -> Iterator[str | bytes]:
    yield text
    for reference in references:
        yield reference.name
        yield reference.subject
        if reference.version:
            yield reference.version.to_bytes(4, "big", signed=True)
    if metadata is not None:
        yield b"\x01"
        for path, tags in metadata.get("tags", {}).items():
            yield from (path, *tags)
        for key, value in metadata.get("properties", {}).items():
            yield from (key, value)
        yield from metadata.get("sensitive", ())
    if rule_set is not None:
        yield b"\x01"
        for key in RULE_LISTS:
            for rule in rule_set.get(key, ()):
                yield from _rule_parts(rule)
        yield str(rule_set.get("enableAt", ""))


def _rule_parts(rule: Mapping[str, Json]) -> Iterator[str | bytes]:
    for key in ("name", "doc", "kind", "mode", "type"):
        yield str(rule.get(key) or "")
    yield from sorted(map(str, rule.get("tags") or ()))
    for key, value in sorted((rule.get("params") or {}).items()):
        yield from (str(key), str(value))
    for key in ("expr", "onSuccess", "onFailure"):
        yield str(rule.get(key) or "")
    if rule.get("disabled"):
        yield b"\x01"


def wanted_of(stored: Stored) -> Wanted:
    """A stored version as if it was sent again."""
    return Wanted(stored.text, stored.schema_type, stored.references, stored.metadata, stored.rule_set)
