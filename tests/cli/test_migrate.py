"""The way through a breaking change, as a user asks for it; every version on it is judged here once more."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from tests.app.holding import CONFIG, Holding, connecting
from tests.cli.cases import RENAMED, USER, WIDER, Ran

from schemagate.compat.modes import Mode
from schemagate.compat.solve import Memo, Solver
from schemagate.finding import Direction
from schemagate.report.migration_json import json_schema
from schemagate.schema.model import Factory, Schema
from schemagate.schema.names import schema_of

HEAD = '{"type": "record", "name": "U", "namespace": "x", "fields": [\n  {"name": "id", "type": "string"}'


def fields(*rows: str) -> str:
    return ",\n  ".join([HEAD, *rows]) + "\n]}\n"


def plan(*symbols: str) -> str:
    return json.dumps({"name": "p", "type": {"type": "enum", "name": "Plan", "symbols": list(symbols)}})


KINDS = {
    "rename": (fields('{"name": "user_id", "type": "int"}'), fields('{"name": "uuid", "type": "int"}')),
    "type": (fields('{"name": "a", "type": "int"}'), fields('{"name": "a", "type": "string"}')),
    "symbol-added": (
        fields(plan("FREE")),
        fields(plan("FREE", "PAID")),
    ),
    "symbol-removed": (
        fields(plan("FREE", "PAID")),
        fields(plan("FREE")),
    ),
    "removal": (fields('{"name": "a", "type": "int"}'), fields()),
    "addition": (fields(), fields('{"name": "a", "type": "int"}')),
    "nullable": (fields('{"name": "a", "type": "int"}'), fields('{"name": "a", "type": ["null", "int"]}')),
    "unit": (
        fields('{"name": "t", "type": {"type": "long", "logicalType": "timestamp-millis"}}'),
        fields('{"name": "t", "type": {"type": "long", "logicalType": "timestamp-micros"}}'),
    ),
}

# Versions published now, and in brackets those that follow once v1 is retired; `=` where the wanted schema is reached.
WAYS = {
    "rename": {
        "BACKWARD": "1",
        "BACKWARD_TRANSITIVE": "1",
        "FORWARD": "2=",
        "FORWARD_TRANSITIVE": "1(1)=",
        "FULL": "2=",
        "FULL_TRANSITIVE": "1(1)",
        "NONE": "1=",
    },
    "type": {
        "BACKWARD": "2",
        "BACKWARD_TRANSITIVE": "1(1)",
        "FORWARD": "2",
        "FORWARD_TRANSITIVE": "1(1)",
        "FULL": "2",
        "FULL_TRANSITIVE": "1(1)",
        "NONE": "1=",
    },
    "symbol-added": {
        "BACKWARD": "1=",
        "BACKWARD_TRANSITIVE": "1=",
        "FORWARD": "2",
        "FORWARD_TRANSITIVE": "1(1)",
        "FULL": "2",
        "FULL_TRANSITIVE": "1(1)",
        "NONE": "1=",
    },
    "symbol-removed": {
        "BACKWARD": "2",
        "BACKWARD_TRANSITIVE": "1(1)",
        "FORWARD": "1=",
        "FORWARD_TRANSITIVE": "1=",
        "FULL": "2",
        "FULL_TRANSITIVE": "1(1)",
        "NONE": "1=",
    },
    "removal": {
        "BACKWARD": "1=",
        "BACKWARD_TRANSITIVE": "1=",
        "FORWARD": "2=",
        "FORWARD_TRANSITIVE": "1(1)=",
        "FULL": "2=",
        "FULL_TRANSITIVE": "1(1)=",
        "NONE": "1=",
    },
    "addition": {
        "BACKWARD": "2=",
        "BACKWARD_TRANSITIVE": "1",
        "FORWARD": "1=",
        "FORWARD_TRANSITIVE": "1=",
        "FULL": "2=",
        "FULL_TRANSITIVE": "1",
        "NONE": "1=",
    },
    "nullable": {
        "BACKWARD": "1=",
        "BACKWARD_TRANSITIVE": "1=",
        "FORWARD": "2",
        "FORWARD_TRANSITIVE": "1(1)",
        "FULL": "2",
        "FULL_TRANSITIVE": "1(1)",
        "NONE": "1=",
    },
    "unit": {
        "BACKWARD": "2",
        "BACKWARD_TRANSITIVE": "1(1)",
        "FORWARD": "2",
        "FORWARD_TRANSITIVE": "1(1)",
        "FULL": "2",
        "FULL_TRANSITIVE": "1(1)",
        "NONE": "1=",
    },
}


TOLD = """\
main:schemas/user.avsc → schemas/user.avsc
com.example.User: FULL_TRANSITIVE against v1 (main@COMMIT)

  at once  error  $.uuid: `user_id` became `uuid`: nobody on the other side can
                  read it [field-renamed]

