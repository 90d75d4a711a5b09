from __future__ import annotations

import pytest

from schemagate.compat.modes import Mode, strictest
from schemagate.finding import Direction

BACK, FORTH = Direction.BACKWARD, Direction.FORWARD


@pytest.mark.parametrize(
    ("mode", "directions", "covered"),
    [
        ("BACKWARD", (BACK,), [2]),
        ("BACKWARD_TRANSITIVE", (BACK,), [0, 1, 2]),
        ("FORWARD", (FORTH,), [2]),
        ("FORWARD_TRANSITIVE", (FORTH,), [0, 1, 2]),
        ("FULL", (BACK, FORTH), [2]),
        ("FULL_TRANSITIVE", (BACK, FORTH), [0, 1, 2]),
        ("NONE", (), []),
    ],
)
def test_a_mode_names_its_directions_and_versions(mode, directions, covered) -> None:
    assert (Mode(mode).directions, list(Mode(mode).covers(3))) == (directions, covered)


@pytest.mark.parametrize("mode", list(Mode))
def test_no_mode_asks_anything_of_an_empty_history(mode) -> None:
    assert mode.asks(0) == frozenset()


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("BACKWARD", "FORWARD", "FULL"),
        ("BACKWARD_TRANSITIVE", "FORWARD", "FULL_TRANSITIVE"),
        ("BACKWARD", "BACKWARD_TRANSITIVE", "BACKWARD_TRANSITIVE"),
        ("NONE", "FORWARD", "FORWARD"),
        ("NONE", "NONE", "NONE"),
    ],
)
def test_the_strictest_of_two_modes_asks_all_that_either_asks(first, second, expected) -> None:
    mode = strictest(Mode(first), Mode(second))

    assert mode == Mode(expected)
    assert mode.asks(3) >= Mode(first).asks(3) | Mode(second).asks(3)


def test_the_union_of_questions_is_exact_where_no_mode_is() -> None:
    asked = Mode.BACKWARD_TRANSITIVE.asks(2) | Mode.FORWARD.asks(2)

    assert asked == {(0, BACK), (1, BACK), (1, FORTH)}
