"""What to do about a finding, in a sentence or two: the way out that the rule's page ends with."""

from __future__ import annotations

import json
from collections.abc import Mapping

from schemagate.finding import Json
from schemagate.rules.kit import Rule


def advice(rule: Rule, args: Mapping[str, Json]) -> str:
    """The help of one finding: made for its arguments where that says more, else the page's own."""
    if rule.id == "field-renamed":
        old, new = args.get("old"), args.get("new")
        field = json.dumps({"name": new, "type": ["null", "…"], "default": None}, ensure_ascii=False)
        return (
            f"keep `{old}` as it is and add the new field beside it, nullable, without an alias: {field}; "
            f"`{old}` stays as long as a version that requires it is governed"
        )
    return way_out(rule)


def way_out(rule: Rule) -> str:
    """The last paragraph of the page before its first example: by convention what to do."""
    prose = rule.page.split("```", 1)[0].strip()
    return " ".join(prose.split("\n\n")[-1].split()) if "\n\n" in prose else ""
