"""A registry that is slow, sick, gone or no registry: what is tried again, when it ends, and what is told."""

from __future__ import annotations

import gzip
import socket
from collections import Counter
from email.utils import formatdate
from typing import NoReturn
from zlib import crc32

import pytest
import requests
from requests.adapters import BaseAdapter
from tests.adapters.fake_registry import (
    Fake,
    acts_then,
    hangs_up,
    record,
    resets,
    says,
    serving,
    sleeps,
    truncates,
)
from tests.adapters.registries import Time, client

from schemagate.adapters.registry import Refused
from schemagate.adapters.registry.client import Registry
from schemagate.adapters.registry.retries import (
    ALLOWANCE,
    FIRST_WAIT,
    LONGEST_RETRY_AFTER,
    TRIES,
    retry_after,
)
from schemagate.errors import RegistryError, UndecidedError
from schemagate.wire.values import Payload

GOOD = Payload(record("a"))
SICK = {"error_code": 50001, "message": "Error in the backend data store"}


@pytest.fixture
def fake():
    with serving(Fake()) as served:
        served.add("s", record("a"))
        yield served


def failure(registry):
    """What asking for a configuration fails with."""
    with registry, pytest.raises(RegistryError) as caught:
        registry.global_config()
    return caught.value


def free_port():
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# What is tried again


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_status_that_may_pass_is_tried_again(fake, status):
    fake.tricks = [says(status, SICK), says(status, b"<html>")]

    with client(fake.url) as registry:
        assert registry.global_config().level == "BACKWARD"
    assert len(fake.asked) == 3


@pytest.mark.parametrize("trick", [resets, hangs_up, truncates], ids=lambda trick: trick.__name__)
def test_a_connection_that_breaks_is_tried_again(fake, trick):
    fake.tricks = [trick, trick]

    with client(fake.url) as registry:
        assert registry.global_config().level == "BACKWARD"
    assert len(fake.asked) == 3


def test_an_answer_that_is_late_is_asked_for_again(fake):
    fake.tricks = [sleeps(1.0)]

    with client(fake.url, timeout=0.2) as registry:
        assert registry.global_config().level == "BACKWARD"
    assert len(fake.asked) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422, 501, 505])
def test_a_status_that_will_not_pass_is_final(fake, status):
    fake.always = says(status, {"error_code": status, "message": "no"})

    error = failure(client(fake.url))

    assert (error.status, error.code, len(fake.asked)) == (status, status, 1)


def test_a_lost_answer_to_a_registration_is_asked_for_again_and_registers_once(fake):
    fake.tricks = [acts_then(resets), acts_then(says(503, b""))]

    with client(fake.url) as registry:
        assert registry.register("new", Payload(record("n"))) == 2
    assert {number: version.id for number, version in fake.subjects["new"].items()} == {1: 2}


def test_a_registry_that_stays_sick_is_given_up(fake):
    fake.always = says(500, SICK)

    error = failure(client(fake.url))

    assert (len(fake.asked), error.status, error.code) == (TRIES, 500, 50001)


# How long it waits


def test_waiting_doubles_and_is_left_to_chance(fake):
    time = Time()
    fake.always = says(500, SICK)

    failure(client(fake.url, time=time))

    assert time.slept == [FIRST_WAIT * 2**number / 2 for number in range(TRIES - 1)]


@pytest.mark.parametrize(
    ("said", "waited"),
    [("7", 7.0), ("0", 0.0), ("7200", LONGEST_RETRY_AFTER), ("-3", 0.0), ("soon", 0.0), ("9" * 5000, 60.0)],
)
def test_retry_after_is_kept_to(fake, said, waited):
    time = Time()
    fake.tricks = [says(429, SICK, {"Retry-After": said})]

    with client(fake.url, time=time) as registry:
        registry.global_config()

    assert time.slept == [waited + FIRST_WAIT / 2]


