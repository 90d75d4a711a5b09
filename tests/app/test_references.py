"""Types that one file defines and another uses: today, in the past, and when they change."""

from __future__ import annotations

import json

from hypothesis import given, strategies as st
from tests.app.scene import OPTIONAL, ledger, record, run, told

ADDRESS = record("Address", city="string")
TOWN = record("Address", city="long")
ORDER = record("Order", id="string", home="com.example.Address")


def test_a_change_to_a_shared_type_judges_every_file_that_uses_it_and_says_through_which(repo):
    repo.write("address.avsc", ADDRESS).write("order.avsc", ORDER).write("other.avsc", record("Other", id="int"))
    repo.commit("1").branch("change").write("address.avsc", TOWN)

    report = run(repo)

    assert told(report) == [
        "error field-type-changed com.example.Address $.city address.avsc:6:30 v1< v1>",
        "error field-type-changed com.example.Order $.home.city address.avsc:6:30 v1< v1>",
    ]
    assert [r.message for r in report.findings[1].related] == [
        "`com.example.Order` is judged because it uses a type of address.avsc"
    ]
    assert ledger(report) == [
        "com.example.Address address.avsc changed: v1",
        "com.example.Order order.avsc changed: v1",
    ]


def test_dependents_of_dependents_are_judged_too(repo):
    repo.write("address.avsc", ADDRESS).write("order.avsc", ORDER)
    repo.write("shipment.avsc", record("Shipment", order="com.example.Order")).commit("1")
    repo.branch("change").write("address.avsc", TOWN)

    assert told(run(repo)) == [
        "error field-type-changed com.example.Address $.city address.avsc:6:30 v1< v1>",
        "error field-type-changed com.example.Order $.home.city address.avsc:6:30 v1< v1>",
        "error field-type-changed com.example.Shipment $.order.home.city address.avsc:6:30 v1< v1>",
    ]


def test_a_reference_of_the_past_means_what_its_own_commit_defined(repo):
    repo.write("address.avsc", ADDRESS).write("order.avsc", ORDER).commit("1")
    repo.write("address.avsc", record("Address", city="string", zip=OPTIONAL)).commit("2")
    repo.write("order.avsc", record("Order", id="string", home="com.example.Address", note=OPTIONAL)).commit("3")
    repo.branch("change").write("order.avsc", record("Order", id="string", home="com.example.Address", note="string"))

    report = run(repo)

    assert ledger(report) == ["com.example.Order order.avsc changed: v1 v2 v3"]
    assert told(report) == [
        "error field-added-without-default com.example.Order $.note order.avsc:8:5 v1< v2<",
        "error nullability-removed com.example.Order $.note order.avsc:8:30 v3<",
    ]


def test_a_file_whose_reference_was_defined_by_a_later_commit_has_a_version_from_then_on(repo):
    repo.write("order.avsc", ORDER).commit("1: too early").write("address.avsc", ADDRESS).commit("2")
    repo.branch("change").write("order.avsc", record("Order", id="long", home="com.example.Address"))

    report = run(repo)

    assert ledger(report) == ["com.example.Order order.avsc changed: v1"]
    assert told(report) == ["error field-type-changed com.example.Order $.id order.avsc:6:28 v1< v1>"]


def test_a_published_file_whose_reference_nothing_ever_defined_is_a_notice(repo):
    repo.write("order.avsc", ORDER).commit("1").write("order.avsc", record("Order", id="string")).commit("2")
    repo.branch("change").write("order.avsc", record("Order", id="long"))

    report = run(repo)

    assert ledger(report) == ["com.example.Order order.avsc changed: v1"]
    assert report.findings[1].message == (
        f"the text of order.avsc in {repo.sha('main~1')[:7]} was never a schema that Avro accepts: "
        "nothing in that commit defines com.example.Address"
    )


def test_a_defining_file_that_was_renamed_in_history_is_followed(repo):
    wide = {f"line_{n}": "string" for n in range(8)}
    repo.write("address.avsc", record("Address", city="string", **wide)).write("order.avsc", ORDER).commit("1")
    repo.move("address.avsc", "types/address.avsc").commit("2")
    repo.branch("change").write("types/address.avsc", record("Address", city="long", **wide))

    assert told(run(repo)) == [
        "error field-type-changed com.example.Address $.city types/address.avsc:6:30 v1< v1>",
        "error field-type-changed com.example.Order $.home.city types/address.avsc:6:30 v1< v1>",
    ]


def test_a_defining_file_that_this_change_renames_and_edits_is_followed(repo):
    repo.write("address.avsc", ADDRESS).write("order.avsc", ORDER).commit("1").branch("change")
    repo.delete("address.avsc").write("types/address.avsc", TOWN)

    assert told(run(repo)) == [
        "error field-type-changed com.example.Address $.city types/address.avsc:6:30 v1< v1>",
        "error field-type-changed com.example.Order $.home.city types/address.avsc:6:30 v1< v1>",
    ]


