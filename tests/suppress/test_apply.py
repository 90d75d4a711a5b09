"""What is taken out of a run, what stays, and which acceptances are stale."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace as changed

import pytest
from msgspec.structs import replace

from schemagate.config import Waiver
from schemagate.finding import Against, Direction, Finding, Provenance, Region, Severity, Suppressed, VersionId
from schemagate.suppress import Allow, Applied, Remark, Scope, apply, covers

TODAY = dt.date(2026, 6, 1)


def version(number: int, *published: Provenance) -> VersionId:
    return VersionId(f"v{number}", published)


def git(commit: str, date: str) -> Provenance:
    return Provenance("git", f"main@{commit[:7]}", "a.avsc", commit, date)


V1 = version(1, git("4f2c1aa" + "0" * 33, "2026-01-05T09:00:00+00:00"))
V2 = version(2, git("9b1d2c3" + "0" * 33, "2026-03-01T23:30:00+02:00"), Provenance("registry", "registry 2"))
V3 = version(3, Provenance("registry", "registry 3"))

FINDING = Finding(
    "field-renamed",
    Severity.ERROR,
    "`user_id` became `uuid`",
    "users-value",
    "$.uuid",
    location=Region("a.avsc", 9, 5, 9, 21),
    fingerprint="3f9c1a22b7d0",
)
BREAKS = tuple(Against(v, direction) for v in (V1, V2, V3) for direction in Direction)


MET = ("waiver 7 3f9c1a22b7d0",)
"""The waiver below as what met a finding."""


def waiver_with(**changes: object) -> Waiver:
    return changed(WAIVER, **changes)


BREAKING = replace(FINDING, against=BREAKS)
WAIVER = Waiver(reason="drained", fingerprint="3f9c1a22b7d0", owner="payments", line=7)


def applied(finding: Finding, *waivers: Waiver, scope: Scope | None = None) -> Applied:
    return apply([finding], {}, waivers, TODAY, scope=scope or Scope())


def test_nothing_accepted_is_everything_kept():
    assert apply([FINDING, BREAKING], {}, [], TODAY) == Applied((FINDING, BREAKING), (), ())


def test_a_waiver_without_limits_takes_the_finding_out():
    assert applied(BREAKING, WAIVER) == Applied((), (Suppressed(BREAKING, "waiver", "drained", "payments"),), (), MET)


SAID = {
    "fingerprint": Waiver("r", fingerprint="3f9c1a22b7d0"),
    "fingerprint and rule": Waiver("r", fingerprint="3f9c1a22b7d0", rule="field-renamed"),
    "place": Waiver("r", rule="field-renamed", subject="users-value", path="$.uuid"),
}
NOT_SAID = {
    "other fingerprint": Waiver("r", fingerprint="000000000000"),
    "fingerprint of another rule": Waiver("r", fingerprint="3f9c1a22b7d0", rule="name-style"),
    "other subject": Waiver("r", rule="field-renamed", subject="orders-value", path="$.uuid"),
    "other path": Waiver("r", rule="field-renamed", subject="users-value", path="$.id"),
}


@pytest.mark.parametrize("waiver", SAID.values(), ids=SAID)
def test_a_waiver_that_says_so_matches(waiver):
    assert applied(FINDING, waiver).kept == ()


@pytest.mark.parametrize("waiver", NOT_SAID.values(), ids=NOT_SAID)
def test_a_waiver_that_says_anything_else_does_not(waiver):
    found = applied(FINDING, waiver)

    assert (found.kept, [remark.rule for remark in found.remarks], found.met) == ((FINDING,), ["unused-waiver"], ())


def test_a_waiver_covers_only_the_versions_it_names():
    found = applied(BREAKING, waiver_with(versions=("main@4f2c1aa", "registry 2")))

    assert found == Applied(
        (replace(BREAKING, against=BREAKS[4:]),),
        (Suppressed(replace(BREAKING, against=BREAKS[:4]), "waiver", "drained", "payments"),),
        (),
        MET,
    )


def test_a_waiver_for_older_versions_only_is_in_use_though_it_covers_none():
    newer = replace(BREAKING, against=BREAKS[4:])

    assert applied(newer, waiver_with(versions=("main@4f2c1aa",))) == Applied((newer,), (), (), MET)


def test_two_waivers_together_cover_what_each_covers():
    old, new = (
        waiver_with(versions=("main@4f2c1aa",)),
        waiver_with(signed=dt.date(2026, 4, 1), owner="b"),
    )
    found = applied(replace(BREAKING, against=BREAKS[:4]), old, new)

    assert (found.kept, [(s.owner, s.finding.against) for s in found.suppressed]) == (
        (),
        [("payments", BREAKS[:2]), ("b", BREAKS[2:4])],
    )


COVERS = [
    ({}, V1, True),
    ({"versions": ("main@4f2c1aa",)}, V1, True),
    ({"versions": ("main@4f2c1aa000",)}, V1, True),
    ({"versions": ("v1.2.0@4f2c1aa",)}, V1, True),
    ({"versions": ("main@4f2c1a",)}, V1, False),
    ({"versions": ("main@9b1d2c3",)}, V1, False),
    ({"versions": ("v1",)}, V1, False),
    ({"versions": ("v4",)}, version(4), True),
    ({"versions": ("registry 3",)}, V3, True),
    ({"signed": dt.date(2026, 1, 5)}, V1, True),
    ({"signed": dt.date(2026, 1, 4)}, V1, False),
    ({"signed": dt.date(2026, 3, 1)}, V2, True),
    ({"signed": dt.date(2030, 1, 1)}, V3, False),
    ({"signed": dt.date(2026, 2, 1), "versions": ("registry 3",)}, V3, True),
    ({"signed": dt.date(2026, 2, 1), "versions": ("registry 3",)}, V1, True),
]


@pytest.mark.parametrize(("limits", "published", "expected"), COVERS, ids=range(len(COVERS)))
def test_a_version_is_covered_by_label_or_by_date(limits, published, expected):
    assert covers(waiver_with(**limits), published) is expected


def test_a_waiver_holds_through_its_last_day():
    found = applied(FINDING, waiver_with(expires=TODAY))

    assert found == Applied((), (Suppressed(FINDING, "waiver", "drained", "payments", "2026-06-01"),), (), MET)


def test_an_expired_waiver_covers_nothing_and_is_told():
    found = applied(FINDING, waiver_with(expires=dt.date(2026, 5, 31)))

    args = {"waiver": "3f9c1a22b7d0", "expired": "2026-05-31"}
    assert found == Applied((FINDING,), (), (Remark("expired-waiver", "schemagate.toml", 7, args),), MET)


def test_a_waiver_whose_finding_is_gone_is_told():
    found = apply([], {}, [waiver_with(expires=dt.date(2026, 5, 31))], TODAY, config_path="pyproject.toml")

    assert found.remarks == (Remark("unused-waiver", "pyproject.toml", 7, {"waiver": "3f9c1a22b7d0"}),)


PLACED = Waiver("r", rule="field-renamed", subject="users-value", path="$.uuid", line=3)
PARTIAL = {
    "judged": (PLACED, Scope(subjects={"users-value"}), ["field-renamed in users-value at $.uuid"]),
    "other subjects judged": (PLACED, Scope(subjects={"orders-value"}), []),
    "rule did not run": (PLACED, Scope(rules={"name-style"}), []),
    "subject not said": (WAIVER, Scope(subjects={"users-value"}), []),
}


@pytest.mark.parametrize(("waiver", "scope", "expected"), PARTIAL.values(), ids=PARTIAL)
def test_a_waiver_is_unused_only_where_its_finding_could_have_come(waiver, scope, expected):
    remarks = apply([], {}, [waiver], TODAY, scope=scope).remarks

    assert [remark.args["waiver"] for remark in remarks] == expected


ALLOW = Allow(("field-renamed", "name-style"), "agreed", 8, 9)


def test_an_inline_allow_takes_out_the_findings_of_its_rules_on_its_line():
    style = replace(FINDING, rule="name-style")
    other_rule, other_line = (
        replace(FINDING, rule="missing-doc"),
        replace(FINDING, location=Region("a.avsc", 10, 1, 10, 2)),
    )
    other_file, nowhere = replace(FINDING, location=Region("b.avsc", 9, 5, 9, 21)), replace(FINDING, location=None)

    found = apply([BREAKING, style, other_rule, other_line, other_file, nowhere], {"a.avsc": [ALLOW]}, [], TODAY)

    assert found == Applied(
        (other_rule, other_line, other_file, nowhere),
        (Suppressed(BREAKING, "inline", "agreed"), Suppressed(style, "inline", "agreed")),
        (),
        ("allow a.avsc:8 field-renamed", "allow a.avsc:8 name-style"),
    )


def test_what_an_allow_and_a_waiver_accept_is_suppressed_once_and_uses_both():
    found = apply([FINDING], {"a.avsc": [replace(ALLOW, rules=("field-renamed",))]}, [WAIVER], TODAY)

    met = ("allow a.avsc:8 field-renamed", *MET)
    assert found == Applied((), (Suppressed(FINDING, "inline", "agreed"),), (), met)


def test_an_allow_is_unused_rule_by_rule():
    found = apply([FINDING], {"a.avsc": [ALLOW]}, [], TODAY)

    assert found.remarks == (Remark("unused-allow", "a.avsc", 8, {"allowed": "name-style"}),)
    assert (found.met, found.remarks[0].key) == (("allow a.avsc:8 field-renamed",), "allow a.avsc:8 name-style")


def test_an_allow_of_a_rule_that_did_not_run_is_not_called_unused():
    assert apply([], {"a.avsc": [ALLOW]}, [], TODAY, scope=Scope(rules=set())).remarks == ()


def test_an_allow_with_a_problem_allows_nothing_and_is_told():
    bad = Allow(("field-renamed",), "", 8, 9, "gives no reason")

    found = apply([FINDING], {"a.avsc": [bad]}, [], TODAY)

    assert found == Applied((FINDING,), (), (Remark("bad-allow", "a.avsc", 8, {"problem": "gives no reason"}),))


def test_an_allow_of_an_unknown_rule_is_told():
    found = apply([], {"a.avsc": [Allow(("x",), "r", 1, 2)]}, [], TODAY, scope=Scope(known={"y"}))

    assert found.remarks == (Remark("bad-allow", "a.avsc", 1, {"problem": "names a rule that is not known: x"}),)


def test_two_allows_on_one_line_each_serve():
    allows = [Allow(("field-renamed",), "one", 8, 9), Allow(("name-style",), "two", 9, 9)]

    found = apply([FINDING, replace(FINDING, rule="name-style")], {"a.avsc": allows}, [], TODAY)

    assert ([s.reason for s in found.suppressed], found.remarks) == (["one", "two"], ())


def test_thousands_of_versions_and_waivers_are_no_burden():
    versions = [version(n, git(f"{n:040x}", "2026-01-05")) for n in range(5000)]
    finding = replace(FINDING, against=tuple(Against(v, Direction.BACKWARD) for v in versions))
    waivers = [Waiver("r", fingerprint=f"{n:012x}") for n in range(20_000)] + [WAIVER]

    assert applied(finding, *waivers, scope=Scope(rules=set())).kept == ()
