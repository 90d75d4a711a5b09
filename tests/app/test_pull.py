"""A registry adopted: its subjects as files, so that nothing is left to check, to register or to pull again."""

from __future__ import annotations

import json

import pytest
from tests.app.holding import CONFIG, Holding, connecting, refers
from tests.app.scene import OPTIONAL, record, run, told

from schemagate.app.filenames import stems
from schemagate.app.pull import PullRequest, pull
from schemagate.errors import UsageError
from schemagate.report.pulled import dump, render
from schemagate.wire.values import Payload

USER = record("User", id="string")
WIDER = record("User", id="string", nick=OPTIONAL)


def stored(text):
    return json.dumps(json.loads(text), separators=(",", ":"))


@pytest.fixture
def registry(monkeypatch):
    holding = Holding()
    holding.lenient = True
    monkeypatch.setattr("schemagate.adapters.registry.connect", connecting(holding))
    return holding


@pytest.fixture
def new(repo):
    return repo.write("schemagate.toml", CONFIG).commit("0")


def pulled(repo, **options):
    return pull(PullRequest(str(repo.path), {}, **options))


def done(repo, **options):
    return [f"{one.result} {one.path} {one.subject} {one.version}" for one in pulled(repo, **options).files]


def text(repo, path):
    return (repo.path / path).read_text()


def tree(repo):
    return {
        path: path.read_bytes() for path in sorted(repo.path.rglob("*")) if ".git" not in path.parts and path.is_file()
    }


def test_the_latest_version_becomes_a_file_with_an_entry_that_names_it(new, registry):
    registry.put("user-value", stored(USER), stored(WIDER))

    assert done(new) == ["written schemas/user-value.avsc user-value 2"]
    assert text(new, "schemas/user-value.avsc") == (
        '{\n  "type": "record",\n  "name": "User",\n  "namespace": "com.example",\n  "fields": [\n'
        '    {"name": "id", "type": "string"},\n'
        '    {"name": "nick", "type": ["null", "string"], "default": null}\n  ]\n}\n'
    )
    assert text(new, "schemagate.toml") == (
        CONFIG + '\n[[subjects]]\nmatch = "schemas/user-value.avsc"\nname = "user-value"\n'
    )


@pytest.mark.parametrize("every", [False, True])
def test_pulling_again_changes_nothing_and_the_check_is_clean(new, registry, every):
    registry.put("user-value", stored(USER), stored(WIDER)).put("user-key", '"string"')
    registry.put(
        "weak-value", stored(record("W", id="string")), stored(record("W", id="int")), level="NONE", source="subject"
    )
    registry.put("back-value", stored(record("B", a="int", b="int")), stored(record("B", a="int")), level="BACKWARD")
    pulled(new, all_versions=every)
    before = tree(new)

    again = pulled(new, all_versions=every)

    assert {one.result for one in again.files} == {"unchanged"}
    assert (again.entries, tree(new)) == (0, before)
    report = run(new, everything=True)
    assert [line for line in told(report) if line.startswith(("error", "warning"))] == []
    assert "compatible user-value" not in registry.asked


def test_every_version_becomes_a_numbered_file(new, registry):
    registry.put("user-value", stored(USER), stored(WIDER), deleted=[])
    registry.put("gone-value", stored(USER), stored(WIDER), stored(USER), deleted=[2])

    assert done(new, all_versions=True) == [
        "written schemas/gone-value_v1.avsc gone-value 1",
        "written schemas/gone-value_v3.avsc gone-value 3",
        "written schemas/user-value_v1.avsc user-value 1",
        "written schemas/user-value_v2.avsc user-value 2",
    ]
    assert 'match = "schemas/user-value_v*.avsc"' in text(new, "schemagate.toml")


def test_what_a_version_refers_to_comes_with_it(new, registry):
    registry.put("address", stored(record("Address", zip="string")))
    home = refers(stored(record("Home", at="com.example.Address")), ("com.example.Address", "address", 1))
    registry.put("home-value", home)

    assert done(new, subjects=("home-value",)) == [
        "written schemas/address.avsc address 1",
        "written schemas/home-value.avsc home-value 1",
    ]
    assert 'name = "home-value"\nreferences = "registry"\n' in text(new, "schemagate.toml")
    assert told(run(new, everything=True)) == []
    assert {one.result for one in pulled(new).files} == {"unchanged"}


