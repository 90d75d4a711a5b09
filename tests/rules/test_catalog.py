"""Every rule is listed once and explains itself."""

from __future__ import annotations

import importlib
import pkgutil
import re
import string

import pytest

import schemagate.rules
from schemagate.finding import Severity
from schemagate.rules.catalog import BY_ID, CHANGE, DEFAULT_LINT_RULES, RULES, lint_rules, of_kind
from schemagate.rules.kit import Rule

KINDS = ("validity", "lint", "breaking", "change", "history", "registry", "client", "config")
NO_EXAMPLE = {
    "wrong-encoding": "bytes that are no text",
    "byte-order-mark": "an invisible character",
    "file-too-large": "megabytes",
    "nesting-too-deep": "a thousand brackets",
    "unreadable-file": "a file without content",
    "subject-renamed": "the name may come from the configuration alone",
}
"""Rules that no example on a page can show; the tests of who tells them do."""

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def test_no_rule_of_any_module_is_forgotten():
    modules = [
        importlib.import_module(f"schemagate.rules.{module.name}")
        for module in pkgutil.iter_modules(schemagate.rules.__path__)
    ]
    defined = {id(value): value.id for module in modules for value in vars(module).values() if isinstance(value, Rule)}

    assert {name for key, name in defined.items() if key not in {id(rule) for rule in RULES}} == set()
    assert sorted(defined.values()) == sorted(rule.id for rule in RULES)


def test_ids_are_unique():
    assert sorted(BY_ID) == sorted(rule.id for rule in RULES)


def test_the_rules_of_a_kind_keep_the_catalogues_order():
    assert of_kind("lint") == lint_rules()
    assert of_kind("change") == CHANGE
    assert [rule for kind in KINDS for rule in RULES if rule.kind == kind] == [
        rule for kind in KINDS for rule in of_kind(kind)
    ]


def test_rules_that_are_off_are_not_linted_unless_asked_for():
    assert {rule.id for rule in lint_rules()} - {rule.id for rule in DEFAULT_LINT_RULES} == {
        "missing-doc",
        "comments-not-portable",
    }


@each_rule
def test_an_id_is_kebab_case_without_numbers_and_its_kind_is_known(rule):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.id)
    assert rule.kind in KINDS
    assert isinstance(rule.severity, Severity)


@each_rule
def test_a_message_is_one_line_that_begins_small_and_ends_without_a_full_stop(rule):
    fields = {name for _, name, _, _ in string.Formatter().parse(rule.message) if name is not None}
    message = rule.words(dict.fromkeys(fields, "it"))

    assert "\n" not in message
    assert not message.endswith(".")
    assert message[0] == "`" or not message[0].isupper() or message.split()[0].isupper()
    assert all(name.isidentifier() for name in fields)


@each_rule
def test_a_page_says_the_consequence_then_why_then_what_to_do(rule):
    prose = re.sub(r"^```.*?^```$", "", rule.page, flags=re.MULTILINE | re.DOTALL)
    paragraphs = [text for text in re.split(r"\n\s*\n", prose.strip()) if text.strip()]

    assert rule.summary.endswith(".")
    assert len(paragraphs) >= MINIMUM.get(rule.id, 3)
    assert max(len(line) for line in rule.page.splitlines()) <= 120


MINIMUM = {"bad-field": 2, "missing-items": 2, "missing-values": 2}
"""Where the first sentence is already the reason."""


@each_rule
def test_a_page_shows_what_fires_and_what_passes(rule):
    bare = rule.kind in ("history", "registry", "config") or rule.id in NO_EXAMPLE

    assert {example.fires for example in rule.examples} == (set() if bare else {True, False})


def test_a_message_shows_json_values_as_json_and_lists_as_enumerations():
    rule = Rule("x", "lint", Severity.ERROR, "{a} {a:json} {b} {b:json} {c} {d}", "0.1", "")

    assert rule.words({"a": "x", "b": None, "c": ["p", "q"], "d": 1.5}) == 'x "x" null null `p`, `q` 1.5'


def test_a_message_cuts_a_long_value():
    rule = Rule("x", "lint", Severity.ERROR, "{a:json}", "0.1", "")

    assert rule.words({"a": "y" * 500}) == '"' + "y" * 78 + "…"
