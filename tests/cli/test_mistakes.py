"""What a command line gets wrong is told in plain words with exit 2, before anything is judged, and nothing is lost."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.adapters.repos import POSIX_ONLY
from tests.cli.cases import RENAMED, USER
from tests.cli.test_main import SRC

from schemagate.cli.main import COMMANDS

TERMS = "--reason, --owner and --expires go with --write-waivers"
WRITTEN = "--write-waivers tells what it wrote: it goes with neither --format nor --output"
SHOWN = "--diff takes standard output for the diff: it does not go with --format"
DRAWN = "--html shows everything: it goes with neither --format nor --limit"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("check", "--severity", "missing-docs=error"), "--severity missing-docs=error: there is no rule missing-docs"),
        (("lint", "--severity", "odd=error"), "--severity odd=error: there is no rule odd"),
        (("lint", "--severity", "missing-doc=loud"), "--severity missing-doc=loud: no such severity"),
        (("lint", "--severity", "missing-doc"), "--severity missing-doc: expected RULE=LEVEL"),
        (("check", "--fail-on", "off"), "--fail-on off: no such severity"),
        (("check", "--no-config", "--config", "a.toml"), "--config and --no-config exclude each other"),
        (("rules", "--config", "a.toml", "--no-config"), "--config and --no-config exclude each other"),
        (("check", "--reason", "drained"), TERMS),
        (("check", "--owner", "payments"), TERMS),
        (("check", "--expires", "2999-12-31"), TERMS),
        (("check", "--write-waivers", "--reason", "drained", "--format", "json"), WRITTEN),
        (("check", "--write-waivers", "--reason", "drained", "--output", "json=a.json"), WRITTEN),
        (("check", "--diff", "--format", "json"), SHOWN),
        (("lint", "schemas", "--diff", "--format", "sarif"), SHOWN),
        (("check", "--output", "json=schemas"), "cannot write schemas"),
        (("check", "--output", "json=schemas/user.avsc/a.json"), "cannot write schemas/user.avsc/a.json"),
        (("register", "--receipt", "schemas"), "cannot write schemas"),
        (("history", "--html", "schemas"), "cannot write schemas"),
        (("history", "--html", "a.html", "--format", "json"), DRAWN),
        (("history", "--html", "a.html", "--limit", "3"), DRAWN),
        (("diff", ""), "OLD is empty"),
        (("migrate", ""), "OLD is empty"),
        (("explain", ""), "RULE is empty"),
        (("migrate", "schemas/user.avsc"), "schemas/user.avsc is a file: it needs another side to be compared with"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else "",
)
def test_a_mistake_is_exit_2_before_anything_is_written(clone, repo, arguments, told):
    repo.write("schemas/user.avsc", RENAMED)
    before = sorted(path for path in clone.directory.rglob("*") if ".git" not in path.parts)
    ran = clone.run(*arguments)

    assert (ran.code, ran.out, ran.err.splitlines()[0]) == (2, "", f"schemagate: {told}")
    assert sorted(path for path in clone.directory.rglob("*") if ".git" not in path.parts) == before


def test_a_configuration_that_is_no_utf_8_is_not_guessed_at(clone):
    (clone.directory / "schemagate.toml").write_bytes(b'mode = "FULL"\npaths = ["sch\xe9mas"]\n')

    for command in (("check",), ("lint",), ("rules",), ("history",), ("size",)):
        ran = clone.run(*command)

        assert ran == (2, "", "schemagate: schemagate.toml:2:14: not valid UTF-8, as TOML has to be\n")


def test_no_line_of_the_list_of_commands_is_cut_off(terminal):
    assert [line for line in terminal.run("--help").lines if line.endswith("...") and line.startswith(" ")] == []


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("width", [80, 120])
def test_every_help_fits_its_terminal_and_names_its_values(terminal, monkeypatch, command, width):
    monkeypatch.setenv("COLUMNS", str(width))
    ran = terminal.run(command, "--help")

    assert [line for line in ran.lines if len(line) > width] == []
    assert re.findall(r"<\w+[\w ]*>", ran.out) == []


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {"rules", "explain"}))
def test_the_help_tells_the_exit_codes(terminal, command):
    assert "xit code" in terminal.run(command, "--help").out


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_is_told_wherever_it_is_asked_for(terminal, option):
    ran = terminal.run(option)

    assert (ran.code, ran.err, ran.out.split()[0]) == (0, "", "schemagate")
    assert "-V, --version" in terminal.run("--help").out


PROGRAM = f'"{sys.executable}" -m schemagate'


def run(directory: Path, script: str, interpreter: str = "sh") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [interpreter, "-c", script],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": SRC},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


@pytest.fixture
def bad(tmp_path) -> Path:
    (tmp_path / "a.avsc").write_text(USER.replace('"string"', '"strin"'))
    return tmp_path


@POSIX_ONLY
@pytest.mark.parametrize("redirection", ["", ">&-", "2>&-", ">&- 2>&-", "</dev/null", "<&-"])
def test_a_closed_stream_changes_no_verdict(bad, redirection):
    ran = run(bad, f"{PROGRAM} lint {redirection}")

    assert (ran.returncode, ran.stderr) == (1, "")


@POSIX_ONLY
def test_a_pipe_that_nobody_reads_changes_no_verdict(bad):
    ran = run(bad, f'{PROGRAM} lint | true; echo "${{PIPESTATUS[0]}}"', interpreter="bash")

    assert (ran.stdout, ran.stderr) == ("1\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_told_and_is_no_verdict(bad):
    ran = run(bad, f"{PROGRAM} lint >/dev/full")

    assert (ran.returncode, ran.stderr.splitlines()[0]) == (
        2,
        "schemagate: cannot write to standard output: No space left on device",
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_report_that_cannot_be_written_hides_no_finding(bad):
    ran = run(bad, f"{PROGRAM} lint --output json=/dev/full")

    assert (ran.returncode, ran.stdout.splitlines()[0]) == (2, run(bad, f"{PROGRAM} lint").stdout.splitlines()[0])
    assert ran.stderr.startswith("schemagate: cannot write /dev/full: No space left on device\n")


@pytest.mark.parametrize(
    ("arguments", "stopped"),
    [
        (("lint",), "schemagate.app.lint.lint"),
        (("check",), "schemagate.app.check.look"),
        (("history",), "schemagate.app.history.look"),
        (("rules",), "schemagate.report.catalogue.render_list"),
    ],
)
def test_an_interruption_is_exit_130_and_says_nothing(clone, monkeypatch, arguments, stopped):
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(stopped, interrupt)

    assert clone.run(*arguments) == (130, "", "")
