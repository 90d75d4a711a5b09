"""Bytes become text; offsets become lines and columns."""

from __future__ import annotations

import pytest

from schemagate.avsc.text import Lines, decode
from schemagate.finding import Problem


@pytest.mark.parametrize(
    ("codec", "mark"),
    [
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-32-le", b"\xff\xfe\x00\x00"),
        ("utf-32-be", b"\x00\x00\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-32-le", b""),
        ("utf-32-be", b""),
    ],
)
def test_utf_16_and_32_are_read_as_java_reads_them_and_told(codec, mark):
    decoded = decode(mark + '{"ä": 1}'.encode(codec))

    assert (decoded.text, decoded.bom, decoded.encoding) == ('{"ä": 1}', mark != b"", codec)
    args = {"expected": "UTF-8", "found": codec.upper()}
    assert decoded.problems == (Problem("wrong-encoding", args, span=(0, 1), refused=False),)


def test_a_utf_8_mark_is_told_and_takes_no_column():
    decoded = decode(b'\xef\xbb\xbf"int"')

    assert (decoded.text, decoded.bom) == ('"int"', True)
    assert decoded.problems == (Problem("byte-order-mark", span=(0, 1), refused=False),)


def test_the_first_byte_that_is_no_utf_8_is_told_at_its_code_point():
    decoded = decode("é\n".encode() + b'"\xe4"')

    assert decoded.text == 'é\n"\N{REPLACEMENT CHARACTER}"'
    args = {"expected": "UTF-8", "found": "the byte 0xE4"}
    assert decoded.problems == (Problem("wrong-encoding", args, span=(3, 4)),)


def test_plain_utf_8_has_nothing_to_tell():
    assert decode("ä".encode()).problems == ()


def test_lf_crlf_and_cr_each_end_one_line_and_columns_count_code_points():
    lines = Lines("a\nb\r\nc\r😀d")

    assert [lines.position(offset) for offset in (0, 1, 2, 3, 5, 7, 8, 9, 99, -1)] == [
        (1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (4, 1), (4, 2), (4, 3), (4, 3), (1, 1),
    ]  # fmt: skip
    assert [lines.line_text(line) for line in range(6)] == ["", "a", "b", "c", "😀d", ""]


def test_an_empty_text_has_one_empty_line():
    lines = Lines("")

    assert (lines.position(0), lines.line_text(1)) == ((1, 1), "")
