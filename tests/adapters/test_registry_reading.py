"""What subjects look like in a registry, whatever kind of server it is, and in how many requests that is found out."""

from __future__ import annotations

import pytest
from tests.adapters.fake_registry import Fake, record, says, serving
from tests.adapters.registries import Time, client

from schemagate.adapters.registry.bulk import PAGES
from schemagate.errors import RegistryError
from schemagate.wire.values import Payload, Reference, SubjectConfig

INHERITED = SubjectConfig("BACKWARD", "global")
KINDS = {
    "confluent 8": {"bulk": True, "flags": True},
    "confluent 7": {"bulk": True, "flags": False},
    "karapace": {"bulk": False, "flags": False, "inherits": False},
}


@pytest.fixture(params=KINDS)
def fake(request):
    with serving(Fake(**KINDS[request.param])) as served:
        yield served


@pytest.fixture
def plain():
    """A server that hands out one version at a time."""
    with serving(Fake(bulk=False, flags=False)) as served:
        yield served


def seen(state):
    return [(version.version, version.id, version.deleted) for version in state.versions]


def texts(state):
    return [version.payload.schema for version in state.versions]


def test_a_subject_comes_with_its_versions_and_what_holds_for_it(fake):
    fake.add("user-value", record("a"), record("a", "b"))

    with client(fake.url) as registry:
        state = registry.state("user-value")

    assert seen(state) == [(1, 1, False), (2, 2, False)]
    assert texts(state) == [record("a"), record("a", "b")]
    assert {version.subject for version in state.versions} == {"user-value"}
    assert (state.config, state.mode, state.exists) == (INHERITED, "READWRITE", True)


def test_a_subject_that_does_not_exist_has_no_versions(fake):
    with client(fake.url) as registry:
        state = registry.state("nobody")

    assert (state.versions, state.config, state.mode, state.exists) == ((), INHERITED, "READWRITE", False)


def test_subjects_whose_names_begin_alike_are_kept_apart(fake):
    fake.add("user", record("a"))
    fake.add("user-value", record("b"))
    fake.add("user-value-2", record("c"))

    with client(fake.url) as registry:
        states = registry.states(["user-value", "user", "user-value-2", "user-v"])

    assert {name: texts(state) for name, state in states.items()} == {
        "user-value": [record("b")],
        "user": [record("a")],
        "user-value-2": [record("c")],
        "user-v": [],
    }


def test_softly_deleted_versions_are_told_as_such(fake):
    fake.add("s", record("a"), record("b"), record("c"))
    fake.subjects["s"][2].deleted = True

    with client(fake.url) as registry:
        state = registry.state("s")

    assert seen(state) == [(1, 1, False), (2, 2, True), (3, 3, False)]
    assert (state.latest.version, [v.version for v in state.live]) == (3, [1, 3])


def test_a_subject_of_which_everything_is_softly_deleted_still_shows_its_versions(fake):
    fake.add("s", record("a"))
    fake.subjects["s"][1].deleted = True

    with client(fake.url) as registry:
        state = registry.state("s")

    assert seen(state) == [(1, 1, True)]
    assert not state.exists


def test_references_metadata_rules_and_other_types_are_kept(fake):
    more = {
        "references": [{"name": "com.acme.Address", "subject": "address", "version": 1}],
        "metadata": {"properties": {"major": "1"}},
        "ruleSet": {"domainRules": [{"name": "r"}]},
    }
    fake.add("s", record("a"), **more)
    fake.add("s", '{"type": "object"}', schemaType="JSON")

    with client(fake.url) as registry:
        first, second = registry.state("s").versions

    assert first.payload == Payload(
        record("a"),
        (Reference("com.acme.Address", "address", 1),),
        metadata={"properties": {"major": "1"}},
        rule_set={"domainRules": [{"name": "r"}]},
    )
    assert second.payload.schema_type == "JSON"


def test_the_level_is_told_with_who_set_it(fake):
    fake.config["own"] = {"compatibilityLevel": "FULL", "normalize": True, "compatibilityGroup": "major"}
    fake.config["partly"] = {"normalize": True}
    fake.config[""] = {"compatibilityLevel": "FORWARD"}

    with client(fake.url) as registry:
        states = registry.states(["own", "partly", "other"])

    assert {name: state.config for name, state in states.items()} == {
        "own": SubjectConfig("FULL", "subject", normalize=True, compatibility_group="major"),
        "partly": SubjectConfig("FORWARD", "global", normalize=True),
        "other": SubjectConfig("FORWARD", "global"),
    }


