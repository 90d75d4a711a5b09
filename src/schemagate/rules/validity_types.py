"""What can be wrong where a type stands: no type at all, arrays, maps and unions without their parts."""

from __future__ import annotations

from schemagate.finding import Severity
from schemagate.rules.kit import Rule, told

UNSUPPORTED_SCHEMA = told(
    "unsupported-schema",
    "validity",
    Severity.ERROR,
    "{found:json} is not a schema",
    """
    Java refuses the schema: where a type is expected stands something that cannot be one.

    A type is a name in quotes, an object whose `type` is a string, or an array of branches. `null` without quotes,
    numbers, and an object around another object or around a union (`{"type": ["null", "int"]}` anywhere but in a
    field) are none of these.

    Quote the name, or take the inner type out of the object.

    ```avsc fires
    {"type": "array", "items": {"type": ["null", "int"]}}
    ```

    ```avsc fires
    null
    ```

    ```avsc passes
    {"type": "array", "items": ["null", "int"]}
    ```
    """,
)

MISSING_TYPE = told(
    "missing-type",
    "validity",
    Severity.ERROR,
    "the `type` is missing",
    """
    Java refuses the schema: nothing says what the values look like.

    Every field and every schema that is an object needs a `type`.

    Add it.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "fields": [{"name": "user_id"}]}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "fields": [{"name": "user_id", "type": "string"}]}
    ```
    """,
)

MISSING_ITEMS = told(
    "missing-items",
    "validity",
    Severity.ERROR,
    "the array has no `items`",
    """
    Java refuses the schema: nothing says what the array holds.

    Add `"items"` with the type of the elements.

    ```avsc fires
    {"type": "array"}
    ```

    ```avsc passes
    {"type": "array", "items": "string"}
    ```
    """,
)

MISSING_VALUES = told(
    "missing-values",
    "validity",
    Severity.ERROR,
    "the map has no `values`",
    """
    Java refuses the schema: nothing says what the map holds.

    Add `"values"` with the type of the values; the keys of a map are always strings.

    ```avsc fires
    {"type": "map"}
    ```

    ```avsc passes
    {"type": "map", "values": "string"}
    ```
    """,
)

NESTED_UNION = told(
    "nested-union",
    "validity",
    Severity.ERROR,
    "a union stands directly inside a union",
    """
    Java refuses the schema with "Nested union"; fastavro accepts it.

    A value is in exactly one branch of a union, so a branch cannot be a choice itself.

    Write all branches in one array.

    ```avsc fires
    ["null", ["int", "string"]]
    ```

    ```avsc passes
    ["null", "int", "string"]
    ```
    """,
)

DUPLICATE_BRANCH = told(
    "duplicate-branch",
    "validity",
    Severity.ERROR,
    "the union has two branches `{branch}`",
    """
    Java refuses the schema with "Duplicate in union"; fastavro accepts it.

    A union has at most one branch of each unnamed type (also only one array and one map, whatever they hold) and of
    each name. A logical type makes no difference: `timestamp-millis` is a `long`.

    Keep one of the two. For two kinds of arrays, wrap each in a record.

    ```avsc fires
    ["null", "long", {"type": "long", "logicalType": "timestamp-millis"}]
    ```

    ```avsc passes
    ["null", {"type": "long", "logicalType": "timestamp-millis"}]
    ```
    """,
)

RULES: tuple[Rule, ...] = (
    UNSUPPORTED_SCHEMA,
    MISSING_TYPE,
    MISSING_ITEMS,
    MISSING_VALUES,
    NESTED_UNION,
    DUPLICATE_BRANCH,
)
