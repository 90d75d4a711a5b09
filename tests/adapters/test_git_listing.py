"""A listing answers from git's own text what the same rows answer when they are taken apart."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, strategies as st

from schemagate.adapters.git_listing import Entry, Listing
from schemagate.errors import GitError

NAMES = st.lists(
    st.lists(st.sampled_from(["a", "b", "A", "é", "\t", " 0\t", "\udcff", ".avsc", "_v1", "\n", "0" * 40]), min_size=1)
    .map("/".join)
    .map(lambda name: name.replace("\0", "")),
    unique=True,
    max_size=12,
)
BLOBS = st.sampled_from([digit * 40 for digit in "0123"])
MODES = st.sampled_from(["100644", "100755"])


def raw(rows):
    """What git prints of (tag, mode, blob, path), in its order."""
    ordered = sorted(rows, key=lambda row: os.fsencode(row[3]))
    return b"".join(os.fsencode(f"{tag} {mode} {blob} 0\t{path}\0") for tag, mode, blob, path in ordered)


@st.composite
def listings(draw, tags=("H",), modes=MODES):
    rows = [(draw(st.sampled_from(tags)), draw(modes), draw(BLOBS), name) for name in draw(NAMES)]
    return rows, Listing(raw(rows))


def check(rows, listing, asked):
    expected = {path: Entry(path, blob, mode, tag == "H") for tag, mode, blob, path in rows if mode != "160000"}
    assert len(listing) == len(expected)
    for path in (*expected, *asked):
        assert listing.find(path) == expected.get(path)
        assert sorted(listing.starting(path)) == sorted(other for other in expected if other.startswith(path))
    for blobs in (("0" * 40,), ("1" * 40, "2" * 40)):
        assert sorted(listing.holding(blobs)) == sorted(p for p, entry in expected.items() if entry.blob in blobs)
    assert dict(listing.contents()) == {path: entry.blob for path, entry in expected.items()}
    assert {entry.path: entry for entry in listing.entries()} == expected
    assert listing.unwatched == {path for path, entry in expected.items() if not entry.watched}
    assert listing.links == {path for path, entry in expected.items() if entry.mode == "120000"}


@given(listings(), NAMES)
def test_regular_files_are_found_in_the_text_as_in_its_rows(drawn, asked):
    check(*drawn, [*asked, "", "a", "a\0H", "\ud800"])


@given(listings(("H", "h", "S"), st.sampled_from(["100644", "120000", "160000"])), NAMES)
def test_other_files_are_found_too(drawn, asked):
    check(*drawn, [*asked, "a"])


@given(listings(), listings())
def test_two_listings_are_the_same_where_their_rows_are(one, other):
    assert (one[1].identity == other[1].identity) == (sorted(one[0]) == sorted(other[0]))


def test_what_git_does_not_track_comes_apart_without_nested_repositories():
    listing = Listing(b"? new.avsc\0? nested/\0? a\tb.avsc\0" + raw([("H", "100644", "1" * 40, "a.avsc")]))

    assert listing.untracked == ["new.avsc", "a\tb.avsc"]
    assert [entry.path for entry in listing.entries()] == ["a.avsc"]


def test_an_empty_listing_holds_nothing():
    listing = Listing(b"")

    assert (len(listing), listing.find("a"), list(listing.starting("")), listing.entries()) == (0, None, [], [])


def test_ids_of_64_digits_are_read():
    row = ("H", "100644", "ab" * 32, "a.avsc")

    assert Listing(raw([row])).find("a.avsc") == Entry("a.avsc", "ab" * 32, "100644")


def test_a_conflict_is_told():
    rows = "".join(f"M 100644 {digit * 40} {digit}\ta.avsc\0" for digit in "123")

    with pytest.raises(GitError, match=r"a\.avsc: the merge has conflicts that are not resolved"):
        Listing(rows.encode())
