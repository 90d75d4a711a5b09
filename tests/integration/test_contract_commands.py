"""`check`, `plan`, `register`, `drift` and `pull` against every registry, as a pipeline runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.integration.publishing import Publisher, Ran
from tests.integration.schemas import ADDRESS, ID, ORDER, RENAMED, USER, USER_ID, WIDER, field, record, text

S = "users-value"
WIDEST = record("User", ID, USER_ID, *WIDER["fields"][2:], field("plan", "string", default="free"))
WIDER_ADDRESS = record("Address", field("city", "string"), field("zip", "string", default=""))


@pytest.fixture
def publisher(tmp_path, registry) -> Publisher:
    return Publisher(tmp_path / "repo", registry)


def planned(ran: Ran) -> list[tuple[str, str]]:
    """What a plan does, subject by subject."""
    return [(action["action"], action["subject"]) for action in ran.json["actions"]]


def done(ran: Ran) -> list[tuple[str, str, int | None]]:
    assert ran.code == 0, ran.out + ran.err
    return [(entry["result"], entry["subject"], entry["version"]) for entry in ran.json["entries"]]


def findings(ran: Ran) -> list[str]:
    return sorted(finding["rule"] for finding in ran.json["findings"] if finding["severity"] != "notice")


def strayed(ran: Ran) -> dict[str, list[str]]:
    return {stray["subject"]: [found["kind"] for found in stray["found"]] for stray in ran.json["strayed"]}


def parsed(registry, subject: str, version: int | str = "latest") -> dict:
    return json.loads(registry.call("GET", f"/subjects/{subject}/versions/{version}").body["schema"])


def test_a_plan_says_what_register_then_does_and_is_empty_afterwards(publisher, registry):
    publisher.write("users", USER).commit()

    plan = publisher.run("plan", "--exit-code", "--format", "json")
    assert (plan.code, planned(plan)) == (4, [("set-mode", S), ("create", S)])
    assert registry.versions(S) == []

    assert done(publisher.run("register", "--format", "json")) == [("set", S, None), ("created", S, 1)]
    assert publisher.run("plan", "--exit-code").code == 0
    assert done(publisher.run("register", "--format", "json")) == [("existing", S, 1)]
    assert registry.versions(S) == [1]
    assert parsed(registry, S) == USER


def test_the_receipt_has_the_id_that_the_messages_will_carry(publisher, registry):
    publisher.write("users", USER).commit()

    entries = publisher.run("register", "--format", "json").json["entries"]

    assert [entry["id"] for entry in entries if entry["result"] == "created"] == [
        registry.call("GET", f"/subjects/{S}/versions/1").body["id"]
    ]


def test_a_pull_request_with_a_compatible_change_passes_and_its_merge_is_version_2(publisher, registry):
    publisher.write("users", USER).register()
    publisher.repo.branch("proposal")
    publisher.write("users", WIDER).commit()

    assert findings(publisher.run("check", "--format", "json")) == []
    publisher.repo.checkout("main").merge("proposal")
    assert done(publisher.run("register", "--format", "json")) == [("created", S, 2)]
    assert parsed(registry, S) == WIDER


def test_a_rename_fails_the_check_and_register_writes_nothing(publisher, registry):
    publisher.write("users", USER).register()
    publisher.repo.branch("proposal")
    publisher.write("users", RENAMED).write("plans", record("Plan", ID)).commit()

    checked = publisher.run("check", "--format", "json")
    assert (checked.code, findings(checked)) == (1, ["field-renamed"])
    publisher.repo.checkout("main").merge("proposal")
    assert publisher.run("plan", "--exit-code").code == 1
    assert publisher.run("register").code == 1
    assert registry.subjects() == [S]
    assert registry.versions(S) == [1]


def test_what_only_the_registry_holds_is_judged_too(publisher, registry):
    """Version 1 was registered before there was a repository."""
    registry.text(S, WIDER)
    publisher.write("users", USER).commit()
    publisher.repo.branch("proposal")
    publisher.write("users", record("User", ID, USER_ID, field("age", "string", default=""))).commit()

    checked = publisher.run("check", "--format", "json")

    assert checked.code == 1
    assert "field-type-changed" in findings(checked)


def test_all_version_files_are_registered_in_order(publisher, registry):
    publisher.write("users_v1", USER).write("users_v2", WIDER).write("users_v3", WIDEST).commit()

    publisher.register()

    assert [parsed(registry, S, version) for version in registry.versions(S)] == [USER, WIDER, WIDEST]


def test_a_shared_type_is_registered_first_and_pinned(publisher, registry):
    publisher.write("shared/address", ADDRESS).write("orders", ORDER).register()

    references = registry.call("GET", "/subjects/orders-value/versions/1").body["references"]
    assert references == [{"name": "com.example.Address", "subject": "com.example.Address", "version": 1}]
    assert publisher.run("plan", "--exit-code").code == 0


def test_a_shared_type_that_grows_takes_its_users_along(publisher, registry):
    publisher.write("shared/address", ADDRESS).write("orders", ORDER).register()
    publisher.write("shared/address", WIDER_ADDRESS).commit()

    assert done(publisher.run("register", "--format", "json")) == [
        ("created", "com.example.Address", 2),
        ("created", "orders-value", 2),
    ]
    references = registry.call("GET", "/subjects/orders-value/versions/2").body["references"]
    assert [reference["version"] for reference in references] == [2]
    assert publisher.run("plan", "--exit-code").code == 0


def test_a_shared_type_that_breaks_its_users_is_stopped(publisher, registry):
    publisher.write("shared/address", ADDRESS).write("orders", ORDER).register()
    publisher.write("shared/address", record("Address", field("town", "string"))).commit()

    assert publisher.run("register").code == 1
    assert (registry.versions("com.example.Address"), registry.versions("orders-value")) == ([1], [1])


def test_shared_types_can_be_folded_into_each_subject(publisher, registry):
    config = publisher.repo.path / "schemagate.toml"
    stem = 'name = ["{stem}-value"]\n'
    config.write_text(config.read_text().replace(stem, f'{stem}references = "inline"\n'))
    publisher.write("shared/address", ADDRESS).write("orders", ORDER).register()

    body = registry.call("GET", "/subjects/orders-value/versions/1").body
    assert body.get("references", []) == []
    assert json.loads(body["schema"])["fields"][1]["type"]["fields"] == ADDRESS["fields"]
    assert publisher.run("plan", "--exit-code").code == 0


def test_a_new_subject_gets_its_mode_before_its_first_version(publisher, registry):
    registry.call("PUT", "/config", {"compatibility": "NONE"})
    publisher.write("users", USER).register()

    assert registry.call("GET", f"/config/{S}").body["compatibilityLevel"] == "FULL_TRANSITIVE"
    assert registry.call("GET", "/config").body["compatibilityLevel"] == "NONE"


def test_a_weaker_mode_in_the_registry_is_a_finding(publisher, registry):
    publisher.write("users", USER).register()
    registry.call("PUT", f"/config/{S}", {"compatibility": "BACKWARD"})
    publisher.write("users", WIDER)

    assert findings(publisher.run("check", "--format", "json")) == ["registry-mode-weaker"]


def test_a_weaker_global_mode_is_a_finding_for_a_subject_without_its_own(publisher, registry):
    registry.text(S, USER)
    registry.call("PUT", "/config", {"compatibility": "BACKWARD"})
    publisher.write("users", USER).commit()
    publisher.write("users", WIDER)

    assert findings(publisher.run("check", "--format", "json")) == ["registry-mode-weaker"]


def test_a_version_registered_by_hand_is_seen_and_blocks(publisher, registry):
    publisher.write("users", USER).register()
    registry.text(S, WIDER)

    assert strayed(publisher.run("drift", "--format", "json"))[S] == ["not latest", "edited by hand"]
    assert publisher.run("plan", "--exit-code").code == 1
    assert publisher.run("register").code == 1
    assert registry.versions(S) == [1, 2]


def test_what_was_registered_by_hand_in_between_is_caught_by_the_next_check(publisher, registry):
    publisher.write("users", USER).register()
    registry.text(S, WIDER)
    publisher.write("users", WIDEST)

    assert findings(publisher.run("check", "--format", "json")) == ["registry-version-not-in-git"]


def test_nothing_drifts_after_register(publisher):
    publisher.write("shared/address", ADDRESS).write("orders", ORDER).write("users", USER).register()

    drift = publisher.run("drift", "--format", "json")

    assert (drift.code, strayed(drift)) == (0, {})


def test_drift_shows_subjects_that_no_file_defines(publisher, registry):
    publisher.write("users", USER).register()
    registry.text("strangers-value", ADDRESS)

    drift = publisher.run("drift", "--format", "json")

    assert [unmanaged["subject"] for unmanaged in drift.json["unmanaged"]] == ["strangers-value"]


def test_what_is_not_registered_yet_drifts(publisher):
    publisher.write("users", USER).register()
    publisher.write("plans", record("Plan", ID)).commit()

    assert publisher.run("drift").code == 1


def test_a_read_only_registry_is_seen_before_any_write(publisher, registry):
    publisher.write("users", USER).register()
    registry.call("PUT", f"/mode/{S}", {"mode": "READONLY"})
    publisher.write("users", WIDER).write("plans", record("Plan", ID)).commit()

    assert publisher.run("register").code == 1
    assert registry.subjects() == [S]


def test_a_softly_deleted_version_is_still_judged(publisher, registry):
    """Its data may still be in the topic."""
    registry.text(S, WIDER)
    registry.text(S, USER)
    registry.call("DELETE", f"/subjects/{S}/versions/1")
    publisher.write("users", USER).commit()
    publisher.write("users", record("User", ID, USER_ID, field("age", "string", default="")))

    checked = publisher.run("check", "--format", "json")
    assert "field-type-changed" in findings(checked)
    ignored = publisher.run("check", "--ignore-deleted", "--format", "json")
    assert "field-type-changed" not in findings(ignored)


def test_a_softly_deleted_subject_is_a_finding(publisher, registry):
    publisher.write("users", USER).register()
    registry.call("DELETE", f"/subjects/{S}")
    publisher.write("users", WIDER)

    assert "subject-soft-deleted" in findings(publisher.run("check", "--format", "json"))


def test_a_changed_doc_reaches_the_registry(publisher, registry):
    publisher.write("users", USER).register()
    publisher.write("users", {**USER, "doc": "Who signs in."}).commit()

    publisher.register()

    assert parsed(registry, S)["doc"] == "Who signs in."
    assert publisher.run("plan", "--exit-code").code == 0


@pytest.mark.parametrize(
    "more", [{"doc": "Who signs in."}, {"aliases": ["Person"]}, {"owner": "accounts"}], ids=["doc", "alias", "property"]
)
def test_a_change_that_a_registry_may_not_keep_ends_with_nothing_to_do(publisher, registry, more):
    """One more version, or none: then the plan says that the registry keeps none for such a change."""
    publisher.write("users", USER).register()
    publisher.write("users", {**USER, **more}).commit()
    plan = publisher.run("plan", "--exit-code")

    publisher.register()

    kept = parsed(registry, S) == {**USER, **more}
    assert (plan.code, registry.versions(S)) == ((4, [1, 2]) if kept else (0, [1]))
    assert kept or "keeps no other for such a change" in " ".join(plan.out.split())
    assert publisher.run("plan", "--exit-code").code == 0
    assert publisher.run("drift").code == 0
    assert findings(publisher.run("check", "--all", "--format", "json")) == []


def test_comments_stay_in_the_repository_and_properties_leave_it(publisher, registry):
    schema = {**USER, "owner": "accounts"}
    publisher.repo.write("schemas/users.avsc", f"// who signs in\n{text(schema)}\n")
    publisher.register()

    answer = registry.call("GET", f"/subjects/{S}/versions/1").body["schema"]
    assert "who signs in" not in answer
    assert json.loads(answer)["owner"] == "accounts"


def test_a_key_of_a_primitive_type_is_a_subject_like_any_other(publisher, registry):
    config = publisher.repo.path / "schemagate.toml"
    key = '[[subjects]]\nmatch = "schemas/*_key.avsc"\nname = ["users-key"]\n\n'
    config.write_text(config.read_text().replace("[[subjects]]", f"{key}[[subjects]]", 1))
    publisher.write("user_key", '"string"').register()

    assert registry.versions("users-key") == [1]
    assert publisher.run("plan", "--exit-code").code == 0


FOREIGN = {
    "JSON": '{"type": "object", "properties": {"id": {"type": "string"}}}',
    "PROTOBUF": 'syntax = "proto3";\nmessage User {\n  string id = 1;\n}\n',
}


@pytest.mark.parametrize("kind", list(FOREIGN))
def test_a_subject_of_another_schema_type_is_told_and_left_alone(publisher, registry, kind):
    answer = registry.call("POST", f"/subjects/{S}/versions", {"schema": FOREIGN[kind], "schemaType": kind})
    if registry.key == "embedded":  # it takes Avro only
        assert (answer.status, answer.body["error_code"]) == (422, 42201)
        return
    assert answer.status == 200, answer
    publisher.write("users", USER).write("plans", record("Plan", ID)).commit()

    checked = publisher.run("check", "--all", "--format", "json")
    assert (checked.code, findings(checked)) == (1, ["schema-type-other"])
    plan = publisher.run("plan")
    assert (plan.code, f"the subject holds {kind} schemas, and this one is Avro" in plan.out) == (1, True)
    assert publisher.run("register").code == 1
    assert strayed(publisher.run("drift", "--format", "json"))[S] == ["unpublished", "other type"]
    diff = publisher.run("diff", S, "schemas/users.avsc")
    assert (diff.code, f"{S} is a {kind} schema" in diff.err) == (2, True)
    pulled = publisher.run("pull", "--into", "schemas/pulled")
    assert (pulled.code, f"{S}: version 1 is {kind}, not Avro" in pulled.out) == (1, True)
    assert registry.subjects() == [S]


@pytest.mark.parametrize("kind", list(FOREIGN))
def test_other_subjects_are_served_beside_one_of_another_schema_type(publisher, registry, kind):
    registry.call("POST", "/subjects/strangers-value/versions", {"schema": FOREIGN[kind], "schemaType": kind})
    publisher.write("users", USER).register()

    assert publisher.run("check", "--all").code == 0
    assert publisher.run("plan", "--exit-code").code == 0
    assert publisher.run("drift").code == 0
    assert registry.versions(S) == [1]


@pytest.mark.parametrize("options", [(), ("--all-versions",)], ids=["latest", "all"])
def test_what_is_pulled_is_clean_and_needs_no_plan(tmp_path, registry, options):
    registry.text("com.example.Address", ADDRESS)
    pinned = [{"name": "com.example.Address", "subject": "com.example.Address", "version": 1}]
    registry.text("orders-value", ORDER, references=pinned)
    registry.text(S, {**USER, "doc": "Who signs in.", "owner": "accounts"})
    registry.text(S, {**WIDER, "doc": "Who signs in.", "owner": "accounts"})
    publisher = Publisher(tmp_path / "repo", registry)
    publisher.repo.write("schemagate.toml", f'[registry.it]\nurl = "{registry.url}"\n').commit("Adopt the registry")

    pulled = publisher.run("pull", *options)
    assert pulled.code == 0, pulled.out + pulled.err
    first = contents(publisher.repo.path)
    again = publisher.run("pull", *options)
    assert again.code == 0, again.out + again.err
    assert contents(publisher.repo.path) == first

    publisher.commit("What the registry has")
    assert findings(publisher.run("check", "--all", "--format", "json")) == []
    plan = publisher.run("plan", "--exit-code")
    assert plan.code == 0, plan.out + plan.err
    assert publisher.run("drift").code == 0


def contents(folder: Path) -> dict[str, bytes]:
    names = [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in names}


def test_two_pipelines_at_once_register_everything_once(tmp_path, registry):
    from concurrent.futures import ThreadPoolExecutor

    publishers = []
    for number in range(2):
        publisher = Publisher(tmp_path / f"repo-{number}", registry)
        for each in range(6):
            publisher.write(f"event_{each}", record(f"Event{each}", ID))
        publishers.append(publisher.commit("Events"))

    with ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(lambda publisher: publisher.run("register").code, publishers))

    assert codes == [0, 0]
    assert {subject: registry.versions(subject) for subject in registry.subjects()} == {
        f"event_{each}-value": [1] for each in range(6)
    }


def test_an_unreachable_registry_is_exit_3_and_says_so(publisher, registry):
    publisher.write("users", USER).register()
    config = publisher.repo.path / "schemagate.toml"
    config.write_text(config.read_text().replace(registry.url, "http://127.0.0.1:9"))
    publisher.write("users", WIDER)

    unreachable = publisher.run("check")
    assert unreachable.code == 3
    assert "127.0.0.1:9" in unreachable.err + unreachable.out
    assert publisher.run("check", "--offline").code == 0
