"""Every command tells which formats it renders, renders these, and refuses every other before it does anything."""

from __future__ import annotations

import re

import pytest

from schemagate.cli.main import COMMANDS

REPORT = ("text", "json", "github", "markdown", "markdown-comment", "sarif", "junit", "gitlab")
PLAIN = ("text", "json")
FORMATS = {
    "check": REPORT,
    "merge": REPORT,
    "lint": REPORT,
    "diff": PLAIN,
    "plan": PLAIN,
    "register": PLAIN,
    "drift": PLAIN,
    "pull": PLAIN,
    "migrate": PLAIN,
    "history": PLAIN,
    "size": PLAIN,
    "verify": PLAIN,
    "rules": PLAIN,
    "explain": ("text", "json", "markdown"),
    "dev-registry": (),
    "init": (),
}
"""None, where a command has no ``--format``."""
WRITERS = ("check", "merge", "lint", "drift")
"""Whose ``--output`` takes the same formats."""
NEEDED = {"merge": ("report.json",), "diff": ("HEAD",), "migrate": ("main:schemas/user.avsc",), "explain": ("enum",)}
"""What must be typed."""


def test_no_command_is_left_out():
    assert list(FORMATS) == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_lists_exactly_what_a_command_renders(terminal, command):
    words = " ".join(terminal.run(command, "--help").out.split())
    listed = re.search(r"--format FORMAT Format on standard output: ([a-z, -]+)\.", words)

    assert tuple(re.split(r", | or ", listed[1]) if listed else ()) == FORMATS[command]


@pytest.mark.parametrize("command", [command for command, formats in FORMATS.items() if formats])
def test_another_format_is_exit_2_with_the_list(terminal, command):
    for wrong in ("html", "", "JSON", *(name for name in REPORT if name not in FORMATS[command])):
        ran = terminal.run(command, *NEEDED.get(command, ()), "--format", wrong)

        hint = f"choose one of {', '.join(FORMATS[command])}"
        assert (2, "", f"schemagate: there is no format {wrong} here\n  {hint}\n") == ran


@pytest.mark.parametrize("command", WRITERS)
def test_a_file_in_another_format_is_exit_2_with_the_list(terminal, command):
    for wrong in ("html", *(name for name in REPORT if name not in FORMATS[command])):
        ran = terminal.run(command, *NEEDED.get(command, ()), "--output", f"{wrong}=out.txt")

        hint = f"choose one of {', '.join(FORMATS[command])}"
        assert (2, "", f"schemagate: there is no format {wrong} here\n  {hint}\n") == ran
    assert list(terminal.directory.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "formats"),
    [
        (("check", "--all"), REPORT),
        (("lint", "schemas"), REPORT),
        (("diff", "HEAD"), PLAIN),
        (("migrate", "main:schemas/user.avsc"), PLAIN),
        (("history",), PLAIN),
        (("history", "User"), PLAIN),
        (("size",), PLAIN),
        (("rules",), PLAIN),
        (("explain", "field-renamed"), FORMATS["explain"]),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else None,
)
def test_no_two_formats_are_the_same(clone, repo, arguments, formats):
    repo.write("schemas/user.avsc", (clone.directory / "schemas/user.avsc").read_text().replace("user_id", "uuid"))
    told = [clone.run(*arguments, "--format", name) for name in formats]

    assert {ran.err for ran in told} == {""}
    assert len({ran.out for ran in told}) == len(formats)
    assert len({ran.code for ran in told}) == 1


@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "dev-registry"])
def test_an_unknown_choice_of_colour_is_exit_2_before_anything_is_done(terminal, command):
    ran = terminal.run(command, *NEEDED.get(command, ()), "--color", "sometimes")

    told = "schemagate: --color sometimes: no such choice\n  choose one of auto, always, never\n"
    assert (2, "", told) == ran


@pytest.mark.parametrize("arguments", [("diff", "HEAD"), ("migrate", "HEAD:a.avsc"), ("dev-registry",)])
def test_an_unknown_mode_is_exit_2_with_the_list(terminal, arguments):
    ran = terminal.run(*arguments, "--mode", "SOMEHOW")

    modes = "BACKWARD, BACKWARD_TRANSITIVE, FORWARD, FORWARD_TRANSITIVE, FULL, FULL_TRANSITIVE, NONE"
    assert ran.err.startswith("schemagate: --mode SOMEHOW: no such compatibility mode\n  choose one of ")
    assert sorted(ran.err.rpartition(" of ")[2].strip().split(", ")) == modes.split(", ")
    assert (ran.code, ran.out) == (2, "")
