from __future__ import annotations

import os

from tests.cli.cases import BROKEN, RENAMED, USER

REASON = ("--reason", "published before the gate was there")


def renamed(clone, repo):
    repo.write("schemas/user.avsc", RENAMED)
    return clone


def test_what_fails_today_is_accepted_and_the_gate_is_clean_afterwards(clone, repo):
    renamed(clone, repo)
    assert clone.run("check", "--all").code == 1

    ran = clone.run("check", "--write-waivers", *REASON, "--owner", "users", "--expires", "2999-12-31")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "1 waiver written to schemagate.toml, from line 1 on\n"
        "      1  field-renamed\n"
        "\n"
        "review schemagate.toml and commit it: each waiver covers only the versions that\n"
        "are published today\n"
    )
    written = clone.read("schemagate.toml").splitlines()
    assert written[0] == "[[waivers]]"
    assert written[2:] == [
        'rule = "field-renamed"',
        'subject = "com.example.User"',
        'path = "$.uuid"',
        f'versions = ["main@{repo.sha()[:7]}"]',
        'reason = "published before the gate was there"',
        'owner = "users"',
        "expires = 2999-12-31",
    ]
    assert clone.run("check", "--all").code == 0


def test_the_configuration_keeps_every_character(clone, repo):
    before = '# ours\r\nmode = "FULL_TRANSITIVE"   # as agreed\r\n'
    repo.write("schemagate.toml", before).commit("Configure")
    if os.name != "nt":
        (repo.path / "schemagate.toml").chmod(0o640)

    ran = renamed(clone, repo).run("check", "--write-waivers", *REASON)

    assert ran.lines[0] == "1 waiver written to schemagate.toml, from line 4 on"
    assert clone.read("schemagate.toml").startswith(before + "\r\n[[waivers]]\r\n")
    assert [path for path in repo.path.iterdir() if path.name.startswith(".schemagate")] == []
    if os.name != "nt":
        assert (repo.path / "schemagate.toml").stat().st_mode & 0o777 == 0o640


def test_a_pyproject_in_use_is_extended(clone, repo):
    repo.write("pyproject.toml", '[project]\nname = "x"\n\n[tool.schemagate]\nmode = "FULL"\n').commit("Configure")

    ran = renamed(clone, repo).run("check", "--write-waivers", *REASON)

    assert ran.lines[0] == "1 waiver written to pyproject.toml, from line 7 on"
    assert "\n[[tool.schemagate.waivers]]\n" in clone.read("pyproject.toml")
    assert not (repo.path / "schemagate.toml").exists()
    assert clone.run("check", "--all").code == 0


def test_a_second_time_there_is_nothing_to_write(clone, repo):
    renamed(clone, repo).run("check", "--write-waivers", *REASON)
    written = clone.read("schemagate.toml")

    ran = clone.run("check", "--write-waivers", *REASON)

    assert (ran.code, ran.lines[0]) == (0, "nothing fails that a waiver could accept; no file was written")
    assert clone.read("schemagate.toml") == written


def test_a_text_that_is_no_schema_cannot_be_waived(clone, repo):
    repo.write("schemas/broken.avsc", BROKEN)

    ran = renamed(clone, repo).run("check", "--write-waivers", *REASON)

    assert "1 finding to be repaired, since no waiver can answer for it:" in ran.lines
    assert "  schemas/broken.avsc:2:1: error[truncated]" in ran.out or "error[truncated]" in ran.out
    assert "truncated" not in clone.read("schemagate.toml")
    rules = [f["rule"] for f in clone.run("check", "--all", "--format", "json").json["findings"]]
    assert [rule for rule in rules if rule in ("field-renamed", "truncated")] == ["truncated"]


def test_a_waiver_needs_a_reason_and_a_day_to_come(clone, repo):
    renamed(clone, repo)

    for options in ((), (*REASON, "--expires", "soon"), (*REASON, "--expires", "2020-01-01"), (*REASON, "--no-config")):
        assert clone.run("check", "--write-waivers", *options).code == 2
    assert not (repo.path / "schemagate.toml").exists()


def test_a_configuration_that_cannot_take_waivers_is_left_alone(clone, repo):
    repo.write("schemagate.toml", "waivers = []\n").commit("Configure")

    ran = renamed(clone, repo).run("check", "--write-waivers", *REASON)

    assert ran.code == 2
    assert clone.read("schemagate.toml") == "waivers = []\n"


def test_nothing_is_written_where_nothing_fails(clone):
    assert clone.run("check", "--write-waivers", *REASON).code == 0
    assert clone.read("schemas/user.avsc") == USER
    assert not (clone.directory / "schemagate.toml").exists()
