"""Runs trial data through fastavro: which of them a reader really refuses, and in which words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from typing import Any, Final

import msgspec

from schemagate.adapters.decoding import DecodeError, Loaded, LoadError, decode, encode, library, load
from schemagate.compat.chain import Chain, chain_to, found_at
from schemagate.compat.decode import DecoderConflict
from schemagate.compat.explain import Incompatibility, plain as spelled
from schemagate.compat.witness import Trial
from schemagate.engine.meaning import hexadecimal, number
from schemagate.finding import Json
from schemagate.rules.moments import shown
from schemagate.schema.datum import Datum
from schemagate.schema.loadable import Variant, mixes_namespaces
from schemagate.schema.model import Field, Fixed, Primitive, Record, Schema

MOST_TRIED: Final = 20
"""Data that are tried for one answer, the smallest first."""


class Ran(msgspec.Struct, frozen=True):
    """What a decoder made of a trial's datum: ``error`` in plain words, or the ``value`` that it read.

    ``alone`` is the one field of the reader that was asked for, where other fields would have failed first.
    """

    trial: Trial
    error: str = ""
    value: Datum = None
    alone: str = ""


class Workbench:
    """Keeps what one run has loaded. Where fastavro does not take a schema, there is no answer."""

    def __init__(self) -> None:
        self._loaded: dict[tuple[int, bool, bool], tuple[Schema | Variant, Loaded | None]] = {}

    def pair(
        self, reader: Schema | Variant, writer: Schema | Variant, *, logical: bool = False
    ) -> tuple[Loaded, Loaded] | None:
        """The reader and the writer as the library holds them; None if it does not take one."""
        apart = mixes_namespaces(reader) or mixes_namespaces(writer)
        ours = self._one(reader, logical=logical, apart=apart)
        theirs = self._one(writer, logical=logical, apart=apart)
        return None if ours is None or theirs is None else (ours, theirs)

    def _one(self, schema: Schema | Variant, *, logical: bool, apart: bool) -> Loaded | None:
        key = (id(schema), logical, apart)
        if key not in self._loaded:
            try:
                found: Loaded | None = load(schema, logical=logical, apart=apart)
            except LoadError:
                found = None
            # The schema is kept with it, so that its id stays its own.
            self._loaded[key] = (schema, found)
        return self._loaded[key][1]

    def refusal(self, reader: Schema, writer: Schema, trials: Sequence[Trial], *, sole: bool = True) -> Ran | None:
        """The first trial that the reader refuses, else the first that it reads; None where nothing could be run.

        ``sole``: the pair has no other cause, so that a refusal can only be this one.
        """
        loaded = self.pair(reader, writer)
        read: Ran | None = None
        for trial in trials[:MOST_TRIED] if loaded is not None else ():
            assert loaded is not None
            ran = _run(trial, *loaded)
            if ran is not None and ran.error and not sole:
                ran = self._alone(trial, reader, writer, loaded[1]) or ran
            if ran is not None and ran.error:
                return ran
            read = read or ran
        return read

    def _alone(self, trial: Trial, reader: Schema, writer: Schema, written: Loaded) -> Ran | None:
        """The trial for a reader that asks for nothing but what the cause is about; None where that is everything."""
        narrow = narrowed(reader, _about(reader, trial.cause))
        if narrow is None:
            return None
        variant, name = narrow
        loaded = self.pair(variant, writer)
        ran = _run(trial, loaded[0], written) if loaded is not None else None
        return None if ran is None else msgspec.structs.replace(ran, alone=name)


def _run(trial: Trial, reader: Loaded, writer: Loaded) -> Ran | None:
    try:
        data = encode(writer, trial.datum)
    except LoadError:
        return None
    try:
        return Ran(trial, value=decode(data, writer, reader))
    except DecodeError as error:
        return Ran(trial, error=why(trial.cause) if error.kind == "mismatch" else error.words)


def _about(reader: Schema, cause: Incompatibility | DecoderConflict) -> Chain:
    """The way to the reader's part that the cause is about."""
    part = cause.reader
    return (chain_to(reader, cause.path, lambda found: found is part) if part is not None else None) or ()


def narrowed(reader: Schema, chain: Chain) -> tuple[Variant, str] | None:
    """The reader with no field but those that the chain goes through, and their names; None if it goes through none."""
    kept: dict[str, dict[str, Field]] = {}
    names: list[str] = []
    for above, below in pairwise(chain):
        if isinstance(above, Record) and isinstance(below, Field):
            kept.setdefault(above.name, {})[below.name] = below
            names.append(below.name)
    if not names:
        return None
    return Variant(reader, fields={name: tuple(fields.values()) for name, fields in kept.items()}), ".".join(names)


