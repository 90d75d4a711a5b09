"""``verify`` at the terminal: which versions read which data, whatever the file holds it in."""

from __future__ import annotations

import base64
import io
import json
import struct

import fastavro
import jsonschema
import pytest
from tests.app.holding import CONFIG, Holding, connecting
from tests.cli.cases import USER, Terminal
from tests.devregistry.running import running

from schemagate.report.verification import json_schema
from schemagate.wire.values import Payload

NAMED = CONFIG + '[[subjects]]\nmatch = "schemas/user.avsc"\nname = "user-value"\n'
AGED = USER.replace('"type": "string"}\n  ]', '"type": "string"},\n    {"name": "age", "type": ["null", "int"]}\n  ]')
"""The user with an age that has no default: old data lacks it."""
USERS = [{"id": "1", "user_id": "a"}, {"id": "2", "user_id": "b"}]
AGES = [*({**user, "age": None} for user in USERS), {"id": "3", "user_id": "c", "age": 7}]


@pytest.fixture
def aged(clone) -> Terminal:
    """A change that new consumers of old data do not survive."""
    clone.write("schemas/user.avsc", AGED)
    return clone


@pytest.fixture
def registry(clone, monkeypatch) -> Holding:
    """Knows the published schema as 7 and, since somebody registered it, one that is in no file as 8."""
    holding = Holding()
    payloads = {7: Payload(USER), 8: Payload(AGED.replace("age", "years")), 9: Payload('{"type": "recor"}')}
    holding.by_id = payloads.get  # type: ignore[attr-defined]
    monkeypatch.setattr("schemagate.adapters.registry.connect", connecting(holding))
    clone.write("schemagate.toml", NAMED)
    return holding


def container(path, schema: str, records: list[dict], codec: str = "null", **more: object) -> None:
    with path.open("wb") as file:
        fastavro.writer(file, json.loads(schema), records, codec=codec, **more)


def framed(schema: str, record: dict, schema_id: int) -> bytes:
    out = io.BytesIO()
    fastavro.schemaless_writer(out, json.loads(schema), record)
    return struct.pack(">bi", 0, schema_id) + out.getvalue()


def fared(view: dict) -> list[tuple[str, int, int, int | None, str]]:
    return [(c["name"], c["records"], c["failed"], c["first"], c["why"]) for c in view["consumers"]]


LACKS = "no default value for field age"


@pytest.mark.parametrize("codec", ["null", "deflate", "bzip2", "xz", "zstandard"])
def test_a_container_is_read_with_every_version_and_the_candidate(aged, codec):
    container(aged.directory / "users.avro", USER, USERS, codec)
    ran = aged.run("verify", "--data", "users.avro", "--format", "json")
    jsonschema.validate(ran.json, json_schema())

    assert (ran.code, fared(ran.json)) == (1, [("v1", 2, 0, None, ""), ("the candidate", 2, 2, 1, LACKS)])


def test_the_table_says_who_fails_where_and_why(aged):
    container(aged.directory / "users.avro", USER, USERS)
    ran = aged.run("verify", "--data", "users.avro")
    label = next(line for line in ran.lines if line.startswith("v1 ")).partition(")")[0] + ")"

    assert ran.lines == [
        "users.avro",
        "2 records, Avro container, written with com.example.User",
        f"read as consumers of com.example.User would, with fastavro {fastavro.__version__}",
        "",
        "consumer on                            reads      fails  first at",
        f"{label:<34}         2          0",
        "the candidate (schemas/user.avsc)          0          2         1",
        "    no default value for field age",
        "",
        "failed: 1 of 2 versions cannot read all of it; up to 2 of 2 records fail",
    ]


def test_data_that_everyone_reads_is_ok_and_what_is_not_promised_is_said(aged):
    container(aged.directory / "aged.avro", AGED, AGES)
    removed = aged.run("verify", "--data", "aged.avro", "--format", "json")

    assert (removed.code, fared(removed.json)) == (0, [("v1", 3, 0, None, ""), ("the candidate", 3, 0, None, "")])
    assert [one["promised"] for one in removed.json["consumers"]] == [True, True]


