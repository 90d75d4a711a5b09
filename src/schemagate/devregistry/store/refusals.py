"""Every no of the protocol with its code and its text, as Confluent Schema Registry 8.3 says them."""

from __future__ import annotations

from typing import Final

from schemagate.devregistry.store.values import Refusal

INVALID_SCHEMA: Final = 42201
BAD_LEVEL: Final = (
    "Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, "
    "forward_transitive, and full_transitive"
)
BAD_MODE: Final = "Invalid mode. Valid values are READWRITE, READONLY, IMPORT and FORWARD."


def no_subject(subject: str) -> Refusal:
    return Refusal(404, 40401, f"Subject '{subject}' not found.")


def no_version(version: int) -> Refusal:
    return Refusal(404, 40402, f"Version {version} not found.")


def no_schema(which: str = "") -> Refusal:
    return Refusal(404, 40403, f"Schema {which} not found" if which else "Schema not found")


def subject_deleted(subject: str) -> Refusal:
    return Refusal(404, 40404, f"Subject '{subject}' was soft deleted.Set permanent=true to delete permanently")


def subject_not_deleted(subject: str) -> Refusal:
    return Refusal(404, 40405, f"Subject '{subject}' was not deleted first before being permanently deleted")


def version_deleted(subject: str, version: int) -> Refusal:
    text = f"Subject '{subject}' Version {version} was soft deleted.Set permanent=true to delete permanently"
    return Refusal(404, 40406, text)


def version_not_deleted(subject: str, version: int) -> Refusal:
    text = f"Subject '{subject}' Version {version} was not deleted first before being permanently deleted"
    return Refusal(404, 40407, text)


def no_level(subject: str) -> Refusal:
    return Refusal(404, 40408, f"Subject '{subject}' does not have subject-level compatibility configured")


def no_mode(subject: str) -> Refusal:
    return Refusal(404, 40409, f"Subject '{subject}' does not have subject-level mode configured")


def incompatible(subject: str, messages: list[str]) -> Refusal:
    details = ", ".join(messages)
    text = f'Schema being registered is incompatible with an earlier schema for subject "{subject}", details: '
    return Refusal(409, 40901, f"{text}[{details}]")


def invalid_schema(why: str) -> Refusal:
    return Refusal(422, INVALID_SCHEMA, why)


def invalid_version(version: str) -> Refusal:
    allowed = 'Allowed values are between [1, 2^31-1] and the string "latest"'
    return Refusal(422, 42202, f"The specified version '{version}' is not a valid version id. {allowed}")


def invalid_level() -> Refusal:
    return Refusal(422, 42203, BAD_LEVEL)


def invalid_mode() -> Refusal:
    return Refusal(422, 42204, BAD_MODE)


def not_permitted(why: str) -> Refusal:
    return Refusal(422, 42205, why)


def referenced(subject: str, version: int) -> Refusal:
    key = f"{{magic=1,keytype=SCHEMA,subject={subject},version={version}}}"
    return Refusal(422, 42206, f"One or more references exist to the schema {key}.")


def invalid_subject(subject: str) -> Refusal:
    return Refusal(422, 42208, f"The specified subject '{subject}' is not a valid.")


def invalid_rules(why: str) -> Refusal:
    return Refusal(422, 42210, why)


def bad_request(why: str) -> Refusal:
    return Refusal(400, 400, why)


def plain(status: int, reason: str) -> Refusal:
    """A refusal without a code of its own: the status is the code."""
    return Refusal(status, status, f"HTTP {status} {reason}")


def not_found() -> Refusal:
    return plain(404, "Not Found")
