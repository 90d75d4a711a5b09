"""Waivers as text: what is pasted or appended is read back as what was meant."""

from __future__ import annotations

import datetime as dt
import tomllib

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from schemagate.config import Waiver, parse_config
from schemagate.errors import ConfigError, UsageError
from schemagate.finding import Against, Direction, Finding, Provenance, Severity, VersionId
from schemagate.suppress import apply, waiver_text, waivers_file_edit

V1 = VersionId("v1", (Provenance("registry", "registry 1"), Provenance("git", "main@4f2c1aa", commit="4f2c1aa" * 5)))
V2 = VersionId("v2", (Provenance("git", "main@9b1d2c3", commit="9b1d2c3" * 5),))
FINDING = Finding(
    "field-renamed",
    Severity.ERROR,
    "m",
    "users-value",
    "$.uuid",
    against=tuple(Against(v, d) for v in (V1, V2) for d in Direction),
    fingerprint="3f9c1a22b7d0",
)
DAY = dt.date(2026, 12, 31)


def test_the_block_is_ready_but_for_the_reason():
    assert waiver_text(FINDING, "payments", DAY) == (
        "[[waivers]]\n"
        'fingerprint = "3f9c1a22b7d0"\n'
        'rule = "field-renamed"\n'
        'subject = "users-value"\n'
        'path = "$.uuid"\n'
        'versions = ["main@4f2c1aa", "main@9b1d2c3"]\n'
        'reason = ""  # say why this is acceptable\n'
        'owner = "payments"\n'
        "expires = 2026-12-31\n"
    )


def test_pasted_without_a_reason_it_is_refused_where_the_reason_belongs():
    with pytest.raises(ConfigError) as caught:
        parse_config(waiver_text(FINDING), "schemagate.toml")

    assert str(caught.value) == "schemagate.toml:7:10: `waivers.reason` must not be empty"


def test_what_is_not_known_is_left_out():
    lint = Finding("name-style", Severity.WARNING, "m", path="$", fingerprint="0" * 12)

    assert waiver_text(lint, reason="r", table="tool.schemagate") == (
        '[[tool.schemagate.waivers]]\nfingerprint = "000000000000"\nrule = "name-style"\npath = "$"\nreason = "r"\n'
    )


def test_many_versions_take_a_line_each():
    versions = [VersionId(f"v{n}", (Provenance("git", f"main@{n:07x}"),)) for n in range(8)]
    finding = replace(FINDING, against=tuple(Against(v, Direction.FORWARD) for v in versions))

    lines = waiver_text(finding, reason="r").splitlines()

    assert lines[5:8] + lines[14:16] == [
        "versions = [",
        '    "main@0000000",',
        '    "main@0000001",',
        "]",
        'reason = "r"',
    ]


def test_names_from_a_schema_cannot_leave_their_quotes():
    hostile = replace(FINDING, subject='a"\n[rules]\nx = "off', path="$.\x1b[31m\u202e\\")

    text = waiver_text(hostile, 'me"', reason="r\nr")

    assert text.splitlines()[3:5] == [
        'subject = "a\\"\\n[rules]\\nx = \\"off"',
        'path = "$.\\u001B[31m\\u202E\\\\"',
    ]
    settings = parse_config(text, "schemagate.toml")
    assert (settings.waivers[0].subject, settings.waivers[0].path, settings.waivers[0].owner, dict(settings.rules)) == (
        hostile.subject,
        hostile.path,
        'me"',
        {},
    )


def test_text_that_toml_cannot_hold_is_left_to_the_fingerprint():
    text = waiver_text(replace(FINDING, subject="\ud800"), reason="r\ud800")

    assert tomllib.loads(text)["waivers"][0].keys() == {"fingerprint", "rule", "path", "versions", "reason"}


@given(st.text(), st.text(), st.text(min_size=1).filter(str.strip), st.text())
def test_a_written_waiver_takes_out_its_own_finding(subject, path, reason, owner):
    finding = replace(FINDING, subject=subject, path=path)

    settings = parse_config(waiver_text(finding, owner, DAY, reason=reason), "schemagate.toml")

    assert apply([finding], {}, settings.waivers, DAY).kept == ()


CONFIG = '# ours\nmode = "FULL"   # for now\n\n[rules]\nmissing-doc = "off"'
BLOCK = waiver_text(FINDING, "o", DAY, reason="r")


def edit(text: str, *findings: Finding, table: str | None = None) -> str:
    return waivers_file_edit(text, findings or (FINDING,), "r", "o", DAY, table=table)


def test_blocks_are_appended_and_nothing_else_is_touched():
    other = replace(FINDING, fingerprint="0" * 12, against=())

    assert edit(CONFIG, FINDING, other, FINDING) == (f"{CONFIG}\n\n{BLOCK}\n{waiver_text(other, 'o', DAY, reason='r')}")


BEFORE = {
    "empty": ("", BLOCK),
    "one line end": (CONFIG + "\n", f"{CONFIG}\n\n{BLOCK}"),
    "only a byte order mark": ("\ufeff", "\ufeff" + BLOCK),
    "windows": ("cache = true\r\n", ("cache = true\n\n" + BLOCK).replace("\n", "\r\n")),
    "windows, no line end": (
        "cache = true\r\nmode = 'FULL'",
        f"cache = true\nmode = 'FULL'\n\n{BLOCK}".replace("\n", "\r\n"),
    ),
    "has a waiver": (BLOCK, f"{BLOCK}\n{BLOCK}"),
}


@pytest.mark.parametrize(("before", "after"), BEFORE.values(), ids=BEFORE)
def test_the_text_keeps_its_own_line_ends(before, after):
    assert edit(before) == after


def test_a_pyproject_gets_its_own_table():
    before = '[tool.schemagate]\nmode = "FULL"\n\n[tool.other]\nx = 1\n'

    after = edit(before, table="tool.schemagate")

    assert after == f"{before}\n{waiver_text(FINDING, 'o', DAY, reason='r', table='tool.schemagate')}"
    assert parse_config(after, "pyproject.toml", table="tool.schemagate").waivers == (
        Waiver(
            "r",
            "3f9c1a22b7d0",
            "field-renamed",
            "users-value",
            "$.uuid",
            "o",
            DAY,
            None,
            ("main@4f2c1aa", "main@9b1d2c3"),
        ),
    )


def test_without_findings_the_text_stays():
    assert waivers_file_edit(CONFIG, [], "r") == CONFIG


def test_a_waiver_needs_a_reason():
    with pytest.raises(UsageError) as caught:
        waivers_file_edit(CONFIG, [FINDING], " ")

    assert caught.value.message == "a waiver needs a reason"


def test_waivers_in_brackets_cannot_be_followed_by_tables():
    before = 'waivers = [{fingerprint = "000000000000", reason = "r"}]\n'

    with pytest.raises(ConfigError) as caught:
        edit(before)

    assert (str(caught.value), caught.value.hint) == (
        "schemagate.toml:1:1: `waivers` is written so that no `[[waivers]]` table can follow",
        "write each waiver as a table of its own, `[[waivers]]`",
    )


def test_a_broken_configuration_is_not_edited():
    with pytest.raises(ConfigError) as caught:
        edit("moed = 1\n")

    assert str(caught.value) == "schemagate.toml:1:1: unknown key `moed`"
