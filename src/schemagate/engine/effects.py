"""For a change that is compatible and not safe: the datum that shows it, and what Avro Java is known to make of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from msgspec.structs import replace

from schemagate.compat.chain import Chain, around, presentable
from schemagate.engine.effect import JAVA, PYTHON, SAME, SCRIPT, WRITTEN_ON, Effect, Sides, way_to
from schemagate.engine.meaning import NoValueError, java_value, meaning, promoted, telling
from schemagate.engine.orders import sorted_otherwise
from schemagate.engine.supposed import absent, renamed_back, unknown
from schemagate.finding import Direction, Finding, Reading
from schemagate.rules.moments import CLOCKS
from schemagate.rules.resolution import picks
from schemagate.schema.align import Change
from schemagate.schema.datum import Datum, Smallest, least, plain
from schemagate.schema.model import Decimal, Enum, Field, Fixed, Node, Primitive, Schema, Union
from schemagate.schema.walk import Part

Effects: TypeAlias = Callable[[Sides, Finding], Iterator[Effect]]


def effects(
    change: Change[Any],
    direction: Direction,
    finding: Finding,
    smallest: Callable[[Schema], Smallest] = Smallest,
) -> Iterator[Effect]:
    """What may show the finding on this change, the most telling first; nothing where no value changes."""
    find = BY_RULE.get(finding.rule)
    if find is not None and change.old is not None and change.new is not None:
        yield from find(Sides(change, direction, smallest), finding)


def _typed(sides: Sides, finding: Finding) -> Iterator[Effect]:
    """Another type, logical type or unit: a value that the two sides take for different things."""
    fewer = finding.rule == "decimal-precision-reduced"
    for writer, reader in _pairs(sides):
        schema, path, part = sides.writer
        chain = _into(way_to(schema, path, part), writer)
        theirs = _into(way_to(*sides.reader), reader)
        small = sides.smallest(schema)
        own = least(writer)
        if not chain or not theirs or own is None or not presentable(small, chain, own[1] + 1):
            continue
        for raw in telling(writer, reader):
            before = meaning(writer, raw)
            yield Effect(
                schema,
                around(small, chain, raw),
                around(small, chain, before),
                before,
                path,
                (sides.reading(theirs),),
                sides.direction,
                (fewer and _refusing(reader, raw)) or (_java(writer, reader, raw),),
                again=reader if fewer else None,
            )


def _refusing(reader: Primitive | Fixed, raw: Datum) -> tuple[Reading, ...]:
    """Who reads a decimal of more digits than the reader's type has, and does not write it on.

    Source: ``LogicalTypes.Decimal`` and ``Conversions.DecimalConversion`` of Avro Java 1.12, and the Python library of
    the same project, run.
    """
    if not isinstance(reader.logical, Decimal):
        return ()
    digits, most = len(str(abs(int.from_bytes(raw, "big", signed=True)))), reader.logical.precision
    if digits <= most:
        return ()
    error = f"Cannot encode decimal with precision {digits} as max precision {most}"
    return (
        Reading(WRITTEN_ON, JAVA, ran=False, error=error, how="reads it too, and throws then"),
        Reading(WRITTEN_ON, PYTHON, ran=False, how="writes it"),
    )


def _pairs(sides: Sides) -> Iterator[tuple[Primitive | Fixed, Primitive | Fixed]]:
    written, read = sides.writer[2], sides.reader[2]
    if isinstance(written, Primitive | Fixed) and isinstance(read, Primitive | Fixed):
        yield written, read
    elif isinstance(written, Union) or isinstance(read, Union):
        yield from ((p.writer, p.reader) for p in picks(sides.change) if p.direction is sides.direction)


def _into(chain: Chain, branch: Node) -> Chain:
    """The chain, and from a union on into its branch."""
    return (*chain, branch) if chain and isinstance(chain[-1], Union) else chain


def _java(writer: Primitive | Fixed, reader: Primitive | Fixed, raw: Datum) -> Reading:
    try:
        return Reading("", JAVA, ran=False, value=java_value(writer, reader, raw), how=_how(writer, reader, raw))
    except NoValueError as error:
        return Reading("", JAVA, ran=False, error=str(error), how="refuses it")


def _how(writer: Primitive | Fixed, reader: Primitive | Fixed, raw: Datum) -> str:
    before, after = writer.logical, reader.logical
    if writer.kind == "bytes" and reader.kind == "string":
        held = promoted(writer, reader, raw)
        return "puts U+FFFD for what is no UTF-8" if "\ufffd" in held else "takes the bytes for text"
    if isinstance(before, Decimal) and isinstance(after, Decimal):
        return "takes the reader's scale" if before.scale != after.scale else "does not check the precision"
    if before is not None and after is not None and {before.name, after.name} <= CLOCKS.keys():
        return "takes the reader's unit" if before.name != after.name else "takes the number as it is"
    if before is not after and (before is None or after is None or before.name != after.name):
        return "takes the reader's logical type" if after is not None else "leaves the logical type out"
    if reader.kind in ("float", "double"):
        return f"rounds to a {reader.kind}"
    return "takes the text's UTF-8 bytes" if reader.kind == "bytes" else "takes the reader's type"


def _swallowed(sides: Sides, _: Finding) -> Iterator[Effect]:
    """The first symbol that the reader does not have."""
    schema, path, written = sides.writer
    read = sides.reader[2]
    if isinstance(written, Enum) and isinstance(read, Enum):
        lost = next((symbol for symbol in written.symbols if symbol not in read.symbols), None)
        if lost is not None:
            yield from _placed(sides, schema, path, written, lost)


def _placed(sides: Sides, schema: Schema, path: str, part: Node, value: Datum) -> Iterator[Effect]:
    chain, theirs, small = way_to(schema, path, part), way_to(*sides.reader), sides.smallest(schema)
    if chain and theirs and presentable(small, chain, 1):
        datum = around(small, chain, value)
        yield Effect(schema, datum, datum, value, path, (sides.reading(theirs),), sides.direction, SAME)


def _lost(sides: Sides, _: Finding) -> Iterator[Effect]:
    """A value under one name, and what arrives under the other."""
    schema, path, written = sides.writer
    read = sides.reader[2]
    if not isinstance(written, Field) or not isinstance(read, Field):
        return
    small = sides.smallest(schema)
    inside = _telling_chain(schema, written.type)
    own = small.size(written.type) if inside else None
    chain = (*way_to(schema, path, written), *inside)
    theirs = way_to(*sides.reader)
    if len(chain) == len(inside) or not theirs or own is None or not presentable(small, chain, own):
        return
    value = _notable(inside[-1], small)
    datum = around(small, chain, value)
    before = plain(value)
    yield Effect(schema, datum, datum, before, path, (sides.reading(theirs),), sides.direction, SAME)


def _telling_chain(schema: Schema, node: Node) -> Chain:
    """Into a field's type, past its union, to a branch that can hold more than null; empty if none can."""
    node = schema.resolve(node)
    if not isinstance(node, Union):
        return (node,)
    branch = next((b for b in map(schema.resolve, node.branches) if b.kind != "null"), None)
    return () if branch is None else (node, branch)


