"""A text that needs no scanner is laid out as the scanner lays it out, though only what is asked for is looked at."""

from __future__ import annotations

from hypothesis import given, strategies as st
from tests.fix.documents import texts, values

from schemagate.avsc.read import read_text
from schemagate.fix.layout import Layout, pointer_to


def _row(spot):
    return spot.name, spot.key, spot.key_end, spot.start, spot.end, pointer_to(spot)


@given(st.data())
def test_a_plain_text_is_laid_out_as_a_scanned_one(data):
    value = data.draw(values)
    text = data.draw(texts(value, commented=False))
    scanned, plain = Layout(text), Layout(text, plain=True)
    assert read_text(text).plain

    assert plain.style == scanned.style
    assert [_row(spot) for spot in plain.spots] == [_row(spot) for spot in scanned.spots]
    assert (plain.certain, plain.value, list(plain.comments)) == (True, value, [])
    for spot in scanned.spots:
        pointer = pointer_to(spot)
        assert plain.at(pointer) == scanned.at(pointer)
        assert _row(plain.find(pointer)) == _row(spot)
        places = {(spot.start, spot.end), (spot.key, spot.end), (spot.key, spot.key_end), (spot.start, spot.start + 1)}
        for place in (one for one in places if one[0] >= 0):
            assert plain.pointer_of(*place) == scanned.pointer_of(*place)
        assert plain.find(f"{pointer}/none") is scanned.find(f"{pointer}/none") is None
