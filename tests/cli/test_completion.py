"""Completion: what the shells ask, in their own ways, is answered for the command that is being typed."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("shell", "variables"),
    [
        ("bash", {"COMP_WORDS": "schemagate check --off", "COMP_CWORD": "2"}),
        ("zsh", {"_TYPER_COMPLETE_ARGS": "schemagate check --off"}),
        ("fish", {"_TYPER_COMPLETE_ARGS": "schemagate check --off", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}),
    ],
)
def test_the_options_of_a_command_are_completed(terminal, monkeypatch, shell, variables):
    for name, value in {**variables, "_SCHEMAGATE_COMPLETE": f"complete_{shell}"}.items():
        monkeypatch.setenv(name, value)

    ran = terminal.run()

    assert ran.code == 0
    assert "--offline" in ran.out


def test_commands_are_completed(terminal, monkeypatch):
    variables = {"COMP_WORDS": "schemagate dr", "COMP_CWORD": "1", "_SCHEMAGATE_COMPLETE": "complete_bash"}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert terminal.run().out.split() == ["drift"]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("check --format s", ["sarif"]),
        ("lint --color ", ["auto", "always", "never"]),
        ("check --fail-on w", ["warning"]),
        ("explain decimal-s", ["decimal-scale-changed"]),
        ("check --severity missing-d", ["missing-doc"]),
        ("init --ci git", ["github", "gitlab"]),
    ],
)
def test_what_an_option_takes_is_completed(terminal, monkeypatch, typed, offered):
    variables = {"COMP_WORDS": f"schemagate {typed}", "COMP_CWORD": str(typed.count(" ") + 1)}
    for name, value in {**variables, "_SCHEMAGATE_COMPLETE": "complete_bash"}.items():
        monkeypatch.setenv(name, value)

    assert terminal.run().out.split() == offered
