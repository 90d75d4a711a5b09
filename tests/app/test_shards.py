"""A run in several shards, merged, is the run over everything: in every format, whatever there is to tell."""

from __future__ import annotations

import json
from collections import Counter

import jsonschema
import pytest
from msgspec.structs import replace
from tests.adapters.repos import Repo
from tests.app.medley import Medley
from tests.app.scene import OPTIONAL, record, run, told
from tests.devregistry.running import running

from schemagate.app.shards import shard_of
from schemagate.errors import UsageError
from schemagate.finding import Report
from schemagate.report import github, gitlab, junit, markdown, sarif, text
from schemagate.report.json_view import dump, json_schema, load
from schemagate.report.merge import merge

FORMATS = {
    "json": dump,
    "text": lambda report: text.render(report, colour=False, width=100),
    "text, verbose": lambda report: text.render(report, colour=True, width=80, verbose=True),
    "github": github.render,
    "markdown": markdown.render,
    "comment": markdown.comment,
    "sarif": sarif.render,
    "junit": junit.render,
    "gitlab": gitlab.render,
}


def shards(repo, count: int, **options: object) -> list[Report]:
    """The reports of all shards, as ``merge`` gets them: through JSON."""
    return [load(dump(run(repo, shard=(index, count), **options))) for index in range(1, count + 1)]


def merged(reports) -> Report:
    return merge([(f"{number}.json", report) for number, report in enumerate(reports, 1)])


@pytest.mark.parametrize("everything", [True, False], ids=["all", "change"])
@pytest.mark.parametrize("seed", range(4))
def test_merged_shards_tell_what_one_run_tells_in_every_format(tmp_path, seed, everything):
    repo = Medley(tmp_path / "repo", seed).repo
    whole = run(repo, everything=everything)

    parts = shards(repo, 2 + seed, everything=everything)
    report = merged(reversed(parts))

    assert told(report) == told(whole)
    assert {name: make(report) for name, make in FORMATS.items()} == {
        name: make(whole) for name, make in FORMATS.items()
    }
    assert report.exit_code == whole.exit_code


def test_each_finding_is_told_by_one_shard(tmp_path):
    repo = Medley(tmp_path / "repo", 1).repo

    parts = shards(repo, 3, everything=True)

    assert Counter(line for part in parts for line in told(part)) - Counter(told(run(repo, everything=True))) == {}
    assert min(len(part.findings) for part in parts) > 0


@pytest.fixture
def registered(tmp_path):
    """A repository with named and unnamed subjects, half of which its registry holds, and a change that it refuses."""
    with running() as registry:
        names = '[[subjects]]\nmatch = "named*.avsc"\nname = ["{stem}-value"]\n'
        repo = Repo(tmp_path / "repo").write("schemagate.toml", f'[registry.dev]\nurl = "{registry.url}"\n{names}')
        for n in range(6):
            named = record(f"Named{n}", id="string")
            repo.write(f"named{n}.avsc", named).write(f"other{n}.avsc", record(f"Other{n}", id="string"))
            registry.register(f"named{n}-value", named)
            if n % 2:
                registry.register(f"named{n}-value", record(f"Named{n}", id="string", more=OPTIONAL))
        registry.ask("DELETE", "/subjects/named1-value/versions/1")
        registry.set_level("named2-value", "NONE")
        repo.commit("1").branch("change")
        for n in range(3, 6):
            repo.write(f"named{n}.avsc", record(f"Named{n}", id="string", age="int"))
        yield repo


def test_a_registry_is_asked_by_each_shard_and_the_whole_says_what_was_asked(registered):
    whole = run(registered, everything=True)

    parts = shards(registered, 3, everything=True)
    report = merged(parts)

    assert {name: make(report) for name, make in FORMATS.items()} == {
        name: make(whole) for name, make in FORMATS.items()
    }
    assert " holds 6 subjects of 12 with 9 versions; of 4 proposed schemas it refuses " in report.notes[1]
    assert report.notes[3].startswith("6 subjects without a configured name, such as com.example.Other0:")
    assert sum(part.shard.asked.subjects for part in parts) == 12


def test_what_is_told_once_of_all_subjects_is_told_once_of_those_of_all_shards(registered):
    report = merged(shards(registered, 3, everything=True))

    lost = [finding for finding in report.findings if finding.rule == "lookup-would-fail" and not finding.subject]
    assert [[related.message for related in one.related] for one in lost] == [
        ["so it is for named0-value, named2-value"]
    ]


