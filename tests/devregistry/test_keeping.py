"""The journal holds what the store knows, whatever happened; what it cannot keep is not answered as done."""

from __future__ import annotations

import json
import random

from schemagate.devregistry.journal import MEMORY, Journal
from schemagate.devregistry.keeper import Keeper
from schemagate.devregistry.store.routes import Store
from schemagate.devregistry.store.values import Answer, Request

SCHEMAS = [
    json.dumps({"type": "record", "name": name, "fields": [{"name": f, "type": "int", "default": 0} for f in fields]})
    for name in ("R", "S")
    for fields in ("", "a", "ab", "b")
]
SUBJECTS = ["a", "b", "c", ":.x:a"]
QUESTIONS = [
    ("subjects",),
    ("schemas",),
    ("contexts",),
    ("config",),
    ("mode",),
    *(("schemas", "ids", str(number)) for number in range(1, 12)),
    *(("schemas", "ids", str(number), "versions") for number in range(1, 12)),
    *((kind, subject) for kind in ("config", "mode") for subject in (*SUBJECTS, ":.x:")),
    *(("subjects", subject, "versions", "1", "referencedby") for subject in SUBJECTS),
]


def change(chance: random.Random, now: int) -> Request:
    subject = chance.choice(SUBJECTS)
    kind = chance.choice(
        ["register"] * 6 + ["refer", "delete", "delete", "purge", "purge", "version", "config", "mode"]
    )
    query = {"permanent": "true"} if kind == "purge" else {}
    body: dict[str, object] = {"schema": chance.choice(SCHEMAS)}
    if kind in ("register", "refer"):
        if kind == "refer":
            target = {"name": "R", "subject": chance.choice(SUBJECTS), "version": -1}
            body = {"schema": '{"type":"array","items":"int"}', "references": [target]}
        if chance.random() < 0.3:
            body["metadata"] = {"properties": {"k": chance.choice("12")}}
        return Request("POST", ("subjects", subject, "versions"), body=body, now=now)
    if kind in ("delete", "purge"):
        return Request("DELETE", ("subjects", subject), query)
    if kind == "version":
        path = ("subjects", subject, "versions", chance.choice(["1", "latest"]))
        return Request("DELETE", path, {"permanent": chance.choice(["true", "false"])})
    place = chance.choice([subject, ":.x:"])
    if chance.random() < 0.3:
        return Request("DELETE", (kind, place))
    values = {"compatibility": chance.choice(["NONE", "FULL"]), "mode": chance.choice(["READWRITE", "READONLY"])}
    return Request("PUT", (kind, place), body=values)


def answers(ask) -> list[Answer]:
    queries = [{"deleted": "true", "subjectPrefix": ":*:"}, {"fetchMaxId": "true"}]
    return [ask(Request("GET", path, query)) for path in QUESTIONS for query in queries]


def test_a_store_made_of_the_journal_answers_as_the_one_that_wrote_it():
    for seed in range(10):
        chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
        journal = Journal(MEMORY)
        keeper = Keeper(journal, "NONE")
        for now in range(150):
            keeper.answer(change(chance, now))
        restored = Store("NONE")
        for event in journal.events():
            restored.apply(event)

        assert answers(restored.answer) == answers(keeper.answer)
        journal.close()


def test_asking_alone_changes_nothing():
    store = Store("NONE")
    before = answers(store.answer)
    chance = random.Random(1)  # noqa: S311 - repeatable, not secret

    for now in range(50):
        store.answer(change(chance, now))

    assert answers(store.answer) == before


def test_what_cannot_be_kept_is_refused_and_forgotten():
    journal = Journal(MEMORY)
    keeper = Keeper(journal, "NONE")
    pages = journal._connection.execute("PRAGMA page_count").fetchone()[0]
    journal._connection.execute(f"PRAGMA max_page_count = {pages}")
    large = json.dumps({"type": "fixed", "name": "F", "size": 1, "doc": "x" * 100_000})

    refused = keeper.answer(Request("POST", ("subjects", "a", "versions"), body={"schema": large}))
    taken = keeper.answer(Request("POST", ("subjects", "a", "versions"), body={"schema": '"int"'}))

    assert (refused.status, refused.body) == (
        500,
        {"error_code": 50001, "message": ":memory:: cannot write: database or disk is full"},
    )
    assert (taken.body["id"], taken.body["version"]) == (1, 1)
    journal.close()
