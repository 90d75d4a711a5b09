"""Comments in a schema file that accept a finding."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from schemagate.suppress import Allow, inline_allows

CASES = {
    "beside the value": ([(3, " schemagate: allow[a-b] because", False)], [Allow(("a-b",), "because", 3, 3)]),
    "above the value": ([(3, " schemagate: allow[a-b] because", True)], [Allow(("a-b",), "because", 3, 4)]),
    "with its marks": ([(3, "// schemagate: allow[a] because", True)], [Allow(("a",), "because", 3, 4)]),
    "block with its marks": ([(3, "/* schemagate: allow[a] because */", False)], [Allow(("a",), "because", 3, 3)]),
    "several rules": ([(1, "schemagate:allow[ a , b,a ] x", False)], [Allow(("a", "b"), "x", 1, 1)]),
    "separator before the reason": ([(1, " schemagate: allow[a]: x - y", False)], [Allow(("a",), "x - y", 1, 1)]),
    "any case": ([(1, " Schemagate: allow[a] x", False)], [Allow(("a",), "x", 1, 1)]),
    "stacked above": (
        [(3, " schemagate: allow[a] x", True), (4, " schemagate: allow[b] y", True), (5, " prose", True)],
        [Allow(("a",), "x", 3, 6), Allow(("b",), "y", 4, 6)],
    ),
    "blank line between": (
        [(3, " schemagate: allow[a] x", True), (5, " prose", True)],
        [Allow(("a",), "x", 3, 4)],
    ),
    "block over lines": (
        [(2, " why this is so\n * schemagate: allow[a] x\n * schemagate: allow[b] y\n ", True)],
        [Allow(("a",), "x", 3, 6), Allow(("b",), "y", 4, 6)],
    ),
    "prose": ([(1, " nullable with default is the way to evolve", True)], []),
    "prose that names the tool": ([(1, " ask schemagate: it knows", True)], []),
    "no reason": ([(1, " schemagate: allow[a]", False)], [Allow(("a",), "", 1, 1, "gives no reason")]),
    "no rule": ([(1, " schemagate: allow[] x", False)], [Allow((), "x", 1, 1, "names no rule")]),
    "mistyped": (
        [(1, " schemagate: alow[a] x", False)],
        [Allow((), "", 1, 1, "is not understood: write `schemagate: allow[rule-id] reason`")],
    ),
    "no brackets": (
        [(1, " schemagate: allow a", False)],
        [Allow((), "", 1, 1, "is not understood: write `schemagate: allow[rule-id] reason`")],
    ),
    "windows line ends": (
        [(1, " schemagate: allow[a] x\r\n y\r", False)],
        [Allow(("a",), "x", 1, 1)],
    ),
}


@pytest.mark.parametrize(("comments", "expected"), CASES.values(), ids=CASES)
def test_allows_and_the_line_they_speak_of(comments, expected):
    assert inline_allows(comments) == expected


@given(st.lists(st.tuples(st.integers(1, 9), st.text() | st.text("schemagt: alow[]\n*/,-"), st.booleans())))
def test_any_comment_is_read(comments):
    for allow in inline_allows(comments):
        assert allow.applies_to_line >= 1
        assert bool(allow.problem) or (bool(allow.rules) and bool(allow.reason))


def test_a_hundred_thousand_comments_are_no_burden():
    comments = [(line, " schemagate: allow[a] x", True) for line in range(1, 100_001)]

    assert {allow.applies_to_line for allow in inline_allows(comments)} == {100_001}
