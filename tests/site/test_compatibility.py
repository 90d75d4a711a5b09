"""What docs/compatibility.md claims of modes, edits and orders: judged by the engine, then encoded and decoded."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import fastavro
import pytest
from tests.adapters.repos import Repo
from tests.app.scene import record, run, told

import changes
import pictures
import schemagate
from schemagate.compat.modes import Mode
from schemagate.finding import Direction
from schemagate.schema.canonical import to_json
from schemagate.schema.datum import plain
from schemagate.schema.sample import samples

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "compatibility.md").read_text(encoding="utf-8")
EDITS = {edit.name: edit for edit in changes.EDITS}
BY_READS = {(True, False): "BACKWARD", (False, True): "FORWARD", (True, True): "FULL"}
NOTE = {"type": "string", "default": ""}


def decodes(reader, writer) -> bool:
    """Whether every one of a hundred messages of the writer is read, by fastavro."""
    parsed = schemagate.parse(writer)
    text, reading = json.loads(to_json(parsed)), json.loads(to_json(schemagate.parse(reader)))
    for datum in samples(parsed, 100, seed=1):
        message = io.BytesIO()
        fastavro.schemaless_writer(message, text, plain(datum))
        message.seek(0)
        try:
            fastavro.schemaless_reader(message, text, reading)
        except Exception:  # noqa: BLE001 -- whatever ends a consumer
            return False
    return True


@pytest.mark.parametrize("name", EDITS)
def test_the_table_says_what_a_decoder_does(name):
    old, new = EDITS[name].schemas()

    assert (decodes(new, old), decodes(old, new)) == EDITS[name].reads()


@pytest.mark.parametrize("name", EDITS)
def test_the_table_says_what_the_gate_does(name):
    old, new = EDITS[name].schemas()
    accepted = [mode for mode in ("BACKWARD", "FORWARD", "FULL") if schemagate.check_compatibility(new, old, mode).ok]
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| {name} |"))

    expected = "every mode" if len(accepted) == 3 else ", ".join(f"`{mode}`" for mode in accepted) or "only `NONE`"
    assert row.split(" | ")[-2] == expected


def rollout(first: str, old, new) -> list[tuple[object, object]]:
    """(reader, writer) of every message that is read while one side is upgraded, and then the other.

    Consumers first: those on the new schema meet old data, and still do when the producers have followed. Producers
    first: consumers on the old schema meet new data; when they follow, the old data is gone, as the page demands.
    """
    return [(new, old), (new, new)] if first == "consumers" else [(old, old), (old, new), (new, new)]


@pytest.mark.parametrize(
    "name", [edit.name for edit in changes.EDITS if edit.reads() in {(True, False), (False, True)}]
)
def test_the_documented_order_loses_no_message_and_the_other_one_does(name):
    edit = EDITS[name]
    old, new = edit.schemas()
    first = pictures.ORDERS[Mode(BY_READS[edit.reads()]).directions][0]
    other = {"consumers": "producers", "producers": "consumers"}[first]

    assert [decodes(reader, writer) for reader, writer in rollout(first, old, new)].count(False) == 0
    assert [decodes(reader, writer) for reader, writer in rollout(other, old, new)].count(False) > 0
    assert changes.ORDERS[edit.reads()] == f"{first} first"


def test_after_producers_first_old_data_in_the_topic_still_fails_the_consumers_that_follow():
    old, new = EDITS["a field added, without a default"].schemas()

    assert schemagate.check_compatibility(new, old, "FORWARD").ok
    assert not decodes(new, old)


@pytest.mark.parametrize("mode", ["BACKWARD", "FORWARD", "FULL", "NONE"])
def test_the_page_names_the_same_first_side_as_the_pictures(mode):
    section = PAGE.partition("## Who is upgraded first")[2].partition("\n## ")[0]
    row = next(line for line in section.splitlines() if line.startswith(f"| `{mode}` |"))
    steps = pictures.ORDERS[Mode(mode).directions]

    expected = f"**{steps[0]}**" if len(steps) == 2 else {"FULL": "any order", "NONE": "nobody"}[mode]
    assert row.split(" | ")[1] == expected


def test_backward_takes_defaults_for_what_is_new_and_forward_for_what_is_gone():
    with_default, without = record("A", note=NOTE), record("A", note="string")
    nothing = record("A")

    assert schemagate.check_compatibility(with_default, nothing, "BACKWARD").ok
    assert not schemagate.check_compatibility(without, nothing, "BACKWARD").ok
    assert schemagate.check_compatibility(nothing, with_default, "FORWARD").ok
    assert not schemagate.check_compatibility(nothing, without, "FORWARD").ok
    assert schemagate.check_compatibility(nothing, without, "BACKWARD").ok
    assert schemagate.check_compatibility(without, nothing, "FORWARD").ok


def test_three_versions_pass_full_step_by_step_and_the_transitive_mode_refuses_the_last(tmp_path):
    repo = Repo(tmp_path / "repo")
    repo.write("a.avsc", record("A", id="string")).commit("1")
    repo.write("a.avsc", record("A", id="string", note=NOTE)).commit("2")
    repo.branch("work").write("a.avsc", record("A", id="string", note="string"))

    assert told(run(repo)) == [
        "error field-added-without-default com.example.A $.note a.avsc:7:5 v1<",
        "warning default-removed com.example.A $.note a.avsc:7:5 v2<",
    ]
    repo.write("schemagate.toml", 'mode = "FULL"\n')
    assert [line for line in told(run(repo)) if line.startswith("error")] == []


@pytest.mark.parametrize("mode", Mode)
def test_a_picture_draws_solid_exactly_what_the_mode_asks(mode):
    drawn = pictures.picture(mode)
    solid = set(re.findall(r'<path class="yes" marker-end[^>]* d="M(\d+) \d+ L(\d+) \d+"/>', drawn))
    centres = pictures.CENTRES
    expected = {
        (centres[index], centres[3]) if way is Direction.BACKWARD else (centres[3], centres[index])
        for index, way in mode.asks(3)
    }

    assert {(int(start), int(end)) for start, end in solid} == expected


@pytest.mark.parametrize("mode", Mode)
def test_a_picture_is_told_in_words_on_the_page_and_in_itself(mode):
    alt = re.search(rf"!\[([^\]]+)\]\(img/{pictures.name(mode)}\.svg\)", PAGE)
    drawn = pictures.picture(mode)

    assert alt is not None
    assert alt[1].startswith(f"{mode.value}: ")
    order = pictures.order_in_words(mode)
    assert alt[1].endswith("No order is safe." if mode is Mode.NONE else order)
    assert f'<title id="{pictures.name(mode)}-title">{mode.value}: ' in drawn
    assert f"{order}</desc>" in drawn
    assert f'aria-labelledby="{pictures.name(mode)}-title {pictures.name(mode)}-told"' in drawn
