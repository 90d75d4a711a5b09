"""Whatever a server answers is a value or odd, never an exception."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from schemagate.wire import decode
from schemagate.wire.decode import Complaint, Odd
from schemagate.wire.values import Payload, Reference, Registered, SubjectConfig, Verdict

SCHEMA = {"subject": "s", "version": 1, "id": 7, "schema": '"int"'}
READERS = (
    decode.names,
    decode.versions,
    decode.registered,
    decode.payload,
    decode.identifier,
    decode.verdict,
    decode.config,
    decode.mode,
)
KEYS = ["subject", "version", "id", "schema", "schemaType", "references", "name", "metadata", "ruleSet", "guid"]
KEYS += ["deleted", "mode", "compatibilityLevel", "is_compatible", "messages", "error_code", "message", "alias"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_json_makes_a_reader_raise(value):
    for read in READERS:
        read(value)
    decode.says_deleted(value)


@given(st.binary(max_size=64) | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_bytes_make_a_reader_raise(body):
    assert isinstance(decode.complaint(body), Complaint)
    decode.document(body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "JSON was expected, found an empty body"),
        (b" \n", "JSON was expected, found an empty body"),
        (b"{", "JSON was expected, found 1 bytes that are none"),
        (b"\xff\xfe", "JSON was expected, found 2 bytes that are none"),
        (b"<!DOCTYPE html><title>Sign in</title>", 'JSON was expected, found an HTML page ("Sign in")'),
        (b"  <html><body>", "JSON was expected, found an HTML page"),
        (b"[" * 100_000, "JSON was expected, found 100000 bytes that are none"),
    ],
)
def test_a_body_that_is_no_json_says_what_it_is(body, reason):
    assert decode.document(body) == Odd(reason)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b'{"error_code": 40401, "message": "no"}', Complaint(40401, "no", "object")),
        (b'{"error_code": "40401", "message": "no"}', Complaint(0, "no", "object")),
        (b'{"error_code": true}', Complaint(0, "", "object")),
        (b'{"error_code": 422, "message": [{"msg": "bad"}]}', Complaint(422, '[{"msg":"bad"}]', "object")),
        (b'{"message": null}', Complaint(0, "", "object")),
        (b'{"status": 404, "title": "gone"}', Complaint(0, "gone", "object")),
        (b'"Not Found"', Complaint(0, "Not Found", "text")),
        (b'["a", "b"]', Complaint(0, '["a","b"]', "list")),
        (b"17", Complaint(0, "17", "other")),
        (b"<html><head><title>502 Bad Gateway</title>", Complaint(0, "502 Bad Gateway", "html")),
        (b"upstream timed out", Complaint(0, "", "other")),
        (b"", Complaint(0, "", "empty")),
    ],
)
def test_what_an_error_says_is_found_in_every_shape_that_servers_use(body, complaint):
    assert decode.complaint(body) == complaint


def test_a_message_is_one_clipped_line():
    body = json.dumps({"message": "a\x1b[31m\n\u202eb\r" + "x" * 5000}).encode()

    said = decode.complaint(body).message

    assert said.startswith("a [31m b x")
    assert len(said) == decode.MAX_MESSAGE
    assert said.endswith(decode.CUT)


def test_the_type_is_avro_where_none_is_given():
    assert decode.payload({"schema": '"int"'}) == Payload('"int"')
    assert decode.payload({"schema": "{}", "schemaType": "JSON"}) == Payload("{}", schema_type="JSON")


def test_a_version_is_read_with_all_that_the_registry_keeps_beside_it():
    value = {
        **SCHEMA,
        "guid": "g",
        "deleted": True,
        "schemaType": "AVRO",
        "references": [{"name": "n", "subject": "r", "version": 2}],
        "metadata": {"properties": {"a": "b"}},
        "ruleSet": {"domainRules": []},
        "ts": 1,
    }

    assert decode.registered(value) == Registered(
        "s",
        1,
        7,
        Payload('"int"', (Reference("n", "r", 2),), "AVRO", {"properties": {"a": "b"}}, {"domainRules": []}),
        guid="g",
        deleted=True,
    )


def test_whether_a_version_is_deleted_comes_from_outside_where_it_does_not_say():
    assert decode.registered(SCHEMA, deleted=True).deleted
    assert not decode.says_deleted(SCHEMA)
    assert not decode.registered({**SCHEMA, "deleted": False}, deleted=True).deleted


@pytest.mark.parametrize(
    "change",
    [
        {"subject": ""},
        {"subject": None},
        {"version": 0},
        {"version": True},
        {"version": "1"},
        {"version": 2**31},
        {"id": None},
        {"id": -1},
        {"id": 1.5},
        {"schema": {"type": "int"}},
        {"references": "r"},
        {"references": [{"name": "n", "subject": "", "version": 1}]},
        {"references": [{"name": "n", "subject": "r", "version": "1"}]},
        {"references": [None]},
    ],
)
def test_a_version_that_lacks_what_matters_is_odd(change):
    assert isinstance(decode.registered({**SCHEMA, **change}), Odd)


def test_lists_of_versions_come_sorted_and_each_once():
    assert decode.versions([3, 1, 3]) == (1, 3)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({}, "a list of version numbers was expected, found an object"),
        ("x", "a list of version numbers was expected, found a text"),
        (None, "a list of version numbers was expected, found null"),
        (3, "a list of version numbers was expected, found a number"),
        (True, "a list of version numbers was expected, found true or false"),
        ([1, "2"], "a list of version numbers was expected, found something else in it"),
        ([True], "a list of version numbers was expected, found something else in it"),
    ],
)
def test_what_is_no_list_of_versions_says_what_it_is(value, reason):
    assert decode.versions(value) == Odd(reason)


def test_an_id_is_a_number():
    assert decode.identifier({"id": 7, "version": 1}) == 7
    assert decode.identifier({"id": "7"}) == Odd(
        "an object with the number `id` was expected, found an object without it"
    )
    assert isinstance(decode.identifier(7), Odd)


def test_a_verdict_tells_the_versions_that_its_messages_name():
    value = {"is_compatible": False, "messages": ["{oldSchemaVersion: 3}", "{errorType:'X'}", {"odd": 1}, None]}

    assert decode.verdict(value) == Verdict(compatible=False, messages=("{errorType:'X'}", '{"odd":1}'), versions=(3,))


def test_confluents_reasons_become_sentences():
    said = "{errorType:'NAME_MISMATCH', description:'The name of the schema has changed (path '/name')', "
    value = {"is_compatible": False, "messages": [said + "additionalInfo:'expected: a.B'}", "{oldSchema: '\"int\"'}"]}

    assert decode.verdict(value) == Verdict(
        compatible=False,
        messages=("The name of the schema has changed (path '/name') (NAME_MISMATCH: expected: a.B)",),
    )


@pytest.mark.parametrize("messages", [None, "text", {}, 3])
def test_a_verdict_needs_no_messages(messages):
    assert decode.verdict({"is_compatible": True, "messages": messages}) == Verdict(compatible=True)


def test_a_verdict_without_a_decision_is_none():
    assert decode.verdict({"is_compatible": "true"}) == Odd(
        "an object with `is_compatible` was expected, found an object without it"
    )


def test_a_configuration_is_read_from_what_get_and_put_answer():
    full = {"compatibilityLevel": "full", "normalize": True, "compatibilityGroup": "major", "alias": "other"}

    assert decode.config(full) == SubjectConfig("FULL", normalize=True, compatibility_group="major", alias="other")
    assert decode.config({"compatibility": "NONE"}) == SubjectConfig("NONE")
    assert decode.config({"alias": "other"}) == SubjectConfig(alias="other")
    assert isinstance(decode.config({"compatibilityLevel": 3}), Odd)


def test_a_mode_is_in_upper_case():
    assert decode.mode({"mode": "readonly"}) == "READONLY"
    assert isinstance(decode.mode({"mode": ""}), Odd)