1  publish v2  step 1 of 2
  does     keep `user_id`, and add `uuid` beside it, null where it was not
           written
                {"name": "id", "type": "string"},
           -    {"name": "user_id", "type": "string"}
           +    {"name": "user_id", "type": "string", "default": ""},
           +    {"name": "uuid", "type": ["null", "string"], "default": null}
              ]
  judged   FULL_TRANSITIVE against v1 (main@COMMIT): nothing breaks
  first    consumers and producers deploy in any order
  wait     for nothing: it goes together with every version before it
  note     producers write both until nobody reads `user_id`; consumers get ""
           for `user_id` where a later version leaves it out
  stays    until consumers of v1 (main@COMMIT) are gone and the topic's
           retention is over; then v3

   later    what follows waits until v1 (main@COMMIT) is out of use: no
            consumer reads with it, and the topic's retention has passed since
            the last message was written so. Then set the subject's
            `history-from` to the day on which the step above was published, and
            delete the retired version in the registry, which otherwise still
            compares

2  publish v3  step 2 of 2
  does     leave out `user_id`
                {"name": "id", "type": "string"},
           -    {"name": "user_id", "type": "string", "default": ""},
                {"name": "uuid", "type": ["null", "string"], "default": null}
  judged   FULL_TRANSITIVE against v2: nothing breaks
  first    consumers and producers deploy in any order
  wait     for nothing: it goes together with every version before it
  stays    from then on

v3 still differs from schemas/user.avsc:
  $.uuid: type string to union of null and string, default none to null

what works for schemas/user.avsc as it is, beside the lineage:
  new subject   for a new topic, or under a new record name: there it is the
                first version. Producers write both topics until the consumers
                have moved
  new group     a compatibility group of a Confluent registry:
                `compatibilityGroup` in the subject's config names a metadata
                property, versions with another value of it are not compared,
                and consumers choose theirs with `use.latest.with.metadata`

ok: as near to schemas/user.avsc as FULL_TRANSITIVE allows, in 2 versions, each
    judged