def test_a_type_that_moved_into_another_file_is_followed_and_its_users_are_judged(repo):
    repo.write(
        "types.avsc",
        json.dumps(
            {"type": "record", "name": "com.example.Types", "fields": [{"name": "a", "type": json.loads(ADDRESS)}]}
        ),
    ).write("order.avsc", ORDER).commit("1").branch("change")
    repo.write("types.avsc", record("Types", a="com.example.Address")).write("address.avsc", TOWN)

    found = [line for line in told(run(repo)) if "field-type-changed" in line]

    assert found == [
        "error field-type-changed com.example.Types $.a.city address.avsc:6:30 v1< v1>",
        "error field-type-changed com.example.Order $.home.city address.avsc:6:30 v1< v1>",
    ]


def test_a_reference_that_falls_back_to_another_definition_is_judged(repo):
    repo.write("address_v1.avsc", ADDRESS).write("order.avsc", ORDER).commit("1")
    repo.write("address_v2.avsc", record("Address", city="string", zip=OPTIONAL)).commit("2")
    repo.branch("change").delete("address_v2.avsc")

    report = run(repo)

    assert told(report) == ["error published-version-removed address_v2.avsc:1:1"]
    assert ledger(report) == [
        "com.example.Address address_v1.avsc changed: v1 v2",
        "com.example.Order order.avsc changed: v1 v2",
    ]


def test_a_new_version_file_of_a_shared_type_judges_its_users(repo):
    repo.write("address_v1.avsc", ADDRESS).write("order.avsc", ORDER).commit("1")
    repo.branch("change").write("address_v2.avsc", TOWN)

    assert told(run(repo)) == [
        "error field-type-changed com.example.Address $.city address_v2.avsc:6:30 v1< v1>",
        "error field-type-changed com.example.Order $.home.city address_v2.avsc:6:30 v1< v1>",
    ]


def test_an_old_version_file_means_the_types_of_the_tree_that_published_it(repo):
    repo.write("address.avsc", ADDRESS).write("order_v1.avsc", ORDER).commit("1")
    repo.write("order_v2.avsc", record("Order", id="string", home={**OPTIONAL})).commit("2: a break, accepted")
    repo.delete("address.avsc").commit("3: nobody uses it")
    repo.branch("change").write("order_v2.avsc", record("Order", id="string", home={**OPTIONAL}) + "\n")

    report = run(repo, everything=True)

    assert [line for line in told(report) if not line.startswith("inherited")] == []
    assert ledger(report) == ["com.example.Order order_v2.avsc unchanged: v1 v2"]


def test_a_deleted_shared_type_is_told_where_it_is_used(repo):
    repo.write("address.avsc", ADDRESS).write("order.avsc", ORDER).commit("1").branch("change").delete("address.avsc")

    report = run(repo)

    assert told(report) == [
        "error published-schema-deleted address.avsc:1:1",
        "error undefined-type #/fields/1/type order.avsc:7:30",
    ]


def test_a_break_in_a_nested_type_of_another_file_is_placed_exactly(repo):
    nested = (
        '{"type": "record", "name": "Types", "namespace": "com.example", "fields": [\n'
        '  {"name": "a", "type": ["null",\n'
        '    {"type": "record", "name": "Address", "fields": [\n'
        '      {"name": "city", "type": "%s"}]}], "default": null}]}\n'
    )
    repo.write("types.avsc", nested % "string").write("order.avsc", ORDER).commit("1")
    repo.branch("change").write("types.avsc", nested % "long")

    assert told(run(repo)) == [
        "error field-type-changed com.example.Types $.a.city types.avsc:4:32 v1< v1>",
        "error field-type-changed com.example.Order $.home.city types.avsc:4:32 v1< v1>",
    ]


def test_a_compatible_change_in_a_nested_type_of_another_file_is_placed_exactly(repo):
    nested = (
        '{"type": "record", "name": "Types", "namespace": "com.example", "fields": [\n'
        '  {"name": "a", "type": ["null",\n'
        '    {"type": "record", "name": "Address", "fields": [\n'
        '      {"name": "city", "type": "string", "default": "%s"}]}], "default": null}]}\n'
    )
    repo.write("types.avsc", nested % "Rome").write("order.avsc", ORDER).commit("1")
    repo.branch("change").write("types.avsc", nested % "Oslo")

    found = [line for line in told(run(repo)) if "default-changed" in line]

    assert [line.rsplit(" v1", 2)[0].split(" ", 1)[1] for line in found] == [
        "default-changed com.example.Types $.a.city types.avsc:4:53",
        "default-changed com.example.Order $.home.city types.avsc:4:53",
    ]


def test_two_definitions_of_one_name_are_told_at_both_places(repo):
    repo.write("a.avsc", ADDRESS).write("b.avsc", TOWN).write("order.avsc", ORDER)

    report = run(repo)
    found = {f.rule: f for f in report.findings if f.rule in ("duplicate-definition", "ambiguous-reference")}

    assert [line for line in told(report) if "file-name" not in line] == [
        "error ambiguous-reference #/fields/1/type order.avsc:7:30",
        "warning duplicate-definition # b.avsc:3:11",
    ]
    assert [(r.region.path, r.region.line) for r in found["duplicate-definition"].related] == [("a.avsc", 3)]
    assert [(r.region.path, r.region.line) for r in found["ambiguous-reference"].related] == [
        ("a.avsc", 3),
        ("b.avsc", 3),
    ]


