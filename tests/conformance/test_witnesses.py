"""Every pair that the reference calls incompatible is refuted by a datum, and every datum of the others is read."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

import schemagate
from schemagate.adapters.decoding import DecodeError, decode, encode, load
from schemagate.compat.solve import Solver
from schemagate.schema.datum import Smallest
from schemagate.schema.loadable import mixes_namespaces
from schemagate.schema.sample import samples

HERE = Path(__file__).parent / "data"
MORE = os.environ.get("SCHEMAGATE_CONFORMANCE")
SAMPLES = int(os.environ.get("SCHEMAGATE_SAMPLES", "20"))
"""Data for each compatible pair; 1,000 take two minutes."""

ENDLESS = "its type has no finite value"
UNREACHABLE = "what differs stands in a type that no finite value reaches"
DIFFERENT = "fastavro reads it: it goes by a field's name before its alias, and by an alias without its namespace"
UNPROVED = dict.fromkeys(("d00932", "d02021"), UNREACHABLE) | dict.fromkeys(
    ("d00587", "d00608", "d00737", "d00782", "d00807", "d00974", "d01005", "d01752", "d01770", "d02350", "d02507"),
    DIFFERENT,
)
"""Incompatible pairs of inhabited types without a witness, each with its reason."""

OTHER_BRANCH = frozenset({"d00965", "d01196", "d01526"})
"""Compatible pairs in which fastavro takes the first branch of the same short name, Java that of the same full name."""


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def parsed(row: dict) -> tuple[schemagate.Schema, schemagate.Schema] | None:
    try:
        return schemagate.parse(row["reader"]), schemagate.parse(row["writer"])
    except schemagate.SchemaError:
        return None


@pytest.fixture(scope="module")
def pairs() -> list[tuple[str, schemagate.Schema, schemagate.Schema, bool]]:
    read = [(row["id"], parsed(row)) for row in rows(HERE / "pairs_dev.jsonl")]
    return [(name, *pair, Solver(*pair).compatible()) for name, pair in read if pair is not None]


def test_every_incompatible_pair_has_a_witness_or_a_reason(pairs) -> None:
    outcomes: Counter[str] = Counter()
    unproved = {}
    for name, reader, writer, ok in pairs:
        if ok:
            continue
        witness = schemagate.find_witness(reader, writer)
        assert witness is None or witness.confirmed
        why = "" if witness is not None else Smallest(writer).fault()
        outcomes[why or ("confirmed" if witness is not None else "unproved")] += 1
        if witness is None and not why:
            unproved[name] = UNPROVED.get(name, "no reason is known")

    assert unproved == UNPROVED
    assert outcomes == {"confirmed": 1529, ENDLESS: 56, "unproved": 13}


def test_no_compatible_pair_has_a_witness(pairs) -> None:
    assert [name for name, reader, writer, ok in pairs if ok and schemagate.find_witness(reader, writer)] == []


def test_every_generated_datum_of_a_compatible_pair_is_read(pairs) -> None:
    failing: dict[str, set[str]] = {}
    for name, reader, writer, ok in pairs:
        if not ok:
            continue
        small = Smallest(writer)
        apart = mixes_namespaces(reader) or mixes_namespaces(writer)
        ours, theirs = load(reader, apart=apart), load(writer, apart=apart)
        for datum in samples(writer, SAMPLES, seed=7, smallest=small):
            try:
                decode(encode(theirs, datum), theirs, ours)
            except DecodeError as error:
                failing.setdefault(name, set()).add(error.kind)
    # Bytes that are no UTF-8, read as a string, are the one class of data; the other is the choice of a branch.
    others = {name: kinds for name, kinds in failing.items() if kinds != {"text"}}

    assert others == {name: {"missing"} for name in OTHER_BRANCH}


@pytest.mark.skipif(not MORE, reason="SCHEMAGATE_CONFORMANCE names no directory")
def test_every_incompatible_real_pair_has_a_witness_or_no_finite_datum() -> None:
    outcomes: Counter[str] = Counter()
    for row in rows(Path(MORE or "") / "pairs_realworld.jsonl"):
        pair = parsed(row)
        if pair is not None and not Solver(*pair).compatible():
            found = schemagate.find_witness(*pair) is not None
            outcomes["confirmed" if found else Smallest(pair[1]).fault() or "unproved"] += 1

    assert outcomes == {"confirmed": 256, ENDLESS: 2}