def test_a_server_that_says_none_for_not_set_is_asked_for_what_is_in_force():
    fake = Fake(bulk=False, says_none=True)
    fake.config = {"": {"compatibilityLevel": "FULL"}, "own": {"compatibilityLevel": "BACKWARD"}}
    names = [*many(fake, 20, 1), "own"]
    fake.add("own", record("a"))

    with serving(fake), client(fake.url) as registry:
        configs = [state.config for state in registry.states(names).values()]

    assert configs == [SubjectConfig("FULL", "global")] * 20 + [SubjectConfig("BACKWARD", "subject")]
    assert registry.requests_made <= 21 * (1 + 4) + 10


def test_a_subject_may_have_no_level_on_purpose(fake):
    fake.add("s", record("a"))
    fake.config = {"": {"compatibilityLevel": "FULL"}, "s": {"compatibilityLevel": "NONE"}}

    with client(fake.url) as registry:
        states = registry.states(["s", "other"])

    assert states["s"].config == SubjectConfig("NONE", "subject")
    assert states["other"].config == SubjectConfig("FULL", "global")


def test_who_may_not_see_the_global_configuration_still_learns_the_level(fake):
    def guarded(handler):
        return (403, {"error_code": 40301, "message": "no"}) if handler.path == "/config" else ordinary(handler)

    fake.add("s", record("a"))
    fake.always = guarded
    with client(fake.url) as registry:
        assert registry.state("s").config == SubjectConfig("BACKWARD", "")


def test_the_mode_of_a_subject_is_its_own_or_the_registrys(fake):
    fake.modes = {"": "READONLY", "s": "IMPORT"}

    with client(fake.url) as registry:
        states = registry.states(["s", "other"])

    assert {name: state.mode for name, state in states.items()} == {"s": "IMPORT", "other": "READONLY"}


def test_a_server_without_modes_can_be_written_to():
    def no_modes(handler):
        return (405, {"error_code": 405, "message": "HTTP 405"}) if "/mode" in handler.path else ordinary(handler)

    with serving(Fake(always=no_modes)) as fake, client(fake.url) as registry:
        assert registry.state("s").mode == "READWRITE"
        assert registry.global_mode() == "READWRITE"


def test_an_alias_shows_the_versions_of_the_subject_that_it_stands_for(fake):
    fake.add("real", record("a"))
    fake.config["alias"] = {"alias": "real"}

    with client(fake.url) as registry:
        state = registry.state("alias")

    assert (state.subject, state.config.alias, texts(state)) == ("alias", "real", [record("a")])
    assert state.latest.subject == "real"


def test_without_versions_only_settings_are_asked_for(fake):
    fake.add("s", record("a"))

    with client(fake.url) as registry:
        state = registry.states(["s"], with_versions=False)["s"]

    assert (state.versions, state.config) == ((), INHERITED)
    assert fake.count(r"/subjects|/schemas") == 0


def test_no_subjects_are_no_requests(fake):
    with client(fake.url) as registry:
        assert registry.states([]) == {}
        assert registry.requests_made == 0


# Contexts


@pytest.fixture(params=KINDS)
def staged(request):
    """`users` in the default context and, with other versions, in `.stage`, where all refer to `address` there."""
    fake = Fake(**KINDS[request.param])
    fake.add("users", record("default"))
    refers = [{"name": "com.acme.Address", "subject": ":.stage:address", "version": 1}]
    fake.add(":.stage:users", record("stage"), references=refers)
    fake.config[":.stage:"] = {"compatibilityLevel": "FULL"}
    with serving(fake) as served:
        yield served


