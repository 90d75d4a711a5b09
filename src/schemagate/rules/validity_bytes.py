"""What can be wrong with a file before its text is read: its kind, its size, its encoding."""

from __future__ import annotations

from schemagate.finding import Severity
from schemagate.rules.kit import Rule, told

EMPTY_DOCUMENT = told(
    "empty-document",
    "validity",
    Severity.ERROR,
    "expected {expected}, found {found}",
    """
    Nothing can be checked, generated or registered from the file: it is empty, or holds only white space or comments.

    Java refuses it with "Cannot parse <null> schema".

    Restore its content, or delete the file.

    ```avsc fires
    // nothing yet
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "fields": []}
    ```
    """,
)

WRONG_ENCODING = told(
    "wrong-encoding",
    "validity",
    Severity.ERROR,
    "the file is not UTF-8: expected {expected}, found {found}",
    """
    Whoever reads the file as UTF-8, as JSON prescribes, gets an error or other characters than you wrote.

    Bytes that are no UTF-8 are refused by every parser. UTF-16 and UTF-32 are recognised by Java when it reads a file,
    but not by fastavro, by registries' tools or by `git diff`.

    Save the file as UTF-8 without a byte order mark: `iconv -f UTF-16 -t UTF-8 old.avsc > new.avsc`.
    """,
)

BYTE_ORDER_MARK = told(
    "byte-order-mark",
    "validity",
    Severity.WARNING,
    "the file begins with a byte order mark",
    """
    Parsers that are handed the text stop at its first, invisible character.

    Java skips the mark when it reads the file itself, and refuses it in a string; Python's JSON parser, and so
    fastavro, refuses it. Some Windows editors write it.

    Save the file as "UTF-8" and not as "UTF-8 with BOM".
    """,
)

FILE_TOO_LARGE = told(
    "file-too-large",
    "validity",
    Severity.ERROR,
    "the file has {size} bytes and is not read; at most {limit} are",
    """
    The file is not checked: a file of this size is hardly a schema, and no registry would take it.

    A registry keeps a schema in one Kafka message, a megabyte by default. Data, or a schema with all its types
    expanded again and again, is what such files hold.

    Take data files out of the configured `paths`. Split a schema of this size into files that use each other's types.
    """,
)

NOT_AN_AVSC = told(
    "not-an-avsc",
    "validity",
    Severity.ERROR,
    "this is {kind}, not a schema: {advice}",
    """
    The file cannot be judged or registered as it is: it holds a protocol, not one schema.

    `.avdl` is Avro IDL, a language of its own, and `.avpr` a protocol with several types and messages. Neither is what
    a registry stores.

    Generate the schemas and check those in: `java -jar avro-tools.jar idl2schemata events.avdl schemas/`. Or take the
    file out of the configured `paths`.

    ```avsc fires file=events.avdl
    protocol Events { record UserCreated { string user_id; } }
    ```

    ```avsc fires file=events.avpr
    {"protocol": "Events", "types": [{"type": "record", "name": "UserCreated", "fields": []}], "messages": {}}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "fields": []}
    ```
    """,
)

LFS_POINTER = told(
    "lfs-pointer",
    "validity",
    Severity.ERROR,
    "the file is a git LFS pointer, not the schema",
    """
    The schema itself is not here, so nothing about it can be decided.

    The file is kept in git LFS, and what was checked out or lies in git's history is three lines that point to it.

    Run `git lfs pull` before the check. Better, take `*.avsc` out of `.gitattributes`: schemas are small text, and
    only what git holds can be compared over its history.

    ```avsc fires
    version https://git-lfs.github.com/spec/v1
    oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
    size 12345
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "fields": []}
    ```
    """,
)

UNREADABLE_FILE = told(
    "unreadable-file",
    "validity",
    Severity.ERROR,
    "the file cannot be read: {reason}",
    """
    The schema is not checked: its file is there, and its content is not.

    It may be a link that leads out of the repository or nowhere, a file that the user may not read, or one that is too
    large for a schema.

    Put the file itself in its place, or take it out of the configured `paths`.
    """,
)

RULES: tuple[Rule, ...] = (
    EMPTY_DOCUMENT,
    WRONG_ENCODING,
    BYTE_ORDER_MARK,
    FILE_TOO_LARGE,
    NOT_AN_AVSC,
    LFS_POINTER,
    UNREADABLE_FILE,
)
