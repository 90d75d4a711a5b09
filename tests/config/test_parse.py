"""What a configuration's text turns into, and what is said of one that is wrong: message, line, column, hint."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, strategies as st

from schemagate.config import (
    MODES,
    InvalidConfigError,
    RegistrySettings,
    Retraction,
    Settings,
    SubjectRule,
    Waiver,
    check_rules,
    parse_config,
)
from schemagate.errors import ConfigError
from schemagate.finding import Severity

DESIGN = """\
paths = ["schemas/avro"]           # exclude = [...]
mode = "FULL_TRANSITIVE"

[[subjects]]
match = "schemas/avro/user_created*.avsc"
name = ["{topic}-value"]
topic = "user-created"
history-from = "2026-01-01"

[[retracted]]
subject = "user-created-value"
version = "main@4f2c1aa"
reason = "reverted within the hour, never produced with"

[registry.prod]
url = "https://registry.example.com"
auth = "basic"
timeout = 5

[rules]
missing-doc = "error"

[[waivers]]
fingerprint = "3f9c1a22b7d0"
rule = "field-removed-without-default"
reason = "the topic was drained on 2026-11-01"
owner = "payments"
expires = 2026-12-31
"""


def issues_of(text: str, table: str | None = None) -> list[tuple[int, int, str, str]]:
    with pytest.raises(InvalidConfigError) as caught:
        parse_config(text, "schemagate.toml", table=table)
    return [(issue.line, issue.column, issue.message, issue.hint) for issue in caught.value.issues]


def test_every_key_of_the_design_arrives():
    settings = parse_config(DESIGN, "schemagate.toml")

    assert settings == Settings(
        path="schemagate.toml",
        paths=("schemas/avro",),
        mode="FULL_TRANSITIVE",
        subjects=(
            SubjectRule(
                match=("schemas/avro/user_created*.avsc",),
                name=("{topic}-value",),
                topic="user-created",
                history_from=dt.date(2026, 1, 1),
            ),
        ),
        retracted=(Retraction("user-created-value", "main@4f2c1aa", "reverted within the hour, never produced with"),),
        registries=(RegistrySettings("prod", ("https://registry.example.com",), "basic", {"timeout": 5}),),
        rules={"missing-doc": Severity.ERROR},
        waivers=(
            Waiver(
                reason="the topic was drained on 2026-11-01",
                fingerprint="3f9c1a22b7d0",
                rule="field-removed-without-default",
                owner="payments",
                expires=dt.date(2026, 12, 31),
            ),
        ),
    )
    lines = [settings.subjects[0].line, settings.retracted[0].line, settings.registries[0].line]
    assert [*lines, settings.waivers[0].line, settings.line_of("mode")] == [4, 10, 15, 23, 2]


def test_the_other_keys_arrive_too():
    settings = parse_config(
        'exclude = ["old"]\nbaseline = "trunk"\nrelease-tags = ["v*"]\nfail-on = "warning"\npreset = "strict"\n'
        "cache = false\nwaivers-from-base = true\n"
        '[[subjects]]\nmatch = ["a", "b"]\nmode = "NONE"\nreferences = "inline"\nrules = {missing-doc = "off"}\n'
        '[[subjects]]\nmatch = "c"\nshared = true\n',
        "schemagate.toml",
    )

    assert settings == Settings(
        path="schemagate.toml",
        exclude=("old",),
        baseline="trunk",
        release_tags=("v*",),
        fail_on=Severity.WARNING,
        preset="strict",
        cache=False,
        waivers_from_base=True,
        subjects=(
            SubjectRule(("a", "b"), mode="NONE", references="inline", rules={"missing-doc": Severity.OFF}),
            SubjectRule(("c",), shared=True),
        ),
    )


def test_an_empty_file_is_the_defaults_and_names_the_file():
    assert parse_config("", "schemagate.toml") == Settings(path="schemagate.toml")


def test_settings_in_pyproject_stand_in_their_table_and_places_count_from_the_file():
    text = '[project]\nname = "x"\n\n[tool.schemagate]\nmode = "FULL"\n\n[[tool.schemagate.subjects]]\nmatch = "a"\n'

    settings = parse_config(text, "pyproject.toml", table="tool.schemagate")

    assert settings == Settings(path="pyproject.toml", mode="FULL", subjects=(SubjectRule(("a",)),))
    assert (settings.line_of("mode"), settings.subjects[0].line) == (5, 7)


def test_a_pyproject_without_the_table_is_no_configuration():
    assert parse_config('[project]\nname = "x"\n', "pyproject.toml", table="tool.schemagate") == Settings()


def test_a_table_that_is_no_table():
    assert issues_of("[tool]\nschemagate = 3\n", "tool.schemagate") == [
        (2, 14, "the configuration must be a table, found a number", ""),
    ]


WRONG = {
    "unknown key": ('Mode = "FULL"', [(1, 1, "unknown key `Mode`", "did you mean `mode`?")]),
    "unknown key with underscore": ('fail_on = "error"', [(1, 1, "unknown key `fail_on`", "did you mean `fail-on`?")]),
    "unknown key inside": (
        '[[subjects]]\nmatch = "a"\nnames = "b"',
        [(3, 1, "unknown key `names` in `subjects`", "did you mean `name`?")],
    ),
    "unknown key like none": (
        '[[retracted]]\nsubject = "a"\nversion = "b"\nreason = "c"\nzzz = 1',
        [(5, 1, "unknown key `zzz` in `retracted`", "known here: subject, version, reason")],
    ),
    "type": ("mode = 3", [(1, 8, "`mode` must be a string, found a number", "")]),
    "flag": ('cache = "yes"', [(1, 9, "`cache` must be true or false, found a string", "")]),
    "list": ('paths = "a"', [(1, 9, "`paths` must be a list of strings, found a string", "")]),
    "element": ('paths = ["a", 1.5]', [(1, 15, "`paths` must be a string, found a number", "")]),
    "empty list": (
        "paths = []",
        [(1, 9, "`paths` is an empty list: it would judge nothing; leave it out to judge every `*.avsc`", "")],
    ),
    "mode": (
        '\nmode = "full"',
        [
            (
                2,
                8,
                f'`mode` must be one of {", ".join(MODES)}; found "full"',
                "did you mean `FULL`?",
            )
        ],
    ),
    "severity": (
        '[rules]\nmissing-doc = "warn"',
        [
            (
                2,
                15,
                '`rules.missing-doc` must be one of off, notice, warning, error; found "warn"',
                "did you mean `warning`?",
            )
        ],
    ),
    "rule name": (
        '[rules]\nMissingDoc = "off"',
        [(2, 1, "`MissingDoc` in `rules` must be a rule's id", "`schemagate rules` lists them")],
    ),
    "single brackets": (
        '[subjects]\nmatch = "a"',
        [
            (
                1,
                2,
                "`subjects` must be a list of tables, found a table",
                "write `[[subjects]]` with two brackets",
            )
        ],
    ),
    "missing match": ('[[subjects]]\ntopic = "a"', [(1, 1, "`subjects` needs `match`", "")]),
    "missing match inline": ('subjects = [\n  {topic = "a"},\n]', [(2, 3, "`subjects` needs `match`", "")]),
    "same match twice": (
        '[[subjects]]\nmatch = "a"\n[[subjects]]\nmatch = ["b", "a"]',
        [
            (
                4,
                15,
                '"a" is matched twice: line 2 comes first, so this never applies',
                "merge the two, or make one match different files",
            )
        ],
    ),
    "placeholder": (
        '[[subjects]]\nmatch = "a"\nname = ["x", "{topc}-value"]',
        [(3, 14, "unknown placeholder `{topc}`", "did you mean `{topic}`?")],
    ),
    "lone brace": (
        '[[subjects]]\nmatch = "a"\nname = "{topic"\ntopic = "t"',
        [
            (
                3,
                8,
                "a lone `{` in a name",
                "braces hold one of {topic}, {fullname}, {name}, {namespace}, {stem}, {dir}",
            )
        ],
    ),
    "topic missing": (
        '[[subjects]]\nmatch = "a"\nname = "{topic}-value"',
        [(3, 8, "`{topic}` is used but no topic is set", 'add `topic = "..."` beside it')],
    ),
    "shared with a name": (
        '[[subjects]]\nmatch = "a"\nshared = true\nname = "b"',
        [
            (
                4,
                1,
                "`name` contradicts `shared = true`: shared files have no subject",
                "remove one of the two",
            )
        ],
    ),
    "glob class": (
        'exclude = ["a[0-9].avsc"]',
        [
            (
                1,
                12,
                "`exclude` uses a wildcard that is not known",
                "use `*`, `?` and `**`; a literal bracket or brace can be written as `?`",
            )
        ],
    ),
    "glob negation": (
        'paths = ["!a"]',
        [(1, 10, "`paths` cannot negate", "leave the `!` out and use `exclude`")],
    ),
    "glob backslash": (
        "paths = ['a\\b']",
        [(1, 10, "`paths` must separate directories with `/`, also on Windows", "")],
    ),
    "glob parent": (
        'paths = ["a/../b"]',
        [(1, 10, "`paths` must stay inside the repository", "paths count from the repository's root")],
    ),
    "glob stars": (
        'paths = ["a/**.avsc"]',
        [(1, 10, "`paths` has `**` beside other characters", "write `**/*.avsc`, not `**.avsc`")],
    ),
    "date": (
        '[[subjects]]\nmatch = "a"\nhistory-from = "2026-02-30"',
        [(3, 16, '`subjects.history-from` must be a date such as 2026-12-31, found "2026-02-30"', "")],
    ),
    "date with time": (
        '[[subjects]]\nmatch = "a"\nhistory-from = 2026-02-28T10:00:00',
        [(3, 16, "`subjects.history-from` must be a date such as 2026-12-31, found a date with a time", "")],
    ),
    "baseline like an option": (
        'baseline = "--upload-pack=x"',
        [(1, 12, "`baseline` must not begin with `-`", "")],
    ),
    "waiver without identity": (
        '[[waivers]]\nrule = "a"\nsubject = "b"\nreason = "c"',
        [
            (
                1,
                1,
                "a waiver needs `fingerprint`, or `rule`, `subject` and `path` together",
                "paste the block that a failing `schemagate check` prints",
            )
        ],
    ),
    "waiver without a reason": (
        '[[waivers]]\nfingerprint = "3f9c1a22b7d0"\nreason = " "',
        [(3, 10, "`waivers.reason` must not be empty", "")],
    ),
    "waiver fingerprint": (
        '[[waivers]]\nfingerprint = "3F9C"\nreason = "r"',
        [(2, 15, "`waivers.fingerprint` must be a finding's fingerprint: 12 digits of 0-9 and a-f", "")],
    ),
    "waiver dates": (
        '[[waivers]]\nfingerprint = "3f9c1a22b7d0"\nreason = "r"\nsigned = 2026-02-01\nexpires = 2026-01-01',
        [(5, 11, "expires on 2026-01-01, before it was signed on 2026-02-01", "")],
    ),
    "registry without url": ("[registry.prod]", [(1, 11, "`registry.prod` needs `url`", "")]),
    "registry name": (
        '[registry.PROD]\nurl = "https://x"',
        [
            (
                1,
                11,
                "`PROD` in `registry` must be a name of lower-case letters, digits and `-`",
                "the names of its environment variables are made from it",
            )
        ],
    ),
    "table of names": ("rules = 3", [(1, 9, "`rules` must be a table, found a number", "")]),
    "list of tables": ("waivers = [1]", [(1, 12, "`waivers` must be a table, found a number", "")]),
    "number": (
        '[registry.prod]\nurl = "https://x"\ntimeout = true',
        [(3, 11, "`registry.prod.timeout` must be a number of seconds, found true or false", "")],
    ),
    "registry scheme": (
        '[registry.prod]\nurl = "ftp://x"',
        [(2, 7, "`registry.prod.url` must look like https://registry.example.com", "")],
    ),
    "registry auth": (
        '[registry.prod]\nurl = "https://x"\nauth = "kerberos"',
        [
            (
                3,
                8,
                "`registry.prod.auth` must be one of none, basic, bearer, oauth, mtls; found something else",
                "",
            )
        ],
    ),
    "registry oauth": (
        '[registry.prod]\nurl = "https://x"\nauth = "oauth"\nclient-id = "c"',
        [(3, 8, '`auth = "oauth"` needs `token-url` in `registry.prod`', "")],
    ),
    "registry timeout": (
        '[registry.prod]\nurl = "https://x"\ntimeout = nan',
        [(3, 11, "`registry.prod.timeout` must be more than 0 and at most 3600 seconds", "")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_its_place_and_what_to_do(text, expected):
    assert issues_of(text) == expected


def test_all_issues_are_told_at_once_in_the_order_of_the_text():
    found = issues_of('moed = 1\ncache = 0\n[rules]\nx = "on"\n')

    assert [(line, column) for line, column, _, _ in found] == [(1, 1), (2, 9), (4, 5)]


def test_the_error_itself_is_the_first_issue():
    with pytest.raises(ConfigError) as caught:
        parse_config("moed = 1\ncache = 0\n", "conf/schemagate.toml")

    error = caught.value
    assert (str(error), error.hint, error.exit_code) == (
        "conf/schemagate.toml:1:1: unknown key `moed`",
        "did you mean `mode`?",
        2,
    )


CANARY = "hunter2canary"
SECRET = {
    "in the address": f'url = "https://me:{CANARY}@registry.example.com"',
    "in the address, with a number sign": f'url = "https://me:{CANARY}#@registry.example.com"',
    "in the query": f'url = "https://registry.example.com?token={CANARY}"',
    "in a list of addresses": f'url = ["https://registry.example.com", "https://{CANARY}@x"]',
    "as a password": f'url = "https://x"\npassword = "{CANARY}"',
    "as a client secret": f'url = "https://x"\nclient_secret = "{CANARY}"',
    "under an unknown key": f'url = "https://x"\nzzz = "{CANARY}"',
    "as the way to sign in": f'url = "https://x"\nauth = "{CANARY}"',
}


@pytest.mark.parametrize("body", SECRET.values(), ids=SECRET)
def test_a_secret_is_refused_and_never_repeated(body):
    with pytest.raises(InvalidConfigError) as caught:
        parse_config(f"[registry.prod]\n{body}\n", "schemagate.toml")

    assert CANARY not in f"{caught.value!r} {caught.value} {caught.value.issues!r}"


def test_a_secret_key_is_answered_with_the_environment_variable():
    assert issues_of('[registry.pre-prod]\nurl = "https://x"\npassword = "p"') == [
        (
            3,
            1,
            "`password` does not belong in a file",
            (
                "set it in the environment instead: SCHEMAGATE_REGISTRY_PRE_PROD_USERNAME, _PASSWORD or _TOKEN; "
                "if it was committed, it is known: change it"
            ),
        )
    ]


SYNTAX = {
    "no value": ("mode = \n", (1, 8, "not valid TOML: invalid value", "")),
    "at the end": ('paths = ["a"', (1, 13, "not valid TOML: unclosed array", "")),
    "at the end, last line": ("mode = 'FULL'\npaths = [", (2, 10, "not valid TOML: invalid value", "")),
    "key twice": ("cache = true\ncache = false\n", (2, 14, "not valid TOML: cannot overwrite a value", "")),
    "too deep": (f"paths = {'[' * 100_000}", (1, 1, "lists or tables are nested too deeply", "")),
}


@pytest.mark.parametrize(("text", "expected"), SYNTAX.values(), ids=SYNTAX)
def test_a_text_that_is_not_toml(text, expected):
    assert issues_of(text) == [expected]


def test_a_number_longer_than_python_reads_is_an_issue():
    [(line, column, message, _)] = issues_of(f"timeout = {'9' * 5000}")

    assert (line, column, message.partition(":")[0]) == (1, 1, "a value cannot be read")


def test_windows_line_ends_and_a_byte_order_mark_move_no_place():
    assert issues_of("\ufeffMode = 1\r\n\r\ncache = 2\r\n") == [
        (1, 1, "unknown key `Mode`", "did you mean `mode`?"),
        (3, 9, "`cache` must be true or false, found a number", ""),
    ]


def test_columns_count_code_points():
    assert issues_of('subjects = [{match = "ü😀", topc = "x"}]') == [
        (1, 28, "unknown key `topc` in `subjects`", "did you mean `topic`?")
    ]


def test_control_characters_of_a_key_are_not_repeated_raw():
    assert issues_of('"\\u001b[31m" = 1')[0][2] == "unknown key `\\x1b[31m`"


def test_dotted_quoted_and_inline_spellings_are_the_same():
    spelled = parse_config(
        'rules."missing-doc" = "off"\nregistry = {prod = {url = "https://x", \'auth\' = "basic"}}\n'
        'subjects = [{match = "a", rules.missing-doc = "error"}]\n',
        "schemagate.toml",
    )
    plain = parse_config(
        '[rules]\nmissing-doc = "off"\n[registry.prod]\nurl = "https://x"\nauth = "basic"\n'
        '[[subjects]]\nmatch = "a"\n[subjects.rules]\nmissing-doc = "error"\n',
        "schemagate.toml",
    )

    assert spelled == plain


def test_unknown_rules_and_presets_are_told_where_they_are_named():
    settings = parse_config(
        'preset = "strickt"\n[rules]\nmising-doc = "off"\nmissing-doc = "off"\n'
        '[[subjects]]\nmatch = "a"\nrules = {nothing-like-it = "off"}\n'
        '[[waivers]]\nfingerprint = "3f9c1a22b7d0"\nrule = "missing-dok"\nreason = "r"\n',
        "schemagate.toml",
    )

    found = check_rules(settings, {"missing-doc", "name-style"}, {"strict", "minimal"})

    assert [(str(issue), issue.hint) for issue in found] == [
        ('schemagate.toml:1:1: unknown preset "strickt"', "did you mean `strict`?"),
        ("schemagate.toml:3:1: unknown rule `mising-doc`", "did you mean `missing-doc`?"),
        ("schemagate.toml:7:10: unknown rule `nothing-like-it`", "`schemagate rules` lists them"),
        ("schemagate.toml:10:1: unknown rule `missing-dok`", "did you mean `missing-doc`?"),
    ]


KEYS = st.sampled_from(
    ["mode", "paths", "rules", "subjects", "waivers", "registry", "match", "name", "x", "[[subjects]]", "[registry.a]"]
)
PIECES = st.one_of(KEYS, st.sampled_from(["=", "[", "]", "{", "}", '"', "'", ".", ",", "\n", "\r\n", "#", "1", '"a"']))


@given(st.one_of(st.text(), st.lists(PIECES).map(" ".join)))
def test_any_text_is_settings_or_a_config_error_inside_the_text(text):
    try:
        parse_config(text, "schemagate.toml")
    except InvalidConfigError as error:
        lines = text.removeprefix("\ufeff").split("\n")
        for issue in error.issues:
            assert 1 <= issue.line <= len(lines)
            assert 1 <= issue.column <= len(lines[issue.line - 1]) + 2


VALUES = st.recursive(
    st.one_of(
        st.booleans().map(lambda b: str(b).lower()),
        st.integers(-9, 9).map(str),
        st.sampled_from(['"FULL"', '"a/*.avsc"', '"error"', '"{topic}"', "2026-01-01", "1.5", '"https://x"', "''"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(
            st.sampled_from(["match", "name", "url", "reason", "rule", "fingerprint", "expires", "shared", "a"]),
            inner,
            max_size=3,
        ).map(lambda table: "{" + ", ".join(f"{key} = {value}" for key, value in table.items()) + "}"),
    ),
    max_leaves=8,
)
TOP = st.sampled_from(["paths", "mode", "subjects", "retracted", "registry", "rules", "waivers", "cache", "zzz"])


@given(st.dictionaries(TOP, VALUES))
def test_values_of_any_kind_under_known_keys_never_crash(table):
    text = "\n".join(f"{key} = {value}" for key, value in table.items())
    try:
        parse_config(text, "schemagate.toml")
    except InvalidConfigError as error:
        told = error.issues
    else:
        told = ()

    assert all(issue.message and issue.line >= 1 and issue.column >= 1 for issue in told)
