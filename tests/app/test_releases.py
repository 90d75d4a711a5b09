"""Versions that release tags published, beside the baseline's history."""

from __future__ import annotations

import pytest
from tests.app.scene import OPTIONAL, ledger, record, run, told

USER = record("User", id="string", email="string")
PATCHED = record("User", id="string", email="string", patch="string")
TAGS = 'release-tags = ["v*"]\n'


@pytest.fixture
def released(repo):
    """`main` has one version; the tag v1.1 on a release branch has another that `main` never had."""
    repo.write("schemagate.toml", TAGS).write("user.avsc", USER).commit("1").branch("release")
    repo.write("user.avsc", PATCHED).commit("patched").git("tag", "v1.1")
    return repo.checkout("main").branch("change")


def test_a_version_that_only_a_release_tag_published_counts(released):
    released.write("user.avsc", record("User", id="string", email="string", nick=OPTIONAL))

    report = run(released)

    assert ledger(report) == ["com.example.User user.avsc changed: v1 v2"]
    assert told(report) == ["inherited field-removed-without-default com.example.User $.patch user.avsc:3:11 v2>"]
    assert report.compared[0].versions[1].published[0].label == "v1.1"


def test_tags_that_do_not_match_publish_nothing(repo):
    repo.write("schemagate.toml", TAGS).write("user.avsc", USER).commit("1").branch("nightly")
    repo.write("user.avsc", PATCHED).commit("x").git("tag", "nightly-1")
    repo.checkout("main").branch("change").write("user.avsc", record("User", id="string", email="string", n=OPTIONAL))

    report = run(repo)

    assert ledger(report) == ["com.example.User user.avsc changed: v1"]
    assert report.notes[1] == (
        "no release tag of this clone matches v*; if there are some, fetch them: git fetch --tags"
    )


def test_the_tag_on_what_is_judged_has_published_nothing_yet(repo):
    repo.write("schemagate.toml", TAGS).write("user.avsc", USER).commit("1").branch("change")
    repo.write("user.avsc", record("User", id="long", email="string")).commit("2").git("tag", "-a", "-m", "x", "v2.0")

    assert told(run(repo, {"CI": "true"})) == ["error field-type-changed com.example.User $.id user.avsc:6:28 v1< v1>"]


def test_an_annotated_tag_publishes_and_resolves_its_references_in_its_own_tree(repo):
    address = record("Address", city="string")
    repo.write("schemagate.toml", TAGS).write("address.avsc", address)
    repo.write("order.avsc", record("Order", home="com.example.Address")).commit("1").branch("release")
    repo.write("address.avsc", record("Address", city="string", zip=OPTIONAL)).commit("2").git("tag", "-am", "x", "v1")
    repo.checkout("main").branch("change")
    repo.write("order.avsc", record("Order", home="com.example.Address", note=OPTIONAL))

    report = run(repo)

    assert ledger(report) == ["com.example.Order order.avsc changed: v1 v2"]
    assert told(report) == []


def test_a_version_file_that_only_a_release_tag_has_counts(repo):
    repo.write("schemagate.toml", TAGS).write("user_v1.avsc", USER).commit("1").branch("release")
    repo.write("user_v2.avsc", PATCHED).commit("2").git("tag", "v2")
    repo.checkout("main").branch("change").write(
        "user_v3.avsc", record("User", id="string", email="string", n=OPTIONAL)
    )

    report = run(repo)

    assert ledger(report) == ["com.example.User user_v3.avsc changed: v1 v2"]