def test_a_version_that_reads_these_data_but_not_all_is_told_apart(clone):
    nullable = USER.replace('"name": "user_id", "type": "string"', '"name": "user_id", "type": ["null", "string"]')
    clone.write("schemas/user.avsc", nullable)
    container(clone.directory / "users.avro", nullable, USERS)
    ran = clone.run("verify", "--data", "users.avro", "--format", "json")

    assert (ran.code, [(c["failed"], c["promised"]) for c in ran.json["consumers"]]) == (0, [(0, False), (0, True)])


def test_the_first_failing_record_is_numbered_across_blocks(clone):
    nullable = USER.replace('"name": "user_id", "type": "string"', '"name": "user_id", "type": ["null", "string"]')
    clone.write("schemas/user.avsc", nullable)
    records = [{"id": str(n), "user_id": None if n == 73 else "x"} for n in range(1, 101)]
    container(clone.directory / "users.avro", nullable, records, sync_interval=50)
    ran = clone.run("verify", "--data", "users.avro", "--format", "json")

    assert fared(ran.json) == [
        ("v1", 100, 1, 73, "$.user_id: null is written, string expected"),
        ("the candidate", 100, 0, None, ""),
    ]


def test_json_lines_are_of_the_newest_version_that_they_fit(aged):
    lines = [json.dumps(USERS[0]), "", json.dumps(AGES[2]), json.dumps({**AGES[2], "age": {"int": 8}})]
    aged.write("users.jsonl", "\n".join(lines) + "\n")
    ran = aged.run("verify", "--data", "users.jsonl", "--format", "json")

    assert ran.json["writers"] == [{"name": "v1", "records": 1}, {"name": "the candidate", "records": 2}]
    assert (ran.code, fared(ran.json)) == (1, [("v1", 3, 0, None, ""), ("the candidate", 3, 1, 1, LACKS)])


def test_json_lines_can_be_said_to_be_of_one_schema(aged):
    aged.write("users.jsonl", json.dumps(USERS[0]) + "\n").write("other.avsc", AGED)
    fits = aged.run("verify", "--data", "users.jsonl", "--schema", "v1", "--format", "json")
    lacks = aged.run("verify", "schemas", "--data", "users.jsonl", "--schema", "other.avsc", "--format", "json")

    assert (fits.code, fits.json["writers"]) == (1, [{"name": "v1", "records": 1}])
    assert (lacks.code, lacks.json["undecided"]) == (
        3,
        ["record 1: it is no datum of other.avsc: $.age: expected a value, found none"],
    )


def test_a_line_that_is_no_json_is_undecided(aged):
    aged.write("users.jsonl", json.dumps(USERS[0]) + "\nnot json\n")
    ran = aged.run("verify", "--data", "users.jsonl", "--format", "json")

    assert (ran.code, ran.json["records"]) == (3, 1)
    assert ran.json["undecided"][0].startswith("line 2 is no JSON: ")


@pytest.mark.parametrize("shape", ["hex", "base64", "delimited"])
@pytest.mark.usefixtures("registry")
def test_framed_messages_are_read_as_the_registry_says_that_they_were_written(aged, shape):
    messages = [framed(USER, USERS[0], 7), framed(AGED.replace("age", "years"), {**USERS[0], "years": 3}, 8)]
    if shape == "delimited":
        data = b"".join(struct.pack(">i", len(one)) + one for one in messages) + struct.pack(">i", -1)
    else:
        encode = bytes.hex if shape == "hex" else lambda one: base64.b64encode(one).decode()
        data = "\n".join(map(encode, messages)).encode()
    (aged.directory / "messages").write_bytes(data)
    ran = aged.run("verify", "--data", "messages", "--format", "json")

    assert ran.json["writers"] == [{"name": "id 7", "records": 1}, {"name": "id 8", "records": 1}]
    assert (ran.code, fared(ran.json)) == (1, [("v1", 2, 0, None, ""), ("the candidate", 2, 2, 1, LACKS)])


