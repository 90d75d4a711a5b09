"""Rules on logical types that change: readers and registries look at the bytes, people at what they mean."""

from __future__ import annotations

from collections.abc import Iterator

from schemagate.finding import Direction, Severity
from schemagate.rules.kit import Change, Found, Rule, change, found
from schemagate.rules.moments import CLOCKS, mistaken
from schemagate.rules.resolution import Pick, picks
from schemagate.schema.logical import BASES
from schemagate.schema.model import Decimal, Fixed, Logical, Node, Primitive, Union

BACKWARD, FORWARD = Direction.BACKWARD, Direction.FORWARD
NUMBERS_IN_BYTES = frozenset({"decimal", "big-decimal"})


@change(
    "logical-type-changed",
    on=(Primitive, Fixed, Union),
    severity=Severity.WARNING,
    message="{old} became {new}",
)
def logical_type_changed(change: Change[Node]) -> Iterator[Found]:
    """The bytes still decode, but the two sides disagree about what they mean.

    Schema resolution ignores logical types, so no registry refuses such a change. A decimal that becomes a string,
    or another logical type on the same base, arrives as nonsense: an error. A logical type that is added or taken
    away changes the type that generated code, warehouses and query engines see, and old values may not fit the new
    meaning (text that is no UUID): a warning. A name that Avro does not define is a notice.

    Keep the field as it is and add a new one of the new type, nullable with default `null`.

    ```avsc fires
    {"type": "record", "name": "Order", "fields": [
      {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}}]}
    ---
    {"type": "record", "name": "Order", "fields": [{"name": "price", "type": "string"}]}
    ```

    ```avsc fires
    {"type": "record", "name": "Order", "fields": [{"name": "created_at", "type": "long"}]}
    ---
    {"type": "record", "name": "Order", "fields": [
      {"name": "created_at", "type": {"type": "long", "logicalType": "timestamp-millis"}}]}
    ```

    ```avsc passes
    {"type": "record", "name": "Order", "fields": [{"name": "created", "type": "long"}]}
    ---
    {"type": "record", "name": "Order", "fields": [{"name": "created", "type": "long"},
      {"name": "created_at", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}], "default": null}]}
    ```
    """
    yield from _decimals_as_text(change)
    old, new = change.old, change.new
    if not isinstance(old, Primitive | Fixed) or not isinstance(new, Primitive | Fixed):
        return
    before, after = _name(old), _name(new)
    if before == after or {old.kind, new.kind} == {"string", "bytes"} or _other_clock(before, after):
        return
    yield found(
        _part(new),
        reasons={
            BACKWARD: f"{_told(old)} is read as {_told(new)}",
            FORWARD: f"{_told(new)} is read as {_told(old)}",
        },
        severity=_grade(before, after),
        old=_told(old),
        new=_told(new),
    )


def _decimals_as_text(change: Change[Node]) -> Iterator[Found]:
    """A number in bytes that is read as text, or the reverse."""
    told = [pick for pick in picks(change) if number_as_text(pick)]
    if told:
        sides = (told[0].writer, told[0].reader)
        old, new = sides if told[0].direction is BACKWARD else sides[::-1]
        yield found(
            directions=tuple(dict.fromkeys(pick.direction for pick in told)),
            reasons={pick.direction: TAKEN[pick.reader.kind] for pick in told},
            severity=Severity.ERROR,
            old=_told(old),
            new=_told(new),
        )


TAKEN = {"string": "the bytes of a number are read as text", "bytes": "text is read as the bytes of a number"}


def number_as_text(pick: Pick) -> bool:
    """Whether the bytes of a decimal are taken for text, or text for them."""
    logicals = (pick.writer.logical, pick.reader.logical)
    number = any(logical is not None and logical.name in NUMBERS_IN_BYTES for logical in logicals)
    return number and {pick.writer.kind, pick.reader.kind} == {"string", "bytes"}


def _name(node: Primitive | Fixed) -> str:
    """The logical type that somebody acts on: a valid one, or one that Avro does not define."""
    if node.logical is not None:
        return node.logical.name
    name = node.props.get("logicalType")
    return name if isinstance(name, str) and name not in BASES else ""


def _told(node: Primitive | Fixed) -> str:
    return _name(node) or f"plain {node.kind}"


def _part(node: Primitive | Fixed) -> str:
    return "logicalType" if _name(node) else ""


def _grade(before: str, after: str) -> Severity | None:
    if any(name and name not in BASES for name in (before, after)):
        return Severity.NOTICE
    # A timestamp and a local one of the same unit hold the same number: wrong by the zone, not by a factor.
    return Severity.ERROR if before and after and before not in CLOCKS else None


def _other_clock(before: str, after: str) -> bool:
    """Whether the same number means another moment: what timestamp-unit-changed tells."""
    if before not in CLOCKS or after not in CLOCKS or before == after:
        return False
    wrote, reads = CLOCKS[before], CLOCKS[after]
    moments = {"timestamp", "local timestamp"}
    return wrote.unit != reads.unit or not {wrote.tells, reads.tells} <= moments


