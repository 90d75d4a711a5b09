"""Any report, with the worst text that a schema's author could write."""

from __future__ import annotations

from hypothesis import strategies as st
from msgspec.structs import replace

from schemagate.finding import (
    Against,
    Compared,
    Direction,
    Finding,
    Fix,
    Provenance,
    Reading,
    Region,
    Related,
    Replacement,
    Report,
    RuleInfo,
    Severity,
    Suppressed,
    VersionId,
    Witness,
)
from schemagate.shard import Asked, Shard, Tried

ATTACKS = (
    "::error file=x::pwned",
    "##[group]",
    "##",
    "[",
    "##vso[task.setvariable]",
    "##TeamCity[x]",
    "\x1b[31m",
    "\x1b]0;t\x07",
    "\r",
    "\n",
    "\n  ::set-output::",
    "\u202e",
    "\u2066",
    "\u2028",
    "\x85",
    "\x9b",
    "\x7f",
    "\x00",
    "\u200b",
    "\ufeff",
    "::",
    " ",
    "\t",
    "名前",
    "e\u0301",
    "\ud800",
    "\\",
    "section_start:1:x\r\x1b[0K",
)

texts = st.lists(st.sampled_from(ATTACKS) | st.text(max_size=8), max_size=6).map("".join)
short = st.text(max_size=6) | texts
severities = st.sampled_from(Severity)
paths = st.sampled_from(["a.avsc", "b/ü.avsc", "##[x]/::y\n.avsc"])
lines = st.integers(1, 3) | st.integers(1, 99_999)


@st.composite
def regions(draw: st.DrawFn) -> Region:
    line, column = draw(lines), draw(st.integers(1, 200))
    more = draw(st.integers(0, 2))
    end = draw(st.integers(1, 200)) if more else column + draw(st.integers(0, 80))
    return Region(draw(paths), line, column, line + more, end)


versions = st.builds(
    VersionId,
    st.sampled_from(["v1", "v2", "v3", "v4", "v7"]) | short,
    st.lists(st.builds(Provenance, short, short, paths, short, short), max_size=2).map(tuple),
)
against = st.builds(Against, versions, st.sampled_from(Direction), st.sampled_from(["", "no default"]) | texts)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(short, inner, max_size=2), max_leaves=5
)
fixes = st.builds(
    Fix, texts, st.booleans(), paths, st.lists(st.builds(Replacement, regions(), texts), max_size=2).map(tuple)
)
readings = st.builds(Reading, short, short, st.booleans(), values, texts, texts)
witnesses = st.builds(
    Witness,
    values,
    short,
    st.lists(readings, max_size=2).map(tuple),
    st.sampled_from(["", "$.a", "$.b[].c"]) | texts,
    values,
    st.none() | st.sampled_from(Direction),
)
rule_ids = st.sampled_from(["field-renamed", "bad-name", "missing-doc"]) | short
subjects = st.sampled_from(["", "a-value", "b-value"]) | short
findings = st.builds(
    Finding,
    rule=rule_ids,
    severity=severities,
    message=texts,
    subject=subjects,
    path=st.just("") | texts,
    args=st.dictionaries(short, values, max_size=2),
    location=st.none() | regions(),
    related=st.lists(st.builds(Related, texts, st.none() | regions()), max_size=2).map(tuple),
    against=st.lists(against, max_size=6).map(tuple),
    help=texts,
    fingerprint=short,
    inherited=st.booleans(),
    fix=st.none() | fixes,
    witness=st.none() | witnesses,
)
counts = st.integers(0, 99)
subject_lists = st.lists(subjects, max_size=2).map(tuple)
asked = st.builds(
    Asked,
    name=short,
    url=short,
    subjects=counts,
    known=counts,
    versions=counts,
    deleted=counts,
    ignores_deleted=st.booleans(),
    proposed=counts,
    refused=subject_lists,
    guessed=subject_lists,
    stricter=st.lists(texts, max_size=2).map(tuple),
    lost_as_java=subject_lists,
    lost_at=paths,
)


@st.composite
def in_shards(draw: st.DrawFn, reports: st.SearchStrategy[Report]) -> Report:
    """Some of the reports as those of a shard, with what is pending."""
    report = draw(reports)
    pending = draw(st.none() | st.lists(st.tuples(texts, findings), max_size=2))
    if pending is None:
        return report
    shard = Shard(
        index=draw(st.integers(1, 9)),
        count=draw(st.integers(1, 9)),
        run=draw(st.dictionaries(short, texts, max_size=2)),
        pending=tuple(key for key, _ in pending),
        met=draw(subject_lists),
        tried=draw(st.lists(st.builds(Tried, counts, texts, counts, counts), max_size=2).map(tuple)),
        asked=draw(st.none() | asked),
    )
    return replace(report, shard=shard, pending=tuple(finding for _, finding in pending))


whole_reports = st.builds(
    Report,
    findings=st.lists(findings, max_size=3).map(tuple),
    suppressed=st.lists(
        st.builds(Suppressed, findings, st.sampled_from(["waiver", "inline"]) | short, texts, short, short), max_size=2
    ).map(tuple),
    rules=st.lists(
        st.builds(RuleInfo, rule_ids, texts, severities, texts, st.sampled_from(["breaking", "lint", "validity"])),
        max_size=3,
    ).map(tuple),
    compared=st.lists(
        st.builds(
            Compared,
            subjects,
            paths,
            st.sampled_from(["FULL", "BACKWARD"]),
            st.sampled_from(["new", "linted", "changed"]) | short,
            st.lists(versions, max_size=4).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
    undecided=st.lists(texts, max_size=2).map(tuple),
    notes=st.lists(texts, max_size=2).map(tuple),
    excerpts=st.dictionaries(paths, st.dictionaries(lines, texts, max_size=2), max_size=2),
    fail_on=severities,
    command=short,
    version=short,
)
reports = in_shards(whole_reports)
