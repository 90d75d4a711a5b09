"""Which files are judged, which rule holds for them, and what their subjects are called."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from schemagate.config import Settings, SubjectRule, parse_config, version_of
from schemagate.config.globs import covers

COVERED = [
    ("schemas/avro", "schemas/avro/a.avsc", True),
    ("schemas/avro", "schemas/avro/deep/er/a.avsc", True),
    ("schemas/avro", "schemas/avro2/a.avsc", False),
    ("schemas/avro", "x/schemas/avro/a.avsc", False),
    ("avro", "x/avro/a.avsc", True),
    ("/avro", "x/avro/a.avsc", False),
    ("/avro", "avro/a.avsc", True),
    ("./avro", "avro/a.avsc", True),
    ("./avro", "x/avro/a.avsc", False),
    (".", "x/avro/a.avsc", True),
    ("**", "x/avro/a.avsc", True),
    ("avro/", "avro", False),
    ("avro/", "avro/a.avsc", True),
    ("avro/**", "avro", False),
    ("avro/**", "avro/b/a.avsc", True),
    ("**/test/**", "a/test/b/c.avsc", True),
    ("**/test/**", "test/c.avsc", True),
    ("**/test/**", "a/testing/c.avsc", False),
    ("a/**/z.avsc", "a/z.avsc", True),
    ("a/**/z.avsc", "a/b/c/z.avsc", True),
    ("a/**/b/**/z.avsc", "a/b/b/c/z.avsc", True),
    ("a/**/b/c/z.avsc", "a/b/x/b/c/z.avsc", True),
    ("user_*.avsc", "a/user_created.avsc", True),
    ("a/user_*.avsc", "a/b/user_created.avsc", False),
    ("a/*x*y", "a/1x2x3y", True),
    ("a/*x*y", "a/1x2x3yz", False),
    ("a/?.avsc", "a/ü.avsc", True),
    ("a/?.avsc", "a/ab.avsc", False),
    ("a/?b", "a//b", False),
    ("a.b/c+d", "a.b/c+d", True),
    ("a.b/c+d", "axb/ccd", False),
    ("a/a", "a/a/a", True),
]


@pytest.mark.parametrize(("glob", "path", "expected"), COVERED)
def test_a_glob_reads_like_gitignore(glob, path, expected):
    assert covers([glob], path) is expected


SEGMENTS = st.lists(st.text("ab*?", min_size=1, max_size=5).filter(lambda s: "**" not in s) | st.just("**"), min_size=2)


@given(SEGMENTS, st.lists(st.text("ab", min_size=1, max_size=4), min_size=1, max_size=6))
def test_globs_agree_with_a_plain_translation(segments, parts):
    path = "/".join(parts)
    translated = [
        "(?:[^/]+/)*" if s == "**" else "".join({"*": "[^/]*", "?": "[^/]"}.get(c, re.escape(c)) for c in s) + "/"
        for s in segments
    ]
    below = segments[-1] == "**"
    # A trailing "**" wants something below; anything else may also be a directory of what is asked about.
    pattern = "".join(translated[:-1]) + "[^/]+/.*" if below else "".join(translated) + ".*"

    assert covers(["/".join(segments)], path) is bool(re.fullmatch(pattern, f"{path}/"))


def test_a_hostile_glob_takes_no_exponential_time():
    assert covers(["/".join(["**", "*a*a*a*a*a*a*b"] * 20)], "/".join(["a" * 200] * 100)) is False


def test_without_paths_every_avsc_is_judged():
    settings = Settings()

    judged = [
        path for path in ("a.avsc", "x/y/b.avsc", "README.md", "a.avdl", "a.AVSC") if settings.is_schema_path(path)
    ]

    assert judged == ["a.avsc", "x/y/b.avsc"]


def test_paths_and_exclude_choose_the_files():
    settings = Settings(paths=("schemas", "legacy/*.json"), exclude=("**/test/**",))

    judged = [
        path
        for path in (
            "schemas/a.avsc",
            "schemas/deep/b.avsc",
            "schemas/test/c.avsc",
            "schemas/d.json",
            "legacy/e.json",
            "legacy/f.avsc",
            "other/g.avsc",
        )
        if settings.is_schema_path(path)
    ]

    assert judged == ["schemas/a.avsc", "schemas/deep/b.avsc", "legacy/e.json"]


def test_a_directory_whose_name_looks_like_a_file_is_a_directory():
    settings = Settings(paths=("schemas/com.acme",))

    assert settings.is_schema_path("schemas/com.acme/a.avsc") is True


def test_the_first_matching_subject_rule_wins():
    rules = (SubjectRule(("x", "a/one.avsc")), SubjectRule(("a",), mode="NONE"), SubjectRule(("**",)))
    settings = Settings(subjects=rules)

    assert [settings.subject_rule_for(p) for p in ("a/one.avsc", "a/two.avsc", "b.avsc")] == list(rules)
    assert settings.mode_for("a/two.avsc") == "NONE"
    assert settings.mode_for("b.avsc") == "FULL_TRANSITIVE"


def test_no_rule_matches_where_there_is_none():
    assert Settings().subject_rule_for("a.avsc") is None
    assert Settings(subjects=(SubjectRule(("b",)),)).subject_rule_for("a.avsc") is None


NAMES = [
    ("{topic}-value", ("user-created-value",)),
    ("{fullname}", ("com.acme.UserCreated",)),
    ("{topic}-{fullname}", ("user-created-com.acme.UserCreated",)),
    ("{name}", ("UserCreated",)),
    ("{namespace}", ("com.acme",)),
    ("{stem}", ("user_created",)),
    ("{dir}-{stem}", ("events-user_created",)),
    ("fixed", ("fixed",)),
]


@pytest.mark.parametrize(("template", "expected"), NAMES)
def test_a_template_names_the_subject(template, expected):
    rule = SubjectRule(("**",), name=(template,), topic="user-created")

    assert (
        Settings(subjects=(rule,)).subject_names("schemas/events/user_created_v2.avsc", "com.acme.UserCreated")
        == expected
    )


def test_several_names_are_several_subjects_each_once():
    rule = SubjectRule(("**",), name=("{topic}-value", "{topic}-key", "t-value"), topic="t")

    assert Settings(subjects=(rule,)).subject_names("a.avsc", "A") == ("t-value", "t-key")


def test_without_a_naming_the_subject_is_the_full_name():
    assert Settings().subject_names("a.avsc", "com.acme.A") == ("com.acme.A",)
    assert Settings(subjects=(SubjectRule(("**",), mode="FULL"),)).subject_names("a.avsc", "A") == ("A",)


def test_shared_files_have_no_subject():
    assert Settings(subjects=(SubjectRule(("**",), shared=True),)).subject_names("a.avsc", "A") == ()


def test_a_type_without_a_name_needs_a_naming_that_does_not_ask_for_it():
    def named(*templates: str) -> tuple[str, ...]:
        return Settings(subjects=(SubjectRule(("**",), name=templates, topic="t"),)).subject_names("a.avsc", "")

    assert Settings().subject_names("a.avsc", "") == ()
    assert named("{topic}-value", "{fullname}") == ()
    assert named("{topic}-value") == ("t-value",)
    assert named("{dir}-{stem}") == ()


def test_the_null_namespace_is_empty_in_a_name():
    rule = SubjectRule(("**",), name=("{namespace}{name}",))

    assert Settings(subjects=(rule,)).subject_names("a.avsc", "A") == ("A",)


def test_what_a_type_is_called_is_never_read_as_a_template():
    rule = SubjectRule(("**",), name=("{fullname}-{topic}",), topic="t")

    assert Settings(subjects=(rule,)).subject_names("a.avsc", "{topic}\\1") == ("{topic}\\1-t",)


VERSIONS = [
    ("a/user_created_v2.avsc", ("a/user_created", 2)),
    ("user_v10.avsc", ("user", 10)),
    ("a/user_v02.avsc", ("a/user", 2)),
    ("a/user.avsc", ("a/user", None)),
    ("a/user-v2.avsc", ("a/user-v2", None)),
    ("a/user.v2.avsc", ("a/user.v2", None)),
    ("a/user_V2.avsc", ("a/user_V2", None)),
    ("a/_v2.avsc", ("a/_v2", None)),
    ("a/user_v.avsc", ("a/user_v", None)),
    ("a_v1/user.avsc", ("a_v1/user", None)),
    ("a/user_v1_v2.avsc", ("a/user_v1", 2)),
    ("a/user_v٣.avsc", ("a/user_v٣", None)),
    (f"a/user_v{'9' * 5000}.avsc", (f"a/user_v{'9' * 5000}", None)),
]


@pytest.mark.parametrize(("path", "expected"), VERSIONS, ids=range(len(VERSIONS)))
def test_only_a_v_and_a_number_at_the_end_make_a_version_file(path, expected):
    assert version_of(path) == expected


def test_the_configuration_of_the_design_names_its_subject():
    settings = parse_config(
        '[[subjects]]\nmatch = "schemas/avro/user_created*.avsc"\nname = "{topic}-value"\ntopic = "user-created"\n', "x"
    )

    found = settings.subject_names("schemas/avro/user_created_v1.avsc", "com.ai_orchestration.events.UserCreated")

    assert found == ("user-created-value",)
