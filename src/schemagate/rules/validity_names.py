"""What can be wrong with names: of types, in namespaces, in aliases."""

from __future__ import annotations

from schemagate.finding import Severity
from schemagate.rules.kit import Rule, told

MISSING_NAME = told(
    "missing-name",
    "validity",
    Severity.ERROR,
    "this {kind} has no name",
    """
    Java refuses the schema: records, enums, fixed types and fields are known by their names.

    The `name` is missing or is not a string.

    Add `"name"`.

    ```avsc fires
    {"type": "record", "fields": []}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "fields": []}
    ```
    """,
)

BAD_NAME = told(
    "bad-name",
    "validity",
    Severity.ERROR,
    "`{name}` is not a valid name: {what}",
    """
    Java refuses the schema, and with it every registry that is built on Java's library.

    A name is a letter or an underscore, followed by letters, digits and underscores: no dash, no `$`, no dot (but in a
    type's full name), no digit at the beginning, and not empty. fastavro accepts more, so a schema can work in Python
    for a year and fail on its way into a registry.

    Rename it: `user-id` becomes `user_id`.

    ```avsc fires
    {"type": "record", "name": "user-created", "fields": []}
    ```

    ```avsc fires
    {"type": "record", "name": "UserCreated", "fields": [{"name": "1st", "type": "string"}]}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "fields": [{"name": "_1st", "type": "string"}]}
    ```
    """,
)

NAME_NOT_ASCII = told(
    "name-not-ascii",
    "validity",
    Severity.ERROR,
    "`{name}` has letters beyond A to Z",
    """
    Confluent Schema Registry refuses new schemas with such a name, and so do Python's avro and the specification.

    The specification's names are `[A-Za-z_][A-Za-z0-9_]*`. Java's library by default accepts any Unicode letter, so
    the schema passes in a Java build and fails when it is registered.

    Spell the name in ASCII, and keep the real one in `doc`.

    ```avsc fires
    {"type": "record", "name": "Größe", "fields": []}
    ```

    ```avsc passes
    {"type": "record", "name": "Groesse", "doc": "Größe", "fields": []}
    ```
    """,
)

BAD_NAMESPACE = told(
    "bad-namespace",
    "validity",
    Severity.ERROR,
    "namespace `{namespace}` is not a valid namespace",
    """
    Java refuses the schema: each part of a namespace must be a valid name.

    Parts are separated by single dots; none may be empty, contain a dash or begin with a digit. Reversed domain names
    with a dash (`com.my-company`) are the usual case.

    Write the part with an underscore, or leave the dash out.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "namespace": "com.my-company", "fields": []}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "namespace": "com.my_company", "fields": []}
    ```
    """,
)

BAD_NAMESPACE_TYPE = told(
    "bad-namespace-type",
    "validity",
    Severity.WARNING,
    "the namespace is not a string, so it is ignored",
    """
    The type has another full name than its author meant: Java ignores a namespace that is not a string.

    The type then takes the namespace around it, or none. Python's avro refuses the schema.

    Write the namespace as a string, `""` for none.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "namespace": 5, "fields": []}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": []}
    ```
    """,
)

NAME_IS_PRIMITIVE = told(
    "name-is-primitive",
    "validity",
    Severity.ERROR,
    "a type cannot be named `{name}`, which is a primitive type",
    """
    Java refuses the schema: wherever the name is used, it would mean the primitive type.

    `null`, `boolean`, `int`, `long`, `float`, `double`, `bytes` and `string` without a namespace are taken.

    Choose another name, or give the type a namespace.

    ```avsc fires
    {"type": "record", "name": "string", "fields": []}
    ```

    ```avsc passes
    {"type": "record", "name": "string", "namespace": "com.example", "fields": []}
    ```
    """,
)

BAD_ALIASES = told(
    "bad-aliases",
    "validity",
    Severity.ERROR,
    "aliases are not an array of strings",
    """
    Java refuses the schema.

    `aliases` is an array of strings, also where there is only one alias. fastavro accepts some other spellings.

    Put the alias in brackets.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "aliases": "UserAdded", "fields": []}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "aliases": ["UserAdded"], "fields": []}
    ```
    """,
)

BAD_ALIAS = told(
    "bad-alias",
    "validity",
    Severity.ERROR,
    "alias `{alias}` is not a valid name",
    """
    Java refuses the schema: an alias of a type must be a name that a type can have.

    Names are letters, digits and underscores and do not begin with a digit; an alias may have a namespace in front.

    Correct the alias, or remove it: no type can ever have had this name.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "aliases": ["user-added"], "fields": []}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "aliases": ["com.example.old.UserAdded"], "fields": []}
    ```
    """,
)

BAD_FIELD_ALIAS = told(
    "bad-field-alias",
    "validity",
    Severity.WARNING,
    "alias `{alias}` is not a name that a field can have",
    """
    The alias never matches anything: no valid field was ever called that.

    Java does not check the aliases of fields, so the schema passes and the data of the old field is silently lost.

    Correct the alias to the old name, or remove it.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "fields": [{"name": "uuid", "type": "string", "aliases": ["user-id"]}]}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "fields": [{"name": "uuid", "type": "string", "aliases": ["user_id"]}]}
    ```
    """,
)

DUPLICATE_ALIAS = told(
    "duplicate-alias",
    "validity",
    Severity.NOTICE,
    "alias `{alias}` stands twice",
    """
    The second says nothing: readers look for a name once.

    Java accepts the schema and keeps one of the two. Somebody who reads it wonders which other name was meant: two
    aliases that are the same are often a slip of the keyboard, or what a merge left behind. An alias of a type stands
    twice too if it is written once alone and once with the type's own namespace.

    Take one of them out, or write the name that was meant. `lint --fix` takes the second out. An alias that two fields
    share is another rule's, `alias-shadows-field`.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "fields": [{"name": "uuid", "type": "string", "aliases": ["id", "id"]}]}
    ```

    ```avsc fires
    {"type": "record", "name": "User", "namespace": "com.example", "aliases": ["Person", "com.example.Person"],
     "fields": []}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "fields": [
      {"name": "uuid", "type": "string", "aliases": ["id", "user_id"]}]}
    ```
    """,
)

RULES: tuple[Rule, ...] = (
    MISSING_NAME,
    BAD_NAME,
    NAME_NOT_ASCII,
    BAD_NAMESPACE,
    BAD_NAMESPACE_TYPE,
    NAME_IS_PRIMITIVE,
    BAD_ALIASES,
    BAD_ALIAS,
    BAD_FIELD_ALIAS,
    DUPLICATE_ALIAS,
)
