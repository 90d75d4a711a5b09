"""What can be wrong with definitions: names that nothing defines, or more than one definition."""

from __future__ import annotations

from schemagate.finding import Severity
from schemagate.rules.kit import Rule, told

UNDEFINED_TYPE = told(
    "undefined-type",
    "validity",
    Severity.ERROR,
    "type `{name}` is not defined anywhere",
    """
    The schema cannot be used: nobody knows what the values of this type look like.

    A name without dots is looked up in the namespace of the type around it, then without a namespace. It may be
    defined anywhere in the file, before or after its use, or in another file that `paths` covers. Type names are
    case-sensitive: `STRING` is no primitive.

    Correct the name, write its namespace, or add the file that defines it to `paths`.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": [
      {"name": "address", "type": "Adress"}
    ]}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": [
      {"name": "address", "type": {"type": "record", "name": "Address", "fields": []}},
      {"name": "billing", "type": "com.example.Address"}
    ]}
    ```
    """,
)

DUPLICATE_TYPE = told(
    "duplicate-type",
    "validity",
    Severity.ERROR,
    "type `{name}` is defined twice, in two ways",
    """
    Java refuses the schema with "Can't redefine".

    A name stands for one definition. Copies of a nested type that drifted apart are the usual case; enums and records
    in different fields that merely share a name are another.

    Define the type once and use its name in the other places, or give the second one a name of its own.

    ```avsc fires
    {"type": "record", "name": "Order", "fields": [
      {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["OPEN"]}},
      {"name": "payment", "type": {"type": "enum", "name": "State", "symbols": ["PAID"]}}
    ]}
    ```

    ```avsc passes
    {"type": "record", "name": "Order", "fields": [
      {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["OPEN"]}},
      {"name": "before", "type": "State"}
    ]}
    ```
    """,
)

TYPE_REDEFINED = told(
    "type-redefined",
    "validity",
    Severity.NOTICE,
    "type `{name}` is defined again where its name would do",
    """
    fastavro, Python's avro and others refuse the schema, although Java accepts an equal definition.

    The specification allows one definition of a name. Java compares the two, but not their docs or enum defaults, so
    copies that differ in those pass, and which one counts depends on the place.

    Keep the first definition and use its name in the other places.

    ```avsc fires
    {"type": "record", "name": "Order", "fields": [
      {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["OPEN"]}},
      {"name": "before", "type": {"type": "enum", "name": "State", "symbols": ["OPEN"]}}
    ]}
    ```

    ```avsc passes
    {"type": "record", "name": "Order", "fields": [
      {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["OPEN"]}},
      {"name": "before", "type": "State"}
    ]}
    ```
    """,
)

RULES: tuple[Rule, ...] = (
    UNDEFINED_TYPE,
    DUPLICATE_TYPE,
    TYPE_REDEFINED,
)
