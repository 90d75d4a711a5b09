"""What to do about a finding, in a sentence or two: the way out that the rule's page ends with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from schemagate.finding import Json
from schemagate.rules.kit import Rule
from schemagate.schema.model import short_name

_ELSEWHERE: Mapping[str, str] = {
    **dict.fromkeys(("int8", "int16", "int32", "uint8", "uint16", "integer", "short", "byte"), "`int`"),
    **dict.fromkeys(("int64", "uint32", "bigint"), "`long`"),
    **dict.fromkeys(("str", "string", "text", "varchar", "char"), "`string`"),
    **dict.fromkeys(("float64", "number", "real"), "`double`"),
    **dict.fromkeys(("float32",), "`float`"),
    **dict.fromkeys(("bool", "boolean"), "`boolean`"),
    **dict.fromkeys(("int", "long", "float", "double", "bytes", "null"), "it in lower case"),
    "date": '`{"type": "int", "logicalType": "date"}`',
    "uuid": '`{"type": "string", "logicalType": "uuid"}`',
    **dict.fromkeys(("datetime", "timestamp"), '`{"type": "long", "logicalType": "timestamp-millis"}`'),
    "decimal": '`{"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 2}` with your numbers',
}
"""What other languages call a type, in lower case → how Avro writes it."""


def advice(rule: Rule, args: Mapping[str, Json]) -> str:
    """The help of one finding: made for its arguments where that says more, else the page's own."""
    if rule.id == "undefined-type":
        written = short_name(str(args.get("name", "")))
        meant = _ELSEWHERE.get(written.lower())
        if meant is not None:
            return f"If a type of Avro's own is meant, write {meant}. {way_out(rule)}"
    return way_out(rule)


def way_out(rule: Rule) -> str:
    """The last paragraph of the page before its first example: by convention what to do."""
    return _last_paragraph(rule.page)


@lru_cache(maxsize=256)
def _last_paragraph(page: str) -> str:
    prose = page.split("```", 1)[0].strip()
    return " ".join(prose.split("\n\n")[-1].split()) if "\n\n" in prose else ""