@pytest.mark.parametrize("written", ["stage", ".stage", ":.stage:"])
def test_a_configured_context_is_added_on_the_way_out_and_taken_off_on_the_way_in(staged, written):
    with client(staged.url, context=written) as registry:
        state = registry.state("users")
        subjects = registry.subjects()
        registry.register("users", Payload(record("more")))

    assert texts(state) == [record("stage")]
    assert state.latest.subject == "users"
    assert state.latest.payload.references == (Reference("com.acme.Address", "address", 1),)
    assert (state.config.level, state.config.source) == ("FULL", "context")
    assert subjects == ["users"]
    assert [v.body["schema"] for v in staged.subjects[":.stage:users"].values()] == [record("stage"), record("more")]
    assert [v.body["schema"] for v in staged.subjects["users"].values()] == [record("default")]


def test_without_a_context_the_default_one_is_meant(staged):
    with client(staged.url) as registry:
        assert texts(registry.state("users")) == [record("default")]
        assert registry.subjects() == ["users"]


def test_a_subject_that_names_its_context_is_taken_at_its_word(staged):
    with client(staged.url) as registry:
        assert texts(registry.state(":.stage:users")) == [record("stage")]
        assert registry.subjects(prefix=":.stage:") == [":.stage:users"]


def test_ids_are_looked_up_in_the_configured_context(staged):
    with client(staged.url, context="stage") as registry:
        registry.by_id(2)

    assert staged.asked[-1] == "GET /schemas/ids/2?subject=%3A.stage%3A"


# Single versions


def test_a_version_is_asked_for_once_and_the_newest_each_time(fake):
    fake.add("s", record("a"), record("b"))

    with client(fake.url) as registry:
        found = [registry.version("s", 1), registry.version("s", 1), registry.version("s"), registry.version("s")]

    assert [version.version for version in found] == [1, 1, 2, 2]
    assert (fake.count("versions/1"), fake.count("versions/latest")) == (1, 2)


def test_a_version_that_is_not_there_is_none(fake):
    fake.add("s", record("a"))

    with client(fake.url) as registry:
        assert registry.version("s", 2) is None
        assert registry.version("nobody") is None
        assert registry.by_id(99) is None


def test_a_softly_deleted_version_is_found_by_its_number_only(fake):
    """A reference to it still has to be resolved."""
    fake.add("s", record("a"))
    fake.subjects["s"][1].deleted = True

    with client(fake.url) as registry:
        assert registry.version("s", 1).payload.schema == record("a")
        assert registry.version("s") is None


def test_names_with_every_kind_of_character_reach_the_server_whole(fake):
    name = "a/b c%2Fd?e#f:ü\u20ac-value"
    fake.add(name, record("a"))

    with client(fake.url) as registry:
        assert texts(registry.state(name)) == [record("a")]
        assert registry.version(name).subject == name
        assert registry.compatible(name, Payload(record("b"))).compatible


# What it costs: S subjects with V versions each


def many(fake, subjects, versions):
    names = [f"topic-{number}-value" for number in range(subjects)]
    for name in names:
        fake.add(name, *(record(name[6:], f"f{version}") for version in range(versions)))
    return names


def whole(states, versions):
    return {(len(state.versions), state.exists) for state in states.values()} == {(versions, True)}


def test_cold_a_server_without_the_bulk_endpoint_is_asked_v_plus_four_times_a_subject(plain):
    names = many(plain, 20, 7)

    with client(plain.url) as registry:
        states = registry.states(names)

    assert whole(states, 7)
    assert registry.requests_made == len(plain.asked) <= 20 * (7 + 4) + 10


@pytest.mark.parametrize(("kind", "each"), [("confluent 7", 4), ("confluent 8", 3)])
def test_cold_the_bulk_endpoint_makes_it_a_constant(kind, each):
    fake = Fake(**KINDS[kind])
    names = many(fake, 20, 7)

    with serving(fake), client(fake.url) as registry:
        states = registry.states(names)

    assert whole(states, 7)
    assert registry.requests_made <= 20 * each + 10


def test_warm_it_is_four_times_a_subject_however_many_versions(plain, tmp_path):
    names = many(plain, 20, 7)
    with client(plain.url, cache=tmp_path) as registry:
        cold = registry.states(names)

    with client(plain.url, cache=tmp_path) as registry:
        warm = registry.states(names)

    assert warm == cold
    assert registry.requests_made <= 20 * 4 + 10


