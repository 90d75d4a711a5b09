"""Lookups, verdicts and the two writes: what is asked, and what each answer means."""

from __future__ import annotations

import json

import pytest
from tests.adapters.fake_registry import Fake, answer, record, says, serving
from tests.adapters.registries import client

from schemagate.adapters.registry import Refused
from schemagate.errors import RegistryError
from schemagate.wire.values import Payload, Reference, SubjectConfig, Verdict

PAYLOAD = Payload(record("a"))
OTHER = Payload(record("b"))


@pytest.fixture
def fake():
    with serving(Fake()) as served:
        served.add("s", record("a"))
        yield served


@pytest.fixture
def registry(fake):
    with client(fake.url) as registry:
        yield registry


def refused(call, *arguments):
    with pytest.raises(Refused) as caught:
        call(*arguments)
    return caught.value


# Lookup


def test_a_schema_that_is_there_is_found(registry):
    found = registry.lookup("s", PAYLOAD)

    assert (found.subject, found.version, found.id, found.payload) == ("s", 1, 1, PAYLOAD)


@pytest.mark.parametrize("subject", ["s", "nobody"])
def test_a_schema_that_is_not_there_is_none(registry, subject):
    assert registry.lookup(subject, OTHER) is None


def test_a_schema_that_the_registry_calls_invalid_is_refused(fake, registry):
    fake.always = says(422, {"error_code": 42201, "message": "Invalid schema"})

    error = refused(registry.lookup, "s", PAYLOAD)

    assert (error.status, error.code, error.reason, error.subject) == (422, 42201, "Invalid schema", "s")


def test_normalising_is_as_configured_unless_told_otherwise(fake):
    with client(fake.url, normalize=True) as registry:
        registry.lookup("s", PAYLOAD)
        registry.lookup("s", PAYLOAD, normalize=False, deleted=True)
        registry.compatible("s", PAYLOAD)
        registry.register("s", PAYLOAD)
        registry.register("s", PAYLOAD, normalize=False)

    assert fake.asked == [
        "POST /subjects/s?deleted=false&normalize=true",
        "POST /subjects/s?deleted=true&normalize=false",
        "POST /compatibility/subjects/s/versions?verbose=true&normalize=true",
        "POST /subjects/s/versions?normalize=true",
        "POST /subjects/s/versions",
    ]


# Verdicts


def test_a_verdict_is_asked_for_as_registering_would_judge(fake, registry):
    fake.add("s", record("b"))
    fake.incompatible = {1}

    assert registry.compatible("s", OTHER) == Verdict(
        compatible=False, messages=("{errorType:'NAME_MISMATCH'}",), versions=(1,), how="all"
    )
    assert fake.asked == ["POST /compatibility/subjects/s/versions?verbose=true"]


def test_a_new_subject_takes_anything(registry):
    assert registry.compatible("new", OTHER) == Verdict(compatible=True)


@pytest.mark.parametrize("status", [409, 422])
def test_a_schema_that_the_registry_does_not_take_at_all_is_not_compatible(fake, registry, status):
    fake.always = says(status, {"error_code": 42201, "message": "Either the input schema or one its references ..."})

    assert registry.compatible("s", PAYLOAD) == Verdict(
        compatible=False, messages=("Either the input schema or one its references ...",)
    )


@pytest.mark.parametrize(
    ("level", "judged"),
    [
        ("FULL_TRANSITIVE", [3, 2, 1]),
        ("BACKWARD_TRANSITIVE", [3, 2, 1]),
        ("FULL", [3]),
        ("BACKWARD", [3]),
        ("NONE", []),
    ],
)
def test_a_server_that_judges_one_version_at_a_time_is_asked_for_those_that_its_level_covers(level, judged):
    fake = Fake(whole=False, config={"": {"compatibilityLevel": level}})
    fake.add("s", record("a"), record("b"), record("c"), record("d"))
    fake.subjects["s"][4].deleted = True

    with serving(fake), client(fake.url) as registry:
        verdict = registry.compatible("s", PAYLOAD)

    each = [asked for asked in fake.asked if asked.startswith("POST") and "versions?" not in asked]
    assert verdict == Verdict(compatible=True, how="each")
    assert each == [f"POST /compatibility/subjects/s/versions/{version}?verbose=true" for version in judged]


def test_judged_one_by_one_the_versions_that_refuse_are_told():
    fake = Fake(whole=False, config={"": {"compatibilityLevel": "FULL_TRANSITIVE"}}, incompatible={1, 2})
    fake.add("s", record("a"), record("b"), record("c"))

    with serving(fake), client(fake.url) as registry:
        verdict = registry.compatible("s", PAYLOAD)

    assert verdict == Verdict(
        compatible=False,
        messages=("{errorType:'NAME_MISMATCH'}",),
        versions=(1, 2),
        how="each",
    )


@pytest.mark.parametrize(
    "reply", [(404, "Not Found"), (404, {"error_code": 404, "message": "HTTP 404"}), (405, b""), (404, b"<html>")]
)
def test_what_the_server_can_judge_is_found_out_once(reply):
    def partial(handler):
        if "/compatibility/" in handler.path and "versions?" in handler.path:
            return reply
        return answer(handler.fake, handler.command, handler.path, handler.raw)

    fake = Fake(always=partial)
    fake.add("s", record("a"))
    with serving(fake), client(fake.url) as registry:
        assert [registry.compatible("s", PAYLOAD).how for _ in range(3)] == ["each"] * 3

    assert fake.count(r"versions\?verbose") == 1