@pytest.mark.usefixtures("registry")
def test_an_id_that_the_registry_does_not_know_is_undecided(aged):
    aged.write("messages", "\n".join(framed(USER, USERS[0], n).hex() for n in (7, 41, 9)) + "\n0102030405\n")
    ran = aged.run("verify", "--data", "messages", "--as", "messages", "--format", "json")

    assert (ran.code, ran.json["records"], ran.json["undecided"][0]) == (
        3,
        1,
        "record 2: registry prod knows no schema with the id 41",
    )
    assert ran.json["undecided"][1].startswith("record 3: the schema with the id 9: ")
    assert ran.json["undecided"][2] == "record 4: a framed message begins with 0x00, found 0x01"


def test_framed_messages_without_a_registry_cannot_be_looked_at(aged):
    aged.write("messages", framed(USER, USERS[0], 7).hex())
    ran = aged.run("verify", "--data", "messages")

    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("schemagate: framed messages name their schemas by ids, and no registry is asked\n")


def test_a_registry_that_cannot_be_reached_is_undecided(aged, registry):
    registry.down = True
    container(aged.directory / "users.avro", USER, USERS)
    ran = aged.run("verify", "--data", "users.avro", "--format", "json")

    assert (ran.code, ran.json["undecided"][0][:35]) == (3, "registry prod: https://registry.exa")


def test_versions_that_only_the_registry_has_are_tried_too(aged, registry):
    registry.put("user-value", USER, USER.replace("user_id", "uuid"))
    container(aged.directory / "users.avro", USER, USERS)
    ran = aged.run("verify", "--data", "users.avro", "--format", "json")

    assert ("no default value for field uuid", 2) in [(c["why"], c["failed"]) for c in ran.json["consumers"]]


def test_which_subject_is_meant_follows_from_the_writer_s_name_or_is_asked(aged):
    aged.write("schemas/order.avsc", USER.replace("User", "Order"))
    container(aged.directory / "users.avro", USER, USERS)
    aged.write("users.jsonl", json.dumps(USERS[0]))
    by_name = aged.run("verify", "--data", "users.avro", "--format", "json")
    unclear = aged.run("verify", "--data", "users.jsonl")
    named = aged.run("verify", "--data", "users.jsonl", "--subject", "com.example.Order", "--format", "json")
    by_file = aged.run("verify", "schemas/order.avsc", "--data", "users.jsonl", "--format", "json")

    assert by_name.json["subject"] == "com.example.User"
    assert (unclear.code, unclear.err.splitlines()[0]) == (
        2,
        "schemagate: 2 subjects may be what the data belongs to",
    )
    assert {named.json["subject"], by_file.json["subject"]} == {"com.example.Order"}


