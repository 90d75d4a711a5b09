"""What a reviewer sees at a glance in Markdown: which versions are hurt, and whom a shared file reaches."""

from __future__ import annotations

import re

from schemagate.finding import Against, Compared, Direction, Finding, Region, Report, RuleInfo, Severity, VersionId
from schemagate.report.glance import reached, who_reads
from schemagate.report.markdown import COMMENT_CHARACTERS, comment, render
from schemagate.report.words import Index

RULE = RuleInfo("field-type-changed", "", Severity.ERROR, "", "breaking")
BOTH = (Direction.BACKWARD, Direction.FORWARD)


def finding(*names: str, subject: str = "S", path: str = "s.avsc", ways: tuple[Direction, ...] = BOTH) -> Finding:
    against = tuple(Against(VersionId(name), way) for name in names for way in ways)
    place = Region(path, 1, 1, 1, 2)
    return Finding(RULE.id, Severity.ERROR, "m", subject=subject, path="$.a", location=place, against=against)


def compared(count: int, mode: str = "FULL_TRANSITIVE", subject: str = "S", path: str = "s.avsc") -> Compared:
    return Compared(subject, path, mode, "changed", tuple(VersionId(f"v{n}") for n in range(1, count + 1)))


def table(one: Compared, *findings: Finding) -> str:
    return who_reads(one, findings, Index.of(Report(findings, rules=(RULE,), compared=(one,))))


def test_versions_with_the_same_answers_share_a_column():
    assert table(compared(5), finding("v1", "v2", ways=(Direction.BACKWARD,)), finding("v5")) == (
        "| who reads whom | <code>v1 to v2</code> | <code>v3 to v4</code> | <code>v5</code> |\n"
        "| --- | :-: | :-: | :-: |\n"
        "| this change reads | ❌ | ✅ | ❌ |\n"
        "| reads this change | ✅ | ✅ | ❌ |"
    )


def test_only_what_the_mode_asks_is_answered():
    assert table(compared(2, "BACKWARD_TRANSITIVE"), finding("v1", ways=(Direction.BACKWARD,))) == (
        "| who reads whom | <code>v1</code> | <code>v2</code> |\n| --- | :-: | :-: |\n| this change reads | ❌ | ✅ |"
    )


def test_one_version_or_nothing_wrong_needs_no_table():
    assert [table(compared(1), finding("v1")), table(compared(9)), table(compared(9, "NONE"), finding("v1"))] == [
        ""
    ] * 3


def test_of_many_runs_the_older_ones_are_told_together():
    wrong = table(compared(99), finding(*(f"v{n}" for n in range(1, 99, 2))))

    assert wrong.splitlines()[0].startswith("| who reads whom | <code>v1 to v87</code> | <code>v88</code> |")
    assert wrong.splitlines()[2] == "| this change reads |" + " ❌ |" + " ✅ | ❌ |" * 5 + " ✅ |"


def test_a_file_with_several_users_is_drawn_with_those_it_hurts():
    shared = {
        "A": [finding("v1", subject="A", path="t.avsc")],
        "B": [finding("v1", subject="B", path="t.avsc"), finding("v1", subject="B", path="b.avsc")],
    }
    homes = (compared(1, subject="A", path="a.avsc"), compared(1, subject="B", path="b.avsc"))

    assert reached(shared, homes).splitlines()[1:5] == [
        "flowchart LR",
        '  f0[/"t.avsc"/]',
        '  f0 --> s0["A"]:::error',
        '  f0 --> s1["B"]:::error',
    ]


def test_findings_in_the_subject_s_own_file_draw_nothing():
    assert reached({"S": [finding("v1")]}, [compared(1)]) == ""


def test_a_hostile_name_stays_a_label():
    name = 'x"]; click s0 "javascript:alert(1)" %%\n```\n<img src=x> end @someone | ==> 日本'
    hurt = {one: [finding("v1", subject=one, path="t.avsc")] for one in (name, "other")}
    drawn = reached(hurt, [compared(1, subject=name, path="a.avsc")])
    labels = re.findall(r'^  f0 --> s0\["(.*)"\]:::error$', drawn, flags=re.MULTILINE)

    assert len(drawn.splitlines()) == 9
    assert [set(re.sub(r"#\d+;", "", label)) & set("\"'[](){}<>`%@|=:;&#") for label in labels] == [set()]


def test_a_type_that_all_use_stays_within_what_github_takes():
    subjects = [f"{'x' * 200}{n}" for n in range(3000)]
    findings = tuple(finding("v1", subject=s, path=f"{n % 50}.avsc") for n, s in enumerate(subjects))
    homes = tuple(compared(2, subject=s, path=f"{n}.own.avsc") for n, s in enumerate(subjects))
    report = Report(findings, compared=homes)

    assert len(comment(report).encode()) <= COMMENT_CHARACTERS
    assert "more subjects" in render(report)
    assert render(report).count("```mermaid") == 1