def test_warm_only_new_versions_are_fetched(plain, tmp_path):
    plain.add("s", record("a"), record("b"))
    with client(plain.url, cache=tmp_path) as registry:
        registry.state("s")
    plain.add("s", record("c"))
    plain.asked.clear()

    with client(plain.url, cache=tmp_path) as registry:
        state = registry.state("s")

    assert texts(state) == [record("a"), record("b"), record("c")]
    assert plain.count(r"versions/1\?") == 0


def test_a_new_subject_is_asked_for_at_most_four_times(fake):
    names = [f"new-{number}" for number in range(20)]

    with client(fake.url) as registry:
        registry.states(names)

    assert registry.requests_made <= 20 * 4 + 10


def test_a_long_history_comes_in_pages(fake):
    versions = PAGES[0] + PAGES[1] + 3
    fake.add("s", *(record(f"f{number}") for number in range(versions)))

    with client(fake.url) as registry:
        state = registry.state("s")

    assert [version.version for version in state.versions] == list(range(1, versions + 1))
    assert texts(state)[-1] == record(f"f{versions - 1}")


@pytest.mark.parametrize("versions", [PAGES[0] - 1, PAGES[0], PAGES[0] + 1])
def test_a_page_that_is_just_full_is_not_the_end(versions):
    fake = Fake()
    fake.add("s", *(record(f"f{number}") for number in range(versions)))
    fake.add("s-2", record("z"))

    with serving(fake), client(fake.url) as registry:
        assert len(registry.state("s").versions) == versions


# What is kept on disk is believed only while nothing speaks against it


def test_a_subject_that_began_again_at_version_one_is_read_anew(plain, tmp_path):
    plain.add("s", record("a"))
    with client(plain.url, cache=tmp_path) as registry:
        registry.state("s")
    plain.add("other", record("keeps the id in use"))
    plain.forget("s")
    plain.add("s", record("b"))

    with client(plain.url, cache=tmp_path) as registry:
        state = registry.state("s")

    assert texts(state) == [record("b")]


def test_a_subject_that_began_again_and_grew_is_read_anew(plain, tmp_path):
    plain.add("s", record("a"), record("b"))
    with client(plain.url, cache=tmp_path) as registry:
        registry.state("s")
    plain.forget("s")
    plain.add("s", record("x"), record("y"), record("z"))

    with client(plain.url, cache=tmp_path) as registry:
        state = registry.state("s")

    assert texts(state) == [record("x"), record("y"), record("z")]


def test_a_subject_that_lost_versions_for_good_is_read_anew(plain, tmp_path):
    plain.add("s", record("a"), record("b"))
    with client(plain.url, cache=tmp_path) as registry:
        registry.state("s")
    plain.forget("s")
    plain.add("s", record("b"))

    with client(plain.url, cache=tmp_path) as registry:
        state = registry.state("s")

    assert texts(state) == [record("b")]


def test_a_version_that_was_softly_deleted_since_is_told_as_such(plain, tmp_path):
    plain.add("s", record("a"), record("b"))
    with client(plain.url, cache=tmp_path) as registry:
        registry.state("s")
    plain.subjects["s"][1].deleted = True

    with client(plain.url, cache=tmp_path) as registry:
        state = registry.state("s")

    assert seen(state) == [(1, 1, True), (2, 2, False)]


def test_after_a_day_every_subject_is_confirmed(plain, tmp_path):
    names = many(plain, 12, 2)
    time = Time()
    with client(plain.url, cache=tmp_path, time=time) as registry:
        registry.states(names)
    time.at += 86_400
    plain.asked.clear()

    with client(plain.url, cache=tmp_path, time=time) as registry:
        registry.states(names)
    confirmed = plain.count(r"versions/2\?")
    plain.asked.clear()
    with client(plain.url, cache=tmp_path, time=time) as registry:
        registry.states(names)

    assert (confirmed, plain.count(r"versions/2\?")) == (12, 5)


def test_the_cache_of_one_registry_says_nothing_of_another(tmp_path):
    with serving(Fake(bulk=False)) as one, serving(Fake(bulk=False)) as two:
        one.add("s", record("a"))
        two.add("s", record("b"))
        states = []
        for fake in (one, two):
            with client(fake.url, cache=tmp_path) as registry:
                states.append(texts(registry.state("s")))

    assert states == [[record("a")], [record("b")]]


