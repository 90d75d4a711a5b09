from __future__ import annotations

import json

import jsonschema
import pytest
from tests.cli.cases import ADDRESS, BROKEN, ORDER, USER, WIDER

from schemagate.report import json_view

NO_DEFAULT = USER.replace('"type": "string"}\n', '"type": ["null", "string"]}\n')


def rules(ran) -> list[str]:
    return [finding["rule"] for finding in ran.json["findings"]]


def test_a_clean_schema_needs_neither_git_nor_a_configuration(terminal):
    ran = terminal.write("user.avsc", USER).run("lint")

    assert ran == (0, "ok: no findings; 1 schema linted\n", "")


def test_an_error_is_exit_1_and_shows_its_line(terminal):
    ran = terminal.write("user.avsc", NO_DEFAULT).run("lint", "user.avsc")

    assert ran.code == 1
    assert ran.lines[0].startswith("error[nullable-without-default]: ")
    assert "  --> user.avsc:5:" in ran.out
    assert ran.lines[-1] == "failed: 1 error; 1 schema linted"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--exit-zero",), 0),
        (("--severity", "nullable-without-default=warning"), 0),
        (("--severity", "nullable-without-default=warning", "--fail-on", "warning"), 1),
        (("--severity", "nullable-without-default=off", "--fail-on", "notice"), 0),
        (("--severity", "nullable-without-default"), 2),
        (("--fail-on", "fatal"), 2),
        (("--format", "yaml"), 2),
        (("--color", "maybe"), 2),
    ],
)
def test_the_exit_code_follows_the_options(terminal, options, code):
    assert terminal.write("user.avsc", NO_DEFAULT).run("lint", *options).code == code


def test_json_is_as_its_schema_says(terminal):
    ran = terminal.write("user.avsc", NO_DEFAULT).run("lint", "--format", "json")

    jsonschema.validate(ran.json, json_view.json_schema())
    assert (ran.code, ran.json["command"], rules(ran)) == (1, "lint", ["nullable-without-default"])
    assert [(c["path"], c["change"]) for c in ran.json["compared"]] == [("user.avsc", "linted")]


def test_a_report_goes_to_a_file_too(terminal):
    ran = terminal.write("user.avsc", USER).run("lint", "--output", "json=out/report.json")

    assert (ran.code, ran.out) == (0, "ok: no findings; 1 schema linted\n")
    assert json.loads(terminal.read("out/report.json"))["exit_code"] == 0


def test_a_name_is_looked_for_in_the_rest_of_the_project(clone, repo):
    repo.write("schemas/order.avsc", ORDER).write("common/address.avsc", ADDRESS)

    assert clone.run("lint", "schemas/order.avsc").code == 0
    assert clone.enter("schemas").run("lint", "order.avsc").code == 0


def test_a_name_that_nothing_defines_says_where_it_was_looked_for(clone):
    ran = clone.write("schemas/order.avsc", ORDER).run("lint", "schemas/order.avsc")

    assert ran.code == 1
    assert ran.lines[0] == "error[undefined-type]: type `com.example.Address` is not defined anywhere"
    assert "note: looked for Address in 1 other file below" in ran.out


def test_only_the_named_files_are_told_of(clone):
    clone.write("schemas/address.avsc", ADDRESS.replace('"int"', '["null", "int"]')).write("schemas/order.avsc", ORDER)

    ran = clone.run("lint", "--format", "json", "schemas/order.avsc")

    assert (ran.code, rules(ran)) == (0, [])
    assert [c["path"] for c in ran.json["compared"]] == ["schemas/order.avsc"]


def test_an_older_version_file_is_not_linted(terminal):
    terminal.write("user_v1.avsc", NO_DEFAULT).write("user_v2.avsc", WIDER)

    assert terminal.run("lint").out == "ok: no findings; 1 schema linted\n"


def test_the_configuration_is_found_upwards(terminal):
    terminal.write("schemagate.toml", '[rules]\nnullable-without-default = "warning"\n')
    terminal.write("deep/er/user.avsc", NO_DEFAULT).enter("deep/er")

    assert terminal.run("lint").code == 0
    assert terminal.run("lint", "--no-config").code == 1