@change(
    "timestamp-unit-changed",
    on=Logical,
    severity=Severity.ERROR,
    message="{old} became {new}: the same number means another moment",
)
def timestamp_unit_changed(change: Change[Logical]) -> Iterator[Found]:
    """Every value that is already written is read as another point in time.

    A timestamp is a plain number on the wire, and its unit stands in the schema only. A reader takes its own
    schema's unit, so milliseconds that are read as microseconds are a thousand times too small: 2024-01-01 becomes
    1970-01-20. The same goes for a date that becomes a time. Registries compare the number's type and accept it.

    Keep the field as it is and add a new one with the new unit, nullable with default `null`.

    ```avsc fires
    {"type": "record", "name": "Order", "fields": [
      {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}}]}
    ---
    {"type": "record", "name": "Order", "fields": [
      {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}}]}
    ```

    ```avsc fires
    {"type": "record", "name": "Order", "fields": [{"name": "at", "type": {"type": "int", "logicalType": "date"}}]}
    ---
    {"type": "record", "name": "Order", "fields": [
      {"name": "at", "type": {"type": "int", "logicalType": "time-millis"}}]}
    ```

    ```avsc passes
    {"type": "record", "name": "Order", "fields": [
      {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}}]}
    ---
    {"type": "record", "name": "Order", "fields": [
      {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
      {"name": "at_micros", "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}], "default": null}]}
    ```
    """
    old, new = change.old, change.new
    if old is not None and new is not None and _other_clock(old.name, new.name):
        yield found(
            "logicalType",
            reasons={BACKWARD: mistaken(old.name, new.name), FORWARD: mistaken(new.name, old.name)},
            old=old.name,
            new=new.name,
        )


@change(
    "decimal-scale-changed",
    on=Decimal,
    severity=Severity.ERROR,
    message="the decimal's scale changed from {old} to {new}",
)
def decimal_scale_changed(change: Change[Decimal]) -> Iterator[Found]:
    """Amounts silently become ten or a hundred times too large or too small.

    A decimal is written as its digits alone; where the point goes stands in the schema. The specification says that
    decimals of different scale do not match. Avro Java does not enforce it: its readers take their own schema's
    scale and turn 123.45 into 1.2345. Others take the writer's, so consumers disagree about the same message.

    Keep the field as it is and add a new one with the new scale, nullable with default `null`.

    ```avsc fires
    {"type": "record", "name": "Order", "fields": [
      {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}}]}
    ---
    {"type": "record", "name": "Order", "fields": [
      {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 4}}]}
    ```

    ```avsc passes
    {"type": "record", "name": "Order", "fields": [
      {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}}]}
    ---
    {"type": "record", "name": "Order", "fields": [
      {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
      {"name": "exact_price", "default": null,
       "type": ["null", {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 4}]}]}
    ```
    """
    old, new = change.old, change.new
    if old is not None and new is not None and old.scale != new.scale:
        yield found(
            "scale",
            reasons={BACKWARD: _shifted(old.scale, new.scale), FORWARD: _shifted(new.scale, old.scale)},
            old=old.scale,
            new=new.scale,
        )


MOST_DIGITS = 12
"""Scales up to this are shown by an example, the others in words."""


def _shifted(writer: int, reader: int) -> str:
    if max(writer, reader) > MOST_DIGITS:
        return f"the decimal point moves by {abs(writer - reader)} digits"
    digits = 12_345 * 10 ** max(writer - 4, 0)
    return f"{_pointed(digits, writer)} is read as {_pointed(digits, reader)}"


def _pointed(digits: int, scale: int) -> str:
    text = str(digits).rjust(scale + 1, "0")
    return f"{text[:-scale]}.{text[-scale:]}" if scale else text


@change(
    "decimal-precision-reduced",
    on=Decimal,
    severity=Severity.WARNING,
    message="the decimal's precision changed from {old} to {new} digits",
)
def decimal_precision_reduced(change: Change[Decimal]) -> Iterator[Found]:
    """A number with more digits than its reader's type holds is refused or cut by what stores it.

    The specification says that decimals of different precision do not match; Avro's decoders do not check it. The
    check comes later: Java and fastavro read the number and refuse to write it on with the same schema, and a column
    of a warehouse is made for the reader's precision, so that the first larger number fails the load. Fewer digits
    concern new consumers of old data, a warning; more digits concern the consumers on the older version, a notice.

    Keep the precision, and choose it generously in a new field: 38 digits fit most warehouses.

    ```avsc fires
    {"type": "record", "name": "Order", "fields": [
      {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}}]}
    ---
    {"type": "record", "name": "Order", "fields": [
      {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}}]}
    ```

    ```avsc passes
    {"type": "record", "name": "Order", "fields": [
      {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}}]}
    ---
    {"type": "record", "name": "Order", "fields": [
      {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2},
       "doc": "Below 100,000 from May on."}]}
    ```
    """
    old, new = change.old, change.new
    if old is None or new is None or old.scale != new.scale or old.precision == new.precision:
        return
    least, most = sorted((old.precision, new.precision))
    direction = BACKWARD if new.precision < old.precision else FORWARD
    yield found(
        "precision",
        directions=(direction,),
        reasons={direction: f"a number may have {most} digits, their type holds {least}"},
        severity=None if direction is BACKWARD else Severity.NOTICE,
        old=old.precision,
        new=new.precision,
    )


RULES: tuple[Rule, ...] = (
    logical_type_changed,
    timestamp_unit_changed,
    decimal_scale_changed,
    decimal_precision_reduced,
)
