from __future__ import annotations

import jsonschema
import pytest
from tests.cli.cases import ADDRESS, BROKEN, ORDER, RENAMED, USER, WIDER

from schemagate.report import difference_json


def told(ran) -> list[tuple[object, ...]]:
    """(old, new, backward, forward) of each comparison."""
    return [
        (one["old"] and one["old"]["label"], one["new"] and one["new"]["label"], one["backward"], one["forward"])
        for one in ran.json["comparisons"]
    ]


def edits(ran) -> list[tuple[str, str, object, object]]:
    return [(e["path"], e["what"], e["old"], e["new"]) for one in ran.json["comparisons"] for e in one["edits"]]


def test_two_files_need_no_git(terminal):
    ran = terminal.write("a.avsc", USER).write("b.avsc", RENAMED).run("diff", "a.avsc", "b.avsc")

    assert ran.code == 0
    assert ran.lines == [
        "a.avsc → b.avsc",
        "com.example.User",
        "",
        "  $.uuid",
        "    renamed    user_id → uuid (no alias says so; they look alike)",
        "",
        "  backward  broken  new consumers cannot read what was written with the old",
        "                    schema",
        "            error  $.uuid: no `uuid`, no default [field-renamed]",
        "  forward   broken  consumers on the old schema cannot read what is written from",
        "                    now on",
        "            error  $.uuid: no `user_id`, no default [field-renamed]",
        "",
    ]


@pytest.mark.parametrize(
    ("old", "new", "mode", "code"),
    [
        (USER, RENAMED, "FULL", 1),
        (USER, RENAMED, "NONE", 0),
        (USER, WIDER, "full-transitive", 0),
        ('"int"', '"long"', "BACKWARD", 0),
        ('"int"', '"long"', "FORWARD", 1),
        (USER, USER, "SIDEWAYS", 2),
        (USER, BROKEN, "", 1),
    ],
)
def test_the_exit_code_answers_for_a_mode(terminal, old, new, mode, code):
    terminal.write("a.avsc", old).write("b.avsc", new)

    assert terminal.run("diff", "a.avsc", "b.avsc", "--mode", mode).code == code


def test_every_kind_of_edit_is_told_once(terminal):
    terminal.write(
        "a.avsc",
        """{"type": "record", "name": "x.R", "doc": "old", "fields": [
        {"name": "a", "type": "int"}, {"name": "b", "type": "string", "order": "ignore", "default": "x"},
        {"name": "c", "type": {"type": "enum", "name": "E", "symbols": ["A", "B"]}},
        {"name": "d", "type": {"type": "fixed", "name": "F", "size": 4}},
        {"name": "e", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "f", "type": "string"}, {"name": "g", "type": ["string", "int"]}, {"name": "h", "type": "bytes"}]}""",
    )
    terminal.write(
        "b.avsc",
        """{"type": "record", "name": "y.R", "doc": "new", "aliases": ["x.R"], "fields": [
        {"name": "a", "type": "long"}, {"name": "b", "type": "string", "default": "y", "pii": true},
        {"name": "c", "type": {"type": "enum", "name": "E", "symbols": ["A", "C"], "default": "A"}},
        {"name": "d", "type": {"type": "fixed", "name": "F", "size": 8}},
        {"name": "e", "type": {"type": "long", "logicalType": "timestamp-micros"}},
        {"name": "f", "type": ["null", "string"], "default": null}, {"name": "g", "type": ["int", "string"]},
        {"name": "i", "type": "double"}]}""",
    )

    ran = terminal.run("diff", "a.avsc", "b.avsc", "--format", "json")

    assert edits(ran) == [
        ("$", "moved", "x", "y"),
        ("$", "doc", "old", "new"),
        ("$", "aliases", [], ["x.R"]),
        ("$.a", "type", "int", "long"),
        ("$.b", "default", "x", "y"),
        ("$.b", "order", "ignore", "ascending"),
        ("$.b", "property", None, True),
        ("$.c", "moved", "x", "y"),
        ("$.c", "symbols-added", None, ["C"]),
        ("$.c", "symbols-removed", ["B"], None),
        ("$.c", "default", None, "A"),
        ("$.d", "moved", "x", "y"),
        ("$.d", "size", 4, 8),
        ("$.e", "logical-type", "timestamp-millis", "timestamp-micros"),
        ("$.f", "type", "string", "union of null and string"),
        ("$.f", "default", None, None),
        ("$.g", "reordered", ["string", "int"], ["int", "string"]),
        ("$.i", "added", None, {"name": "i", "type": "double"}),
        ("$.h", "removed", {"name": "h", "type": "bytes"}, None),
    ]


