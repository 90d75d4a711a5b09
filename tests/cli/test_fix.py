"""``--fix``, ``--diff`` and ``--unsafe-fixes`` of lint and check, byte for byte."""

from __future__ import annotations

import stat
import subprocess

import pytest
from tests.adapters.repos import POSIX_ONLY
from tests.cli.cases import USER, WIDER

ODD = (
    b'\xef\xbb\xbf// kept\r\n{\r\n\t"type": \'record\', "name": "User", "namespace": "com.example",\r\n'
    b'\t"fields": [\r\n\t\t{"name": "a", "type": ["string", "null"], "default": null}, // kept too\r\n'
    b'\t\t{"name": "b", "type": ["null", "long"]},\r\n\t]\r\n}\r\n'
)
NEAT = (
    b'// kept\r\n{\r\n\t"type": "record", "name": "User", "namespace": "com.example",\r\n'
    b'\t"fields": [\r\n\t\t{"name": "a", "type": ["null", "string"], "default": null}, // kept too\r\n'
    b'\t\t{"name": "b", "type": ["null", "long"], "default": null}\r\n\t]\r\n}\r\n'
)
LATE = USER.replace('"user_id", "type": "string"', '"user_id", "type": ["null", "string"]')
FIXED = LATE.replace('["null", "string"]', '["null", "string"], "default": null')
PLAN = '{"type": "enum", "name": "com.example.Plan", "symbols": ["FREE", "PAID"]}\n'


def test_lint_writes_the_safe_fixes_and_leaves_every_other_byte(terminal):
    (terminal.directory / "user.avsc").write_bytes(ODD)

    ran = terminal.run("lint", "--fix", "--format", "json")

    assert (terminal.directory / "user.avsc").read_bytes() == NEAT
    assert ran.code == 0
    assert ran.json["notes"] == [
        "fixed user.avsc: write the string in double quotes (single-quotes)",
        "fixed user.avsc: take out the comma before the closing bracket (trailing-comma)",
        "fixed user.avsc: write the file without the byte order mark (byte-order-mark)",
        "fixed user.avsc: put null first (null-not-first-with-null-default)",
        "fixed user.avsc: add the default null (nullable-without-default)",
    ]


def test_a_second_run_changes_nothing(terminal):
    (terminal.directory / "user.avsc").write_bytes(ODD)
    terminal.run("lint", "--fix")

    ran = terminal.run("lint", "--fix")

    assert (terminal.directory / "user.avsc").read_bytes() == NEAT
    assert "fixed" not in ran.out


def test_diff_shows_what_git_apply_takes_and_writes_nothing(clone, repo):
    clone.write("schemas/user.avsc", LATE)

    ran = clone.run("check", "--diff")

    assert ran.out == (
        "--- a/schemas/user.avsc\n+++ b/schemas/user.avsc\n@@ -2,6 +2,6 @@\n"
        '   "type": "record", "name": "User", "namespace": "com.example", "doc": "A user.",\n   "fields": [\n'
        '     {"name": "id", "type": "string"},\n-    {"name": "user_id", "type": ["null", "string"]}\n'
        '+    {"name": "user_id", "type": ["null", "string"], "default": null}\n   ]\n }\n'
    )
    assert ran.err == "schemagate: --fix would repair 1 finding in 1 file\n"
    assert ran.code == 1
    assert clone.read("schemas/user.avsc") == LATE
    subprocess.run(["git", "apply", "-"], input=ran.out.encode(), cwd=repo.path, check=True)
    assert clone.read("schemas/user.avsc") == FIXED


def test_check_fixes_judges_what_is_left_and_says_what_it_did(clone):
    clone.write("schemas/user.avsc", LATE)

    ran = clone.run("check", "--fix", "--format", "json")

    assert clone.read("schemas/user.avsc") == FIXED
    assert ran.code == 1
    assert [finding["rule"] for finding in ran.json["findings"]] == ["nullability-added"]
    assert "fixed schemas/user.avsc: add the default null (nullable-without-default)" in ran.json["notes"]


def test_what_picks_a_meaning_needs_to_be_asked_for(terminal):
    terminal.write("plan.avsc", PLAN)

    safe = terminal.run("lint", "--fix")

    assert terminal.read("plan.avsc") == PLAN
    assert "1 finding has a fix that picks a meaning" in safe.out

    terminal.run("lint", "--fix", "--unsafe-fixes")

    assert terminal.read("plan.avsc") == PLAN.replace('"PAID"]', '"PAID"], "default": "FREE"')


