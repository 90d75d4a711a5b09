"""What `adapters.registry` promises, asked of every registry: what one is known not to do is in `limits`."""

from __future__ import annotations

import json

import pytest
from tests.integration.schemas import ADDRESS, AGE, ID, ORDER, RENAMED, USER, USER_ID, WIDER, field, record, text

from schemagate.adapters.registry import Refused, connect
from schemagate.config.values import RegistrySettings
from schemagate.wire.values import Payload, Reference

S = "users-value"


@pytest.fixture
def client(registry):
    with connect(RegistrySettings("it", (registry.url,)), {}) as opened:
        yield opened


def payload(schema, *references, **more) -> Payload:
    return Payload(text(schema), tuple(references), **more)


def parsed(found) -> object:
    return json.loads(found.payload.schema)


def test_a_subject_that_nobody_registered_is_absent_and_not_an_error(client):
    state = client.state(S)

    assert (state.exists, state.versions) == (False, ())
    assert client.version(S) is None
    assert client.version(S, 3) is None
    assert client.by_id(4711) is None
    assert client.lookup(S, payload(USER)) is None
    assert client.compatible(S, payload(USER)).compatible is True


def test_what_is_registered_is_found_by_version_by_id_and_by_its_text(client):
    id = client.register(S, payload(USER))

    found = client.lookup(S, payload(USER))
    assert (found.subject, found.version, found.id) == (S, 1, id)
    assert [(version.version, version.id) for version in client.state(S).live] == [(1, id)]
    assert parsed(client.version(S)) == parsed(client.version(S, 1)) == USER
    assert json.loads(client.by_id(id).schema) == USER


def test_registering_again_gives_the_same_id_and_no_new_version(client, registry):
    first = client.register(S, payload(USER))

    assert client.register(S, payload(USER)) == first
    assert registry.versions(S) == [1]


def test_white_space_and_the_order_of_keys_make_no_new_version(client, registry):
    first = client.register(S, payload(USER))

    assert client.register(S, payload(json.dumps(dict(reversed(USER.items())), indent=2))) == first
    assert registry.versions(S) == [1]


def test_the_long_form_of_a_primitive_makes_no_new_version(client, registry):
    client.register(S, payload(USER))
    client.register(S, payload(record("User", field("id", {"type": "string"}), USER_ID)))

    assert registry.versions(S) == [1]


def test_the_states_of_several_subjects_come_together(client):
    for subject in ("a-value", "b-value"):
        client.register(subject, payload(USER))
    client.register("b-value", payload(WIDER))

    states = client.states(["a-value", "b-value", "c-value"])

    assert {name: len(state.live) for name, state in states.items()} == {"a-value": 1, "b-value": 2, "c-value": 0}


def test_a_compatible_version_follows(client):
    client.register(S, payload(USER))

    assert client.compatible(S, payload(WIDER)).compatible is True
    client.register(S, payload(WIDER))
    assert client.version(S).version == 2


def test_a_rename_is_refused_by_the_verdict_and_by_registering(client, registry):
    client.register(S, payload(USER))

    assert client.compatible(S, payload(RENAMED)).compatible is False
    with pytest.raises(Refused) as refused:
        client.register(S, payload(RENAMED))
    assert refused.value.status == 409
    assert registry.versions(S) == [1]


def test_the_verdict_covers_every_version_and_not_only_the_latest(client):
    """Dropping ``age``, then adding it as a string, is compatible with the latest version alone."""
    for schema in (WIDER, USER):
        client.register(S, payload(schema))

    verdict = client.compatible(S, payload(record("User", ID, USER_ID, field("age", "string", default=""))))

    assert verdict.compatible is False


def test_an_invalid_schema_is_told_and_not_raised_by_the_verdict(client):
    client.register(S, payload(USER))

    assert client.compatible(S, payload('{"type": "nonsense"}')).compatible is False
    with pytest.raises(Refused) as refused:
        client.register(S, payload('{"type": "nonsense"}'))
    assert refused.value.status == 422


def test_the_global_level_is_read(client):
    assert client.global_config().level == "FULL_TRANSITIVE"


def test_the_global_mode_is_read(client):
    assert client.global_mode() == "READWRITE"


