"""The proof in a finding: the datum, who wrote it, what each reader makes of it, and what was run."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import fastavro
import pytest
from tests.app.scene import OPTIONAL, record, run

from schemagate.finding import Direction, Report, Witness
from schemagate.report.proof import proof

RAN = f"fastavro {fastavro.__version__}"
DECIMAL = {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}
STATUS = {"type": "enum", "name": "Status", "symbols": ["UNKNOWN", "PAID"], "default": "UNKNOWN"}


def proofs(report: Report) -> dict[str, str]:
    """Rule → the sentence."""
    return {f.rule: proof(f.witness).replace(RAN, "fastavro") for f in report.findings if f.witness is not None}


def witness(report: Report, rule: str) -> Witness:
    return next(f.witness for f in report.findings if f.rule == rule and f.witness is not None)


def changed(repo, old: str, new: str, **options: object) -> Report:
    repo.write("a.avsc", old).commit("1").branch("change").write("a.avsc", new)
    return run(repo, **options)


def field(old: object, new: object) -> tuple[str, str]:
    return record("R", v=old), record("R", v=new)


def several(items: object) -> dict:
    return {"type": "array", "items": items}


CASES = {
    "field-added-without-default": (
        (record("R", a="int"), record("R", a="int", b="int")),
        '{"a": 0} written as v1, read with this schema: no default value for field b (fastavro)',
    ),
    "field-removed-without-default": (
        (record("R", a="int", b="int"), record("R", a="int")),
        '{"a": 0} written with this schema, read with v1: no default value for field b (fastavro)',
    ),
    "field-renamed": (
        (record("R", user_id="string"), record("R", uuid="string")),
        '{"user_id": ""} written as v1, read with this schema: no default value for field uuid (fastavro)',
    ),
    "nullability-added": (
        field("string", ["null", "string"]),
        '{"v": null} written with this schema, read with v1: null is written, string expected (fastavro)',
    ),
    "decimal-scale-changed": (
        field(DECIMAL, {**DECIMAL, "scale": 4}),
        (
            '{"v": 123.45} written as v1, read with this schema: fastavro reads 123.45; '
            "Avro Java takes the reader's scale: 1.2345"
        ),
    ),
    "timestamp-unit-changed": (
        field({"type": "long", "logicalType": "timestamp-millis"}, {"type": "long", "logicalType": "timestamp-micros"}),
        (
            '{"v": "2024-01-01"} written as v1, read with this schema: fastavro reads "2024-01-01"; '
            'Avro Java takes the reader\'s unit: "1970-01-20 17:21:07.200"'
        ),
    ),
    "logical-type-changed": (
        field("long", {"type": "long", "logicalType": "timestamp-millis"}),
        (
            '{"v": 1704067200000} written as v1, read with this schema: fastavro reads 1704067200000; '
            'Avro Java takes the reader\'s logical type: "2024-01-01"'
        ),
    ),
    "string-bytes-promotion": (
        field("bytes", "string"),
        (
            '{"v": "0xff"} written as v1, read with this schema: the bytes are no UTF-8 text (fastavro); '
            'Avro Java puts U+FFFD for what is no UTF-8: "\ufffd"'
        ),
    ),
    "enum-symbol-swallowed": (
        field(several(STATUS), several({**STATUS, "symbols": ["UNKNOWN", "SETTLED"]})),
        '{"v": ["PAID"]} written as v1, read with this schema: fastavro reads "UNKNOWN"; Avro Java does the same',
    ),
    "enum-default-changed": (
        field(several(STATUS), several({**STATUS, "default": "PAID"})),
        (
            '{"v": ["NEWER"]} written with a schema that has the symbol `NEWER`, '
            'read with v1: fastavro reads "UNKNOWN", '
            'read with this schema: fastavro reads "PAID"; Avro Java does the same'
        ),
    ),
    "field-renamed-value-lost": (
        (record("R", user_name=OPTIONAL), record("R", username=OPTIONAL)),
        '{"user_name": "x"} written as v1, read with this schema: fastavro reads null; Avro Java does the same',
    ),
    "default-changed": (
        field({"type": "int", "default": 0}, {"type": "int", "default": 100}),
        (
            "{} written with a schema without `v`, read with v1: fastavro reads 0, read with this schema: "
            "fastavro reads 100; Avro Java does the same"
        ),
    ),
    "decimal-precision-reduced": (
        field({**DECIMAL, "precision": 12}, DECIMAL),
        (
            '{"v": 9999999999.99} written as v1, read with this schema: fastavro reads 9999999999.99, read with this '
            "schema and written on: the number has more digits than the type's precision (fastavro); Avro Java reads "
            "it too, and throws then: Cannot encode decimal with precision 12 as max precision 9; Avro's own Python "
            "library writes it"
        ),
    ),
    "sort-order-changed": (
        field(several(STATUS), several({**STATUS, "symbols": ["PAID", "UNKNOWN"]})),
        (
            '[{"v": ["UNKNOWN"]}, {"v": ["PAID"]}] written as v1, read with v1: Avro Java sorts them: '
            '["UNKNOWN", "PAID"], read with this schema: Avro Java sorts them: ["PAID", "UNKNOWN"]; '
            "fastavro knows no order"
        ),
    ),
    "union-reordered": (
        field(["string", "long"], ["long", "string"]),
        (
            '[{"v": {"string": ""}}, {"v": {"long": 0}}] written as v1, read with v1: Avro Java sorts them: '
            '[{"string": ""}, {"long": 0}], read with this schema: Avro Java sorts them: '
            '[{"long": 0}, {"string": ""}]; fastavro knows no order'
        ),
    ),
    "namespace-changed": (
        field(several({**STATUS, "namespace": "a"}), several({**STATUS, "namespace": "b"})),
        (
            '{"v": ["UNKNOWN"]} written as v1, read with this schema: fastavro reads "UNKNOWN"; Avro Java does the '
            "same; avsc for JavaScript refuses it: a.Status is not b.Status"
        ),
    ),
    "alias-removed": (
        field(several({**STATUS, "aliases": ["State"]}), several(STATUS)),
        (
            '{"v": ["UNKNOWN"]} written with a schema that called it `com.example.State`, read with v1: fastavro reads '
            '"UNKNOWN", read with this schema: the written type is not the expected one (fastavro); Avro Java throws: '
            "Found com.example.State, expecting com.example.Status"
        ),
    ),
    "default-removed": (
        field({"type": "int", "default": 0}, "int"),
        (
            "{} written with a schema without `v`, read with v1: fastavro reads 0, read with this schema: "
            "no default value for field v (fastavro); Avro Java does the same"
        ),
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_finding_is_proved_by_what_readers_make_of_a_datum(repo, rule):
    (old, new), sentence = CASES[rule]

    assert proofs(changed(repo, old, new))[rule] == sentence


def test_a_rounded_number_is_told_for_consumers_of_the_new_version_alone(repo):
    report = changed(repo, *field("int", "float"), against="main")

    assert proofs(report)["field-type-changed"].startswith('{"v": 0.0} written with this schema, read with v1: ')


def test_a_rounded_number_is_computed_as_java_computes_it(repo):
    repo.write("schemagate.toml", 'mode = "BACKWARD_TRANSITIVE"\n')
    old, new = field("int", "float")

    assert proofs(changed(repo, old, new))["lossy-promotion"] == (
        '{"v": 16777217} written as v1, read with this schema: fastavro reads 16777217.0; '
        "Avro Java rounds to a float: 16777216.0"
    )


def test_a_missing_symbol_is_proved_with_that_symbol(repo):
    old = {"type": "enum", "name": "S", "symbols": ["A"]}
    report = changed(repo, *field(old, {**old, "symbols": ["A", "B"]}))

    assert proofs(report)["enum-symbol-added"] == (
        '{"v": "B"} written with this schema, read with v1: com.example.S has no symbol B (fastavro)'
    )


def test_a_proof_is_for_the_finding_s_own_field_where_others_fail_first(repo):
    report = changed(repo, record("R", a="int"), record("R", a="string", b="int"))

    assert proofs(report) == {
        "field-type-changed": '{"a": 0} written as v1, read with this schema for `a` alone: '
        "int is written, string expected (fastavro)",
        "field-added-without-default": '{"a": 0} written as v1, read with this schema for `b` alone: '
        "no default value for field b (fastavro)",
    }


def test_another_namespace_of_the_whole_is_told_by_who_goes_by_full_names(repo):
    report = changed(repo, record("R", a="int"), record("org.example.R", a="int"))

    assert proofs(report)["subject-renamed"] == (
        '{"a": 0} written as v1, read with this schema: fastavro reads {"a": 0}; Avro Java does the same; '
        "avsc for JavaScript refuses it: com.example.R is not org.example.R"
    )


def test_a_field_that_sorts_the_other_way_shows_two_values(repo):
    report = changed(repo, *field("int", {"type": "int", "default": 0, "order": "descending"}))

    assert proofs(report)["sort-order-changed"] == (
        '[{"v": 1}, {"v": 2}] written as v1, read with v1: Avro Java sorts them: [1, 2], '
        "read with this schema: Avro Java sorts them: [2, 1]; fastavro knows no order"
    )


def test_what_is_in_a_map_has_no_order_to_show(repo):
    def several(items: object) -> dict:
        return {"type": "map", "values": items}

    report = changed(repo, *field(several(["string", "long"]), several(["long", "string"])))

    assert [(f.rule, f.witness) for f in report.findings if f.rule == "union-reordered"] == [("union-reordered", None)]


def test_a_type_whose_alias_is_removed_is_not_found_in_a_union_either(repo):
    def fixed(**more: object) -> dict:
        return {"type": "fixed", "name": "Hash", "size": 1, **more}

    report = changed(repo, *field(["null", fixed(aliases=["Sum"])], ["null", fixed()]))

    assert proofs(report)["alias-removed"] == (
        '{"v": "\\u0000"} written with a schema that called it `com.example.Sum`, read with v1: fastavro reads '
        '"0x00", read with this schema: the written type is not the expected one (fastavro); Avro Java throws: '
        "Found com.example.Sum, expecting com.example.Hash"
    )


def test_what_nobody_ran_is_marked_so(repo):
    found = witness(changed(repo, *field(DECIMAL, {**DECIMAL, "scale": 4})), "decimal-scale-changed")

    assert [(r.library, r.ran, r.value) for r in found.readings] == [(RAN, True, 123.45), ("Avro Java", False, 1.2345)]
    assert not found.confirmed


def test_what_fastavro_reads_and_the_checker_refuses_is_said_and_not_called_confirmed(repo):
    repo.write("schemagate.toml", 'mode = "BACKWARD_TRANSITIVE"\n')
    old = {"type": "fixed", "name": "Hash", "namespace": "org.demo", "size": 1}
    new = {"type": "fixed", "name": "HashZ", "aliases": ["Hash"], "size": 1}
    report = changed(repo, json.dumps(old), json.dumps(new))
    found = next(f.witness for f in report.findings if f.witness is not None)

    assert proof(found).replace(RAN, "fastavro") == (
        '"\\u0000" written as v1, read with this schema: fastavro reads "0x00"; Avro Java\'s checker refuses the pair'
    )
    assert not found.confirmed


def test_the_newest_version_proves_it_first(repo):
    repo.write("a.avsc", record("R", a="int")).commit("1").write("a.avsc", record("R", a="int", c=OPTIONAL)).commit("2")
    report = changed(repo, record("R", a="int", d=OPTIONAL), record("R", a="int", b="int"))

    assert proofs(report)["field-added-without-default"].startswith('{"a": 0, "d": null} written as v3')


def test_what_is_inherited_or_changes_no_value_has_no_proof(repo):
    repo.write("a.avsc", record("R", a="int")).commit("1").write("a.avsc", record("R", a="int", b="int")).commit("2")
    report = changed(repo, record("R", a="int", b="int"), record("R", b="int", a="int"))

    told = [(f.inherited, f.witness) for f in report.findings if f.rule == "field-added-without-default"]

    assert told == [(True, None)]


def test_the_json_report_carries_the_proof(repo):
    from schemagate.report.json_view import dump, load

    report = changed(repo, record("R", a="int"), record("R", a="int", b="int"))
    read = load(dump(report))

    assert read.findings[0].witness == report.findings[0].witness
    assert json.loads(dump(report))["findings"][0]["witness"]["direction"] == Direction.BACKWARD.value


def test_the_decoder_is_loaded_only_where_there_is_something_to_prove(repo):
    def loads() -> bool:
        command = [sys.executable, "-X", "importtime", "-m", "schemagate", "check", "--no-config"]
        ran = subprocess.run(command, cwd=repo.path, capture_output=True, text=True, check=False)
        assert ran.returncode in {0, 1}, ran.stderr[-2000:]
        return "fastavro" in re.findall(r"^import time:.*\| +([\w.]+)$", ran.stderr, flags=re.MULTILINE)

    wider = record("R", a="int", b=OPTIONAL)
    repo.write("a.avsc", record("R", a="int")).commit("1").branch("change").write("a.avsc", wider)

    assert loads() is False
    repo.write("a.avsc", record("R", a="string"))
    assert loads() is True


def test_of_a_long_text_the_proof_shows_the_start():
    witness = Witness({"id": "x", "digest": "\u0000" * 40}, "v1", (), path="$.digest")

    shown = '"' + "\\u0000" * 5 + '…"'
    assert proof(witness) == f'{{"digest": {shown}, …}} written with v1'
