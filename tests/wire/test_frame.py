"""Five bytes before a message: what serializers write is read, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from schemagate.wire.frame import MAX_ID, FrameError, pack, unpack


def test_a_message_is_a_zero_byte_the_id_and_the_data():
    assert pack(42, b"\x02a") == b"\x00\x00\x00\x00\x2a\x02a"


@given(st.integers(0, MAX_ID), st.binary(max_size=64))
def test_what_is_packed_is_unpacked(schema_id, data):
    assert unpack(pack(schema_id, data)) == (schema_id, data)


def test_a_message_without_data_is_a_message():
    """A record without fields takes no bytes."""
    assert unpack(pack(7, b"")) == (7, b"")


@pytest.mark.parametrize("schema_id", [-1, MAX_ID + 1])
def test_an_id_that_is_none_is_not_packed(schema_id):
    with pytest.raises(FrameError, match="a number from 0 to 2147483647"):
        pack(schema_id, b"")


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (b"", "at least 5 bytes, found 0"),
        (b"\x00\x00\x00\x01", "at least 5 bytes, found 4"),
        (b"\x03\x00\x00\x00\x01", "begins with 0x00, found 0x03"),
        (b"\x01" + bytes(16), "begins with 0x00, found 0x01"),
        (b"\x00\xff\xff\xff\xff", "not negative, found -1"),
    ],
)
def test_other_bytes_are_refused_with_what_they_are(message, words):
    with pytest.raises(FrameError, match=words):
        unpack(message)
