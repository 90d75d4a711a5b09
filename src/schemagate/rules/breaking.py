"""The rules about what a reader cannot read, in the order in which people read about them."""

from __future__ import annotations

from typing import Final

from schemagate.rules import breaking_fields, breaking_types
from schemagate.rules.kit import Rule

RULES: Final[tuple[Rule, ...]] = (*breaking_fields.RULES, *breaking_types.RULES)
