"""What can be wrong with a document as JSON."""

from __future__ import annotations

from schemagate.finding import Severity
from schemagate.rules.kit import Rule, told

SYNTAX_ERROR = told(
    "syntax-error",
    "validity",
    Severity.ERROR,
    "expected {expected}, found {found}",
    """
    No Avro parser can read the file: it is not JSON.

    An `.avsc` is JSON, in which Java's Avro parser also accepts `//` and `/* */` comments. `#` comments, `NaN`,
    missing commas or colons, bare words and raw control characters in strings are refused by it. The marked place is
    where the text stops making sense; the mistake may stand just before it.

    Correct the marked place. If the file is a template, check what it renders to instead.

    ```avsc fires
    {"type": "record" "name": "UserCreated", "fields": []}
    ```

    ```avsc fires
    # a comment of another language
    {"type": "record", "name": "UserCreated", "fields": []}
    ```

    ```avsc passes
    // a comment that Java reads, too
    {"type": "record", "name": "UserCreated", "fields": []}
    ```
    """,
)

TRUNCATED = told(
    "truncated",
    "validity",
    Severity.ERROR,
    "the file ends before the `{opened}` in line {line}, column {column} is closed",
    """
    No Avro parser can read the file: its end is missing.

    A bracket, a brace or a string that was opened is never closed. Either the file was cut off (a copy or a download
    that stopped, a full disk) or a closing bracket was deleted.

    Restore the file, or close what is open, beginning with the innermost, which the message names.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "fields": [
      {"name": "user_id", "type": "string"}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "fields": [
      {"name": "user_id", "type": "string"}
    ]}
    ```
    """,
)

TRAILING_COMMA = told(
    "trailing-comma",
    "validity",
    Severity.ERROR,
    "a comma stands before the closing bracket",
    """
    No Avro parser can read the file: JSON has no comma after the last element.

    Editors and other languages allow it, so it survives review. Java, fastavro and every strict JSON parser refuse it.

    Delete the comma.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "fields": [
      {"name": "user_id", "type": "string"},
    ]}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "fields": [
      {"name": "user_id", "type": "string"}
    ]}
    ```
    """,
)

SINGLE_QUOTES = told(
    "single-quotes",
    "validity",
    Severity.ERROR,
    "expected {expected}, found {found}",
    """
    No Avro parser can read the file: JSON strings stand in double quotes.

    Single quotes come from a printed Python dict or from JavaScript. Java and fastavro refuse them.

    Use double quotes; from Python write the schema with `json.dumps`.

    ```avsc fires
    {'type': 'string'}
    ```

    ```avsc passes
    {"type": "string"}
    ```
    """,
)

DANGLING_CONTENT = told(
    "dangling-content",
    "validity",
    Severity.ERROR,
    "expected {expected}, found {found}",
    """
    Java refuses the file with "dangling content after end of schema".

    A file holds one schema. What follows it is a second one, the rest of a merge, or a comment: Java accepts comments
    inside and before the schema, not after it. Older Java versions ignored what follows, so the second schema of such
    a file may never have been in use.

    Give each schema a file of its own; any file may use a type that another one defines. If several events share a
    topic, write one union: `[{...}, {...}]`. Move a comment up.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "fields": []}
    {"type": "record", "name": "UserDeleted", "fields": []}
    ```

    ```avsc passes
    [{"type": "record", "name": "UserCreated", "fields": []},
     {"type": "record", "name": "UserDeleted", "fields": []}]
    ```
    """,
)

NESTING_TOO_DEEP = told(
    "nesting-too-deep",
    "validity",
    Severity.ERROR,
    "the JSON is nested deeper than the {limit} levels that Java reads",
    """
    Java refuses the file, and fastavro and Python's avro stop with a RecursionError.

    Java's JSON parser allows 1000 nested objects and arrays; Python's libraries give up earlier. A schema of that
    depth comes out of a generator that expands a type where it should name it.

    Define each type once and use it by its name wherever it is needed again.
    """,
)

DUPLICATE_KEY = told(
    "duplicate-key",
    "validity",
    Severity.ERROR,
    "key `{key}` stands twice in one object, first in line {line}",
    """
    One of the two values is silently dropped, and not necessarily the one that you think.

    Java, Python and JavaScript keep the last value, other JSON parsers the first, strict ones refuse the file. Two
    readers of one file may so see two schemas. It is mostly the trace of a merge.

    Keep one of the two.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "name": "UserDeleted", "fields": []}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "fields": []}
    ```
    """,
)

RESERVED_KEY = told(
    "reserved-key",
    "validity",
    Severity.ERROR,
    "key `{key}` is fastavro's own mark, not part of a schema",
    """
    fastavro takes the file for one that it has already checked, and checks nothing.

    `__fastavro_parsed` and `__named_schemas` are what `fastavro.parse_schema` leaves in a schema for itself. In a file
    they come from writing that result out. Java ignores them, and registries keep them in the schema.

    Delete the keys, and write the schema that you gave to `parse_schema`, not what it gave back.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "fields": [], "__fastavro_parsed": true}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "fields": []}
    ```
    """,
)

RULES: tuple[Rule, ...] = (
    SYNTAX_ERROR,
    TRUNCATED,
    TRAILING_COMMA,
    SINGLE_QUOTES,
    DANGLING_CONTENT,
    NESTING_TOO_DEEP,
    DUPLICATE_KEY,
    RESERVED_KEY,
)
