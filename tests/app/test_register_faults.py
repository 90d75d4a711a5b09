"""``register`` that is killed, loses answers, or is not alone: nothing twice, nothing lost."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.adapters.repos import ISOLATED
from tests.app.between import LoseError, between
from tests.app.registering import OPTIONAL, Shop, entries, record
from tests.devregistry.running import running

from schemagate.adapters.registry.asking import Asker
from schemagate.errors import RegistryError

USER = record("User", id="string")
WIDER = record("User", id="string", nick=OPTIONAL)
ADDRESS = record("Address", street="string")
ORDER = record("Order", to="Address")
ORDER_2 = record("Order", to="Address", note=OPTIONAL)
SOURCE = Path(__file__).resolve().parents[2] / "src"
NAMED = '[[subjects]]\nmatch = "*.avsc"\nname = "{stem}-value"\n'


class KilledError(BaseException):
    """Not even `except Exception` sees a kill."""


@pytest.fixture
def client():
    with running("BACKWARD") as client:
        yield client


def shop_in(folder: Path, client) -> Shop:
    return Shop(folder / "repo", client, NAMED).commit(address=ADDRESS, order_v1=ORDER, order_v2=ORDER_2)


def requests_of_a_run(tmp_path, monkeypatch) -> tuple[int, int]:
    """(how many requests a whole run makes, the number of the first write).

    A run that is killed before a request is, to the registry, one that was killed after the request before it.
    """
    asked: list[str] = []
    ask = Asker.ask

    def counted(self, method, *arguments, **options):
        asked.append(f"{method} {arguments[0]}")
        return ask(self, method, *arguments, **options)

    with running("BACKWARD") as client, monkeypatch.context() as patch:
        patch.setattr(Asker, "ask", counted)
        shop_in(tmp_path / "counted", client).register()
    return len(asked), next(n for n, what in enumerate(asked, 1) if what.startswith("PUT"))


@pytest.mark.parametrize("how", ["killed after", "lost before", "lost after"])
def test_whichever_request_ends_a_run_the_next_does_the_rest(tmp_path, monkeypatch, how):
    monkeypatch.setattr("schemagate.app.registrar.FIRST_WAIT", 0.0)
    total, first = requests_of_a_run(tmp_path, monkeypatch)
    ask = Asker.ask
    assert total - first > 10

    for number in range(first - 1, total + 1):
        with running("BACKWARD") as client:
            shop = shop_in(tmp_path / str(number), client)
            count = 0

            def faulty(self, *arguments, number=number, **options):
                nonlocal count
                count += 1
                if count != number:
                    return ask(self, *arguments, **options)
                if how.endswith("after"):
                    ask(self, *arguments, **options)
                raise KilledError if how.startswith("killed") else RegistryError("no answer", url="")

            with monkeypatch.context() as patch:
                patch.setattr(Asker, "ask", faulty)
                with contextlib.suppress(KilledError, RegistryError):
                    shop.register()
            last = shop.register()

            assert last.stop is None
            assert shop.numbers() == {"address-value": [1], "order-value": [1, 2]}, number
            assert [len(schema["fields"]) for schema in shop.schemas("order-value")] == [1, 2]
            levels = {shop.client.get(f"/config/{subject}")["compatibilityLevel"] for subject in shop.numbers()}
            assert levels == {"FULL_TRANSITIVE"}


def as_a_pipeline(shop: Shop, *arguments: str) -> subprocess.Popen[str]:
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "SCHEMAGATE_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "schemagate", "register", *arguments],
        cwd=shop.repo.path,
        env={**surroundings, **ISOLATED, **shop.env, "PYTHONPATH": str(SOURCE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    "what", ["PUT /config/user-value", "POST /subjects/user-value/versions", "POST /subjects/user-value"]
)
def test_a_process_that_is_killed_at_a_write_leaves_nothing_half_done(tmp_path, client, what, when):
    """`kill -9` of the real process, before the registry gets the request, and before its answer is passed on."""
    running_: list[subprocess.Popen[str]] = []

    def kill(_number: int, request: str, at: str) -> None:
        if request == what and at == when:
            running_[0].kill()
            raise LoseError

    with between(client.url, kill) as url:
        shop = Shop(tmp_path / "repo", client, NAMED)
        shop.repo.write("schemagate.toml", f'{NAMED}\n[registry.dev]\nurl = "{url}"\n')
        shop.commit(user_v1=USER, user_v2=WIDER)
        running_.append(as_a_pipeline(shop))
        running_[0].communicate(timeout=60)
    assert running_[0].returncode == -9

    shop.configure(NAMED).commit()
    again = as_a_pipeline(shop, "--format", "json")
    out, _ = again.communicate(timeout=60)

    assert again.returncode == 0
    assert shop.schemas("user-value") == [json.loads(USER), json.loads(WIDER)]
    assert [entry["version"] for entry in json.loads(out)["entries"]][-1] == 2


def test_an_answer_that_is_lost_after_the_registry_acted_is_looked_up(tmp_path, client, monkeypatch):
    shop = Shop(tmp_path / "repo", client, NAMED).commit(user=USER)
    ask = Asker.ask

    def deaf(self, method, path, *arguments, **options):
        answer = ask(self, method, path, *arguments, **options)
        if method == "POST" and path.endswith("/versions") and path.startswith("/subjects"):
            raise RegistryError("no answer", url="")
        return answer

    monkeypatch.setattr(Asker, "ask", deaf)

    receipt = shop.register()

    assert receipt.stop is None
    assert entries(receipt)[-1] == "created user-value 1"


def test_two_pipelines_at_once_register_everything_once(tmp_path, client):
    first = shop_in(tmp_path / "one", client)
    second = shop_in(tmp_path / "two", client)

    pipelines = [as_a_pipeline(shop) for shop in (first, second)]
    ended = [(process.communicate(timeout=60), process.returncode) for process in pipelines]
    first.register()

    assert {code for _, code in ended} <= {0, 3}, ended
    assert first.numbers() == {"address-value": [1], "order-value": [1, 2]}


def registering_by_hand(monkeypatch, client, subject: str, text: str, before: str) -> None:
    """Somebody registers just before the first request whose path ends in ``before``."""
    ask = Asker.ask
    done: list[str] = []

    def meddled(self, method, path, *arguments, **options):
        if not done and method == "POST" and path == before:
            done.append(path)
            client.register(subject, text)
        return ask(self, method, path, *arguments, **options)

    monkeypatch.setattr(Asker, "ask", meddled)


WRITE = "/subjects/user-value/versions"
FOREIGN = record("User", id="string", code={"type": "int", "default": 0})
INCOMPATIBLE = record("User", id="string", code={"type": "string", "default": ""})


def test_a_version_by_hand_just_before_the_write_is_prevented_where_the_registry_is_as_strict(
    tmp_path, client, monkeypatch
):
    shop = Shop(tmp_path / "repo", client, NAMED).commit(user=USER)
    shop.register()
    shop.commit(user=FOREIGN)
    registering_by_hand(monkeypatch, client, "user-value", INCOMPATIBLE, WRITE)

    receipt = shop.register()

    assert (receipt.outcome, receipt.exit_code) == ("stopped", 3)
    assert shop.schemas("user-value") == [json.loads(USER), json.loads(INCOMPATIBLE)]


def test_a_version_by_hand_just_before_the_write_is_told_where_the_registry_lets_it_pass(tmp_path, client, monkeypatch):
    shop = Shop(tmp_path / "repo", client, NAMED).commit(user=USER)
    shop.register()
    client.set_level("user-value", "NONE")
    shop.commit(user=FOREIGN)
    registering_by_hand(monkeypatch, client, "user-value", INCOMPATIBLE, WRITE)

    receipt = shop.register()

    assert receipt.exit_code == 3
    assert receipt.entries[0].remark.startswith(
        "somebody else registered version 2 just before this became version 3: the two were not judged"
    )


def test_the_very_version_by_hand_is_existing(tmp_path, client, monkeypatch):
    shop = Shop(tmp_path / "repo", client, NAMED).commit(user=USER)
    registering_by_hand(monkeypatch, client, "user-value", USER, "/compatibility/subjects/user-value/versions")

    receipt = shop.register()

    assert receipt.stop is None
    assert shop.numbers() == {"user-value": [1]}


def test_a_registry_that_goes_away_in_the_middle_is_exit_3_and_the_receipt_says_what_is_done(tmp_path, client):
    def gone(_number: int, request: str, at: str) -> None:
        nonlocal away
        away = away or (request == "POST /subjects/order-value/versions" and at == "before")
        if away:
            raise LoseError

    away = False
    with between(client.url, gone) as url:
        shop = Shop(tmp_path / "repo", client, NAMED)
        shop.repo.write("schemagate.toml", f'{NAMED}\n[registry.dev]\nurl = "{url}"\ntimeout = 1\n')
        shop.commit(address=ADDRESS, order=ORDER, user=USER)
        process = as_a_pipeline(shop, "--receipt", str(tmp_path / "receipt.json"))
        out, err = process.communicate(timeout=120)

    assert process.returncode == 3, err
    receipt = json.loads((tmp_path / "receipt.json").read_text())
    assert receipt["outcome"] == "stopped"
    assert [(e["subject"], e["action"], e["result"]) for e in receipt["entries"]] == [
        ("address-value", "set-mode", "set"),
        ("address-value", "create", "created"),
        ("order-value", "set-mode", "set"),
        ("order-value", "create", "unknown"),
        ("user-value", "set-mode", "pending"),
        ("user-value", "create", "pending"),
    ]
    assert "stopped: order-value: the registry did not answer" in out
    shop.configure(NAMED).commit()
    assert shop.register().outcome == "registered"
    assert shop.numbers() == {"address-value": [1], "order-value": [1], "user-value": [1]}


def test_a_person_who_ends_it_gets_a_receipt_and_the_next_run_goes_on(tmp_path, client, monkeypatch):
    shop = Shop(tmp_path / "repo", client, NAMED).commit(user=USER, address=ADDRESS)
    ask = Asker.ask

    def interrupted(self, method, path, *arguments, **options):
        if method == "POST" and path == "/subjects/user-value/versions":
            raise KeyboardInterrupt
        return ask(self, method, path, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Asker, "ask", interrupted)
        receipt = shop.register()

    assert (receipt.outcome, receipt.exit_code) == ("stopped", 3)
    assert entries(receipt)[:2] == ["set address-value FULL_TRANSITIVE", "created address-value 1"]
    assert receipt.stop is not None
    assert receipt.stop.unknown
    assert entries(shop.register()) == ["created user-value 1"]
