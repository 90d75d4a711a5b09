"""Paths, parameters, media types, users: what a client may send, and what it gets for it."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import threading
from urllib.parse import urlsplit

import pytest
from tests.devregistry.running import JSON_TYPE, Client, Reply, running

from schemagate.devregistry.users import User

INT = '"int"'


@pytest.fixture(scope="module")
def registry():
    with running() as client:
        yield client


@pytest.mark.parametrize("name", ["a%2Fb", "with%20space", "%C3%A9", "a%25b", "..%2F..%2Fx", "topic-com.acme.User"])
def test_a_subject_may_have_any_name(registry, name):
    registry.register(name, INT)

    assert registry.get(f"/subjects/{name}/versions") == [1]
    assert registry.ask("DELETE", f"/subjects/{name}").body == [1]


def test_booleans_in_any_case_and_parameters_nobody_knows_are_fine(registry):
    registry.register("bools", INT)

    answers = [
        registry.ask("POST", "/subjects/bools?normalize=False&deleted=False", {"schema": INT}).status,
        registry.ask("GET", "/subjects?deleted=false&deleted_only=false&offset=0&limit=-1").status,
        registry.ask("GET", "/subjects/bools/versions/1?name=x").status,
        registry.ask("GET", "/subjects/bools/versions?limit=many&offset=-1&deleted=TRUE").status,
    ]

    assert answers == [200, 200, 200, 200]


def test_a_context_may_stand_in_the_subject_or_in_the_path():
    with running() as registry:
        registry.register(":.dev:users", INT)
        registry.ask("PUT", "/contexts/.dev/config", {"compatibility": "BACKWARD"})

        assert registry.get("/contexts") == [".", ".dev"]
        assert registry.get("/contexts/.dev/subjects") == [":.dev:users"]
        assert registry.get("/contexts/:.dev:/subjects/users/versions") == [1]
        assert registry.get("/contexts/.dev/schemas/ids/1")["subject"] == ":.dev:users"
        assert [each["subject"] for each in registry.get("/contexts/.dev/schemas")] == [":.dev:users"]
        assert registry.get("/config/:.dev:users?defaultToGlobal=true") == {"compatibilityLevel": "BACKWARD"}
        assert registry.get("/subjects?subjectPrefix=:.dev:u") == [":.dev:users"]
        assert registry.get("/schemas") == []
        assert registry.get("/subjects/users/versions/1")["subject"] == ":.dev:users"


def test_many_subjects_come_in_pages():
    with running() as registry:
        for number in range(5):
            registry.register(f"s{number}", INT)

        pages = [registry.get(f"/schemas?subjectPrefix=s&offset={start}&limit=2") for start in (0, 2, 4, 6)]

    assert [[each["subject"] for each in page] for page in pages] == [["s0", "s1"], ["s2", "s3"], ["s4"], []]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nope", 404),
        ("GET", "/schemas/ids/x", 404),
        ("PATCH", "/subjects", 405),
        ("PUT", "/subjects/a", 405),
        ("OPTIONS", "/subjects", 405),
    ],
)
def test_what_is_not_served_says_so(registry, method, path, status):
    reply = registry.ask(method, path, {} if method == "PUT" else None)

    assert (reply.status, reply.body["error_code"]) == (status, status)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("not json", 400),
        ("[]", 400),
        ("3", 400),
        ("null", 400),
        ("", 422),
        ('{"schema": 5}', 400),
        ('{"schema": "\\"int\\"", "references": {}}', 400),
        ('{"schema": "\\"int\\"", "references": [1]}', 400),
        ('{"schema": "\\"int\\"", "version": "x"}', 400),
        ('{"schema": "\\"int\\"", "metadata": {"properties": {"a": 1}}}', 400),
        ('{"schema": "\\"int\\"", "metadata": {"tags": {"a": 1}}}', 400),
        ("[" * 100_000, 400),
        (b"\xff\xfe", 400),
        ('{"schema": "' + "9" * 5000 + '"}', 422),
        ('{"schema": NaN}', 400),
    ],
    ids=range(15),
)
def test_a_body_that_is_wrong_is_the_sender_s_mistake(registry, body, status):
    assert registry.ask("POST", "/subjects/wrong/versions", body).status == status
    assert registry.get("/subjects/wrong/versions")["error_code"] == 40401


@pytest.mark.parametrize("path", ["/config", "/config/a", "/mode", "/mode/a", "/subjects/a", "/subjects/a/versions"])
@pytest.mark.parametrize("body", ["[]", "null", '{"compatibility": 1, "mode": []}', '{"alias": 3, "mode": 1}'])
def test_no_body_is_our_mistake(registry, path, body):
    for method in ("PUT", "POST"):
        assert registry.ask(method, path, body).status in {200, 400, 404, 405, 422}


def test_a_body_that_is_too_long_is_not_read(registry):
    reply = registry.ask("POST", "/subjects/long/versions", b'{"schema": "' + b"x" * (11 * 1024 * 1024) + b'"}')

    assert (reply.status, reply.body["error_code"]) == (413, 413)


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("application/json", "application/json"),
        ("*/*", JSON_TYPE),
        ("application/json;q=0.5, application/vnd.schemaregistry+json", "application/vnd.schemaregistry+json"),
    ],
)
def test_a_client_gets_the_media_type_that_it_prefers(registry, accept, answered):
    with contextlib.closing(http.client.HTTPConnection(urlsplit(registry.url).netloc)) as connection:
        connection.request("GET", "/subjects", headers={"Accept": accept})
        with connection.getresponse() as response:
            found = response.headers["Content-Type"]

    assert found == answered


def test_a_text_with_anything_in_it_comes_back(registry):
    schema = json.dumps({"type": "fixed", "name": "F", "size": 1, "doc": "\u2028 é 😀 \ud800 \x01"})

    registry.register("odd", schema)

    assert registry.look_up("odd", schema).body["version"] == 1
    assert json.loads(registry.get("/subjects/odd/versions/1")["schema"]) == json.loads(schema)


def test_concurrent_registrations_get_distinct_ids_and_versions(registry):
    replies: list[Reply] = []

    def register(worker: int) -> None:
        for number in range(10):
            schema = {"type": "fixed", "name": "F", "size": 1 + worker * 10 + number}
            replies.append(registry.register(f"own{worker}-{number}", schema))
            replies.append(registry.register("together", {**schema, "size": 4, "doc": f"{worker}-{number}"}))

    workers = [threading.Thread(target=register, args=(worker,)) for worker in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert {reply.status for reply in replies} == {200}
    assert len({reply.body["id"] for reply in replies}) == len(replies) == 160
    assert registry.get("/subjects/together/versions") == list(range(1, 81))


READER, WRITER = User("reader", "s3cret", writes=False), User("ci", "pw:with:colons", writes=True)


def basic(user: User) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user.name}:{user.password}".encode()).decode()}


@pytest.fixture(scope="module")
def guarded():
    with running(users=(READER, WRITER)) as client:
        client.ask("POST", "/subjects/a/versions", {"schema": INT}, **basic(WRITER))
        yield client


QUESTIONS = [
    ("GET", "/subjects", None),
    ("POST", "/subjects/a", {"schema": INT}),
    ("POST", "/compatibility/subjects/a/versions", {"schema": INT}),
    ("POST", "/compatibility/subjects/versions/versions/latest", {"schema": INT}),
    ("POST", "/contexts/.x/compatibility/subjects/a/versions", {"schema": INT}),
    ("GET", "/contexts/.x/subjects", None),
]
CHANGES = [
    ("POST", "/subjects/a/versions", {"schema": INT}),
    ("POST", "/contexts/.x/subjects/a/versions", {"schema": INT}),
    ("PUT", "/config", {"compatibility": "NONE"}),
    ("PUT", "/mode/a", {"mode": "READONLY"}),
    ("DELETE", "/subjects/a", None),
    ("DELETE", "/config/a", None),
]


@pytest.mark.parametrize(("method", "path", "body"), QUESTIONS)
def test_a_reader_may_ask(guarded, method, path, body):
    assert guarded.ask(method, path, body, **basic(READER)).status == 200


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_a_reader_may_change_nothing(guarded: Client, method, path, body):
    reply = guarded.ask(method, path, body, **basic(READER))

    assert (reply.status, reply.body["error_code"]) == (403, 40301)
    assert reply.body["message"].startswith("User is denied operation Write on ")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic(User("reader", "wrong", writes=True)),
        {"Authorization": "Basic %%%"},
        {"Authorization": "Bearer s3cret"},
    ],
    ids=["none", "wrong password", "no base64", "other scheme"],
)
def test_nobody_else_may_even_ask(guarded, headers):
    assert guarded.ask("GET", "/subjects", **headers) == Reply(401, {"error_code": 401, "message": "Unauthorized"})


def test_a_writer_may_change(guarded):
    assert guarded.ask("PUT", "/config/b", {"compatibility": "NONE"}, **basic(WRITER)).status == 200