def test_versions_with_one_text_and_other_references_are_pulled_once(new, registry):
    """Their files say the same; what they mean is what the types meant when they were registered."""
    registry.put(
        "address", stored(record("Address", zip="string")), stored(record("Address", zip="string", n=OPTIONAL))
    )
    home = stored(record("Home", at="com.example.Address"))
    registry.put("home", *(refers(home, ("com.example.Address", "address", n)) for n in (1, 2)))
    assert done(new, all_versions=True) == [
        "written schemas/address_v1.avsc address 1",
        "written schemas/address_v2.avsc address 2",
        "written schemas/home_v1.avsc home 1",
        "written schemas/home_v2.avsc home 2",
    ]
    before = tree(new)

    assert {one.result for one in pulled(new, all_versions=True).files} == {"unchanged"}
    assert tree(new) == before


def test_a_reference_that_is_behind_is_said(new, registry):
    registry.put(
        "address", stored(record("Address", zip="string")), stored(record("Address", zip="string", n=OPTIONAL))
    )
    registry.put(
        "home", refers(stored(record("Home", at="com.example.Address")), ("com.example.Address", "address", 1))
    )

    assert pulled(new).notes == (
        "home refers to version 1 of address, whose latest is 2: `schemagate plan` will want to register it again",
    )


def test_a_file_that_says_something_else_is_kept_and_told_unless_forced(new, registry):
    registry.put("user-value", stored(WIDER))
    pulled(new)
    new.write("schemas/user-value.avsc", USER)

    kept = pulled(new)

    assert (kept.exit_code, text(new, "schemas/user-value.avsc")) == (1, USER)
    assert render(kept, colour=False, width=80).splitlines() == [
        "kept      schemas/user-value.avsc  user-value version 1: it says something else;",
        "          --force overwrites it",
        "          $.nick",
        "            added      union of null and string, default null",
        "",
        "failed: 1 file kept; registry prod (https://registry.example.com)",
    ]
    assert done(new, force=True) == ["written schemas/user-value.avsc user-value 1"]


def test_a_file_in_another_layout_is_left_as_it_is(new, registry):
    registry.put("user-value", stored(USER))
    pulled(new)
    commented = "// the users\n" + USER.replace("  ", "\t")
    new.write("schemas/user-value.avsc", commented)

    assert done(new) == ["unchanged schemas/user-value.avsc user-value 1"]
    assert text(new, "schemas/user-value.avsc") == commented


def test_a_file_that_nothing_names_yet_is_adopted_where_it_is(new, registry):
    new.write("here/user.avsc", "// mine\n" + USER)
    registry.put("a-value", stored(USER)).put("b-value", stored(USER))

    assert done(new) == ["unchanged here/user.avsc a-value 1", "unchanged here/user.avsc b-value 1"]
    assert 'match = "here/user.avsc"\nname = ["a-value", "b-value"]\n' in text(new, "schemagate.toml")


def test_a_template_of_the_configuration_decides_where_a_file_goes(new, registry):
    new.write("schemagate.toml", CONFIG + '[[subjects]]\nmatch = "schemas/*.avsc"\nname = "{stem}-value"\n')
    before = text(new, "schemagate.toml")
    registry.put("user-value", stored(USER)).put("user-key", '"string"')

    assert done(new) == [
        "written schemas/user-key/user-key.avsc user-key 1",
        "written schemas/user.avsc user-value 1",
    ]
    assert text(new, "schemagate.toml") == before + (
        '\n[[subjects]]\nmatch = "schemas/user-key/user-key.avsc"\nname = "user-key"\n'
    )


def test_subjects_whose_names_begin_alike_stay_apart(new, registry):
    registry.put("user", stored(USER)).put("user_value", stored(record("V", id="string")))

    pulled(new, all_versions=True)

    report = run(new, everything=True)
    assert sorted(compared.subject for compared in report.compared) == ["user", "user_value"]
    assert [line for line in told(report) if "file-name" not in line] == []


