from __future__ import annotations

import re
from unicodedata import category

import pytest
from hypothesis import given, strategies as st
from tests.report.strategies import texts

from schemagate.report.escape import clean, guard, visible

COMMAND = re.compile(r"^\s*::|##[A-Za-z]*\[")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        pytest.param("a\nb\r\tc", r"a\nb\r\tc", id="line breaks and tabs"),
        pytest.param("\x1b[31mred\x1b[0m", r"\u{1b}[31mred\u{1b}[0m", id="colours"),
        pytest.param("\x9b2J\x7f\x00", r"\u{9b}2J\u{7f}\u{0}", id="C1, DEL and NUL"),
        pytest.param("user\u202etxt.\u2066x", r"user\u{202e}txt.\u{2066}x", id="bidi overrides"),
        pytest.param("a\u2028b\u2029c\x85d", r"a\u{2028}b\u{2029}c\u{85}d", id="Unicode line separators"),
        pytest.param("\ufeff{}\u200b", r"\u{feff}{}\u{200b}", id="invisible characters"),
        pytest.param("a\u3164b", r"a\u{3164}b", id="letters that are blank"),
        pytest.param("\ud800", r"\u{d800}", id="lone surrogate"),
        pytest.param("##[error]x", r"##\[error]x", id="GitHub command in a bracket"),
        pytest.param("a ##vso[task.complete] ##teamcity[x]", r"a ##vso\[task.complete] ##teamcity\[x]", id="others"),
        pytest.param("::error::x", r"\::error::x", id="GitHub command at the start"),
        pytest.param("x ::warning::y", r"x \::warning::y", id="GitHub command where a line may be wrapped"),
    ],
)
def test_shows_what_must_not_be_raw(raw: str, shown: str):
    assert clean(raw) == shown


@pytest.mark.parametrize(
    "text", ["", "com.acme.Größe", "名前", "👩\u200d👧", "a::b", "# ## title", r"C:\dir", "[x] #[y]"]
)
def test_leaves_harmless_text_as_it_is(text: str):
    assert clean(text) == text


def test_ascii_only_shows_all_else_by_code_point():
    assert clean("naïve 名", ascii_only=True) == r"na\u{ef}ve \u{540d}"


@given(texts, st.booleans())
def test_cleaning_twice_changes_nothing_more(text: str, ascii_only: bool):
    once = clean(text, ascii_only=ascii_only)

    assert clean(once, ascii_only=ascii_only) == once


@given(texts)
def test_clean_text_is_printable_and_no_command(text: str):
    shown = clean(text)

    assert [
        c for c in shown if category(c) in {"Cc", "Cs", "Zl", "Zp"} or (category(c) == "Cf" and c not in "\u200c\u200d")
    ] == []
    assert not COMMAND.search(shown)
    assert shown.encode("utf-8").decode("utf-8") == shown


@given(texts)
def test_every_code_point_has_its_own_stand_in(text: str):
    assert len(visible(text)) == len(text)


@given(st.lists(texts.map(clean), max_size=4).map("".join))
def test_guard_stops_commands_that_pieces_make_together(line: str):
    guarded = guard(line)

    assert not COMMAND.search(guarded)
    assert guard(guarded) == guarded
    assert guarded == line or COMMAND.search(line)
