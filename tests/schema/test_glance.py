"""What is seen of a document at a glance holds all that reading it whole finds."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from schemagate.avsc.read import MAX_BYTES, read
from schemagate.schema.build import build
from schemagate.schema.glance import glance
from schemagate.schema.model import Factory, short_name
from schemagate.workspace import own_definitions

NAMES = st.sampled_from(["A", "B", "x.A", "y.B", "int", "", "ü"])
SPACES = st.sampled_from(["x", "y.z", "", None])
TYPES = st.recursive(
    st.sampled_from(["string", "null", "A", "x.A", "record"]) | NAMES.filter(bool),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.builds(lambda items: {"type": "array", "items": items}, inner)
        | st.builds(lambda values: {"type": "map", "values": values}, inner)
        | st.builds(lambda kind: {"type": kind}, inner)
        | st.builds(
            lambda kind, name, space, fields: {
                "type": kind,
                "name": name,
                **({"namespace": space} if space != "y.z" else {}),
                "fields": [{"name": f"f{n}", "type": field} for n, field in enumerate(fields)],
                "symbols": ["S"],
                "size": 2,
            },
            st.sampled_from(["record", "error", "enum", "fixed"]),
            NAMES,
            SPACES,
            st.lists(inner, max_size=3),
        )
    ),
    max_leaves=12,
)


def read_whole(data: bytes):
    document = read(data)
    return build(document.value, Factory()).root if document.readable else None


@given(TYPES)
def test_no_name_that_is_defined_or_used_is_missed(value):
    data = json.dumps(value).encode()
    seen, root = glance(data), read_whole(data)

    if root is not None and seen is not None:
        defines = {named.name for named in own_definitions(root)}
        assert defines <= seen.defines
        assert {name for free in root.free for name in (free, short_name(free)) if name} <= seen.uses | seen.defines


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "record", "name": "A", // why\n "fields": []}',
        '/* "type": { */ {"type": "record", "name": "x.A", "namespace": "y", "fields": []}',
        '{"type": "record", "name": "A", "doc": "http://x /* y", "fields": []}',
        '{"type": "record", "n\\u0061me": "A", "fields": []}',
    ],
)
def test_comments_and_spellings_do_not_hide_a_name(text):
    seen, root = glance(text.encode()), read_whole(text.encode())

    assert (seen.name, seen.defines) == (root.name, {root.name})


@pytest.mark.parametrize(
    "data",
    [
        b'{"type": "record", "name": "A", "fields": [',
        b'{"type": "record", "name": 5, "fields": []}',
        b'\xef\xbb\xbf{"type": "record", "name": "A", "fields": []}',
        '{"type": "record", "name": "A", "fields": []}'.encode("utf-16"),
        b'{"type": "record", "name": "\xff", "fields": []}',
        b"[" * 100_000,
        b" " * (MAX_BYTES + 1),
    ],
    ids=["cut", "a number for a name", "byte order mark", "utf-16", "no utf-8", "deep", "large"],
)
def test_what_no_glance_understands_is_left_to_reading(data):
    assert glance(data) is None


@given(st.binary(max_size=40))
def test_any_bytes_are_looked_at(data):
    glance(data)
