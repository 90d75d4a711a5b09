"""The recorded answers of the real Confluent Schema Registry 8.3, asked again of the embedded one."""

from __future__ import annotations

import json
from pathlib import Path

from tests.devregistry.running import JSON_TYPE, Client, running

GOLDEN = Path(__file__).parent / "data" / "golden_confluent_8.3.0.jsonl"
"""389 requests (``m``, ``p``, ``b`` or ``raw``) with what was answered (``status``, ``resp``), in their order."""

JACKSON = "the same code and text, but for the JSON parser's own words at its end"
UNRESOLVED = "the same code and text, but for the name of a class of Avro Java's: ours names the type"
DIFFERENT = {
    "lookup invalid schema": UNRESOLVED,
    "register unknown type": UNRESOLVED,
    "register bad json": JACKSON,
    "check invalid schema": JACKSON,
    "check invalid schema verbose": JACKSON,
    "err GET /schemas/ids/99999/schema": "recorded: an internal error, 500; ours is the 40403 of its sister paths",
    "body empty": "recorded without bean validation, 500; a whole server answers 422, as ours does",
    "ruleSet register": "recorded on an edition that drops rule sets; ours keeps them, as Confluent's platform does",
    "ruleSet invalid": "the same: ours refuses a rule without a name with 42210",
    "md metadata query": "the same: here the newest version is the one with the rule set",
}
"""Rows that we answer otherwise, each with its reason."""


def compared(value: object, ids: dict[int, str], case: str) -> object:
    """A body without times, and with each id replaced by the case that first got it: numbering is the server's."""
    if isinstance(value, dict):
        return {key: _member(key, item, ids, case) for key, item in value.items() if key != "ts"}
    if isinstance(value, list):
        bare = case == "referencedby"
        return [ids.get(item, item) if bare else compared(item, ids, case) for item in value]
    return value


def _member(key: str, value: object, ids: dict[int, str], case: str) -> object:
    if key == "id" and isinstance(value, int):
        return ids.setdefault(value, f"id of <{case}>")
    return "<maxId>" if key == "maxId" else compared(value, ids, case)


def replayed(client: Client, rows: list[dict]) -> set[str]:
    """The cases that are answered otherwise than recorded."""
    known: dict[str, int] = {}
    theirs: dict[int, str] = {}
    ours: dict[int, str] = {}
    different = set()
    for row in rows:
        path = row["p"].replace("{id}", str(known.get(row.get("idof"), 0)))
        headers = {"Accept": row.get("accept") or JSON_TYPE} | ({"Content_Type": row["ct"]} if row.get("ct") else {})
        reply = client.ask(row["m"], path, row.get("raw") if row.get("raw") is not None else row.get("b"), **headers)
        if row["m"] == "POST" and isinstance(reply.body, dict) and isinstance(reply.body.get("id"), int):
            known[row["case"]] = reply.body["id"]
        expected = row["status"], compared(row["resp"], theirs, row["case"])
        if expected != (reply.status, compared(reply.body, ours, row["case"])):
            different.add(row["case"])
    return different


def test_all_rows_but_the_listed_ones_are_answered_as_confluent_answers_them():
    rows = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]

    with running("BACKWARD") as client:
        different = replayed(client, rows)

    assert different == set(DIFFERENT)
    assert (len(rows), len(rows) - len(DIFFERENT)) == (389, 379)
