"""Rules on types that readers widen: what fits by the rules of Avro and not always by value."""

from __future__ import annotations

from collections.abc import Iterator

from schemagate.finding import Direction, Severity
from schemagate.rules.change_logical import number_as_text
from schemagate.rules.kit import Change, Found, Rule, change, found
from schemagate.rules.resolution import Pick, picks, rounded
from schemagate.schema.model import Node, Primitive, Union


def _sides(pick: Pick) -> tuple[str, str]:
    """The two kinds, old then new."""
    kinds = (pick.writer.kind, pick.reader.kind)
    return kinds if pick.direction is Direction.BACKWARD else kinds[::-1]


@change(
    "lossy-promotion",
    on=(Primitive, Union),
    severity=Severity.WARNING,
    message="{old} became {new}: large whole numbers are rounded",
)
def lossy_promotion(change: Change[Node]) -> Iterator[Found]:
    """Whole numbers beyond what a floating-point type holds arrive as other numbers: identifiers stop matching.

    Avro lets a reader widen `int` to `float`, and `long` to `float` and `double`. A `float` holds every whole number
    up to 2^24 (16,777,216), a `double` up to 2^53; beyond, the reader gets the nearest one that the type has. Python's
    fastavro keeps the number as it was written, so consumers disagree.

    Widen `int` to `long` or `double` instead. For fractions of a `long`, add a new field.

    ```avsc fires
    {"type": "record", "name": "Order", "fields": [{"name": "number", "type": "long"}]}
    ---
    {"type": "record", "name": "Order", "fields": [{"name": "number", "type": "double"}]}
    ```

    ```avsc fires
    {"type": "record", "name": "Order", "fields": [{"name": "number", "type": ["int", "float"]}]}
    ---
    {"type": "record", "name": "Order", "fields": [{"name": "number", "type": "float"}]}
    ```

    ```avsc passes
    {"type": "record", "name": "Order", "fields": [{"name": "number", "type": "int"}]}
    ---
    {"type": "record", "name": "Order", "fields": [{"name": "number", "type": "double"}]}
    ```
    """
    for pick in picks(change):
        example = rounded(pick.writer.kind, pick.reader.kind)
        if example is not None and not _exact_passed(pick) and pick.writer.logical is None:
            reason = f"{example[0]} is read as {example[1]}"
            old, new = _sides(pick)
            yield found(directions=(pick.direction,), reasons={pick.direction: reason}, old=old, new=new)


def _exact_passed(pick: Pick) -> bool:
    """Whether another branch of the reader's union would have kept the number."""
    return pick.passed is not None and rounded(pick.writer.kind, pick.passed.kind) is None


@change(
    "union-promotion-surprise",
    on=(Primitive, Union),
    severity=Severity.WARNING,
    message="{written} is read as {picked}, although the union has {passed}",
)
def union_promotion_surprise(change: Change[Node]) -> Iterator[Found]:
    """Whole numbers are rounded although the reader's union has a branch that would keep them.

    A reader whose union has no branch of the writer's own type takes the first one that the value can be promoted to.
    With `float` before `long`, an old `int` becomes a `float`, and 16,777,217 becomes 16,777,216.

    Put the most exact type first: `long` before `double`, and leave `float` out.

    ```avsc fires
    {"type": "record", "name": "Order", "fields": [{"name": "number", "type": "int"}]}
    ---
    {"type": "record", "name": "Order", "fields": [{"name": "number", "type": ["string", "float", "long"]}]}
    ```

    ```avsc passes
    {"type": "record", "name": "Order", "fields": [{"name": "number", "type": "int"}]}
    ---
    {"type": "record", "name": "Order", "fields": [{"name": "number", "type": ["string", "long", "float"]}]}
    ```
    """
    for pick in picks(change):
        example = rounded(pick.writer.kind, pick.reader.kind)
        if example is not None and pick.passed is not None and _exact_passed(pick):
            yield found(
                directions=(pick.direction,),
                reasons={pick.direction: f"{example[0]} is read as {example[1]}"},
                written=pick.writer.kind,
                picked=pick.reader.kind,
                passed=pick.passed.kind,
            )


@change(
    "string-bytes-promotion",
    on=(Primitive, Union),
    severity=Severity.WARNING,
    message="{old} became {new}: what is no UTF-8 text is garbled",
)
def string_bytes_promotion(change: Change[Node]) -> Iterator[Found]:
    """Bytes that are no UTF-8 text are garbled by some readers and refused by others.

    Avro lets `string` and `bytes` read each other, so no registry objects. Text read as bytes is its UTF-8 encoding,
    which is harmless. Bytes read as text are not: Java puts replacement characters where they are no UTF-8, and
    Python raises an error. With a decimal in the bytes, see `logical-type-changed`.

    Keep the field as it is and add a new one of the other type, nullable with default `null`.

    ```avsc fires
    {"type": "record", "name": "Order", "fields": [{"name": "payload", "type": "bytes"}]}
    ---
    {"type": "record", "name": "Order", "fields": [{"name": "payload", "type": "string"}]}
    ```

    ```avsc passes
    {"type": "record", "name": "Order", "fields": [{"name": "payload", "type": "bytes"}]}
    ---
    {"type": "record", "name": "Order", "fields": [{"name": "payload", "type": "bytes"},
      {"name": "payload_text", "type": ["null", "string"], "default": null}]}
    ```
    """
    told = [
        pick
        for pick in picks(change)
        if {pick.writer.kind, pick.reader.kind} == {"string", "bytes"} and not number_as_text(pick)
    ]
    if told:
        old, new = _sides(told[0])
        yield found(
            directions=tuple(dict.fromkeys(pick.direction for pick in told)),
            reasons={pick.direction: TAKEN[pick.reader.kind] for pick in told},
            old=old,
            new=new,
        )


TAKEN = {
    "string": "bytes that are no UTF-8 text are garbled or refused",
    "bytes": "text is read as its UTF-8 bytes",
}


RULES: tuple[Rule, ...] = (lossy_promotion, union_promotion_surprise, string_bytes_promotion)
