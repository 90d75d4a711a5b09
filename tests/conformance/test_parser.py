"""What Avro Java 1.12.1 accepts and refuses, row by row; no row is excepted."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from schemagate.avsc.read import read_text
from schemagate.schema.model import Factory
from schemagate.schema.names import schema_of

DATA = Path(__file__).parent / "data"
ELSEWHERE = os.environ.get("SCHEMAGATE_CONFORMANCE")
NESTED = {f"deep nesting {depth} arrays": depth for depth in (400, 600, 1100)}


def rows(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def problems_of(text, factory):
    document = read_text(text)
    if not document.readable:
        return list(document.problems)
    return [*document.problems, *schema_of(document.value, factory).problems]


def text_of(row):
    depth = NESTED.get(row["case"])
    return row["schema"] if depth is None else '{"type":"array","items":' * depth + '"int"' + "}" * depth


PARSER = rows(DATA / "parser.jsonl")


@pytest.mark.parametrize("row", PARSER, ids=[row["case"] for row in PARSER])
def test_accepts_what_the_reference_accepts(row):
    refused = [problem.rule for problem in problems_of(text_of(row), Factory()) if problem.refused]

    assert bool(refused) == (row["java"] != "ok")


@pytest.mark.parametrize("row", PARSER, ids=[row["case"] for row in PARSER])
def test_names_that_only_the_strict_reference_refuses_are_told(row):
    told = [p.rule for p in problems_of(text_of(row), Factory()) if p.rule == "name-not-ascii"]

    assert told == (["name-not-ascii"] if row["java"] == "ok" != row["java_strict_names"] else [])


PAIRS = [DATA / "pairs_dev.jsonl"]
if ELSEWHERE:
    PAIRS.append(Path(ELSEWHERE) / "pairs_realworld.jsonl")


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_parses_the_same_sides_of_the_pairs_as_the_reference(path):
    factory = Factory()
    different = [
        (row["id"], side, row[f"{side}_error"])
        for row in rows(path)
        for side in ("reader", "writer")
        if any(p.refused for p in problems_of(row[side], factory)) != (row[f"{side}_error"] is not None)
    ]

    assert different == []
