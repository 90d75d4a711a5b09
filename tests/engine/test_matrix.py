"""Every version against every other: who reads whom, and why not."""

from __future__ import annotations

from tests.rules.lineages import decimal, enum, field, record, schemas

from schemagate.config import Settings
from schemagate.engine.lineage import Version
from schemagate.engine.matrix import Level, matrix
from schemagate.engine.tell import Grades
from schemagate.finding import Severity, VersionId


def drawn(*texts, **severities):
    versions = [Version(VersionId(f"v{n}"), schema) for n, schema in enumerate(schemas(*texts), 1)]
    return matrix(versions, "a.avsc", Grades(Settings(), severities))


def signs(found) -> list[str]:
    """A row a reader: `.` reads, `!` may misread, `x` cannot read, `?` undecided."""
    return ["".join(".!x?"[found.of(r, w).level] for w in range(len(found.rows))) for r in range(len(found.rows))]


def why(found, reader: int, writer: int) -> list[tuple[str, str, str]]:
    reasons = (found.reasons[number] for number in found.of(reader, writer).reasons)
    return [(reason.path, reason.text, reason.rule) for reason in reasons]


def test_a_field_with_a_default_is_read_both_ways_and_one_without_is_not():
    plain, more = record(field("int", "a")), record(field("int", "a"), field("int", "b"))
    found = drawn(plain, record(field("int", "a"), field("int", "c", default=0)), more)

    assert signs(found) == ["...", "...", "xx."]
    assert why(found, 2, 0) == [("$.b", "no `b`, no default", "field-added-without-default")]


def test_each_direction_has_reasons_of_its_own():
    found = drawn(record(field("string", "user_id")), record(field("string", "uuid")))

    assert signs(found) == [".x", "x."]
    assert why(found, 0, 1) == [("$.user_id", "no `user_id`, no default", "field-removed-without-default")]
    assert why(found, 1, 0) == [("$.uuid", "no `uuid`, no default", "field-added-without-default")]


def test_what_is_decoded_as_something_else_is_unsafe_and_a_break_beside_it_weighs_more():
    one = record(field(decimal(9, 2), "price"), field(enum("A"), "kind"))
    two = record(field(decimal(9, 4), "price"), field(enum("A", "B"), "kind"))
    found = drawn(one, two)

    assert signs(found) == [".x", "!."]
    levels = {found.reasons[number].rule: found.reasons[number].level for number in found.of(0, 1).reasons}
    assert levels == {"decimal-scale-changed": Level.UNSAFE, "enum-symbol-added": Level.BROKEN}


def test_the_configuration_grades_what_is_unsafe_as_the_gate_does():
    texts = record(field(decimal(9, 2), "price")), record(field(decimal(9, 4), "price"))

    assert signs(drawn(*texts, **{"decimal-scale-changed": Severity.NOTICE})) == ["..", ".."]


def test_versions_are_compared_with_each_other_and_not_only_with_their_neighbours():
    gone = [
        record(field("int", "a"), *more)
        for more in ([field("int", "b", default=0)], [], [field("string", "b", default="")])
    ]

    assert signs(drawn(*gone)) == ["..x", "...", "x.."]


def test_equal_verdicts_and_reasons_are_kept_once():
    found = drawn(*[record(field("int", "a"))] * 3, record(field("int", "b")))

    assert [verdict.level for verdict in found.verdicts] == [Level.FINE, Level.BROKEN, Level.BROKEN]
    assert len(found.reasons) == 2