"""


def asked(terminal, kind: str, mode: str) -> Ran:
    old, new = KINDS[kind]
    terminal.write("old.avsc", old).write("new.avsc", new)
    return terminal.run("migrate", "old.avsc", "new.avsc", "--mode", mode, "--format", "json")


def shape(found: dict) -> str:
    """``1(1)=``: one version now, one once others are retired, and the wanted schema is reached."""
    later = sum(bool(step["retired"]) for step in found["steps"])
    return f"{len(found['steps']) - later}{f'({later})' if later else ''}{'=' if found['reached'] else ''}"


def reads(new: Schema, old: Schema, direction: Direction) -> bool:
    pair = (new, old) if direction is Direction.BACKWARD else (old, new)
    return Solver(*pair, Memo()).compatible()


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("kind", KINDS)
def test_every_version_on_the_way_is_compatible_with_what_it_was_judged_against(terminal, kind, mode):
    ran = asked(terminal, kind, mode)
    found = ran.json
    factory = Factory()
    known = {"v1": schema_of(json.loads(KINDS[kind][0]), factory, "old.avsc")}

    assert ran.code == 0, ran.out
    for number, step in enumerate(found["steps"]):
        schema = schema_of(json.loads(step["schema"]), factory, "new.avsc")
        earlier = [name for name in known if name not in step["retired"]]
        asks = earlier if mode.transitive else earlier[-1:] if mode.directions else []
        assert step["judged"] == asks
        for name in asks:
            assert [way for way in mode.directions if not reads(schema, known[name], way)] == []
        waits = {(one["version"], one["direction"]) for one in step["waits"]}
        assert waits == {
            (name, way.value) for name in earlier for way in Direction if not reads(schema, known[name], way)
        }
        known[step["name"]] = schema
        assert step["name"] == f"v{number + 2}"
    assert found["reached"] == (json.loads(found["steps"][-1]["schema"]) == json.loads(KINDS[kind][1]))


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("kind", sorted(WAYS))
def test_how_many_versions_the_way_takes(terminal, kind, mode):
    assert shape(asked(terminal, kind, mode).json) == WAYS[kind][mode]


def test_a_rename_is_told_version_by_version(clone):
    clone.write("schemas/user.avsc", RENAMED)

    ran = clone.run("migrate", "main:schemas/user.avsc", "schemas/user.avsc")

    assert ran.code == 0
    assert [line.replace(_commit(ran), "COMMIT") for line in ran.lines] == TOLD.splitlines()


def test_the_page_shows_what_is_told():
    page = Path(__file__).resolve().parents[2] / "docs" / "migrate.md"

    assert TOLD.replace("COMMIT", "4f2c1aa") in page.read_text(encoding="utf-8")


def _commit(ran: Ran) -> str:
    return ran.out.partition("main@")[2][:7]


def test_the_whole_lineage_counts_not_only_the_old_side(clone, repo):
    """v1 had `age` as int: what is clean against v2 alone breaks v1."""
    first = USER.replace("]\n}", '  ,{"name": "age", "type": ["null", "int"], "default": null}]\n}')
    repo.write("schemas/user.avsc", first).commit("age").write("schemas/user.avsc", USER).commit("no age")
    clone.write("schemas/user.avsc", first.replace('"int"', '"string"'))

    found = clone.run("migrate", "main:schemas/user.avsc", "schemas/user.avsc", "--format", "json").json

    assert found["governed"] == ["v1", "v2"]
    assert [(one["rule"], one["backward"]) for one in found["breaks"]] == [("field-type-changed", ["v2"])]
    assert found["steps"][0]["judged"] == ["v1", "v2"]


def test_a_change_that_is_compatible_needs_no_way(clone):
    clone.write("schemas/user.avsc", USER.replace("A user.", "One user."))

    ran = clone.run("migrate", "main:schemas/user.avsc")

    assert ran.code == 0
    assert ran.lines[-1] == "ok: schemas/user.avsc can be published as it is" or ran.lines[-1].startswith("ok: ")


def test_sides_that_say_the_same_leave_nothing_to_do(clone):
    ran = clone.run("migrate", "main:schemas/user.avsc", "schemas/user.avsc")

    assert (ran.code, ran.lines[-1]) == (0, "ok: both sides say the same: there is nothing to migrate")


def test_where_no_version_leads_on_it_says_so_and_what_works(terminal):
    terminal.write("old.avsc", '{"type": "record", "name": "x.R", "fields": []}')
    terminal.write("new.avsc", '{"type": "enum", "name": "x.R", "symbols": ["A"]}')

    ran = terminal.run("migrate", "old.avsc", "new.avsc")
    told = terminal.run("migrate", "old.avsc", "new.avsc", "--format", "json").json

    assert ran.code == 1
    assert "  blocked  error  the type changed from record R to enum R [field-type-changed]" in ran.lines
    assert ran.lines[-1] == "failed: under FULL_TRANSITIVE there is no compatible way within this subject"
    assert [way["name"] for way in told["ways"]] == ["new subject", "new group"]


def test_the_versions_can_be_written_and_are_never_written_over(clone):
    clone.write("schemas/user.avsc", RENAMED)

    ran = clone.run("migrate", "main:schemas/user.avsc", "schemas/user.avsc", "--write", "way", "--format", "json")

    files = [step["file"] for step in ran.json["steps"]]
    assert files == ["way/user.1.avsc", "way/user.2.avsc"]
    assert [clone.read(file) for file in files] == [step["schema"] for step in ran.json["steps"]]
    clone.write("way/user.2.avsc", "mine")
    again = clone.run("migrate", "main:schemas/user.avsc", "schemas/user.avsc", "--write", "way")
    assert again.code == 2
    assert "user.2.avsc is there already, with other content" in again.err


def test_version_files_are_numbered_on(terminal):
    terminal.write("user_v3.avsc", USER).write("user_v4.avsc", RENAMED)

    ran = terminal.run("migrate", "user_v3.avsc", "user_v4.avsc", "--write", ".", "--format", "json", "--mode", "NONE")

    assert [step["file"] for step in ran.json["steps"]] == ["./user_v4.avsc"]


def test_json_is_what_its_schema_says(terminal):
    found = asked(terminal, "rename", "FULL_TRANSITIVE").json

    jsonschema.validate(found, json_schema())


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("main", "HEAD"), "one schema is needed on each side, and a git ref holds many"),
        (("schemas/user.avsc",), "schemas/user.avsc is a file: it needs another side to be compared with"),
        (("main:schemas/user.avsc", "--mode", "SOME"), "--mode SOME: no such compatibility mode"),
        (("main:schemas/user.avsc", "--format", "sarif"), "there is no format sarif here"),
        (("main:schemas/user.avsc", "bad.avsc"), "bad.avsc is not a schema that Avro accepts"),
    ],
)
def test_what_cannot_be_asked_is_a_usage_error(clone, arguments, error):
    clone.write("bad.avsc", "{")

    ran = clone.run("migrate", *arguments)

    assert ran.code == 2
    assert error in ran.err


NAMED = CONFIG + '[[subjects]]\nmatch = "schemas/user.avsc"\nname = "user-value"\n'
CODED = USER.replace('"name": "user_id", "type": "string"', '"name": "user_id", "type": "string", "default": ""')


@pytest.fixture
def registry(clone, monkeypatch) -> Holding:
    """Knows what git has published, and a version that somebody registered without it."""
    holding = Holding()
    monkeypatch.setattr("schemagate.adapters.registry.connect", connecting(holding))
    clone.write("schemagate.toml", NAMED)
    clone.write("schemas/user.avsc", RENAMED)
    return holding


def told(ran: Ran) -> tuple[str, list[str], list[list[str]], list[str]]:
    """The mode, the governed versions, what each step was judged against, and the notes."""
    way = ran.json
    judged = [step["judged"] for step in way["steps"]]
    return way["mode"], way["governed"], judged, way["notes"]


def test_versions_that_only_the_registry_has_are_governed_too(clone, registry):
    registry.put("user-value", USER, WIDER.replace("age", "uuid"))

    ran = clone.run("migrate", "main:schemas/user.avsc", "--format", "json")

    assert told(ran) == (
        "FULL_TRANSITIVE",
        ["v1", "registry 2"],
        [["v1", "registry 2"], ["v2"]],
        ["registry prod: user-value asks FULL_TRANSITIVE"],
    )
    assert '{"name": "uuid", "type": ["null", "int"]' in ran.json["steps"][0]["schema"], "as the registry knows it"


def test_what_the_registry_asks_beyond_the_configured_mode_counts(clone, registry):
    clone.write("schemagate.toml", 'mode = "BACKWARD"\n' + NAMED)
    registry.put("user-value", USER, level="FORWARD_TRANSITIVE")

    asked = clone.run("migrate", "main:schemas/user.avsc", "--format", "json")
    offline = clone.run("migrate", "main:schemas/user.avsc", "--format", "json", "--offline")
    named = clone.run("migrate", "main:schemas/user.avsc", "--format", "json", "--mode", "BACKWARD")

    assert [told(ran)[0] for ran in (asked, offline, named)] == ["FULL_TRANSITIVE", "BACKWARD", "BACKWARD"]
    assert told(offline)[3] == ["--offline: registry prod was not asked; its versions and its mode were not looked at"]


def test_a_subject_that_only_the_registry_has_is_governed_by_all_its_versions(clone, registry, tmp_path):
    registry.put("legacy-value", USER, WIDER.replace("age", "uuid"))
    (tmp_path / "wanted.avsc").write_text(RENAMED)

    ran = clone.run("migrate", "legacy-value:1", "../wanted.avsc", "--format", "json")

    assert told(ran) == (
        "FULL_TRANSITIVE",
        ["registry 1", "registry 2"],
        [["registry 1", "registry 2"], ["v3"]],
        ["registry prod: legacy-value asks FULL_TRANSITIVE"],
    )


def test_without_a_new_side_the_files_own_name_is_told(clone):
    clone.write("schemas/user.avsc", RENAMED)

    ran = clone.run("migrate", "main:schemas/user.avsc")

    assert ran.lines[0] == "main:schemas/user.avsc → schemas/user.avsc"
    assert "what works for schemas/user.avsc as it is, beside the lineage:" in ran.lines


def test_after_a_step_the_registrys_former_latest_no_longer_counts_where_only_the_latest_does(clone, registry):
    clone.write("schemagate.toml", 'mode = "FULL"\n' + NAMED)
    registry.put("user-value", USER, level="FULL")

    way = clone.run("migrate", "main:schemas/user.avsc", "--format", "json").json

    assert [step["judged"] for step in way["steps"]] == [["v1"], ["v2"]]
    assert way["reached"]


def test_a_registry_that_cannot_be_asked_is_not_taken_for_an_empty_one(clone, registry):
    registry.down = True

    ran = clone.run("migrate", "main:schemas/user.avsc")

    assert ran.code == 3
    assert "cannot be reached" in ran.err
    assert "`--offline` goes by git's versions alone" in ran.err


def test_a_wanted_schema_outside_of_the_repository_goes_by_the_lineage_of_the_old_one(clone, repo, tmp_path):
    repo.write("schemas/user.avsc", CODED).commit("A default")
    (tmp_path / "wanted.avsc").write_text(RENAMED)

    ran = clone.run("migrate", "schemas/user.avsc", "../wanted.avsc", "--format", "json")

    assert told(ran)[1:] == (["v1", "v2"], [["v1", "v2"], ["v3"]], [])
