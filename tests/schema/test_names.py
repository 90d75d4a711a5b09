"""Names inside a document and across documents."""

from __future__ import annotations

from schemagate.schema.model import Factory
from schemagate.schema.names import Definition, schema_of


def record(name, *types, **more):
    fields = [{"name": f"f{i}", "type": type_} for i, type_ in enumerate(types)]
    return {"type": "record", "name": name, "fields": fields} | more


def enum(name, *symbols, **more):
    return {"type": "enum", "name": name, "symbols": list(symbols)} | more


def told(schema):
    return [(p.rule, p.pointer, dict(p.args), p.refused) for p in schema.problems]


def index_of(factory, **documents):
    index = {}
    for document, value in documents.items():
        for name, node in schema_of(value, factory, document).types.items():
            index.setdefault(name, Definition(node, document))
    return index


def test_definitions_may_follow_their_use():
    schema = schema_of(record("R", "n.E", enum("n.E", "A")), Factory())

    assert (sorted(schema.types), schema.origins, told(schema)) == (["R", "n.E"], {}, [])


def test_an_undefined_name_is_told_where_it_is_used():
    schema = schema_of(record("R", ["null", "Nope"], namespace="n"), Factory())

    assert schema.undefined == {"n.Nope"}
    assert told(schema) == [("undefined-type", "/fields/0/type/1", {"name": "n.Nope"}, True)]


def test_a_type_of_the_null_namespace_must_come_before_its_short_name():
    before = schema_of([enum("E", "A"), record("n.R", "E")], Factory())
    after = schema_of([record("n.R", "E"), enum("E", "A")], Factory())

    assert told(before) == []
    assert told(after) == [("undefined-type", "/0/fields/0/type", {"name": "n.E"}, True)]


def test_an_equal_second_definition_passes_and_a_different_one_does_not():
    again = schema_of(record("R", enum("E", "A", "B", default="A"), enum("E", "A", "B", doc="x")), Factory())
    other = schema_of(record("R", enum("E", "A"), enum("E", "B")), Factory())
    places = {"name": "E", "first": "/fields/0/type"}

    assert told(again) == [("type-redefined", "/fields/1/type", places, False)]
    assert told(other) == [("duplicate-type", "/fields/1/type", places, True)]


def test_a_recursive_type_equals_no_second_definition():
    node = record("N", ["null", "N"])

    assert told(schema_of(record("R", node, node), Factory())) == [
        ("duplicate-type", "/fields/1/type", {"name": "N", "first": "/fields/0/type"}, True)
    ]


def test_a_name_and_its_definition_are_one_branch():
    assert told(schema_of([enum("E", "A"), "E"], Factory())) == [("duplicate-branch", "/1", {"branch": "E"}, True)]


def test_two_spellings_of_a_name_are_one_branch():
    value = record("n.R", ["R", "n.R"])

    assert told(schema_of(value, Factory())) == [("duplicate-branch", "/fields/0/type/1", {"branch": "n.R"}, True)]


def test_types_of_other_documents_come_with_all_they_need():
    factory = Factory()
    index = index_of(factory, b=record("n.B", "C", enum("n.Inner", "A")), c=record("n.C", "B", ["null", "m.D"]))
    index |= index_of(factory, d=record("m.D", "Zero"), zero=enum("Zero", "A"))
    schema = schema_of(record("n.A", "B"), factory, "a", index)

    assert told(schema) == []
    assert schema.origins == {"n.B": "b", "n.Inner": "b", "n.C": "c", "m.D": "d", "Zero": "zero"}
    assert sorted(schema.types) == ["Zero", "m.D", "n.A", "n.B", "n.C", "n.Inner"]


def test_the_document_itself_wins_over_the_index():
    factory = Factory()
    schema = schema_of(record("R", enum("E", "A"), "E"), factory, "own", index_of(factory, other=enum("E", "B")))

    assert (schema.types["E"].symbols, schema.origins, told(schema)) == (("A",), {}, [])


def test_the_index_may_hold_the_document_itself():
    factory = Factory()
    value = record("R", enum("E", "A"))

    assert schema_of(value, factory, "own", index_of(factory, own=value)).origins == {}


def test_what_another_document_lacks_is_told_at_the_use():
    factory = Factory()
    schema = schema_of(record("R", "B"), factory, "own", index_of(factory, b=record("B", "Gone")))

    assert told(schema) == [("undefined-type", "/fields/0/type", {"name": "Gone", "document": "b"}, True)]


def test_defaults_are_checked_against_types_of_other_documents():
    factory = Factory()
    value = {"type": "record", "name": "R", "fields": [{"name": "a", "type": "E", "default": 1}]}
    schema = schema_of(value, factory, "own", index_of(factory, e=enum("E", "A")))

    assert told(schema) == [("bad-default", "/fields/0", {"default": 1, "expected": "a symbol of `E`"}, True)]
