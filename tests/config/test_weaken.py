"""Which changes of the configuration let more through, and which do not."""

from __future__ import annotations

import pytest

from schemagate.config import Settings, Weakening, parse_config, weaker
from schemagate.config.weaken import demands
from schemagate.finding import Severity

WAIVER = '[[waivers]]\nfingerprint = "3f9c1a22b7d0"\nreason = "r"\n'
SUBJECT = '[[subjects]]\nmatch = "a"\n'
REGISTRY = '[registry.prod]\nurl = "https://x"\n'
RETRACTED = '[[retracted]]\nsubject = "s"\nversion = "main@4f2c1aa"\nreason = "r"\n'

CASES = {
    "nothing": ("", "", []),
    "lower mode": ("", 'mode = "FULL"', [Weakening("mode", "from FULL_TRANSITIVE to FULL", 1)]),
    "other direction": (
        'mode = "BACKWARD"',
        '\nmode = "FORWARD_TRANSITIVE"',
        [Weakening("mode", "from BACKWARD to FORWARD_TRANSITIVE", 2)],
    ),
    "higher mode": ('mode = "BACKWARD"', 'mode = "FULL_TRANSITIVE"', []),
    "mode no longer said": ('mode = "NONE"', "", []),
    "subject mode": (
        SUBJECT,
        SUBJECT + 'mode = "NONE"',
        [Weakening("subjects.mode", "from FULL_TRANSITIVE to NONE for files such as a", 1)],
    ),
    "new subject with a lower mode inside a stricter one": (
        'mode = "NONE"\n[[subjects]]\nmatch = "a/**"\nmode = "FULL"',
        'mode = "NONE"\n[[subjects]]\nmatch = "a/x*"\nmode = "BACKWARD"\n[[subjects]]\nmatch = "a/**"\nmode = "FULL"',
        [Weakening("subjects.mode", "from FULL to BACKWARD for files such as a/x*", 2)],
    ),
    "strict subject removed": (
        'mode = "NONE"\n[[subjects]]\nmatch = "a"\nmode = "FULL"',
        'mode = "NONE"',
        [Weakening("subjects.mode", "from FULL to NONE for files such as a", None)],
    ),
    "stricter subject": (SUBJECT + 'mode = "BACKWARD"', SUBJECT + 'mode = "FULL"', []),
    "history from later": (
        SUBJECT + "history-from = 2026-01-01",
        SUBJECT + "history-from = 2026-02-01",
        [Weakening("subjects.history-from", "from 2026-01-01 to 2026-02-01 for files such as a", 1)],
    ),
    "history from at all": (
        "",
        SUBJECT + "history-from = 2026-02-01",
        [Weakening("subjects.history-from", "from the first version to 2026-02-01 for files such as a", 1)],
    ),
    "history from earlier": (SUBJECT + "history-from = 2026-02-01", SUBJECT + "history-from = 2026-01-01", []),
    "shared": (
        SUBJECT,
        SUBJECT + "shared = true",
        [Weakening("subjects.shared", "files such as a lose their subject", 1)],
    ),
    "rule off": ("", '[rules]\nx = "off"', [Weakening("rules", "x from error to off", 2)]),
    "rule lower": (
        '[rules]\nx = "warning"',
        '[rules]\ny = "error"\nx = "notice"',
        [Weakening("rules", "x from warning to notice", 3)],
    ),
    "rule higher": ('[rules]\nx = "off"', '[rules]\nx = "error"', []),
    "rule no longer raised": (
        '[rules]\nquiet = "error"',
        "",
        [Weakening("rules", "quiet from error to off", None)],
    ),
    "rule lower for a subject": (
        SUBJECT,
        SUBJECT + 'rules = {x = "off"}',
        [Weakening("subjects.rules", "x from error to off", 1)],
    ),
    "fail-on": ("", 'fail-on = "error"', []),
    "fail-on raised": (
        'fail-on = "notice"',
        'fail-on = "warning"',
        [Weakening("fail-on", "from notice to warning", 1)],
    ),
    "baseline": ("", 'baseline = "mine"', [Weakening("baseline", "from the default branch to mine", 1)]),
    "preset": ('preset = "strict"', "", [Weakening("preset", "from strict to the default", None)]),
    "waivers from base off": (
        "waivers-from-base = true",
        "waivers-from-base = false",
        [Weakening("waivers-from-base", "waivers no longer have to come from the base", 1)],
    ),
    "release tag removed": (
        'release-tags = ["v*", "r*"]',
        'release-tags = ["v*"]',
        [Weakening("release-tags", "r* no longer publishes", 1)],
    ),
    "paths narrower": (
        'paths = ["schemas"]',
        'paths = ["schemas/avro"]',
        [Weakening("paths", "fewer files are judged", 1)],
    ),
    "paths at all": ("", 'paths = ["schemas"]', [Weakening("paths", "fewer files are judged", 1)]),
    "paths wider": ('paths = ["schemas/avro"]', 'paths = ["schemas"]', []),
    "paths gone": ('paths = ["schemas/avro"]', "", []),
    "exclude": ("", 'exclude = ["a/b.avsc"]', [Weakening("exclude", "a/b.avsc no longer judged", 1)]),
    "exclude in what is excluded": ('exclude = ["a"]', 'exclude = ["a", "a/b"]', []),
    "exclude gone": ('exclude = ["a"]', "", []),
    "retraction": ("", RETRACTED, [Weakening("retracted", "main@4f2c1aa of s", 1)]),
    "retraction gone": (RETRACTED, "", []),
    "registry gone": (REGISTRY, "", [Weakening("registry", "prod is no longer asked", None)]),
    "registry moved": (
        REGISTRY,
        '[registry.prod]\nurl = "https://y"',
        [Weakening("registry", "prod has another address", 1)],
    ),
    "registry new": ("", REGISTRY, []),
    "waiver": ("", WAIVER, [Weakening("waivers", "3f9c1a22b7d0 is new", 1)]),
    "waiver by place": (
        "",
        '[[waivers]]\nrule = "r"\nsubject = "s"\npath = "$.a"\nreason = "x"',
        [Weakening("waivers", "r in s at $.a is new", 1)],
    ),
    "waiver gone": (WAIVER, "", []),
    "waiver moved": (WAIVER, "cache = true\n" + WAIVER, []),
    "waiver with another reason": (WAIVER, WAIVER.replace('"r"', '"because"') + 'owner = "me"', []),
    "waiver expires earlier": (WAIVER, WAIVER + "expires = 2026-01-01", []),
    "waiver expires later": (
        WAIVER + "expires = 2026-01-01",
        WAIVER + "expires = 2027-01-01",
        [Weakening("waivers", "3f9c1a22b7d0 covers more", 1)],
    ),
    "waiver covers more versions": (
        WAIVER + 'versions = ["a"]',
        WAIVER + 'versions = ["a", "b"]',
        [Weakening("waivers", "3f9c1a22b7d0 covers more", 1)],
    ),
    "waiver covers all versions": (
        WAIVER + 'versions = ["a"]',
        WAIVER,
        [Weakening("waivers", "3f9c1a22b7d0 covers more", 1)],
    ),
    "waiver covers fewer versions": (WAIVER, WAIVER + 'versions = ["a"]', []),
    "waiver signed later": (
        WAIVER + "signed = 2026-01-01",
        WAIVER + "signed = 2026-01-02",
        [Weakening("waivers", "3f9c1a22b7d0 covers more", 1)],
    ),
    "naming": (SUBJECT, SUBJECT + 'name = "n"', []),
}