def test_the_schema_of_an_id_is_asked_for_once_and_then_kept(fake, tmp_path):
    fake.add("s", record("a"))
    with client(fake.url, cache=tmp_path) as registry:
        first = [registry.by_id(1), registry.by_id(1)]
    with client(fake.url, cache=tmp_path) as registry:
        second = registry.by_id(1)

    assert first == [Payload(record("a"))] * 2
    assert second == Payload(record("a"))
    assert fake.count("/schemas/ids/1") == 1


# Servers whose bulk endpoint is not what it should be


def ordinary(handler):
    from tests.adapters.fake_registry import answer

    return answer(handler.fake, handler.command, handler.path, handler.raw)


def instead_of_bulk(reply):
    def trick(handler):
        return reply if handler.path.startswith("/schemas?") else ordinary(handler)

    return trick


OTHER = {"subject": "other", "version": 1, "id": 9, "schema": '"int"'}
MINE = {"subject": "s", "version": 1, "id": 9, "schema": '"wrong"'}


ODD = {
    "nothing": (200, []),
    "another subject": (200, [OTHER]),
    "more than was asked for": (200, [MINE] * 65),
    "not all versions": (200, [MINE]),
    "unsorted": (200, [{**OTHER, "subject": "s-other"}, MINE]),
    "an object": (200, {"schemas": []}),
    "a text": (200, "Not Found"),
    "a list of nothing": (200, [None]),
    "html": (200, b"<html>"),
    "five megabytes": (200, b"x" * 5_000_000),
    "forbidden": (403, {"error_code": 40301, "message": "no"}),
    "not found": (404, b"<html>"),
    "not allowed": (405, {}),
    "broken": (500, {"error_code": 500, "message": "Internal"}),
    "not implemented": (501, b""),
}


@pytest.mark.parametrize("reply", ODD.values(), ids=ODD)
def test_a_bulk_endpoint_that_answers_something_else_is_not_used(reply):
    fake = Fake(always=instead_of_bulk(reply))
    fake.add("s", record("a"), record("b"))
    fake.add("t", record("c"))

    with serving(fake), client(fake.url) as registry:
        states = registry.states(["s", "t"])

    assert {name: texts(state) for name, state in states.items()} == {
        "s": [record("a"), record("b")],
        "t": [record("c")],
    }
    assert fake.count(r"GET /schemas\?") == 1


def test_a_bulk_endpoint_that_stops_working_is_made_up_for():
    fake = Fake()
    fake.add("s", record("a"))
    fake.add("t", record("b"))
    shown = []

    def once(handler):
        if handler.path.startswith("/schemas?"):
            shown.append(handler.path)
            return ordinary(handler) if len(shown) == 1 else (200, [])
        return ordinary(handler)

    fake.always = once
    with serving(fake), client(fake.url) as registry:
        states = registry.states(["s", "t"])

    assert texts(states["t"]) == [record("b")]


# What must not look like "nothing there"


def test_behind_a_wrong_path_nothing_looks_new():
    fake = Fake(always=says(404, b"<html><title>Not Found</title>"))
    with serving(fake), client(fake.url) as registry, pytest.raises(RegistryError) as caught:
        registry.state("s")

    assert caught.value.status == 404
    assert "whole path" in caught.value.hint


def test_a_registry_that_says_not_found_without_a_code_is_believed():
    def codeless(handler):
        status, body = ordinary(handler)[:2]
        return (404, "Not Found") if status == 404 else (status, body)

    with serving(Fake(always=codeless)) as fake, client(fake.url) as registry:
        fake.add("s", record("a"))

        assert texts(registry.state("s")) == [record("a")]
        assert not registry.state("nobody").exists
        assert registry.lookup("nobody", Payload(record("a"))) is None


def test_a_listed_version_that_is_not_handed_out_is_an_error(plain):
    plain.add("s", record("a"), record("b"))

    def hides(handler):
        return (404, {"error_code": 40402, "message": "no"}) if "/versions/1" in handler.path else ordinary(handler)

    plain.always = hides
    with client(plain.url) as registry, pytest.raises(RegistryError) as caught:
        registry.state("s")

    assert (caught.value.subject, caught.value.status, caught.value.code) == ("s", 404, 40402)