def test_a_pyproject_is_a_configuration_only_with_our_table(terminal):
    terminal.write("pyproject.toml", '[tool.schemagate.rules]\nnullable-without-default = "off"\n')
    terminal.write("in/pyproject.toml", '[project]\nname = "x"\n').write("in/user.avsc", NO_DEFAULT).enter("in")

    assert terminal.run("lint").code == 0


def test_a_named_configuration_wins(terminal):
    terminal.write("other.toml", '[rules]\nnullable-without-default = "off"\n').write("user.avsc", NO_DEFAULT)

    assert terminal.run("lint", "--config", "other.toml").code == 0
    assert terminal.run("lint", "--config", "missing.toml").code == 2


def test_a_wrong_configuration_is_told_with_its_place(terminal):
    ran = terminal.write("schemagate.toml", '[rules]\nmising-doc = "error"\n').write("a.avsc", USER).run("lint")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("schemagate: schemagate.toml:2:1: unknown rule `mising-doc`\n")
    assert "did you mean `missing-doc`?" in ran.err


def test_an_inline_allow_and_a_waiver_accept_a_finding(terminal):
    allowed = NO_DEFAULT.replace(
        '    {"name": "user_id"', '    // schemagate: allow[nullable-without-default] legacy\n    {"name": "user_id"'
    )
    terminal.write("user.avsc", allowed)

    assert (
        terminal.run("lint").out == "accepted: 1 by inline comment\n\nok: no findings (1 accepted); 1 schema linted\n"
    )

    printed = terminal.write("user.avsc", NO_DEFAULT).run("lint").out
    block = printed.partition("[[waivers]]")[2].partition("\n\n")[0]
    waiver = "[[waivers]]\n" + "\n".join(line.strip() for line in block.splitlines())
    terminal.write("schemagate.toml", waiver.replace('reason = ""', 'reason = "legacy"'))

    assert terminal.run("lint").out == "accepted: 1 by waiver\n\nok: no findings (1 accepted); 1 schema linted\n"


def test_an_allow_of_a_rule_that_lint_cannot_run_is_not_called_unused(terminal):
    terminal.write(
        "user.avsc", USER.replace('    {"name": "user', '    // schemagate: allow[field-renamed] x\n    {"name": "user')
    )

    assert terminal.run("lint", "--fail-on", "notice").code == 0


def test_an_unsaved_buffer_is_linted_in_its_files_place(terminal):
    terminal.write("sub/user.avsc", USER)

    ran = terminal.enter("sub").run("lint", "-", "--stdin-filename", "user.avsc", stdin=BROKEN)

    assert ran.code == 1
    assert ran.lines[0].startswith("error[truncated]: ")
    assert "--> user.avsc:" in ran.out


def test_dash_and_stdin_filename_go_together(terminal):
    assert terminal.run("lint", "-").code == 2
    assert terminal.run("lint", "--stdin-filename", "a.avsc").code == 2


def test_nothing_to_lint_is_not_fine(terminal):
    missing = terminal.run("lint", "nowhere.avsc")
    empty = terminal.run("lint")
    terminal.write("old/user.avsc", USER).write("schemagate.toml", 'exclude = ["old"]\n')
    left_out = terminal.run("lint")

    assert [ran.code for ran in (missing, empty, left_out)] == [2, 2, 2]
    assert missing.err.startswith("schemagate: there is no file or directory nowhere.avsc\n")
    assert empty.err.startswith("schemagate: there is no schema (*.avsc) in .\n")
    assert left_out.err.startswith(
        "schemagate: schemagate.toml leaves out every schema in ., for example old/user.avsc\n"
    )
    assert terminal.run("lint", "old/user.avsc").code == 0


def test_other_peoples_directories_are_not_entered(terminal):
    terminal.write("node_modules/x/a.avsc", BROKEN).write(".venv/a.avsc", BROKEN).write("user.avsc", USER)

    assert terminal.run("lint").out == "ok: no findings; 1 schema linted\n"


def test_what_git_lfs_left_behind_and_what_cannot_be_read_are_findings(terminal):
    terminal.write("a.avsc", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")
    (terminal.directory / "b.avsc").symlink_to("/nowhere/at/all.avsc")

    ran = terminal.run("lint", "--format", "json")

    assert (ran.code, sorted(rules(ran))) == (1, ["lfs-pointer", "unreadable-file"])