def test_a_shard_says_what_it_is_and_that_others_belong_to_it(tmp_path):
    repo = Repo(tmp_path).write("a.avsc", record("A", id="string")).commit("1")

    report = run(repo, shard=(1, 2), everything=True)

    assert report.notes[-1] == "shard 1 of 2: `schemagate merge` makes one report of the JSON reports of all 2"
    jsonschema.validate(json.loads(dump(report)), json_schema())


WAIVERS = """
[[waivers]]
rule = "field-added-without-default"
subject = "com.example.S0"
path = "$.age"
reason = "agreed"
[[waivers]]
rule = "field-removed-without-default"
subject = "com.example.S0"
path = "$.id"
reason = "nothing needs it"
"""


def test_a_waiver_is_unused_only_if_no_shard_needs_it(tmp_path):
    repo = Repo(tmp_path).write("schemagate.toml", WAIVERS)
    for n in range(6):
        repo.write(f"s{n}.avsc", record(f"S{n}", id="string"))
    repo.commit("1").branch("change").write("s0.avsc", record("S0", id="string", age="int"))

    parts = shards(repo, 3, everything=True)

    assert [told(part) for part in parts] == [[], [], []]
    assert sorted(len(part.pending) for part in parts) == [1, 2, 2]
    assert told(merged(parts)) == ["warning unused-waiver schemagate.toml:7:1"]
    assert [one.reason for one in merged(parts).suppressed] == ["agreed"]


@pytest.mark.parametrize(("key", "count", "expected"), [("user-value", 4, 4), ("user-value", 7, 4), ("é", 5, 2)])
def test_a_subject_is_in_the_same_shard_on_every_machine(key, count, expected):
    assert shard_of(key, count) == expected


def test_files_that_share_a_subject_are_in_one_shard(tmp_path):
    config = """
[[subjects]]
match = "a*.avsc"
name = ["x", "y"]
[[subjects]]
match = "b*.avsc"
name = ["y", "z"]
[[subjects]]
match = "c*.avsc"
name = ["z"]
"""
    repo = Repo(tmp_path).write("schemagate.toml", config)
    for name in ("a1", "a2", "b1", "b2", "c1", "c2"):
        repo.write(f"{name}.avsc", record(name.upper(), id="string"))
    repo.commit("1")

    looked = [[one.path for one in part.compared] for part in shards(repo, 5, everything=True)]

    assert max(looked, key=len) == ["a1.avsc", "a2.avsc", "b1.avsc", "b2.avsc", "c1.avsc", "c2.avsc"]


@pytest.fixture
def pair(tmp_path):
    repo = Repo(tmp_path / "repo").write("a.avsc", record("A", id="string")).commit("1")
    return shards(repo, 2, everything=True)


def refusal(reports) -> str:
    with pytest.raises(UsageError) as caught:
        merge([(f"{number}.json", report) for number, report in enumerate(reports, 1)])
    return caught.value.message


def test_a_missing_shard_is_refused(pair):
    assert refusal(pair[1:]) == "shard 1 of 2 is missing: what it would tell is not known"


def test_a_shard_that_is_there_twice_is_refused(pair):
    assert refusal([*pair, pair[0]]) == "shard 1 of 2 is there twice: 1.json and 3.json"


def test_shards_of_another_count_are_refused(pair):
    other = replace(pair[1], shard=replace(pair[1].shard, count=3))

    assert refusal([pair[0], other]) == "1.json is one of 2 shards, 2.json one of 3"


@pytest.mark.parametrize("what", ["version of schemagate", "commit", "diff base", "baseline", "options"])
def test_shards_of_different_runs_are_refused(pair, what):
    shard = pair[1].shard
    other = replace(pair[1], shard=replace(shard, run={**shard.run, what: "x\x1b[31m"}))

    message = refusal([pair[0], other])

    assert message.startswith(f"1.json and 2.json are not of one run: the {what} of one is ")
    assert "\x1b" not in message


def test_a_shard_of_another_commit_is_refused(tmp_path):
    repo = Repo(tmp_path).write("a.avsc", record("A", id="string")).commit("1")
    first = run(repo, shard=(1, 2), everything=True)
    repo.write("b.avsc", record("B", id="string"))

    assert "the commit of one is worktree " in refusal([first, run(repo, shard=(2, 2), everything=True)])


def test_whole_reports_are_not_merged_with_shards(pair):
    assert refusal([pair[0], Report()]) == "2.json is the report of a whole run, not of a shard"


def test_one_whole_report_stays_as_it_is():
    assert merged([Report(notes=("base: x",))]) == Report(notes=("base: x",))