def test_retry_after_can_be_a_date():
    assert retry_after(formatdate(1_000_030, usegmt=True), 1_000_000.0) == 30.0
    assert retry_after("Wed, 99 Foo 2026", 0.0) is None


def test_everyone_keeps_to_a_pause_that_one_was_asked_for(fake):
    time = Time()
    fake.tricks = [says(429, SICK, {"Retry-After": "50"})] * TRIES
    with client(fake.url, time=time) as registry:
        with pytest.raises(RegistryError):
            registry.global_config()
        del time.slept[:]
        registry.global_config()

    assert len(time.slept) == 1
    assert 45 < time.slept[0] <= 50


# One budget for the run


def test_a_sick_registry_is_not_flooded(fake):
    fake.always = says(503, SICK)
    names = [f"topic-{number}" for number in range(100)]

    with client(fake.url) as registry:
        for name in names:
            with pytest.raises(RegistryError):
                registry.state(name)

    assert len(fake.asked) - len(names) == ALLOWANCE


def test_a_run_ends_with_the_first_subject_that_cannot_be_read(fake):
    fake.always = says(503, SICK)

    with client(fake.url) as registry, pytest.raises(RegistryError):
        registry.states(f"topic-{number}" for number in range(100))

    assert len(fake.asked) == TRIES


def test_with_one_fault_in_five_a_long_run_comes_through(fake):
    asked = Counter()

    def every_fifth(handler):
        from tests.adapters.fake_registry import answer

        asked[handler.path] += 1
        # Whatever the order in which requests arrive, no one of them fails more often than it is tried.
        if (crc32(handler.path.encode()) + asked[handler.path]) % 5 == 0:
            return 503, SICK
        return answer(handler.fake, handler.command, handler.path, handler.raw)

    fake.always = every_fifth
    names = [f"topic-{number}" for number in range(300)]

    with client(fake.url) as registry:
        assert len(registry.states(names)) == 300
    assert 0.1 < 1 - len(asked) / asked.total() < 0.3


# Several addresses


def test_when_one_address_fails_the_next_is_asked_at_once_and_from_then_on():
    time = Time()
    with serving(Fake()) as fake:
        with client(f"http://127.0.0.1:{free_port()}", fake.url, time=time) as registry:
            registry.global_config()
            registry.global_mode()
        assert (registry.url, registry.requests_made, time.slept) == (fake.url, 3, [])


def test_an_address_that_answers_badly_is_left_too():
    with serving(Fake(always=says(503, SICK))) as sick, serving(Fake()) as well:
        with client(sick.url, well.url) as registry:
            registry.global_config()

        assert (len(sick.asked), len(well.asked)) == (1, 1)


def test_an_error_of_the_registry_itself_is_not_a_reason_to_ask_elsewhere():
    with serving(Fake(always=says(422, SICK))) as one, serving(Fake()) as two:
        error = failure(client(one.url, two.url))

        assert (error.status, len(two.asked)) == (422, 0)


# What is told


def test_a_registry_that_is_not_there_is_told_with_its_address():
    url = f"http://127.0.0.1:{free_port()}"

    error = failure(client(url))

    assert str(error) == f"registry prod ({url}/config) cannot be reached: connection refused (after {TRIES} tries)"
    assert error.hint == "check `url` of [registry.prod], the network and the proxy variables"
    assert (error.exit_code, error.url, error.status) == (3, f"{url}/config", 0)
    assert isinstance(error, UndecidedError)


def test_a_name_that_nobody_knows_is_not_asked_for_again():
    error = failure(client("http://registry.invalid"))

    assert str(error) == "registry prod (http://registry.invalid/config) cannot be reached: its name is not known"


