"""What a file with a bad text is told, where, and whether it can be used all the same."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from schemagate.avsc.read import MAX_BYTES, read, read_text
from schemagate.avsc.tree import NO_VALUE
from schemagate.finding import Place, Problem, Region

USER = """// nullable with default null is the way to evolve
{
  "type": "record", "name": "R",
  "fields": [
    {"name": "a", "type": "int"} /* first */
  ]
}
"""


def told(document):
    """(rule, line, column, end line, end column, refused) of each problem."""
    return [
        (p.rule, r.line, r.column, r.end_line, r.end_column, p.refused)
        for p in document.problems
        for r in [document.region(p.pointer, p.part, p.span)]
    ]


def test_a_commented_schema_reads_without_a_word():
    document = read(USER.encode(), "r.avsc")

    assert document.problems == ()
    assert (document.readable, document.refused) == (True, False)
    assert document.value["fields"] == [{"name": "a", "type": "int"}]
    assert [c.text for c in document.comments] == [" nullable with default null is the way to evolve", " first "]
    assert document.region("/fields/0", "type") == Region("r.avsc", 5, 27, 5, 32)
    assert document.region(Place("r.avsc", "/fields/0", "name")) == Region("r.avsc", 5, 14, 5, 17)
    assert document.region(span=(0, 2)) == Region("r.avsc", 1, 1, 1, 3)
    assert document.line_text(5) == '    {"name": "a", "type": "int"} /* first */'


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_gives_the_same_places(ending):
    document = read(USER.replace("\n", ending).encode())

    assert document.region("/fields/0", "type") == Region("", 5, 27, 5, 32)


# Text, value, readable, problems: (rule, line, column, end line, end column, refused).
BAD = {
    "truncated": (
        '{"type": "record",\n "fields": [{"name": "a"},\n',
        {"type": "record", "fields": [{"name": "a"}]},
        False,
        [("truncated", 2, 27, 2, 27, True)],
    ),
    "truncated after a name": ('{"type"', {}, False, [("truncated", 1, 8, 1, 8, True)]),
    "truncated in a string": ('{"type": "rec\n', {"type": "rec\n"}, False, [("truncated", 1, 14, 1, 14, True)]),
    "truncated in a comment": ("[1 /* x", [1], False, [("truncated", 1, 8, 1, 8, True)]),
    "trailing comma in an object": (
        '{"type": "int",\n}',
        {"type": "int"},
        True,
        [("trailing-comma", 1, 15, 1, 16, True)],
    ),
    "trailing comma in an array, before a comment": (
        '["int", // x\n]',
        ["int"],
        True,
        [("trailing-comma", 1, 7, 1, 8, True)],
    ),
    "single quotes": (
        "{'type': 'it\\'s \"x\"'}",
        {"type": 'it\'s "x"'},
        True,
        [("single-quotes", 1, 2, 1, 8, True), ("single-quotes", 1, 10, 1, 21, True)],
    ),
    "duplicate keys": (
        '{"a": 1,\n "a": 2}',
        {"a": 2},
        True,
        [("duplicate-key", 2, 2, 2, 5, False)],
    ),
    "dangling text": ('{"type": "int"} xyz', {"type": "int"}, True, [("dangling-content", 1, 17, 1, 20, True)]),
    "a comment after the value": ('"int"\n// end\n', "int", True, [("dangling-content", 2, 1, 2, 7, True)]),
    "a bracket too many": ('{"type": "int"}}', {"type": "int"}, True, [("dangling-content", 1, 16, 1, 17, True)]),
    "two documents": (
        '{"type": "int"}\n// next\n{"type": "long"}\n',
        {"type": "int"},
        True,
        [("dangling-content", 3, 1, 3, 2, True)],
    ),
    "empty": ("", NO_VALUE, False, [("empty-document", 1, 1, 1, 1, True)]),
    "white space": (" \n ", NO_VALUE, False, [("empty-document", 1, 1, 1, 1, True)]),
    "comments only": ("// x", NO_VALUE, False, [("empty-document", 1, 1, 1, 1, True)]),
    "a hash comment": ('# x\n"int"', "int", True, [("syntax-error", 1, 1, 1, 2, True)]),
    "a missing comma": ('{"a": 1\n "b": 2}', {"a": 1, "b": 2}, True, [("syntax-error", 2, 2, 2, 3, True)]),
    "a missing comma in an array": ("[1 2]", [1, 2], True, [("syntax-error", 1, 4, 1, 5, True)]),
    "a missing colon": ('{"a" 1}', {"a": 1}, False, [("syntax-error", 1, 6, 1, 7, True)]),
    "an equals sign": ('{"a" = 1}', {"a": 1}, False, [("syntax-error", 1, 6, 1, 7, True)]),
    "a missing value": ('{"a": , "b": 1}', {"a": None, "b": 1}, False, [("syntax-error", 1, 7, 1, 8, True)]),
    "a comma too many": ("[1,, 2]", [1, 2], False, [("syntax-error", 1, 4, 1, 5, True)]),
    "an unquoted name": ("{a: 1}", {"a": 1}, True, [("syntax-error", 1, 2, 1, 3, True)]),
    "an unquoted value": (
        '{"type": string}',
        {"type": "string"},
        False,
        [("syntax-error", 1, 10, 1, 16, True)],
    ),
    "Python's words": ('{"default": None}', {"default": None}, True, [("syntax-error", 1, 13, 1, 17, True)]),
    "NaN": ("[NaN]", ["NaN"], False, [("syntax-error", 1, 2, 1, 5, True)]),
    "no JSON numbers": (
        "[01, +1, .5, 1., 0x1F, -]",
        [None] * 6,
        False,
        [
            ("syntax-error", 1, 2, 1, 4, True),
            ("syntax-error", 1, 6, 1, 8, True),
            ("syntax-error", 1, 10, 1, 12, True),
            ("syntax-error", 1, 14, 1, 16, True),
            ("syntax-error", 1, 18, 1, 22, True),
            ("syntax-error", 1, 24, 1, 25, True),
        ],
    ),
    "a line break in a string": ('["a\nb"]', ["a\nb"], False, [("syntax-error", 1, 4, 2, 1, True)]),
    "an unclosed string": (
        '{"doc": "x,\n "b": 1}',
        {"doc": "x", "b": 1},
        False,
        [("syntax-error", 1, 9, 1, 11, True)],
    ),
    "an unknown escape": (r'["a\x41"]', [r"a\x41"], False, [("syntax-error", 1, 4, 1, 6, True)]),
    "quotes inside a string": (
        '{"doc": "a "b" c", "d": 1}',
        {"doc": "a ", "d": 1},
        False,
        [("syntax-error", 1, 13, 1, 18, True)],
    ),
    "a closing bracket forgotten": (
        '{"fields": [{"a": 1], "b": 2}',
        {"fields": [{"a": 1}], "b": 2},
        False,
        [("syntax-error", 1, 20, 1, 21, True)],
    ),
    "a no-break space": ('{"a":\u00a01}', {"a": 1}, True, [("syntax-error", 1, 6, 1, 7, True)]),
    "a control character in a comment": ("/*\x01*/ 1", 1, True, [("syntax-error", 1, 3, 1, 4, True)]),
    "fastavro's keys": (
        '{"type": "int",\n "__fastavro_parsed": true, "__named_schemas": {}}',
        {"type": "int", "__fastavro_parsed": True, "__named_schemas": {}},
        True,
        [("reserved-key", 2, 2, 2, 21, False), ("reserved-key", 2, 29, 2, 46, False)],
    ),
    "a fastavro key in disguise": (
        '{"\\u005f_fastavro_parsed": 1}',
        {"__fastavro_parsed": 1},
        True,
        [("reserved-key", 1, 2, 1, 26, False)],
    ),
    "a protocol": (
        '{"protocol": "P", "types": []}',
        {"protocol": "P", "types": []},
        False,
        [("not-an-avsc", 1, 14, 1, 17, True)],
    ),
    "an object without a name": ('{ {"a": 1} }', {}, False, [("syntax-error", 1, 3, 1, 4, True)]),
    "junk for a name": ("{@: 1}", {}, False, [("syntax-error", 1, 2, 1, 6, True)]),
    "a number for a name": ('{1: 2, "b": 3}', {"b": 3}, False, [("syntax-error", 1, 2, 1, 6, True)]),
    "a colon in an array": ('["a": 1, 2]', ["a", 2], False, [("syntax-error", 1, 5, 1, 8, True)]),
    "the wrong closing bracket": ("[1}", [1], False, [("syntax-error", 1, 3, 1, 4, True)]),
    "the wrong closing bracket of an object": ('{"a": 1 ]', {"a": 1}, False, [("syntax-error", 1, 9, 1, 10, True)]),
    "a bracket too many inside": ('{"a": 1]}', {"a": 1}, False, [("syntax-error", 1, 8, 1, 9, True)]),
    "escapes in a name, then single quotes": (
        '{"a\\"b": 1, \'c\': 2}',
        {'a"b': 1, "c": 2},
        True,
        [("single-quotes", 1, 13, 1, 16, True)],
    ),
    "truncated after a whole name": ('{"a"', {}, False, [("truncated", 1, 5, 1, 5, True)]),
    "a name alone": ('{"a", "b": 1}', {"a": None, "b": 1}, False, [("syntax-error", 1, 5, 1, 6, True)]),
    "junk after a value": ('["a" @ , 1]', ["a", 1], False, [("syntax-error", 1, 6, 1, 8, True)]),
    "a missing comma before a bracket": ('[[1] {"b": 2}]', [[1], {"b": 2}], True, [("syntax-error", 1, 6, 1, 7, True)]),
    "an object after a value in an object": (
        '{"a": 1 {"b": 2}}',
        {"a": 1},
        False,
        [("syntax-error", 1, 9, 1, 10, True)],
    ),
    "a closing bracket alone": ("}", NO_VALUE, False, [("syntax-error", 1, 1, 1, 2, True)]),
    "a colon alone": ("[: 1]", [1], False, [("syntax-error", 1, 2, 1, 3, True)]),
    "a slash alone": ("/ 1", 1, False, [("syntax-error", 1, 1, 1, 2, True)]),
    "good and bad escapes": ('["\\u00e4\\n\\q"]', ["ä\n\\q"], False, [("syntax-error", 1, 11, 1, 13, True)]),
    "an unclosed single quote": ("['a\n]", ["a"], False, [("syntax-error", 1, 2, 1, 4, True)]),
    "a comma too many in an object": (
        '{"a": 1,, "b": 2}',
        {"a": 1, "b": 2},
        False,
        [("syntax-error", 1, 9, 1, 10, True)],
    ),
    "junk for a value": ("[@]", [None], False, [("syntax-error", 1, 2, 1, 3, True)]),
    "junk alone": ("@", NO_VALUE, False, [("syntax-error", 1, 1, 1, 2, True)]),
    "several errors in one run": (
        "{'a': 1,\n b: 02\n \"c\": [1,],\n}",
        {"a": 1, "b": None, "c": [1]},
        False,
        [
            ("single-quotes", 1, 2, 1, 5, True),
            ("syntax-error", 2, 2, 2, 3, True),
            ("syntax-error", 2, 5, 2, 7, True),
            ("syntax-error", 3, 2, 3, 3, True),
            ("trailing-comma", 3, 9, 3, 10, True),
            ("trailing-comma", 3, 11, 3, 12, True),
        ],
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_text_is_told_exactly(case):
    text, value, readable, problems = BAD[case]
    document = read(text.encode(), "x.avsc")

    assert told(document) == problems
    assert (document.value, document.readable) == (value, readable)
    assert document.refused is any(problem[-1] for problem in problems)


def test_a_truncated_text_says_what_is_unclosed_and_where_it_opened():
    [problem] = read(b'{"fields": [\n  {"name": "a"').problems

    found = "the end of the file"
    assert problem.args == {"opened": "{", "line": 2, "column": 3, "expected": "`}`", "found": found}


def test_a_duplicate_key_names_the_first_place():
    [problem] = read(b'{"b": {"a": 0},\n "a": 1, "a": 2}').problems

    assert problem.args == {"key": "a", "line": 2, "column": 2}


def test_messages_get_what_was_expected_and_found_without_control_characters():
    [problem] = read(b"[\x1b\x1b]").problems[:1]

    assert problem.args == {"expected": "plain white space", "found": "the character U+001B"}


def test_a_byte_order_mark_is_no_obstacle_in_a_file_and_one_in_a_text():
    data = b'\xef\xbb\xbf{"type": "int", "x": 1,}'

    assert told(read(data)) == [("byte-order-mark", 1, 1, 1, 2, False), ("trailing-comma", 1, 23, 1, 24, True)]
    assert told(read_text('\ufeff"int"')) == [("byte-order-mark", 1, 1, 1, 2, True)]
    assert (read_text('\ufeff"int"').value, read_text('"int"').problems) == ("int", ())


def test_utf_16_is_readable_and_latin_1_is_not():
    utf16 = read('{"type": "int"}'.encode("utf-16"))
    latin1 = read('{"a": 1,\n "doc": "für",}'.encode("latin-1"))

    assert (utf16.value, utf16.readable, told(utf16)) == (
        {"type": "int"},
        True,
        [("wrong-encoding", 1, 1, 1, 2, False)],
    )
    assert (latin1.readable, told(latin1)) == (False, [("wrong-encoding", 2, 11, 2, 12, True)])


@pytest.mark.parametrize(("name", "kind"), [("a/b.avdl", "an Avro IDL file"), ("P.AVPR", "an Avro protocol")])
def test_other_avro_files_get_a_clear_answer(name, kind):
    document = read(b"protocol P { }", name)

    assert [(p.rule, p.args["kind"], p.refused) for p in document.problems] == [("not-an-avsc", kind, True)]
    assert (document.value, document.readable, document.refused) == (NO_VALUE, False, True)
    assert document.region("/x") == Region(name, 1, 1, 1, 1)


def test_a_file_that_is_too_large_is_not_parsed():
    document = read(b" " * (MAX_BYTES + 1), "big.avsc")

    args = {"size": MAX_BYTES + 1, "limit": MAX_BYTES}
    assert document.problems == (Problem("file-too-large", args, span=(0, 0), refused=False),)
    assert (document.readable, document.refused, document.region()) == (False, False, Region("big.avsc", 1, 1, 1, 1))
    assert read_text(" " * (MAX_BYTES + 1), "big.avsc").problems == document.problems


def test_a_file_just_small_enough_is_read():
    text = '{"type": "int", "doc": "' + "x" * (MAX_BYTES - 26) + '"}'

    assert (read(text.encode()).problems, len(text)) == ((), MAX_BYTES)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"type":"array","items":' * 100_000, "[" * 1001 + "]" * 1001])
def test_deep_nesting_is_one_finding(text):
    document = read(text.encode())

    assert [p.rule for p in document.problems] == ["nesting-too-deep"]
    assert (document.readable, document.refused) == (False, True)


def test_deep_nesting_is_told_also_where_python_could_read_it():
    limit = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(20_000)
        document = read(b"[" * 1001 + b"]" * 1001)
        fine = read(b"[" * 1000 + b"]" * 1000)
    finally:
        sys.setrecursionlimit(limit)

    assert [p.rule for p in document.problems] == ["nesting-too-deep"]
    assert (fine.problems, fine.readable) == ((), True)


@given(st.binary() | st.text().map(str.encode), st.sampled_from(["", "x.avsc", "x.avdl"]))
def test_any_bytes_give_a_document(data, name):
    document = read(data, name)

    assert document.value is not NO_VALUE or document.problems
    assert document.readable in (True, False)
    told(document)
    assert document.region("/a/0", "b").line >= 1


DATA = Path(__file__).parents[1] / "conformance" / "data"
ROWS = [json.loads(line) for line in (DATA / "parser.jsonl").read_text(encoding="utf-8").splitlines()]
TEXT_ERRORS = ("com.fasterxml", "dangling content", "Cannot parse <null> schema")


def whole_schema(row):
    """The row's text; those of the deeply nested arrays are cut short in the file."""
    if "..." not in row["schema"]:
        return row["schema"]
    depth = int(row["case"].split()[2])
    return '{"type":"array","items":' * depth + '"int"' + "}" * depth


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["case"])
def test_texts_are_refused_where_java_s_json_reader_refuses_them(row):
    assert read_text(whole_schema(row)).refused is any(error in row["java"] for error in TEXT_ERRORS)
