"""What the page is made of: every subject's past from git, from a registry, or from both side by side."""

from __future__ import annotations

import json

import pytest
from tests.app.holding import CONFIG, URL, Holding, connecting, refers
from tests.app.scene import OPTIONAL, TODAY, record

from schemagate.app.atlas import AtlasRequest, atlas
from schemagate.app.request import CheckRequest
from schemagate.errors import RegistryError, UsageError
from schemagate.report.site.values import Health

USER = record("User", id="string")
WIDER = record("User", id="string", nick=OPTIONAL)
RENAMED = record("User", uid="string")
NAMED = CONFIG + '[[subjects]]\nmatch = "user.avsc"\nname = "user-value"\n'


@pytest.fixture
def registry(monkeypatch):
    holding = Holding()
    holding.lenient = True
    monkeypatch.setattr("schemagate.adapters.registry.connect", connecting(holding))
    return holding


def drawn(repo, subject="", sources="", **options):
    request = CheckRequest(directory=str(repo.path), today=TODAY, env={}, everything=True, **options)
    return atlas(AtlasRequest(request, subject, sources))


def places(subject) -> list[tuple[str, list[str]]]:
    return [(step.name, [place.place.source for place in step.published]) for step in subject.steps]


def test_subjects_of_git_with_their_health_and_owners(repo):
    repo.write("CODEOWNERS", "user.avsc @people\n").write("user.avsc", USER).write("gone.avsc", record("Gone", a="int"))
    repo.commit("1").delete("gone.avsc").write("user.avsc", WIDER).commit("2").branch("work").write(
        "user.avsc", RENAMED
    )

    site = drawn(repo)

    told = [(s.name, s.state, s.told.health(s.state), s.owners, s.authors) for s in site.subjects]
    assert told == [
        ("com.example.Gone", "deleted", Health.GONE, (), ("Ada",)),
        ("com.example.User", "changed", Health.BROKEN, ("@people",), ("Ada",)),
    ]
    assert places(site.subjects[1]) == [("v1", ["git"]), ("v2", ["git"]), ("proposed", [])]
    assert [(line.path, line.spans) for line in site.subjects[1].lines] == [("$.uid", ((0, 3),)), ("$.nick", ((1, 2),))]
    assert (site.git, site.registry) == ("main", "")


def test_published_versions_that_break_each_other_are_a_past_break(repo):
    repo.write("user.avsc", USER).commit("1").write("user.avsc", RENAMED).commit("2")

    subject = drawn(repo).subjects[0]

    assert subject.told.health(subject.state) is Health.SCARRED


def test_who_uses_whose_types_is_told_with_files_that_are_no_subject(repo):
    repo.write("schemagate.toml", '[[subjects]]\nmatch = "zip.avsc"\nshared = true\n')
    repo.write("zip.avsc", record("Zip", code="string")).write("address.avsc", record("Address", zip="Zip"))
    repo.write("user.avsc", record("User", to="Address")).commit("1")

    site = drawn(repo)

    assert [subject.name for subject in site.subjects] == ["com.example.Address", "com.example.User"]
    assert [(shared.path, shared.types) for shared in site.shared] == [("zip.avsc", ("com.example.Zip",))]
    assert site.uses == ((0, 2), (1, 0))


def test_git_and_the_registry_side_by_side(repo, registry):
    mail = record("User", id="string", mail=OPTIONAL)
    registry.put("user-value", USER, mail).put("legacy-value", USER, RENAMED)
    repo.write("schemagate.toml", NAMED).write("user.avsc", USER).commit("1").write("user.avsc", WIDER).commit("2")

    site = drawn(repo)

    assert [subject.name for subject in site.subjects] == ["user-value", "legacy-value"]
    assert places(site.subjects[0]) == [("v1", ["git", "registry"]), ("registry 2", ["registry"]), ("v2", ["git"])]
    assert [line.path for line in site.subjects[0].lines] == ["$.id", "$.nick", "$.mail"]
    assert places(site.subjects[1]) == [("registry 1", ["registry"]), ("registry 2", ["registry"])]
    assert site.subjects[1].told.health("") is Health.SCARRED
    assert site.registry == f"prod ({URL})"


