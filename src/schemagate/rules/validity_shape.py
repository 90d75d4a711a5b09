"""What can be wrong with the parts of records, enums and fixed types."""

from __future__ import annotations

from schemagate.finding import Severity
from schemagate.rules.kit import Rule, told

MISSING_FIELDS = told(
    "missing-fields",
    "validity",
    Severity.ERROR,
    "the record has no array `fields`",
    """
    Java refuses the schema, although fastavro accepts it as a record without fields.

    `fields` is required and must be an array; it may be empty.

    Add `"fields": [...]`.

    ```avsc fires
    {"type": "record", "name": "UserCreated"}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "fields": []}
    ```
    """,
)

BAD_FIELD = told(
    "bad-field",
    "validity",
    Severity.ERROR,
    "a field must be an object with a name and a type",
    """
    Java refuses the schema: a field that is only a name, a list or a number has no type.

    Write each field as an object.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "fields": ["user_id"]}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "fields": [{"name": "user_id", "type": "string"}]}
    ```
    """,
)

DUPLICATE_FIELD = told(
    "duplicate-field",
    "validity",
    Severity.ERROR,
    "field `{name}` is defined twice in one record",
    """
    Java refuses the schema with "Duplicate field"; fastavro accepts it, and one of the two values is lost.

    Names of fields differ within a record. Names that differ in case only are allowed by Avro, not by every database
    that the data ends in.

    Rename or delete one of them.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "fields": [
      {"name": "user_id", "type": "string"},
      {"name": "user_id", "type": "long"}
    ]}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "fields": [
      {"name": "user_id", "type": "string"},
      {"name": "user_number", "type": "long"}
    ]}
    ```
    """,
)

MISSING_SYMBOLS = told(
    "missing-symbols",
    "validity",
    Severity.ERROR,
    "the enum has no array `symbols`",
    """
    Java refuses the schema: an enum lists its symbols.

    `symbols` is required and must be an array of strings.

    Add `"symbols": [...]`.

    ```avsc fires
    {"type": "enum", "name": "Plan", "symbols": "FREE"}
    ```

    ```avsc passes
    {"type": "enum", "name": "Plan", "symbols": ["FREE"]}
    ```
    """,
)

BAD_SYMBOL = told(
    "bad-symbol",
    "validity",
    Severity.ERROR,
    "{symbol:json} is not a valid symbol",
    """
    Java refuses the schema: a symbol must be a name, because it becomes an identifier in generated code.

    Symbols are strings of letters, digits and underscores that do not begin with a digit: no dashes, dots or spaces.

    Write `ON_HOLD` for `on-hold`, and keep the original spelling in `doc`; or use a string.

    ```avsc fires
    {"type": "enum", "name": "Plan", "symbols": ["FREE", "on-hold"]}
    ```

    ```avsc passes
    {"type": "enum", "name": "Plan", "symbols": ["FREE", "ON_HOLD"]}
    ```
    """,
)

DUPLICATE_SYMBOL = told(
    "duplicate-symbol",
    "validity",
    Severity.ERROR,
    "symbol `{symbol}` stands twice in one enum",
    """
    Java refuses the schema with "Duplicate enum symbol".

    A symbol is written as its position, so one that stands twice would have two.

    Delete the second one. If the enum was ever used by a lenient library, keep the order of the others.

    ```avsc fires
    {"type": "enum", "name": "Plan", "symbols": ["FREE", "PAID", "FREE"]}
    ```

    ```avsc passes
    {"type": "enum", "name": "Plan", "symbols": ["FREE", "PAID"]}
    ```
    """,
)

BAD_SIZE = told(
    "bad-size",
    "validity",
    Severity.ERROR,
    "the size of a fixed type must be an integer from 0 to 2147483647, found {found:json}",
    """
    Java refuses the schema: a fixed type is that many bytes, and nothing in the data says how many.

    `size` is required and must be a JSON integer: not `"4"`, not `4.0`, not negative. fastavro accepts all of those.

    Write the number of bytes.

    ```avsc fires
    {"type": "fixed", "name": "Hash", "size": "16"}
    ```

    ```avsc passes
    {"type": "fixed", "name": "Hash", "size": 16}
    ```
    """,
)

RULES: tuple[Rule, ...] = (
    MISSING_FIELDS,
    BAD_FIELD,
    DUPLICATE_FIELD,
    MISSING_SYMBOLS,
    BAD_SYMBOL,
    DUPLICATE_SYMBOL,
    BAD_SIZE,
)