def test_behind_a_wrong_path_there_is_no_verdict(fake, registry):
    fake.always = says(404, b"<html>")

    with pytest.raises(RegistryError) as caught:
        registry.compatible("s", PAYLOAD)

    assert caught.value.status == 404


def test_a_subject_that_went_away_between_two_questions_takes_anything():
    """Redpanda and Karapace answer 404 where Confluent calls everything compatible."""

    def gone(handler):
        if handler.path.startswith("/compatibility"):
            return 404, {"error_code": 40402, "message": "Version -1 not found."}
        return answer(handler.fake, handler.command, handler.path, handler.raw)

    fake = Fake(always=gone)
    with serving(fake), client(fake.url) as registry:
        assert registry.compatible("s", PAYLOAD) == Verdict(compatible=True)


@pytest.mark.parametrize(
    "body", [{}, [], "true", {"is_compatible": "yes"}, {"is_compatible": None}], ids=["{}", "[]", "text", "yes", "null"]
)
def test_an_answer_without_a_verdict_is_none(fake, registry, body):
    fake.always = says(200, body)

    with pytest.raises(RegistryError, match="`is_compatible` was expected"):
        registry.compatible("s", PAYLOAD)


# Registering


def test_registering_sends_the_whole_payload_and_returns_the_id(fake, registry):
    payload = Payload(
        record("b"),
        (Reference("com.acme.Address", "address", 2),),
        metadata={"properties": {"owner": "a"}},
        rule_set={"domainRules": []},
    )

    assert registry.register("s", payload) == 2
    assert fake.subjects["s"][2].body == {
        "schema": record("b"),
        "references": [{"name": "com.acme.Address", "subject": "address", "version": 2}],
        "metadata": {"properties": {"owner": "a"}},
        "ruleSet": {"domainRules": []},
    }


def test_registering_again_returns_the_same_id(registry):
    assert [registry.register("s", PAYLOAD), registry.register("s", PAYLOAD)] == [1, 1]


REFUSALS = {
    "incompatible": (409, {"error_code": 409, "message": "incompatible"}, 409),
    "incompatible from 8.2 on": (409, {"error_code": 40901, "message": "incompatible"}, 40901),
    "apicurio": (409, {"error_code": 42203, "message": "rule violation", "causes": []}, 42203),
    "invalid": (422, {"error_code": 42201, "message": "Invalid schema"}, 42201),
    "read-only": (422, {"error_code": 42205, "message": "Subject s is in read-only mode"}, 42205),
    "karapace's list": (422, {"error_code": 422, "message": [{"loc": ["schema"], "msg": "bad"}]}, 422),
    "unauthorized": (401, {"error_code": 401, "message": "Unauthorized"}, 401),
    "forbidden": (403, "Forbidden", 0),
    "too large": (413, b"<html>", 0),
}


@pytest.mark.parametrize(("status", "body", "code"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_is_told_apart_from_a_failure(fake, registry, status, body, code):
    fake.refusal = (status, body)

    error = refused(registry.register, "s", OTHER)

    assert (error.status, error.code, error.subject) == (status, code, "s")
    assert fake.count("POST /subjects/s/versions") == 1


def test_a_registration_that_is_answered_with_nonsense_is_undecided(fake, registry):
    fake.always = says(200, {"version": 1})

    with pytest.raises(RegistryError, match="the number `id` was expected") as caught:
        registry.register("s", OTHER)
    assert not isinstance(caught.value, Refused)


def test_what_newer_servers_answer_beside_the_id_is_not_needed(fake, registry):
    fake.always = says(200, {"id": 0, "version": 9, "schema": "...", "guid": None})

    assert registry.register("s", OTHER) == 0


# Levels


def test_a_level_can_be_set(fake, registry):
    registry.set_level("s", "FULL_TRANSITIVE")

    assert registry.state("s").config == SubjectConfig("FULL_TRANSITIVE", "subject")
    assert fake.asked[0] == "PUT /config/s"


@pytest.mark.parametrize("status", [401, 403])
def test_whoever_may_not_set_a_level_is_told_so(fake, registry, status):
    fake.always = says(status, {"error_code": 40301, "message": "User is denied operation Write on Subject: s"})

    error = refused(registry.set_level, "s", "FULL")

    assert (error.status, error.code) == (status, 40301)
    assert error.reason == "User is denied operation Write on Subject: s"


def test_content_is_sent_as_the_registrys_own_media_type(fake, registry):
    registry.set_level("s", "FULL")
    sent = fake.headers[0]

    assert sent["content-type"] == "application/vnd.schemaregistry.v1+json"
    assert sent["accept"].split(", ")[0] == "application/vnd.schemaregistry.v1+json"
    assert sent["user-agent"].startswith("schemagate/")


# Subjects


def test_subjects_are_listed_by_prefix_also_where_the_server_does_not_know_prefixes(fake, registry):
    fake.add("other", record("x"))
    fake.add("s-2", record("x"))

    assert registry.subjects(prefix="s") == ["s", "s-2"]
    fake.always = says(200, json.dumps([*fake.subjects, "s"]).encode())
    assert registry.subjects(prefix="s") == ["s", "s-2"]
    assert registry.subjects() == ["other", "s", "s-2"]


def test_subjects_that_are_deleted_are_listed_on_demand(fake, registry):
    fake.add("gone", record("x"))
    fake.subjects["gone"][1].deleted = True

    assert registry.subjects() == ["s"]
    assert registry.subjects(deleted=True) == ["gone", "s"]
