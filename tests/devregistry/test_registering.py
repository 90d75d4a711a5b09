"""Registering and looking up: what is the same schema, what is a new version, and which ids they get."""

from __future__ import annotations

import pytest
from tests.devregistry.running import Client, running

USER = {"type": "record", "name": "User", "namespace": "com.acme", "fields": [{"name": "id", "type": "long"}]}
NOTE = {"name": "note", "type": ["null", "string"], "default": None}
USER_2 = {**USER, "fields": [*USER["fields"], NOTE]}
BREAKING = {**USER, "fields": [{"name": "uuid", "type": "string"}]}
ADDRESS = {"type": "record", "name": "Address", "namespace": "com.acme", "fields": [{"name": "city", "type": "string"}]}
CUSTOMER = {
    "type": "record",
    "name": "Customer",
    "namespace": "com.acme",
    "fields": [{"name": "home", "type": "com.acme.Address"}],
}
TO_ADDRESS = [{"name": "com.acme.Address", "subject": "address", "version": 1}]


@pytest.fixture(scope="module")
def shared():
    with running() as client:
        yield client


@pytest.fixture
def registry():
    with running() as client:
        yield client


def test_full_transitive_is_the_mode_where_none_was_set(registry):
    registry.register("users", USER)
    registry.register("users", USER_2)

    refused = registry.register("users", BREAKING)

    assert registry.get("/config") == {"compatibilityLevel": "FULL_TRANSITIVE"}
    assert (refused.status, refused.body["error_code"]) == (409, 40901)
    assert refused.body["message"].startswith(
        'Schema being registered is incompatible with an earlier schema for subject "users", details: '
        "[{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'The field 'id' at path '/fields/0' in the old"
    )
    assert registry.get("/subjects/users/versions") == [1, 2]


def test_every_version_counts_not_only_the_newest(registry):
    registry.set_level("t", "NONE")
    registry.register("t", {"type": "record", "name": "T", "fields": [{"name": "b", "type": "string", "default": ""}]})
    registry.register("t", {"type": "record", "name": "T", "fields": [{"name": "a", "type": "int", "default": 0}]})
    registry.set_level("t", "FULL_TRANSITIVE")
    both = '{"name": "a", "type": "int", "default": 0}, {"name": "b", "type": "int", "default": 0}'
    body = {"schema": f'{{"type": "record", "name": "T", "fields": [{both}]}}'}

    answers = {
        path: registry.ask("POST", f"/compatibility/subjects/t/versions{path}?verbose=true", body).body
        for path in ("", "/latest", "/1")
    }

    assert {path: answer["is_compatible"] for path, answer in answers.items()} == {
        "": False,
        "/latest": True,
        "/1": False,
    }
    assert "{oldSchemaVersion: 1}" in answers[""]["messages"]


@pytest.mark.parametrize(
    "text",
    [
        '{"fields": [{"type": "long", "name": "id"}], "namespace": "com.acme", "name": "User", "type": "record"}',
        '{"type": "record", "name": "com.acme.User", "fields": [{"name": "id", "type": {"type": "long"}}]}',
        '/* x */ {"type": "record", "name": "com.acme.User", "fields": [{"name": "id", "type": "long"}]}',
    ],
    ids=["other order of keys", "full name and type object", "comment"],
)
def test_other_spellings_of_a_schema_are_the_same_version(shared, text):
    first = shared.register("spelled", USER).body

    assert shared.register("spelled", text).body == first
    assert shared.look_up("spelled", text).body["version"] == 1


@pytest.mark.parametrize(
    "change",
    [
        {"doc": "A user."},
        {"aliases": ["Person"]},
        {"owner": "team-a"},
        {"fields": [{"name": "id", "type": "long", "doc": "Its id."}]},
        {"fields": [{"name": "id", "type": "long", "default": 0}]},
        {"fields": [{"name": "id", "type": "long", "order": "ignore"}]},
        {"fields": [{"name": "id", "type": {"type": "long", "logicalType": "timestamp-millis"}}]},
    ],
    ids=lambda change: str(sorted(change)) + str(len(str(change))),
)
def test_what_a_reader_of_the_schema_sees_makes_a_new_version(registry, change):
    registry.register("users", USER)

    assert registry.register("users", USER | change).body["version"] == 2


def test_the_order_of_properties_makes_no_new_version_and_stays_as_it_was_sent(registry):
    registry.register("p", USER | {"b": 1, "a": {"y": 1, "x": 2}})
    again = registry.register("p", USER | {"a": {"x": 2, "y": 1}, "b": 1}).body

    assert again["version"] == 1
    assert again["schema"].endswith(',"b":1,"a":{"y":1,"x":2}}')


