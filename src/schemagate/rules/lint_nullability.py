"""Rules on fields that may be null: what lets a field come and go without a break."""

from __future__ import annotations

from collections.abc import Iterable

from schemagate.finding import Severity
from schemagate.rules.kit import Found, Rule, Visit, found, lint
from schemagate.schema.model import MISSING, Field, Union


def _nullable(field: Field) -> Union | None:
    """The field's union, where it has null and something else."""
    union = field.type
    if not isinstance(union, Union) or len(union.branches) < 2:
        return None
    return union if any(branch.kind == "null" for branch in union.branches) else None


@lint(
    "nullable-without-default",
    on=Field,
    severity=Severity.ERROR,
    message="field `{field}` may be null but has no default",
)
def nullable_without_default(visit: Visit[Field]) -> Iterable[Found]:
    """A nullable field without a default is mandatory: it can be neither added nor removed without a break.

    `["null", "string"]` says that the value may be null, not that it may be missing. When a reader's field is not
    in the data, only its `default` fills it: without one Java stops with "missing value", and a reader of an older
    or a newer version fails on the first message. A registry accepts such a schema as a first version, and the
    break comes with the next one.

    Put `"null"` first and add `"default": null`. That is a compatible change, also of a published schema.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": [
      {"name": "referral_code", "type": ["null", "string"]}
    ]}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": [
      {"name": "referral_code", "type": ["null", "string"], "default": null}
    ]}
    ```
    """
    field = visit.node
    if field.default is not MISSING or not _nullable(field):
        return ()
    return (found("type", field=field.name),)


@lint(
    "null-not-first-with-null-default",
    on=Field,
    severity=Severity.ERROR,
    message="field `{field}` has the default null, but null is not its union's first branch",
)
def null_not_first_with_null_default(visit: Visit[Field]) -> Iterable[Found]:
    """A null default on a union that does not start with null is refused by readers built on Avro 1.11 or older.

    Up to specification 1.11 a union's default had to match the union's first branch; 1.12 allows any one branch.
    A schema like `["string", "null"]` with `"default": null` therefore parses in a new library and is an
    "Invalid default" in an older one, and which library a consumer runs is not the producer's choice.

    Put `"null"` first: `["null", "string"]`. The order of the branches may change between versions, both ways.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": [
      {"name": "referral_code", "type": ["string", "null"], "default": null}
    ]}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": [
      {"name": "referral_code", "type": ["null", "string"], "default": null}
    ]}
    ```
    """
    field = visit.node
    if field.default is not None:
        return ()
    union = _nullable(field)
    if union is None or union.branches[0].kind == "null":
        return ()
    return (found("type", field=field.name),)


@lint(
    "default-not-null-on-nullable",
    on=Field,
    severity=Severity.WARNING,
    message="field `{field}` may be null but has the default {default:json}{first}",
)
def default_not_null_on_nullable(visit: Visit[Field]) -> Iterable[Found]:
    """A nullable field whose default is a value makes "not sent" look like something that somebody sent.

    A reader that does not find the field in the data gets the default. If that is null, the reader can tell that
    nobody set it; if it is a value, old data silently claims that value. If null is also the union's first branch,
    readers built on Avro 1.11 or older refuse the schema, because until then a default had to match the first
    branch: that case is a warning, the other one a notice.

    Use `["null", ...]` with `"default": null`. If the value is truly meant for all data that lacks the field, take
    null out of the union or move it behind the value's branch, and allow this rule at the field.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": [
      {"name": "plan", "type": ["null", "string"], "default": "free"}
    ]}
    ```

    ```avsc fires
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": [
      {"name": "plan", "type": ["string", "null"], "default": "free"}
    ]}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": [
      {"name": "plan", "type": ["null", "string"], "default": null},
      {"name": "locale", "type": "string", "default": "en"}
    ]}
    ```
    """
    field = visit.node
    default = field.default
    if default is None or default is MISSING:
        return ()
    union = _nullable(field)
    if union is None:
        return ()
    if union.branches[0].kind == "null":
        return (found("default", field=field.name, default=default, first=", not of its first branch"),)
    return (found("default", field=field.name, default=default, first="", severity=Severity.NOTICE),)


RULES: tuple[Rule, ...] = (nullable_without_default, null_not_first_with_null_default, default_not_null_on_nullable)
