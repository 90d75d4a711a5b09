"""Comparing field by field, and skipping what is quiet, finds what comparing whole schemas finds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from schemagate.avsc.read import read_text
from schemagate.compat.modes import Mode
from schemagate.engine.fieldwise import Fieldwise
from schemagate.engine.judge import Judge
from schemagate.engine.lineage import Lineage, Version
from schemagate.finding import VersionId
from schemagate.rules.catalog import CHANGE
from schemagate.schema.model import Factory, Schema
from schemagate.schema.names import schema_of

DATA = Path(__file__).parent.parent / "conformance" / "data" / "pairs_dev.jsonl"


def judged(old: Schema, middle: Schema, new: Schema) -> dict[object, frozenset[str]]:
    """What is told of ``new`` after two versions, places and versions included → the other uses that are named."""
    versions = tuple(Version(VersionId(f"v{n}"), schema) for n, schema in enumerate((old, middle), start=1))
    lineage = Lineage("s", "s.avsc", Mode.FULL_TRANSITIVE, new, versions, versions[-1])
    return {
        (one.cause.key, one.cause.pointer, one.cause.part, one.inherited, tuple(one.against)): frozenset(
            one.cause.also_at
        )
        for one in Judge(CHANGE).judge(lineage)
    }


def same(fast: dict[object, frozenset[str]], whole: dict[object, frozenset[str]]) -> bool:
    """Equal, where naming more uses of a shared type is as good."""
    return fast.keys() == whole.keys() and all(whole[key] <= fast[key] for key in whole)


def pairs() -> list[tuple[str, Schema, Schema]]:
    factory = Factory()
    found = []
    for row in map(json.loads, DATA.read_text(encoding="utf-8").splitlines()):
        if row["reader_error"] is None and row["writer_error"] is None:
            both = (schema_of(read_text(row[side]).value, factory, "s.avsc") for side in ("writer", "reader"))
            found.append((row["id"], *both))
    return found


@pytest.fixture(scope="module")
def parsed():
    return pairs()


def test_field_by_field_tells_what_the_whole_tells(parsed, monkeypatch):
    fast = {name: judged(old, old, new) for name, old, new in parsed}
    monkeypatch.setattr(Fieldwise, "causes", lambda _self, _old: None)
    whole = {name: judged(old, old, new) for name, old, new in parsed}

    assert [name for name in whole if not same(fast[name], whole[name])] == []


def test_what_is_inherited_is_the_same_either_way(parsed, monkeypatch):
    """Chains of three: a pair and, as the oldest version, the old side of a pair of the same type."""
    by_name: dict[str, Schema] = {}
    chains = []
    for name, old, new in parsed:
        root = getattr(new.root, "name", "")
        if root and root in by_name:
            chains.append((name, by_name[root], old, new))
        by_name[root] = old
    fast = {name: judged(*chain) for name, *chain in chains}
    monkeypatch.setattr(Fieldwise, "causes", lambda _self, _old: None)
    whole = {name: judged(*chain) for name, *chain in chains}

    assert len(chains) > 1_000
    assert [name for name in whole if not same(fast[name], whole[name])] == []
