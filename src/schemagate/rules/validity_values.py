"""What can be wrong with values in a schema: defaults, order, doc."""

from __future__ import annotations

from schemagate.finding import Severity
from schemagate.rules.kit import Rule, told

BAD_DEFAULT = told(
    "bad-default",
    "validity",
    Severity.ERROR,
    "default {default:json} is not {expected}",
    """
    Java refuses the schema with "Invalid default for field", and with it every registry built on Java's library.

    A default is a JSON value of the field's type: an integer for int (`1.0` is none) within 32 bits, for long within
    64; `{}` for a map, `[]` for an array, an object with every field that has no default of its own for a record. In
    a union it must match one of the branches. fastavro and Python's avro check less, so the mistake shows when the
    schema reaches a registry, or the first reader needs the default.

    Write a value of the type, or change the type: `["null", ...]` if the default is to be null.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "fields": [{"name": "logins", "type": "int", "default": "0"}]}
    ```

    ```avsc fires
    {"type": "record", "name": "UserCreated", "fields": [{"name": "email", "type": "string", "default": null}]}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "fields": [
      {"name": "logins", "type": "int", "default": 0},
      {"name": "email", "type": ["null", "string"], "default": null}
    ]}
    ```
    """,
)

DEFAULT_NOT_EXACT = told(
    "default-not-exact",
    "validity",
    Severity.ERROR,
    "default {default:json} is not {expected}",
    """
    The schema is accepted, and the first reader that needs the default fails or gets another value.

    Java does not look closely at every default: an enum's symbol, the length of a fixed value, characters of bytes
    beyond U+00FF, keys that the record does not have, and numbers in quotes pass when the schema is parsed. They are
    used only when a writer's data lacks the field, which is the moment that the default was written for.

    Write a value that the type can hold.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "fields": [
      {"name": "plan", "type": {"type": "enum", "name": "Plan", "symbols": ["FREE", "PAID"]}, "default": "TRIAL"}
    ]}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "fields": [
      {"name": "plan", "type": {"type": "enum", "name": "Plan", "symbols": ["FREE", "PAID"]}, "default": "FREE"}
    ]}
    ```
    """,
)

RECURSIVE_DEFAULT = told(
    "recursive-default",
    "validity",
    Severity.ERROR,
    "the default contains the record that is being defined",
    """
    Java refuses the schema with "Schema fields not set yet".

    A default is checked while the record around it is still being read, so a default that is itself such a record
    cannot be. Most such defaults would be endless anyway.

    Use `null` or an empty array as the default.

    ```avsc fires
    {"type": "record", "name": "Node", "fields": [{"name": "next", "type": ["Node", "null"], "default": {}}]}
    ```

    ```avsc passes
    {"type": "record", "name": "Node", "fields": [{"name": "next", "type": ["null", "Node"], "default": null}]}
    ```
    """,
)

BAD_ENUM_DEFAULT = told(
    "bad-enum-default",
    "validity",
    Severity.ERROR,
    "the enum's default {default:json} is not one of its symbols",
    """
    A reader that meets an unknown symbol has nothing to fall back to; Java and fastavro refuse the schema.

    The default of an enum is what its readers take for a symbol that they do not know, so it must be one of the
    symbols. A default that is not a string is ignored by Java and refused by others.

    Name one of the symbols, or add the symbol.

    ```avsc fires
    {"type": "enum", "name": "Plan", "symbols": ["FREE", "PAID"], "default": "UNKNOWN"}
    ```

    ```avsc passes
    {"type": "enum", "name": "Plan", "symbols": ["UNKNOWN", "FREE", "PAID"], "default": "UNKNOWN"}
    ```
    """,
)

BAD_ORDER = told(
    "bad-order",
    "validity",
    Severity.ERROR,
    "order {order:json} is not ascending, descending or ignore",
    """
    Java stops with an exception when it reads the schema.

    `order` says how records are sorted by this field. Java takes the three words in any case, other libraries in
    lower case only.

    Write `"ascending"`, `"descending"` or `"ignore"`, or leave it out: ascending is the default.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "fields": [{"name": "user_id", "type": "string", "order": "desc"}]}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "fields": [
      {"name": "user_id", "type": "string", "order": "descending"}
    ]}
    ```
    """,
)

BAD_DOC = told(
    "bad-doc",
    "validity",
    Severity.NOTICE,
    "the doc is not a string, so it is ignored",
    """
    The documentation is lost: Java drops a `doc` that is not a string.

    It appears neither in generated code nor in what a registry shows.

    Write one string; `\\n` stands for a new line.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "doc": ["A user", "signed up."], "fields": []}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "doc": "A user signed up.", "fields": []}
    ```
    """,
)

RULES: tuple[Rule, ...] = (
    BAD_DEFAULT,
    DEFAULT_NOT_EXACT,
    RECURSIVE_DEFAULT,
    BAD_ENUM_DEFAULT,
    BAD_ORDER,
    BAD_DOC,
)