@pytest.mark.parametrize(
    ("trick", "words"),
    [
        (resets, "reset the connection"),
        (hangs_up, "closed the connection without an answer"),
        (truncates, "broke off in the middle of its answer"),
        (sleeps(1.0), "did not answer within 0.2 s"),
    ],
    ids=["resets", "hangs up", "truncates", "sleeps"],
)
def test_a_broken_connection_is_told_in_plain_words(fake, trick, words):
    fake.always = trick

    error = failure(client(fake.url, timeout=0.2))

    waited = f", {TRIES * 0.2:g} s of waiting in all" if "within" in words else ""
    assert str(error) == f"registry prod ({fake.url}/config) {words} (after {TRIES} tries{waited})"
    assert error.__cause__ is None
    assert error.__context__ is None


READS = "every command that asks the registry needs this permission"
WRITES = "the pipeline of the approved branch needs this permission to `register`"
FORBIDDEN = {
    "versions": (lambda registry: registry.version("s", 1), "read the versions of `s`", "SUBJECT_READ", READS),
    "level": (
        lambda registry: registry.state("s"),
        "read the compatibility level of `s`",
        "SUBJECT_COMPATIBILITY_READ",
        READS,
    ),
    "mode": (
        lambda registry: registry.global_mode(),
        "read the registry's own mode (READWRITE, READONLY ...)",
        "GLOBAL_COMPATIBILITY_READ",
        READS,
    ),
    "list": (lambda registry: registry.subjects(), "list the registry's subjects", "GLOBAL_READ", READS),
    "by id": (lambda registry: registry.by_id(1), "read the versions of its subjects", "SUBJECT_READ", READS),
    "lookup": (
        lambda registry: registry.lookup("s", GOOD),
        "look schemas up in `s`, a POST that changes nothing",
        "SUBJECT_READ",
        READS,
    ),
    "compatible": (
        lambda registry: registry.compatible("s", GOOD),
        "ask whether a schema is compatible with `s`, a POST that changes nothing",
        "SUBJECT_WRITE",
        READS,
    ),
    "register": (lambda registry: registry.register("s", GOOD), "register versions of `s`", "SUBJECT_WRITE", WRITES),
    "set level": (
        lambda registry: registry.set_level("s", "FULL"),
        "set the mode of `s`",
        "SUBJECT_COMPATIBILITY_WRITE",
        WRITES,
    ),
}


@pytest.mark.parametrize(("ask", "action", "operation", "who"), FORBIDDEN.values(), ids=list(FORBIDDEN))
def test_what_is_forbidden_names_the_action_the_subject_and_the_permission(fake, ask, action, operation, who):
    fake.always = says(403, {"error_code": 40301, "message": "User is denied"})

    with client(fake.url) as registry, pytest.raises(Refused) as caught:
        ask(registry)

    assert caught.value.hint == (
        f"these credentials may not {action}: ask who runs the registry for it "
        f"({operation} in Confluent's words); {who}"
    )
    assert fake.connections == 1