def test_normalizing_sorts_properties_and_the_configuration_can_ask_for_it(registry):
    registry.ask("PUT", "/config/p", {"normalize": True})
    registry.register("p", USER | {"b": 1, "a": {"y": 1, "x": 2}})

    assert registry.get("/subjects/p/versions/1/schema").popitem() == ("b", 1)
    assert registry.look_up("p", USER | {"a": {"x": 2, "y": 1}, "b": 1}).body["version"] == 1


def test_a_schema_has_one_id_in_all_subjects_of_a_context_and_its_guid_everywhere(registry):
    answers = [registry.register(s, USER).body for s in ("a", "b", ":.other:a")]
    registry.register("c", ADDRESS)

    assert [answer["id"] for answer in answers] == [1, 1, 1]
    assert {answer["guid"] for answer in answers} == {"03f12125-0e8f-e0b8-3e84-a1ee2bdbbfca"}
    assert registry.register(":.other:c", ADDRESS).body["id"] == 2
    assert registry.get("/schemas/guids/03f12125-0e8f-e0b8-3e84-a1ee2bdbbfca/ids") == [
        {"context": ".", "id": 1},
        {"context": ".other", "id": 1},
    ]
    assert registry.get("/schemas/guids/03f12125-0e8f-e0b8-3e84-a1ee2bdbbfca")["schemaType"] == "AVRO"


def test_metadata_and_rules_are_kept_and_what_leaves_them_out_inherits_them(registry):
    rules = {"domainRules": [{"name": "r", "kind": "CONDITION", "type": "CEL", "mode": "WRITE", "expr": "true"}]}
    extras = {"metadata": {"properties": {"owner": "team-a"}}, "ruleSet": rules}
    first = registry.register("md", USER, **extras).body

    second = registry.register("md", USER_2).body

    assert registry.register("md", USER_2).body["version"] == 2
    assert {key: first[key] for key in extras} == {key: second[key] for key in extras} == extras
    assert registry.register("md", USER_2, metadata={"properties": {"owner": "team-b"}}).body["version"] == 3


def test_versions_of_another_compatibility_group_do_not_count(registry):
    registry.ask("PUT", "/config/g", {"compatibilityGroup": "major"})
    registry.register("g", USER, metadata={"properties": {"major": "1"}})

    new_major = registry.register("g", BREAKING, metadata={"properties": {"major": "2"}})
    same_major = registry.register("g", BREAKING, metadata={"properties": {"major": "1"}})

    assert (new_major.status, same_major.status) == (200, 409)


def test_a_reference_s_types_are_part_of_the_schema(registry):
    registry.register("address", ADDRESS)
    named = registry.register("customer", CUSTOMER, references=TO_ADDRESS).body

    inlined = {**CUSTOMER, "fields": [{"name": "home", "type": ADDRESS}]}

    assert named["schema"].endswith('"fields":[{"name":"home","type":"Address"}]}')
    assert registry.look_up("customer", inlined).body["version"] == 1
    assert registry.look_up("customer", CUSTOMER).body["error_code"] == 42201
    assert registry.get("/subjects/address/versions/1/referencedby") == [named["id"]]
    resolved = registry.get("/schemas/ids/2?format=resolved")["schema"]
    assert '"type":{"type":"record","name":"Address","fields":' in resolved


def test_references_lead_through_references_and_break_as_their_types_do(registry):
    country = {"type": "enum", "name": "com.acme.Country", "symbols": ["NO", "SE"]}
    registry.register("country", country)
    to_country = [{"name": "com.acme.Country", "subject": "country", "version": 1}]
    address = {**ADDRESS, "fields": [{"name": "country", "type": "Country"}]}
    registry.register("address", address, references=to_country)
    registry.register("customer", CUSTOMER, references=TO_ADDRESS)
    registry.set_level("address", "NONE")
    text = {**ADDRESS, "fields": [{"name": "country", "type": "string"}]}
    registry.register("address", text)

    moved = registry.register("customer", CUSTOMER, references=[{**TO_ADDRESS[0], "version": 2}])

    assert moved.status == 409
    assert "The type (path '/fields/0/type/fields/0/type') of a field in the old schema" in moved.body["message"]


