"""What can be wrong between files: names that several of them define, and cycles.

An example of these rules holds several files, separated by a line ``---``.
"""

from __future__ import annotations

from schemagate.finding import Severity
from schemagate.rules.kit import Rule, told

DUPLICATE_DEFINITION = told(
    "duplicate-definition",
    "validity",
    Severity.WARNING,
    "{what} also defined in {other}",
    """
    Two files say what one name means, and a consumer that gets both cannot use both.

    A full name stands for one type in generated code, in a registry that uses references and in a consumer that reads
    several topics. Files that each carry a copy of a shared type are legal alone; once the copies differ, some reader
    decodes with the wrong one. Different definitions are a warning, equal copies a notice.

    Define the type in one file and use its name in the others, or give the types different names or namespaces.

    ```avsc fires
    {"type": "record", "name": "com.example.Address", "fields": [{"name": "city", "type": "string"}]}
    ---
    {"type": "record", "name": "com.example.Address", "fields": [{"name": "town", "type": "string"}]}
    ```

    ```avsc passes
    {"type": "record", "name": "com.example.Address", "fields": [{"name": "city", "type": "string"}]}
    ---
    {"type": "record", "name": "com.example.Order", "fields": [{"name": "address", "type": "com.example.Address"}]}
    ```
    """,
)

AMBIGUOUS_REFERENCE = told(
    "ambiguous-reference",
    "validity",
    Severity.ERROR,
    "`{name}` is used here and defined differently in {documents}",
    """
    What this schema means depends on which file is read first, so it cannot be judged.

    The name is not defined in this file, and several other files define it in different ways.

    Keep one of the definitions, or give them different names or namespaces and use the one that is meant. If one is an
    older version, name the files `..._v1.avsc`, `..._v2.avsc`: only the highest version counts.

    ```avsc fires
    {"type": "record", "name": "com.example.Order", "fields": [{"name": "address", "type": "com.example.Address"}]}
    ---
    {"type": "record", "name": "com.example.Address", "fields": [{"name": "city", "type": "string"}]}
    ---
    {"type": "record", "name": "com.example.Address", "fields": [{"name": "town", "type": "string"}]}
    ```

    ```avsc passes
    {"type": "record", "name": "com.example.Order", "fields": [{"name": "address", "type": "com.example.Address"}]}
    ---
    {"type": "record", "name": "com.example.Address", "fields": [{"name": "city", "type": "string"}]}
    ```
    """,
)

REFERENCE_CYCLE = told(
    "reference-cycle",
    "validity",
    Severity.ERROR,
    "these files need each other: {cycle}",
    """
    None of these schemas can be registered first, so none can be registered.

    A registry stores a schema after the ones that it refers to, and Java parses files in the same order. Types that
    contain each other are fine within one file.

    Put the types that need each other into one file, or replace one of the uses by an identifier.

    ```avsc fires
    {"type": "record", "name": "com.example.Order", "fields": [
      {"name": "customer", "type": ["null", "com.example.Customer"], "default": null}
    ]}
    ---
    {"type": "record", "name": "com.example.Customer", "fields": [
      {"name": "orders", "type": {"type": "array", "items": "com.example.Order"}, "default": []}
    ]}
    ```

    ```avsc passes
    {"type": "record", "name": "com.example.Order", "fields": [{"name": "customer_id", "type": "string"}]}
    ---
    {"type": "record", "name": "com.example.Customer", "fields": [
      {"name": "orders", "type": {"type": "array", "items": "com.example.Order"}, "default": []}
    ]}
    ```
    """,
)

RULES: tuple[Rule, ...] = (DUPLICATE_DEFINITION, AMBIGUOUS_REFERENCE, REFERENCE_CYCLE)
