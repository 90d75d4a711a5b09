from __future__ import annotations

import json

import pytest
from tests.cli.cases import RENAMED, USER


@pytest.fixture
def parts(clone, repo):
    """Two shards of a run in which one of two subjects breaks, as files."""
    repo.write("schemas/order.avsc", USER.replace("User", "Order")).commit("Orders").branch("change")
    repo.write("schemas/user.avsc", RENAMED)
    for index in (1, 2):
        clone.run("check", "--all", "--shard", f"{index}/2", "--output", f"json=part{index}.json")
    return ["part1.json", "part2.json"]


def test_the_merged_report_is_that_of_one_run_with_its_exit_code(clone, parts):
    whole = clone.run("check", "--all")

    assert clone.run("merge", *parts) == whole
    assert whole.code == 1


def test_any_format_is_rendered_to_any_file(clone, parts):
    clone.run("check", "--all", "--output", "sarif=whole.sarif", "--output", "junit=whole.xml")

    ran = clone.run("merge", *parts, "--format", "github", "--output", "sarif=m.sarif", "--output", "junit=m.xml")

    assert ran.out.startswith("::error file=schemas/user.avsc,")
    assert (clone.directory / "m.sarif").read_text() == (clone.directory / "whole.sarif").read_text()
    assert (clone.directory / "m.xml").read_text() == (clone.directory / "whole.xml").read_text()


def test_exit_zero_is_for_findings_only(clone, parts):
    assert clone.run("merge", *parts, "--exit-zero").code == 0
    path = clone.directory / parts[0]
    report = json.loads(path.read_text())
    path.write_text(json.dumps({**report, "undecided": ["nobody knows"]}))

    assert clone.run("merge", *parts, "--exit-zero").code == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["part1.json"], "shard 2 of 2 is missing"),
        (["part1.json", "part1.json"], "shard 1 of 2 is there twice: part1.json and part1.json"),
        (["nothing.json"], "cannot read nothing.json: No such file or directory"),
        (["schemas/user.avsc"], "schemas/user.avsc: not a schemagate report"),
    ],
    ids=["missing", "twice", "no file", "no report"],
)
@pytest.mark.usefixtures("parts")
def test_what_makes_no_whole_is_a_usage_error_that_says_why(clone, arguments, words):
    ran = clone.run("merge", *arguments)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"schemagate: {words}")


@pytest.mark.parametrize("text", ["0/4", "5/4", "4", "a/b", "1/", "1/99999", "-1/4"])
def test_a_shard_that_cannot_be_is_a_usage_error(clone, text):
    ran = clone.run("check", "--shard", text)

    assert ran.code == 2
    assert ran.err.startswith(f"schemagate: --shard {text}: expected I/N with I from 1 to N")


@pytest.mark.parametrize("option", ["--fix", "--diff", "--write-waivers"])
def test_a_shard_only_judges(clone, option):
    ran = clone.run("check", "--shard", "1/2", option)

    assert (ran.code, "--shard only judges" in ran.err) == (2, True)