def test_a_level_can_be_set_before_the_first_version(client):
    client.set_level(S, "BACKWARD_TRANSITIVE")

    assert (client.state(S).config.level, client.state(S).config.source) == ("BACKWARD_TRANSITIVE", "subject")


def test_a_level_that_is_set_after_the_first_version_holds(client):
    client.register(S, payload(USER))
    client.set_level(S, "BACKWARD")

    assert (client.state(S).config.level, client.state(S).config.source) == ("BACKWARD", "subject")
    assert client.compatible(S, payload(record("User", ID))).compatible is True


def test_a_subject_without_a_level_of_its_own_has_the_global_one(client):
    client.register(S, payload(USER))

    assert client.state(S).config.level == "FULL_TRANSITIVE"
    assert client.state(S).config.source != "subject"


def test_a_reference_is_kept_with_the_version_that_it_pins(client):
    client.register("com.example.Address", payload(ADDRESS))
    reference = Reference("com.example.Address", "com.example.Address", 1)
    id = client.register("orders-value", payload(ORDER, reference))

    assert client.version("orders-value", 1).payload.references == (reference,)
    assert client.by_id(id).references == (reference,)
    assert client.lookup("orders-value", payload(ORDER, reference)).id == id


def test_the_whole_text_finds_what_was_registered_with_a_reference(client):
    """What a producer sends that was compiled from one file."""
    client.register("com.example.Address", payload(ADDRESS))
    client.register("orders-value", payload(ORDER, Reference("com.example.Address", "com.example.Address", 1)))

    found = client.lookup("orders-value", payload(record("Order", ID, field("to", ADDRESS))))

    assert found is not None
    assert found.version == 1


def test_a_reference_to_nothing_is_refused(client):
    with pytest.raises(Refused) as refused:
        client.register("orders-value", payload(ORDER, Reference("com.example.Address", "com.example.Address", 7)))
    assert refused.value.status == 422


def test_the_same_text_with_a_moved_reference_is_a_new_version(client, registry):
    client.register("com.example.Address", payload(ADDRESS))
    client.register("orders-value", payload(ORDER, Reference("com.example.Address", "com.example.Address", 1)))
    client.register(
        "com.example.Address", payload(record("Address", field("city", "string"), field("zip", "string", default="")))
    )
    client.register("orders-value", payload(ORDER, Reference("com.example.Address", "com.example.Address", 2)))

    assert registry.versions("orders-value") == [1, 2]


def test_a_changed_doc_is_a_new_version(client, registry):
    client.register(S, payload(USER))
    client.register(S, payload({**USER, "doc": "Who signs in."}))

    assert registry.versions(S) == [1, 2]


def test_a_changed_property_is_a_new_version(client, registry):
    client.register(S, payload(USER))
    client.register(S, payload({**USER, "owner": "accounts"}))

    assert registry.versions(S) == [1, 2]


def test_a_java_string_type_is_another_schema_for_a_lookup(client):
    """So a producer with generated Java classes is told that its schema is not registered."""
    client.register(S, payload(USER))
    java = {"type": "string", "avro.java.string": "String"}

    assert client.lookup(S, payload(record("User", field("id", java), field("user_id", java)))) is None


def test_doc_default_aliases_and_properties_come_back_as_sent(client):
    schema = record(
        "User",
        ID,
        field("n", "int", default=7, doc="How many.", aliases=["m"], pii=True),
        doc="A user.",
        owner="accounts",
    )
    client.register(S, payload(schema))

    assert parsed(client.version(S)) == schema


def test_a_primitive_key_schema_is_a_schema_like_any_other(client):
    client.register("users-key", payload('"string"'))

    assert parsed(client.version("users-key")) in ("string", {"type": "string"})
    assert client.lookup("users-key", payload('"string"')).version == 1


def test_a_subject_s_name_may_hold_any_character(client):
    subject = "päyments/v1 users+all?#%-value"
    client.register(subject, payload(USER))

    assert client.version(subject).subject == subject
    assert client.subjects() == [subject]


def test_subjects_are_listed_by_prefix(client):
    for subject in ("a-key", "a-value", "b-value"):
        client.register(subject, payload('"string"' if subject == "a-key" else USER))

    assert client.subjects() == ["a-key", "a-value", "b-value"]
    assert client.subjects(prefix="a-") == ["a-key", "a-value"]