def test_a_reference_that_leads_nowhere_is_an_invalid_schema(registry):
    refused = registry.register("customer", CUSTOMER, references=TO_ADDRESS)

    assert (refused.status, refused.body["error_code"]) == (422, 42201)
    assert refused.body["message"].endswith('No schema reference found for subject "address" and version 1')


def test_a_reference_is_of_the_referrer_s_context_unless_it_says_otherwise(registry):
    registry.register("address", ADDRESS)

    here = registry.register(":.dev:customer", CUSTOMER, references=TO_ADDRESS)
    there = registry.register(":.dev:customer", CUSTOMER, references=[{**TO_ADDRESS[0], "subject": ":.:address"}])

    assert (here.status, there.status) == (422, 200)


def test_what_is_there_already_is_answered_also_where_nothing_may_be_registered(registry):
    registry.register("users", USER)
    registry.ask("PUT", "/mode/users", {"mode": "READONLY"})

    assert registry.register("users", USER).status == 200
    assert registry.register("users", USER_2).body == {
        "error_code": 42205,
        "message": "Subject users in context  is in read-only mode",
    }


def test_an_import_brings_its_own_ids_and_is_not_judged(registry):
    registry.ask("PUT", "/mode/users", {"mode": "IMPORT"})
    registry.register("users", USER, id=70, version=3)
    registry.register("users", BREAKING, id=71, version=4)
    registry.ask("PUT", "/mode/users", {"mode": "READWRITE"})

    assert registry.get("/subjects/users/versions") == [3, 4]
    assert registry.register("other", ADDRESS).body["id"] == 72


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"type":"record","name":"R","fields":[{"name":"a","type":"int","default":"x"}]}', 'a: "x" not a "int"'),
        ('{"type":"record","name":"Ré","fields":[]}', "Illegal character in: Ré"),
        ('{"type":"record","name":"R","fields":[{"name":"a","type":"Gone"}]}', "Undefined schema: Gone"),
        ('["int","int"]', "the union has two branches `int` (at /1)"),
        ('{"type":"enum","name":"E","symbols":["A","A"]}', "(at /symbols/1)"),
        ("[" * 2000 + "]" * 2000, "details: "),
        ("", "Empty schema"),
    ],
)
def test_what_java_refuses_is_refused_with_the_reason(shared, text, why):
    refused = shared.register("invalid", text)

    assert (refused.status, refused.body["error_code"]) == (422, 42201)
    assert why in refused.body["message"]


def test_only_avro_is_taken(shared):
    refused = shared.register("json", '{"type":"object"}', schemaType="JSON")

    assert refused.body == {"error_code": 42201, "message": "Invalid schema type JSON"}


def test_a_subject_is_found_under_its_alias(registry):
    registry.register("users", USER)
    registry.ask("PUT", "/config/people", {"alias": "users"})

    assert registry.get("/subjects/people/versions") == [1]
    assert registry.look_up("people", USER).body["subject"] == "users"


def deleted(registry: Client, path: str) -> object:
    return registry.ask("DELETE", path).body


def test_a_softly_deleted_version_is_hidden_and_its_id_still_answers(registry):
    registry.register("users", USER)
    registry.register("users", USER_2)

    assert deleted(registry, "/subjects/users/versions/2") == 2
    assert registry.get("/subjects/users/versions") == [1]
    assert registry.get("/subjects/users/versions?deleted=true") == [1, 2]
    assert registry.get("/subjects/users/versions?deletedAsNegative=true") == [1, -2]
    assert registry.look_up("users", USER_2).body["error_code"] == 40403
    assert registry.get("/schemas/ids/2")["deleted"] is True


def test_an_id_is_never_given_twice_also_after_its_schema_was_deleted_for_good(registry):
    registry.register("users", USER)
    deleted(registry, "/subjects/users")
    deleted(registry, "/subjects/users?permanent=true")

    assert registry.get("/schemas/ids/1")["error_code"] == 40403
    assert registry.register("address", ADDRESS).body["id"] == 2


def test_what_something_refers_to_cannot_be_deleted(registry):
    registry.register("address", ADDRESS)
    registry.register("customer", CUSTOMER, references=TO_ADDRESS)
    refusal = "One or more references exist to the schema {magic=1,keytype=SCHEMA,subject=address,version=1}."

    for path in ("/subjects/address", "/subjects/address/versions/1"):
        assert deleted(registry, path) == {"error_code": 42206, "message": refusal}
    assert deleted(registry, "/subjects/customer") == [1]
    assert deleted(registry, "/subjects/address") == [1]
    assert deleted(registry, "/subjects/address?permanent=true") == {"error_code": 42206, "message": refusal}
