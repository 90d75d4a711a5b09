"""Published records are split as fast as possible, and never more laxly than they are read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from schemagate.avsc.bulk import MAX_KEYS, Parts, Splitter
from schemagate.avsc.read import MAX_BYTES, read


def test_a_record_is_split_into_its_header_and_its_raw_fields():
    data = (
        '{"x-team": {"a": [1]}, "type": "record", "fields": [ {"name": "ä"} ,\n {"b": [1, 2]}], "name": "R"}'.encode()
    )

    assert Splitter().split(data) == Parts(
        {"type": "record", "name": "R", "x-team": {"a": [1]}}, ['{"name": "ä"}'.encode(), b'{"b": [1, 2]}']
    )


def test_keys_are_learned_up_to_a_bound_and_learned_keys_go_on_being_read():
    splitter = Splitter()

    def record(key):
        return json.dumps({"type": "record", key: True, "fields": []}).encode()

    split = [splitter.split(record(f"k{number}")) for number in range(MAX_KEYS + 1)]
    assert split[:-1] == [Parts({"type": "record", f"k{number}": True}, []) for number in range(MAX_KEYS)]
    assert split[-1] is None
    assert splitter.split(record("k3")) == split[3]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'"int"',
        b'{"type": "enum", "fields": []}',
        b'{"type": "error", "fields": []}',
        b'{"type": ["record"], "fields": []}',
        b'{"fields": []}',
        b'{"type": "record"}',
        b'{"type": "record", "fields": {}}',
        b'{"type": "record", "fields": [], "name": 5}',
        b'{"type": "record", "fields": [], "namespace": null}',
        b'\xef\xbb\xbf{"type": "record", "fields": []}',
        b'// c\n{"type": "record", "fields": []}',
        b'{"type": "record", "fields": []} x',
        b'{"type": "record", "fields": [],}',
        b'{"type": "record", "fields": [NaN]}',
        b'{"type": "record", "fields": [01]}',
        b'{"type": "record", "fields": ["\x01"]}',
        b'{"type": "record", "fields": ["\xff"]}',
        b'{"type": "record", "fields": ["\\x"]}',
        b'{"type": "record", "fields": ["\xed\xa0\x80"]}',
        b'{"type": "record", "fields": [], "x": {"a": 1, "a": 2}}',
        b'{"type": "record", "fields": [], "x": ' + b"1" * 1001 + b"}",
        b'{"type": "record", "fields": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}",
        b'{"type": "record", "fields": []}' + b" " * MAX_BYTES,
    ],
)
def test_everything_else_is_left_to_the_slow_way(data):
    assert Splitter().split(data) is None


FIELDS = st.lists(
    st.sampled_from(['{"name": "a"}', '"x"', "1.5", '{"a": [null, {}]}', "1 2", "tru", "[1,]", "+1", '"\t"'])
)


@given(
    st.dictionaries(st.text(), st.integers() | st.text() | st.none() | st.lists(st.booleans())),
    FIELDS,
    st.binary(max_size=3),
)
def test_what_is_split_is_what_reading_gives(header, fields, tail):
    members = {**header, "type": "record"}
    members.pop("fields", None)
    text = json.dumps(members)[:-1] + ', "fields": [' + " , ".join(fields) + "]}"
    data = text.encode() + tail
    parts = Splitter().split(data)

    if parts is not None:
        document = read(data)
        assert document.refused is False
        assert {**parts.header, "fields": [json.loads(field) for field in parts.fields]} == document.value