class Hanging(BaseAdapter):
    """Sends nothing: every request ends as if its time was up. ``given`` is the time that each one had."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error
        self.given: list[tuple[float, float]] = []

    def send(self, _request: object, *, timeout: tuple[float, float], **_more: object) -> NoReturn:  # type: ignore[override]
        self.given.append(timeout)
        raise self.error

    def close(self) -> None:
        """Holds nothing."""


def hangs(registry: Registry, error: Exception) -> Hanging:
    adapter = Hanging(error)
    registry._opened.line._session.mount("http://", adapter)
    return adapter


SLOW = "; where it is only slow, give it a longer `timeout`"


def test_a_registry_that_never_answers_is_given_up_after_one_wait_and_a_short_one():
    registry = client("http://registry.invalid")
    adapter = hangs(registry, requests.exceptions.ReadTimeout())

    error = failure(registry)

    assert adapter.given == [(10, 30), (10, 10)]
    assert str(error) == (
        "registry prod (http://registry.invalid/config) did not answer within 10 s "
        "(after 2 tries, 40 s of waiting in all)"
    )
    assert error.hint.endswith(SLOW)


def test_a_registry_that_takes_no_connection_is_given_up_as_soon():
    registry = client("http://registry.invalid")
    adapter = hangs(registry, requests.exceptions.ConnectTimeout())

    error = failure(registry)

    assert [connect for connect, _ in adapter.given] == [10] * 4
    assert str(error).endswith("no connection within 10 s (after 4 tries, 40 s of waiting in all)")


def test_a_slow_registry_may_be_given_more_time():
    registry = client("http://registry.invalid", timeout=120)
    adapter = hangs(registry, requests.exceptions.ReadTimeout())

    failure(registry)

    assert adapter.given == [(10, 120), (10, 10)]


def test_each_of_several_addresses_is_waited_for():
    registry = client("http://one.invalid", "http://two.invalid")
    adapter = hangs(registry, requests.exceptions.ReadTimeout())

    failure(registry)

    assert adapter.given == [(10, 30), (10, 30), (10, 10)]


def test_what_breaks_at_once_is_tried_as_often_as_ever():
    registry = client("http://registry.invalid")
    adapter = hangs(registry, ConnectionResetError())

    error = failure(registry)

    assert adapter.given == [(10, 30)] * TRIES
    assert SLOW not in error.hint


NONSENSE = {
    "html": (b"<!doctype html><title>Sign in</title>", 'JSON was expected, found an HTML page ("Sign in")'),
    "empty": (b"", "JSON was expected, found an empty body"),
    "list": ([1], "an object with `compatibilityLevel` was expected, found a list"),
    "text": ("FULL", "an object with `compatibilityLevel` was expected, found a text"),
    "number": (7, "an object with `compatibilityLevel` was expected, found a number"),
    "wrong type": ({"compatibilityLevel": 7}, "the text `compatibilityLevel` was expected, found something else"),
    "deep": (b"[" * 50_000, "JSON was expected, found 50000 bytes that are none"),
}


@pytest.mark.parametrize(("body", "reason"), NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_told_as_such(fake, body, reason):
    fake.always = says(200, body)

    error = failure(client(fake.url))

    assert str(error) == f"registry prod ({fake.url}/config) answered GET /config with status 200, but {reason}"
    assert "a proxy, a sign-in page or another service" in error.hint
    assert len(fake.asked) == 1


def test_an_answer_that_is_too_large_is_not_read(fake):
    fake.always = says(200, b'"' + b"x" * 11_000_000 + b'"')

    error = failure(client(fake.url))

    assert str(error) == f"registry prod ({fake.url}/config) sent an answer that is too large to be read"


def test_an_answer_that_unpacks_to_too_much_is_not_read(fake):
    bomb = gzip.compress(b" " * 50_000_000)
    fake.always = says(200, bomb, {"Content-Encoding": "gzip"})

    assert "too large" in str(failure(client(fake.url)))


def test_a_packed_answer_is_unpacked(fake):
    fake.always = says(200, gzip.compress(b'{"compatibilityLevel": "FULL"}'), {"Content-Encoding": "gzip"})

    with client(fake.url) as registry:
        assert registry.global_config().level == "FULL"


def test_an_answer_that_cannot_be_unpacked_is_told_as_such(fake):
    fake.always = says(200, b"no gzip", {"Content-Encoding": "gzip"})

    assert "whose compression cannot be undone" in str(failure(client(fake.url)))


ANSWERS = {
    "object": ({"error_code": 40301, "message": "User is denied"}, ', code 40301: "User is denied"'),
    "text": ("Forbidden", ': "Forbidden"'),
    "list": ([{"msg": "no"}], ': "[{"msg":"no"}]"'),
    "html": (b"<html><title>403</title>", ': "403"'),
    "html without a title": (b"<html>", " and an HTML page"),
    "empty": (b"", ""),
}


@pytest.mark.parametrize(("body", "words"), ANSWERS.values(), ids=ANSWERS)
def test_what_a_refusal_says_is_told_in_every_shape(fake, body, words):
    fake.always = says(403, body)

    error = failure(client(fake.url))

    assert str(error) == f"registry prod ({fake.url}/config) answered GET /config with status 403{words}"
    assert isinstance(error, Refused)


def test_an_error_names_the_subject(fake):
    fake.always = says(500, SICK)

    with client(fake.url) as registry, pytest.raises(RegistryError) as caught:
        registry.register("user-value", GOOD)

    assert caught.value.subject == "user-value"
    assert str(caught.value) == (
        f"registry prod ({fake.url}/subjects/user-value/versions, subject user-value) answered "
        'POST /subjects/user-value/versions with status 500, code 50001: "Error in the backend data store"'
    )
    assert caught.value.hint == "the registry is failing: see its logs, then run again"


@pytest.mark.parametrize(
    ("status", "body", "hint"),
    [
        (401, b"", 'this registry wants to know who asks: set `auth` in [registry.prod] ("basic", "bearer", …)'),
        (
            403,
            b"",
            (
                "these credentials may not read the registry's own compatibility level: ask who runs the registry for "
                f"it (GLOBAL_COMPATIBILITY_READ in Confluent's words); {READS}"
            ),
        ),
        (
            404,
            b"",
            "check that `url` of [registry.prod] holds the registry's whole path (Apicurio: …/apis/ccompat/v7)",
        ),
        (413, b"", "the schema is larger than the registry or a proxy before it accepts"),
        (429, b"", "the registry limits how often it is asked; run again later, or ask for a higher limit"),
        (
            422,
            {"error_code": 42205, "message": "x"},
            "the registry or the subject is read-only: see its mode (GET /mode)",
        ),
        (400, b"", "the registry's words above say what it does not accept"),
    ],
)
def test_a_status_comes_with_what_to_do(fake, status, body, hint):
    fake.always = says(status, body)

    assert failure(client(fake.url)).hint == hint


def test_what_the_registry_says_is_clipped_and_harmless(fake):
    fake.always = says(400, {"error_code": 1, "message": "\x1b[2J" + "x" * 100_000})

    error = failure(client(fake.url))

    assert "\x1b" not in str(error)
    assert len(str(error)) < 2_500


# Redirects


def test_a_redirect_on_the_same_server_is_followed(fake):
    fake.tricks = [says(307, b"", {"Location": "/config?moved=true"})]

    with client(fake.url) as registry:
        assert registry.global_config().level == "BACKWARD"
    assert fake.asked == ["GET /config", "GET /config?moved=true"]


def test_a_redirect_to_another_server_is_not_followed(fake):
    with serving(Fake()) as other:
        fake.always = says(302, b"", {"Location": f"{other.url}/login?next=x"})

        error = failure(client(fake.url))

        assert other.asked == []
    assert str(error) == f"registry prod ({fake.url}/config) redirects to {other.url}, which is not followed"


def test_a_registration_is_not_turned_into_a_question_by_a_redirect(fake):
    fake.always = says(302, b"", {"Location": "/subjects"})

    with client(fake.url) as registry, pytest.raises(RegistryError, match="is not followed"):
        registry.register("s", GOOD)
    assert len(fake.asked) == 1


@pytest.mark.parametrize("location", ["", "/config", "ftp://x/", "http://[", "//user:secret@/"])
def test_a_redirect_that_leads_nowhere_ends(fake, location):
    fake.always = says(301, b"", {"Location": location})

    assert "redirects" in str(failure(client(fake.url)))
    assert len(fake.asked) <= 4


# One pool


def test_connections_are_used_again(fake):
    with client(fake.url) as registry:
        for _ in range(5):
            registry.global_config()
        registry.lookup("nobody", GOOD)
        registry.global_mode()

    assert (fake.connections, len(fake.asked)) == (1, 7)


def test_at_most_eight_requests_are_in_flight(fake):
    with client(fake.url) as registry:
        registry.states(f"topic-{number}" for number in range(60))

    assert fake.connections <= 8
