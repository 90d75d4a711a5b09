"""Verdicts that the conformance rows do not single out: recursion, the memo, the budget."""

from __future__ import annotations

import pytest

from schemagate.compat.solve import Memo, Solver
from schemagate.errors import UndecidedError
from schemagate.schema.model import Factory
from schemagate.schema.names import schema_of

from .schemas import enum, field, fixed, pair, reads, record


def linked(name: str, value: str) -> dict:
    return record(name, field("value", value), field("next", ["null", name], None))


@pytest.mark.parametrize(("reader", "writer", "expected"), [("long", "int", True), ("int", "long", False)])
def test_a_recursive_type_is_read_if_what_it_holds_is(reader, writer, expected) -> None:
    assert reads(linked("Node", reader), linked("Node", writer)) is expected


def account(name: str, *more: dict) -> dict:
    """An account inside which an address leads back to the account ``b.Account``."""
    return record(name, field("in", "b.Address"), field("v", "string"), *more)


@pytest.mark.parametrize("take", [[0, 1], [1, 0], [1]], ids=["as Java calls compatible", "swapped", "alone"])
def test_no_order_of_branches_makes_unreadable_recursive_data_readable(take) -> None:
    address = record("b.Address", field("up", ["null", "b.Account"]))
    writer = record("a.Account", field("in", {**address, "name": "a.Address"}), field("v", "string"))
    writer["fields"][0]["type"]["fields"] = [field("up", ["null", "a.Account"])]
    needy = account("b.Account", field("req", "int"))
    inner = {**address, "fields": [field("up", ["null", needy])]}
    branches = [
        [{**needy, "fields": [field("in", address), *needy["fields"][1:]]}, account("c.Account")],
        [{**account("c.Account"), "fields": [field("in", inner), field("v", "string")]}, "b.Account"],
    ]
    reader = {(0, 1): branches[0], (1, 0): branches[1], (1,): branches[1][:1]}[tuple(take)]

    assert reads(reader, writer) is False


def test_mutually_recursive_types_of_other_names_are_readable() -> None:
    writer = record("W.R", field("next", ["null", "W.R"]), field("v", "int"))
    other = record("B.R", field("next", ["null", "A.R"]), field("q", "int", 0))
    branches = ["null", "A.R", other]
    orders = (branches, branches[::-1], [other, "null", "A.R"])

    assert [reads(record("A.R", field("next", order)), writer) for order in orders] == [True, True, True]


def test_a_schema_whose_alias_is_a_fields_name_cannot_read_itself() -> None:
    schema = record("R", field("a", "int"), field("b", "int", aliases=["a"]))

    assert reads(schema, schema) is False


def test_an_alias_that_repeats_the_fields_own_name_is_ambiguous_as_in_java() -> None:
    schema = record("R", field("a", "int", aliases=["a"]))

    assert reads(schema, schema) is False


def test_a_branch_for_which_the_checker_throws_counts_although_another_branch_fits() -> None:
    writer = record("n.R", field("a", "int"), field("b", "int"))
    throwing = record("x.R", field("b", "int", aliases=["a"]))
    fitting = record("y.R", field("a", "int"))

    assert (reads([throwing, fitting], writer), reads([fitting, throwing], writer)) == (False, True)


def test_an_unchanged_use_of_a_type_that_changed_elsewhere_is_judged_anew() -> None:
    def schema(kind: str) -> dict:
        return record("R", field("first", record("Address", field("zip", kind))), field("second", "Address"))

    assert reads(schema("string"), schema("int")) is False


def test_one_memo_serves_schemas_in_which_a_name_means_different_types() -> None:
    factory, memo = Factory(), Memo()
    verdicts = []
    for old, new in (("int", "long"), ("string", "long"), ("int", "long")):
        writer, reader = (
            schema_of(record("R", field("a", record("A", field("x", kind))), field("b", "A")), factory)
            for kind in (old, new)
        )
        verdicts.append(Solver(reader, writer, memo).compatible())

    assert verdicts == [True, False, True]


def test_schemas_of_different_factories_are_judged_by_content() -> None:
    schema = record("R", field("a", [fixed("F", 2), enum("E", "X")]))

    assert Solver(schema_of(schema, Factory()), schema_of(schema, Factory())).compatible() is True


def test_past_the_budget_the_answer_is_undecided_with_a_reason() -> None:
    branches = [record(f"n{i}.R", field("a", ["null", f"n{(i * 7 + 1) % 40}.R"])) for i in range(40)]
    reader, writer = pair([record(f"m{i}.R", field("a", "int")) for i in range(40)], branches)

    with pytest.raises(UndecidedError, match="reader against writer: more than 500 pairs of types to compare"):
        Solver(reader, writer, budget=500).compatible()


def test_undefined_names_are_undecided_not_compatible() -> None:
    reader, writer = pair(record("R", field("a", "Nowhere")), "int")

    with pytest.raises(UndecidedError, match="reader uses names that nothing defines: Nowhere"):
        Solver(reader, writer)


def test_in_a_long_union_every_way_to_match_a_branch_is_found() -> None:
    union = [
        "null", "boolean", "double", "string", {"type": "array", "items": "long"}, {"type": "map", "values": "long"},
        fixed("x.F", 2), enum("x.E", "X"), record("x.New", aliases=["y.Old"]), record("x.R"),
    ]  # fmt: skip
    writers = [
        "int", "bytes", "null", {"type": "array", "items": "int"}, {"type": "map", "values": "string"},
        fixed("y.F", 2), fixed("x.F", 3), enum("E", "X"), record("y.Old"), record("z.Old"), record("y.R"),
    ]  # fmt: skip

    assert [reads(union, writer) for writer in writers] == [
        True, True, True, True, False, True, False, True, True, False, True,
    ]  # fmt: skip


def test_an_equal_redefinition_with_another_enum_default_is_judged_where_it_stands() -> None:
    def schema(*symbols: str) -> dict:
        return record(
            "R",
            field("strict", record("S", field("e", enum("E", *symbols)), field("again", "E"))),
            field("mild", enum("E", *symbols, default="X")),
        )

    memo = Memo()

    assert reads(schema("X"), schema("X"), memo) is True
    assert [reads(schema("X"), schema("X", "Y")), reads(schema("X", "Y"), schema("X"), memo)] == [False, True]