def test_new_versions_of_numbered_files_are_added(new, registry):
    registry.put("user-value", stored(USER))
    pulled(new, all_versions=True)
    registry.put("user-value", stored(USER), stored(WIDER))

    assert done(new) == ["written schemas/user-value_v2.avsc user-value 2"]


@pytest.mark.parametrize("every", [False, True])
def test_hostile_names_stay_below_the_directory(new, registry, every):
    names = [
        "../../etc/passwd",
        "/abs",
        "..",
        ".hidden",
        "a/b",
        "CON",
        "nul.txt",
        "ü",
        "x_v2",
        "X-v2",
        "x-v2",
        "a" * 300,
    ]
    for number, name in enumerate(names):
        registry.put(name, stored(record(f"R{number}", id="string")))
    names += [":.ctx:user", "a b"]
    for name in names[-2:]:
        registry.put(name, stored(record("T" + str(len(name)), id="string")))

    found = pulled(new, all_versions=every)

    assert {one.result for one in found.files} == {"written"}
    written = [path.relative_to(new.path) for path in tree(new) if path.suffix == ".avsc"]
    assert {path.parts[0] for path in written} == {"schemas"}
    assert len({str(path).casefold() for path in written}) == len(names) == len(found.files)
    assert {one.result for one in pulled(new, all_versions=every).files} == {"unchanged"}
    assert not list(new.path.parent.glob("*passwd*"))


def test_a_harmless_name_is_kept_and_others_are_marked():
    assert stems(["user-value", "a/b", "x_v2", "Case", "case", "aux"]) == {
        "user-value": "user-value",
        "a/b": "a_b-c14cddc0",
        "x_v2": "x-v2-1451357f",
        "Case": "Case-15f86e24",
        "case": "case-bbfcd416",
        "aux": "_aux-321f6814",
    }


@pytest.mark.parametrize(
    ("name", "payload", "why"),
    [
        ("json", Payload("{}", schema_type="JSON"), "version 1 is JSON, not Avro"),
        ("bad", Payload("{"), "version 1 cannot be read: it is not a JSON text that could be read"),
        ("{topic}", Payload('"int"'), "its name cannot be written in a configuration"),
        ("a\nb", Payload('"int"'), "its name cannot be written in a configuration"),
    ],
)
def test_what_cannot_be_a_file_is_skipped_and_told(new, registry, name, payload, why):
    registry.put(name, payload).put("user-value", stored(USER))

    found = pulled(new)

    assert sorted((one.result, one.why) for one in found.files) == [("skipped", why), ("written", "")]
    assert found.exit_code == 1
    assert "user-value" in text(new, "schemagate.toml")


def test_a_link_that_leads_outside_is_not_written_through(new, registry, tmp_path):
    (tmp_path / "outside").mkdir()
    (new.path / "schemas").symlink_to(tmp_path / "outside")
    registry.put("user-value", stored(USER))

    kept = pulled(new).files[0]

    assert (kept.result, kept.why) == (
        "kept",
        f"it leads outside the repository, to {tmp_path}/outside/user-value.avsc",
    )
    assert list((tmp_path / "outside").iterdir()) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"subjects": ("nope",)}, "registry prod has no subject nope"),
        ({"into": "elsewhere"}, "the configuration's paths do not cover elsewhere/user-value.avsc"),
    ],
)
def test_what_cannot_be_pulled_is_said(new, registry, options, message):
    new.write("schemagate.toml", 'paths = ["schemas"]\n' + CONFIG)
    registry.put("user-value", stored(USER))

    with pytest.raises(UsageError) as error:
        pulled(new, **options)

    assert error.value.message == message


def test_a_prefix_chooses(new, registry):
    registry.put("a-value", stored(USER)).put("b-value", stored(record("B", id="string")))

    assert done(new, prefix="b-", into="x/y") == ["written x/y/b-value.avsc b-value 1"]


def test_programs_read_what_was_done(new, registry):
    registry.put("user-value", stored(USER))

    view = json.loads(dump(pulled(new)))

    assert view["config"] == {"path": "schemagate.toml", "entries": 1}
    assert view["files"] == [
        {"subject": "user-value", "version": 1, "path": "schemas/user-value.avsc", "result": "written", "why": ""}
    ]
