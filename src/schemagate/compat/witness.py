"""From a refuted path to the data that should prove it: what the writer can write and the reader cannot read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from schemagate.compat.chain import Chain, around, chain_to, presentable, weight
from schemagate.compat.decode import DecoderConflict
from schemagate.compat.explain import FIELD_KINDS, Incompatibility
from schemagate.schema.datum import Datum, Smallest
from schemagate.schema.model import Enum, Field, Node, Schema


class Trial(msgspec.Struct, frozen=True):
    """A datum to decode, and why it should fail. ``writer_chain`` leads to the writer's part that cannot be read."""

    datum: Datum
    size: int
    """In :class:`Smallest`'s measure."""
    cause: Incompatibility | DecoderConflict
    writer_chain: Chain


def trials(
    writer: Schema, causes: Iterable[Incompatibility | DecoderConflict], small: Smallest | None = None
) -> list[Trial]:
    """A datum for each cause that has one of bounded size, the smallest first; of an enum one for each symbol."""
    smallest = small or Smallest(writer)
    found = [trial for cause in causes for trial in _of(writer, smallest, cause)]
    return sorted(found, key=lambda trial: trial.size)


def _of(writer: Schema, small: Smallest, cause: Incompatibility | DecoderConflict) -> Iterator[Trial]:
    part = writer_part(cause)
    if part is None:
        return
    chain = chain_to(writer, cause.writer_path, lambda found: found is part)
    if chain is None:
        return
    own = small.size(part)
    size = None if own is None else weight(small, chain, own)
    if own is None or size is None or not presentable(small, chain, own):
        return
    values = list(cause.found) if isinstance(cause, Incompatibility) and cause.kind == "MISSING_ENUM_SYMBOLS" else []
    for value in values if isinstance(part, Enum) and values else [small.of(part)]:
        yield Trial(around(small, chain, value), size, cause, chain)


def writer_part(cause: Incompatibility | DecoderConflict) -> Node | None:
    """The writer's type that finds no reader; for a field that is missing, the record without it."""
    if isinstance(cause, Incompatibility) and cause.kind in FIELD_KINDS:
        return cause.writer_record
    return None if isinstance(cause.writer, Field) else cause.writer


def fault(writer: Schema, small: Smallest | None = None) -> str:
    """Why no datum can be shown at all, in words; empty if one can."""
    return (small or Smallest(writer)).fault()
