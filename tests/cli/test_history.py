from __future__ import annotations

import jsonschema
from tests.adapters.repos import Repo
from tests.cli.cases import ADDRESS, BROKEN, ORDER, RENAMED, USER, WIDER

from schemagate.report import timeline_json


def test_subjects_are_listed_with_their_versions_and_their_state(clone, repo):
    repo.write("schemas/user.avsc", WIDER).write("gone.avsc", ADDRESS).commit("More").delete("gone.avsc").commit("Less")
    repo.write("schemas/order.avsc", ORDER.replace('"Address"', '"int"'))

    ran = clone.run("history")

    assert ran.code == 0
    assert ran.lines == [
        "versions  last change  subject, file",
        "       1  2026-01-06   com.example.Address (deleted)  gone.avsc",
        "       0  -            com.example.Order (proposed)  schemas/order.avsc",
        "       2  2026-01-06   com.example.User  schemas/user.avsc",
        "",
        "3 subjects on main, all FULL_TRANSITIVE",
    ]


def test_a_lineage_is_told_newest_first(clone, repo):
    repo.write("schemas/user.avsc", WIDER).commit("Add the age")
    repo.write("schemas/user.avsc", WIDER.replace('"A user."', '"Whoever signed up."'))
    newest, oldest = repo.sha()[:7], repo.sha("HEAD~1")[:7]

    ran = clone.run("history", "com.example.User")

    assert ran.code == 0
    assert ran.lines == [
        "com.example.User",
        "schemas/user.avsc, FULL_TRANSITIVE, 2 published versions on main",
        "",
        "proposed (not published: the work tree)",
        "  $",
        '    doc        "A user." → "Whoever signed up."',
        "  backward ok  forward ok",
        "",
        "v2",
        f"  2026-01-06  main@{newest}  Add the age (Ada)",
        "  $.age",
        "    added      union of null and int, default null",
        "  backward ok  forward ok",
        "",
        "v1",
        f"  2026-01-05  main@{oldest}  Users (Ada)",
        "  the first version",
    ]


def test_a_subject_is_found_by_name_by_its_end_and_by_its_file(clone):
    for wanted in ("com.example.User", "User", "schemas/user.avsc"):
        assert clone.run("history", wanted).lines[0] == "com.example.User"
    assert clone.enter("schemas").run("history", "user.avsc").lines[0] == "com.example.User"


def test_an_unknown_subject_suggests_the_nearest(clone):
    ran = clone.run("history", "com.example.Usr")

    assert ran == (2, "", "schemagate: there is no subject com.example.Usr\n  did you mean `com.example.User`?\n")


def test_an_end_that_fits_two_subjects_is_refused(clone, repo):
    repo.write("other.avsc", USER.replace("com.example", "org.example")).commit("Another")

    ran = clone.run("history", "User")

    assert ran.code == 2
    assert "schemagate: User fits 2 subjects" in ran.err


def test_a_lineage_follows_a_renamed_file(clone, repo):
    repo.move("schemas/user.avsc", "schemas/people.avsc").commit("Rename").write("schemas/people.avsc", WIDER)
    repo.commit("Age")

    steps = clone.run("history", "User", "--format", "json").json["subjects"][0]["steps"]

    assert [[place["path"] for place in step["published"]] for step in steps] == [
        ["schemas/people.avsc"],
        ["schemas/user.avsc", "schemas/people.avsc"],
    ]


def test_a_version_changed_through_another_file_is_one(clone, repo):
    repo.write("address.avsc", ADDRESS).write("order.avsc", ORDER).commit("Orders")
    repo.write("address.avsc", ADDRESS.replace('"int"', '"long"')).commit("Wider")

    steps = clone.run("history", "Order", "--format", "json").json["subjects"][0]["steps"]

    assert [(step["name"], step["backward"], step["forward"]) for step in steps] == [
        ("v2", True, False),
        ("v1", None, None),
    ]
    assert [edit["path"] for edit in steps[0]["edits"]] == ["$.to.zip"]


def test_texts_that_avro_never_accepted_are_left_out_and_said(clone, repo):
    repo.write("schemas/user.avsc", BROKEN).commit("Oops")
    broken = repo.sha()[:7]
    repo.write("schemas/user.avsc", WIDER).commit("Better")

    ran = clone.run("history", "User")

    assert ran.lines[1] == "schemas/user.avsc, FULL_TRANSITIVE, 2 published versions on main"
    assert ran.lines[-2:] == [
        f"left out: schemas/user.avsc in main@{broken}: the file ends before the `[` in",
        "          line 1, column 48 is closed",
    ]


def test_what_was_retracted_and_what_is_not_governed_is_marked(clone, repo):
    repo.write("schemas/user.avsc", RENAMED).commit("Bad").write("schemas/user.avsc", WIDER).commit("Good")
    repo.write(
        "schemagate.toml",
        f'[[retracted]]\nsubject = "com.example.User"\nversion = "main@{repo.sha("HEAD~1")[:7]}"\nreason = "a slip"\n',
    )

    steps = clone.run("history", "User", "--format", "json").json["subjects"][0]["steps"]

    assert [step["mark"] for step in steps] == ["", "retracted: a slip", ""]


def test_older_versions_are_left_out_behind_a_limit(clone, repo):
    repo.write("schemas/user.avsc", WIDER).commit("Age")

    ran = clone.run("history", "User", "--limit", "1")

    assert "v1" not in ran.lines
    assert ran.lines[-1] == "and 1 older version; --limit 0 shows all"
    assert "v1" in clone.run("history", "User", "--limit", "0").lines


def test_json_is_as_its_schema_says(clone, repo):
    repo.write("schemas/user.avsc", WIDER).commit("Age")

    for arguments in ((), ("User",)):
        ran = clone.run("history", *arguments, "--format", "json")

        jsonschema.validate(ran.json, timeline_json.json_schema())
        assert [subject["versions"] for subject in ran.json["subjects"]] == [2]


def test_without_git_nothing_can_be_told(terminal):
    ran = terminal.write("user.avsc", USER).run("history")

    assert (ran.code, ran.out) == (3, "")
    assert "is not in a git repository" in ran.err


def test_a_repository_without_a_commit_has_only_proposals(tmp_path, monkeypatch, capsys):
    from tests.cli.cases import Terminal

    unborn = Repo(tmp_path / "unborn").write("user.avsc", USER)
    ran = Terminal(unborn.path, monkeypatch, capsys).run("history")

    assert ran.code == 0
    assert "       0  -            com.example.User (proposed)  user.avsc" in ran.lines