def test_what_is_proposed_and_already_registered_is_one_version(repo, registry):
    registry.put("user-value", USER, WIDER)
    repo.write("schemagate.toml", NAMED).write("user.avsc", USER).commit("1").branch("work").write("user.avsc", WIDER)

    assert places(drawn(repo).subjects[0]) == [("v1", ["git", "registry"]), ("registry 2", ["registry"])]


def test_git_alone_asks_no_registry(repo, registry):
    registry.down = True
    repo.write("schemagate.toml", NAMED).write("user.avsc", USER).commit("1")

    assert places(drawn(repo, sources="git").subjects[0]) == [("v1", ["git"])]
    assert places(drawn(repo, offline=True).subjects[0]) == [("v1", ["git"])]
    assert registry.asked == []


def test_the_registry_alone_needs_no_repository(tmp_path, registry):
    (tmp_path / "schemagate.toml").write_text(CONFIG, encoding="utf-8")
    order = refers(record("Order", by="com.example.User"), ("com.example.User", "user-value", 1))
    registry.put("user-value", USER).put("order-value", order)

    class Folder:
        path = tmp_path

    site = drawn(Folder, sources="registry")

    assert [subject.name for subject in site.subjects] == ["order-value", "user-value"]
    assert [line.path for line in site.subjects[0].lines] == ["$.by", "$.by.id"]
    assert site.uses == ((0, 1),)
    assert (site.git, site.registry) == ("", f"prod ({URL})")


def test_one_subject_alone(repo):
    repo.write("user.avsc", USER).write("other.avsc", record("Other", a="int")).commit("1")

    assert [subject.name for subject in drawn(repo, "User").subjects] == ["com.example.User"]


@pytest.mark.parametrize("source", ["both", "registry", "elsewhere"])
def test_a_source_that_is_not_there_is_refused(repo, source):
    repo.write("user.avsc", USER).commit("1")

    with pytest.raises(UsageError):
        drawn(repo, sources=source)


def test_what_cannot_be_decided_about_a_subject_is_told_of_it(repo):
    repo.write("user.avsc", USER).commit("1").write("user.avsc", json.dumps({"type": "record"})).commit("2")

    subject = drawn(repo).subjects[0]

    assert subject.state == "not a schema"
    assert subject.told.health(subject.state) is Health.BROKEN


def test_what_is_about_no_subject_is_told_of_the_page(repo):
    repo.write(
        "schemagate.toml", '[[waivers]]\nrule = "type-renamed"\nsubject = "nobody"\npath = "$.a"\nreason = "because"\n'
    )
    repo.write("user.avsc", USER).commit("1")

    assert [note.rpartition(" ")[2] for note in drawn(repo).notes] == ["[unused-waiver]"]


def test_a_registry_that_does_not_answer_leaves_the_page_undecided(repo, registry):
    registry.down = True
    repo.write("schemagate.toml", NAMED).write("user.avsc", USER).commit("1")

    with pytest.raises(RegistryError):
        drawn(repo)


def test_of_very_many_versions_the_newest_are_compared(repo, monkeypatch):
    monkeypatch.setattr("schemagate.app.artist.MOST_COMPARED", 2)
    for text in (USER, WIDER, RENAMED):
        repo.write("user.avsc", text).commit("more")

    subject = drawn(repo).subjects[0]

    assert [len(subject.steps), len(subject.matrix.rows)] == [3, 2]


def test_what_a_shared_type_breaks_in_a_subject_is_told_there_and_not_where_the_type_is(repo):
    order = record("Order", id="string", user="com.example.User")
    repo.write("user.avsc", USER).write("order.avsc", order).commit("1").branch("work").write("user.avsc", RENAMED)

    told = {
        one.name: [finding.path for finding in one.told.findings if finding.rule == "field-renamed"]
        for one in drawn(repo).subjects
    }

    assert told == {"com.example.Order": ["$.user.uid"], "com.example.User": ["$.uid"]}