def why(cause: Incompatibility | DecoderConflict) -> str:
    """Why the two types do not fit, in words that complete "read with ...: "."""
    if isinstance(cause, DecoderConflict):
        return f"the decoder takes branch {cause.picked}, which does not fit"
    match cause.kind:
        case "NAME_MISMATCH":
            return f"{cause.found} is not {cause.expected}"
        case "FIXED_SIZE_MISMATCH":
            return f"{cause.found} bytes are written, {cause.expected} expected"
        case "MISSING_UNION_BRANCH":
            return f"no branch of its union fits {cause.found}"
        case "TYPE_MISMATCH":
            return f"{cause.found} is written, {cause.expected} expected"
        case _:
            written = spelled(cause.writer) if cause.writer is not None else "what is written"
            return f"{written} does not fit"


class Seen(msgspec.Struct, frozen=True):
    """A value as a reader gets it, or why it gets none; ``alone`` as in :class:`Ran`."""

    value: Json = None
    error: str = ""
    alone: str = ""


def observed(bench: Workbench, writer: Schema | Variant, reader: Schema, datum: Datum, chain: Chain) -> Seen | None:
    """What a reader that knows logical types gets at the chain's end; None where nothing could be run.

    Where the reader fails, it may be for another field: then only what the chain leads to is asked for.
    """
    seen = _observed(bench, writer, reader, datum, chain)
    if seen is None or not seen.error:
        return seen
    narrow = narrowed(reader, chain)
    again = _observed(bench, writer, narrow[0], datum, chain) if narrow is not None else None
    if narrow is None or again is None or again.error == seen.error:
        return seen
    return msgspec.structs.replace(again, alone=narrow[1])


def _observed(
    bench: Workbench, writer: Schema | Variant, reader: Schema | Variant, datum: Datum, chain: Chain
) -> Seen | None:
    loaded = bench.pair(reader, writer, logical=True)
    if loaded is None:
        return None
    try:
        value = decode(encode(loaded[1], datum), loaded[1], loaded[0])
    except LoadError:
        return None
    except DecodeError as error:
        return Seen(error=error.words)
    return Seen(told(next(found_at(chain, value), None)))


def writes(node: Primitive | Fixed, amount: Json) -> bool:
    """Whether the library writes a decimal as a value of this type, and does not say that its digits are too many."""
    import fastavro

    named = {node.name: node} if isinstance(node, Fixed) else {}
    try:
        fastavro.schemaless_writer(BytesIO(), load(Schema(node, named), logical=True).parsed, Decimal(str(amount)))
    except (ValueError, LoadError):
        return False
    return True


def told(value: Datum) -> Json:
    """What fastavro hands out, as people write it: dates, decimals and bytes too. Iterative, for any depth."""
    result: list[Json] = [None]
    stack: list[tuple[Any, Any, Any]] = [(value, result, 0)]
    while stack:
        item, target, key = stack.pop()
        if isinstance(item, dict):
            target[key] = made = dict.fromkeys(map(str, item))
            stack.extend((inner, made, str(name)) for name, inner in item.items())
        elif isinstance(item, list | tuple):
            cells: list[Json] = [None] * len(item)
            target[key] = cells
            stack.extend((inner, cells, position) for position, inner in enumerate(item))
        else:
            target[key] = _scalar(item)
    return result[0]


def _scalar(item: object) -> Json:
    if isinstance(item, Decimal):
        return number(item)
    if isinstance(item, dt.datetime):
        passed = item.replace(tzinfo=None) - dt.datetime(1970, 1, 1)  # noqa: DTZ001 - a count from 1970, no moment
        return shown("timestamp", (passed.days * 86_400 + passed.seconds) * 10**9 + passed.microseconds * 1_000)
    if isinstance(item, dt.date):
        return item.isoformat()
    if isinstance(item, dt.time):
        return shown("time", ((item.hour * 60 + item.minute) * 60 + item.second) * 10**9 + item.microsecond * 1_000)
    if isinstance(item, bytes):
        return hexadecimal(item)
    return item if item is None or isinstance(item, bool | int | float | str) else str(item)


__all__ = ["MOST_TRIED", "Ran", "Seen", "Workbench", "library", "narrowed", "observed", "told", "why"]
