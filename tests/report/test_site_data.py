"""The page's data: what stands in a script element can end it in no way."""

from __future__ import annotations

import json

import pytest

from schemagate.engine.matrix import Level, Matrix, Reason, Verdict
from schemagate.finding import Finding, Reading, Severity, Witness
from schemagate.report.site.data import overview, subject_data
from schemagate.report.site.page import Assets, page
from schemagate.report.site.values import Health, Site, Subject, Told

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]>",
    "\u2028\u2029",
    "\ud800",
    "\x00\x1b[31m",
    "&lt;",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_inside_its_element(text):
    witness = Witness({text: text}, "v1", (Reading(text, "fastavro 1.0", error=text),))
    finding = Finding("a-rule", Severity.ERROR, text, path=text, help=text, witness=witness)
    subject = Subject(text, text, "FULL", told=Told((finding,), undecided=(text,)), owners=(text,), left_out=(text,))
    site = Site(text, "2026-01-05", (subject,), git=text, registry=text, notes=(text,))

    for data in (overview(site), subject_data(subject)):
        assert data.isascii()
        assert not set(data) & set("<>&")
        json.loads(data)
    html = page(site, Assets("", ""))
    html.encode("utf-8")
    assert html.lower().count("<script") == 3
    assert html.lower().count("</script") == 3


def test_a_matrix_is_written_with_equal_rows_once_and_equal_cells_as_runs():
    rows = ((0, 0, 1), (0, 0, 1), (1, 1, 0))
    reasons = (Reason("$.a", "no `a`, no default", "a-rule", Level.BROKEN),)
    matrix = Matrix(rows, (Verdict(Level.FINE), Verdict(Level.BROKEN, (0,))), reasons)

    assert json.loads(subject_data(Subject("S", "s.avsc", "FULL", matrix=matrix)))["matrix"] == {
        "rows": [0, 0, 1],
        "kinds": [[2, 0, 1, 1], [2, 1, 1, 0]],
        "verdicts": [[0], [2, 0]],
        "reasons": [["$.a", "no `a`, no default", "a-rule", 2]],
    }


@pytest.mark.parametrize(
    ("told", "state", "health"),
    [
        (Told(), "", Health.SOUND),
        (Told(), "deleted", Health.GONE),
        (Told(), "not a schema", Health.BROKEN),
        (Told((Finding("r", Severity.ERROR, "m"),)), "", Health.BROKEN),
        (Told((Finding("r", Severity.WARNING, "m"),)), "", Health.WARNED),
        (Told((Finding("r", Severity.NOTICE, "m"),)), "", Health.SOUND),
        (Told((Finding("r", Severity.NOTICE, "m", inherited=True),)), "", Health.SCARRED),
        (Told(undecided=("why",)), "deleted", Health.UNDECIDED),
    ],
)
def test_the_health_of_a_subject_is_its_worst(told, state, health):
    assert told.health(state) is health


def test_a_finding_carries_its_proof_and_what_is_only_known_is_told_apart():
    ran = Reading("this schema", "fastavro 1.0", error="no default value for field uuid")
    known = Reading("this schema", "Avro Java", ran=False, how="throws")
    findings = tuple(
        Finding("r", Severity.ERROR, "m", witness=witness)
        for witness in (Witness({"a": ""}, "v1", (ran,)), Witness({"a": ""}, "v1", (known,)), None)
    )

    data = json.loads(subject_data(Subject("S", "s.avsc", "FULL", told=Told(findings))))

    assert [one["proof"] for one in data["findings"]] == [
        ['proof: {"a": ""} written with v1, read with this schema: no default value for field uuid (fastavro 1.0)'],
        ['known: {"a": ""} written with v1, read with this schema: Avro Java throws'],
        [],
    ]
