"""Help is a change that was tried: applied, judged against the whole lineage, and told only where that is clean."""

from __future__ import annotations

import pytest
from tests.adapters.repos import Repo
from tests.app.scene import OPTIONAL, record, run

from schemagate.finding import Finding, Report

ENUM = {"type": "enum", "name": "Plan", "symbols": ["FREE", "PAID"]}
MORE = {**ENUM, "symbols": ["FREE", "PAID", "TRIAL"]}


def only(report: Report, rule: str) -> Finding:
    (found,) = [finding for finding in report.findings if finding.rule == rule]
    return found


def judged(repo: Repo, old: str, new: str, /, **options: object) -> Report:
    repo.write("user.avsc", old).commit("one").write("user.avsc", new)
    return run(repo, **options)


def mended(repo: Repo, finding: Finding) -> str:
    """The file with the finding's fix in it, from the structured edit alone."""
    assert finding.fix is not None
    text = (repo.path / finding.fix.path).read_bytes().decode()
    starts = [0, *(i + 1 for i, char in enumerate(text) if char == "\n")]
    for one in reversed(finding.fix.replacements):
        at = [starts[line - 1] + column - 1 for line, column in _ends(one.region)]
        text = text[: at[0]] + one.text + text[at[1] :]
    return text


def _ends(region) -> list[tuple[int, int]]:
    return [(region.line, region.column), (region.end_line, region.end_column)]


@pytest.fixture
def repo(tmp_path) -> Repo:
    return Repo(tmp_path / "repo")


def test_a_renamed_field_is_kept_and_the_new_one_added_beside_it(repo):
    report = judged(repo, record("User", user_id="string"), record("User", uuid="string"))
    finding = only(report, "field-renamed")

    assert finding.help.splitlines() == [
        "keep `user_id` as it is and add the new field beside it, nullable, without an alias",
        '{"name": "uuid", "type": ["null", "string"], "default": null}',
        "`user_id` stays as long as a version that requires it is governed; see `schemagate migrate`",
    ]
    assert mended(repo, finding) == record("User", user_id="string", uuid={"type": ["null", "string"], "default": None})


def test_where_only_old_data_matters_an_alias_is_enough(repo):
    repo.write("schemagate.toml", 'mode = "BACKWARD_TRANSITIVE"\n')
    report = judged(repo, record("User", user_id="string"), record("User", uuid="string"))

    assert only(report, "field-renamed").help == 'say that `uuid` was called `user_id`\n"aliases": ["user_id"]'


@pytest.mark.parametrize(
    ("old", "new", "rule", "helped"),
    [
        (record("U", a="int"), record("U", a="int", b="int"), "field-added-without-default", "let `b` be null"),
        (
            record("U", a="int"),
            record("U", a="int", b={"type": "array", "items": "int"}),
            "field-added-without-default",
            "let `b` be empty",
        ),
        (record("U", a="int", b="long"), record("U", a="int"), "field-removed-without-default", "keep `b`"),
        (record("U", a="int"), record("U", a="string"), "field-type-changed", "keep `a` as it was, and add"),
        (record("U", a="int"), record("U", a=["null", "int"]), "nullability-added", "keep `a` as it was, and add"),
        (record("U", a=["null", "int"]), record("U", a="int"), "nullability-removed", "leave the type of `a`"),
        (record("U", p=ENUM), record("U", p=MORE), "enum-symbol-added", "take `TRIAL` out again"),
        (record("U", p=MORE), record("U", p=ENUM), "enum-symbol-removed", "keep `TRIAL` in the enum"),
        (record("U", a="int"), record("V", a="int"), "type-renamed", "keep the name `U`"),
        (
            record("U", a={"type": "fixed", "name": "F", "size": 4}),
            record("U", a={"type": "fixed", "name": "F", "size": 8}),
            "fixed-size-changed",
            "keep `a` as it was, and add the new type beside it as `a_v2`, its type as `FV2`",
        ),
        (
            record("U", a={"type": "long", "logicalType": "timestamp-millis"}),
            record("U", a={"type": "long", "logicalType": "timestamp-micros"}),
            "timestamp-unit-changed",
            "keep `a` as it was, and add the new type beside it as `a_micros`",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value[:1] != "{" else "",
)
def test_what_the_fix_makes_is_judged_clean(repo, old, new, rule, helped):
    repo.write("schemagate.toml", '[[subjects]]\nmatch = "user.avsc"\nname = ["users"]\n')
    finding = only(judged(repo, old, new), rule)
    assert finding.help.startswith(helped), finding.help

    after = run(repo.write("user.avsc", mended(repo, finding)))

    assert [f for f in after.findings if f.against] == []


def test_a_change_that_breaks_something_else_is_not_offered(repo):
    """Without `TRIAL` in v2's reach the first two repairs of the rename break v1, so advice is all there is."""
    first = record("User", a="int", b={"type": "string"})
    repo.write("user.avsc", first).commit("one").write("user.avsc", record("User", a="int")).commit("two")
    report = run(repo.write("user.avsc", record("User", a="long")))

    assert all(f.fix is None or "beside" in f.help or "leave" in f.help for f in report.findings)


def test_a_published_version_file_gets_no_fix(repo):
    repo.write("user_v1.avsc", record("User", a="int")).commit("one")
    report = run(repo.write("user_v1.avsc", record("User", a=["string", "null"])))

    assert {finding.rule for finding in report.findings} >= {"published-version-edited", "nullable-without-default"}
    assert [finding.fix for finding in report.findings if finding.fix] == []


def test_a_shared_type_is_repaired_where_it_stands_and_judged_for_all_who_use_it(repo):
    repo.write("address.avsc", record("Address", zip="string"))
    repo.write("order.avsc", record("Order", to="Address")).write("user.avsc", record("User", home="Address"))
    repo.commit("one")
    report = run(repo.write("address.avsc", record("Address", zip="string", city="string")))
    helps = {f.subject: f.help.splitlines()[0] for f in report.findings if f.rule == "field-added-without-default"}

    assert helps == dict.fromkeys(
        ("com.example.Address", "com.example.Order", "com.example.User"), "let `city` be null where it was not written"
    )


def test_lint_tells_which_fix_is_safe(repo):
    report = judged(
        repo, record("User", a="int"), record("User", a="int", b={"type": ["string", "null"], "default": None})
    )

    assert only(report, "null-not-first-with-null-default").help == (
        'put null first; `--fix` does it\n"type": ["null", "string"]'
    )


def test_a_finding_without_a_change_that_works_keeps_its_advice(repo):
    report = judged(
        repo, record("User", a=OPTIONAL), record("User", a=OPTIONAL).replace("}", ', "order": "ignore"}', 1)
    )
    finding = only(report, "sort-order-changed")

    assert finding.fix is None
    assert finding.help.startswith("Add new symbols at the end")
