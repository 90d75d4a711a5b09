"""Rules on logical types: those that readers ignore, and those that are missing."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from schemagate.finding import Json, Severity
from schemagate.rules.kit import Found, Rule, Visit, found, lint
from schemagate.rules.spelling import words_in, words_of
from schemagate.schema.logical import BASES, why_ignored
from schemagate.schema.model import Array, Field, Fixed, Map, Node, Primitive, Props, Ref, Union

TYPES: Final = (Primitive, Fixed, Ref, Array, Map)


def _ignored(props: Props) -> Json:
    """The logical type that readers ignore here, if any: valid ones are no properties."""
    return props.get("logicalType")


def _why_ignored(node: Primitive | Fixed | Array | Map) -> str | None:
    return why_ignored(node.kind, node.size if isinstance(node, Fixed) else None, node.props)


@lint(
    "logical-type-ignored",
    on=(*TYPES, Field),
    severity=Severity.WARNING,
    message="logical type `{name}` is ignored: {why}",
)
def logical_type_ignored(visit: Visit[Primitive | Fixed | Ref | Array | Map | Field]) -> Iterable[Found]:
    """A logical type in the wrong place is silently ignored, and the field is the plain number or text below it.

    The specification says that an invalid logical type is ignored, and every library does so: no error, no
    conversion. A `logicalType` beside the `type` of a field is a property of the field that nobody reads; on a type
    that it does not belong to, or with parameters that do not fit, it is one of the type.

    Write it inside the type, on its own base: `"type": {"type": "long", "logicalType": "timestamp-millis"}`. Where
    the schema is published, existing consumers see the plain value: adding a logical type changes what they get.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": [
      {"name": "signup", "type": "long", "logicalType": "timestamp-millis"}
    ]}
    ```

    ```avsc fires
    {"type": "int", "logicalType": "timestamp-millis"}
    ```

    ```avsc fires
    {"type": "bytes", "logicalType": "decimal", "precision": 4, "scale": 6}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": [
      {"name": "signup", "type": {"type": "long", "logicalType": "timestamp-millis"}}
    ]}
    ```
    """
    node = visit.node
    name = _ignored(node.props)
    if name is None:
        return ()
    why: str | None
    if isinstance(node, Field):
        inner = getattr(node.type, "logical", None)
        beside = inner is None or inner.name != name
        why = "it stands beside the field's type, not inside it" if beside else None
    elif isinstance(node, Ref):
        why = f"it belongs where `{node.name}` is defined, not where it is used"
    else:
        why = None if _lacks_precision(node) else _why_ignored(node)
    return () if why is None else (found("logicalType", name=name, why=why),)


def _lacks_precision(node: Primitive | Fixed | Array | Map) -> bool:
    """Whether it is a decimal, ignored for no other reason than its missing or impossible precision."""
    if _ignored(node.props) != "decimal" or node.kind not in BASES["decimal"]:
        return False
    precision = node.props.get("precision")
    return precision.__class__ is not int or precision <= 0


@lint(
    "decimal-without-precision",
    on=(Primitive, Fixed),
    severity=Severity.ERROR,
    message="decimal has no valid precision",
)
def decimal_without_precision(visit: Visit[Primitive | Fixed]) -> Iterable[Found]:
    """A decimal without a precision is raw bytes for Java and crashes fastavro's writers.

    `precision` is required and must be a positive integer. Without it Java ignores the logical type, so a producer
    has to encode the number itself; fastavro stops with `KeyError: 'precision'` when it writes the first value.

    Add `"precision"`, the number of digits of the largest value, and `"scale"`, those after the point. The scale
    can never be changed afterwards.

    ```avsc fires
    {"type": "bytes", "logicalType": "decimal", "scale": 2}
    ```

    ```avsc passes
    {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}
    ```
    """
    return (found("logicalType"),) if _lacks_precision(visit.node) else ()


@lint(
    "unknown-logical-type",
    on=(Primitive, Fixed, Array, Map),
    severity=Severity.NOTICE,
    message="logical type `{name}` is not one of Avro's{hint}",
)
def unknown_logical_type(visit: Visit[Primitive | Fixed | Array | Map]) -> Iterable[Found]:
    """A logical type that a reader does not know is ignored, and the value is the plain type below it.

    That is how one's own logical types work: those who registered them convert, all others get the plain value.
    It is also how a misspelled one goes unnoticed. A name that is nearly one of the specification's is a warning,
    any other a notice.

    Correct the spelling. For a logical type of your own, allow the rule at the type or switch it off.

    ```avsc fires
    {"type": "long", "logicalType": "timestamp-milis"}
    ```

    ```avsc fires
    {"type": "string", "logicalType": "com.example.iban"}
    ```

    ```avsc passes
    {"type": "long", "logicalType": "timestamp-millis"}
    ```
    """
    node = visit.node
    name = _ignored(node.props)
    logical = getattr(node, "logical", None)
    if name is None and logical is not None:
        name = logical.name
    if not isinstance(name, str) or name in BASES:
        return ()
    near = get_close_matches(name.lower().replace("_", "-"), BASES, n=1, cutoff=0.85)
    if near:
        return (found("logicalType", name=name, hint=f"; did you mean `{near[0]}`?", severity=Severity.WARNING),)
    return (found("logicalType", name=name, hint=", so most readers ignore it"),)


MOMENTS: Final = frozenset({"timestamp", "datetime", "ts"})
"""Words that say "a moment" wherever a name ends in them."""
PARTICIPLES: Final = frozenset({"created", "updated", "modified", "deleted"})
UNITS: Final = frozenset({"ms", "us", "ns", "millis", "micros", "nanos", "utc", "epoch"})
DURATIONS: Final = words_in(
    "response processing elapsed total wait waiting run running execution load loading cpu up down idle travel lead "
    "lag latency duration build query render play cook prep average avg mean max min service queue real user sys "
    "system hold talk flight transit delivery"
)
"""Words before ``time`` that make it a length of time, not a moment."""


@lru_cache(maxsize=4096)
def names_a_moment(name: str) -> bool:
    """Whether a field of this name is expected to hold a date and a time."""
    words = [word for word in words_of(name) if word not in UNITS] or list(words_of(name))
    if not words:
        return False
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last in MOMENTS or last in PARTICIPLES:
        return True
    if last == "at":
        return bool(before)
    return last == "time" and before not in DURATIONS


@lint(
    "timestamp-without-logical-type",
    on=Field,
    severity=Severity.NOTICE,
    message="`{field}` looks like a moment in time but is a plain {type}",
)
def timestamp_without_logical_type(visit: Visit[Field]) -> Iterable[Found]:
    """A timestamp that is a plain number or text leaves its unit and zone to everyone's guess.

    A `long` may count seconds, milliseconds or microseconds; a `string` may have a zone or not. With a logical type
    the schema says it, and generated code, warehouses and query engines get a real timestamp.

    In a new field use `{"type": "long", "logicalType": "timestamp-millis"}` (or `-micros`). Adding the logical type
    to a published field is compatible on the wire but changes the type in generated code.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": [
      {"name": "created_at", "type": "long"}
    ]}
    ```

    ```avsc fires
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": [
      {"name": "eventTime", "type": ["null", "string"], "default": null}
    ]}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": [
      {"name": "created_at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
      {"name": "response_time", "type": "long"}
    ]}
    ```
    """
    field = visit.node
    plain = _plain(field.type)
    if plain is None or "logicalType" in field.props or not names_a_moment(field.name):
        return ()
    return (found("type", field=field.name, type=plain.kind),)


def _plain(node: Node) -> Primitive | None:
    """The long or string that a field holds, directly or as the only branch beside null; None if it says more."""
    if isinstance(node, Union):
        others = [branch for branch in node.branches if branch.kind != "null"]
        if len(others) != 1:
            return None
        node = others[0]
    if not isinstance(node, Primitive) or node.kind not in ("long", "string") or node.logical is not None:
        return None
    # Kafka Connect writes what the value means into a property of its own.
    return None if "logicalType" in node.props or "connect.name" in node.props else node


RULES: tuple[Rule, ...] = (
    logical_type_ignored,
    decimal_without_precision,
    unknown_logical_type,
    timestamp_without_logical_type,
)
