"""Which logical types stand where Avro 1.12 knows them, and why the others are ignored."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from schemagate.schema.model import Decimal, Logical, Props

BASES: Final[Mapping[str, tuple[str, ...]]] = {
    "decimal": ("bytes", "fixed"),
    "big-decimal": ("bytes",),
    "uuid": ("string", "fixed"),
    "date": ("int",),
    "time-millis": ("int",),
    "time-micros": ("long",),
    "timestamp-millis": ("long",),
    "timestamp-micros": ("long",),
    "timestamp-nanos": ("long",),
    "local-timestamp-millis": ("long",),
    "local-timestamp-micros": ("long",),
    "local-timestamp-nanos": ("long",),
    "duration": ("fixed",),
}
"""The logical types of Avro 1.12, each with the kinds of type that may carry it."""

PLAIN: Final = {name: Logical(name) for name in BASES if name != "decimal"}

SIZES: Final[Mapping[str, int]] = {"uuid": 16, "duration": 12}
"""What a ``fixed`` must measure, in bytes."""

MAX_INT: Final = 2**31 - 1
DECIMAL_KEYS: Final = frozenset({"logicalType", "precision", "scale"})
LOGICAL_KEYS: Final = frozenset({"logicalType"})


def recognise(base_kind: str, size: int | None, props: Props) -> Logical | None:
    """The logical type that ``props`` give a type of this kind, None if there is none or it is ignored.

    ``size`` is a ``fixed``'s, in bytes. Source: ``LogicalTypes`` of Avro Java 1.12.
    """
    name = props.get("logicalType")
    if not isinstance(name, str) or base_kind not in BASES.get(name, ()):
        return None
    if base_kind != "fixed" and name != "decimal":
        return PLAIN[name]
    if why_ignored(base_kind, size, props) is not None:
        return None
    return Decimal(name, props["precision"], props.get("scale", 0)) if name == "decimal" else PLAIN[name]


def keys_of(logical: Logical) -> frozenset[str]:
    """The members of the JSON object that a recognised logical type uses up."""
    return DECIMAL_KEYS if isinstance(logical, Decimal) else LOGICAL_KEYS


def why_ignored(base_kind: str, size: int | None, props: Props) -> str | None:
    """Why readers ignore the ``logicalType`` in ``props``, in words; None if they do not, or there is none.

    A name that Avro 1.12 does not define is no reason here: somebody's own code may know it.
    """
    if "logicalType" not in props:
        return None
    name = props["logicalType"]
    if not isinstance(name, str):
        return "its name is not a string"
    bases = BASES.get(name)
    if bases is None:
        return None
    if base_kind not in bases:
        return f"`{name}` belongs on {' or '.join(bases)}, not on {base_kind}"
    wanted = SIZES.get(name)
    if base_kind == "fixed" and wanted is not None and size != wanted:
        return f"`{name}` needs a fixed of {wanted} bytes, not {size}"
    return _decimal_fault(base_kind, size or 0, props) if name == "decimal" else None


def _decimal_fault(base_kind: str, size: int, props: Props) -> str | None:
    if "precision" not in props:
        return "`decimal` needs a precision"
    precision, scale = props["precision"], props.get("scale", 0)
    for what, number in (("precision", precision), ("scale", scale)):
        if number.__class__ is not int or abs(number) > MAX_INT:
            return f"its {what} is not an integer"
    if precision <= 0:
        return f"its precision is {precision}; it must be positive"
    if base_kind == "fixed" and precision > max_precision(size):
        return f"a fixed of {size} bytes holds {max(max_precision(size), 0)} digits, not {precision}"
    if scale < 0:
        return f"its scale is {scale}; it must not be negative"
    if scale > precision:
        return f"its scale {scale} is greater than its precision {precision}"
    return None


def max_precision(size: int) -> int:
    """How many decimal digits any number in ``size`` bytes of two's complement can have."""
    return math.floor(math.log10(2) * (8 * size - 1))
