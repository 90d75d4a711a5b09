"""What messages cost, for programs, field by field: a published format of its own."""

from __future__ import annotations

from typing import Literal

import msgspec

from schemagate._version import __version__
from schemagate.finding import Json
from schemagate.report.costs import Bytes, Cost, total
from schemagate.report.plain_json import text_of
from schemagate.report.published import View, schema_of
from schemagate.report.size import Row, Sized

FORMAT: Literal[1] = 1


class SizeHeader(View, frozen=True):
    """What this file is. `size` is the version of the format, `version` that of the tool that wrote it."""

    size: Literal[1]
    version: str


class BytesView(View, frozen=True):
    """The same messages in both formats, in bytes; Avro's include the registry's header of five bytes each."""

    json: int
    avro: int


class CostView(View, frozen=True):
    """`names` are the bytes of the JSON that spell field names; `batches` are by codec, `plain` is not compressed."""

    messages: int
    alone: BytesView
    names: int
    batches: dict[str, BytesView]


class SubjectView(View, frozen=True):
    """One subject: its cost, or why there is none."""

    subject: str
    path: str
    cost: CostView | None
    why: str


class SizeView(View, frozen=True):
    """All that one run measured; `total` is null where nothing was."""

    schemagate: SizeHeader
    total: CostView | None
    subjects: tuple[SubjectView, ...]
    assumptions: tuple[str, ...]
    left_out: tuple[str, ...]
    undecided: tuple[str, ...]


def dump(sized: Sized) -> str:
    """The run as JSON."""
    view = SizeView(
        SizeHeader(FORMAT, __version__),
        _cost(total(sized.measured)) if sized.measured else None,
        tuple(map(_row, sized.rows)),
        sized.assumptions,
        sized.left_out,
        sized.undecided,
    )
    return text_of(msgspec.to_builtins(view))


def json_schema() -> dict[str, Json]:
    """The published JSON Schema of what :func:`dump` writes."""
    return schema_of(SizeView, "size", FORMAT)


def _row(row: Row) -> SubjectView:
    return SubjectView(row.subject, row.path, _cost(row.cost) if row.cost is not None else None, row.why)


def _cost(cost: Cost) -> CostView:
    batches = {codec: _bytes(found) for codec, found in cost.batches.items()}
    return CostView(cost.messages, _bytes(cost.alone), cost.names, batches)


def _bytes(found: Bytes) -> BytesView:
    return BytesView(found.json, found.avro)
