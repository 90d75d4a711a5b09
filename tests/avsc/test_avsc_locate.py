"""Places in plain JSON: found lazily, and exactly where a scan of the whole text finds them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from schemagate.avsc import locate
from schemagate.avsc.locate import Locator
from schemagate.avsc.read import read, read_text
from schemagate.avsc.scan import scan
from schemagate.avsc.strict import strict
from schemagate.avsc.tree import NO_VALUE
from schemagate.finding import Region

NAMES = st.text(st.sampled_from('ab01/~"\\é\u2028😀\n{[:,'), max_size=3)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | NAMES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
SPACE = st.sampled_from(["", " ", "\n", "\r\n\t "])
SPARE_STEPS = ["", "0", "1", "9", "01", "-1", "a", "x", "é", "~1", "~0", "٣"]


@st.composite
def texts(draw):
    """A JSON text with white space anywhere and, now and then, two members of one name."""
    pad = draw(SPACE)
    text = json.dumps(
        draw(VALUES), ensure_ascii=draw(st.booleans()), separators=(f"{pad},{draw(SPACE)}", f"{draw(SPACE)}:{pad}")
    )
    if draw(st.booleans()):
        text = f'{{"a": {text},{pad}"b": [1, {text}], "{draw(st.sampled_from("abc"))}"{pad}: {text}}}'
    return draw(SPACE) + text + draw(SPACE)


def escaped(step):
    return str(step).replace("~", "~0").replace("/", "~1")


def pointers(value, pointer=""):
    yield pointer
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in members:
        yield from pointers(inner, f"{pointer}/{escaped(step)}")


def asked(value):
    """Every pointer there is, and missing members, elements and ancestors of each."""
    for pointer in pointers(value):
        yield pointer, ""
        for spare in SPARE_STEPS:
            yield f"{pointer}/{spare}", ""
            yield f"{pointer}/{spare}/0", "a"
            yield pointer, spare


def answers(places, question):
    return places.span(*question), places.key_span(*question), places.entry_span(*question)


@given(texts(), st.randoms(use_true_random=False))
def test_the_places_of_every_pointer_are_those_of_a_scan(text, random):
    """In any order, since each answer leaves something behind; duplicate names are asked of the document's tree."""
    document, tree = read_text(text), scan(text)
    questions = list(asked(tree.value))
    random.shuffle(questions)

    assert isinstance(document.places, Locator) == (strict(text) is not NO_VALUE)
    assert [answers(document.places, q) for q in questions] == [answers(tree, q) for q in questions]


@given(texts())
def test_the_places_are_the_same_when_a_tree_took_over(text):
    tree = scan(text)
    if strict(text) is NO_VALUE:
        return
    exhausted = Locator(text)
    exhausted._left = -1

    assert [answers(exhausted, q) for q in asked(tree.value)] == [answers(tree, q) for q in asked(tree.value)]


def test_numbers_of_a_thousand_digits_and_broken_pairs_are_skipped():
    text = '{"n": ' + "9" * 1000 + ', "f": -0.0e-99, "s": "\\ud800", "z": {"k": []}}'
    at = text.index("[]")

    assert Locator(text).span("/z", "k") == (at, at + 2)
    assert Locator(text).key_span("/z", "k") == (at - 5, at - 2)
    assert Locator(text).entry_span("/z/k") == (at - 5, at + 2)


def test_nothing_behind_the_answer_is_read():
    """The text is cut off after what is asked for, so that reading on would show."""
    whole = '{"a": [1, {"b": "x"}, 2], "c": 3}'
    cut = whole[: whole.index("}, 2")]

    assert Locator(cut).span("/a/1", "b") == Locator(whole).span("/a/1", "b") == (16, 19)


@pytest.fixture
def scans(monkeypatch):
    """The texts for which a locator gave up: those that it would have skipped through too often."""
    texts = []

    def counted(text):
        texts.append(text)
        return scan(text)

    monkeypatch.setattr(locate, "scan", counted)
    return texts


def test_many_questions_to_a_deep_document_stay_cheap(scans):
    """Each level skips all that stands before its inner one; a tree takes over before that becomes quadratic."""
    depth, load = 900, json.dumps("x" * 1000)
    text = f"[{load}," * depth + "0" + "]" * depth
    document = read(text.encode())
    regions = [document.region("/1" * level) for level in range(depth)]

    assert not document.problems
    assert regions == [Region("", 1, level * 1004 + 1, 1, len(text) - level + 1) for level in range(depth)]
    assert scans == [text]


def test_a_wide_document_is_walked_once(scans):
    count = 20_000
    text = json.dumps({"fields": [{"name": f"f{i}"} for i in range(count)]})
    document = read(text.encode())
    spans = [document.places.span(f"/fields/{i}", "name") for i in reversed(range(count))]

    assert [text[slice(*span)] for span in spans] == [f'"f{i}"' for i in reversed(range(count))]
    assert scans == []


def test_a_released_document_keeps_all_but_its_value():
    for text in ('{"type": "record", "name": 1}', '{"type": "int"} // x', '// x\n{"type": "record", "name": 1}'):
        document, kept = read(text.encode(), "a.avsc"), read(text.encode(), "a.avsc")
        document.release()

        assert document.value is NO_VALUE
        assert (document.readable, document.refused) == (kept.readable, kept.refused)
        assert (document.problems, document.comments) == (kept.problems, kept.comments)
        assert document.region("", "name") == kept.region("", "name")


def test_plain_json_with_slashes_has_no_comments():
    document = read(b'{"doc": "see https://example.com /* there */"}')

    assert (document.comments, isinstance(document.places, Locator)) == ((), True)