@pytest.mark.parametrize(("old", "new", "expected"), CASES.values(), ids=CASES)
def test_what_weakens_the_gate(old, new, expected):
    found = weaker(parse_config(old, "a.toml"), parse_config(new, "a.toml"), defaults={"quiet": Severity.OFF})

    assert found == expected


@pytest.mark.parametrize("text", [case[1] for case in CASES.values()], ids=CASES)
def test_a_configuration_is_never_weaker_than_itself(text):
    assert weaker(parse_config(text, "a.toml"), parse_config(text, "a.toml"), files=["a/b.avsc"]) == []


def test_real_files_are_named():
    old, new = parse_config("", "a.toml"), parse_config('paths = ["x"]', "a.toml")

    found = weaker(old, new, files=["a.avsc", "b.avsc", "x/c.avsc", "d.avsc", "e.avsc", "README.md"])

    assert found == [Weakening("paths", "a.avsc, b.avsc, d.avsc and 1 more no longer judged", 1)]


def test_order_of_subjects_is_judged_by_the_files_it_changes():
    one = '[[subjects]]\nmatch = "*_x.avsc"\nmode = "NONE"\n'
    two = '[[subjects]]\nmatch = "a_*.avsc"\nmode = "FULL"\n'

    found = weaker(parse_config(two + one, "a.toml"), parse_config(one + two, "a.toml"), files=["a_x.avsc"])

    assert found == [Weakening("subjects.mode", "from FULL to NONE for files such as a_x.avsc", 1)]


def test_a_mode_asks_for_directions_and_reach():
    assert {mode: sorted(demands(mode)) for mode in ("NONE", "FULL", "BACKWARD_TRANSITIVE")} == {
        "NONE": [],
        "FULL": ["BACKWARD", "FORWARD"],
        "BACKWARD_TRANSITIVE": ["BACKWARD", "BACKWARD_TRANSITIVE"],
    }


def test_a_stricter_preset_weakens_nothing_and_a_weaker_one_does():
    presets = [Settings(preset=name) for name in ("minimal", "", "strict")]

    told = [[w.what for w in weaker(old, new)] for old in presets for new in presets]

    assert told == [[], [], [], ["preset"], [], [], ["preset"], ["preset"], []]


CLIENTS = '[[clients]]\nmatch = "conf/"\n'


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (CLIENTS, "", [Weakening("clients", "files such as conf/_.properties are no longer read", None)]),
        ("", CLIENTS, []),
        (
            CLIENTS,
            CLIENTS + "development = true\n",
            [Weakening("clients.development", "files such as conf/_.properties are for development only", 1)],
        ),
        (CLIENTS + "development = true\n", CLIENTS, []),
        (
            CLIENTS,
            CLIENTS + 'development-profiles = ["dev", "prod"]\n',
            [Weakening("clients.development-profiles", "prod in files such as conf/_.properties", 1)],
        ),
        (CLIENTS, CLIENTS + 'development-profiles = ["dev"]\n', []),
    ],
)
def test_client_files_that_are_looked_at_less(old, new, expected):
    found = weaker(parse_config(old, "schemagate.toml"), parse_config(new, "schemagate.toml"))

    assert found == expected
