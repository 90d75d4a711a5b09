"""One JSON scalar as Jackson, and so Avro Java, writes it: strings with their escapes, numbers with their digits."""

from __future__ import annotations

import json
import math
import re
from json.encoder import encode_basestring
from typing import Final

from schemagate.finding import Json


def scalar(value: Json) -> str:
    """A JSON scalar as Jackson writes it; a lone surrogate stays escaped, since no encoding could carry it."""
    if isinstance(value, float):
        return _double(value)
    if not isinstance(value, str):
        return json.dumps(value)
    text: str = encode_basestring(value)
    if "\\u00" in text:
        text = _ESCAPED.sub(_upper, text)
    if text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return json.dumps(value)


_ESCAPED: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u(00[0-9a-f]{2})")


def _upper(match: re.Match[str]) -> str:
    """Jackson's hexadecimal digits are upper case; an escaped backslash before ``u`` is none of them."""
    return f"{match[1]}\\u{match[2].upper()}"


def _double(value: float) -> str:
    """``Double.toString``: plain from 0.001 up to ten million, else one digit before the point and an exponent."""
    if not math.isfinite(value):
        return '"NaN"' if math.isnan(value) else '"Infinity"' if value > 0 else '"-Infinity"'
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(value) if "e" not in repr(value) else f"{value:f}"
    mantissa, _, exponent = repr(value).partition("e")
    if exponent:
        return f"{mantissa if '.' in mantissa else mantissa + '.0'}E{int(exponent)}"
    sign, digits = ("-", mantissa[1:]) if value < 0 else ("", mantissa)
    whole, _, fraction = digits.partition(".")
    significant = (whole + fraction).lstrip("0").rstrip("0")
    power = len(whole) - 1 if whole != "0" else -(len(fraction) - len(fraction.lstrip("0")) + 1)
    return f"{sign}{significant[0]}.{significant[1:] or '0'}E{power}"
