"""What decoders do where the checker finds another branch that fits."""

from __future__ import annotations

import io
from typing import Any

import fastavro
import pytest

from schemagate.compat.decode import DecoderConflict, decoder_conflicts
from schemagate.compat.solve import Solver

from .schemas import field, pair, record

WRITER = record("x.R", field("a", "int"))
READER = [record("x.R", field("z", "int")), record("y.R", field("a", "int"))]


def conflicts(reader: Any, writer: Any) -> tuple[DecoderConflict, ...]:
    return decoder_conflicts(*pair(reader, writer))


def test_the_branch_of_the_full_name_wins_and_cannot_read() -> None:
    assert Solver(*pair(READER, WRITER)).compatible() is True
    assert [(c.picked, c.fitting, c.path, c.reader_pointer) for c in conflicts(READER, WRITER)] == [
        ("x.R", ("y.R",), "$<R>", "/0"),
    ]


def test_the_place_is_told_inside_records_on_both_sides() -> None:
    reader = record("Top", field("pad", "int", 0), field("items", {"type": "array", "items": READER}))
    writer = record("Top", field("items", {"type": "array", "items": WRITER}))
    (one,) = conflicts(reader, writer)

    assert (one.path, one.writer_path) == ("$.items[]<R>", "$.items[]")
    assert (one.reader_pointer, one.writer_pointer) == ("/fields/1/type/items/0", "/fields/0/type/items")
    assert (one.reader_field, one.writer_field) == ("items", "items")


@pytest.mark.parametrize(
    ("reader", "writer"),
    [
        (READER, record("y.R", field("a", "int"))),
        (READER, record("x.R", field("z", "int"))),
        (READER[:1], WRITER),
        ([record("x.R", field("z", "int")), "null"], WRITER),
        (["null", "string"], ["string", "null"]),
    ],
    ids=["other name", "reads", "incompatible", "nothing fits", "no names"],
)
def test_where_the_picked_branch_reads_or_none_fits_there_is_no_conflict(reader, writer) -> None:
    assert conflicts(reader, writer) == ()


def test_fastavro_throws_where_a_conflict_is_told() -> None:
    data = io.BytesIO()
    fastavro.schemaless_writer(data, WRITER, {"a": 1})
    data.seek(0)

    with pytest.raises(Exception, match="No default value for field z"):
        fastavro.schemaless_reader(data, WRITER, READER)
