from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from schemagate.finding import Region
from schemagate.report.excerpt import Canvas, Underline, excerpt
from schemagate.report.layout import clip, width, wrap
from schemagate.report.paint import Style, paint


@pytest.mark.parametrize(
    ("text", "cells"), [("", 0), ("abc", 3), ("名前", 4), ("e\u0301", 1), ("ü", 1), ("👋", 2), ("\u1100\u1161", 2)]
)
def test_width_counts_terminal_cells(text: str, cells: int):
    assert width(text) == cells


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("", [""], id="empty"),
        pytest.param("one two three", ["one two", "three"], id="at spaces"),
        pytest.param("a  b", ["a  b"], id="inner blanks stay"),
        pytest.param("aaaaaaaaaaaaa", ["aaaaaaaa", "aaaaa"], id="a word longer than the line"),
        pytest.param("x aa/bb/ccccc", ["x", "aa/bb/", "ccccc"], id="behind a joint"),
        pytest.param("名前名前名", ["名前名前", "名"], id="wide"),
    ],
)
def test_wraps_at_eight_cells(text: str, lines: list[str]):
    assert list(wrap(text, 8, 8)) == lines


def test_first_line_may_have_less_room():
    assert list(wrap("one two three", 3, 9)) == ["one", "two three"]


@given(st.text(alphabet="ab/ 名\u0301", max_size=60), st.integers(2, 12), st.integers(2, 12))
def test_wrapping_loses_nothing_but_blanks_and_never_overflows(text: str, first: int, rest: int):
    lines = list(wrap(text, first, rest))

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert [line for line in lines[:1] if width(line) > first] == []
    assert [line for line in lines[1:] if width(line) > rest] == []


def test_clip_says_how_much_it_left_out():
    assert clip("abcdef", 4) == "abcd… (2 more characters)"
    assert clip("abcd", 4) == "abcd"


def shown(source: str, region: Region, label: str = "here", columns: int = 40) -> list[str]:
    lines = excerpt(source, region, Underline("^", Style.ERROR, label), 1, Canvas(columns))
    return [paint(line, colour=False) for line in lines]


def at(column: int, end: int, end_line: int = 1) -> Region:
    return Region("a.avsc", 1, column, end_line, end)


def test_underlines_the_region():
    assert shown('{"type": "int"}', at(10, 15)) == ["   |", ' 1 | {"type": "int"}', "   |          ^^^^^ here"]


def test_wide_and_combining_characters_keep_the_carets_below_their_text():
    assert shown("名e\u0301 x", at(5, 6)) == ["   |", " 1 | 名e\u0301 x", "   |     ^ here"]


def test_tabs_become_blanks():
    assert shown("\ta\tb", at(4, 5)) == ["   |", " 1 |     a   b", "   |         ^ here"]


def test_carriage_return_of_a_windows_line_is_not_shown():
    assert shown("abc\r\n", at(1, 4)) == ["   |", " 1 | abc", "   | ^^^ here"]


def test_region_over_several_lines_is_marked_to_the_end_of_its_first():
    assert shown("  {  ", at(3, 2, end_line=4)) == ["   |", " 1 |   {", "   |   ^… here"]


def test_place_behind_the_end_of_the_line_gets_one_caret():
    assert shown("ab", at(9, 12)) == ["   |", " 1 | ab", "   |   ^ here"]


def test_empty_region_gets_one_caret():
    assert shown("ab", at(2, 2)) == ["   |", " 1 | ab", "   |  ^ here"]


def test_combining_mark_is_pointed_at_through_its_letter():
    assert shown("ae\u0301b", at(3, 4)) == ["   |", " 1 | ae\u0301b", "   |  ^ here"]


def test_long_line_is_cut_around_the_region():
    line = "a" * 50 + "XYZ" + "b" * 50

    assert shown(line, at(51, 54)) == [
        "   |",
        " 1 | …aaaaaaaaaaaXYZbbbbbbbbbbbbbbbbbbb…",
        "   |             ^^^ here",
    ]


def test_long_line_keeps_its_start_when_the_region_is_there():
    assert shown("ab" + "c" * 60, at(2, 3)) == ["   |", " 1 | ab" + "c" * 31 + "…", "   |  ^ here"]


def test_cut_never_separates_a_mark_from_its_letter():
    line = "a" * 40 + "e\u0301" * 9 + "X" + "b" * 40

    assert shown(line, at(59, 60), columns=30)[1] == " 1 | …" + "e\u0301" * 7 + "X" + "b" * 15 + "…"


def test_label_that_does_not_fit_goes_below():
    assert shown("a" * 30, at(20, 31), label="$.customer.address") == [
        "   |",
        " 1 | " + "a" * 30,
        "   |" + " " * 20 + "^" * 11,
        "   |" + " " * 18 + "$.customer.address",
    ]


def test_megabytes_in_one_line_are_no_burden():
    line = "名" * 5_000_000

    assert [width(text) for text in shown(line, at(2_500_000, 2_500_001))] == [4, 39, 23]


@given(
    st.text(alphabet="ab\t名\u0301\x1b#[", max_size=120),
    st.integers(1, 130),
    st.integers(0, 130),
    st.integers(20, 60),
    st.booleans(),
)
def test_excerpt_fits_and_the_carets_stand_below_the_region(
    source: str, column: int, size: int, columns: int, many: bool
):
    lines = shown(source, Region("a", 1, column, 2 if many else 1, column + size), "", columns)

    assert [line for line in lines if width(line) > columns] == []
    assert len(lines) == 3
    assert lines[2].count("^") >= 1
