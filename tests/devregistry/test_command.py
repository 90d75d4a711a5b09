"""The command as a process: what it prints, how it ends, what is there after it was killed."""

from __future__ import annotations

import contextlib
import http.client
import signal
import sqlite3
import threading

import pytest
from tests.devregistry.running import command, start

from schemagate.cli.main import main
from schemagate.devregistry.extra import INSTALL

FIELDS = [{"name": "id", "type": "long"}]


def schema(number: int) -> dict:
    return {"type": "record", "name": "R", "fields": FIELDS, "doc": f"Number {number}."}


def test_it_prints_its_url_alone_in_one_line_and_says_the_rest_elsewhere():
    with command("--mode", "backward") as process:
        assert process.client.get("/config") == {"compatibilityLevel": "BACKWARD"}
        assert process.client.url.startswith("http://127.0.0.1:")
        process.popen.terminate()
        stdout, stderr = process.popen.communicate(timeout=10)

    assert stdout == ""
    assert stderr == (
        "schemagate dev-registry: BACKWARD, in memory, gone when it ends (--database FILE keeps it); "
        "for development and tests. Ctrl-C ends it.\n"
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_also_with_a_connection_open(tmp_path, number):
    with command("--database", str(tmp_path / "r.db")) as process:
        process.client.register("a", schema(1))
        address = process.client.url.removeprefix("http://")
        with contextlib.closing(http.client.HTTPConnection(address)) as connection:
            connection.request("GET", "/subjects")
            connection.getresponse().read()
            process.popen.send_signal(number)

            assert process.popen.wait(timeout=10) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["r.db"]


def test_a_signal_ends_it_cleanly_from_the_moment_it_printed_its_url():
    with command() as process:
        process.popen.send_signal(signal.SIGINT)

        assert process.popen.wait(timeout=10) == 0


def test_what_was_answered_is_there_after_a_kill(tmp_path):
    database = str(tmp_path / "r.db")
    answered: dict[str, int] = {}

    for round_ in range(3):
        process = start("--database", database)
        client = process.client
        known = {version["subject"]: version["id"] for version in client.get("/schemas?latestOnly=true")}
        assert answered.items() <= known.items()

        def register(client=client, round_=round_) -> None:
            try:
                for number in range(10_000):
                    subject = f"s{round_}-{number}"
                    answered[subject] = client.register(subject, schema(round_ * 10_000 + number)).body["id"]
            except OSError:
                return

        worker = threading.Thread(target=register)
        worker.start()
        while len(answered) < 25 * (round_ + 1):
            worker.join(0.01)
        process.kill()
        worker.join()

    with command("--database", database) as process:
        known = {version["subject"]: version["id"] for version in process.client.get("/schemas?latestOnly=true")}
    assert answered.items() <= known.items()
    assert len(set(known.values())) == len(known)


def test_everything_is_there_after_a_restart(tmp_path):
    database = str(tmp_path / "r.db")
    rules = {"domainRules": [{"name": "r", "kind": "CONDITION", "type": "CEL", "mode": "WRITE", "expr": "true"}]}
    paths = ("/schemas?deleted=true&subjectPrefix=:*:", "/contexts", "/config", "/config/a", "/mode/b", "/config/:.x:")
    with command("--database", database) as process:
        client = process.client
        client.register("a", schema(1), metadata={"properties": {"k": "v"}}, ruleSet=rules)
        client.register("b", schema(2))
        client.register("c", '"int"', references=[{"name": "R", "subject": "b", "version": 1}])
        client.register(":.x:a", schema(1))
        client.ask("DELETE", "/subjects/a")
        client.register("gone", schema(3))
        for query in ("", "?permanent=true"):
            client.ask("DELETE", f"/subjects/gone{query}")
        client.ask("PUT", "/config", {"compatibility": "NONE", "normalize": True})
        client.ask("PUT", "/config/a", {"compatibilityGroup": "g"})
        client.ask("PUT", "/config/:.x:", {"compatibility": "FORWARD"})
        client.ask("PUT", "/mode/b", {"mode": "READONLY"})
        before = {path: client.get(path) for path in paths}

    with command("--database", database) as process:
        assert {path: process.client.get(path) for path in paths} == before
        assert len(before[paths[0]]) == 4
        assert process.client.register("new", schema(4)).body["id"] == 5


def test_a_database_has_one_process_at_a_time(tmp_path, capsys):
    database = str(tmp_path / "r.db")
    with command("--database", database):
        assert main(["dev-registry", "--port", "0", "--database", database]) == 3
    assert capsys.readouterr().err == (
        f"schemagate: {database} is in use: another process serves it\n"
        "  stop that one, talk to it instead, or give this one a database of its own\n"
    )


def test_another_programme_s_database_is_left_alone(tmp_path, capsys):
    database = tmp_path / "other.db"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    text = tmp_path / "notes.txt"
    text.write_text("no database at all, but long enough to be read as one" * 40)
    before = database.read_bytes(), text.read_bytes()

    codes = [main(["dev-registry", "--port", "0", "--database", str(path)]) for path in (database, text)]

    assert codes == [2, 2]
    assert (database.read_bytes(), text.read_bytes()) == before
    assert "is no database of the embedded registry" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com"])  # noqa: S104 - they are refused
def test_beyond_this_machine_it_listens_only_if_told_what_it_is_not_for(host, capsys):
    assert main(["dev-registry", "--port", "0", "--host", host]) == 2
    assert capsys.readouterr().err == (
        f"schemagate: --host {host}: the embedded registry listens on this machine only\n"
        "  it has no TLS, no audit and no replicas: services must not depend on it\n"
        "  to reach it from a container or another test machine all the same, add --not-for-production\n"
    )


def test_told_so_it_listens_on_any_address():
    with command("--host", "0.0.0.0", "--not-for-production") as process:  # noqa: S104
        assert process.client.url.startswith("http://0.0.0.0:")
        assert process.client.get("/subjects") == []


def test_users_come_from_the_environment():
    with command(env={"SCHEMAGATE_DEV_REGISTRY_USERS": "reader:pw:read"}) as process:
        assert process.client.ask("GET", "/subjects").status == 401
        assert process.client.ask("GET", "/subjects", Authorization="Basic cmVhZGVyOnB3").body == []


@pytest.mark.parametrize("users", ["canary", "a:canary", "a:canary:admin", ":canary:read"])
def test_users_that_cannot_be_read_are_refused_without_their_passwords(users, monkeypatch, capsys):
    monkeypatch.setenv("SCHEMAGATE_DEV_REGISTRY_USERS", users)

    assert main(["dev-registry", "--port", "0"]) == 2
    assert capsys.readouterr().err == (
        "schemagate: SCHEMAGATE_DEV_REGISTRY_USERS: user 1 cannot be read\n"
        "  write it as name:password:read or name:password:write, with commas between users\n"
    )


def test_a_mode_that_does_not_exist_is_refused_with_those_that_do(capsys):
    assert main(["dev-registry", "--port", "0", "--mode", "STRICT"]) == 2
    assert "choose one of BACKWARD, BACKWARD_TRANSITIVE, FORWARD" in capsys.readouterr().err


def test_a_port_in_use_says_what_to_do(capsys):
    with command() as process:
        port = process.client.url.rpartition(":")[2]

        assert main(["dev-registry", "--port", port]) == 2
    assert capsys.readouterr().err.endswith("  --port 0 takes a free port\n")


def test_without_its_libraries_it_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "uvicorn" else object())

    assert main(["dev-registry", "--port", "0"]) == 2
    assert capsys.readouterr().err == f"schemagate: the embedded registry needs uvicorn\n  {INSTALL}\n"


def test_the_help_says_what_it_is_for(capsys):
    assert main(["dev-registry", "--help"]) == 0
    assert "--not-for-production" in capsys.readouterr().out
