"""One record of a data file after the other: its bytes, and the schema that it was written with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from typing import BinaryIO, NamedTuple

from schemagate.adapters.container import Container
from schemagate.adapters.decoding import DecodeError, Loaded, LoadError, decode_next, encode, load
from schemagate.adapters.messages import Kind, delimited, json_value, line_message, lines
from schemagate.errors import UndecidedError
from schemagate.finding import Json
from schemagate.schema.extent import ExtentError, end_of, recursive
from schemagate.schema.from_json import Misfit, datum_of
from schemagate.schema.model import Schema
from schemagate.wire.frame import FrameError, unpack


class Writer(NamedTuple):
    """A schema that data was written with, and what it is called."""

    name: str
    schema: Schema


class Item(NamedTuple):
    """A record, numbered from 1 (a JSON line by its line)."""

    number: int
    writer: Writer
    data: bytes


class Lost(NamedTuple):
    """A record that could not be looked at, and why."""

    number: int
    why: str


def container_records(container: Container, writer: Writer) -> Iterator[Item | Lost]:
    """The records of a container. One that its own schema cannot read ends its block, as nobody knows where it ends."""
    loaded = loaded_writer(writer)
    nests = recursive(writer.schema)
    number = 0
    for block in container.blocks:
        stream = BytesIO(block.data)
        for position in range(block.records):
            start = stream.tell()
            try:
                if nests:
                    stream.seek(end_of(writer.schema, block.data, start))
                else:
                    decode_next(stream, loaded)
            except (DecodeError, ExtentError) as error:
                left = block.records - position
                yield Lost(
                    number + 1, f"it cannot be read with the schema in the file's own header ({error}); {left} skipped"
                )
                number += left
                break
            number += 1
            yield Item(number, writer, block.data[start : stream.tell()])


def loaded_writer(writer: Writer) -> Loaded:
    """The writer as the decoder holds it; UndecidedError if it does not take it."""
    try:
        return load(writer.schema)
    except LoadError as error:
        raise UndecidedError(f"{writer.name}: {error}") from error


def json_records(file: BinaryIO, writers: Sequence[Writer]) -> Iterator[Item | Lost]:
    """JSON lines: each is a datum of the first writer that it fits exactly, else with the defaults of what lacks."""
    held = [(writer, loaded_writer(writer)) for writer in writers]
    for number, line in lines(file):
        yield _json_record(number, json_value(line, number), held)


def _json_record(number: int, value: Json, writers: Sequence[tuple[Writer, Loaded]]) -> Item | Lost:
    why = ""
    for lenient in (False, True):
        for writer, loaded in writers:
            datum = datum_of(writer.schema, value, lenient=lenient)
            if isinstance(datum, Misfit):
                why = why or f"it is no datum of {writer.name}: {datum}"
                continue
            try:
                return Item(number, writer, encode(loaded, datum))
            except LoadError as error:
                why = str(error)
    others = f"; nor of {len(writers) - 1} more" if len(writers) > 1 else ""
    return Lost(number, f"{why}{others}")


def framed_records(file: BinaryIO, kind: Kind, writer_of: Callable[[int], Writer | str]) -> Iterator[Item | Lost]:
    """Messages behind a schema's id; ``writer_of`` says which schema that is, or why it is not known."""
    found = delimited(file) if kind == "delimited" else ((n, line_message(line, n)) for n, line in lines(file))
    for number, message in found:
        try:
            schema_id, data = unpack(message)
        except FrameError as error:
            yield Lost(number, str(error))
            continue
        writer = writer_of(schema_id)
        yield Lost(number, writer) if isinstance(writer, str) else Item(number, writer, data)
