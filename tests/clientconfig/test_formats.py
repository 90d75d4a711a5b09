"""What each format's reader makes of a file: keys, values, places, and what is wrong with it."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from schemagate.clientconfig import json_text, properties_text, toml_text, yaml_text
from schemagate.clientconfig.read import FORMATS, read
from schemagate.clientconfig.values import MOST_BYTES
from schemagate.config.values import CLIENT_SUFFIXES


def values(parsed):
    return {".".join(entry.keys): entry.value for entry in parsed.entries}


def test_the_configuration_and_the_readers_know_the_same_formats():
    assert tuple(FORMATS) == CLIENT_SUFFIXES


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ("a=b", "a", "b"),
        ("a = b", "a", "b"),
        ("a:b", "a", "b"),
        ("a : b", "a", "b"),
        ("a b", "a", "b"),
        ("  a\tb=c", "a", "b=c"),
        ("a==b", "a", "=b"),
        ("a", "a", ""),
        ("a=", "a", ""),
        (r"a\ b=c", "a b", "c"),
        (r"a\=b=c", "a=b", "c"),
        (r"a=\u00e4\t\x", "a", "ä\tx"),
        (r"a=C:\\x", "a", r"C:\x"),
        ("a=one,\\\n    two", "a", "one,two"),
        ("a=one\\\r\n  two", "a", "onetwo"),
        ("a\\\n.b=c", "a.b", "c"),
    ],
)
def test_a_line_of_properties(line, key, value):
    assert values(properties_text.parse(line)) == {key: value}


def test_comments_and_blank_lines_of_properties_are_no_entries():
    parsed = properties_text.parse("# a=1\n\n  ! b=2 \\\n c=3\n")

    assert values(parsed) == {"c": "3"}
    assert parsed.comments == (((0, 5), " a=1"), ((9, 16), " b=2 \\"))


def test_places_of_properties_enclose_key_and_value_over_continuation_lines():
    text = "x=1\na.b = one\\\n  two\n"
    (_, entry) = properties_text.parse(text).entries

    assert (text[slice(*entry.key)], text[slice(*entry.place)]) == ("a.b", "one\\\n  two")


def test_of_equal_keys_the_last_counts_and_is_told():
    parsed = properties_text.parse("a=1\nb=2\na=3\n")

    assert values(parsed) == {"b": "2", "a": "3"}
    assert [(fault.key, fault.at, fault.fatal) for fault in parsed.faults] == [("a", (8, 9), False)]


def test_documents_of_spring_properties_may_repeat_a_key():
    parsed = properties_text.parse("a=1\n#---\na=2\n")

    assert [(entry.value, entry.part) for entry in parsed.entries] == [("1", 0), ("2", 1)]
    assert parsed.faults == ()


def test_a_broken_escape_of_properties_is_a_fault_at_its_place():
    (fault,) = properties_text.parse("a=1\nb=x\\u12g\n").faults

    assert (fault.at, fault.fatal) == ((7, 9), True)


def test_yaml_nests_and_dots():
    text = "a:\n  b.c: 1\n  'd': yes\n  e: [x, y]\n  f:\n    - g: ~\n---\nh: 'yes'\n"
    parsed = yaml_text.parse(text)

    assert values(parsed) == {"a.b.c": "1", "a.d": "true", "a.e": "x,y", "a.f.[0].g": "", "h": "yes"}
    assert [entry.part for entry in parsed.entries] == [0, 0, 0, 0, 1]
    assert text[slice(*parsed.entries[1].key)] == "'d'"


def test_yaml_anchors_and_merges_are_followed_and_the_own_value_wins():
    text = "base: &b {x: 1, y: 2}\nmine:\n  <<: *b\n  y: 3\nalso: *b\n"

    assert values(yaml_text.parse(text)) == {
        "base.x": "1",
        "base.y": "2",
        "mine.x": "1",
        "mine.y": "3",
        "also.x": "1",
        "also.y": "2",
    }
    assert yaml_text.parse(text).faults == ()


def test_equal_keys_of_yaml_are_told():
    (fault,) = yaml_text.parse("a:\n  b: 1\n  b: 2\n").faults

    assert (fault.key, fault.at, fault.fatal) == ("a.b", (12, 13), False)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(12)
)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a: [1", "expected `,` or `]`, but got `<stream end>`"),
        ("a: 'x", "found unexpected end of stream"),
        ("a:\n\t- b", "found character"),
        ("a: *nothing", "an alias (`*name`) without an anchor"),
        ("a: &a {b: *a}", "an alias (`*name`) without an anchor"),
        (BOMB, "aliases that stand for more than is read"),
        ("[" * 100, "more than 64 levels"),
        ("a: \x01", "a character that YAML does not allow"),
    ],
)
def test_what_yaml_refuses_and_what_is_too_much_is_one_fault(text, what):
    (fault,) = yaml_text.parse(text).faults

    assert fault.what.startswith(what)
    assert fault.fatal


def test_json_lists_strings_and_comments():
    text = '{"a": {"b.c": "x\\u0041", "d": [1, "y"], "e": [{"f": null}]} /* z */}'
    parsed = json_text.parse(text)

    assert values(parsed) == {"a.b.c": "xA", "a.e.[0].f": "", "a.d": "1,y"}
    assert [text[slice(*entry.key)] for entry in parsed.entries] == ['"b.c"', '"f"', '"d"']


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('{"a": hunter2}', "expected a JSON value"),
        ('{"a": "x"', "it ends before what was opened is closed"),
        ("", "it is empty"),
        ("[" * 2000, "it is nested too deeply"),
    ],
)
def test_what_json_refuses_is_told_without_what_the_file_holds(text, what):
    fault = json_text.parse(text).faults[0]

    assert fault.what.startswith(what)
    assert "hunter2" not in fault.what


def test_toml_tables_lists_and_places():
    text = '[a]\nb.c = true\n"d.e" = ["x", 1]\n[[f]]\ng = """\nz"""\n'
    parsed = toml_text.parse(text)

    assert values(parsed) == {"a.b.c": "true", "a.d.e": "x,1", "f.[0].g": "z"}
    assert [text[slice(*entry.place)] for entry in parsed.entries] == ["true", '["x", 1]', '"""\nz"""']


@pytest.mark.parametrize(
    ("text", "what", "at"),
    [
        ("a = 1\nb = hunter2", "invalid value", (10, 11)),
        ("a = 1\na = 2", "cannot overwrite a value", (11, 12)),
        ("a = 1" + "0" * 5000, "a value that cannot be read", (0, 0)),
        ("a." * 100 + "b = 1", "more than 64 levels", (0, 130)),
        ("a = " + "[" * 5000, "it is nested too deeply", (0, 0)),
    ],
)
def test_what_toml_refuses_is_told_at_its_place(text, what, at):
    (fault,) = toml_text.parse(text).faults

    assert (fault.what, fault.at) == (what, at)


@pytest.mark.parametrize("name", ["a.properties", "a.yml", "a.json", "a.toml"])
def test_a_file_that_is_too_large_is_not_parsed(name):
    file = read(name, b"#" * (MOST_BYTES + 1))

    assert [fault.what for fault in file.faults] == ["262,145 bytes, and at most 262,144 are read"]


def test_properties_that_are_not_utf_8_are_latin_1_and_other_formats_are_not():
    assert read("a.properties", b"key.serializer=\xe4").placed[0].setting.value == "ä"
    assert read("a.yml", b"a: \xe4").faults[0].what == "not UTF-8: the byte 0xE4"


@given(st.sampled_from(["a.properties", "a.yml", "a.json", "a.toml"]), st.binary(max_size=200))
def test_no_bytes_raise(name, data):
    file = read(name, data)

    for fault in file.faults:
        assert file.listing.region(fault.at).line >= 1


LIKELY = st.text(alphabet="ab:={}[]\"'#\\\n -.&*<!%|>,$", max_size=60)


@given(st.sampled_from(["a.properties", "a.yml", "a.json", "a.toml"]), LIKELY)
def test_no_text_raises(name, text):
    read(name, text.encode())