def test_a_published_version_file_is_never_edited(clone, repo):
    loose = USER.replace('"string"}\n', '["null", "string"]}\n')
    repo.write("user_v1.avsc", loose).commit("v1").write("user_v2.avsc", loose.replace("A user.", "One user."))

    for command in ("lint", "check"):
        ran = clone.run(command, "--fix", "--unsafe-fixes")
        assert clone.read("user_v1.avsc") == loose
        assert '["null", "string"], "default": null' in clone.read("user_v2.avsc"), ran.out
        repo.write("user_v2.avsc", loose.replace("A user.", "One user."))


def test_without_git_no_version_file_is_edited(terminal):
    terminal.write("user_v1.avsc", LATE)

    ran = terminal.run("lint", "--fix")

    assert terminal.read("user_v1.avsc") == LATE
    assert "user_v1.avsc is published and stays as it is" in ran.out


def test_what_is_staged_or_committed_cannot_be_fixed(clone):
    for kind, words in (("index", "what is staged"), ("HEAD", "what is committed")):
        ran = clone.run("check", "--fix", "--candidate", kind)

        assert (ran.code, ran.out) == (2, "")
        assert f"--fix and --diff change files of the work tree, and {words} is judged" in ran.err


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("lint", "--unsafe-fixes"), "--unsafe-fixes goes with --fix or --diff"),
        (("lint", "--fix", "-", "--stdin-filename", "a.avsc"), "--fix cannot write standard input"),
        (("check", "--fix", "--write-waivers"), "--write-waivers accepts what --fix would repair"),
    ],
)
def test_options_that_do_not_go_together_are_refused(clone, arguments, error):
    ran = clone.run(*arguments, stdin=USER)

    assert ran.code == 2
    assert error in ran.err


def test_an_editors_buffer_can_be_shown_fixed(terminal):
    terminal.write("user.avsc", USER)

    ran = terminal.run("lint", "-", "--stdin-filename", "user.avsc", "--diff", stdin=LATE)

    assert '+    {"name": "user_id", "type": ["null", "string"], "default": null}' in ran.lines
    assert terminal.read("user.avsc") == USER


@POSIX_ONLY
def test_a_symbolic_link_is_not_written(terminal):
    terminal.write("real.avsc", LATE)
    (terminal.directory / "linked.avsc").symlink_to("real.avsc")

    ran = terminal.run("lint", "--fix", "linked.avsc")

    assert ran.code == 2
    assert "linked.avsc is reached through a symbolic link and is not written" in ran.err
    assert terminal.read("real.avsc") == LATE


@POSIX_ONLY
def test_one_file_that_is_not_written_keeps_no_other_from_being_written(terminal):
    terminal.write("z.avsc", LATE).write("real.txt", LATE.replace("User", "Real"))
    (terminal.directory / "a.avsc").symlink_to("real.txt")

    ran = terminal.run("lint", "--fix")

    assert ran.code == 2
    assert "a.avsc is reached through a symbolic link and is not written; 1 other is written" in ran.err
    assert terminal.read("z.avsc") != LATE
    assert terminal.read("real.txt") == LATE.replace("User", "Real")


@POSIX_ONLY
def test_a_files_mode_stays_and_nothing_is_left_beside_it(terminal):
    path = terminal.write("user.avsc", LATE).directory / "user.avsc"
    path.chmod(0o640)

    terminal.run("lint", "--fix")

    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [entry.name for entry in terminal.directory.iterdir()] == ["user.avsc"]


def test_a_clean_file_is_not_written(clone):
    clone.write("schemas/user.avsc", WIDER)
    before = (clone.directory / "schemas/user.avsc").stat().st_mtime_ns

    ran = clone.run("check", "--fix")

    assert ran.code == 0
    assert (clone.directory / "schemas/user.avsc").stat().st_mtime_ns == before
    assert clone.run("check", "--diff").out == ""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('["A", "B", "A"]', '["A", "B"]'),
        ('["A", "B"], "doc": "x", "doc": "x"', '["A", "B"], "doc": "x"'),
        ('["A"], "aliases": ["Z", "Y", "Z", "com.example.Z"]', '["A"], "aliases": ["Z", "Y"]'),
    ],
)
def test_what_stands_twice_and_says_the_same_stands_once(terminal, before, after):
    head = '{"type": "enum", "name": "com.example.E", "default": "A", "symbols": '
    terminal.write("e.avsc", f"{head}{before}}}\n")

    terminal.run("lint", "--fix")

    assert terminal.read("e.avsc") == f"{head}{after}}}\n"


def test_an_alias_that_another_field_has_is_taken_out(terminal):
    fields = '{"name": "a", "type": "int"}, {"name": "b", "type": "int", "aliases": ["old", "a"]}'
    text = f'{{"type": "record", "name": "com.example.R", "fields": [{fields}]}}\n'
    terminal.write("r.avsc", text)

    terminal.run("lint", "--fix")

    assert terminal.read("r.avsc") == text.replace('["old", "a"]', '["old"]')
