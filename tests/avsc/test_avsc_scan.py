"""Any text gives a tree; on valid JSON it agrees with the standard library, places included."""

from __future__ import annotations

import json
import math
import time

import pytest
from hypothesis import given, strategies as st

from schemagate.avsc.scan import scan
from schemagate.avsc.source import MAX_PROBLEMS
from schemagate.avsc.strict import strict
from schemagate.avsc.tree import NO_VALUE, Comment

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30)
PIECES = st.lists(
    st.sampled_from([*"{}[],:\"'\\/*#\n\r\t -+.0e", "true", "nul", "NaN", "//", "/*", "*/", '"a":', "\\u00", "é"])
).map("".join)


def pointers(value, pointer=""):
    yield pointer, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from pointers(inner, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")


@given(VALUES, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_on_valid_json_value_and_places_agree_with_the_standard_library(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    tree = scan(text)

    assert (tree.value, tree.problems, tree.certain) == (json.loads(text), (), True)
    for pointer, inner in pointers(tree.value):
        start, end = tree.span(pointer)
        assert json.loads(text[start:end]) == inner
        if pointer and text[tree.key_span(pointer)[0]] == '"' and tree.key_span(pointer) != (start, end):
            start, end = tree.key_span(pointer)
            assert json.loads(text[start:end]) == pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")


@given(st.text() | PIECES)
def test_any_text_gives_a_tree_and_problems_inside_it(text):
    tree = scan(text)

    assert tree.value is not NO_VALUE or tree.problems
    assert all(0 <= p.span[0] <= p.span[1] <= len(text) for p in tree.problems)
    assert 0 <= tree.span("/a", "b")[0] <= tree.span("/a", "b")[1] <= len(text)


@given(st.text() | PIECES | VALUES.map(json.dumps))
def test_the_fast_way_takes_only_what_the_scanner_has_nothing_to_tell_about(text):
    value = strict(text)

    if value is not NO_VALUE:
        tree = scan(text)
        assert (repr(tree.value), tree.problems, tree.certain) == (repr(value), (), True)


def test_places_of_members_keys_entries_and_of_what_is_missing():
    text = '{"a/b": [1, {"x": "y"}], "~": {}, "d": 1, "d": 2}'
    tree = scan(text)

    def cut(span):
        return text[slice(*span)]

    assert cut(tree.span("")) == text
    assert cut(tree.span("", "a/b")) == '[1, {"x": "y"}]'
    assert cut(tree.span("/a~1b/1/x")) == '"y"'
    assert cut(tree.span("/a~1b/1", "x")) == '"y"'
    assert cut(tree.key_span("/a~1b/1", "x")) == '"x"'
    assert cut(tree.entry_span("/a~1b/1", "x")) == '"x": "y"'
    assert cut(tree.entry_span("/~0")) == '"~": {}'
    assert cut(tree.span("/a~1b/1", "missing")) == '{"x": "y"}'
    assert cut(tree.key_span("/a~1b/1", "missing")) == '{"x": "y"}'
    assert cut(tree.span("/a~1b/7/x/y")) == '[1, {"x": "y"}]'
    assert cut(tree.span("/a~1b/01")) == '[1, {"x": "y"}]'
    assert cut(tree.key_span("/a~1b/0")) == "1"
    assert cut(tree.span("/d")) == "2"


def test_comments_are_kept_with_their_places():
    text = '// one\r\n{"a": /* two */ 1, // three\n"b": "//no"}'
    tree = scan(text)

    assert tree.value == {"a": 1, "b": "//no"}
    assert tree.problems == ()
    assert tree.comments == (Comment(0, 6, " one"), Comment(14, 23, " two "), Comment(27, 35, " three"))


@pytest.mark.parametrize(
    ("bad", "end"), [("[" * 100_000, ""), ('{"a":' * 100_000, ""), ("[" * 100_000, "]" * 100_000), ("[" * 1001, "")]
)
def test_depth_beyond_java_s_limit_is_told_at_the_bracket_that_passes_it(bad, end):
    started = time.process_time()
    tree = scan(bad + end)

    step = 5 if bad[0] == "{" else 1
    assert [(p.rule, p.span, p.args, p.refused) for p in tree.problems] == [
        ("nesting-too-deep", (1000 * step, 1000 * step + 1), {"limit": 1000}, True)
    ]
    assert (tree.certain, tree.span("")) == (False, (0, len(bad + end)))
    assert time.process_time() - started < 1


def test_a_depth_of_1000_is_fine():
    tree = scan("[" * 1000 + "]" * 1000)

    assert (tree.problems, tree.certain) == ((), True)


def test_numbers_of_1000_digits_are_read_and_of_1001_are_told():
    digits = "9" * 1000
    tree = scan(f"[{digits}, -{digits}, 1{digits}, 1e400, -0, 1.5E+3, 1{digits}e1]")

    assert tree.value == [10**1000 - 1, 1 - 10**1000, None, math.inf, 0, 1500.0, None]
    args = {"expected": "a number of at most 1000 digits"}
    assert [(p.rule, p.span, p.args) for p in tree.problems] == [
        ("syntax-error", (2006, 3007), {**args, "found": "1001 digits"}),
        ("syntax-error", (3028, 4031), {**args, "found": "1002 digits"}),
    ]


def test_lone_surrogate_escapes_pass_as_in_java():
    tree = scan(r'["\ud800", "\ud83d\ude00"]')

    assert (tree.value, tree.problems) == (["\ud800", "😀"], ())


def test_a_member_name_longer_than_java_s_limit_is_refused():
    assert scan(f'{{"{"x" * 50_000}": 1}}').problems == ()
    assert [p.args["found"] for p in scan(f'{{"{"x" * 50_001}": 1}}').problems] == ["50001 characters"]


def test_the_problems_of_one_rule_are_bounded():
    syntax = scan("[" + "@," * 1_000_000)
    commas = scan("[" + "[1,]," * 10_000 + "1]")

    assert [p.rule for p in syntax.problems] == ["syntax-error"] * MAX_PROBLEMS
    assert [p.rule for p in commas.problems] == ["trailing-comma"] * MAX_PROBLEMS
    assert len(commas.value) == 10_001


def test_quotes_that_never_close_cost_a_bounded_time():
    started = time.process_time()
    scan('{"a": ' + '"\\",' * 500_000)

    assert time.process_time() - started < 5


def test_a_megabyte_is_scanned_in_well_under_a_second():
    text = json.dumps([{"name": f"f{i}", "type": ["null", "string"], "default": None} for i in range(15_000)], indent=2)
    started = time.process_time()
    tree = scan(text)

    assert (len(tree.value), len(text) > 1_000_000) == (15_000, True)
    assert time.process_time() - started < 2