def _notable(node: Part, small: Smallest) -> Datum:
    """A value that nobody takes for a default."""
    if isinstance(node, Primitive) and node.logical is None:
        return NOTABLE.get(node.kind, small.of(node))
    return small.of(node)  # type: ignore[arg-type]


NOTABLE: Final[Mapping[str, Datum]] = {
    "boolean": True,
    "int": 7,
    "long": 7,
    "float": 7.5,
    "double": 7.5,
    "string": "x",
    "bytes": b"x",
}


def _by_full_name(sides: Sides, finding: Finding) -> Iterator[Effect]:
    """Who looks for a type by its full name; Java does for a branch, and only where the rule knows that it finds none.

    Source: avsc 5.7.9 and Avro Java 1.12.1, run.
    """
    schema, path, written = sides.writer
    read = sides.reader[2]
    reasons = [one.reason for one in finding.against if one.direction is sides.direction]
    lost = any("Java finds no branch" in reason for reason in reasons)
    own = sides.smallest(schema)
    if own.size(written) is None or written.name in read.aliases:
        return
    java = Reading("", JAVA, ran=False, error=f"Found {written.name}, expecting union", how="throws")
    script = Reading("", SCRIPT, ran=False, error=f"{written.name} is not {read.name}", how="refuses it")
    for effect in _placed(sides, schema, path, written, own.of(written)):
        yield replace(effect, before=plain(effect.before), known=(java if lost else SAME[0], script))


TYPED: Final = (
    "decimal-scale-changed",
    "decimal-precision-reduced",
    "timestamp-unit-changed",
    "logical-type-changed",
    "string-bytes-promotion",
    "lossy-promotion",
    "union-promotion-surprise",
)

BY_RULE: Final[Mapping[str, Effects]] = {
    **dict.fromkeys(TYPED, _typed),
    "enum-symbol-swallowed": _swallowed,
    "field-renamed-value-lost": _lost,
    "default-changed": absent,
    "default-removed": absent,
    "sort-order-changed": sorted_otherwise,
    "union-reordered": sorted_otherwise,
    "alias-removed": renamed_back,
    "enum-default-changed": unknown,
    "namespace-changed": _by_full_name,
}
"""Every rule on what is compatible and not safe, but for doc-only-version: there the messages are the same bytes."""