def test_layout_and_comments_are_no_edit(terminal):
    ran = terminal.write("a.avsc", USER).write("b.avsc", f"// hello\n{USER}").run("diff", "a.avsc", "b.avsc")

    assert ran.code == 0
    assert "  the two say the same: at most layout and comments differ" in ran.lines


def test_a_published_version_against_the_work_tree(clone, repo):
    repo.write("schemas/user.avsc", WIDER)

    for arguments in (
        ("HEAD:schemas/user.avsc",),
        ("HEAD", "schemas/user.avsc"),
        ("main",),
        ("main:schemas/user.avsc", "schemas/user.avsc"),
    ):
        ran = clone.run("diff", *arguments, "--format", "json")
        ref = arguments[0].partition(":")[0]

        assert told(ran) == [(f"{ref}:schemas/user.avsc", "schemas/user.avsc", True, True)]
        assert [path for path, *_ in edits(ran)] == ["$.age"]


def test_between_two_commits_every_schema_that_differs_is_told(clone, repo):
    repo.write("common/address.avsc", ADDRESS).write("schemas/order.avsc", ORDER).write("schemas/gone.avsc", '"int"')
    repo.commit("Orders")
    repo.write("common/address.avsc", ADDRESS.replace('"int"', '"long"')).write("schemas/new.avsc", '"string"')
    repo.delete("schemas/gone.avsc").move("schemas/user.avsc", "schemas/people.avsc").commit("Wider")

    ran = clone.run("diff", "HEAD~1", "HEAD", "--format", "json")

    assert told(ran) == [
        ("HEAD~1:common/address.avsc", "HEAD:common/address.avsc", True, False),
        ("HEAD~1:schemas/gone.avsc", None, None, None),
        (None, "HEAD:schemas/new.avsc", None, None),
        ("HEAD~1:schemas/order.avsc", "HEAD:schemas/order.avsc", True, False),
    ]
    assert clone.run("diff", "HEAD~1", "HEAD").lines[-1] == "4 schemas changed: 2 broken, 1 added and 1 removed"
    assert clone.run("diff", "HEAD", "HEAD").out == "no schema differs between HEAD and HEAD\n"


def test_a_new_version_file_is_compared_with_the_one_before(clone, repo):
    repo.write("schemas/a_v1.avsc", USER).commit("v1")
    repo.write("schemas/a_v2.avsc", WIDER).write("schemas/a_v3.avsc", RENAMED)

    assert told(clone.run("diff", "HEAD", "--format", "json")) == [
        ("HEAD:schemas/a_v1.avsc", "schemas/a_v2.avsc", True, True),
        ("schemas/a_v2.avsc", "schemas/a_v3.avsc", False, False),
    ]


def test_what_avro_refuses_is_told_with_its_place(clone, repo):
    repo.write("schemas/user.avsc", BROKEN)

    ran = clone.run("diff", "HEAD")
    problems = clone.run("diff", "HEAD", "--format", "json").json["problems"]

    assert ran.code == 1
    assert "  not compared: Avro refuses a side, see below" in ran.lines
    assert any(line.startswith("error[truncated]: ") for line in ran.lines)
    assert [(p["rule"], p["path"]) for p in problems] == [("truncated", "schemas/user.avsc")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere.avsc", "schemas/user.avsc"), "nowhere.avsc is neither a file nor a git ref"),
        (("schemas",), "schemas is a directory"),
        (("schemas/user.avsc",), "schemas/user.avsc is a file: it needs another side to be compared with"),
        (("HEAD:schemas/usr.avsc",), "HEAD has no file schemas/usr.avsc"),
    ],
)
def test_a_side_that_does_not_exist_is_a_usage_error(clone, arguments, message):
    ran = clone.run("diff", *arguments)

    assert (ran.code, ran.out, ran.err.splitlines()[0]) == (2, "", f"schemagate: {message}")


def test_json_is_as_its_schema_says(clone, repo):
    repo.write("schemas/user.avsc", RENAMED).write("schemas/b.avsc", BROKEN)

    ran = clone.run("diff", "HEAD", "--mode", "FULL", "--format", "json")

    jsonschema.validate(ran.json, difference_json.json_schema())
    assert (ran.code, ran.json["exit_code"], ran.json["mode"]) == (1, 1, "FULL")


def test_a_question_past_its_budget_is_exit_3(terminal, monkeypatch):
    from schemagate.compat.solve import Solver
    from schemagate.errors import UndecidedError

    def refuse(_self: Solver) -> bool:
        raise UndecidedError("too entangled", hint="split the schema")

    monkeypatch.setattr(Solver, "compatible", refuse)
    ran = terminal.write("a.avsc", USER).write("b.avsc", RENAMED).run("diff", "a.avsc", "b.avsc", "--mode", "FULL")

    assert ran.code == 3
    assert "  undecided: too entangled; split the schema" in ran.lines
