"""The rules about types that the other side cannot read: enums, unions, fixed sizes, names."""

from __future__ import annotations

from schemagate.finding import Severity
from schemagate.rules.kit import Rule, told

ERROR = Severity.ERROR

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
    "{kind} {old} became {new}: {who}",
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

DECODER = told(
    "decoder-picks-unreadable-branch",
    "breaking",
    ERROR,
    "decoders take branch {picked} and fail, although {fitting} could read what was written",
    """
    The registry accepts this change, and consumers crash all the same.

    A compatibility checker asks whether *some* branch of the reader's union can read what was written. A decoder
    does not try them all: it takes the branch with the writer's full name, and fails if that one cannot read it.

    Let the branch of the same full name stay readable (defaults for its new fields), or give the other branch that
    full name.

    ```avsc fires
    [{"type": "record", "name": "x.R", "fields": [{"name": "a", "type": "int", "default": 0}]}]
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
    ENUM_REMOVED,
    ENUM_ADDED,
    BRANCH_REMOVED,
    BRANCH_ADDED,
    FIXED_SIZE,
    TYPE_RENAMED,
    DECODER,
)
