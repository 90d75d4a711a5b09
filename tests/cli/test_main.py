from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.cases import RENAMED, USER

SRC = str(Path(__file__).resolve().parents[2] / "src")
COMMANDS = ("check", "diff", "explain", "history", "lint", "rules")

HOSTILE = "\x1b[31m::error::##[error]"
NAME = "::error file=x::##[error]\x1b[31m\u202e.avsc"


def test_help_lists_every_command_and_costs_no_exit_code(terminal):
    ran = terminal.run("--help")

    assert ran.code == 0
    assert [name for name in COMMANDS if f"  {name} " not in ran.out] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_help_within_80_columns(terminal, command):
    ran = terminal.run(command, "--help")

    assert ran.code == 0
    assert [line for line in ran.lines if len(line) > 80] == []


@pytest.mark.parametrize("arguments", [("nonsense",), ("lint", "--nonsense"), ("explain",), ("diff",)])
def test_a_command_line_that_makes_no_sense_is_exit_2(terminal, arguments):
    assert terminal.run(*arguments).code == 2


@pytest.mark.parametrize(
    ("arguments", "broken"),
    [
        (("check",), "schemagate.app.check.look"),
        (("lint", "schemas"), "schemagate.app.lint.assemble"),
        (("diff", "HEAD"), "schemagate.app.diff.edits"),
        (("history",), "schemagate.app.history.look"),
        (("rules",), "schemagate.report.catalogue.render_list"),
        (("explain", "field-renamed"), "schemagate.report.catalogue.render_page"),
    ],
)
def test_a_bug_of_ours_is_exit_70_and_says_so(clone, repo, monkeypatch, arguments, broken):
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("a bug")

    repo.write("schemas/user.avsc", RENAMED)
    monkeypatch.setattr(broken, fail)
    ran = clone.run(*arguments)

    assert (ran.code, ran.out) == (70, "")
    assert "this is a bug in schemagate, not in your schemas" in ran.err


@pytest.mark.parametrize("arguments", [("check",), ("history",), ("diff", "HEAD~5")])
def test_what_cannot_be_looked_at_is_not_fine(terminal, arguments):
    assert terminal.write("user.avsc", USER).run(*arguments).code in (2, 3)


def test_a_shallow_clone_is_exit_3(repo, tmp_path, monkeypatch, capsys):
    from tests.cli.cases import Terminal

    repo.write("schemas/user.avsc", RENAMED).commit("Again")
    copy = repo.clone(tmp_path / "shallow", "--depth=1")

    for command in (("check", "--all"), ("history",)):
        ran = Terminal(copy.path, monkeypatch, capsys).run(*command)

        assert (ran.code, "git fetch --unshallow" in ran.err) == (3, True)


def hostile(text: str) -> list[str]:
    bare = re.sub(r"\x1b\[[0-9;]*m(?=.*\x1b\[0m)", "", text)
    return re.findall(r"^\s*::|##[A-Za-z]*\[|[\x00-\x09\x0b-\x1f\x7f\u202e]", bare, flags=re.MULTILINE)


@pytest.mark.skipif(os.name == "nt", reason="no such file names there")
@pytest.mark.parametrize("format_", ["text", "json"])
def test_hostile_names_reach_neither_terminal_nor_pipeline(clone, repo, format_):
    doc = HOSTILE.replace("\x1b", "\\u001b")
    evil = USER.replace("A user.", doc).replace('"name": "User"', '"name": "User", "x::y ##[z]": "##[error]"')
    repo.write(f"schemas/{NAME}", evil).commit(f"##[error] {HOSTILE}")
    repo.write(f"schemas/{NAME}", evil.replace("user_id", "uuid").replace(doc, f"{doc}{doc}"))

    for arguments in (
        ("check",),
        ("lint", "schemas"),
        ("diff", "HEAD"),
        ("history",),
        ("history", f"schemas/{NAME}"),
        ("explain", f"{HOSTILE}x"),
        ("lint", f"{HOSTILE}x"),
        ("diff", f"{HOSTILE}x"),
    ):
        ran = clone.run(*arguments, "--format", format_)

        assert ran.code != 70
        assert (arguments, hostile(ran.out), hostile(ran.err)) == (arguments, [], [])


def test_colour_follows_the_terminal_its_variables_and_the_option(terminal, monkeypatch):
    def coloured(*options: str) -> list[bool]:
        commands = (("rules",), ("explain", "field-renamed"), ("lint", "a.avsc"), ("diff", "a.avsc", "b.avsc"))
        return ["\x1b[" in terminal.run(*command, *options).out for command in commands]

    terminal.write("a.avsc", USER).write("b.avsc", RENAMED)
    assert coloured() == [False] * 4
    assert coloured("--color", "always") == [True] * 4
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert coloured() == [True] * 4
    assert coloured("--color", "never") == [False] * 4
    monkeypatch.setenv("NO_COLOR", "1")
    assert coloured() == [False] * 4


@pytest.mark.parametrize("colour", ["always", "never"])
def test_colour_changes_nothing_but_colour(clone, repo, colour):
    repo.write("schemas/user.avsc", RENAMED)

    for arguments in (("diff", "HEAD"), ("history",), ("history", "User"), ("rules",), ("explain", "field-renamed")):
        bare = re.sub(r"\x1b\[[0-9;]*m", "", clone.run(*arguments, "--color", colour).out)

        assert bare == clone.run(*arguments).out


def piped(command: str, directory: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": SRC, **more}
    script = command.replace("schemagate", f'"{sys.executable}" -m schemagate')
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {script}"],
        cwd=directory,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


@pytest.mark.skipif(os.name == "nt", reason="needs bash")
@pytest.mark.parametrize("command", ["rules", "rules --format json", "explain field-renamed"])
def test_a_pipe_that_closes_early_is_no_traceback(tmp_path, command):
    ran = piped(f"schemagate {command} | head -1", tmp_path)

    assert (ran.stderr, len(ran.stdout.splitlines())) == ("", 1)


@pytest.mark.skipif(os.name == "nt", reason="needs bash")
def test_a_stream_that_knows_no_arrow_gets_ascii(tmp_path):
    (tmp_path / "a.avsc").write_text(USER)
    (tmp_path / "b.avsc").write_text(RENAMED)

    ran = piped("schemagate diff a.avsc b.avsc", tmp_path, PYTHONIOENCODING="ascii")

    assert (ran.returncode, ran.stderr, ran.stdout.isascii()) == (0, "", True)
    assert ran.stdout.startswith("a.avsc -> b.avsc\n")
    assert "user_id -> uuid" in ran.stdout


def test_check_judges_an_unsaved_buffer(clone):
    saved = clone.run("check", "-", "--stdin-filename", "schemas/user.avsc", stdin=USER)
    edited = clone.run("check", "-", "--stdin-filename", "schemas/user.avsc", stdin=RENAMED)

    assert (saved.code, edited.code) == (0, 1)
    assert edited.lines[0].startswith("error[field-renamed]: `user_id` became `uuid`")
    assert clone.read("schemas/user.avsc") == USER
