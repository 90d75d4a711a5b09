"""Named sets of severities, for repositories that want more or less than the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from schemagate.finding import Severity
from schemagate.rules.kit import Rule

_NONE: Mapping[str, Severity] = MappingProxyType({})

STRICT: Mapping[str, Severity] = MappingProxyType(
    {"missing-doc": Severity.WARNING, "comments-not-portable": Severity.WARNING, "gate-weakened": Severity.ERROR}
)
"""``strict``: every change that is compatible and not safe is an error, and everything is documented."""


PRESETS = ("strict", "minimal")


def preset_severity(preset: str, rule: Rule) -> Severity | None:
    """What the preset says of a rule; None where it leaves the rule's own grade.

    ``minimal`` keeps what breaks readers and what no parser accepts; the rest is a notice.
    """
    if preset == "strict":
        if rule.id in STRICT:
            return STRICT[rule.id]
        return Severity.ERROR if rule.kind == "change" and rule.severity is Severity.WARNING else None
    if preset == "minimal" and rule.kind in ("lint", "change"):
        return min(rule.severity, Severity.NOTICE)
    return None
