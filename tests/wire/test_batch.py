"""Kafka's record batch, as a producer would frame it."""

from __future__ import annotations

import pytest

from schemagate.wire.batch import records, varint


@pytest.mark.parametrize(
    ("number", "data"),
    [
        (0, "00"),
        (-1, "01"),
        (1, "02"),
        (63, "7e"),
        (64, "8001"),
        (-65, "8101"),
        (300, "d804"),
        (2**63 - 1, "fe" + "ff" * 8 + "01"),
    ],
)
def test_numbers_are_zigzag_varints(number, data):
    assert varint(number).hex() == data


def test_a_record_is_its_length_attributes_deltas_no_key_the_value_and_no_headers():
    first, second = "12 00 00 00 01 06 616263 00", "0e 00 14 02 01 02 78 00"

    assert records([b"abc", b"x"]).hex() == (first + second).replace(" ", "")
