"""The rules about fields that the other side cannot read: added, removed, renamed, retyped."""

from __future__ import annotations

from schemagate.finding import Severity
from schemagate.rules.kit import Rule, told

ERROR = Severity.ERROR

FIELD_ADDED = told(
    "field-added-without-default",
    "breaking",
    ERROR,
    "`{field}` was added without a default",
    """
    Whoever reads old data with the new schema fails, because the old data has no value for the field.

    A reader fills a field that the writer did not write from the field's default. Without one there is
    nothing to fill it with, and every consumer that moves to this schema stops at the first old message.

    Give the field a default. If a missing value should stay visible, make it nullable with `null` first and
    default `null`; otherwise choose a default that means the same as "not given".

    ```avsc fires
    {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}
    ---
    {"type": "record", "name": "Order", "fields": [
      {"name": "id", "type": "string"}, {"name": "price", "type": "double"}]}
    ```

    ```avsc passes
    {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}
    ---
    {"type": "record", "name": "Order", "fields": [
      {"name": "id", "type": "string"}, {"name": "price", "type": ["null", "double"], "default": null}]}
    ```
    """,
)

FIELD_REMOVED = told(
    "field-removed-without-default",
    "breaking",
    ERROR,
    "`{field}` was removed, and older versions require it",
    """
    Consumers on an older version fail as soon as the first message without the field arrives.

    The older schema has no default for the field, so its readers have nothing to put in its place. No
    change to the new schema can give the published one a default.

    Keep the field as long as a version that requires it is governed, and mark it as deprecated in its `doc`.
    A field can be removed later only if it was published with a default from the start.

    ```avsc fires
    {"type": "record", "name": "Order", "fields": [
      {"name": "id", "type": "string"}, {"name": "price", "type": "double"}]}
    ---
    {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}
    ```

    ```avsc passes
    {"type": "record", "name": "Order", "fields": [
      {"name": "id", "type": "string"}, {"name": "note", "type": ["null", "string"], "default": null}]}
    ---
    {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}
    ```
    """,
)

FIELD_RENAMED = told(
    "field-renamed",
    "breaking",
    ERROR,
    "`{old}` became `{new}`: {who}",
    """
    A renamed field is a removed field and an added one: data written under one name is not found under the other.

    Avro matches fields by name. An alias on the new field lets new readers find the old name, but the readers
    that are already deployed know nothing of it: they look for the old name, and fail if it has no default.

    Keep the old field as it is and add the new one beside it, nullable with default `null` and without an alias.
    Producers write both until no consumer needs the old one.

    ```avsc fires
    {"type": "record", "name": "User", "fields": [{"name": "user_id", "type": "string"}]}
    ---
    {"type": "record", "name": "User", "fields": [{"name": "uuid", "type": "string"}]}
    ```

    ```avsc passes
    {"type": "record", "name": "User", "fields": [{"name": "user_id", "type": "string"}]}
    ---
    {"type": "record", "name": "User", "fields": [
      {"name": "user_id", "type": "string"}, {"name": "uuid", "type": ["null", "string"], "default": null}]}
    ```
    """,
)

FIELD_TYPE = told(
    "field-type-changed",
    "breaking",
    ERROR,
    "the type changed from {old} to {new}",
    """
    One side writes a type that the other cannot decode.

    Avro widens some types on reading (`int` to `long`, `float` or `double`, `long` to `float` or `double`,
    `float` to `double`, `string` and `bytes` to each other) and only in that direction. Everything else is
    refused, and a widening still breaks the consumers that have the narrower type.

    Keep the field as it is and add a new one with the new type, nullable with default `null`.

    ```avsc fires
    {"type": "record", "name": "Order", "fields": [{"name": "amount", "type": "int"}]}
    ---
    {"type": "record", "name": "Order", "fields": [{"name": "amount", "type": "string"}]}
    ```

    ```avsc fires
    {"type": "record", "name": "Order", "fields": [{"name": "amount", "type": "int"}]}
    ---
    {"type": "record", "name": "Order", "fields": [{"name": "amount", "type": "long"}]}
    ```

    ```avsc passes
    {"type": "record", "name": "Order", "fields": [{"name": "amount", "type": "int"}]}
    ---
    {"type": "record", "name": "Order", "fields": [
      {"name": "amount", "type": "int"}, {"name": "amount_text", "type": ["null", "string"], "default": null}]}
    ```
    """,
)

NULLABILITY_REMOVED = told(
    "nullability-removed",
    "breaking",
    ERROR,
    "null is no longer allowed",
    """
    New readers fail on every old message in which the value is null.

    Data written under the nullable type may hold null, and the new type has no place for it. A default does not
    help: it fills a field that is missing, not one that is null.

    Keep null in the union. If null must not be written any more, say so in the `doc` and enforce it in the producer.

    ```avsc fires
    {"type": "record", "name": "User", "fields": [{"name": "email", "type": ["null", "string"], "default": null}]}
    ---
    {"type": "record", "name": "User", "fields": [{"name": "email", "type": "string", "default": ""}]}
    ```

    ```avsc passes
    {"type": "record", "name": "User", "fields": [{"name": "email", "type": ["null", "string"], "default": null}]}
    ---
    {"type": "record", "name": "User", "fields": [
      {"name": "email", "type": ["null", "string"], "default": null, "doc": "Never null since May."}]}
    ```
    """,
)

NULLABILITY_ADDED = told(
    "nullability-added",
    "breaking",
    ERROR,
    "null is now allowed",
    """
    Consumers on an older version fail on the first message in which the value is null.

    The older schema has no null there. Making a field nullable is safe only for readers that already move to the
    new schema; the deployed ones do not.

    Add a new nullable field beside this one. A field that may ever be absent has to be nullable from its first
    version: that is what nullable with default `null` is for.

    ```avsc fires
    {"type": "record", "name": "User", "fields": [{"name": "email", "type": "string"}]}
    ---
    {"type": "record", "name": "User", "fields": [{"name": "email", "type": ["null", "string"], "default": null}]}
    ```

    ```avsc passes
    {"type": "record", "name": "User", "fields": [{"name": "email", "type": "string"}]}
    ---
    {"type": "record", "name": "User", "fields": [
      {"name": "email", "type": "string"}, {"name": "email_v2", "type": ["null", "string"], "default": null}]}
    ```
    """,
)

FIELD_AMBIGUOUS = told(
    "field-ambiguous",
    "breaking",
    ERROR,
    "`{field}` matches two fields of the other side: one by name, one by alias",
    """
    No reader can decide which of the two values it should take, so Java refuses to read at all.

    The reader's field has the name of one of the writer's fields and an alias that is the name of another.

    Remove the alias.

    ```avsc fires
    {"type": "record", "name": "R", "fields": [{"name": "a", "type": "int"}, {"name": "b", "type": "int"}]}
    ---
    {"type": "record", "name": "R", "fields": [
      {"name": "a", "type": "int", "aliases": ["b"]}, {"name": "b", "type": "int"}]}
    ```

    ```avsc passes
    {"type": "record", "name": "R", "fields": [{"name": "a", "type": "int"}, {"name": "b", "type": "int"}]}
    ---
    {"type": "record", "name": "R", "fields": [
      {"name": "a", "type": "int", "aliases": ["c"]}, {"name": "b", "type": "int"}]}
    ```
    """,
)

RULES: tuple[Rule, ...] = (
    FIELD_ADDED,
    FIELD_REMOVED,
    FIELD_RENAMED,
    FIELD_TYPE,
    NULLABILITY_REMOVED,
    NULLABILITY_ADDED,
    FIELD_AMBIGUOUS,
)
