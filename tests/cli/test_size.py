from __future__ import annotations

import json

import jsonschema
from tests.cli.cases import ADDRESS, BROKEN, ORDER, USER

from schemagate.report import size_json

TINY = '{"type": "record", "name": "Tiny", "fields": [{"name": "on", "type": "boolean"}]}\n'


def test_given_data_is_measured_to_the_byte(terminal):
    terminal.write("tiny.avsc", TINY).write("data.jsonl", '{"on": true}\n\n{ "on" : false }\n')

    ran = terminal.run("size", "tiny.avsc", "--data", "data.jsonl", "--format", "json")

    cost = ran.json["subjects"][0]["cost"]
    assert ran.code == 0
    # {"on":true} and {"on":false}, of which "on": twice; five bytes of header and one of data, twice.
    assert cost["alone"] == {"json": 11 + 12, "avro": 2 * (5 + 1)}
    assert (cost["messages"], cost["names"]) == (2, 2 * len('"on":'))
    # A batch is 61 bytes, and 7 around each record: its length, attributes, two deltas, no key, the value's length and
    # no headers.
    assert cost["batches"]["plain"] == {"json": 61 + 14 + 23, "avro": 61 + 14 + 12}
    assert {"gzip", "plain"} <= cost["batches"].keys()


def test_union_values_may_name_their_branch_and_missing_fields_take_their_default(terminal):
    schema = {
        "type": "record",
        "name": "R",
        "fields": [
            {"name": "a", "type": ["null", "string"], "default": None},
            {"name": "b", "type": "int", "default": 7},
        ],
    }
    terminal.write("r.avsc", json.dumps(schema)).write("d.jsonl", '{"a": {"string": "x"}}\n{"a": "x", "b": 1}\n{}\n')

    ran = terminal.run("size", "r.avsc", "--data", "d.jsonl", "--format", "json")

    cost = ran.json["subjects"][0]["cost"]
    assert cost["messages"] == 3
    assert cost["names"] == 3 * len('"a":')
    assert cost["alone"] == {"json": 20 + 15 + 2, "avro": 3 * 5 + 4 + 4 + 2}


def test_data_that_is_none_of_the_schema_is_told_and_exits_3(terminal):
    terminal.write("tiny.avsc", TINY).write("data.jsonl", '{"on": true}\n{"on": 1}\n')

    ran = terminal.run("size", "tiny.avsc", "--data", "data.jsonl")

    assert ran.code == 3
    assert "left out: data.jsonl:2: $.on: expected true or false, found 1" in ran.out


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others(terminal):
    terminal.write("user.avsc", USER)
    first, second, other = (terminal.run("size", "--format", "json", "--seed", seed).out for seed in ("1", "1", "2"))

    assert first == second != other


def test_each_subject_and_all_together(terminal):
    terminal.write("user.avsc", USER).write("address.avsc", ADDRESS).write("order.avsc", ORDER)

    ran = terminal.run("size", "--messages", "100", "--color", "never")

    assert ran.code == 0
    names = [line for line in ran.lines if line.startswith(("com.", "all"))]
    assert [name.split("  ")[0] for name in names] == [
        "com.example.Address",
        "com.example.Order",
        "com.example.User",
        "all together",
    ]
    assert any(line.startswith("Field names are ") and "(40 to 60 % is often said)" in line for line in ran.lines)
    assert "(seed 0)" in ran.out


def test_the_numbers_of_the_table_are_those_of_the_json(terminal):
    terminal.write("user.avsc", USER)
    cost = terminal.run("size", "--format", "json").json["total"]

    row = terminal.run("size", "--color", "never").lines[3].split()

    each = cost["alone"]["json"] / cost["messages"]
    assert row[0] == (f"{each:.0f}" if each >= 100 else f"{each:.1f}")
    assert row[1] == f"{100 * cost['names'] / cost['alone']['json']:.0f}"


def test_the_json_fits_its_published_schema(terminal):
    terminal.write("user.avsc", USER).write("broken.avsc", BROKEN)

    ran = terminal.run("size", "--format", "json")

    jsonschema.validate(ran.json, size_json.json_schema())
    assert ran.code == 3
    why = [row["why"] for row in ran.json["subjects"]]
    assert why == ["it is no schema that Avro accepts; see `schemagate lint`", ""]


def test_a_type_without_a_finite_value_is_told(terminal):
    terminal.write("r.avsc", '{"type": "record", "name": "R", "fields": [{"name": "again", "type": "R"}]}')

    ran = terminal.run("size")

    assert ran.code == 3
    assert ran.lines[0] == "not measured: R: its type has no finite value"


def test_data_goes_with_one_schema(terminal):
    terminal.write("user.avsc", USER).write("address.avsc", ADDRESS).write("d.jsonl", "{}\n")

    ran = terminal.run("size", "--data", "d.jsonl")

    assert (ran.code, ran.err.splitlines()) == (
        2,
        [
            "schemagate: --data is about one schema, and there are 2",
            "  name the one schema that the data was written with",
        ],
    )
    assert terminal.run("size", "user.avsc", "--data", "no.jsonl").code == 2


def test_where_zstd_is_missing_the_way_to_it_is_told(terminal, monkeypatch):
    monkeypatch.setattr("schemagate.adapters.compress.ZSTD_MODULES", ("no_such_module",))
    terminal.write("user.avsc", USER)

    ran = terminal.run("size", "--color", "never")

    assert ran.code == 0
    assert "left out: zstd: pip install 'schemagate[zstd]' (Python 3.14 has it built in)" in ran.lines
    assert "zstd x 100" not in ran.out
