"""Large and deep schemas are judged and explained in seconds at most, never with a RecursionError."""

from __future__ import annotations

import time

import pytest

from schemagate.compat.decode import decoder_conflicts
from schemagate.compat.explain import explain
from schemagate.compat.solve import Memo, Solver
from schemagate.schema.model import Factory, Node, Schema

SECONDS = 10
"""Generous: the slowest takes about one on an idle machine."""
FACTORY = Factory()


def schema(root: Node) -> Schema:
    named = (root, *root.defines) if root.kind == "record" else root.defines
    return Schema(root, {one.name: one for one in named}, "big.avsc")


def chain_by_name(count: int, last: str) -> Schema:
    null = FACTORY.primitive("null")
    types = [
        FACTORY.record(f"R{i}", (FACTORY.field("n", FACTORY.union((null, FACTORY.ref(f"R{i + 1}"))), default=None),))
        for i in range(count - 1)
    ]
    types.append(FACTORY.record(f"R{count - 1}", (FACTORY.field("v", FACTORY.primitive(last)),)))
    return schema(FACTORY.union(tuple(types)))


def nested_literally(count: int, last: str) -> Schema:
    node: Node = FACTORY.primitive(last)
    for i in range(count):
        node = FACTORY.record(f"L{i}", (FACTORY.field("n", node),))
    return schema(node)


def wide(count: int, kind: str) -> Schema:
    return schema(FACTORY.record("W", tuple(FACTORY.field(f"f{i}", FACTORY.primitive(kind)) for i in range(count))))


@pytest.mark.parametrize(
    ("make", "count"),
    [(chain_by_name, 10_000), (nested_literally, 2_000), (wide, 20_000)],
    ids=["by name", "literally", "fields"],
)
@pytest.mark.parametrize(("reader", "writer", "expected"), [("long", "int", True), ("string", "int", False)])
def test_big_schemas_are_judged_in_seconds(make, count, reader, writer, expected) -> None:
    ours, theirs = make(count, reader), make(count, writer)
    start = time.process_time()
    solver = Solver(ours, theirs)
    verdict = solver.compatible()
    reasons = explain(ours, theirs, solver)
    conflicts = decoder_conflicts(ours, theirs, solver)
    spent = time.process_time() - start

    assert (verdict, not reasons, conflicts) == (expected, expected, ())
    assert spent < SECONDS


def test_the_work_over_many_versions_follows_the_fields_that_differ() -> None:
    string = FACTORY.primitive("string")
    shared = [FACTORY.field(f"f{i}", string) for i in range(45)]
    versions = [
        schema(FACTORY.record("V", (*shared, *(FACTORY.field(f"g{i}", string, default="") for i in range(v, v + 3)))))
        for v in range(500)
    ]
    memo = Memo()
    start = time.process_time()
    verdicts = [
        Solver(*pair, memo).compatible() for old in versions for pair in ((versions[-1], old), (old, versions[-1]))
    ]
    spent = time.process_time() - start

    assert verdicts == [True] * 1_000
    assert spent < 0.5, f"{spent / 1_000 * 1e6:.0f} us a question; about 20 on an idle machine"
