"""A finding's fingerprint: the same for the same finding, and for no other."""

from __future__ import annotations

from hypothesis import given, strategies as st

from schemagate.suppress import fingerprint


def test_a_fingerprint_never_changes_between_releases():
    args = {"old": 2, "new": 4, "names": ["a", None, True, 1.5], "nested": {"b": "ü"}}

    assert fingerprint("decimal-scale-changed", "payments-value", "$.amount", args) == PINNED


PINNED = "c1493fbe9521"


def test_the_order_of_arguments_is_nothing():
    assert fingerprint("r", "s", "$", {"a": 1, "b": 2}) == fingerprint("r", "s", "$", {"b": 2, "a": 1})


def test_a_tuple_is_a_list():
    assert fingerprint("r", "s", "$", {"a": (1, 2)}) == fingerprint("r", "s", "$", {"a": [1, 2]})


def test_different_findings_differ():
    variants = [
        ("r", "s", "$", {}),
        ("r2", "s", "$", {}),
        ("r", "s2", "$", {}),
        ("r", "s", "$.a", {}),
        ("rs", "", "$", {}),
        ("r", "s", "$", {"a": 1}),
        ("r", "s", "$", {"a": 1.0}),
        ("r", "s", "$", {"a": True}),
        ("r", "s", "$", {"a": "1"}),
        ("r", "s", "$", {"a": None}),
        ("r", "s", "$", {"a": "None"}),
        ("r", "s", "$", {"a": [1]}),
        ("r", "s", "$", {"a": [[1]]}),
        ("r", "s", "$", {"a": [1, []]}),
        ("r", "s", "$", {"a": {"1": 1}}),
        ("r", "s", "$", {"a": 1, "b": 1}),
        ("r", "s", "$", {"a1": "", "b": 1}),
    ]

    assert len({fingerprint(*variant) for variant in variants}) == len(variants)


def test_depth_size_and_broken_text_are_no_burden():
    deep: object = []
    for _ in range(50_000):
        deep = [deep]

    found = [fingerprint("r", "s", "$", {"a": value}) for value in (deep, 10**5000, "\ud800", float("nan"))]

    assert [len(digits) for digits in found] == [12, 12, 12, 12]


SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
LISTS = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3))


@given(LISTS, LISTS)
def test_equal_arguments_and_only_they_agree(one, two):
    agree = fingerprint("r", "s", "$", {"a": one}) == fingerprint("r", "s", "$", {"a": two})

    assert agree is (repr(one) == repr(two))