def test_a_second_definition_is_told_where_an_untouched_file_uses_the_name(repo):
    repo.write("address.avsc", ADDRESS).write("order.avsc", ORDER).commit("1").branch("change").write("b.avsc", TOWN)

    found = [line for line in told(run(repo)) if "file-name" not in line and "subject" not in line]

    assert found == [
        "error ambiguous-reference #/fields/1/type order.avsc:7:30",
        "warning duplicate-definition # b.avsc:3:11",
    ]


def test_files_that_need_each_other_are_told_with_both_places(repo):
    repo.write("customer.avsc", record("Customer", id="string")).commit("1").branch("change")
    repo.write("order.avsc", record("Order", buyer="com.example.Customer"))
    repo.write(
        "customer.avsc", record("Customer", id="string", last={"type": ["null", "com.example.Order"], "default": None})
    )

    report = run(repo)

    assert told(report) == ["error reference-cycle #/fields/1/type/1 customer.avsc:7:39"]
    assert [(r.region.path, r.region.line) for r in report.findings[0].related] == [("order.avsc", 6)]


def test_an_undefined_name_is_told_where_it_is_used(repo):
    repo.write("order.avsc", ORDER)

    assert told(run(repo)) == ["error undefined-type #/fields/1/type order.avsc:7:30"]


def test_a_shared_file_has_no_subject_and_judges_its_users(repo):
    repo.write("schemagate.toml", '[[subjects]]\nmatch = "types/*"\nshared = true\n')
    repo.write("types/address.avsc", ADDRESS).write("order.avsc", ORDER).commit("1")
    repo.branch("change").write("types/address.avsc", TOWN)

    report = run(repo)

    assert told(report) == ["error field-type-changed com.example.Order $.home.city types/address.avsc:6:30 v1< v1>"]
    assert ledger(report) == ["com.example.Order order.avsc changed: v1"]


def test_an_untouched_user_of_a_changed_type_is_not_linted(repo):
    repo.write("address.avsc", ADDRESS).write("order.avsc", record("Order", Id="string", a_b="com.example.Address"))
    repo.commit("1").branch("change").write("address.avsc", record("Address", city="string", zip=OPTIONAL))

    assert told(run(repo)) == []


@given(names=st.permutations(["a", "b", "c", "d"]))
def test_the_names_and_the_order_of_files_never_matter(names):
    from schemagate.config import version_of
    from schemagate.schema.model import Factory
    from schemagate.workspace import Source, load

    texts = [
        ADDRESS,
        ORDER,
        record("Shipment", order="com.example.Order", to="com.example.Address"),
        record("Lost", what="com.example.Nothing"),
    ]
    sources = [Source(f"{name}.avsc", text.encode()) for name, text in zip(names, texts, strict=True)]
    files = dict(zip([f"{name}.avsc" for name in names], ["address", "order", "shipment", "lost"], strict=True))
    loaded = load(sources, Factory(), version_of)

    assert {files[path]: sorted(files[other] for other in loaded.dependencies(path)) for path in loaded.schemas} == {
        "address": [],
        "order": ["address"],
        "shipment": ["address", "order"],
    }
    assert [(files[p.document], p.problem.rule) for p in loaded.problems] == [("lost", "undefined-type")]


def test_a_name_that_nothing_defines_is_one_finding_however_often_it_is_used(repo):
    repo.write("flags.avsc", record("Flags", a="int8", b=["null", "int8"], c="Other", d="int8"))

    report = run(repo)

    assert [line for line in told(report) if "undefined" in line] == [
        "error undefined-type #/fields/0/type flags.avsc:6:27",
        "error undefined-type #/fields/2/type flags.avsc:8:27",
    ]
    first = next(f for f in report.findings if f.rule == "undefined-type")
    assert [(r.message, r.region.line) for r in first.related] == [
        ("`com.example.int8` is also used here and in 1 more place", 7)
    ]
    assert first.help.startswith("If a type of Avro's own is meant, write `int`. ")


def test_a_file_that_repeats_types_of_many_files_is_one_finding(repo):
    def copies(name, *types):
        fields = {t.lower(): {"type": "record", "name": t, "fields": []} for t in types}
        return record(name, **fields)

    repo.write("a.avsc", copies("A", "Address")).write("b.avsc", copies("B", "Bank", "Basket"))
    repo.write("c.avsc", copies("C", "Address", "Bank", "Basket"))

    found = [f for f in run(repo).findings if f.rule == "duplicate-definition"]

    assert [(f.severity.label, f.message) for f in found] == [
        ("notice", "`com.example.Address` and 2 more types are also defined in a.avsc and 1 more file")
    ]
