"""Answers of a registry, which nobody vouches for: JSON → values, or what is odd about it; nothing here raises."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TypeGuard

import msgspec

from schemagate.finding import Json
from schemagate.wire.values import AVRO, Payload, Reference, Registered, SubjectConfig, Verdict

MAX_NUMBER: Final = 2**31 - 1
"""The largest id and version; both are Java integers."""
MAX_ITEMS: Final = 1_000_000
MAX_MESSAGES: Final = 1_000
MAX_MESSAGE: Final = 2_000
"""Characters of one message of the registry's; the rest is cut off."""
CUT: Final = " …"

_VERSION: Final = re.compile(r"oldSchemaVersion: ?(\d{1,10})")
# What follows the reasons: the version that they are about, its text, and the mode, all of which are known.
_ASIDE: Final = re.compile(r"\{(?:oldSchemaVersion|oldSchema|validateFields|compatibility):")
_REASON: Final = re.compile(r"\{errorType:'([A-Z_]{1,99})', description:'(.*)', additionalInfo:'(.*)'\}")
_TITLE: Final = re.compile(r"<title[^>]{0,200}>([^<]{0,200})", re.IGNORECASE)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


class Odd(msgspec.Struct, frozen=True):
    """An answer that the protocol does not know; ``reason`` says what was expected and what was found."""

    reason: str


class Complaint(msgspec.Struct, frozen=True):
    """What an answer with an error status says: the registry's own code, 0 without one, and its words, clipped."""

    code: int = 0
    message: str = ""
    kind: str = "empty"
    """What the body is: ``object``, ``list``, ``text`` (a bare JSON string), ``html``, ``other`` or ``empty``."""


def document(body: bytes) -> Json | Odd:
    """The JSON value of a body."""
    if not body.strip():
        return Odd("JSON was expected, found an empty body")
    try:
        return msgspec.json.decode(body)
    except (ValueError, RecursionError):  # msgspec's DecodeError and broken UTF-8 are ValueErrors
        return Odd(f"JSON was expected, found {_looks_like(body)}")


def complaint(body: bytes) -> Complaint:
    """Reads an error's body: ``{"error_code", "message"}``, where either may be missing or of another type."""
    value = document(body)
    if isinstance(value, Odd):
        kind = _kind(body)
        return Complaint(0, _html_title(body) if kind == "html" else "", kind)
    if isinstance(value, dict):
        code = value.get("error_code")
        words = value.get("message", value.get("title", value.get("error", value.get("detail", ""))))
        return Complaint(code if _is_number(code) else 0, _words(words), "object")
    if isinstance(value, str):
        return Complaint(0, clipped(value), "text")
    return Complaint(0, _words(value), "list" if isinstance(value, list) else "other")


def names(value: Json) -> tuple[str, ...] | Odd:
    """A list of subjects, as given. Null is an empty one: so AxonOps answers where there are none."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        return _odd("a list of names", value)
    found = tuple(item for item in value if isinstance(item, str) and item)
    return found if len(found) == len(value) else Odd("a list of names was expected, found something else in it")


def versions(value: Json) -> tuple[int, ...] | Odd:
    """A list of version numbers, ascending, each once."""
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        return _odd("a list of version numbers", value)
    if not all(_is_positive(item) for item in value):
        return Odd("a list of version numbers was expected, found something else in it")
    return tuple(sorted(set(value)))


def registered(value: Json, *, deleted: bool = False) -> Registered | Odd:
    """A schema object with subject, version and id; ``deleted`` holds where the object itself does not say."""
    content = payload(value)
    if isinstance(content, Odd):
        return content
    subject, version, schema_id = value.get("subject"), value.get("version"), value.get("id")
    if not isinstance(subject, str) or not subject:
        return Odd("a schema with its `subject` was expected, found one without")
    if not _is_positive(version):
        return Odd("a schema with its `version` was expected, found one without")
    if not _is_number(schema_id) or not 0 <= schema_id <= MAX_NUMBER:
        return Odd("a schema with its `id` was expected, found one without")
    guid, gone = value.get("guid"), value.get("deleted")
    return Registered(
        subject,
        version,
        schema_id,
        content,
        guid if isinstance(guid, str) else "",
        gone if isinstance(gone, bool) else deleted,
    )


def says_deleted(value: Json) -> bool:
    """Whether a schema object tells by itself if it is softly deleted."""
    return isinstance(value, dict) and isinstance(value.get("deleted"), bool)


def payload(value: Json) -> Payload | Odd:
    """A schema object's content: text, type (AVRO where none is given), references, metadata and rules."""
    if not isinstance(value, dict) or not isinstance(value.get("schema"), str):
        return _odd("an object with the text `schema`", value)
    references = _references(value.get("references"))
    if isinstance(references, Odd):
        return references
    kind = value.get("schemaType")
    return Payload(
        value["schema"],
        references,
        kind if isinstance(kind, str) and kind else AVRO,
        _mapping(value.get("metadata")),
        _mapping(value.get("ruleSet")),
    )