def test_a_softly_deleted_version_is_still_seen(client, registry):
    client.register(S, payload(USER))
    client.register(S, payload(WIDER))
    registry.call("DELETE", f"/subjects/{S}/versions/1")

    state = client.state(S)
    assert [(version.version, version.deleted) for version in state.versions] == [(1, True), (2, False)]
    assert [version.version for version in state.live] == [2]


def test_a_softly_deleted_subject_is_still_seen(client, registry):
    client.register(S, payload(USER))
    registry.call("DELETE", f"/subjects/{S}")

    assert (client.state(S).exists, [version.deleted for version in client.state(S).versions]) == (False, [True])
    assert client.subjects() == []
    assert client.subjects(deleted=True) == [S]


def test_a_read_only_subject_is_seen_and_refuses(client, registry):
    client.register(S, payload(USER))
    assert registry.call("PUT", f"/mode/{S}", {"mode": "READONLY"}).status == 200

    assert client.state(S).mode == "READONLY"
    with pytest.raises(Refused):
        client.register(S, payload(WIDER))


def test_metadata_comes_back(client):
    client.register(S, payload(USER, metadata={"properties": {"owner": "accounts"}}))

    properties = (client.version(S, 1).payload.metadata or {}).get("properties", {})
    assert properties.get("owner") == "accounts"


def test_a_context_is_a_world_of_its_own(registry):
    settings = RegistrySettings("it", (registry.url,), options={"context": "staging"})
    with connect(settings, {}) as staging, connect(RegistrySettings("it", (registry.url,)), {}) as plain:
        staging.register(S, payload(USER))

        assert staging.version(S).subject == S
        assert plain.version(S) is None
        assert plain.lookup(S, payload(USER)) is None
        assert plain.state(S).versions == ()
        assert plain.subjects() == []


def test_another_context_s_subjects_can_be_named_in_full(client, registry):
    registry.text(f":.staging:{S}", USER)

    assert client.subjects(prefix=":.staging:") == [f":.staging:{S}"]
    assert [version.version for version in client.state(f":.staging:{S}").live] == [1]


def test_an_incompatible_schema_may_follow_in_another_compatibility_group(client, registry):
    registry.call("PUT", f"/config/{S}", {"compatibility": "FULL_TRANSITIVE", "compatibilityGroup": "major"})
    client.register(S, payload(USER, metadata={"properties": {"major": "1"}}))

    assert client.state(S).config.compatibility_group == "major"
    assert client.compatible(S, payload(RENAMED, metadata={"properties": {"major": "2"}})).compatible is True


def test_a_field_that_the_reader_needs_is_refused_inside_arrays_maps_and_unions(client):
    inner = record("Inner", field("a", "int"))
    grown = record("Inner", field("a", "int"), field("b", "int"))
    for number, wrap in enumerate(
        (
            lambda schema: {"type": "array", "items": schema},
            lambda schema: {"type": "map", "values": schema},
            lambda schema: ["null", schema],
        )
    ):
        subject = f"nested-{number}-value"
        client.register(subject, payload(record("Outer", field("x", wrap(inner)))))

        assert client.compatible(subject, payload(record("Outer", field("x", wrap(grown))))).compatible is False


def test_an_added_enum_symbol_needs_a_default(client):
    bare = {"type": "enum", "name": "State", "symbols": ["NEW"]}
    kept = {**bare, "default": "NEW"}
    client.register("bare-value", payload(record("Event", field("state", bare))))
    client.register("kept-value", payload(record("Event", field("state", kept))))

    wider = {"symbols": ["NEW", "SENT"]}
    assert (
        client.compatible("bare-value", payload(record("Event", field("state", {**bare, **wider})))).compatible is False
    )
    assert (
        client.compatible("kept-value", payload(record("Event", field("state", {**kept, **wider})))).compatible is True
    )


def test_concurrent_clients_register_each_schema_once(registry):
    from concurrent.futures import ThreadPoolExecutor

    def register(number: int) -> int:
        with connect(RegistrySettings("it", (registry.url,)), {}) as own:
            return own.register(f"s{number % 5}-value", payload(record("User", ID, AGE)))

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(register, range(40)))

    assert len(ids) == 1
    assert {subject: registry.versions(subject) for subject in registry.subjects()} == {
        f"s{number}-value": [1] for number in range(5)
    }
