"""The public API as a notebook or another tool uses it."""

from __future__ import annotations

import doctest
import subprocess
import sys

import pytest

import schemagate
from schemagate import api
from schemagate.errors import UsageError

OLD = '{"type": "record", "name": "User", "fields": [{"name": "user_id", "type": "string"}]}'
NEW = '{"type": "record", "name": "User", "fields": [{"name": "uuid", "type": "string"}]}'


def test_the_documented_examples_are_true() -> None:
    assert doctest.testmod(api) == doctest.TestResults(failed=0, attempted=20)


def test_everything_exported_is_there_and_nothing_else() -> None:
    assert {name: hasattr(schemagate, name) for name in schemagate.__all__} == dict.fromkeys(schemagate.__all__, True)
    assert sorted(schemagate.__all__) == dir(schemagate)
    with pytest.raises(AttributeError, match="module 'schemagate' has no attribute 'nothing'"):
        schemagate.nothing  # noqa: B018


def test_importing_schemagate_loads_nothing_else() -> None:
    code = "import sys, schemagate; print(sorted(m for m in sys.modules if m.startswith('schemagate')))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert loaded.strip() == "['schemagate', 'schemagate._version']"


def test_judging_loads_neither_git_nor_the_network_nor_a_terminal_library() -> None:
    code = (
        "import sys, schemagate; schemagate.can_read('\"int\"', '\"int\"')\n"
        "print([m for m in ('fastavro', 'git', 'requests', 'rich', 'typer') if m in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert loaded.strip() == "[]"


@pytest.mark.parametrize("form", [str, str.encode, schemagate.parse], ids=["text", "bytes", "schema"])
def test_a_schema_may_be_a_text_bytes_or_parsed(form) -> None:
    result = schemagate.can_read(reader=form(NEW), writer=form(OLD))

    assert [(r.kind, r.path, r.reader_pointer) for r in result.incompatibilities] == [
        ("READER_FIELD_MISSING_DEFAULT_VALUE", "$.uuid", "/fields/0")
    ]
    assert bool(result) is result.ok is False


def test_a_verdict_prints_short_and_compares_by_content() -> None:
    first, second = schemagate.can_read(NEW, OLD), schemagate.can_read(NEW, OLD)

    assert first == second
    assert "Record(" not in repr(first)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"type": "record"', "reader:1:18: "),
        ('{"type": "enum",\n "name": "E",\n "symbols": ["A", "A"]}', "reader:3:"),
        ('\ufeff"int"', "reader:1:1: "),
        ("", "reader:1:1: "),
        ("[" * 1001 + "]" * 1001, "reader:1:1001: "),
        ({"type": "array", "items": "Nowhere"}, "reader at "),
    ],
    ids=["truncated", "duplicate", "mark", "empty", "deep", "undefined"],
)
def test_what_java_refuses_raises_with_its_place(text, place) -> None:
    with pytest.raises(schemagate.SchemaError) as caught:
        schemagate.can_read(text, '"int"')

    assert str(caught.value).startswith(place)
    assert [problem.refused for problem in caught.value.problems] == [True] * len(caught.value.problems)


def test_a_mapping_may_nest_deeper_than_a_text() -> None:
    schema: dict = {"type": "array", "items": "int"}
    for _ in range(5_000):
        schema = {"type": "array", "items": schema}

    assert schemagate.can_read(schema, schema).ok is True


def test_an_old_schema_may_use_types_from_references_in_any_order() -> None:
    zip_code = '{"type": "fixed", "name": "Zip", "size": 5}'
    address = '{"type": "record", "name": "Address", "fields": [{"name": "zip", "type": "Zip"}]}'
    order = '{"type": "record", "name": "Order", "fields": [{"name": "to", "type": "Address"}]}'
    schema = schemagate.parse(order, name="order.avsc", references=[address, zip_code])

    assert dict(schema.origins) == {"Address": "references[0]", "Zip": "references[1]"}
    assert schemagate.can_read(schema, schema).ok is True


def test_a_refused_reference_is_named() -> None:
    with pytest.raises(schemagate.SchemaError, match=r"references\[0\]:1:"):
        schemagate.parse('"int"', references=['{"type": "fixed", "name": "F"}'])


@pytest.mark.parametrize(
    ("mode", "documents"),
    [
        ("BACKWARD", [("new", "old[1]")]),
        ("FORWARD", [("old[1]", "new")]),
        ("FULL", [("new", "old[1]"), ("old[1]", "new")]),
        ("BACKWARD_TRANSITIVE", [("new", "old[0]"), ("new", "old[1]")]),
        ("FORWARD_TRANSITIVE", [("old[0]", "new"), ("old[1]", "new")]),
        ("FULL_TRANSITIVE", [("new", "old[0]"), ("old[0]", "new"), ("new", "old[1]"), ("old[1]", "new")]),
        ("NONE", []),
    ],
)
def test_each_mode_judges_its_versions_in_its_directions(mode, documents) -> None:
    result = schemagate.check_compatibility('"int"', ['"boolean"', '"string"'], mode=mode)

    assert [(r.reader_document, r.writer_document) for r in result.incompatibilities] == documents
    assert result.ok is not bool(documents)


def test_an_empty_history_accepts_anything() -> None:
    assert schemagate.check_compatibility(NEW, [], mode="FULL_TRANSITIVE") == schemagate.Compatibility(ok=True)


def test_an_unknown_mode_is_a_usage_error_that_names_the_modes() -> None:
    with pytest.raises(UsageError, match="`FUL` is no compatibility mode; expected one of BACKWARD, BACKWARD_TRANS"):
        schemagate.check_compatibility(NEW, OLD, mode="FUL")
