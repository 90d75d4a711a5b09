"""Changes in a document's own text: what they mean, and that nothing else moves."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from tests.fix.documents import changes, meant, texts, values

from schemagate.avsc.read import read
from schemagate.avsc.scan import scan
from schemagate.fix.layout import Layout
from schemagate.fix.values import Arrange, Drop, Insert, Offer, Op, Put, Rewrite, Swap, Wrap
from schemagate.fix.write import applied, splices
from schemagate.schema.model import freeze

USER = """\
{
  "type": "record", "name": "User", // the person
  "fields": [
    {"name": "id", "type": "string"}, // first
    {
      "name": "email",
      "type": ["string", "null"] // last
    }
  ]
}
"""


def changed(text: str, *ops: object) -> str | None:
    data = applied(text.encode(), Offer("", ops))  # type: ignore[arg-type]
    return None if data is None else data.decode()


def lines_of(text: str, *ops: object) -> list[str]:
    """The lines that differ, ``-`` before and ``+`` after."""
    new = changed(text, *ops)
    assert new is not None
    before, after = text.splitlines(), new.splitlines()
    while before and after and before[0] == after[0]:
        del before[0], after[0]
    while before and after and before[-1] == after[-1]:
        del before[-1], after[-1]
    return [*(f"-{line}" for line in before), *(f"+{line}" for line in after)]


@given(st.data())
def test_a_change_means_what_it_says_and_keeps_every_comment(data):
    value = data.draw(values)
    text = data.draw(texts(value))
    op = data.draw(changes(value))
    document = read(text.encode())
    assert freeze(document.value) == freeze(value)

    new = applied(text.encode(), Offer("", (op,)))

    assert new is not None
    told = read(new)
    assert freeze(told.value) == freeze(meant(value, op))
    assert sorted(c.text for c in scan(new.decode()).comments) == sorted(_comments_beside(text, op))


def _comments_beside(text: str, op: Op) -> list[str]:
    """The comments of a text, but those inside what the change replaces or takes away."""
    layout = Layout(text)
    spot = layout.find(op.pointer) if isinstance(op, Swap | Drop | Put) else None  # type: ignore[union-attr]
    if spot is not None and isinstance(op, Put):
        spot = spot.member(op.key)
    start, end = (-1, -1) if spot is None else (spot.begin if isinstance(op, Drop) else spot.start, spot.end)
    return [comment.text for comment in layout.tree.comments if not start <= comment.start < end]


@given(st.data())
def test_what_a_change_does_not_touch_stays_to_the_byte(data):
    value = data.draw(values)
    text = data.draw(texts(value))
    op = data.draw(changes(value))
    found = splices(Layout(text), (op,))
    assert found is not None

    new = applied(b"\xef\xbb\xbf" + text.encode(), Offer("", (op,)))

    assert new is not None
    assert new.startswith(b"\xef\xbb\xbf")
    rest = new[3:].decode()
    for before, splice in zip([0, *(one.end for one in found)], found, strict=False):
        kept = text[before : splice.start]
        assert rest.startswith(kept)
        assert rest[len(kept) :].startswith(splice.text)
        rest = rest[len(kept) + len(splice.text) :]
    assert rest == text[found[-1].end :] if found else rest == text


def test_a_member_follows_its_neighbours_on_one_line():
    assert lines_of(USER, Put("/fields/0", "default", None)) == [
        '-    {"name": "id", "type": "string"}, // first',
        '+    {"name": "id", "type": "string", "default": null}, // first',
    ]


def test_a_member_gets_a_line_of_its_own_where_its_neighbours_have_one_and_comments_stay_with_theirs():
    assert lines_of(USER, Put("/fields/1", "default", None)) == [
        '-      "type": ["string", "null"] // last',
        '+      "type": ["string", "null"], // last',
        '+      "default": null',
    ]
    assert lines_of(USER, Put("", "namespace", "com.example", ("type", "name"))) == [
        '+  "namespace": "com.example",',
    ]


def test_an_element_is_laid_out_as_the_one_it_follows():
    row = {"name": "age", "type": "int"}

    assert lines_of(USER, Insert("/fields", 1, (row,))) == ['+    {"name": "age", "type": "int"},']
    assert lines_of(USER, Insert("/fields", 2, (row,))) == [
        "+    },",
        "+    {",
        '+      "name": "age",',
        '+      "type": "int"',
    ]


def test_branches_change_places_and_a_type_becomes_a_union_where_they_stand():
    assert lines_of(USER, Arrange("/fields/1/type", (1, 0)))[1:] == ['+      "type": ["null", "string"] // last']
    assert lines_of(USER, Wrap("/fields/0/type", ("null",)))[1:] == [
        '+    {"name": "id", "type": ["null", "string"]}, // first'
    ]


def test_an_element_goes_with_its_line_and_leaves_its_comment():
    assert lines_of(USER, Drop("/fields/1"))[-1:] == ['+    {"name": "id", "type": "string"} // first']
    assert lines_of(USER, Drop("/fields/1/type/0"))[1:] == ['+      "type": ["null"] // last']
    assert lines_of('{\n  "a": 1,\n  "b": 2\n}\n', Drop("/a")) == ['-  "a": 1,']


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_new_line_ends_as_the_others_do(newline):
    text = '{\n\t"name" : "x",\n\t"type" : "int"\n}'.replace("\n", newline)

    assert changed(text, Put("", "default", {"a": [1]})) == text.replace(
        '"int"', f'"int",{newline}\t"default" : {{"a" : [1]}}'
    )


def test_a_minified_document_stays_minified():
    assert changed('{"a":[1,2],"b":{}}', Put("", "c", [1, {"d": 2}]), Put("/b", "x", 1)) == (
        '{"a":[1,2],"b":{"x":1},"c":[1,{"d":2}]}'
    )


def test_a_change_that_does_not_fit_is_not_made():
    assert changed(USER, Put("/nowhere", "a", 1)) is None
    assert changed(USER, Put("/fields", "a", 1)) is None
    assert changed(USER, Insert("/fields", 7, (1,))) is None
    assert changed(USER, Arrange("/fields", (0,))) is None
    assert changed(USER, Swap("/name", "A"), Swap("/name", "B")) is None
    assert changed(USER, Rewrite(0, 9, ""), Rewrite(5, 12, "")) is None


def test_a_file_in_another_encoding_keeps_it_unless_that_is_what_changes():
    data = '\ufeff{"name": "é"}'.encode("utf-16-le")

    assert applied(data, Offer("", (Put("", "a", 1),))) == '\ufeff{"name": "é", "a": 1}'.encode("utf-16-le")
    assert applied(data, Offer("", utf8=True)) == '{"name": "é"}'.encode()
    assert applied(b"\xef\xbb\xbf{}", Offer("", bare=True)) == b"{}"
