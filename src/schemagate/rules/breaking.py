"""The rules about what a reader cannot read: their pages, and the table from incompatibility to rule."""

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
    "`{old}` became `{new}`: {who} cannot read it",
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

ENUM_REMOVED = told(
    "enum-symbol-removed",
    "breaking",
    ERROR,
    "{symbols} removed from enum {name}",
    """
    New readers fail on old messages that hold the removed symbol.

    A reader that does not know a symbol fails, unless its own enum has a `default` to fall back on.

    Keep the symbol and stop writing it. Say so in the enum's `doc`.

    ```avsc fires
    {"type": "enum", "name": "Status", "symbols": ["NEW", "PAID", "LOST"]}
    ---
    {"type": "enum", "name": "Status", "symbols": ["NEW", "PAID"]}
    ```

    ```avsc passes
    {"type": "enum", "name": "Status", "symbols": ["NEW", "PAID"], "doc": "x"}
    ---
    {"type": "enum", "name": "Status", "symbols": ["NEW", "PAID"], "doc": "LOST was never written."}
    ```
    """,
)

ENUM_ADDED = told(
    "enum-symbol-added",
    "breaking",
    ERROR,
    "{symbols} added to enum {name}, which older readers do not know",
    """
    Consumers on an older version fail on the first message that holds the new symbol.

    The older enum has no `default`, so its readers have nothing to fall back on. A default of the *field* does not
    help, and a default added to the enum now helps only the readers that get this version.

    Publish the enum's `default` one version before the first new symbol. Where the enum is already published
    without one, add a new field (a string, or an enum with a default) beside this one.

    ```avsc fires
    {"type": "enum", "name": "Status", "symbols": ["NEW", "PAID"]}
    ---
    {"type": "enum", "name": "Status", "symbols": ["NEW", "PAID", "LOST"], "default": "NEW"}
    ```

    ```avsc passes
    {"type": "enum", "name": "Status", "symbols": ["UNKNOWN", "PAID"], "default": "UNKNOWN"}
    ---
    {"type": "enum", "name": "Status", "symbols": ["UNKNOWN", "PAID", "LOST"], "default": "UNKNOWN"}
    ```
    """,
)

BRANCH_REMOVED = told(
    "union-branch-removed",
    "breaking",
    ERROR,
    "{branch} is no longer a branch of the union",
    """
    New readers fail on old messages that hold a value of the removed branch.

    Old data may be of any branch that the union had, and each of them needs a branch that can read it.

    Keep the branch and stop writing it.

    ```avsc fires
    {"type": "record", "name": "E", "fields": [{"name": "v", "type": ["null", "string", "boolean"], "default": null}]}
    ---
    {"type": "record", "name": "E", "fields": [{"name": "v", "type": ["null", "string"], "default": null}]}
    ```

    ```avsc passes
    {"type": "record", "name": "E", "fields": [{"name": "v", "type": ["null", "string"], "default": null}]}
    ---
    {"type": "record", "name": "E", "fields": [
      {"name": "v", "type": ["null", "string"], "default": null, "doc": "Booleans as text."}]}
    ```
    """,
)

BRANCH_ADDED = told(
    "union-branch-added",
    "breaking",
    ERROR,
    "{branch} is a new branch of the union, which older readers do not have",
    """
    Consumers on an older version fail on the first message that holds a value of the new branch.

    The older union has no branch that can read it.

    Add a new nullable field for the new kind of value. For several kinds of event in one topic, add the event as a
    subject of its own, and let consumers choose by subject.

    ```avsc fires
    {"type": "record", "name": "E", "fields": [{"name": "v", "type": ["null", "string"], "default": null}]}
    ---
    {"type": "record", "name": "E", "fields": [{"name": "v", "type": ["null", "string", "boolean"], "default": null}]}
    ```

    ```avsc passes
    {"type": "record", "name": "E", "fields": [{"name": "v", "type": ["null", "string"], "default": null}]}
    ---
    {"type": "record", "name": "E", "fields": [{"name": "v", "type": ["null", "string"], "default": null},
      {"name": "flag", "type": ["null", "boolean"], "default": null}]}
    ```
    """,
)

FIXED_SIZE = told(
    "fixed-size-changed",
    "breaking",
    ERROR,
    "the size of fixed {name} changed from {old} to {new}",
    """
    No reader can read the other side's data: a fixed is written without its length.

    A reader takes exactly as many bytes as its own schema says, so Avro refuses another size.

    Add a new field with a new fixed type, or with `bytes` if the size may change again.

    ```avsc fires
    {"type": "fixed", "name": "Hash", "size": 16}
    ---
    {"type": "fixed", "name": "Hash", "size": 32}
    ```

    ```avsc passes
    {"type": "fixed", "name": "Hash", "size": 16}
    ---
    {"type": "fixed", "name": "Hash", "size": 16, "aliases": ["Digest"]}
    ```
    """,
)

TYPE_RENAMED = told(
    "type-renamed",
    "breaking",
    ERROR,
    "{kind} {old} became {new}: {who} cannot read it",
    """
    Readers match records, enums and fixed types by name, so data under the other name is refused.

    The reference compares names without their namespace. An alias on the new type lets new readers read old data;
    the deployed readers know nothing of it.

    Keep the name. Where a new name is needed, publish the type under a new subject and move consumers over.

    ```avsc fires
    {"type": "record", "name": "User", "fields": []}
    ---
    {"type": "record", "name": "Customer", "fields": []}
    ```

    ```avsc passes
    {"type": "record", "name": "User", "fields": []}
    ---
    {"type": "record", "name": "User", "doc": "A customer.", "fields": []}
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

DECODER = told(
    "decoder-picks-unreadable-branch",
    "breaking",
    ERROR,
    "decoders take branch {picked} for {written} and fail, although another branch could read it",
    """
    The registry accepts this change, and consumers crash all the same.

    A compatibility checker asks whether *some* branch of the reader's union can read what was written. A decoder
    does not try them all: it takes the branch with the writer's full name, and fails if that one cannot read it.

    Let the branch of the same full name stay readable (defaults for its new fields), or give the other branch that
    full name.

    ```avsc fires
    [{"type": "record", "name": "x.R", "fields": [{"name": "a", "type": "int"}]}]
    ---
    [{"type": "record", "name": "x.R", "fields": [{"name": "z", "type": "int"}]},
     {"type": "record", "name": "y.R", "fields": [{"name": "a", "type": "int"}]}]
    ```

    ```avsc passes
    [{"type": "record", "name": "x.R", "fields": [{"name": "a", "type": "int", "default": 0}]}]
    ---
    [{"type": "record", "name": "x.R", "fields": [{"name": "z", "type": "int", "default": 0}]}]
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
    ENUM_REMOVED,
    ENUM_ADDED,
    BRANCH_REMOVED,
    BRANCH_ADDED,
    FIXED_SIZE,
    TYPE_RENAMED,
    FIELD_AMBIGUOUS,
    DECODER,
)
