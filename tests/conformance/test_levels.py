"""A candidate against a history in a mode, against what the registries' own tests expect."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import schemagate

MORE = os.environ.get("SCHEMAGATE_CONFORMANCE")


@pytest.mark.skipif(not MORE, reason="SCHEMAGATE_CONFORMANCE names no directory")
def test_every_real_history_is_judged_as_expected() -> None:
    differing = []
    judged = 0
    for line in (Path(MORE or "") / "levels_realworld.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["expected"] is None:
            continue
        judged += 1
        ok = schemagate.check_compatibility(row["new"], row["history"], row["level"]).ok
        if ok is not row["expected"]:
            differing.append(row["id"])

    assert (judged, differing) == (238, [])
