"""Every rule there is, in the order in which people read about them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemagate.finding import Severity
from schemagate.rules import (
    breaking,
    change_logical,
    change_names,
    change_order,
    change_promotions,
    change_values,
    clients_access,
    clients_registering,
    clients_wiring,
    history,
    lint_documents,
    lint_enums,
    lint_logical,
    lint_names,
    lint_nullability,
    lint_unions,
    registry,
    settings,
    validity_bytes,
    validity_definitions,
    validity_files,
    validity_names,
    validity_shape,
    validity_text,
    validity_types,
    validity_values,
)
from schemagate.rules.kit import Rule

VALIDITY: Final[tuple[Rule, ...]] = (
    *validity_bytes.RULES,
    *validity_text.RULES,
    *validity_types.RULES,
    *validity_shape.RULES,
    *validity_names.RULES,
    *validity_definitions.RULES,
    *validity_values.RULES,
    *validity_files.RULES,
)

LINT: Final[tuple[Rule, ...]] = (
    *lint_nullability.RULES,
    *lint_enums.RULES,
    *lint_logical.RULES,
    *lint_unions.RULES,
    *lint_names.RULES,
    *lint_documents.RULES,
)

BREAKING: Final[tuple[Rule, ...]] = breaking.RULES

CHANGE: Final[tuple[Rule, ...]] = (
    *change_logical.RULES,
    *change_promotions.RULES,
    *change_values.RULES,
    *change_names.RULES,
    *change_order.RULES,
)

CLIENT: Final[tuple[Rule, ...]] = (*clients_registering.RULES, *clients_wiring.RULES, *clients_access.RULES)

ASIDE: Final[tuple[Rule, ...]] = (*history.RULES, *registry.RULES, *CLIENT, *settings.RULES)

RULES: Final[tuple[Rule, ...]] = (*VALIDITY, *LINT, *BREAKING, *CHANGE, *ASIDE)

BY_ID: Final[Mapping[str, Rule]] = MappingProxyType({rule.id: rule for rule in RULES})

DEFAULT_LINT_RULES: Final[tuple[Rule, ...]] = tuple(rule for rule in LINT if rule.severity is not Severity.OFF)
"""What is linted where nobody asks for more."""


def of_kind(kind: str) -> tuple[Rule, ...]:
    """The rules of a kind: validity, lint, breaking, change, history, registry, client or config."""
    return tuple(rule for rule in RULES if rule.kind == kind)


def lint_rules() -> tuple[Rule, ...]:
    """Every rule on one schema, those that are off by default included."""
    return LINT


def change_rules() -> tuple[Rule, ...]:
    """Every rule on what is compatible and not safe, those that are off by default included."""
    return CHANGE