def test_a_damaged_container_is_undecided_with_what_was_read_before(aged):
    container(aged.directory / "whole.avro", USER, USERS * 50, sync_interval=100)
    data = (aged.directory / "whole.avro").read_bytes()
    (aged.directory / "cut.avro").write_bytes(data[: len(data) // 2])
    (aged.directory / "head.avro").write_bytes(data[:20])
    cut = aged.run("verify", "--data", "cut.avro", "--format", "json")

    assert (cut.code, cut.json["undecided"]) == (3, ["the container file ends too early"])
    assert cut.json["records"] > 0
    assert aged.run("verify", "--data", "head.avro").code == 3


def test_a_codec_that_is_not_here_is_said(aged):
    container(aged.directory / "users.avro", USER, USERS, "deflate")
    data = (aged.directory / "users.avro").read_bytes().replace(b"deflate", b"lzo-one")
    (aged.directory / "odd.avro").write_bytes(data)
    ran = aged.run("verify", "--data", "odd.avro")

    assert (ran.code, ran.err.splitlines()[0]) == (
        3,
        "schemagate: the container file is packed with lzo-one, which is not read here",
    )


def test_data_that_nest_deeper_than_decoders_survive_fail_and_crash_nothing(clone):
    tree = '{"type": "record", "name": "Tree", "fields": [{"name": "next", "type": ["null", "Tree"]}]}'
    clone.write("schemas/tree.avsc", tree)
    header = io.BytesIO()
    fastavro.writer(header, json.loads(tree), [])
    deep = b"\x02" * 100_000 + b"\x00"
    sync = header.getvalue()[-16:]
    (clone.directory / "deep.avro").write_bytes(header.getvalue() + number(1) + number(len(deep)) + deep + sync)
    ran = clone.run("verify", "--data", "deep.avro", "--format", "json")

    assert ran.code == 3
    assert "it nests more than 1,000 deep" in ran.json["undecided"][0]


def number(value: int) -> bytes:
    """As Avro writes a long that is not negative."""
    value <<= 1
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def test_no_data_no_such_file_and_no_record_are_told(aged):
    aged.write("empty.jsonl", "\n")

    assert aged.run("verify").err.startswith("schemagate: verify needs data\n")
    assert aged.run("verify", "--data", "nothing.avro").err.startswith("schemagate: cannot read nothing.avro: ")
    assert aged.run("verify", "--data", "empty.jsonl", "--format", "json").json["undecided"] == [
        "there is no record in the file"
    ]
    assert aged.run("verify", "--data", "empty.jsonl", "--as", "csv").code == 2


@pytest.fixture
def served(aged):
    """A running registry that has the published schema as id 1, and another type as id 2."""
    other = {"type": "record", "name": "Other", "fields": [{"name": "n", "type": "int"}]}
    with running() as client:
        client.register("user-value", USER)
        client.register("other-value", other)
        named = NAMED.replace("https://registry.example.com", client.url)
        aged.write("schemagate.toml", named)
        yield aged


def lines_of(directory, *messages: bytes) -> None:
    (directory / "topic.txt").write_bytes(b"\n".join(map(base64.b64encode, messages)) + b"\n")


def test_framed_messages_are_looked_up_in_a_running_registry(served):
    lines_of(served.directory, *(framed(USER, user, 1) for user in USERS))

    ran = served.run("verify", "--data", "topic.txt", "--format", "json")

    assert (ran.code, fared(ran.json)) == (1, [("v1", 2, 0, None, ""), ("the candidate", 2, 2, 1, LACKS)])
    assert ran.json["writers"] == [{"name": "id 1", "records": 2}]


def test_an_id_that_the_running_registry_lacks_is_no_verdict(served):
    lines_of(served.directory, framed(USER, USERS[0], 1), framed(USER, USERS[1], 77))

    ran = served.run("verify", "--data", "topic.txt", "--format", "json")

    assert ran.code == 3
    assert ran.json["undecided"] == ["record 2: registry prod knows no schema with the id 77"]
    assert ran.json["records"] == 1


def test_an_id_of_another_subjects_schema_fails_everywhere(served):
    other = '{"type": "record", "name": "Other", "fields": [{"name": "n", "type": "int"}]}'
    lines_of(served.directory, framed(other, {"n": 1}, 2))

    ran = served.run("verify", "--data", "topic.txt", "--subject", "user-value", "--format", "json")

    assert (ran.code, [c["failed"] for c in ran.json["consumers"]]) == (1, [1, 1])
    assert ran.json["consumers"][0]["why"] == "$: Other is not com.example.User"


def test_a_message_that_its_own_schema_cannot_read_is_no_versions_failure(served):
    lines_of(served.directory, framed(USER, USERS[0], 1), framed(USER, USERS[1], 1)[:7])

    ran = served.run("verify", "--data", "topic.txt", "--format", "json")

    assert ran.code == 3
    words = "the data ends too early: cut off, or written with another schema"
    assert ran.json["undecided"] == [f"record 2: it cannot be read with the schema that it names, id 1: {words}"]
    assert fared(ran.json) == [("v1", 1, 0, None, ""), ("the candidate", 1, 1, 1, LACKS)]


def test_a_registry_that_went_away_is_no_verdict(aged):
    with running() as client:
        aged.write("schemagate.toml", NAMED.replace("https://registry.example.com", client.url))
    lines_of(aged.directory, framed(USER, USERS[0], 1))

    ran = aged.run("verify", "--data", "topic.txt", "--subject", "user-value")

    assert ran.code == 3
    assert "cannot be reached" in ran.out