def identifier(value: Json) -> int | Odd:
    """The id that registering answers with."""
    if not isinstance(value, dict) or not _is_number(value.get("id")) or not 0 <= value["id"] <= MAX_NUMBER:
        return _odd("an object with the number `id`", value)
    found: int = value["id"]
    return found


def verdict(value: Json) -> Verdict | Odd:
    """The answer of the compatibility endpoints."""
    if not isinstance(value, dict) or not isinstance(value.get("is_compatible"), bool):
        return _odd("an object with `is_compatible`", value)
    said = value.get("messages")
    words = tuple(_words(item) for item in said[:MAX_MESSAGES]) if isinstance(said, list) else ()
    found = (int(match[1]) for message in words for match in _VERSION.finditer(message))
    messages = tuple(_reason(message) for message in words if message and not _ASIDE.match(message))
    return Verdict(value["is_compatible"], messages, tuple(sorted(set(found))))


def _reason(message: str) -> str:
    """One of Confluent's reasons as a sentence; any other message as it is."""
    found = _REASON.fullmatch(message)
    return f"{found[2]} ({found[1]}: {found[3]})" if found else message


def config(value: Json) -> SubjectConfig | Odd:
    """A configuration as it is set at one place; ``level`` is empty where that place sets none."""
    if not isinstance(value, dict):
        return _odd("an object with `compatibilityLevel`", value)
    level = value.get("compatibilityLevel", value.get("compatibility"))
    if level is not None and not isinstance(level, str):
        return Odd("the text `compatibilityLevel` was expected, found something else")
    group, alias = value.get("compatibilityGroup"), value.get("alias")
    return SubjectConfig(
        level=clipped(level or "").upper(),
        normalize=value.get("normalize") is True,
        compatibility_group=group if isinstance(group, str) else "",
        alias=alias if isinstance(alias, str) else "",
    )


def mode(value: Json) -> str | Odd:
    """A mode, in upper case."""
    if not isinstance(value, dict) or not isinstance(value.get("mode"), str) or not value["mode"]:
        return _odd("an object with the text `mode`", value)
    return clipped(value["mode"]).upper()


def clipped(text: str) -> str:
    """One line of at most :data:`MAX_MESSAGE` characters, without control characters."""
    short = _CONTROL.sub(" ", text[: MAX_MESSAGE + 1]).strip()
    return short if len(text) <= MAX_MESSAGE else short[: MAX_MESSAGE - len(CUT)] + CUT


def _references(value: Json) -> tuple[Reference, ...] | Odd:
    if value is None:
        return ()
    if not isinstance(value, list):
        return Odd("a list of `references` was expected, found something else")
    found = tuple(_reference(item) for item in value)
    whole = tuple(reference for reference in found if reference is not None)
    return whole if len(whole) == len(found) else Odd("references with name, subject and version were expected")


def _reference(value: Json) -> Reference | None:
    if not isinstance(value, dict):
        return None
    name, subject, version = value.get("name"), value.get("subject"), value.get("version")
    if isinstance(name, str) and isinstance(subject, str) and subject and _is_number(version):
        return Reference(name, subject, version)
    return None


def _mapping(value: Json) -> Mapping[str, Json] | None:
    return value if isinstance(value, dict) and value else None


def _is_number(value: Json) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_positive(value: Json) -> TypeGuard[int]:
    return _is_number(value) and 0 < value <= MAX_NUMBER


def _words(value: Json) -> str:
    """A message in one line: servers send a text, a list of objects, or an object."""
    if isinstance(value, str):
        return clipped(value)
    if value is None:
        return ""
    try:
        return clipped(msgspec.json.encode(value).decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return ""


def _odd(expected: str, value: Json) -> Odd:
    if isinstance(value, dict):
        found = "an object without it" if " with " in expected else "an object"
    elif isinstance(value, list):
        found = "a list that is too long" if len(value) > MAX_ITEMS else "a list"
    elif isinstance(value, str):
        found = "a text"
    elif value is None:
        found = "null"
    else:
        found = "true or false" if isinstance(value, bool) else "a number"
    return Odd(f"{expected} was expected, found {found}")


def _kind(body: bytes) -> str:
    start = body[:512].lstrip().lower()
    if not start:
        return "empty"
    return "html" if start.startswith((b"<!doctype", b"<html", b"<head", b"<body")) else "other"


def _looks_like(body: bytes) -> str:
    if _kind(body) == "html":
        title = _html_title(body)
        return f'an HTML page ("{title}")' if title else "an HTML page"
    return f"{len(body)} bytes that are none"


def _html_title(body: bytes) -> str:
    found = _TITLE.search(body[:8192].decode("utf-8", "replace"))
    return clipped(found[1]) if found else ""
