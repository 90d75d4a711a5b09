"""Which texts say the same: spelling, layout and references do not matter, everything that Avro keeps does."""

from __future__ import annotations

import json

import pytest

from schemagate.app.same import Meanings, Sayings
from schemagate.schema.bulk import VersionReader
from schemagate.schema.model import Factory
from schemagate.schema.names import Definition

ADDRESS = {"type": "record", "name": "Address", "namespace": "a", "fields": [{"name": "zip", "type": "string"}]}


def home(first, second, **extra):
    fields = [{"name": "one", "type": first}, {"name": "two", "type": second}]
    return {"type": "record", "name": "Home", "namespace": "a", "fields": fields, **extra}


@pytest.fixture
def reader():
    return VersionReader(Factory())


def read(reader, value, *others):
    index = {}
    for other in others:
        root = reader.read(json.dumps(other).encode(), "other").root
        index[root.name] = Definition(root, "other")
    return reader.read(json.dumps(value).encode(), "mine", index)


PLAIN = home(ADDRESS, "Address")
SAME = {
    "full name": (home(ADDRESS, "a.Address"), ()),
    "namespace in the name": ({**home({**ADDRESS, "name": "a.Address"}, "Address"), "namespace": "a"}, ()),
    "referenced": (home("Address", "Address"), (ADDRESS,)),
    "referenced by full name": (home("a.Address", "Address"), (ADDRESS,)),
    "order of members": (dict(reversed(PLAIN.items())), ()),
}
OTHER = {
    "doc": (home(ADDRESS, "Address", doc="d"), ()),
    "inner doc": (home({**ADDRESS, "doc": "d"}, "Address"), ()),
    "property": (home(ADDRESS, "Address", owner="x"), ()),
    "alias": (home(ADDRESS, "Address", aliases=["Old"]), ()),
    "another type of the name": (home("Address", "Address"), ({**ADDRESS, "fields": []},)),
    "order of fields": ({**PLAIN, "fields": PLAIN["fields"][:1]}, ()),
}


@pytest.mark.parametrize("case", SAME)
def test_the_same_is_found(reader, case):
    value, others = SAME[case]
    sayings = Sayings(Meanings(reader), [read(reader, "int"), read(reader, PLAIN)])

    assert sayings.find(read(reader, value, *others)) == 1


@pytest.mark.parametrize("case", OTHER)
def test_what_differs_is_not(reader, case):
    value, others = OTHER[case]
    sayings = Sayings(Meanings(reader), [read(reader, PLAIN)])

    assert sayings.find(read(reader, value, *others)) is None


def test_what_was_taken_in_later_is_found_too(reader):
    sayings = Sayings(Meanings(reader), [])

    assert sayings.find(read(reader, PLAIN)) is None
    assert (sayings.add(read(reader, PLAIN)), sayings.find(read(reader, SAME["referenced"][0], ADDRESS))) == (0, 0)


def test_a_new_doc_of_a_referenced_type_is_loosely_the_same_and_one_of_its_own_is_not(reader):
    meanings = Meanings(reader)
    held = read(reader, home("Address", "Address"), ADDRESS)
    documented = {**ADDRESS, "doc": "d"}

    assert meanings.loosely(read(reader, home("a.Address", "Address"), documented), held)
    assert not meanings.loosely(read(reader, home("Address", "Address", doc="d"), ADDRESS), held)
    assert not meanings.loosely(read(reader, home("Address", "Address"), {**ADDRESS, "fields": []}), held)
    assert not meanings.loosely(read(reader, PLAIN), read(reader, PLAIN))


def test_only_its_own_words_count_where_references_moved_on(reader):
    meanings = Meanings(reader)
    held = read(reader, home("Address", "Address"), ADDRESS)

    assert meanings.worded(read(reader, home("Address", "a.Address"), {**ADDRESS, "fields": []}), held)
    assert not meanings.worded(read(reader, home("Address", "Address", doc="d"), ADDRESS), held)
