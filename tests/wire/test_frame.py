"""Five bytes before a message, or seventeen in a header: what serializers write is read, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from schemagate.wire.frame import MAX_ID, FrameError, pack, pack_guid, unpack, unpack_guid

GUID = "03f12125-0e8f-e0b8-3e84-a1ee2bdbbfca"


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


def test_a_guid_travels_in_a_header():
    header = pack_guid(GUID)

    assert header.hex() == "01" + GUID.replace("-", "")
    assert unpack_guid(header) == GUID
    assert pack_guid(GUID.replace("-", "").upper()) == header


@pytest.mark.parametrize("guid", ["", "03f1", GUID[:-1] + "g", GUID + "00", " ".join(GUID)])
def test_a_guid_that_is_none_is_not_packed(guid):
    with pytest.raises(FrameError, match="32 hexadecimal digits"):
        pack_guid(guid)


@pytest.mark.parametrize(
    ("header", "words"), [(b"\x01", "17 bytes, found 1"), (bytes(17), "begins with 0x01, found 0x00")]
)
def test_a_header_that_holds_no_guid_is_refused(header, words):
    with pytest.raises(FrameError, match=words):
        unpack_guid(header)
