"""What is asked of which version: the mode's questions and the registries', united exactly."""

from __future__ import annotations

import pytest

from schemagate.compat.modes import Mode
from schemagate.engine.judge import questions
from schemagate.engine.lineage import Lineage, Version
from schemagate.finding import Direction, VersionId
from schemagate.schema.model import Factory, Schema

STRING = Schema(Factory().primitive("string"), {})
BACK, FORTH = Direction.BACKWARD, Direction.FORWARD


def asked(mode, *versions, newest=-1):
    lineage = Lineage("s", "s.avsc", Mode(mode), STRING, versions, versions[newest])
    return [f"{v.id.name}{''.join('<' if way is BACK else '>' for way in ways)}" for v, ways in questions(lineage)]


def version(name, *ways, latest=False, judged=True):
    return Version(VersionId(name), STRING, judged, latest, ways)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("FULL_TRANSITIVE", ["v1<>", "v2<>", "v3<>"]),
        ("BACKWARD", ["v2>", "v3<"]),
        ("BACKWARD_TRANSITIVE", ["v1<", "v2<>", "v3<"]),
        ("FORWARD", ["v2>", "v3>"]),
        ("NONE", ["v2>"]),
    ],
)
def test_a_registrys_questions_are_added_to_the_modes(mode, expected):
    assert asked(mode, version("v1"), version("v2", FORTH), version("v3")) == expected


def test_a_mode_of_the_newest_looks_at_a_registrys_latest_too():
    assert asked("BACKWARD", version("v1"), version("v2", latest=True), version("v3")) == ["v2<", "v3<"]


def test_what_is_retracted_is_asked_by_nobody():
    assert asked("FULL_TRANSITIVE", version("v1", BACK, FORTH, judged=False), version("v2")) == ["v2<>"]
