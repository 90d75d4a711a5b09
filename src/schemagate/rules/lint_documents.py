"""Rules on documents as files: name, documentation, comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from schemagate.finding import Severity
from schemagate.rules.kit import FileVisit, Found, Rule, Visit, found, lint
from schemagate.schema.model import Enum, Field, Fixed, Record, short_name

_VERSION: Final = re.compile(r"[._-]?v[0-9]+$", re.IGNORECASE)
_NO_LETTERS: Final = re.compile(r"[\W_]+")
_SEPARATOR: Final = re.compile(r"[._-]+")
_ROLE: Final = re.compile(r"[._-](key|value)$", re.IGNORECASE)


@lint(
    "file-name-mismatch",
    on=FileVisit,
    severity=Severity.NOTICE,
    message="file `{file}` defines `{name}`",
)
def file_name_mismatch(visit: FileVisit) -> Iterator[Found]:
    """A file that is named after something else than its type is not found by those who look for the type.

    Compared are letters and digits only: `user_created_v1.avsc`, `UserCreated.avsc`, `user-created-value.avsc` and
    `com.example.UserCreated.avsc` all fit a record `UserCreated`, and so do names with a domain or a topic in front,
    as `accounts_user_created.avsc`. A file whose top level is a union, an array or a primitive has no name to compare.

    Rename the file (its history follows it); renaming a published type is a break.

    ```avsc fires file=order.avsc
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": []}
    ```

    ```avsc passes file=events/user_created_v1.avsc
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": []}
    ```

    ```avsc passes file=com.example.UserCreated.avsc
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": []}
    ```
    """
    root = visit.schema.root
    if not isinstance(root, Record | Enum | Fixed):
        return
    file = visit.name.rpartition("/")[2]
    stem = file.rpartition(".")[0] or file
    names = {_letters(name) for name in (root.name, short_name(root.name), _VERSION.sub("", short_name(root.name)))}
    if _letters(_VERSION.sub("", stem)) in names:
        return
    stems = set(_spellings(stem))
    if any(stems) and not stems & names:
        yield found("name", file=file, name=short_name(root.name))


def _spellings(stem: str) -> Iterator[str]:
    """Every way to read a file's stem: with and without version and role, from any word on, each dotted part."""
    unversioned = _VERSION.sub("", stem)
    for text in (stem, unversioned, _ROLE.sub("", stem), _ROLE.sub("", unversioned)):
        for part in text.split("."):
            yield _letters(part)
        words = _SEPARATOR.split(text)
        for start in range(len(words)):
            yield _letters("".join(words[start:]))


def _letters(name: str) -> str:
    return _NO_LETTERS.sub("", name).casefold()


@lint(
    "missing-doc",
    on=(Record, Enum, Fixed, Field),
    severity=Severity.OFF,
    message="{what} `{name}` has no doc",
)
def missing_doc(visit: Visit[Record | Enum | Fixed | Field]) -> Iterator[Found]:
    """Without a `doc`, those who read the data in a year have only the name to go by.

    The schema travels with the data: registries, catalogues and generated code show its `doc` where nobody sees the
    repository's wiki. The rule is off by default; switch it on where the schemas are a contract between teams.

    Say what the value means, its unit, and when it is null.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "doc": "A user signed up.", "fields": [
      {"name": "user_id", "type": "string"}
    ]}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "doc": "A user signed up.", "fields": [
      {"name": "user_id", "type": "string", "doc": "The id that the account service gave the user."}
    ]}
    ```
    """
    node = visit.node
    if isinstance(node.doc, str) and node.doc.strip():
        return
    yield found("name", what="field" if isinstance(node, Field) else node.kind, name=short_name(node.name))


@lint(
    "comments-not-portable",
    on=FileVisit,
    severity=Severity.OFF,
    message="comments ({count}) are not JSON; only Java's parsers accept them",
)
def comments_not_portable(visit: FileVisit) -> Iterator[Found]:
    """A schema file with comments cannot be read by most parsers other than Java's.

    Avro's Java library accepts `//` and `/* */`; fastavro, Python's avro, avsc for JavaScript and every strict JSON
    parser stop at the first one. schemagate reads comments and registers JSON without them, so the rule is off by
    default; switch it on where other tools read the same files.

    Move the explanation into `doc`.

    ```avsc fires
    // Emitted once a user has confirmed the address.
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": []}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "namespace": "com.example",
     "doc": "Emitted once a user has confirmed the address.", "fields": []}
    ```
    """
    if visit.comments:
        first = visit.comments[0]
        yield found(span=(first.start, first.end), count=len(visit.comments))


RULES: tuple[Rule, ...] = (file_name_mismatch, missing_doc, comments_not_portable)
